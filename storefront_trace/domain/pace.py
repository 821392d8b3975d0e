"""How long a shop's own finished orders took, as numbers that fit into the shop's row.

Two clocks, because two kinds of people work on an order. Until it is sent, what passes is the shop's **working time**
(domain/calendar.py): an order that waits over Midsummer has not waited. From then on it is the carrier's **driving
days**: the weekdays on which at least one in twenty of the shop's own parcels with that carrier came home, without
public holidays. So a carrier that delivers on Saturdays is known to, and nobody has to be asked. (Hours mean nothing
there: whether a van comes at ten or at three says nothing about the parcel.)

The numbers are empirical distributions, without a model: of every finished order, at each step that it passed, how
much of it was left. An estimate made of the steps' own ninth deciles, added up, would be far too wide, since no order
is slow everywhere; and one made of their means would be wrong every second time. See domain/estimate.py for their use.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from storefront_trace.domain.calendar import Calendar, Counted, working_minutes
from storefront_trace.domain.moments import from_micros, tz
from storefront_trace.domain.orders import DELIVERED, SHIPPED
from storefront_trace.domain.texts import folded

LEAST = 30  # finished orders; with fewer we keep quiet
MOST = 500  # the newest ones: how it was two years ago says nothing about Thursday
ANY_CARRIER = ""
_RARE = 0.05
_ROWS = 60
_ROUNDINGS = (15, 30, 60, 120, 240, 480)
_LONGEST = 60  # driving days; what took longer went astray
_MINUTE = 60_000_000


class Passed(NamedTuple):
    """A step that an order passed; `at` in microseconds since 1970, UTC."""

    step: str
    position: int
    at: int
    precision: str


class Finished(NamedTuple):
    """An order that came home in one parcel: its steps in any order, corrected ones left out.

    Or `part`: one parcel of an order that came in several, from the day on which it was sent. It tells of its carrier
    as much as any other; of the shop it tells nothing, since nobody knows what the others waited for.
    """

    steps: tuple[Passed, ...]
    carrier: str | None
    part: bool = False


class Way(NamedTuple):
    """What one finished order tells. Days are ordinals in the shop's zone, minutes are working time.

    `left`: at each step in the shop, the minutes until it was sent; `out`: the day of each of the carrier's steps;
    `waits`: at each step, the minutes since the one before (real time for a carrier's step).
    """

    carrier: str
    left: Mapping[str, int]
    out: Mapping[str, int]
    waits: Mapping[str, int]
    sent: int
    home: int
    part: bool = False


def carrier_key(carrier: str | None) -> str:
    return folded(carrier or "").strip()


def way_of(order: Finished, calendar: Calendar) -> Way | None:
    """None for an order whose steps do not tell when it left the shop and came home."""
    first: dict[str, Passed] = {}
    for passed in sorted(order.steps, key=lambda one: (one.at, one.position)):
        first.setdefault(passed.step, passed)
    steps = [passed for passed in first.values() if passed.position < DELIVERED]
    gone = min((one for one in steps if one.position >= SHIPPED), key=lambda one: one.at, default=None)
    came = max((one for one in order.steps if one.position >= DELIVERED), key=lambda one: one.at, default=None)
    if gone is None or came is None or came.at < gone.at:
        return None
    moments = {one.step: moment_of(one.at, one.precision, calendar) for one in first.values()}
    shop_steps = [one for one in steps if one.position < SHIPPED]
    return Way(
        carrier=carrier_key(order.carrier),
        left={one.step: working_minutes(calendar, moments[one.step], moments[gone.step]) for one in shop_steps},
        out={one.step: day_of_step(one, calendar) for one in steps if one.position >= SHIPPED},
        waits=_waits(first.values(), moments, calendar),
        sent=day_of_step(gone, calendar),
        home=day_of_step(came, calendar),
        part=order.part,
    )


def pace_of(ways: Sequence[Way], calendar: Calendar) -> dict[str, Any]:
    """As it is kept in the shop's row, of at most the `MOST` last orders and as many parcels of split ones. Only
    `orders` when they are too few.

    steps: {step: [orders, median, ninth decile]} of the minutes since the step before;
    left: {step: [[minutes until sent, driving days from then on, orders], …]};
    carried: {carrier: {step: [orders that took 0 more driving days, 1, 2, …]}}, "" for all carriers together;
    drives: {carrier: ISO weekdays}.
    """
    whole = [way for way in ways if not way.part][-MOST:]
    if len(whole) < LEAST:
        return {"orders": len(whole)}
    ways = whole + [way for way in ways if way.part][-MOST:]
    amounts = Counter(way.carrier for way in ways)
    known = [ANY_CARRIER, *sorted(key for key, amount in amounts.items() if key and amount >= LEAST)]
    of = {key: [way for way in ways if key in (ANY_CARRIER, way.carrier)] for key in known}
    drives = {key: driving_weekdays(way.home for way in of[key]) for key in known}
    days = {key: _counted(drives[key], calendar, of[key]) for key in known}
    return {
        "orders": len(whole),
        "steps": _medians(ways),
        "left": _left(ways, days[ANY_CARRIER]),
        "carried": {key: _carried(of[key], days[key]) for key in known},
        "drives": drives,
    }


def driving_weekdays(homes: Iterable[int]) -> list[int]:
    found = Counter(date.fromordinal(day).isoweekday() for day in homes)
    return sorted(weekday for weekday, amount in found.items() if amount >= _RARE * found.total())


def moment_of(at: int, precision: str, calendar: Calendar) -> datetime:
    """What is known to the day alone is taken to have happened in the middle of the working day."""
    start = from_micros(at)
    return start + timedelta(minutes=(calendar.opens + calendar.closes) // 2) if precision == "day" else start


def day_of_step(step: Passed, calendar: Calendar) -> int:
    return moment_of(step.at, step.precision, calendar).astimezone(tz(calendar.zone)).toordinal()


def driven(days: Counted, start: int, end: int) -> int:
    """Driving days after `start`, up to and with `end`."""
    return max(0, days.at_or_before(end) - days.at_or_before(start))


def _waits(steps: Iterable[Passed], moments: Mapping[str, datetime], calendar: Calendar) -> dict[str, int]:
    found: dict[str, int] = {}
    before: Passed | None = None
    for one in steps:
        if before is not None and one.position > before.position:
            start, end = moments[before.step], moments[one.step]
            carried = before.position >= SHIPPED
            found[one.step] = (one.at - before.at) // _MINUTE if carried else working_minutes(calendar, start, end)
        before = one
    return found


def _counted(weekdays: Sequence[int], calendar: Calendar, ways: Sequence[Way]) -> Counted:
    first, last = min(way.sent for way in ways), max(way.home for way in ways)
    spare = timedelta(days=14)
    return Counted(
        lambda day: day.isoweekday() in weekdays and day not in calendar.public,
        date.fromordinal(first) - spare,
        date.fromordinal(last) + spare,
    )


def _medians(ways: Sequence[Way]) -> dict[str, list[int]]:
    waits: dict[str, list[int]] = {}
    for way in ways:
        for step, minutes in way.waits.items():
            waits.setdefault(step, []).append(minutes)
    found = {step: sorted(minutes) for step, minutes in sorted(waits.items()) if len(minutes) >= LEAST}
    return {
        step: [len(some), some[(len(some) - 1) // 2], some[-(-9 * len(some) // 10) - 1]] for step, some in found.items()
    }


def _left(ways: Sequence[Way], days: Counted) -> dict[str, list[list[int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for way in ways:
        for step, minutes in way.left.items():
            found.setdefault(step, []).append((minutes, min(_LONGEST, driven(days, way.sent, way.home))))
    return {step: _rows(pairs) for step, pairs in sorted(found.items()) if len(pairs) >= LEAST}


def _rows(pairs: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Rounded to quarters of an hour, or as much coarser as is needed to make few rows of many orders."""
    for rounding in _ROUNDINGS:
        rows = Counter(((minutes + rounding // 2) // rounding * rounding, days) for minutes, days in pairs)
        if len(rows) <= _ROWS:
            break
    return [[minutes, days, amount] for (minutes, days), amount in sorted(rows.items())]


def _carried(ways: Sequence[Way], days: Counted) -> dict[str, list[int]]:
    found: dict[str, Counter[int]] = {}
    for way in ways:
        for step, day in way.out.items():
            found.setdefault(step, Counter())[min(_LONGEST, driven(days, day, way.home))] += 1
    return {
        step: [amounts[day] for day in range(max(amounts) + 1)]
        for step, amounts in sorted(found.items())
        if amounts.total() >= LEAST
    }
