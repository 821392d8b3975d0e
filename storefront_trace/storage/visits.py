"""How often the pages of a shop's orders were opened, by day: a number, and nothing about who."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storefront_trace.storage.database import Connection
from storefront_trace.storage.tables import visit


async def add_visits(conn: Connection, shop_id: str, day: str, some: int) -> None:
    """`day` is the shop's own, ISO. Not idempotent: each call adds."""
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(visit).values(shop_id=shop_id, day=day, visits=some)
    more = {"visits": visit.c.visits + statement.excluded.visits}
    await conn.execute(statement.on_conflict_do_update(index_elements=["shop_id", "day"], set_=more))


async def count_visits(conn: Connection, shop_id: str, first: str, after: str) -> int | None:
    """Of the days from `first` up to the one before `after`; None when none of them was counted."""
    days = (visit.c.shop_id == shop_id, visit.c.day >= first, visit.c.day < after)
    found = (await conn.execute(sa.select(sa.func.sum(visit.c.visits)).where(*days))).scalar_one()
    return None if found is None else int(found)
