"""Asking by mail, once, some hours after delivery: only in shops that have switched it on."""

from __future__ import annotations

from storefront_trace.domain.clock import DAY, HOUR
from storefront_trace.domain.orders import HOME_STATES, OrderState
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import orders, outbox
from storefront_trace.storage.database import Connection

# What was told so late is history, brought in from elsewhere: its customers are not asked about it now.
LATE = 7 * DAY


async def ask_later(conn: Connection, cast: Cast, order_id: str, state: OrderState, now: int) -> None:
    """Whether it is still to be asked when its time comes (nobody has reacted, nothing has come back) is looked at
    then: see notify/ask_feedback.py. An order is asked about once, however often it is delivered."""
    hours, home = cast.shop.ask_hours, state.delivered_at
    if hours is None or home is None or state.state not in HOME_STATES or home < now - LATE:
        return
    row = await orders.find_order_by_id(conn, cast.shop.id, order_id)
    if row is None or not row.email:
        return
    await outbox.insert_notice(
        conn,
        cast.shop.id,
        kind="ask_feedback",
        recipient=row.email,
        locale=row.locale or cast.shop.locale,
        detail={"order_id": order_id, "order_number": row.number},
        once=f"ask_feedback:{order_id}",
        created_at=now,
        due_at=max(now, home + hours * HOUR),
    )
