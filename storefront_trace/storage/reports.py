"""What the owner's pages count: answers and steps per person and per team, never one against another.

What was outside a person's control is left out here: it stays in the shop's own numbers, not in theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from storefront_trace.domain.clock import DAY
from storefront_trace.domain.concerns import Stage
from storefront_trace.storage.database import Connection
from storefront_trace.storage.feedback import Feedback, Reply, list_replies, to_feedback
from storefront_trace.storage.tables import account, correction, event, feedback, order, reply, session

WEEK = 7 * DAY
PAGE = 20
_COLUMNS = [feedback.c[name] for name in Feedback.__dataclass_fields__]


class Doer(NamedTuple):
    """Whose work it was: a person, or a team when it was nobody's by name. Exactly one of the two is set."""

    person_id: str | None = None
    team: str | None = None


async def count_answers(conn: Connection, shop_id: str, since: int) -> dict[Doer, tuple[int, int]]:
    """(thanks, concerns) of everybody who was answered since then."""
    query = sa.select(*_doer(), _sum("thanks"), _sum("concern")).where(*_theirs(shop_id, since))
    rows = await conn.execute(query.group_by(*_doer()))
    return {Doer(row[0], row[1]): (int(row[2]), int(row[3])) for row in rows}


async def count_weeks(conn: Connection, shop_id: str, until: int, weeks: int) -> dict[Doer, list[tuple[int, int]]]:
    """(thanks, concerns) of each of the last `weeks` spans of seven days before `until`, oldest first."""
    since = until - weeks * WEEK
    week = ((feedback.c.created_at - since) // WEEK).label("week")
    query = sa.select(*_doer(), week, _sum("thanks"), _sum("concern")).where(
        *_theirs(shop_id, since), feedback.c.created_at < until
    )
    found: dict[Doer, list[tuple[int, int]]] = {}
    for row in await conn.execute(query.group_by(*_doer(), week)):
        found.setdefault(Doer(row[0], row[1]), [(0, 0)] * weeks)[int(row[2])] = (int(row[3]), int(row[4]))
    return found


async def count_steps(conn: Connection, shop_id: str, people: Sequence[str], since: int) -> dict[Doer, int]:
    """Steps logged since then, by these people and by each team; what was taken back does not count."""
    counted = sa.func.count().label("steps")
    done = sa.select(event.c.person_id, counted).where(event.c.person_id.in_(people), *_stands(shop_id, since))
    found = {Doer(row[0]): int(row[1]) for row in await conn.execute(done.group_by(event.c.person_id))}
    # By way of the orders that moved since then: events have no index by team, and most orders are older.
    moved = sa.and_(order.c.shop_id == event.c.shop_id, order.c.id == event.c.order_id)
    teams = sa.select(event.c.team, counted).join_from(order, event, moved)
    teams = teams.where(order.c.shop_id == shop_id, order.c.updated_at >= since, *_stands(shop_id, since))
    teams = teams.where(event.c.person_id.is_(None), event.c.team.is_not(None)).group_by(event.c.team)
    return found | {Doer(None, row[0]): int(row[1]) for row in await conn.execute(teams)}


async def latest_words(conn: Connection, shop_id: str, since: int) -> dict[Doer, Feedback]:
    """The newest thanks in words for each person and team."""
    newest = (feedback.c.created_at.desc(), feedback.c.id.desc())
    place = sa.func.row_number().over(partition_by=_doer(), order_by=newest)
    ranked = sa.select(feedback.c.id, place.label("place")).where(
        *_theirs(shop_id, since), feedback.c.choice == "thanks", feedback.c.words != ""
    )
    first = ranked.subquery()
    query = sa.select(*_COLUMNS).join(first, first.c.id == feedback.c.id)
    rows = await conn.execute(query.where(feedback.c.shop_id == shop_id, first.c.place == 1))
    return {doer_of(said): said for said in map(to_feedback, rows)}


async def last_answers(
    conn: Connection, shop_id: str, since: int, *, most: int
) -> dict[tuple[Doer, str], list[tuple[str, str]]]:
    """By doer and step, the last `most` answers as (order id, choice), oldest first: what `ladder.pattern` reads."""
    newest = (feedback.c.created_at.desc(), feedback.c.id.desc())
    place = sa.func.row_number().over(partition_by=(*_doer(), feedback.c.step), order_by=newest)
    columns = (feedback.c.step, feedback.c.order_id, feedback.c.choice, place.label("place"))
    ranked = sa.select(*_doer(), *columns).where(*_theirs(shop_id, since)).subquery()
    query = sa.select(ranked).where(ranked.c.place <= most).order_by(ranked.c.place.desc())
    found: dict[tuple[Doer, str], list[tuple[str, str]]] = {}
    for row in await conn.execute(query):
        found.setdefault((Doer(row[0], row[1]), row.step), []).append((row.order_id, row.choice))
    return found


async def list_words(
    conn: Connection, shop_id: str, doer: Doer, *, after: tuple[int, str] | None = None, limit: int = PAGE
) -> list[Feedback]:
    """Thanks that say something, in words or chips, newest first; `after` as in `list_concerns`."""
    whose = feedback.c.person_id == doer.person_id
    if doer.person_id is None:
        whose = sa.and_(feedback.c.person_id.is_(None), feedback.c.team == doer.team)
    says = sa.or_(feedback.c.words != "", sa.cast(feedback.c.chips, sa.Text) != "[]")
    query = sa.select(*_COLUMNS).where(feedback.c.shop_id == shop_id, whose, feedback.c.choice == "thanks", says)
    return await _newest(conn, query, after, limit)


async def count_choice(conn: Connection, shop_id: str, choice: str, since: int) -> int:
    """Of the whole shop, what was outside somebody's control included."""
    query = sa.select(sa.func.count()).where(
        feedback.c.shop_id == shop_id, feedback.c.choice == choice, feedback.c.created_at >= since
    )
    return int((await conn.execute(query)).scalar_one())


async def count_open_concerns(conn: Connection, shop_id: str) -> int:
    query = sa.select(sa.func.count()).where(*_concerns(shop_id), feedback.c.done_at.is_(None))
    return int((await conn.execute(query)).scalar_one())


async def count_stages(conn: Connection, shop_id: str) -> dict[Stage, int]:
    """Of all concerns that are not closed."""
    counted = sa.func.count()
    stage = _stage().label("stage")
    query = sa.select(stage, counted).where(*_concerns(shop_id), feedback.c.done_at.is_(None)).group_by(stage)
    return {row.stage: int(row[1]) for row in await conn.execute(query)}


async def list_concerns(
    conn: Connection,
    shop_id: str,
    *,
    done: bool,
    stage: Stage | None = None,
    after: tuple[int, str] | None = None,
    limit: int = PAGE,
) -> list[Feedback]:
    """Newest first; `stage` leaves only those that have come so far, `after` is the (created_at, id) of the last one
    seen."""
    ended = feedback.c.done_at.is_not(None) if done else feedback.c.done_at.is_(None)
    query = sa.select(*_COLUMNS).where(*_concerns(shop_id), ended)
    query = query.where(_stage() == stage) if stage is not None else query
    return await _newest(conn, query, after, limit)


async def first_answers(conn: Connection, shop_id: str, since: int, *, most: int = 500) -> list[tuple[int, int]]:
    """(when it became a concern, when it was answered first), of the newest concerns since then with an answer."""
    came = sa.func.coalesce(feedback.c.concern_at, feedback.c.created_at)
    same = sa.and_(
        reply.c.shop_id == feedback.c.shop_id, reply.c.feedback_id == feedback.c.id, reply.c.created_at >= came
    )
    query = sa.select(came, sa.func.min(reply.c.created_at)).join_from(feedback, reply, same)
    query = query.where(*_concerns(shop_id), feedback.c.created_at >= since).group_by(feedback.c.id, came)
    rows = await conn.execute(query.order_by(came.desc(), feedback.c.id.desc()).limit(most))
    return [(int(row[0]), int(row[1])) for row in rows]


async def last_replies(conn: Connection, shop_id: str, said: Sequence[Feedback]) -> dict[str, Reply]:
    """By feedback id, the newest reply."""
    found = await list_replies(conn, shop_id, [one.id for one in said])
    return {feedback_id: replies[-1] for feedback_id, replies in found.items()}


async def last_seen(conn: Connection, shop_id: str) -> dict[str, int | None]:
    """By person id, when somebody who was let in was last here; None for who has a link and has not used it."""
    same = sa.and_(session.c.shop_id == account.c.shop_id, session.c.account_id == account.c.id)
    query = sa.select(account.c.person_id, sa.func.max(session.c.seen_at)).join_from(
        account, session, same, isouter=True
    )
    query = query.where(account.c.shop_id == shop_id, account.c.ended_at.is_(None)).group_by(account.c.person_id)
    return {row[0]: row[1] for row in await conn.execute(query)}


async def _newest(conn: Connection, query: sa.Select[Any], after: tuple[int, str] | None, limit: int) -> list[Feedback]:
    if after is not None:
        query = query.where(sa.tuple_(feedback.c.created_at, feedback.c.id) < sa.tuple_(*map(sa.literal, after)))
    query = query.order_by(feedback.c.created_at.desc(), feedback.c.id.desc()).limit(limit)
    return [to_feedback(row) for row in await conn.execute(query)]


def doer_of(said: Feedback) -> Doer:
    return Doer(said.person_id) if said.person_id is not None else Doer(None, said.team)


def _doer() -> tuple[sa.ColumnElement[Any], ...]:
    """A person's answers are theirs whatever team they were in then."""
    return feedback.c.person_id, sa.case((feedback.c.person_id.is_(None), feedback.c.team), else_=None).label("of_team")


def _theirs(shop_id: str, since: int) -> tuple[sa.ColumnElement[bool], ...]:
    somebody = sa.or_(feedback.c.person_id.is_not(None), feedback.c.team.is_not(None))
    return feedback.c.shop_id == shop_id, feedback.c.created_at >= since, feedback.c.outside_at.is_(None), somebody


def _concerns(shop_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return feedback.c.shop_id == shop_id, feedback.c.choice == "concern"


def _stage() -> sa.ColumnElement[str]:
    """What `domain.concerns.stage_of` says of a row."""
    return sa.case(
        (feedback.c.done_at.is_not(None), "closed"),
        (feedback.c.talked_at.is_not(None), "talked"),
        (feedback.c.looking_at.is_not(None), "looking"),
        else_="new",
    )


def _stands(shop_id: str, since: int) -> tuple[sa.ColumnElement[bool], ...]:
    fell = sa.exists().where(
        correction.c.shop_id == shop_id,
        correction.c.order_id == event.c.order_id,
        correction.c.event_id == event.c.id,
    )
    # An order's first event is its coming in, which nobody did.
    return event.c.shop_id == shop_id, event.c.kind == "step", event.c.seq > 1, event.c.at >= since, ~fell


def _sum(choice: str) -> sa.ColumnElement[Any]:
    return sa.func.sum(sa.case((feedback.c.choice == choice, 1), else_=0))
