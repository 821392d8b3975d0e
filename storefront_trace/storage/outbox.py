"""Notices waiting to be sent: written with the change they tell of, claimed, sent, and marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storefront_trace.storage.database import Connection
from storefront_trace.storage.tables import notice


@dataclass(frozen=True)
class Notice:
    shop_id: str
    id: str
    kind: str
    channel: str
    recipient: str
    locale: str
    detail: dict[str, Any]
    created_at: int
    attempts: int


_COLUMNS = [notice.c[name] for name in Notice.__dataclass_fields__]


async def insert_notice(conn: Connection, shop_id: str, **values: Any) -> None:
    """A second notice with the same `once` is left out: one fact is told once."""
    insert = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    statement = insert(notice).values(shop_id=shop_id, **values)
    await conn.execute(statement.on_conflict_do_nothing(index_elements=["shop_id", "once"]))


async def claim_notices(conn: Connection, now: int, until: int, limit: int = 20) -> list[Notice]:
    """Takes due notices for one sender; when it dies, they are free again at `until`. Inside `db.write()`."""
    query = (
        sa.select(*_COLUMNS)
        .where(
            notice.c.sent_at.is_(None),
            notice.c.failed_at.is_(None),
            notice.c.due_at <= now,
            sa.or_(notice.c.claimed_until.is_(None), notice.c.claimed_until < now),
        )
        .order_by(notice.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = [Notice(**row._mapping) for row in await conn.execute(query)]
    for one in found:
        await update_notice(conn, one, claimed_until=until, attempts=one.attempts + 1)
    return found


async def update_notice(conn: Connection, one: Notice, **changes: Any) -> None:
    query = sa.update(notice).where(notice.c.shop_id == one.shop_id, notice.c.id == one.id)
    await conn.execute(query.values(**changes))


async def count_waiting(conn: Connection) -> int:
    query = sa.select(sa.func.count()).where(notice.c.sent_at.is_(None), notice.c.failed_at.is_(None))
    return int((await conn.execute(query)).scalar_one())


async def is_any_due(conn: Connection, now: int) -> bool:
    open_ = (notice.c.sent_at.is_(None), notice.c.failed_at.is_(None), notice.c.due_at <= now)
    free = sa.or_(notice.c.claimed_until.is_(None), notice.c.claimed_until < now)
    return bool((await conn.execute(sa.select(sa.exists().where(*open_, free)))).scalar_one())
