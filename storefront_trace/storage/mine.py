"""Everything that is kept about one person, for that person: a page of rows at a time, oldest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from storefront_trace.storage.database import Connection
from storefront_trace.storage.tables import (
    account,
    consent,
    event,
    order,
    passkey,
    person,
    question,
    reply,
    session,
    wall_consent,
)

PAGE = 500
Row = dict[str, Any]
# Where a page ended: at, order_id, seq.
Place = tuple[int, str, int]

_EVENT = ("id", "order_id", "seq", "kind", "step", "at", "zone", "precision", "team", "note", "photo", "device")
_SESSION = ("device", "created_at", "seen_at", "expires_at", "ended_at")


async def get_self(conn: Connection, shop_id: str, person_id: str) -> Row:
    """Their own row, what they may do here, whether a PIN is set, never the PIN's hash, and which mails by the clock
    they want."""
    mine = (person.c.shop_id == shop_id, person.c.id == person_id)
    found = (await _rows(conn, sa.select(person).where(*mine)))[0]
    query = sa.select(account).where(account.c.shop_id == shop_id, account.c.person_id == person_id)
    row = (await conn.execute(query)).first()
    mails = {"friday": row.friday, "morning_hour": row.morning_hour, "locale": row.locale} if row else None
    rights = {"right": row.role if row else None, "manages": row.manages if row else None}
    return found | rights | {"pin_set": bool(row and row.pin_hash), "mails": mails}


async def list_ways_in(conn: Connection, shop_id: str, person_id: str) -> tuple[list[Row], list[Row]]:
    """(sessions, passkeys by their names)"""
    accounts = sa.select(account.c.id).where(account.c.shop_id == shop_id, account.c.person_id == person_id)
    sessions = sa.select(*(session.c[name] for name in _SESSION))
    sessions = sessions.where(session.c.shop_id == shop_id, session.c.account_id.in_(accounts))
    keys = sa.select(passkey.c.name, passkey.c.created_at, passkey.c.used_at)
    keys = keys.where(passkey.c.shop_id == shop_id, passkey.c.account_id.in_(accounts))
    return await _rows(conn, sessions.order_by(session.c.created_at)), await _rows(
        conn, keys.order_by(passkey.c.created_at)
    )


async def list_choices(conn: Connection, shop_id: str, person_id: str) -> list[Row]:
    query = sa.select(consent).where(consent.c.shop_id == shop_id, consent.c.person_id == person_id)
    return await _rows(conn, query.order_by(consent.c.created_at))


async def list_wall_of(conn: Connection, shop_id: str, person_id: str, after: tuple[int, str] | None) -> list[Row]:
    """What they said to customers' words on the wall of thanks, and to which wording of the question."""
    names = ("id", "order_id", "feedback_id", "says", "wording", "locale", "said_at")
    query = _with_number(wall_consent, sa.select(*(wall_consent.c[name] for name in names)))
    query = query.where(wall_consent.c.shop_id == shop_id, wall_consent.c.person_id == person_id)
    return await _page(conn, query, (wall_consent.c.said_at, wall_consent.c.id), after)


async def list_events_of(conn: Connection, shop_id: str, person_id: str, after: Place | None) -> list[Row]:
    """What they logged."""
    query = _with_number(event, sa.select(*(event.c[name] for name in _EVENT), event.c.detail))
    query = query.where(event.c.shop_id == shop_id, event.c.person_id == person_id)
    return await _page(conn, query, (event.c.at, event.c.order_id, event.c.seq), after)


async def list_replies_of(conn: Connection, shop_id: str, person_id: str, after: tuple[int, str] | None) -> list[Row]:
    names = ("id", "order_id", "feedback_id", "words", "created_at")
    query = _with_number(reply, sa.select(*(reply.c[name] for name in names)))
    query = query.where(reply.c.shop_id == shop_id, reply.c.person_id == person_id)
    return await _page(conn, query, (reply.c.created_at, reply.c.id), after)


async def list_questions_of(conn: Connection, shop_id: str, person_id: str, after: tuple[int, str] | None) -> list[Row]:
    """Those they were asked or have answered."""
    names = ("id", "order_id", "words", "created_at", "answer", "answered_at", "answered_by")
    theirs = sa.or_(question.c.person_id == person_id, question.c.answered_by == person_id)
    query = _with_number(question, sa.select(*(question.c[name] for name in names)))
    query = query.where(question.c.shop_id == shop_id, theirs)
    return await _page(conn, query, (question.c.created_at, question.c.id), after)


def _with_number(of: sa.Table, query: sa.Select[Any]) -> sa.Select[Any]:
    """With the number of the order that it is about: nobody knows an order by its id."""
    same = sa.and_(order.c.shop_id == of.c.shop_id, order.c.id == of.c.order_id)
    return query.add_columns(order.c.number.label("order_number")).select_from(of.outerjoin(order, same))


async def _page(
    conn: Connection, query: sa.Select[Any], by: Sequence[sa.ColumnElement[Any]], after: tuple[Any, ...] | None
) -> list[Row]:
    if after is not None:
        query = query.where(sa.tuple_(*by) > sa.tuple_(*map(sa.literal, after)))
    return await _rows(conn, query.order_by(*by).limit(PAGE))


async def _rows(conn: Connection, query: sa.Select[Any]) -> list[Row]:
    return [dict(row._mapping) for row in await conn.execute(query)]
