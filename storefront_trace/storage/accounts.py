"""Accounts, one-time sign-in links and sessions. Only hashes of tokens are here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storefront_trace.storage.database import Connection
from storefront_trace.storage.tables import account, session, signin_link


@dataclass(frozen=True)
class Account:
    shop_id: str
    id: str
    person_id: str
    role: str
    pin_hash: str | None
    pin_failures: int
    pin_locked_until: int | None
    created_at: int
    ended_at: int | None


@dataclass(frozen=True)
class SigninLink:
    shop_id: str
    token_hash: str
    account_id: str
    reusable: bool
    expires_at: int
    used_at: int | None


@dataclass(frozen=True)
class Session:
    shop_id: str
    id: str
    account_id: str
    person_id: str
    role: str
    device: str
    kiosk_id: str | None
    idle_minutes: int | None
    created_at: int
    seen_at: int
    expires_at: int


async def find_account(conn: Connection, shop_id: str, person_id: str) -> Account | None:
    row = (
        await conn.execute(sa.select(account).where(account.c.shop_id == shop_id, account.c.person_id == person_id))
    ).first()
    return Account(**row._mapping) if row else None


async def is_only_owner(conn: Connection, shop_id: str, account_id: str) -> bool:
    """Whether nobody else who still works there is an owner."""
    others = (account.c.shop_id == shop_id, account.c.role == "owner", account.c.ended_at.is_(None))
    query = sa.select(account.c.id).where(*others, account.c.id != account_id)
    return (await conn.execute(query.limit(1))).first() is None


async def get_owner(conn: Connection, shop_id: str) -> Account | None:
    """The first owner of the shop who still works there."""
    query = sa.select(account).where(
        account.c.shop_id == shop_id, account.c.role == "owner", account.c.ended_at.is_(None)
    )
    row = (await conn.execute(query.order_by(account.c.created_at, account.c.id).limit(1))).first()
    return Account(**row._mapping) if row else None


async def insert_account(conn: Connection, shop_id: str, **values: Any) -> None:
    await conn.execute(sa.insert(account).values(shop_id=shop_id, **values))


async def update_account(conn: Connection, shop_id: str, account_id: str, **changes: Any) -> None:
    query = sa.update(account).where(account.c.shop_id == shop_id, account.c.id == account_id)
    await conn.execute(query.values(**changes))


async def insert_signin_link(conn: Connection, shop_id: str, **values: Any) -> None:
    await conn.execute(sa.insert(signin_link).values(shop_id=shop_id, **values))


async def find_signin_link(conn: Connection, token_hash: str) -> SigninLink | None:
    names = ("shop_id", "token_hash", "account_id", "reusable", "expires_at", "used_at")
    row = (
        await conn.execute(sa.select(*(signin_link.c[n] for n in names)).where(signin_link.c.token_hash == token_hash))
    ).first()
    return SigninLink(**row._mapping) if row else None


async def update_signin_link_used(conn: Connection, link: SigninLink, now: int) -> bool:
    """Whether this call was the one that used it: two taps at once make one session from a one-time link."""
    query = sa.update(signin_link).where(
        signin_link.c.shop_id == link.shop_id, signin_link.c.token_hash == link.token_hash
    )
    if not link.reusable:
        query = query.where(signin_link.c.used_at.is_(None))
    return bool((await conn.execute(query.values(used_at=now))).rowcount)


async def delete_signin_links(conn: Connection, shop_id: str, account_id: str) -> None:
    where = (signin_link.c.shop_id == shop_id, signin_link.c.account_id == account_id)
    await conn.execute(sa.delete(signin_link).where(*where))


async def delete_unused_signin_links(conn: Connection, shop_id: str, account_id: str) -> None:
    """The one-time links that nobody has used; reusable ones (the demo's) stay."""
    where = (signin_link.c.shop_id == shop_id, signin_link.c.account_id == account_id)
    unused = (signin_link.c.used_at.is_(None), signin_link.c.reusable.is_(False))
    await conn.execute(sa.delete(signin_link).where(*where, *unused))


async def insert_session(conn: Connection, shop_id: str, **values: Any) -> None:
    await conn.execute(sa.insert(session).values(shop_id=shop_id, **values))


async def find_session(conn: Connection, token_hash: str, now: int) -> Session | None:
    """A session that still holds: not ended, not expired, and its account not ended."""
    query = (
        sa.select(*_SESSION, account.c.person_id, account.c.role)
        .join(account, sa.and_(account.c.shop_id == session.c.shop_id, account.c.id == session.c.account_id))
        .where(
            session.c.token_hash == token_hash,
            session.c.ended_at.is_(None),
            session.c.expires_at > now,
            account.c.ended_at.is_(None),
        )
    )
    row = (await conn.execute(query)).first()
    return Session(**row._mapping) if row else None


async def list_sessions(conn: Connection, shop_id: str, account_id: str, now: int) -> list[dict[str, Any]]:
    query = sa.select(session).where(
        session.c.shop_id == shop_id,
        session.c.account_id == account_id,
        session.c.ended_at.is_(None),
        session.c.expires_at > now,
    )
    rows = await conn.execute(query.order_by(session.c.seen_at.desc()).limit(50))
    return [dict(row._mapping) for row in rows]


async def update_session(conn: Connection, shop_id: str, session_id: str, **changes: Any) -> None:
    query = sa.update(session).where(session.c.shop_id == shop_id, session.c.id == session_id)
    await conn.execute(query.values(**changes))


async def update_sessions_ended(conn: Connection, shop_id: str, account_id: str, now: int) -> None:
    query = sa.update(session).where(
        session.c.shop_id == shop_id, session.c.account_id == account_id, session.c.ended_at.is_(None)
    )
    await conn.execute(query.values(ended_at=now))


_SESSION = [
    session.c[name]
    for name in (
        "shop_id",
        "id",
        "account_id",
        "device",
        "kiosk_id",
        "idle_minutes",
        "created_at",
        "seen_at",
        "expires_at",
    )
]
