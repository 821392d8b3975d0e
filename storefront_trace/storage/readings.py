"""Who read what customers say of whom: a line for each reader, person, way and day. Appended to, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from storefront_trace.storage.database import Connection
from storefront_trace.storage.insertion import insertion
from storefront_trace.storage.tables import reading

EVERYBODY = ""


@dataclass(frozen=True)
class Reading:
    """`person_id` is EVERYBODY for a file about the whole shop; `what` is one of web/readings.py WAYS; `reader_id` a
    person's, or an API token's."""

    id: str
    at: int
    day: str
    reader_id: str
    person_id: str
    what: str


async def list_noted(
    conn: Connection, shop_id: str, day: str, reader_id: str, what: str, people: Sequence[str]
) -> set[str]:
    """Those of `people` of whom that is written down already."""
    mine = (reading.c.shop_id == shop_id, reading.c.person_id.in_(people), reading.c.day == day)
    query = sa.select(reading.c.person_id).where(*mine, reading.c.reader_id == reader_id, reading.c.what == what)
    return set((await conn.execute(query)).scalars())


async def insert_reading(conn: Connection, shop_id: str, new: Reading) -> None:
    """Once: two pages at the same moment are one reading."""
    values = {name: getattr(new, name) for name in Reading.__dataclass_fields__}
    once = ["shop_id", "person_id", "day", "reader_id", "what"]
    await conn.execute(
        insertion(conn, reading).values(shop_id=shop_id, **values).on_conflict_do_nothing(index_elements=once)
    )


async def list_readings(
    conn: Connection, shop_id: str, *, person_id: str | None = None, before: str = "", limit: int
) -> list[Reading]:
    """Newest first, from below the line `before` on; of `person_id`, the files about everybody too."""
    query = sa.select(*(reading.c[name] for name in Reading.__dataclass_fields__)).where(reading.c.shop_id == shop_id)
    if person_id is not None:
        query = query.where(reading.c.person_id.in_((person_id, EVERYBODY)))
    if before:
        query = query.where(reading.c.id < before)
    return [Reading(*row) for row in await conn.execute(query.order_by(reading.c.id.desc()).limit(limit))]
