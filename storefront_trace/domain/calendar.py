"""A shop's working time: which days it is open, from when until when, and how much of it lies between two instants.

Instants are aware datetimes; what counts is the wall clock in the shop's zone. Opening hours end before midnight. An
hour that summer time skips is no working time, one that comes twice within the opening hours counts twice.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from storefront_trace.domain.errors import N_, Invalid
from storefront_trace.domain.moments import from_naive_local, local_day

MONDAY_TO_FRIDAY = (1, 2, 3, 4, 5)
OPENS, CLOSES = "08:00", "17:00"
MOST_CLOSED = 100
WRONG_HOURS = N_("Write the hours as in 08:00, and close after you have opened.")
WRONG_DAYS = N_("Choose at least one day on which somebody works.")
WRONG_CLOSED = N_("Write each closed day as in 2026-12-24, at most %(most)s of them.")

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_LONGEST_SHUT = 60
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_ISO_DAY = re.compile(r"20\d\d-\d\d-\d\d", re.ASCII)
_DOTTED_DAY = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b")
_LONGEST = 4000


@dataclass(frozen=True)
class Calendar:
    """`days` are ISO weekdays (Monday is 1), `opens` and `closes` minutes after midnight on the wall."""

    zone: str = "UTC"
    days: frozenset[int] = frozenset(MONDAY_TO_FRIDAY)
    opens: int = 8 * 60
    closes: int = 17 * 60
    closed: frozenset[date] = frozenset()
    public: frozenset[date] = frozenset()

    @property
    def length(self) -> int:
        """Minutes of one working day."""
        return self.closes - self.opens

    def works_on(self, day: date) -> bool:
        return day.isoweekday() in self.days and day not in self.closed and day not in self.public

    def opening(self, day: date) -> tuple[datetime, datetime] | None:
        """When the doors open and close, in UTC; None on a day when they stay shut."""
        return _opening(self.zone, day, self.opens, self.closes) if self.works_on(day) else None


def read_calendar(kept: Mapping[str, Any] | None, zone: str) -> Calendar:
    """From the shop's row, where whatever is missing is as in most shops: Monday to Friday, eight to five."""
    kept = kept or {}
    return Calendar(
        zone=zone,
        days=frozenset(kept.get("days", MONDAY_TO_FRIDAY)),
        opens=_minutes(kept.get("opens", OPENS)),
        closes=_minutes(kept.get("closes", CLOSES)),
        closed=frozenset(date.fromisoformat(day) for day in kept.get("closed", ())),
        public=frozenset(date.fromisoformat(day) for day in (kept.get("public") or {}).get("days", ())),
    )


def checked_calendar(days: Collection[str], opens: str, closes: str, closed: str) -> dict[str, Any]:
    """What the owner typed as it is kept. `closed` are ISO dates, or 24.12.2026 as Finns and Germans write, with
    anything but digits and "-" between them.

    Invalid names the field: days, opens, closes or closed.
    """
    chosen = sorted({int(day) for day in days if day in "1234567" and len(day) == 1})
    if not chosen:
        raise Invalid(WRONG_DAYS, errors=[("days", WRONG_DAYS)])
    for field, clock in (("opens", opens), ("closes", closes)):
        if not _CLOCK.fullmatch(clock):
            raise Invalid(WRONG_HOURS, errors=[(field, WRONG_HOURS)])
    if _minutes(opens) >= _minutes(closes):
        raise Invalid(WRONG_HOURS, errors=[("closes", WRONG_HOURS)])
    return {"days": chosen, "opens": opens, "closes": closes, "closed": _closed_days(closed)}


def working_minutes(calendar: Calendar, start: datetime, end: datetime) -> int:
    """Whole minutes of working time from `start` to `end`; 0 when `end` is not later."""
    total, day, last = timedelta(), local_day(start, calendar.zone), local_day(end, calendar.zone) + _DAY
    while day <= last:
        hours = calendar.opening(day)
        if hours is not None:
            total += max(timedelta(), min(hours[1], end) - max(hours[0], start))
        day += _DAY
    return total // _MINUTE


def workdays_before(calendar: Calendar, now: datetime, days: int) -> datetime:
    """The same time of day (UTC) so many working days ago; a shop that has been shut for two months has stood still."""
    for _ in range(_LONGEST_SHUT):
        if not days:
            break
        now -= _DAY
        days -= calendar.works_on(local_day(now, calendar.zone))
    return now


def after_working(calendar: Calendar, start: datetime, minutes: int) -> datetime:
    """The first instant (UTC) by which so many minutes of working time have passed since `start`.

    ValueError when the shop does not open for years.
    """
    left, day, now = timedelta(minutes=minutes), local_day(start, calendar.zone), start.astimezone(UTC)
    if not left:
        return now
    for _ in range(_LONGEST):
        hours = calendar.opening(day)
        if hours is not None:
            begins = max(hours[0], now)
            here = hours[1] - begins
            if here >= left:
                return begins + left
            left -= max(timedelta(), here)
        day += _DAY
    raise ValueError("the shop does not open")


def closes_next(calendar: Calendar, now: datetime) -> datetime | None:
    """When the doors close today, if that is still ahead."""
    hours = calendar.opening(local_day(now, calendar.zone))
    return hours[1] if hours is not None and now < hours[1] else None


class Counted:
    """Numbers the days that count, so that "three such days later" is one addition.

    Days are ordinals (date.toordinal). What lies outside the years that were asked for counts as the nearest inside.
    """

    def __init__(self, counts: Callable[[date], bool], first: date, last: date) -> None:
        ordinals = range(first.toordinal(), last.toordinal() + 1)
        self._days: Sequence[int] = [day for day in ordinals if counts(date.fromordinal(day))]

    def at_or_after(self, day: int) -> int:
        """The number of that day, or of the first one after it that counts."""
        return bisect_left(self._days, day)

    def at_or_before(self, day: int) -> int:
        return bisect_right(self._days, day) - 1

    def day(self, number: int) -> int:
        """The day with that number."""
        return self._days[max(0, min(number, len(self._days) - 1))]


@lru_cache(maxsize=4096)
def _opening(zone: str, day: date, opens: int, closes: int) -> tuple[datetime, datetime] | None:
    """None on a day that the zone skipped: both its ends would be on the day after.

    Both ends at the first time the clock shows them, so that no two days overlap where it is set back over midnight.
    """
    start = from_naive_local(datetime.combine(day, time(opens // 60, opens % 60)), zone).instant
    end = from_naive_local(datetime.combine(day, time(closes // 60, closes % 60)), zone).instant
    return (start, max(start, end)) if local_day(start, zone) == day else None


def _minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _closed_days(text: str) -> list[str]:
    text = _DOTTED_DAY.sub(lambda day: f"{day[3]}-{day[2]:0>2}-{day[1]:0>2}", text)
    found = [word for word in re.split(r"[^\d-]+", text) if word]
    refusal = Invalid(WRONG_CLOSED, errors=[("closed", WRONG_CLOSED)], params={"most": MOST_CLOSED})
    if len(found) > MOST_CLOSED or not all(_ISO_DAY.fullmatch(word) for word in found):
        raise refusal
    try:
        return sorted({date.fromisoformat(word).isoformat() for word in found})
    except ValueError:
        raise refusal from None
