"""What the owner's pages count: answers and steps per person and per team, never one against another.

What was outside a person's control is left out here: it stays in the shop's own numbers, not in theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from storefront_trace.domain.clock import DAY
from storefront_trace.domain.concerns import Stage
from storefront_trace.domain.rights import Sight
from storefront_trace.storage import veil
from storefront_trace.storage.database import Connection
from storefront_trace.storage.feedback import Feedback, Reply, list_replies, to_feedback
from storefront_trace.storage.samples import samples
from storefront_trace.storage.sights import within
from storefront_trace.storage.tables import (
    CONCERN,
    DONE_BY_TEAM,
    account,
    correction,
    event,
    feedback,
    person,
    reply,
    session,
    team,
)
from storefront_trace.storage.veil import check_unveiled, is_veiled

WEEK = 7 * DAY
PAGE = 20
COLUMNS = [feedback.c[name] for name in Feedback.__dataclass_fields__]


class Doer(NamedTuple):
    """Whose work it was: a person, or a team when it was nobody's by name. Exactly one of the two is set."""

    person_id: str | None = None
    team: str | None = None


async def count_answers(
    conn: Connection, shop_id: str, people: Sequence[str], since: int
) -> dict[Doer, tuple[int, int]]:
    """(thanks, concerns) since then, of each of these people and of every team."""
    found: dict[Doer, tuple[int, int]] = {}
    for doer, where in _doers(people):
        query = sa.select(doer, sum_of("thanks"), sum_of("concern")).where(*where, *_theirs(shop_id, since))
        found |= {_named(doer, row[0]): (int(row[1]), int(row[2])) for row in await conn.execute(query.group_by(doer))}
    return found


async def count_weeks(
    conn: Connection, shop_id: str, people: Sequence[str], until: int, weeks: int
) -> dict[Doer, list[tuple[int, int]]]:
    """(thanks, concerns) of each of the last `weeks` spans of seven days before `until`, oldest first."""
    since = until - weeks * WEEK
    week = ((feedback.c.created_at - since) // WEEK).label("week")
    found: dict[Doer, list[tuple[int, int]]] = {}
    for doer, where in _doers(people):
        query = sa.select(doer, week, sum_of("thanks"), sum_of("concern")).where(*where, *_theirs(shop_id, since))
        for row in await conn.execute(query.where(feedback.c.created_at < until).group_by(doer, week)):
            each = found.setdefault(_named(doer, row[0]), [(0, 0)] * weeks)
            each[int(row[1])] = (int(row[2]), int(row[3]))
    return found


async def count_steps(
    conn: Connection, shop_id: str, people: Sequence[str], since: int, steps: Sequence[str]
) -> dict[Doer, int]:
    """How often these steps were done since then, by these people and by each team; what was taken back does not
    count."""
    counted, found = sa.func.count(), dict[Doer, int]()
    asked = (event.c.kind == "step", event.c.at >= since, event.c.seq > 1, event.c.step.in_(steps))
    columns = ((event.c.person_id, event.c.person_id.in_(people)), (event.c.team, teams_own(1)))
    for column, doers in columns[is_veiled() :]:
        query = sa.select(column, counted).where(event.c.shop_id == shop_id, doers, *asked)
        for key, done in await conn.execute(query.group_by(column)):
            found[Doer(key) if column is event.c.person_id else Doer(None, key)] = done
    members = await _members(conn, shop_id)
    for key, done in await _count_members(conn, shop_id, asked, members) if members else ():
        found[Doer(None, key)] = found.get(Doer(None, key), 0) + done
    taken_back = sa.select(event.c.person_id, event.c.team, counted).where(event.c.shop_id == shop_id, *asked)
    for person_id, key, fallen in await conn.execute(
        taken_back.where(*fell(shop_id, -1)).group_by(event.c.person_id, event.c.team)
    ):
        by_team = person_id is None or is_veiled()
        doer = (
            Doer(None, key if by_team else members[person_id]) if by_team or person_id in members else Doer(person_id)
        )
        if doer in found:
            found[doer] -= fallen
    return {doer: steps for doer, steps in found.items() if steps}


async def _members(conn: Connection, shop_id: str) -> dict[str, str]:
    """The team of each person whose steps are counted as its own."""
    rows = await conn.execute(sa.select(person.c.id, person.c.team).where(*counted_as_team(shop_id)))
    return {row.id: row.team for row in rows}


async def _count_members(
    conn: Connection, shop_id: str, asked: tuple[sa.ColumnElement[bool], ...], teams: Mapping[str, str]
) -> list[tuple[str, int]]:
    """(team, how often one of its people did it), by person: through an index, not over all events."""
    whose = (event.c.shop_id == shop_id, event.c.person_id.in_(list(teams)))
    query = sa.select(event.c.person_id, sa.func.count()).where(*whose, *asked).group_by(event.c.person_id)
    return [(teams[row[0]], int(row[1])) for row in await conn.execute(query)]


async def latest_words(conn: Connection, shop_id: str, people: Sequence[str], since: int) -> dict[Doer, Feedback]:
    """The newest thanks in words for each of these people and each team."""
    said, latest = feedback.alias("said"), []
    theirs = ((person, person.c.id, said.c.person_id), (team, team.c.key, said.c.team))
    for table, key, who in theirs[is_veiled() :]:
        where = [said.c.shop_id == shop_id, who == key, said.c.choice == "thanks", said.c.words != ""]
        where += [said.c.created_at >= since, said.c.outside_at.is_(None)]
        where += [*veil.teams_own(said.c.person_id)] if table is team else []
        first = sa.select(said.c.id).where(*where).order_by(said.c.created_at.desc()).limit(1)
        which = (key.in_(people),) if table is person else ()
        latest.append(sa.select(first.correlate(table).scalar_subquery()).where(table.c.shop_id == shop_id, *which))
    query = sa.select(*COLUMNS).where(feedback.c.shop_id == shop_id, feedback.c.id.in_(sa.union_all(*latest)))
    return {doer_of(one): one for one in map(to_feedback, await conn.execute(query))}


async def list_words(
    conn: Connection,
    shop_id: str,
    doer: Doer,
    *,
    sight: Sight | None = None,
    after: tuple[int, str] | None = None,
    limit: int = PAGE,
) -> list[Feedback]:
    """Thanks that say something, in words or chips, newest first; `after` as in `list_concerns`."""
    whose = feedback.c.person_id == doer.person_id
    if doer.person_id is None:
        whose = sa.and_(feedback.c.team == doer.team, *veil.teams_own(feedback.c.person_id))
    else:
        check_unveiled()
    says = sa.or_(feedback.c.words != "", sa.cast(feedback.c.chips, sa.Text) != "[]")
    query = sa.select(*COLUMNS).where(feedback.c.shop_id == shop_id, whose, feedback.c.choice == "thanks", says)
    query = query.where(*seen_by(sight))
    return await newest(conn, query, after, limit)


async def count_choice(conn: Connection, shop_id: str, choice: str, since: int) -> int:
    """Of the whole shop, what was outside somebody's control included."""
    query = sa.select(sa.func.count()).where(
        feedback.c.shop_id == shop_id, feedback.c.choice == choice, feedback.c.created_at >= since
    )
    return int((await conn.execute(query)).scalar_one())


async def count_open_concerns(conn: Connection, shop_id: str) -> int:
    query = sa.select(sa.func.count()).where(*_concerns(shop_id), feedback.c.done_at.is_(None))
    return int((await conn.execute(query)).scalar_one())


async def count_stages(conn: Connection, shop_id: str, sight: Sight | None = None) -> dict[Stage, int]:
    """Of all concerns that are not closed."""
    counted = sa.func.count()
    stage = _stage().label("stage")
    query = sa.select(stage, counted).where(*_concerns(shop_id), feedback.c.done_at.is_(None), *seen_by(sight))
    query = query.group_by(stage)
    return {row.stage: int(row[1]) for row in await conn.execute(query)}


async def list_concerns(
    conn: Connection,
    shop_id: str,
    *,
    done: bool,
    stage: Stage | None = None,
    sight: Sight | None = None,
    after: tuple[int, str] | None = None,
    limit: int = PAGE,
) -> list[Feedback]:
    """Newest first; `stage` leaves only those that have come so far, `after` is the (created_at, id) of the last one
    seen."""
    ended = feedback.c.done_at.is_not(None) if done else feedback.c.done_at.is_(None)
    query = sa.select(*COLUMNS).where(*_concerns(shop_id), ended, *seen_by(sight))
    query = query.where(_stage() == stage) if stage is not None else query
    return await newest(conn, query, after, limit)


async def first_answers(
    conn: Connection, shop_id: str, since: int, *, sight: Sight | None = None, most: int = 500
) -> list[tuple[int, int]]:
    """(when it became a concern, when it was answered first), of those of the `most` newest concerns since then that
    have an answer."""
    columns = (feedback.c.id, sa.func.coalesce(feedback.c.concern_at, feedback.c.created_at).label("came"))
    newest = sa.select(*columns).where(*_concerns(shop_id), feedback.c.created_at >= since, *seen_by(sight))
    few = newest.order_by(feedback.c.created_at.desc(), feedback.c.id.desc()).limit(most).subquery("few")
    same = sa.and_(reply.c.shop_id == shop_id, reply.c.feedback_id == few.c.id, reply.c.created_at >= few.c.came)
    query = sa.select(few.c.came, sa.func.min(reply.c.created_at)).join_from(few, reply, same)
    rows = await conn.execute(query.group_by(few.c.id, few.c.came).order_by(few.c.came.desc(), few.c.id.desc()))
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


async def newest(conn: Connection, query: sa.Select[Any], after: tuple[int, str] | None, limit: int) -> list[Feedback]:
    if after is not None:
        query = query.where(sa.tuple_(feedback.c.created_at, feedback.c.id) < sa.tuple_(*map(sa.literal, after)))
    query = query.order_by(feedback.c.created_at.desc(), feedback.c.id.desc()).limit(limit)
    return [to_feedback(row) for row in await conn.execute(query)]


def seen_by(sight: Sight | None) -> tuple[Any, ...]:
    return within(sight, feedback.c.person_id, feedback.c.team)


def doer_of(said: Feedback) -> Doer:
    return Doer(said.person_id) if said.person_id is not None else Doer(None, said.team)


def fell(shop_id: str, sign: int) -> tuple[sa.ColumnElement[bool], ...]:
    """Nothing with sign 1: all events. With -1 those that were taken back or are a sample's, which are few and take
    their number away."""
    if sign > 0:
        return ()
    few = sa.select(correction.c.order_id).where(correction.c.shop_id == shop_id)
    this = (correction.c.order_id == event.c.order_id, correction.c.event_id == event.c.id)
    fallen = sa.exists().where(correction.c.shop_id == shop_id, *this)
    sample = samples(shop_id)
    return event.c.order_id.in_(few.union(sample)), sa.or_(fallen, event.c.order_id.in_(sample))


def led(column: sa.Column[str], sign: int) -> sa.ColumnElement[str]:
    """The event's doer to compare: among those taken back in a form that no index has, so that the few corrections lead
    and not a year of somebody's steps."""
    return column if sign > 0 else sa.func.coalesce(column, "")


def teams_own(sign: int) -> Any:
    """What a team did and nobody by name; `sign` as in `led`."""
    return sa.text(DONE_BY_TEAM) if sign > 0 else sa.and_(led(event.c.person_id, sign) == "", event.c.team.is_not(None))


def counted_as_team(shop_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Of people: those whose steps count as their team's, who have left, and all of them where names do not count. The
    team is the one that they were in last: to ask each step for its own would read a year of them from the table."""
    left = () if is_veiled() else (person.c.left_at.is_not(None),)
    return person.c.shop_id == shop_id, person.c.team.is_not(None), *left


def sum_of(choice: str) -> sa.ColumnElement[Any]:
    return sa.func.sum(sa.case((feedback.c.choice == choice, 1), else_=0))


def _doers(people: Sequence[str]) -> Iterator[tuple[sa.ColumnElement[Any], tuple[sa.ColumnElement[bool], ...]]]:
    """The column that names the doer, and whose answers to read: a person's are theirs whatever team they were in."""
    if not is_veiled():
        yield feedback.c.person_id, (feedback.c.person_id.in_(people),)
    yield feedback.c.team, (feedback.c.team.is_not(None), *veil.teams_own(feedback.c.person_id))


def _named(column: sa.ColumnElement[Any], key: str) -> Doer:
    return Doer(key) if column is feedback.c.person_id else Doer(None, key)


def _theirs(shop_id: str, since: int) -> tuple[sa.ColumnElement[bool], ...]:
    return feedback.c.shop_id == shop_id, feedback.c.created_at >= since, feedback.c.outside_at.is_(None)


def _concerns(shop_id: str) -> tuple[Any, ...]:
    # The instant leads SQLite to their own index, also where nothing is put in order.
    return feedback.c.shop_id == shop_id, sa.text(CONCERN), feedback.c.created_at > 0


def _stage() -> sa.ColumnElement[str]:
    """What `domain.concerns.stage_of` says of a row."""
    return sa.case(
        (feedback.c.done_at.is_not(None), "closed"),
        (feedback.c.talked_at.is_not(None), "talked"),
        (feedback.c.looking_at.is_not(None), "looking"),
        else_="new",
    )
