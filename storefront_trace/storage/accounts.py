"""Accounts, one-time sign-in links and sessions. Only hashes of tokens are here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from storefront_trace.domain.clock import DAY, MINUTE
from storefront_trace.storage.database import Connection
from storefront_trace.storage.filled import filled
from storefront_trace.storage.prepared import prepared, read_ahead
from storefront_trace.storage.tables import account, person, session, shop, signin_link

MOST_DAYS = 400
NOBODY: Mapping[str, int] = {}


@dataclass(frozen=True)
class Account:
    shop_id: str
    id: str
    person_id: str
    role: str
    pin_hash: str | None
    pin_failures: int
    pin_locked_until: int | None
    morning_hour: int | None
    friday: bool
    locale: str | None
    created_at: int
    ended_at: int | None
    manages: str | None = None
    """The team that a manager looks after."""


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
    # The shop's, as it was when the session was read.
    generation: int
    strong_at: int | None = None
    """When they last showed more than a link: a passkey, or a code."""
    manages: str | None = None


async def find_account(conn: Connection, shop_id: str, person_id: str) -> Account | None:
    row = (
        await conn.execute(sa.select(account).where(account.c.shop_id == shop_id, account.c.person_id == person_id))
    ).first()
    return Account(**row._mapping) if row else None


async def find_person_of(conn: Connection, shop_id: str, account_id: str, now: int) -> str | None:
    """Whose account it is, if it has not ended and they still work there."""
    query = (
        sa.select(person.c.id)
        .join(account, sa.and_(account.c.shop_id == person.c.shop_id, account.c.person_id == person.c.id))
        .where(
            account.c.shop_id == shop_id,
            account.c.id == account_id,
            account.c.ended_at.is_(None),
            sa.or_(person.c.left_at.is_(None), person.c.left_at > now),
        )
    )
    return (await conn.execute(query)).scalar()


async def lock_account(conn: Connection, shop_id: str, account_id: str) -> None:
    """Nobody else changes what belongs to it, until the transaction ends; on SQLite nobody else writes anyway."""
    query = sa.select(account.c.id).where(account.c.shop_id == shop_id, account.c.id == account_id)
    await conn.execute(query.with_for_update())


async def is_only_owner(conn: Connection, shop_id: str, account_id: str) -> bool:
    """Whether nobody else who still works there is an owner."""
    others = (account.c.shop_id == shop_id, account.c.role == "owner", account.c.ended_at.is_(None))
    query = sa.select(account.c.id).where(*others, account.c.id != account_id)
    return (await conn.execute(query.limit(1))).first() is None


async def list_owners(conn: Connection, shop_id: str, *, here: bool = False) -> set[str]:
    """The persons, those too who would be owners again with a new link, unless it is only those who are `here`."""
    query = sa.select(account.c.person_id).where(account.c.shop_id == shop_id, account.c.role == "owner")
    query = query.where(account.c.ended_at.is_(None)) if here else query
    return set((await conn.execute(query)).scalars())


async def list_owners_at(conn: Connection, email: str, shop_id: str | None = None) -> list[tuple[str, str, str]]:
    """(shop, person, account) of the owners with this address who still work there, in that shop or whichever."""
    same = sa.and_(account.c.shop_id == person.c.shop_id, account.c.person_id == person.c.id)
    query = sa.select(account.c.shop_id, account.c.person_id, account.c.id).join_from(account, person, same)
    here = (account.c.role == "owner", account.c.ended_at.is_(None), person.c.left_at.is_(None))
    query = query.where(*here, sa.func.lower(person.c.email) == email.lower())
    query = query if shop_id is None else query.where(account.c.shop_id == shop_id)
    return [(row[0], row[1], row[2]) for row in await conn.execute(query.order_by(account.c.shop_id, account.c.id))]


async def list_holding(conn: Connection, shop_id: str) -> set[str]:
    """The persons with an account that is an owner's or a manager's, whether it has ended or not."""
    holding = account.c.role.in_(("owner", "manager"))
    query = sa.select(account.c.person_id).where(account.c.shop_id == shop_id, holding)
    return set((await conn.execute(query)).scalars())


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


async def find_session(
    conn: Connection, token_hash: str, now: int, *, days: int = MOST_DAYS, seen: Mapping[str, int] = NOBODY
) -> Session | None:
    """A session that still holds: not ended, its account not ended, who it belongs to still there, and neither older
    than the shop's `session_days` or `days` nor, where it has `idle_minutes`, without a request for that long.

    `seen` is when sessions last asked (by their ids) where this process knows better than the table."""
    known = read_ahead(conn, token_hash)
    row = known or (await conn.execute(_BY_TOKEN, {"token_hash": token_hash, "now": now})).first()
    found = _session(row, days, seen) if row else None
    return found if found is not None and _holds(found, now) else None


async def list_sessions(
    conn: Connection, shop_id: str, account_id: str, now: int, *, days: int = MOST_DAYS
) -> list[dict[str, Any]]:
    """Those that still hold, the last used first."""
    query = (
        sa.select(*FOUND)
        .join(account, sa.and_(account.c.shop_id == session.c.shop_id, account.c.id == session.c.account_id))
        .join(shop, shop.c.id == session.c.shop_id)
        .where(session.c.shop_id == shop_id, session.c.account_id == account_id, session.c.ended_at.is_(None))
    )
    rows = await conn.execute(query.order_by(session.c.seen_at.desc(), session.c.id).limit(200))
    found = (_session(row, days, NOBODY) for row in rows)
    return [asdict(one) for one in found if _holds(one, now)]


async def update_session(conn: Connection, shop_id: str, session_id: str, **changes: Any) -> None:
    query = sa.update(session).where(session.c.shop_id == shop_id, session.c.id == session_id)
    await conn.execute(query.values(**changes))


async def update_session_of(conn: Connection, shop_id: str, account_id: str, session_id: str, now: int) -> bool:
    """Ends one of this account's sessions, once; False when it never had one with that id."""
    mine = (session.c.shop_id == shop_id, session.c.account_id == account_id, session.c.id == session_id)
    query = sa.update(session).where(*mine).values(ended_at=sa.func.coalesce(session.c.ended_at, now))
    return bool((await conn.execute(query)).rowcount)


async def update_session_seen(conn: Connection, shop_id: str, session_id: str, at: int) -> None:
    """Forwards only: another process may have seen it later."""
    query = sa.update(session).where(session.c.shop_id == shop_id, session.c.id == session_id, session.c.seen_at < at)
    await conn.execute(query.values(seen_at=at))


async def update_sessions_shortened(conn: Connection, shop_id: str, days: int) -> None:
    """None lasts longer than so many days from when it began. For good: a longer limit later revives nothing."""
    longer = session.c.expires_at - session.c.created_at > days * DAY
    query = sa.update(session).where(session.c.shop_id == shop_id, longer)
    await conn.execute(query.values(expires_at=session.c.created_at + days * DAY))


async def update_sessions_ended(conn: Connection, shop_id: str, account_id: str, now: int) -> None:
    query = sa.update(session).where(
        session.c.shop_id == shop_id, session.c.account_id == account_id, session.c.ended_at.is_(None)
    )
    await conn.execute(query.values(ended_at=now))


async def update_tablet_sessions_ended(conn: Connection, shop_id: str, account_id: str, now: int) -> None:
    """Those on shared tablets, which a PIN has opened."""
    mine = (session.c.shop_id == shop_id, session.c.account_id == account_id, session.c.ended_at.is_(None))
    await conn.execute(sa.update(session).where(*mine, session.c.kiosk_id.is_not(None)).values(ended_at=now))


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
        "strong_at",
    )
]
FOUND = [*_SESSION, account.c.person_id, account.c.role, account.c.manages, shop.c.session_days, shop.c.generation]
_NAMES = [column.name for column in FOUND]


def holding(query: sa.Select[Any]) -> sa.Select[Any]:
    """Of sessions those that may still hold at `now`."""
    return (
        query.join(account, sa.and_(account.c.shop_id == session.c.shop_id, account.c.id == session.c.account_id))
        .join(person, sa.and_(person.c.shop_id == session.c.shop_id, person.c.id == account.c.person_id))
        .join(shop, shop.c.id == session.c.shop_id)
        .where(
            session.c.ended_at.is_(None),
            session.c.expires_at > sa.bindparam("now"),
            account.c.ended_at.is_(None),
            sa.or_(person.c.left_at.is_(None), person.c.left_at > sa.bindparam("now")),
        )
    )


_BY_TOKEN = prepared(holding(sa.select(*FOUND)).where(session.c.token_hash == sa.bindparam("token_hash")))


def _session(row: Any, days: int, seen: Mapping[str, int]) -> Session:
    values = dict(zip(_NAMES, row, strict=True))
    longest = values["created_at"] + min(days, values.pop("session_days")) * DAY
    values["expires_at"] = min(values["expires_at"], longest)
    values["seen_at"] = max(values["seen_at"], seen.get(values["id"], 0))
    return filled(Session, values)


def _holds(one: Session, now: int) -> bool:
    idle = one.idle_minutes is not None and one.seen_at + one.idle_minutes * MINUTE <= now
    return one.expires_at > now and not idle
