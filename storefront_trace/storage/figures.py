"""What is counted of one person's, or one team's, work: how often customers were asked, and what they answered.

Never of several people at once: nothing here can put one beside another. What was outside the doer's control is left
out: it stays in the shop's own numbers, not in theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from storefront_trace.domain.rights import Sight
from storefront_trace.storage.database import Connection
from storefront_trace.storage.feedback import Feedback
from storefront_trace.storage.reports import (
    COLUMNS,
    Doer,
    counted_as_team,
    fell,
    led,
    newest,
    seen_by,
    sum_of,
    teams_own,
)
from storefront_trace.storage.tables import event, feedback, person
from storefront_trace.storage.veil import check_unveiled, is_veiled
from storefront_trace.storage.veil import teams_own as teams_own_answers

PAGE = 50
Counts = tuple[int, int]


async def answers_by_step(
    conn: Connection, shop_id: str, doer: Doer, sinces: Sequence[int]
) -> dict[str, tuple[Counts, ...]]:
    """By step, (thanks, concerns) since each of these instants; the first is the earliest."""
    sums = [
        sa.func.sum(sa.case((sa.and_(feedback.c.choice == choice, feedback.c.created_at >= since), 1), else_=0))
        for since in sinces
        for choice in ("thanks", "concern")
    ]
    query = sa.select(feedback.c.step, *sums).where(*_said(shop_id, doer, sinces[0])).group_by(feedback.c.step)
    rows = [(row[0], [int(value) for value in row[1:]]) for row in await conn.execute(query)]
    return {step: tuple(zip(found[::2], found[1::2], strict=True)) for step, found in rows}


async def answers_by_week(conn: Connection, shop_id: str, doer: Doer, bounds: Sequence[int]) -> list[Counts]:
    """(thanks, concerns) of each week between these instants, one more than weeks, oldest first."""
    week = _week(feedback.c.created_at, bounds)
    where = [*_said(shop_id, doer, bounds[0]), feedback.c.created_at < bounds[-1]]
    found: list[Counts] = [(0, 0)] * (len(bounds) - 1)
    for row in await conn.execute(sa.select(week, sum_of("thanks"), sum_of("concern")).where(*where).group_by(week)):
        found[int(row[0])] = (int(row[1]), int(row[2]))
    return found


async def done_by_step(
    conn: Connection, shop_id: str, doer: Doer, sinces: Sequence[int], steps: Sequence[str]
) -> dict[str, tuple[int, ...]]:
    """By step, how often it was done since each of these instants; what was taken back does not count."""
    found = {step: [0] * len(sinces) for step in steps}
    sums = [sa.func.sum(sa.case((event.c.at >= since, 1), else_=0)) for since in sinces]
    for sign, where in _done(shop_id, doer, sinces[0], steps):
        query = sa.select(event.c.step, *sums).where(*where)
        for row in await conn.execute(query.group_by(event.c.step)):
            found[row[0]] = [kept + sign * int(n) for kept, n in zip(found[row[0]], row[1:], strict=True)]
    return {step: tuple(counted) for step, counted in found.items()}


async def done_by_week(
    conn: Connection, shop_id: str, doer: Doer, bounds: Sequence[int], steps: Sequence[str]
) -> list[int]:
    """As `answers_by_week`, of the steps themselves."""
    week, found = _week(event.c.at, bounds), [0] * (len(bounds) - 1)
    for sign, where in _done(shop_id, doer, bounds[0], steps):
        query = sa.select(week, sa.func.count()).where(*where, event.c.at < bounds[-1])
        for row in await conn.execute(query.group_by(week)):
            found[int(row[0])] += sign * int(row[1])
    return found


async def list_answers(
    conn: Connection,
    shop_id: str,
    doer: Doer | None,
    *,
    since: int = 0,
    until: int | None = None,
    step: str | None = None,
    choice: str | None = None,
    sight: Sight | None = None,
    after: tuple[int, str] | None = None,
    limit: int = PAGE,
) -> list[Feedback]:
    """The answers behind a figure, newest first, of one doer or (None) of the whole shop; `after` is the (created_at,
    id) of the last one seen. Also those that were outside the doer's control: they say so themselves."""
    where = [feedback.c.shop_id == shop_id, feedback.c.created_at >= since, *seen_by(sight)]
    where += [] if until is None else [feedback.c.created_at < until]
    where += [] if doer is None else [*_whose(feedback, doer)]
    where += [] if step is None else [feedback.c.step == step]
    where += [] if choice is None else [feedback.c.choice == choice]
    return await newest(conn, sa.select(*COLUMNS).where(*where), after, limit)


def _week(at: sa.Column[int], bounds: Sequence[int]) -> sa.ColumnElement[int]:
    """Which one it is: weeks are not of equal length where the clocks change."""
    inner: list[tuple[Any, Any]] = [
        (at < sa.literal_column(str(bound)), sa.literal_column(str(n))) for n, bound in enumerate(bounds[1:-1])
    ]
    last: sa.ColumnElement[int] = sa.literal_column(str(len(bounds) - 2))
    return (sa.case(*inner, else_=last) if inner else last).label("week")


def _said(shop_id: str, doer: Doer, since: int) -> tuple[sa.ColumnElement[bool], ...]:
    where = (feedback.c.shop_id == shop_id, feedback.c.created_at >= since, feedback.c.outside_at.is_(None))
    return *where, *_whose(feedback, doer)


def _done(shop_id: str, doer: Doer, since: int, steps: Sequence[str]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Of which events the sum is theirs, with 1, less that of which others, with -1: what was taken back."""
    asked = (event.c.shop_id == shop_id, event.c.at >= since, event.c.kind == "step", event.c.step.in_(steps))
    for sign in (1, -1):
        where = (*asked, *fell(shop_id, sign), event.c.seq > 1)
        if doer.person_id is not None:
            check_unveiled()
            yield sign, (*where, led(event.c.person_id, sign) == doer.person_id)
        elif is_veiled() and sign < 0:
            yield sign, (*where, led(event.c.team, sign) == doer.team)
        else:
            yield sign, (*where, led(event.c.team, sign) == doer.team, teams_own(sign))
        if doer.person_id is None and not (is_veiled() and sign < 0):
            theirs = sa.select(person.c.id).where(*counted_as_team(shop_id), person.c.team == doer.team)
            yield sign, (*where, led(event.c.person_id, sign).in_(theirs))


def _whose(of: sa.Table, doer: Doer) -> tuple[sa.ColumnElement[bool], ...]:
    if doer.person_id is not None:
        check_unveiled()
        return (of.c.person_id == doer.person_id,)
    return of.c.team == doer.team, *teams_own_answers(of.c.person_id)
