"""What `ladder.pattern` reads: the last answers of those whose latest concerns lie close together.

Concerns are few, so they are looked at first; a shop with 300,000 answers has some thousand pairs of a person and a
step, and of most of them nothing else is read.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from storefront_trace.domain.ladder import PATTERN_CONCERNS, PATTERN_ENDS, PATTERN_MEMORY, PATTERN_WINDOW
from storefront_trace.storage.database import Connection
from storefront_trace.storage.reports import Doer, sum_of
from storefront_trace.storage.tables import CONCERN, feedback
from storefront_trace.storage.veil import is_veiled, teams_own

Answers = dict[tuple[Doer, str], list[tuple[str, str]]]


async def close_concerns(conn: Connection, shop_id: str, since: int, doer: Doer | None = None) -> Answers:
    """By doer and step, the last PATTERN_MEMORY answers as (order id, choice), oldest first: of everybody, or of one,
    for whom there can be a pattern at all. What was outside their control is not among them."""
    found: Answers = {}
    for of_team in (True,) if is_veiled() else (False, True):
        if doer is None or of_team == _is_team(doer):
            for row in await conn.execute(_answers(shop_id, since, doer, of_team)):
                found.setdefault((_doer(row.doer, of_team), row.step), []).append((row.order_id, row.choice))
    return found


async def count_others(
    conn: Connection, shop_id: str, since: int, keys: Collection[tuple[Doer, str]]
) -> dict[tuple[Doer, str], tuple[int, int]]:
    """For each doer and step, (thanks, concerns) of everybody else at that step. All of it is counted by step and
    theirs taken off: to count a quarter's answers by doer takes three times as long."""
    when = (feedback.c.shop_id == shop_id, feedback.c.created_at >= since, feedback.c.outside_at.is_(None))
    all_of = await _count(conn, feedback.c.step, when)
    theirs: dict[tuple[Any, Any], tuple[int, int]] = {}
    for of_team in (False, True):
        names = sorted({str(doer.team if of_team else doer.person_id) for doer, _ in keys if _is_team(doer) == of_team})
        key, *whose = _whose(feedback, of_team)
        if names:
            found = await _count(conn, key, (*when, *whose, key.in_(names)), feedback.c.step)
            theirs |= {(_doer(name, of_team), step): counts for (name, step), counts in found.items()}
    return {key: _less(all_of.get((key[1],), (0, 0)), theirs.get(key, (0, 0))) for key in keys}


async def _count(
    conn: Connection, key: sa.ColumnElement[Any], when: Collection[Any], *more: sa.ColumnElement[Any]
) -> dict[tuple[Any, ...], tuple[int, int]]:
    query = sa.select(key, *more, sum_of("thanks"), sum_of("concern")).where(*when).group_by(key, *more)
    return {tuple(row[:-2]): (int(row[-2]), int(row[-1])) for row in await conn.execute(query)}


def _less(counts: tuple[int, int], taken: tuple[int, int]) -> tuple[int, int]:
    return counts[0] - taken[0], counts[1] - taken[1]


def _is_team(doer: Doer) -> bool:
    return doer.person_id is None


def _answers(shop_id: str, since: int, doer: Doer | None, of_team: bool) -> sa.Select[Any]:
    close, said = _close(shop_id, since, doer, of_team), feedback.alias("said")
    theirs = _same(said, close, shop_id, of_team)
    oldest = sa.select(said.c.created_at).where(*theirs, said.c.created_at >= since).order_by(said.c.created_at.desc())
    floor = sa.func.coalesce(oldest.limit(1).offset(PATTERN_MEMORY - 1).scalar_subquery(), since)
    mine = feedback.alias("mine")
    columns = (close.c.doer, close.c.step, mine.c.order_id, mine.c.choice)
    same = sa.and_(*_same(mine, close, shop_id, of_team), mine.c.created_at >= floor)
    # An outer join, though each has answers: SQLite would else read all answers and look for each among the close.
    query = sa.select(*columns).select_from(close.outerjoin(mine, same))
    return query.order_by(mine.c.created_at, mine.c.id)


def _close(shop_id: str, since: int, doer: Doer | None, of_team: bool) -> sa.CTE:
    """Whose third latest concern is among their last 20 answers, and the fourth among the 20 up to the latest: without
    regard to orders, which `ladder.pattern` tells apart."""
    few, said = _concerns(shop_id, since, doer, of_team), feedback.alias("later")
    later = sa.select(sa.func.count()).where(*_same(said, few, shop_id, of_team))
    since_third = later.where(said.c.created_at > few.c.third).scalar_subquery()
    between = later.where(said.c.created_at > few.c.fourth, said.c.created_at <= few.c.latest).scalar_subquery()
    query = sa.select(few.c.doer, few.c.step).where(since_third < PATTERN_WINDOW, between < PATTERN_WINDOW)
    return query.cte("close").prefix_with("MATERIALIZED")


def _concerns(shop_id: str, since: int, doer: Doer | None, of_team: bool) -> sa.Subquery:
    """When each doer's latest, third and fourth latest concern about a step came."""
    key = feedback.c.team if of_team else feedback.c.person_id
    whose: sa.ColumnElement[bool] = feedback.c.person_id.is_not(None)
    if of_team:
        # Not `IS NULL`: SQLite would read all answers to the team instead of all concerns.
        nobody = () if is_veiled() else (sa.func.coalesce(feedback.c.person_id, "") == "",)
        whose = sa.and_(*nobody, feedback.c.team.is_not(None))
    newest = (feedback.c.created_at.desc(), feedback.c.id.desc())
    place = sa.func.row_number().over(partition_by=(key, feedback.c.step), order_by=newest)
    columns = (key.label("doer"), feedback.c.step, feedback.c.created_at, place.label("place"))
    query = sa.select(*columns).where(feedback.c.shop_id == shop_id, sa.text(CONCERN), feedback.c.created_at >= since)
    query = query.where(feedback.c.outside_at.is_(None), whose)
    if doer is not None:
        query = query.where(key == (doer.team if of_team else doer.person_id))
    ranked = query.subquery()

    def at(nth: int) -> sa.ColumnElement[Any]:
        return sa.func.max(sa.case((ranked.c.place == nth, ranked.c.created_at)))

    times = (at(1).label("latest"), at(PATTERN_ENDS).label("third"), at(PATTERN_CONCERNS).label("fourth"))
    grouped = sa.select(ranked.c.doer, ranked.c.step, *times).where(ranked.c.place <= PATTERN_CONCERNS)
    return grouped.group_by(ranked.c.doer, ranked.c.step).having(sa.func.count() == PATTERN_CONCERNS).subquery("few")


def _same(
    said: sa.FromClause, of: sa.FromClause, shop_id: str, of_team: bool
) -> tuple[sa.ColumnElement[bool] | sa.TextClause, ...]:
    key, *whose = _whose(said, of_team)
    return said.c.shop_id == shop_id, key == of.c.doer, said.c.step == of.c.step, said.c.outside_at.is_(None), *whose


def _whose(said: sa.FromClause, of_team: bool) -> tuple[Any, ...]:
    """The column that names the doer, and what makes an answer theirs."""
    if of_team:
        return said.c.team, *teams_own(said.c.person_id), said.c.team.is_not(None)
    return (said.c.person_id, said.c.person_id.is_not(None))


def _doer(key: str, of_team: bool) -> Doer:
    return Doer(None, key) if of_team else Doer(key)
