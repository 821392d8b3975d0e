"""An order's page has changed and its trail has not: an event that says nothing moves the page's version."""

from __future__ import annotations

import sqlalchemy as sa

from storefront_trace.domain.ids import new_id
from storefront_trace.domain.orders import Event, Marker
from storefront_trace.storage import events, orders, shops
from storefront_trace.storage.database import Connection
from storefront_trace.storage.tables import event


async def insert_mark(conn: Connection, shop_id: str, order_id: str, now: int, *, zone: str, source: Marker) -> None:
    """Where the trail is full, all of the shop's pages are made anew. The order's row must be locked by the caller."""
    mine = (event.c.shop_id == shop_id, event.c.order_id == order_id)
    seq = (await conn.execute(sa.select(sa.func.max(event.c.seq)).where(*mine))).scalar_one()
    if seq is None:  # without a trail there is no page
        return
    if seq >= events.MAX_EVENTS:
        await shops.update_generation(conn, shop_id)
        return
    new = Event(id=new_id(), seq=seq + 1, kind="answer", at=now, recorded_at=now, zone=zone, source=source)
    await events.insert_event(conn, shop_id, order_id, new)
    await orders.update_order(conn, shop_id, order_id, version=new.seq, updated_at=now)
