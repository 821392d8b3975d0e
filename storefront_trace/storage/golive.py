"""What a shop can see of itself before real customers come."""

from __future__ import annotations

import sqlalchemy as sa

from storefront_trace.storage.database import Connection
from storefront_trace.storage.tables import account, notice, passkey, person, second_factor


async def count_weak_owners(conn: Connection, shop_id: str) -> int:
    """Owners who work here and whom a link alone lets in."""
    same = (account.c.shop_id == shop_id, account.c.role == "owner", account.c.ended_at.is_(None))
    factor = sa.exists().where(
        second_factor.c.shop_id == shop_id,
        second_factor.c.account_id == account.c.id,
        second_factor.c.confirmed_at.is_not(None),
    )
    key = sa.exists().where(passkey.c.shop_id == shop_id, passkey.c.account_id == account.c.id)
    here = sa.exists().where(
        person.c.shop_id == shop_id, person.c.id == account.c.person_id, person.c.left_at.is_(None)
    )
    query = sa.select(sa.func.count()).select_from(account).where(*same, here, ~factor, ~key)
    return int((await conn.execute(query)).scalar_one())


async def is_mail_sent(conn: Connection, shop_id: str, since: int) -> bool:
    query = sa.select(notice.c.id).where(notice.c.shop_id == shop_id, notice.c.channel == "mail")
    query = query.where(notice.c.sent_at >= since, notice.c.failed_at.is_(None)).order_by(notice.c.id.desc()).limit(1)
    return (await conn.execute(query)).first() is not None
