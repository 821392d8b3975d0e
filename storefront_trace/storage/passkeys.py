"""Passkeys of accounts. Only public keys are here: nothing in them opens a door."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from storefront_trace.domain.passkeys import Passkey
from storefront_trace.storage.database import Connection
from storefront_trace.storage.tables import passkey


async def list_passkeys(conn: Connection, shop_id: str, account_id: str) -> list[Passkey]:
    query = sa.select(*_COLUMNS).where(passkey.c.shop_id == shop_id, passkey.c.account_id == account_id)
    return [Passkey(*row) for row in await conn.execute(query.order_by(passkey.c.created_at, passkey.c.id))]


async def find_passkey(conn: Connection, fingerprint: str) -> Passkey | None:
    """In whichever shop it is: its own id is all that a signed-out browser knows."""
    row = (await conn.execute(sa.select(*_COLUMNS).where(passkey.c.fingerprint == fingerprint))).first()
    return Passkey(*row) if row else None


async def insert_passkey(conn: Connection, new: Passkey, *, fingerprint: str) -> None:
    values: dict[str, Any] = {column.name: getattr(new, column.name) for column in _COLUMNS}
    await conn.execute(sa.insert(passkey).values(fingerprint=fingerprint, **values))


async def update_passkey_used(conn: Connection, one: Passkey, *, asked_at: int, sign_count: int, now: int) -> bool:
    """False when it was used since the browser was asked at `asked_at`: what it signed then has had its use."""
    unused = sa.or_(passkey.c.used_at.is_(None), passkey.c.used_at < asked_at)
    mine = (passkey.c.shop_id == one.shop_id, passkey.c.id == one.id, passkey.c.sign_count == one.sign_count)
    query = sa.update(passkey).where(*mine, unused).values(used_at=now, sign_count=sign_count)
    return bool((await conn.execute(query)).rowcount)


async def delete_passkey(conn: Connection, shop_id: str, account_id: str, passkey_id: str) -> bool:
    mine = (passkey.c.shop_id == shop_id, passkey.c.account_id == account_id, passkey.c.id == passkey_id)
    return bool((await conn.execute(sa.delete(passkey).where(*mine))).rowcount)


async def delete_passkeys(conn: Connection, shop_id: str, account_id: str) -> None:
    await conn.execute(sa.delete(passkey).where(passkey.c.shop_id == shop_id, passkey.c.account_id == account_id))


_COLUMNS = (
    passkey.c.shop_id,
    passkey.c.id,
    passkey.c.account_id,
    passkey.c.name,
    passkey.c.credential_id,
    passkey.c.public_key,
    passkey.c.sign_count,
    passkey.c.created_at,
    passkey.c.used_at,
)
