"""What the owner does about a concern: looks into it, talks it over, shares it, closes it."""

from __future__ import annotations

from storefront_trace.actions import trail
from storefront_trace.actions.desk import Desk
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import NotAllowed
from storefront_trace.storage import feedback, orders


async def share_now(desk: Desk, shop_id: str, feedback_id: str) -> None:
    """The person sees the concern from now on; left alone it is shared by itself after the shop's days (14)."""
    await _stamp(desk, shop_id, feedback_id, "shared_at")


async def mark_done(desk: Desk, shop_id: str, feedback_id: str) -> None:
    """The owner has taken care of it. It stays where it is counted."""
    await _stamp(desk, shop_id, feedback_id, "done_at")


async def mark_outside(desk: Desk, shop_id: str, feedback_id: str) -> None:
    """Outside this person's control: it leaves the person's view and numbers, and stays in the shop's."""
    await _stamp(desk, shop_id, feedback_id, "outside_at")


async def _stamp(desk: Desk, shop_id: str, feedback_id: str, column: str) -> None:
    """Twice is once: the first instant stands. The customer's page says who sees it, so it moves."""
    async with desk.db.write() as conn:
        cast = await desk.casts.get(conn, shop_id)
        said = await feedback.get_feedback(conn, shop_id, feedback_id)
        # The order first, as in reply.
        await orders.find_order_by_id(conn, shop_id, said.order_id, lock=True)
        said = await feedback.get_feedback(conn, shop_id, feedback_id, lock=True)
        if said.choice != "concern":
            raise NotAllowed("Thanks have reached the person already.")
        if getattr(said, column) is None:
            now = now_micros()
            await feedback.update_feedback(conn, shop_id, feedback_id, **{column: now})
            await trail.mark_or_renew(conn, cast, said.order_id, now, source="staff")
