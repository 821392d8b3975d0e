"""Words past their time, and a log of what was let go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storefront_trace.storage.database import Connection
from storefront_trace.storage.privacy import NOTHING
from storefront_trace.storage.tables import feedback, purged, reply, talk


@dataclass(frozen=True)
class Gone:
    at: int
    counts: dict[str, int]


async def update_old_words(conn: Connection, shop_id: str, before: int) -> int:
    """How many answers given before then lost their words, and whose they were; the choice and the chips stay counted.
    What was replied and noted about them goes along."""
    said = (feedback.c.shop_id == shop_id, feedback.c.created_at < before)
    some = sa.or_(
        feedback.c.words != "",
        feedback.c.first_name.is_not(None),
        feedback.c.side.is_not(None),
        sa.cast(feedback.c.history, sa.Text) != "[]",
    )
    empty: dict[str, Any] = {"words": "", "first_name": None, "contact": False, "history": []}
    empty |= {"side": None, "side_at": None}
    gone = (await conn.execute(sa.update(feedback).where(*said, some).values(**empty))).rowcount
    answered = (reply.c.shop_id == shop_id, reply.c.created_at < before, reply.c.words != NOTHING)
    await conn.execute(sa.update(reply).where(*answered).values(words=NOTHING))
    await conn.execute(sa.delete(talk).where(talk.c.shop_id == shop_id, talk.c.created_at < before))
    return gone


async def insert_purged(conn: Connection, shop_id: str, **values: Any) -> None:
    await conn.execute(sa.insert(purged).values(shop_id=shop_id, **values))


async def delete_old_purged(conn: Connection, shop_id: str, before: int) -> None:
    await conn.execute(sa.delete(purged).where(purged.c.shop_id == shop_id, purged.c.at < before))


async def list_purged(conn: Connection, shop_id: str, *, limit: int) -> list[Gone]:
    """Newest first."""
    query = sa.select(purged.c.at, purged.c.counts).where(purged.c.shop_id == shop_id)
    rows = await conn.execute(query.order_by(purged.c.at.desc(), purged.c.id.desc()).limit(limit))
    return [Gone(row.at, dict(row.counts)) for row in rows]
