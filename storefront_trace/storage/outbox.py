"""Notices waiting to be sent: written with the change they tell of, claimed, sent, and marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from storefront_trace.domain.ids import new_id
from storefront_trace.storage.database import Connection
from storefront_trace.storage.insertion import insertion
from storefront_trace.storage.tables import notice


@dataclass(frozen=True)
class Notice:
    shop_id: str
    id: str
    kind: str
    channel: str
    recipient: str
    locale: str
    detail: dict[str, Any]
    created_at: int
    attempts: int


_COLUMNS = [notice.c[name] for name in Notice.__dataclass_fields__]
# A sender died with it: it may have gone out, and nobody wrote that down. See `claim_notices`.
PERHAPS = "perhaps"
# It failed for there was nothing to say any more: nobody need look into it.
MOOT = "moot"
_OPEN = (notice.c.sent_at.is_(None), notice.c.failed_at.is_(None))


async def insert_notice(conn: Connection, shop_id: str, **values: Any) -> None:
    """A second notice with the same `once` is left out: one fact is told once. Unless `channel` and `due_at` say
    otherwise it is a mail, and due when it is created."""
    await conn.execute(_new(conn, shop_id, values).on_conflict_do_nothing(index_elements=["shop_id", "once"]))


async def upsert_step_notice(conn: Connection, shop_id: str, **values: Any) -> None:
    """A step that is told again, with more about it, is told once: what waits is of the newest telling, and what has
    gone out has gone out."""
    statement = _new(conn, shop_id, values)
    waits = sa.and_(notice.c.sent_at.is_(None), notice.c.failed_at.is_(None))
    fresh = {"detail": statement.excluded.detail}
    await conn.execute(statement.on_conflict_do_update(index_elements=["shop_id", "once"], set_=fresh, where=waits))


async def list_waiting(conn: Connection, shop_id: str, names: Sequence[str], now: int) -> dict[str, dict[str, Any]]:
    """The details, by `once`, of those of these that nobody is sending at this moment."""
    query = sa.select(notice.c.once, notice.c.detail)
    found = await conn.execute(query.where(notice.c.shop_id == shop_id, notice.c.once.in_(names), *_OPEN, _free(now)))
    return {row.once: row.detail for row in found}


async def list_open(conn: Connection, shop_id: str, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The details, by `once`, of those of these that may go out yet, or are being sent at this moment."""
    query = sa.select(notice.c.once, notice.c.detail)
    found = await conn.execute(query.where(notice.c.shop_id == shop_id, notice.c.once.in_(names), *_OPEN))
    return {row.once: row.detail for row in found}


async def update_open(conn: Connection, shop_id: str, name: str, **more: Any) -> bool:
    """Whether it may go out yet, with this in its detail. Who is sending it at this moment looks again when what it
    told of is not there any more, see notify/sender.py."""
    mine = (notice.c.shop_id == shop_id, notice.c.once == name, *_OPEN)
    detail = (await conn.execute(sa.select(notice.c.detail).where(*mine))).scalar_one_or_none()
    if detail is None:
        return False
    return (await conn.execute(sa.update(notice).where(*mine).values(detail={**detail, **more}))).rowcount > 0


async def update_waiting(conn: Connection, shop_id: str, name: str, detail: dict[str, Any], now: int) -> None:
    mine = (notice.c.shop_id == shop_id, notice.c.once == name, *_OPEN, _free(now))
    await conn.execute(sa.update(notice).where(*mine).values(detail=detail))


async def delete_waiting(conn: Connection, shop_id: str, names: Sequence[str], now: int) -> int:
    """How many of these nobody will send any more."""
    mine = (notice.c.shop_id == shop_id, notice.c.once.in_(names), *_OPEN, _free(now))
    return (await conn.execute(sa.delete(notice).where(*mine))).rowcount


async def delete_open_about(conn: Connection, shop_id: str, kinds: Sequence[str], person_id: str) -> None:
    """Of these kinds, with that person in the detail, whether somebody is sending it at this moment or not."""
    about = notice.c.detail["person_id"].as_string() == person_id
    await conn.execute(sa.delete(notice).where(notice.c.shop_id == shop_id, notice.c.kind.in_(kinds), about, *_OPEN))


async def find_notice(conn: Connection, notice_id: str) -> Notice | None:
    """In whichever shop: ids are unique. Reads the whole table, so for a bounce and such only."""
    row = (await conn.execute(sa.select(*_COLUMNS).where(notice.c.id == notice_id))).first()
    return Notice(**row._mapping) if row else None


async def find_open(conn: Connection, one: Notice, *, lock: bool = False) -> Notice | None:
    """As it is now; None when it has been sent, has failed or is not wanted any more."""
    query = sa.select(*_COLUMNS).where(notice.c.shop_id == one.shop_id, notice.c.id == one.id, *_OPEN)
    row = (await conn.execute(query.with_for_update() if lock else query)).first()
    return Notice(**row._mapping) if row else None


async def find_claimed(conn: Connection, one: Notice, now: int) -> Notice | None:
    """As it is now, as long as the claim that `one` came with stands: its sender may send it."""
    query = sa.select(*_COLUMNS).where(*_claim_of(one), *_OPEN, notice.c.claimed_until >= now)
    row = (await conn.execute(query)).first()
    return Notice(**row._mapping) if row else None


async def list_sent_to(conn: Connection, address: str, since: int) -> list[Notice]:
    """In whichever shop, whatever the case of the letters. Reads the whole table, so for a bounce and such only."""
    mine = (notice.c.channel == "mail", notice.c.sent_at >= since, sa.func.lower(notice.c.recipient) == address.lower())
    return [Notice(**row._mapping) for row in await conn.execute(sa.select(*_COLUMNS).where(*mine))]


async def list_sent(conn: Connection, shop_id: str, names: Sequence[str]) -> dict[str, int]:
    """When each of these (by `once`) went out, of those that did."""
    mine = (notice.c.shop_id == shop_id, notice.c.once.in_(names), notice.c.sent_at.is_not(None))
    rows = await conn.execute(sa.select(notice.c.once, notice.c.sent_at).where(*mine))
    return {row.once: row.sent_at for row in rows}


async def list_told(conn: Connection, shop_id: str, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The details, by `once`, with which those of these went out that did, or perhaps did before they failed."""
    out = sa.or_(notice.c.sent_at.is_not(None), sa.and_(notice.c.failed_at.is_not(None), _perhaps()))
    query = sa.select(notice.c.once, notice.c.detail)
    found = await conn.execute(query.where(notice.c.shop_id == shop_id, notice.c.once.in_(names), out))
    return {row.once: row.detail for row in found}


async def list_failed(conn: Connection, shop_id: str, names: Sequence[str]) -> set[str]:
    mine = (notice.c.shop_id == shop_id, notice.c.once.in_(names), notice.c.failed_at.is_not(None))
    return set((await conn.execute(sa.select(notice.c.once).where(*mine))).scalars())


async def list_known(conn: Connection, shop_id: str, names: Sequence[str]) -> set[str]:
    """Those of these that were ever written, whatever became of them."""
    if not names:
        return set()
    mine = (notice.c.shop_id == shop_id, notice.c.once.in_(names))
    return set((await conn.execute(sa.select(notice.c.once).where(*mine))).scalars())


async def is_written_since(conn: Connection, shop_id: str, names: Sequence[str], since: int) -> bool:
    """Whether any of these was, whatever became of it."""
    mine = (notice.c.shop_id == shop_id, notice.c.once.in_(names), notice.c.created_at > since)
    return bool((await conn.execute(sa.select(sa.exists().where(*mine)))).scalar_one())


async def list_out(conn: Connection, shop_id: str, names: Sequence[str]) -> list[str]:
    """Those of these that went out, that somebody is sending at this moment, or with which a sender has died."""
    claimed = sa.and_(*_OPEN, notice.c.claimed_until.is_not(None))
    out = sa.or_(notice.c.sent_at.is_not(None), claimed, _perhaps())
    rows = await conn.execute(
        sa.select(notice.c.once).where(notice.c.shop_id == shop_id, notice.c.once.in_(names), out)
    )
    return list(rows.scalars())


async def is_open(conn: Connection, shop_id: str, name: str) -> bool:
    """Whether it may go out yet."""
    mine = (notice.c.shop_id == shop_id, notice.c.once == name, *_OPEN)
    return bool((await conn.execute(sa.select(sa.exists().where(*mine)))).scalar_one())


async def claim_notices(
    conn: Connection, now: int, until: int, channels: Sequence[str] = ("mail",), limit: int = 20
) -> list[Notice]:
    """Takes due notices for one sender; when it dies, they are free again at `until`. Inside `db.write()`."""
    query = (
        sa.select(*_COLUMNS, notice.c.claimed_until)
        .where(*_OPEN, notice.c.due_at <= now, notice.c.channel.in_(channels), _free(now))
        .order_by(notice.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = []
    for row in await conn.execute(query):
        one = Notice(**{name: row._mapping[name] for name in Notice.__dataclass_fields__})
        died = row.claimed_until is not None
        found.append(replace(one, detail={**one.detail, PERHAPS: True}) if died else one)
    for one in found:
        await update_notice(conn, one, claimed_until=until, attempts=one.attempts + 1, detail=one.detail)
    return found


async def update_claims(conn: Connection, batch: Sequence[Notice], until: int) -> None:
    """Those of these that their sender still has go on being its own until then."""
    for one in batch:
        mine = (*_claim_of(one), *_OPEN, notice.c.claimed_until.is_not(None))
        await conn.execute(sa.update(notice).where(*mine).values(claimed_until=until))


async def update_claimed(conn: Connection, one: Notice, **changes: Any) -> None:
    """Unless another sender has claimed it since: then it is that one's to say how it went."""
    await conn.execute(sa.update(notice).where(*_claim_of(one)).values(**changes))


async def update_notice(conn: Connection, one: Notice, **changes: Any) -> None:
    query = sa.update(notice).where(notice.c.shop_id == one.shop_id, notice.c.id == one.id)
    await conn.execute(query.values(**changes))


async def update_sent(conn: Connection, shop_id: str, names: Sequence[str], now: int) -> None:
    """Said by another notice."""
    mine = (notice.c.shop_id == shop_id, notice.c.once.in_(names), *_OPEN)
    await conn.execute(sa.update(notice).where(*mine).values(sent_at=now, claimed_until=None, error=None))


async def count_waiting(conn: Connection) -> int:
    return int((await conn.execute(sa.select(sa.func.count()).where(*_OPEN))).scalar_one())


async def is_any_due(conn: Connection, now: int, channels: Sequence[str] = ("mail",)) -> bool:
    due = (*_OPEN, notice.c.due_at <= now, notice.c.channel.in_(channels), _free(now))
    return bool((await conn.execute(sa.select(sa.exists().where(*due)))).scalar_one())


def _claim_of(one: Notice) -> tuple[sa.ColumnElement[bool], ...]:
    """The row as long as the claim that returned `one` is its last: every claim counts one attempt more."""
    return (notice.c.shop_id == one.shop_id, notice.c.id == one.id, notice.c.attempts == one.attempts + 1)


def _perhaps() -> sa.ColumnElement[bool]:
    return sa.func.coalesce(notice.c.detail[PERHAPS].as_boolean(), sa.false())


def _free(now: int) -> sa.ColumnElement[bool]:
    return sa.or_(notice.c.claimed_until.is_(None), notice.c.claimed_until < now)


def _new(conn: Connection, shop_id: str, values: dict[str, Any]) -> Any:
    usual = {"id": new_id(), "channel": "mail", "due_at": values["created_at"]}
    return insertion(conn, notice).values(shop_id=shop_id, **{**usual, **values})
