"""The log of changes. Rows are appended; nothing here changes one or takes one away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storefront_trace.storage.database import Connection
from storefront_trace.storage.tables import audit


@dataclass(frozen=True)
class Noted:
    """Without `person_id` it was a machine, whose `token` is named, or without that somebody at the command line."""

    id: str
    at: int
    person_id: str | None
    token: str | None
    what: str
    subject: str | None
    subject_key: str | None
    detail: dict[str, Any]


async def insert_audit(conn: Connection, shop_id: str, **values: Any) -> None:
    await conn.execute(sa.insert(audit).values(shop_id=shop_id, **values))


async def list_audit(
    conn: Connection,
    shop_id: str,
    *,
    person_id: str | None = None,
    by_machines: bool = False,
    what: Sequence[str] = (),
    before: str | None = None,
    limit: int,
) -> list[Noted]:
    """Newest first, from below the row `before` on; `by_machines` leaves out what people did on their pages."""
    query = sa.select(*(audit.c[name] for name in Noted.__dataclass_fields__)).where(audit.c.shop_id == shop_id)
    if person_id is not None:
        query = query.where(audit.c.person_id == person_id)
    if by_machines:
        query = query.where(audit.c.person_id.is_(None))
    if what:
        query = query.where(audit.c.what.in_(what))
    if before is not None:
        query = query.where(audit.c.id < before)
    return [Noted(**row._mapping) for row in await conn.execute(query.order_by(audit.c.id.desc()).limit(limit))]


async def list_actors(conn: Connection, shop_id: str) -> list[str]:
    """The people who have changed something."""
    query = sa.select(audit.c.person_id).where(audit.c.shop_id == shop_id, audit.c.person_id.is_not(None)).distinct()
    return [str(found) for found in (await conn.execute(query.limit(200))).scalars()]
