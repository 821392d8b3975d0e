"""What was noted when a concern was talked over, and what the person takes along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storefront_trace.storage.database import Connection
from storefront_trace.storage.tables import feedback, talk
from storefront_trace.storage.veil import is_veiled


@dataclass(frozen=True)
class Talk:
    feedback_id: str
    order_id: str
    person_id: str
    by_person: str
    notes: dict[str, str]
    takeaways: str | None
    takeaways_at: int | None
    created_at: int
    edited_at: int | None


_COLUMNS = [talk.c[name] for name in Talk.__dataclass_fields__]


async def list_talks(conn: Connection, shop_id: str, feedback_ids: Sequence[str]) -> dict[str, Talk]:
    """By feedback id. A talk is with one person: once they have left, what was said is their team's, and what was
    noted with them is read by nobody; it stays in their own copy until they are forgotten."""
    if not feedback_ids or is_veiled():
        return {}
    theirs = (feedback.c.shop_id == talk.c.shop_id, feedback.c.id == talk.c.feedback_id)
    still = sa.exists().where(*theirs, feedback.c.person_id == talk.c.person_id)
    query = sa.select(*_COLUMNS).where(talk.c.shop_id == shop_id, talk.c.feedback_id.in_(feedback_ids), still)
    return {row.feedback_id: Talk(*row) for row in await conn.execute(query)}


async def find_talk(conn: Connection, shop_id: str, feedback_id: str) -> Talk | None:
    return (await list_talks(conn, shop_id, [feedback_id])).get(feedback_id)


async def insert_talk(conn: Connection, shop_id: str, **values: Any) -> None:
    await conn.execute(sa.insert(talk).values(shop_id=shop_id, **values))


async def update_talk(conn: Connection, shop_id: str, feedback_id: str, **changes: Any) -> None:
    mine = (talk.c.shop_id == shop_id, talk.c.feedback_id == feedback_id)
    await conn.execute(sa.update(talk).where(*mine).values(**changes))


async def delete_talk(conn: Connection, shop_id: str, feedback_id: str) -> None:
    await conn.execute(sa.delete(talk).where(talk.c.shop_id == shop_id, talk.c.feedback_id == feedback_id))


async def delete_talks(
    conn: Connection, shop_id: str, *, orders: Sequence[str] = (), person_id: str | None = None
) -> int:
    """About these orders, or with this person."""
    whose = talk.c.person_id == person_id if person_id is not None else talk.c.order_id.in_(orders)
    return (await conn.execute(sa.delete(talk).where(talk.c.shop_id == shop_id, whose))).rowcount
