"""Orders for paper and scanner: the day's batch, and whose parcel a label belongs to."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from storefront_trace.storage.database import Connection
from storefront_trace.storage.orders import ORDER_COLUMNS, OrderRow
from storefront_trace.storage.tables import order, parcel

# A shop system's clock may be ahead of ours.
AHEAD = 3600 * 1_000_000


async def list_placed(
    conn: Connection, shop_id: str, since: int, until: int, *, limit: int, offset: int = 0
) -> list[OrderRow]:
    """Placed from `since` to before `until`, the oldest first. What was placed since has been changed since: so the
    index on changes finds it."""
    placed = (order.c.placed_at >= since, order.c.placed_at < until, order.c.updated_at >= since - AHEAD)
    query = sa.select(*ORDER_COLUMNS).where(order.c.shop_id == shop_id, *placed)
    rows = await conn.execute(query.order_by(order.c.placed_at, order.c.id).limit(limit).offset(offset))
    return [OrderRow(*row) for row in rows]


async def list_in_state(conn: Connection, shop_id: str, state: str, *, limit: int, offset: int = 0) -> list[OrderRow]:
    """The longest unchanged first."""
    query = sa.select(*ORDER_COLUMNS).where(order.c.shop_id == shop_id, order.c.state == state)
    rows = await conn.execute(query.order_by(order.c.updated_at, order.c.id).limit(limit).offset(offset))
    return [OrderRow(*row) for row in rows]


async def find_orders(conn: Connection, shop_id: str, numbers: Sequence[str]) -> list[OrderRow]:
    """Those that there are, in the order in which they were asked for: some hundreds at most. Each is asked for by
    itself: for four numbers in one IN, SQLite goes through all of the shop's orders."""
    each = [
        sa.select(*ORDER_COLUMNS).where(order.c.shop_id == shop_id, order.c.number == number)
        for number in dict.fromkeys(numbers)
    ]
    if not each:
        return []
    found = {row.number: OrderRow(*row) for row in await conn.execute(sa.union_all(*each))}
    return [found[number] for number in dict.fromkeys(numbers) if number in found]


async def find_by_parcel(conn: Connection, shop_id: str, codes: Sequence[str], *, limit: int) -> list[OrderRow]:
    """Orders with a parcel of one of these numbers (domain/scanned.py), the latest first: two carriers may use one
    number, and one parcel may hold two orders."""
    holds = sa.select(parcel.c.order_id).where(parcel.c.shop_id == shop_id, parcel.c.search_number.in_(codes))
    query = sa.select(*ORDER_COLUMNS).where(order.c.shop_id == shop_id, order.c.id.in_(holds))
    rows = await conn.execute(query.order_by(order.c.placed_at.desc(), order.c.id).limit(limit))
    return [OrderRow(*row) for row in rows]
