"""On which days an order will come home, from how it went for the shop's orders before it.

Take every finished order at the step that this one has reached: what was left of it then is what may be left now.
Laid on the calendar from that step's moment, through the shop's opening hours and then the carrier's driving days, each
gives a day. Days that can no longer be are struck out (an order not sent by closing time is not sent today), which is
the distribution given that it has not come yet. The answer is the fewest days in a row that hold at least
ceil(0.9 (n + 1)) of the n that remain: the shortest 90 % interval. Counting one more than there are makes up for the
order that is still to come (prediction limits from order statistics, Wilks 1941, doi:10.1214/aoms/1177731788; the same
count as in split conformal prediction). Tails of 5 % on each side were tried: a day and more wider, and as often right
as nobody needs (bench/promise.py).

A pure function of order, pace, calendar and now; the answer changes at midnight and at closing time only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

from storefront_trace.domain.calendar import Calendar, Counted
from storefront_trace.domain.moments import from_micros, tz
from storefront_trace.domain.orders import DELIVERED, SHIPPED
from storefront_trace.domain.pace import ANY_CARRIER, LEAST, Passed, carrier_key, day_of_step, moment_of

_HELD_PERCENT = 90
# What is left of the distribution when an order is slower than nearly all before it: too little to say a day from.
_FEWEST = 5


class Days(NamedTuple):
    """ISO days, first and last."""

    day_from: str
    day_to: str


# The answer for an order that has taken longer than those before it: no day, but something to say.
SLOW = Days("", "")


def estimate(
    reached: Sequence[Passed], carrier: str | None, pace: Mapping[str, Any] | None, calendar: Calendar, now: int
) -> Days | None:
    """`reached` are the steps that all of the order (or of the parcel) has passed; `now` in microseconds.

    From the latest of them that enough orders have passed. None without enough history; `SLOW`, which has no days,
    for an order that has outlasted its history.
    """
    if not pace or pace["orders"] < LEAST or "left" not in pace:
        return None
    first: dict[str, Passed] = {}
    for passed in reached:
        if passed.position < DELIVERED and (passed.step not in first or passed.at < first[passed.step].at):
            first[passed.step] = passed
    for place in sorted(first.values(), key=lambda one: (one.position, one.at), reverse=True):
        if place.position >= SHIPPED:
            found = _from_carrier(place, carrier, pace, calendar, now)
        else:
            found = _from_shop(place, pace, calendar, now)
        if found is not None:
            return _range(found)
    return None


def _from_shop(place: Passed, pace: Mapping[str, Any], calendar: Calendar, now: int) -> dict[int, int] | None:
    """Orders by the day on which they would come home; None when too few of them passed this step."""
    rows = pace["left"].get(place.step)
    if rows is None:
        return None
    wall = moment_of(place.at, place.precision, calendar).astimezone(tz(calendar.zone))
    here = from_micros(now).astimezone(tz(calendar.zone))
    work, drive = _days_around(calendar, tuple(pace["drives"][ANY_CARRIER]), here.year)
    start = work.at_or_after(wall.toordinal())
    since_opening = 0
    if work.day(start) == wall.toordinal():
        since_opening = max(0, min(calendar.length, wall.hour * 60 + wall.minute - calendar.opens))
    closed = here.hour * 60 + here.minute >= calendar.closes
    soonest = work.at_or_after(here.toordinal() + closed)
    # Many rows, few days: the calendar is asked once for each (working day it is sent, driving days).
    ways: dict[tuple[int, int], int] = {}
    length = calendar.length
    for minutes, days, amount in rows:
        over = since_opening + minutes - 1
        way = (start + over // length if over > 0 else start, days)
        ways[way] = ways.get(way, 0) + amount
    homes: dict[int, int] = {}
    for (sent, days), amount in ways.items():
        if sent >= soonest:
            day = work.day(sent)
            home = max(day, drive.day(drive.at_or_before(day) + days))
            homes[home] = homes.get(home, 0) + amount
    return homes


def _from_carrier(
    place: Passed, carrier: str | None, pace: Mapping[str, Any], calendar: Calendar, now: int
) -> dict[int, int] | None:
    """The same from the carrier's own parcels, or from everybody's when there are too few of them."""
    key = carrier_key(carrier)
    if place.step not in pace["carried"].get(key, {}):
        key = ANY_CARRIER
    amounts = pace["carried"][key].get(place.step)
    if amounts is None:
        return None
    here = from_micros(now).astimezone(tz(calendar.zone))
    _, drive = _days_around(calendar, tuple(pace["drives"][key]), here.year)
    today, day = here.toordinal(), day_of_step(place, calendar)
    start = drive.at_or_before(day)
    homes: dict[int, int] = {}
    for days, amount in enumerate(amounts):
        home = max(day, drive.day(start + days))
        if amount and home >= today:
            homes[home] = homes.get(home, 0) + amount
    return homes


def _range(homes: Mapping[int, int]) -> Days:
    total = sum(homes.values())
    if total < _FEWEST:
        return SLOW
    needed = min(total, -(-_HELD_PERCENT * (total + 1) // 100))
    days = sorted(homes)
    upto = [0, *accumulate(homes[day] for day in days)]
    best = (days[0], days[-1])
    last = 0
    for first in range(len(days)):
        while last < len(days) and upto[last] - upto[first] < needed:
            last += 1
        if upto[last] - upto[first] < needed:
            break
        if days[last - 1] - days[first] < best[1] - best[0]:
            best = (days[first], days[last - 1])
    return Days(date.fromordinal(best[0]).isoformat(), date.fromordinal(best[1]).isoformat())


@lru_cache(maxsize=64)
def _days_around(calendar: Calendar, weekdays: tuple[int, ...], year: int) -> tuple[Counted, Counted]:
    """(working days, driving days) of the years around that one."""
    first, last = date(year - 2, 1, 1), date(year + 1, 12, 31)
    drives = Counted(lambda day: day.isoweekday() in weekdays and day not in calendar.public, first, last)
    return Counted(calendar.works_on, first, last), drives
