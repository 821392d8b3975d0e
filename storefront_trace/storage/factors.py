"""Owners' second factor, their recovery codes, and who has used a link and still owes a code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storefront_trace.storage.database import Connection
from storefront_trace.storage.tables import (
    account,
    passkey,
    pending_signin,
    person,
    recovery_code,
    second_factor,
    session,
    shop,
)


@dataclass(frozen=True)
class Factor:
    """`counter` is the step whose code was used last; without `confirmed_at` it is being set up."""

    account_id: str
    sealed: str
    counter: int
    failures: int
    locked_until: int | None
    created_at: int
    confirmed_at: int | None


@dataclass(frozen=True)
class Pending:
    shop_id: str
    account_id: str
    person_id: str


async def owes_more(conn: Connection, shop_id: str, account_id: str) -> bool:
    """Whether a link alone is too little: of an owner who has a factor, or a passkey where the shop asks for more."""
    mine = (account.c.shop_id == shop_id, account.c.id == account_id, account.c.role == "owner")
    confirmed = sa.exists().where(
        second_factor.c.shop_id == shop_id,
        second_factor.c.account_id == account_id,
        second_factor.c.confirmed_at.is_not(None),
    )
    has_passkey = sa.exists().where(passkey.c.shop_id == shop_id, passkey.c.account_id == account_id)
    asked = sa.exists().where(shop.c.id == shop_id, shop.c.needs_factor.is_(True))
    query = sa.select(account.c.id).where(*mine, sa.or_(confirmed, sa.and_(asked, has_passkey)))
    return (await conn.execute(query)).first() is not None


async def find_factor(conn: Connection, shop_id: str, account_id: str, *, lock: bool = False) -> Factor | None:
    """With `lock` nobody else tries a code of theirs until the transaction ends."""
    query = sa.select(*(second_factor.c[name] for name in Factor.__dataclass_fields__)).where(*_of(shop_id, account_id))
    row = (await conn.execute(query.with_for_update() if lock else query)).first()
    return Factor(**row._mapping) if row else None


async def insert_factor(conn: Connection, shop_id: str, account_id: str, **values: Any) -> None:
    await conn.execute(sa.insert(second_factor).values(shop_id=shop_id, account_id=account_id, **values))


async def update_factor(conn: Connection, shop_id: str, account_id: str, **changes: Any) -> None:
    await conn.execute(sa.update(second_factor).where(*_of(shop_id, account_id)).values(**changes))


async def delete_factor(conn: Connection, shop_id: str, account_id: str) -> bool:
    """With its recovery codes. False when there was none."""
    await delete_codes(conn, shop_id, account_id)
    return bool((await conn.execute(sa.delete(second_factor).where(*_of(shop_id, account_id)))).rowcount)


async def insert_codes(conn: Connection, shop_id: str, account_id: str, hashes: Sequence[str], now: int) -> None:
    rows = [{"shop_id": shop_id, "account_id": account_id, "code_hash": one, "created_at": now} for one in hashes]
    await conn.execute(sa.insert(recovery_code), rows)


async def delete_codes(conn: Connection, shop_id: str, account_id: str) -> None:
    mine = (recovery_code.c.shop_id == shop_id, recovery_code.c.account_id == account_id)
    await conn.execute(sa.delete(recovery_code).where(*mine))


async def count_codes(conn: Connection, shop_id: str, account_id: str) -> int:
    """Those that nobody has used."""
    mine = (recovery_code.c.shop_id == shop_id, recovery_code.c.account_id == account_id)
    query = sa.select(sa.func.count()).where(*mine, recovery_code.c.used_at.is_(None))
    return int((await conn.execute(query)).scalar_one())


async def update_code_used(conn: Connection, shop_id: str, account_id: str, code_hash: str, now: int) -> bool:
    """Whether this call was the one that used it."""
    mine = (recovery_code.c.shop_id == shop_id, recovery_code.c.account_id == account_id)
    query = sa.update(recovery_code).where(
        *mine, recovery_code.c.code_hash == code_hash, recovery_code.c.used_at.is_(None)
    )
    return bool((await conn.execute(query.values(used_at=now))).rowcount)


async def insert_pending(conn: Connection, shop_id: str, **values: Any) -> None:
    await conn.execute(sa.insert(pending_signin).values(shop_id=shop_id, **values))


async def find_pending(conn: Connection, token_hash: str, now: int) -> Pending | None:
    """If it still holds, and who it is of still works there."""
    query = (
        sa.select(pending_signin.c.shop_id, pending_signin.c.account_id, account.c.person_id)
        .join(
            account,
            sa.and_(account.c.shop_id == pending_signin.c.shop_id, account.c.id == pending_signin.c.account_id),
        )
        .join(person, sa.and_(person.c.shop_id == account.c.shop_id, person.c.id == account.c.person_id))
        .where(pending_signin.c.token_hash == token_hash, pending_signin.c.expires_at > now)
        .where(account.c.ended_at.is_(None), sa.or_(person.c.left_at.is_(None), person.c.left_at > now))
    )
    row = (await conn.execute(query)).first()
    return Pending(*row) if row else None


async def delete_pending(conn: Connection, shop_id: str, account_id: str) -> None:
    mine = (pending_signin.c.shop_id == shop_id, pending_signin.c.account_id == account_id)
    await conn.execute(sa.delete(pending_signin).where(*mine))


async def update_weak_owners_out(conn: Connection, shop_id: str, now: int) -> None:
    """Ends the sessions of owners who came in by a link alone."""
    owners = sa.select(account.c.id).where(account.c.shop_id == shop_id, account.c.role == "owner")
    weak = (session.c.shop_id == shop_id, session.c.strong_at.is_(None), session.c.ended_at.is_(None))
    query = sa.update(session).where(*weak, session.c.account_id.in_(owners), session.c.kiosk_id.is_(None))
    await conn.execute(query.values(ended_at=now))


async def update_others_out(conn: Connection, shop_id: str, account_id: str, session_id: str, now: int) -> None:
    """Ends every session of the account but this one."""
    mine = (session.c.shop_id == shop_id, session.c.account_id == account_id, session.c.ended_at.is_(None))
    await conn.execute(sa.update(session).where(*mine, session.c.id != session_id).values(ended_at=now))


def _of(shop_id: str, account_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return second_factor.c.shop_id == shop_id, second_factor.c.account_id == account_id
