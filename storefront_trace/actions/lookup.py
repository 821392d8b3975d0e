"""A customer asks for the link to an order. Whether it exists is told by mail only, to the address on file."""

from __future__ import annotations

from storefront_trace.actions.desk import Desk
from storefront_trace.domain.clock import HOUR, now_micros
from storefront_trace.storage import orders, outbox


async def ask_for_link(desk: Desk, number: str, email: str, *, language: str) -> None:
    """Queues at most one mail an hour for each order, to the address that the order has."""
    async with desk.db.write() as conn:
        for shop_id, order in await orders.find_orders_by_email(conn, number, email):
            now = now_micros()
            await outbox.insert_notice(
                conn,
                shop_id,
                kind="tracking_link",
                recipient=order.email,
                locale=order.locale or language,
                detail={"order_id": order.id, "order_number": order.number},
                once=f"tracking_link:{order.id}:{now // HOUR}",
                created_at=now,
            )
