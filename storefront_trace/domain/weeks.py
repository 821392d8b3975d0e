"""How a shop did in one week, as numbers that fit into a row: counted once, when the week is over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import ceil
from typing import Any

from storefront_trace.domain.calendar import Calendar, working_minutes
from storefront_trace.domain.moments import from_micros, tz
from storefront_trace.domain.orders import DELIVERED, SHIPPED
from storefront_trace.domain.pace import Finished

# Of fewer orders a median says nothing.
LEAST = 5
DRIVING = "home"  # from being sent to being at home: the carrier's, in days


@dataclass(frozen=True, slots=True)
class Span:
    """Median and ninth decile of `n` waits: minutes of working time, or days for the carrier's part."""

    n: int
    median: int
    most: int


@dataclass(frozen=True, slots=True)
class Week:
    """`day` is its Monday (ISO). `promised` orders that came home had a promise, `kept` of them by its last day;
    `reacted` of the `home` ones have been thanked for or complained of. `answered` are questions and concerns that had
    an answer, `answer_minutes` the median working time until the first, None of few. `visits` are those of all orders'
    pages, None when nobody counted."""

    day: str
    placed: int = 0
    home: int = 0
    promised: int = 0
    kept: int = 0
    reacted: int = 0
    answered: int = 0
    answer_minutes: int | None = None
    visits: int | None = None
    spans: Mapping[str, Span] | None = None
    counted_at: int = 0

    def numbers(self) -> dict[str, Any]:
        """As they are kept."""
        spans = {key: [span.n, span.median, span.most] for key, span in (self.spans or {}).items()}
        names = ("placed", "home", "promised", "kept", "reacted", "answered", "answer_minutes", "visits")
        return {name: getattr(self, name) for name in names} | {"spans": spans}


def read_week(day: str, numbers: Mapping[str, Any], counted_at: int = 0) -> Week:
    spans = {key: Span(*told) for key, told in numbers.get("spans", {}).items()}
    return Week(day, **{**numbers, "spans": spans}, counted_at=counted_at)


def monday_of(now: datetime, zone: str) -> date:
    """Of the week in which `now` lies on the shop's wall."""
    day = now.astimezone(tz(zone)).date()
    return day - timedelta(days=day.weekday())


def placed_per_day(one: Week, zone: str) -> float:
    """Of a week underway: by its days on the shop's wall as far as it was counted, the last of them too."""
    monday = date.fromisoformat(one.day)
    days = (from_micros(one.counted_at).astimezone(tz(zone)).date() - monday).days + 1 if one.counted_at else 7
    return one.placed / min(7, max(1, days))


def bounds_of(monday: date, zone: str) -> tuple[datetime, datetime]:
    """From the first midnight to the one after Sunday, as the shop's clock has them (a week may be 167 hours)."""
    first, after = (datetime.combine(day, datetime.min.time(), tz(zone)) for day in (monday, monday + timedelta(7)))
    return first, after


def is_kept(delivered_at: int, promise_to: str, zone: str) -> bool:
    return from_micros(delivered_at).astimezone(tz(zone)).date().isoformat() <= promise_to


def spans_of(finished: Iterable[Finished], calendar: Calendar) -> dict[str, Span]:
    """By step, how long orders waited for it after the one before: of those that were not told to the day alone."""
    waits: dict[str, list[int]] = {}
    for one in finished:
        if not one.part:
            for key, wait in _waits(one, calendar):
                waits.setdefault(key, []).append(wait)
    return {key: span_of(found) for key, found in waits.items() if len(found) >= LEAST}


def span_of(waits: Sequence[int]) -> Span:
    """Nearest ranks: both numbers are waits that somebody had."""
    ordered = sorted(waits)
    n = len(ordered)
    return Span(n, ordered[ceil(n * 0.5) - 1], ordered[ceil(n * 0.9) - 1])


def _waits(one: Finished, calendar: Calendar) -> Iterable[tuple[str, int]]:
    steps = sorted(one.steps, key=lambda step: (step.at, step.position))
    for before, after in pairwise(steps):
        exact = "day" not in (before.precision, after.precision)
        if after.position <= SHIPPED and after.position > before.position and exact:
            yield after.step, working_minutes(calendar, from_micros(before.at), from_micros(after.at))
    sent = next((step for step in steps if step.position == SHIPPED), None)
    home = next((step for step in steps if step.position >= DELIVERED), None)
    if sent is not None and home is not None and home.at > sent.at:
        zone = tz(calendar.zone)
        days = from_micros(home.at).astimezone(zone).date() - from_micros(sent.at).astimezone(zone).date()
        yield DRIVING, days.days
