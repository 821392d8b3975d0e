"""What other systems have sent, kept before it is answered and worked off afterwards, in order of arrival."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storefront_trace.storage.database import Connection
from storefront_trace.storage.insertion import insertion
from storefront_trace.storage.tables import delivery


@dataclass(frozen=True)
class Delivery:
    """`outcome` is "applied", "nothing" or "refused" once `processed_at` stands; `error`: why, or what it waits for."""

    shop_id: str
    id: str
    connection_id: str
    key: str
    topic: str
    body: bytes
    received_at: int
    processed_at: int | None
    attempts: int
    due_at: int
    outcome: str | None
    error: str | None


_COLUMNS = [delivery.c[name] for name in Delivery.__dataclass_fields__]


async def insert_delivery(conn: Connection, shop_id: str, **values: Any) -> bool:
    """Whether it is new; the same key again from the same connection is left out."""
    statement = insertion(conn, delivery).values(shop_id=shop_id, **values)
    done = await conn.execute(statement.on_conflict_do_nothing(index_elements=["shop_id", "connection_id", "key"]))
    return done.rowcount == 1


async def claim_deliveries(conn: Connection, now: int, until: int, limit: int = 20) -> list[Delivery]:
    """Takes what is due for one worker; when that dies, it is due again at `until`. Inside `db.write()`."""
    query = (
        sa.select(*_COLUMNS)
        .where(_waiting(now))
        .order_by(delivery.c.received_at, delivery.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = [Delivery(**row._mapping) for row in await conn.execute(query)]
    for one in found:
        await update_delivery(conn, one, due_at=until, attempts=one.attempts + 1)
    return found


async def is_any_due(conn: Connection, now: int) -> bool:
    return bool((await conn.execute(sa.select(sa.exists().where(_waiting(now))))).scalar_one())


async def update_delivery(conn: Connection, one: Delivery, **changes: Any) -> None:
    query = sa.update(delivery).where(delivery.c.shop_id == one.shop_id, delivery.c.id == one.id)
    await conn.execute(query.values(**changes))


async def update_waiting_due(conn: Connection, one: Delivery, error: str, now: int) -> None:
    """Those of the same connection that wait with exactly this `error` are due at once."""
    mine = (delivery.c.shop_id == one.shop_id, delivery.c.connection_id == one.connection_id)
    waiting = (delivery.c.processed_at.is_(None), delivery.c.error == error)
    await conn.execute(sa.update(delivery).where(*mine, *waiting).values(due_at=now))


async def count_unprocessed(conn: Connection) -> int:
    query = sa.select(sa.func.count()).where(delivery.c.processed_at.is_(None))
    return int((await conn.execute(query)).scalar_one())


async def update_bodies_emptied(conn: Connection, shop_id: str, before: int) -> None:
    """With what was said of them. The row stays: its key still tells a delivery that comes again."""
    await conn.execute(sa.update(delivery).where(*_old_bodies(shop_id, before)).values(body=b"", error=None))


def _waiting(now: int) -> sa.ColumnElement[bool]:
    return sa.and_(delivery.c.processed_at.is_(None), delivery.c.due_at <= now)


def _old_bodies(shop_id: str, before: int) -> tuple[sa.ColumnElement[bool], ...]:
    done = delivery.c.processed_at.is_not(None)
    some = sa.or_(delivery.c.body != b"", delivery.c.error.is_not(None))
    return (delivery.c.shop_id == shop_id, delivery.c.received_at < before, done, some)
