"""What customers ask about their orders, who it waits for, and the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import sqlalchemy as sa

from storefront_trace.domain.errors import NotFound
from storefront_trace.domain.questions import Reach
from storefront_trace.domain.rights import Sight
from storefront_trace.domain.shop import LANGUAGES
from storefront_trace.storage.database import Connection
from storefront_trace.storage.orders import ORDER_COLUMNS, OrderRow
from storefront_trace.storage.prepared import known_of, prepared
from storefront_trace.storage.sights import within
from storefront_trace.storage.tables import order, person, question, shop

PAGE = 20


@dataclass(frozen=True)
class Question:
    """`person_id` and `team` are who was asked last; who has it now: domain/questions.py."""

    id: str
    order_id: str
    person_id: str | None
    team: str | None
    words: str
    locale: str
    created_at: int
    due_at: int | None
    to_team_at: int | None
    to_owner_at: int | None
    answered_at: int | None
    answer: str | None
    answered_by: str | None


@dataclass(frozen=True)
class Thread:
    """A question with the order that it is about."""

    question: Question
    order: OrderRow


class Due(NamedTuple):
    """A question that has to move, and its place in the row of them."""

    due_at: int
    shop_id: str
    id: str


_COLUMNS = [question.c[f.name] for f in fields(Question)]
OPEN = question.c.answered_at.is_(None)
IN_SHOP = question.c.shop_id == shop.c.id
_SAME_ORDER = sa.and_(order.c.shop_id == question.c.shop_id, order.c.id == question.c.order_id)


async def get_question(conn: Connection, shop_id: str, question_id: str, *, lock: bool = False) -> Question:
    query = sa.select(*_COLUMNS).where(question.c.shop_id == shop_id, question.c.id == question_id)
    row = (await conn.execute(query.with_for_update() if lock else query)).first()
    if row is None:
        raise NotFound("There is no such question.")
    return Question(*row)


async def list_of_order(conn: Connection, shop_id: str, order_id: str) -> list[Question]:
    """Oldest first."""
    query = sa.select(*_COLUMNS).where(question.c.shop_id == shop_id, question.c.order_id == order_id)
    return [Question(*row) for row in await conn.execute(query.order_by(question.c.created_at, question.c.id))]


async def list_open_of(conn: Connection, shop_id: str, order_ids: Sequence[str]) -> dict[str, list[Question]]:
    """By order id, the longest wait first; an order of which nobody waits to hear anything is not there."""
    query = sa.select(*_COLUMNS).where(question.c.shop_id == shop_id, question.c.order_id.in_(order_ids), OPEN)
    found: dict[str, list[Question]] = {}
    for row in await conn.execute(query.order_by(question.c.created_at, question.c.id)):
        found.setdefault(row.order_id, []).append(Question(*row))
    return found


_CLOSED = [f"closed_{key}" for key in LANGUAGES]
_SOLE = [f"sole_{key}" for key in LANGUAGES]
# Of which questions `domain.questions.Reach` speaks.
_REACHED = sa.or_(
    question.c.person_id == sa.bindparam("person_id"),
    sa.and_(
        # NULL for who is in no team, and equal to nothing.
        question.c.team == sa.bindparam("team"),
        question.c.to_team_at.is_not(None),
        sa.or_(
            question.c.locale.not_in([sa.bindparam(key, "") for key in _CLOSED]),
            (question.c.person_id + question.c.locale).in_([sa.bindparam(key, "") for key in _SOLE]),
        ),
    ),
)


async def list_waiting(
    conn: Connection, shop_id: str, reach: Reach, *, limit: int = PAGE, offset: int = 0
) -> list[Thread]:
    """Those this person was asked, then what comes to them of their team's; the longest wait first."""
    mine_first = sa.case((question.c.person_id == reach.person_id, 0), else_=1)
    query = _threads(shop_id).where(OPEN, _REACHED)
    query = query.order_by(mine_first, question.c.created_at, question.c.id)
    return _read(await conn.execute(query.limit(limit).offset(offset), _reached(reach)))


_COUNT_WAITING = prepared(
    sa.select(sa.func.count())
    .select_from(question)
    .where(question.c.shop_id == sa.bindparam("shop_id"), OPEN, _REACHED)
)


def asked_key(shop_id: str) -> tuple[str, str]:
    """Under which it is known whether anybody waits for an answer there, where that was read for many at once."""
    return "asked", shop_id


async def count_waiting(conn: Connection, shop_id: str, reach: Reach) -> int:
    if known_of(conn, asked_key(shop_id)) is False:
        return 0
    values = {"shop_id": shop_id, **_reached(reach)}
    return int((await conn.execute(_COUNT_WAITING, values)).scalar_one())


async def list_owners(
    conn: Connection, shop_id: str, *, sight: Sight | None = None, limit: int = PAGE, offset: int = 0
) -> list[Thread]:
    """Those that have come to the owner; the longest wait first."""
    query = _threads(shop_id).where(OPEN, question.c.to_owner_at.is_not(None), *_seen_by(sight))
    query = query.order_by(question.c.created_at, question.c.id)
    return _read(await conn.execute(query.limit(limit).offset(offset)))


async def count_owners(conn: Connection, shop_id: str) -> int:
    query = sa.select(sa.func.count()).select_from(question)
    query = query.where(question.c.shop_id == shop_id, OPEN, question.c.to_owner_at.is_not(None))
    return int((await conn.execute(query)).scalar_one())


async def list_answered(
    conn: Connection,
    shop_id: str,
    *,
    person_id: str | None = None,
    team: str | None = None,
    sight: Sight | None = None,
    after: tuple[int, str] | None = None,
    limit: int = PAGE,
) -> list[Thread]:
    """The latest answer first. With `person_id` what this person or their team was asked or has answered, else what
    the owner was. `after` is the (answered_at, id) last seen."""
    whose: sa.ColumnElement[bool] = question.c.to_owner_at.is_not(None)
    if person_id is not None:
        whose = sa.or_(_theirs(person_id, team), question.c.answered_by == person_id)
    query = _threads(shop_id).where(question.c.answered_at.is_not(None), whose, *_seen_by(sight))
    if after is not None:
        query = query.where(sa.tuple_(question.c.answered_at, question.c.id) < sa.tuple_(*map(sa.literal, after)))
    query = query.order_by(question.c.answered_at.desc(), question.c.id.desc())
    return _read(await conn.execute(query.limit(limit)))


async def list_due(conn: Connection, now: int, *, after: Due | None, limit: int) -> list[Due]:
    """Of every shop those that wait too long, or for somebody who has left; the longest wait first."""
    gone = sa.and_(person.c.shop_id == question.c.shop_id, person.c.id == question.c.person_id)
    left = sa.exists().where(gone, person.c.left_at.is_not(None))
    persons = sa.and_(question.c.to_team_at.is_(None), question.c.to_owner_at.is_(None), left)
    place = (question.c.due_at, question.c.shop_id, question.c.id)
    query = sa.select(*place).where(question.c.due_at.is_not(None), sa.or_(question.c.due_at <= now, persons))
    if after is not None:
        query = query.where(sa.tuple_(*place) > sa.tuple_(*map(sa.literal, after)))
    return [Due(*row) for row in await conn.execute(query.order_by(*place).limit(limit))]


async def insert_question(conn: Connection, shop_id: str, **values: Any) -> None:
    await conn.execute(sa.insert(question).values(shop_id=shop_id, **values))


async def update_question(conn: Connection, shop_id: str, question_id: str, **changes: Any) -> None:
    query = sa.update(question).where(question.c.shop_id == shop_id, question.c.id == question_id)
    await conn.execute(query.values(**changes))


def _seen_by(sight: Sight | None) -> tuple[Any, ...]:
    return within(sight, question.c.person_id, question.c.team)


def _theirs(person_id: str, team: str | None) -> sa.ColumnElement[bool]:
    mine = question.c.person_id == person_id
    if team is None:
        return mine
    return sa.or_(mine, sa.and_(question.c.team == team, question.c.to_team_at.is_not(None)))


def _reached(reach: Reach) -> dict[str, str | None]:
    """Its bound values; a place that is not needed is empty."""
    sole = {f"sole_{language}": person_id + language for person_id, language in reach.open}
    closed = {f"closed_{language}": language for language in reach.closed}
    empty = dict.fromkeys((*_CLOSED, *_SOLE), "")
    return {"person_id": reach.person_id, "team": reach.team, **empty, **closed, **sole}


def _threads(shop_id: str) -> sa.Select[Any]:
    query = sa.select(*_COLUMNS, *ORDER_COLUMNS).select_from(question.join(order, _SAME_ORDER))
    return query.where(question.c.shop_id == shop_id)


def _read(rows: Any) -> list[Thread]:
    many = len(_COLUMNS)
    return [Thread(Question(*row[:many]), OrderRow(*row[many:])) for row in rows]
