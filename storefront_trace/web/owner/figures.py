"""The figures of one person or team: by step, by period and by week, each behind the ladder of its own answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.errors import N_
from storefront_trace.domain.ladder import FULL_FROM, REPORT_DAYS, TREND_WEEKS, ladder
from storefront_trace.domain.moments import from_micros, local_day, start_of_day, to_micros
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import figures, reports
from storefront_trace.storage.database import Connection
from storefront_trace.storage.reports import Doer
from storefront_trace.web.languages import Catalogue, catalogue
from storefront_trace.web.owner.cares import step_name
from storefront_trace.web.owner.ladders import ladder_view
from storefront_trace.web.owner.weekly import drawing
from storefront_trace.web.wording import date_text, tied

PERIODS = {30: N_("30 days"), 90: N_("90 days"), 365: N_("A year")}
# How many weeks are drawn for a period; the share of four weeks needs three more before them.
WEEKS = {30: 5, 90: 13, 365: 52}
BEFORE = 3
FEWEST_WEEKS = 5
Counts = tuple[int, int]


@dataclass(frozen=True)
class Figures:
    """Of each step (thanks, concerns) and how often it was done, for each of PERIODS; of each week, oldest first, the
    same, with the instants between them."""

    days: int
    answers: dict[str, dict[int, Counts]]
    asked: dict[str, dict[int, int]]
    bounds: list[int]
    weeks: list[Counts]
    asked_weeks: list[int]
    trend: list[Counts]


def days_of(text: str) -> int:
    return int(text) if text in {str(days) for days in PERIODS} else REPORT_DAYS


async def read_figures(conn: Connection, cast: Cast, doer: Doer, days: int) -> Figures:
    now, shop_id = now_micros(), cast.shop.id
    long = sorted(PERIODS, reverse=True)
    sinces = [now - period * DAY for period in long]
    steps = asking_steps(cast)
    bounds = week_bounds(cast, WEEKS[days] + BEFORE)
    people = [] if doer.person_id is None else [doer.person_id]
    answers = await figures.answers_by_step(conn, shop_id, doer, sinces)
    asked = await figures.done_by_step(conn, shop_id, doer, sinces, steps)
    return Figures(
        days,
        {step: dict(zip(long, counted, strict=True)) for step, counted in answers.items()},
        {step: dict(zip(long, counted, strict=True)) for step, counted in asked.items()},
        bounds,
        await figures.answers_by_week(conn, shop_id, doer, bounds),
        await figures.done_by_week(conn, shop_id, doer, bounds, steps),
        (await reports.count_weeks(conn, shop_id, people, now + 1, TREND_WEEKS)).get(doer, []),
    )


def figures_view(cast: Cast, found: Figures, path: str, language: str, *, reads: bool = True) -> dict[str, Any]:
    """See templates/owner/_figures.html. `path` is the page's own; without `reads` nothing leads to the answers."""
    texts, behind = catalogue(language), path if reads else None
    order = {key: place for place, key in enumerate(cast.steps)}
    known = {key for key, counted in found.asked.items() if any(counted.values())} | found.answers.keys()
    steps = sorted(known, key=lambda key: (order.get(key, len(order)), key))
    thanks, concerns = (sum(at.get(found.days, (0, 0))[n] for at in found.answers.values()) for n in (0, 1))
    asked = sum(at.get(found.days, 0) for at in found.asked.values())
    trend = [] if found.days == min(PERIODS) else found.trend
    return {
        "periods": [
            {"name": texts.gettext(name), "url": path if days == REPORT_DAYS else f"{path}?days={days}",
             "here": days == found.days}
            for days, name in PERIODS.items()
        ],
        "ladder": ladder_view((thanks, concerns), asked, trend, texts),
        "asked": asked_text((thanks, concerns), asked, texts),
        "behind": answers_url(behind, days=found.days),
        "steps": [_step(cast, found, key, behind, language) for key in steps],
        "columns": [texts.gettext(name) for name in PERIODS.values()],
        "rows": [_row(cast, found, key, behind, language) for key in steps],
        "weekly": _weekly(cast, found, behind, language),
    }  # fmt: skip


def asking_steps(cast: Cast) -> list[str]:
    """Of what a customer can say something."""
    return [step.key for step in cast.steps.values() if step.visible and step.asks_feedback]


def week_bounds(cast: Cast, weeks: int) -> list[int]:
    """The Mondays on the shop's wall, the last one still to come: one more than weeks."""
    today = local_day(from_micros(now_micros()), cast.shop.zone)
    after = today - timedelta(days=today.weekday()) + timedelta(days=7)
    mondays = [after - timedelta(days=7 * back) for back in range(weeks, -1, -1)]
    return [to_micros(start_of_day(day, cast.shop.zone)) for day in mondays]


def answers_url(path: str | None, **asked: Any) -> str | None:
    """The answers behind a figure; None for who reads figures alone."""
    return (
        None if path is None else f"{path}/answers?{urlencode({key: value for key, value in asked.items() if value})}"
    )


def asked_text(answers: Counts, asked: int, texts: Catalogue) -> str:
    """How many could say something, and how many did: the rate only beside a share."""
    n = sum(answers)
    rung = ladder(*answers)
    if n == 0:
        return texts.say(N_("Steps to answer: %(asked)s. No answers yet."), asked=asked)
    if rung.stage == "words":
        return texts.say(N_("Steps to answer: %(asked)s. Fewer than five answers."), asked=asked)
    if rung.share is None or asked < n:
        return texts.say(N_("Steps to answer: %(asked)s. Answers: %(answers)s."), asked=asked, answers=n)
    rate = max(1, round(100 * n / asked))
    return texts.say(
        N_("Steps to answer: %(asked)s. Answers: %(answers)s (%(rate)s %%)."), asked=asked, answers=n, rate=rate
    )


def cell_text(answers: Counts, texts: Catalogue) -> str:
    """What a cell of a table may say of its own answers."""
    rung = ladder(*answers)
    if not sum(answers):
        return "–"
    if rung.stage == "words":
        return texts.gettext(N_("only words"))
    if rung.share is None or rung.band is None:
        message = N_("thanks: %(thanks)s, to look at: %(concerns)s")
        return texts.say(message, thanks=rung.thanks, concerns=rung.concerns)
    low, high = rung.band
    text = texts.say(N_("%(share)s %% thanks (%(low)s–%(high)s %%)"), share=rung.share, low=low, high=high)
    return f"{text}, {texts.gettext(N_('early'))}" if rung.stage == "early" else text


def _step(cast: Cast, found: Figures, key: str, path: str | None, language: str) -> dict[str, Any]:
    texts = catalogue(language)
    answers, asked = found.answers.get(key, {}).get(found.days, (0, 0)), found.asked.get(key, {}).get(found.days, 0)
    return {
        "name": step_name(cast, key, language),
        "url": answers_url(path, step=key, days=found.days),
        "ladder": ladder_view(answers, asked, [], texts),
        "asked": asked_text(answers, asked, texts),
    }


def _row(cast: Cast, found: Figures, key: str, path: str | None, language: str) -> dict[str, Any]:
    texts = catalogue(language)
    cells = []
    for days in PERIODS:
        answers = found.answers.get(key, {}).get(days, (0, 0))
        url = answers_url(path, step=key, days=days) if sum(answers) else None
        cells.append({"asked": found.asked.get(key, {}).get(days, 0), "text": cell_text(answers, texts), "url": url})
    return {"name": step_name(cast, key, language), "cells": cells}


def _weekly(cast: Cast, found: Figures, path: str | None, language: str) -> dict[str, Any] | None:
    """None when nothing could be answered in all these weeks."""
    texts, first = catalogue(language), _first_week(found)
    if first is None:
        return None
    starts, weeks, asked = found.bounds[first:-1], found.weeks[first:], found.asked_weeks[first:]
    isodays = [local_day(from_micros(at), cast.shop.zone).isoformat() for at in starts]
    mondays = [tied(date_text(day, language)) for day in isodays]
    told = sum(map(sum, weeks)) >= FULL_FROM
    return {
        "drawing": drawing(found.weeks[first - BEFORE :], asked, shares=told),
        "label": texts.say(N_("Week by week, %(first)s to %(last)s"), first=mondays[0], last=mondays[-1]),
        "first": mondays[0],
        "last": mondays[-1],
        "shares": told,
        "rows": [
            {"week": mondays[n], "asked": asked[n], "text": cell_text(weeks[n], texts),
             "url": answers_url(path, week=isodays[n]) if sum(weeks[n]) else None}
            for n in range(len(weeks) - 1, -1, -1)
        ],
    }  # fmt: skip


def _first_week(found: Figures) -> int | None:
    """Of those shown, the first with anything in it, but a few weeks at least; None when all are empty."""
    busy = [n for n in range(BEFORE, len(found.weeks)) if found.asked_weeks[n] or sum(found.weeks[n])]
    return min(busy[0], len(found.weeks) - FEWEST_WEEKS) if busy else None
