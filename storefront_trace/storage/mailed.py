"""Who works here and can be written to, with the mails by the clock that each of them wants."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

from storefront_trace.storage.database import Connection
from storefront_trace.storage.tables import account, person


class Mailed(NamedTuple):
    account_id: str
    person_id: str
    team: str | None
    role: str
    morning_hour: int | None
    friday: bool
    locale: str | None
    email: str


async def list_mailed(conn: Connection, shop_id: str) -> list[Mailed]:
    """Everybody who has been let in, still works here, and has an address."""
    return [Mailed(*row) for row in await conn.execute(_those(shop_id).order_by(account.c.id))]


async def find_mailed(conn: Connection, shop_id: str, account_id: str) -> Mailed | None:
    row = (await conn.execute(_those(shop_id).where(account.c.id == account_id))).first()
    return Mailed(*row) if row else None


def _those(shop_id: str) -> sa.Select[Any]:
    wants = (account.c.role, account.c.morning_hour, account.c.friday, account.c.locale)
    query = sa.select(account.c.id, person.c.id, person.c.team, *wants, person.c.email)
    same = sa.and_(person.c.shop_id == account.c.shop_id, person.c.id == account.c.person_id)
    here = (account.c.ended_at.is_(None), person.c.left_at.is_(None), person.c.email.is_not(None))
    return query.join_from(account, person, same).where(account.c.shop_id == shop_id, *here)
