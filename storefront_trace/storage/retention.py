"""What is past its time, table by table: found while others write, and let go some rows at a time; and a log of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storefront_trace.domain.wall import NOT_ASKED
from storefront_trace.storage.database import Connection
from storefront_trace.storage.privacy import NOTHING, about_orders
from storefront_trace.storage.tables import (
    audit,
    delivery,
    feedback,
    follower,
    idempotency_key,
    notice,
    pending_signin,
    purged,
    reading,
    reply,
    session,
    signin_link,
    talk,
    wall_consent,
)

WORDLESS: dict[str, Any] = {"words": "", "first_name": None, "contact": False, "history": []}
WORDLESS |= {"side": None, "side_at": None, **NOT_ASKED}


@dataclass(frozen=True)
class Gone:
    at: int
    counts: dict[str, int]


@dataclass(frozen=True)
class Old:
    """Rows of one table that are past their time. They go, or with `empty` only what stood in these columns does.
    `counted` is one of actions/purging.py Purged, or nothing."""

    table: sa.Table
    past: sa.ColumnElement[bool]
    counted: str | None = None
    empty: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Limits:
    """Instants: what is older goes."""

    bodies: int
    keys: int
    sessions: int
    notices: int
    words: int
    logs: int
    rounds: int
    unconfirmed: int
    pending: int


def old_rows(before: Limits) -> list[Old]:
    """Each independent of the others, so that counting them all first tells what letting go will find."""
    processed = sa.and_(delivery.c.processed_at.is_not(None), delivery.c.body != b"")
    unsent = (notice.c.sent_at, notice.c.failed_at, notice.c.due_at)
    theirs = (follower.c.shop_id == notice.c.shop_id, follower.c.id == notice.c.detail["follower_id"].as_string())
    unasked = sa.and_(follower.c.confirmed_at.is_(None), follower.c.created_at < before.unconfirmed)
    return [
        Old(delivery, sa.and_(delivery.c.received_at < before.bodies, processed), "deliveries", {"body": b""}),
        Old(idempotency_key, idempotency_key.c.created_at < before.keys, "idempotency_keys"),
        Old(session, sa.or_(session.c.ended_at < before.sessions, session.c.expires_at < before.sessions), "sessions"),
        Old(signin_link, signin_link.c.expires_at < before.sessions, "sessions"),
        Old(pending_signin, pending_signin.c.expires_at < before.pending),
        # Those that nobody could send, for want of a mail server, too: nobody waits for them any more.
        Old(notice, sa.or_(*(column < before.notices for column in unsent)), "notices"),
        *old_words(before.words),
        Old(audit, audit.c.at < before.logs, "changes"),
        Old(reading, reading.c.at < before.logs, "readings"),
        Old(purged, purged.c.at < before.rounds),
        Old(notice, sa.exists().where(*theirs, unasked)),
        Old(follower, unasked),
    ]


def old_words(before: int) -> list[Old]:
    """What customers wrote, what was replied, what was noted when it was talked over, and what both said to its being
    shown."""
    same = (feedback.c.shop_id == wall_consent.c.shop_id, feedback.c.id == wall_consent.c.feedback_id)
    return [
        Old(feedback, sa.and_(feedback.c.created_at < before, _has_words()), "words", WORDLESS),
        Old(reply, sa.and_(reply.c.created_at < before, reply.c.words != NOTHING), None, {"words": NOTHING}),
        Old(talk, talk.c.created_at < before),
        Old(wall_consent, sa.exists().where(*same, feedback.c.created_at < before)),
    ]


def old_notices_of(shop_id: str, order_ids: Sequence[str]) -> Old:
    """Whatever was or is to be written about these orders, to whom they are of or who follows them."""
    following = sa.select(follower.c.id).where(follower.c.shop_id == shop_id, follower.c.order_id.in_(order_ids))
    theirs = notice.c.detail["follower_id"].as_string().in_(following)
    return Old(notice, sa.or_(about_orders(shop_id, order_ids), theirs))


def _has_words() -> sa.ColumnElement[bool]:
    return sa.or_(
        feedback.c.words != "",
        feedback.c.first_name.is_not(None),
        feedback.c.side.is_not(None),
        sa.cast(feedback.c.history, sa.Text) != "[]",
    )


async def count_old(conn: Connection, shop_id: str, old: Old) -> int:
    query = sa.select(sa.func.count()).where(old.table.c.shop_id == shop_id, old.past)
    return int((await conn.execute(query)).scalar_one())


async def list_old(
    conn: Connection, shop_id: str, old: Old, *, after: Sequence[str] = (), limit: int
) -> list[tuple[str, ...]]:
    """Their keys, in order, from behind `after` on."""
    key = _key(old.table)
    query = sa.select(*key).where(old.table.c.shop_id == shop_id, old.past)
    if after:
        query = query.where(sa.tuple_(*key) > tuple(after) if len(key) > 1 else key[0] > after[0])
    return [tuple(row) for row in await conn.execute(query.order_by(*key).limit(limit))]


async def delete_old(conn: Connection, shop_id: str, old: Old, keys: Sequence[tuple[str, ...]]) -> int:
    """How many of these were past their time still."""
    return sum([await _delete(conn, shop_id, old, first, last) for first, last in _by_first(keys).items()])


async def _delete(conn: Connection, shop_id: str, old: Old, first: tuple[str, ...], last: Sequence[str]) -> int:
    *leading, own = _key(old.table)
    same = (column == value for column, value in zip(leading, first, strict=True))
    # As a value: else SQLite looks up by age what is looked for by key, and goes through all that is old each time.
    still = sa.case((old.past, 1), else_=0) == 1
    mine = (old.table.c.shop_id == shop_id, *same, own.in_(last), still)
    change = sa.delete(old.table) if old.empty is None else sa.update(old.table).values(**old.empty)
    return (await conn.execute(change.where(*mine))).rowcount


def _by_first(keys: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], list[str]]:
    """The last part of each key by those before it: no row-wise IN is looked up in SQLite's indexes."""
    found: dict[tuple[str, ...], list[str]] = {}
    for *first, last in keys:
        found.setdefault(tuple(first), []).append(last)
    return found


def _key(table: sa.Table) -> list[sa.Column[Any]]:
    return [column for column in table.primary_key.columns if column.name != "shop_id"]


async def insert_purged(conn: Connection, shop_id: str, **values: Any) -> None:
    await conn.execute(sa.insert(purged).values(shop_id=shop_id, **values))


async def list_purged(conn: Connection, shop_id: str, *, limit: int) -> list[Gone]:
    """Newest first."""
    query = sa.select(purged.c.at, purged.c.counts).where(purged.c.shop_id == shop_id)
    rows = await conn.execute(query.order_by(purged.c.at.desc(), purged.c.id.desc()).limit(limit))
    return [Gone(row.at, dict(row.counts)) for row in rows]
