"""Shared tablets, and how often a PIN was wrong. Of a tablet only the hash of its token is here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storefront_trace.domain.pins import MOST_WRONG, REST
from storefront_trace.storage.database import Connection
from storefront_trace.storage.tables import account, kiosk, person, session


@dataclass(frozen=True)
class Kiosk:
    """Nobody has opened its link yet while `opened_at` is None."""

    shop_id: str
    id: str
    name: str
    created_at: int
    opened_at: int | None
    seen_at: int
    ended_at: int | None


@dataclass(frozen=True)
class Try:
    """One that was counted before it was known whether it is right. `locks`: if it is wrong, the PIN rests until
    then."""

    account_id: str
    pin_hash: str | None
    locks: int | None


_COLUMNS = [kiosk.c[name] for name in Kiosk.__dataclass_fields__]


async def insert_kiosk(conn: Connection, shop_id: str, **values: Any) -> None:
    await conn.execute(sa.insert(kiosk).values(shop_id=shop_id, **values))


async def find_kiosk(conn: Connection, token_hash: str) -> Kiosk | None:
    """Whose link or whose tablet it is; it may have ended."""
    row = (await conn.execute(sa.select(*_COLUMNS).where(kiosk.c.token_hash == token_hash))).first()
    return Kiosk(**row._mapping) if row else None


async def lock_kiosk(conn: Connection, shop_id: str, kiosk_id: str) -> Kiosk | None:
    """It stays as it is until the transaction ends; None when it has ended."""
    mine = (kiosk.c.shop_id == shop_id, kiosk.c.id == kiosk_id, kiosk.c.ended_at.is_(None))
    row = (await conn.execute(sa.select(*_COLUMNS).where(*mine).with_for_update())).first()
    return Kiosk(**row._mapping) if row else None


async def list_kiosks(conn: Connection, shop_id: str) -> list[Kiosk]:
    """Those that have not ended, in the order of the alphabet's letters; the page sorts as its reader does."""
    query = sa.select(*_COLUMNS).where(kiosk.c.shop_id == shop_id, kiosk.c.ended_at.is_(None))
    return [Kiosk(**row._mapping) for row in await conn.execute(query.order_by(kiosk.c.name, kiosk.c.id))]


async def update_kiosk_opened(conn: Connection, found: Kiosk, token_hash: str, now: int) -> bool:
    """Whether this call opened it: of two tablets one."""
    mine = (kiosk.c.shop_id == found.shop_id, kiosk.c.id == found.id)
    free = (kiosk.c.opened_at.is_(None), kiosk.c.ended_at.is_(None))
    query = sa.update(kiosk).where(*mine, *free).values(token_hash=token_hash, opened_at=now, seen_at=now)
    return bool((await conn.execute(query)).rowcount)


async def update_kiosk_seen(conn: Connection, shop_id: str, kiosk_id: str, now: int) -> None:
    await conn.execute(sa.update(kiosk).where(kiosk.c.shop_id == shop_id, kiosk.c.id == kiosk_id).values(seen_at=now))


async def update_kiosk_ended(conn: Connection, shop_id: str, kiosk_id: str, now: int) -> bool:
    """With all who are signed in on it. False when there never was one with that id."""
    mine = (kiosk.c.shop_id == shop_id, kiosk.c.id == kiosk_id)
    query = sa.update(kiosk).where(*mine).values(ended_at=sa.func.coalesce(kiosk.c.ended_at, now))
    found = (await conn.execute(query)).rowcount
    on_it = (session.c.shop_id == shop_id, session.c.kiosk_id == kiosk_id, session.c.ended_at.is_(None))
    await conn.execute(sa.update(session).where(*on_it).values(ended_at=now))
    return bool(found)


async def update_pin_tried(conn: Connection, shop_id: str, person_id: str, now: int) -> Try | None:
    """Counts a try as wrong before it is looked at, so that none of many at once is looked at that should not be.
    None for who cannot come in, and for whose PIN rests."""
    count = account.c.pin_failures + 1
    rests = account.c.pin_locked_until
    query = (
        sa.update(account)
        .where(
            account.c.shop_id == shop_id,
            account.c.person_id == person_id,
            account.c.ended_at.is_(None),
            sa.or_(rests.is_(None), rests <= now),
        )
        .values(pin_failures=count, pin_locked_until=sa.case((count % MOST_WRONG == 0, now + REST), else_=rests))
        .returning(account.c.id, account.c.pin_hash, account.c.pin_locked_until)
    )
    row = (await conn.execute(query)).first()
    if row is None:
        return None
    rests_now = (
        row.pin_hash is not None and row.pin_locked_until == now + REST
    )  # of who has none there is nothing to tell
    return Try(row.id, row.pin_hash, row.pin_locked_until if rests_now else None)


async def update_pin_right(conn: Connection, shop_id: str, tried: Try) -> bool:
    """Nothing is held against them any more. False when the PIN has changed since it was looked at."""
    mine = (account.c.shop_id == shop_id, account.c.id == tried.account_id, account.c.pin_hash == tried.pin_hash)
    query = sa.update(account).where(*mine, account.c.ended_at.is_(None))
    return bool((await conn.execute(query.values(pin_failures=0, pin_locked_until=None))).rowcount)


async def count_wrong(conn: Connection, shop_id: str) -> tuple[int, int]:
    """(at how many people, how many tries) since each PIN was right last."""
    wrong = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(account.c.pin_failures), 0))
    mine = (account.c.shop_id == shop_id, account.c.pin_failures > 0, account.c.ended_at.is_(None))
    people, tries = (await conn.execute(wrong.where(*mine))).one()
    return people, int(tries)


async def list_rested(conn: Connection, shop_id: str, since: int) -> list[tuple[str, int]]:
    """(person, until when) of each PIN that rests or has rested since, and was not right afterwards."""
    works = sa.and_(person.c.shop_id == account.c.shop_id, person.c.id == account.c.person_id)
    query = (
        sa.select(account.c.person_id, account.c.pin_locked_until)
        .join(person, works)
        .where(account.c.shop_id == shop_id, account.c.pin_locked_until > since)
        .where(account.c.ended_at.is_(None), person.c.left_at.is_(None))
    )
    rows = await conn.execute(query.order_by(account.c.pin_locked_until.desc(), account.c.person_id).limit(20))
    return [(row.person_id, row.pin_locked_until) for row in rows]
