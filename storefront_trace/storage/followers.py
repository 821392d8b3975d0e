"""Who follows which order, by mail or by push."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa

from storefront_trace.storage.database import Connection
from storefront_trace.storage.prepared import prepared
from storefront_trace.storage.tables import follower, notice


@dataclass(frozen=True)
class Follower:
    """`address` for mail, `subscription` for push. Who has not confirmed gets nothing but the question whether to."""

    id: str
    order_id: str
    channel: str
    address: str | None
    subscription: dict[str, Any] | None
    fingerprint: str
    wants: str
    locale: str
    created_at: int
    confirmed_at: int | None
    stopped_at: int | None
    stopped_why: str | None

    @property
    def follows(self) -> bool:
        return self.confirmed_at is not None and self.stopped_at is None


_COLUMNS = [follower.c[f.name] for f in fields(Follower)]
_OF_ORDER = prepared(
    sa.select(*_COLUMNS)
    .where(follower.c.shop_id == sa.bindparam("shop_id"), follower.c.order_id == sa.bindparam("order_id"))
    .order_by(follower.c.id)
)


async def insert_follower(conn: Connection, shop_id: str, **values: Any) -> None:
    await conn.execute(sa.insert(follower).values(shop_id=shop_id, **values))


async def update_follower(conn: Connection, shop_id: str, follower_id: str, **changes: Any) -> None:
    where = (follower.c.shop_id == shop_id, follower.c.id == follower_id)
    await conn.execute(sa.update(follower).where(*where).values(**changes))


async def find_follower(conn: Connection, shop_id: str, follower_id: str, *, lock: bool = False) -> Follower | None:
    query = sa.select(*_COLUMNS).where(follower.c.shop_id == shop_id, follower.c.id == follower_id)
    row = (await conn.execute(query.with_for_update() if lock else query)).first()
    return Follower(*row) if row else None


async def list_followers(conn: Connection, shop_id: str, order_id: str) -> list[Follower]:
    """All of an order's, those who have stopped too, oldest first."""
    return [Follower(*row) for row in await conn.execute(_OF_ORDER, {"shop_id": shop_id, "order_id": order_id})]


async def list_with(conn: Connection, shop_id: str, fingerprint: str) -> list[Follower]:
    """All of the shop's with this address or browser, those who have stopped too."""
    query = sa.select(*_COLUMNS).where(follower.c.shop_id == shop_id, follower.c.fingerprint == fingerprint)
    return [Follower(*row) for row in await conn.execute(query.order_by(follower.c.id))]


async def list_addresses(conn: Connection, shop_id: str, *, stopped: bool = False) -> list[tuple[str, str]]:
    """(follower's id, address) of all in the shop who get mails, or are asked whether to; with `stopped` of those who
    did, too. Reads the whole table."""
    query = sa.select(follower.c.id, follower.c.address)
    query = query.where(follower.c.shop_id == shop_id, follower.c.address.is_not(None))
    if not stopped:
        query = query.where(follower.c.stopped_at.is_(None))
    return [(row.id, row.address) for row in await conn.execute(query)]


async def list_next_addresses(conn: Connection, shop_id: str, after: str, limit: int) -> list[tuple[str, str]]:
    """The next of `list_addresses` behind this follower's id, "" being before the first."""
    mine = (follower.c.shop_id == shop_id, follower.c.address.is_not(None), follower.c.stopped_at.is_(None))
    query = sa.select(follower.c.id, follower.c.address).where(*mine, follower.c.id > after)
    return [(row.id, row.address) for row in await conn.execute(query.order_by(follower.c.id).limit(limit))]


async def list_asked(conn: Connection, shop_id: str, domains: Sequence[str], since: int) -> list[tuple[str, str]]:
    """(address, order's id) for each time that somebody with an address at these has been asked since then, or will be.
    What could not be sent filled nobody's mailbox."""
    asked = (notice.c.kind == "follow_confirm", notice.c.created_at >= since, notice.c.failed_at.is_(None))
    to = sa.func.lower(notice.c.recipient)
    there = sa.or_(*(to.endswith(f"@{domain}", autoescape=True) for domain in domains))
    query = sa.select(notice.c.recipient, notice.c.detail["order_id"].as_string())
    rows = await conn.execute(query.where(notice.c.shop_id == shop_id, *asked, there))
    return [(row[0], row[1]) for row in rows]


async def is_known(conn: Connection, shop_id: str, fingerprint: str) -> bool:
    mine = (follower.c.shop_id == shop_id, follower.c.fingerprint == fingerprint)
    return bool((await conn.execute(sa.select(sa.exists().where(*mine)))).scalar_one())


async def count_followers(conn: Connection) -> int:
    query = sa.select(sa.func.count()).where(follower.c.confirmed_at.is_not(None), follower.c.stopped_at.is_(None))
    return int((await conn.execute(query)).scalar_one())


async def delete_followers(conn: Connection, shop_id: str, order_ids: list[str], *, notices: bool = True) -> int:
    """Of these orders, with everything that was written to them, unless that has gone already."""
    return await _delete(conn, shop_id, follower.c.order_id.in_(order_ids), notices=notices)


async def delete_by_fingerprint(conn: Connection, shop_id: str, fingerprint: str) -> int:
    """Of whichever orders."""
    return await _delete(conn, shop_id, follower.c.fingerprint == fingerprint)


async def _delete(conn: Connection, shop_id: str, *which: sa.ColumnElement[bool], notices: bool = True) -> int:
    """How many notices went along. By the follower and not by the address, which may have other mails to get."""
    found = await conn.execute(
        sa.delete(follower).where(follower.c.shop_id == shop_id, *which).returning(follower.c.id)
    )
    ids = list(found.scalars())
    if not ids or not notices:
        return 0
    theirs = notice.c.detail["follower_id"].as_string().in_(ids)
    return (await conn.execute(sa.delete(notice).where(notice.c.shop_id == shop_id, theirs))).rowcount
