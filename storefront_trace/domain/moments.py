"""Instants, the zones they were given in, and how exactly they are known.

Everything here computes in UTC. Python subtracts two local datetimes of one zone by their wall clocks, so a parcel that
was packed across a change of summer time would take an hour more or less than it did, even less than none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from storefront_trace.domain.errors import Invalid

Precision = Literal["day", "minute", "second"]

FIRST_YEAR, LAST_YEAR = 2000, 2100

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SECOND = timedelta(seconds=1)
_LONGEST = 120
_WIDEST_OFFSET = 14 * 60
_OFFSET = re.compile(r"([+-])(\d\d)(?::?(\d\d))?", re.ASCII)
_WRITTEN = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
    r"(?P<time>[Tt ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?P<offset>[Zz]|[+-]\d\d(?::?\d\d)?)?)?"
    r"(?:\[(?P<zone>[A-Za-z0-9_+/-]{1,64})\])?",
    re.ASCII,
)
_OTHER_DATES = re.compile(r"\d{4}-?W\d\d|\d{4}-?\d{3}(?!\d)|\d{8}(?!\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Moment:
    """`instant` is UTC; `zone` is an IANA name or a fixed offset such as "+01:00".

    With precision "day" only the date in its own zone is known: `instant` is that day's first instant, for sorting, and
    no clock time may be shown.
    """

    instant: datetime
    zone: str
    precision: Precision

    def __post_init__(self) -> None:
        if self.instant.tzinfo is None:
            raise ValueError("a moment needs an aware instant")
        object.__setattr__(self, "instant", self.instant.astimezone(UTC))

    @property
    def day(self) -> date:
        return local_day(self.instant, self.zone)


def parse_moment(text: str, *, default_zone: str | None, years: tuple[int, int] = (FIRST_YEAR, LAST_YEAR)) -> Moment:
    """ISO 8601 as RFC 3339 and RFC 9557 narrow it: "2026-11-20T09:14:00+01:00", optionally "[Europe/Stockholm]".

    A time of day needs an offset; a bare date needs `default_zone` (or its own) and gets precision "day". The zone is
    the named one, else `default_zone` when it had that very offset then, else the offset. "Z" tells no place, only
    UTC, so it takes `default_zone`. Raises Invalid, never repeating the text; `years` are the first and the last that
    are taken.
    """
    written = _WRITTEN.fullmatch(text) if len(text) <= _LONGEST else None
    if written is None:
        raise _unreadable(text)
    day = _day(written, years)
    named = written["zone"]
    if named is not None and not is_zone(named):
        raise Invalid("The time zone in brackets is unknown. Use a name such as Europe/Stockholm.")
    if written["time"] is None:
        return _whole_day(day, named or default_zone)
    if written["offset"] is None:
        raise Invalid("The time has no offset from UTC. Write it as in 2026-11-20T09:14:00+01:00.")
    naive = datetime.combine(day, _time(written))
    precision: Precision = "minute" if written["second"] is None else "second"
    return _placed(naive, written["offset"], named, default_zone, precision)


def from_naive_local(
    naive: datetime, zone: str, *, precision: Precision = "minute", repeated: Literal["first", "last"] = "first"
) -> Moment:
    """What a wall clock in `zone` showed.

    A time that summer time skipped is moved forward by what was skipped (02:30 becomes 03:30). A time that came twice
    is the first one, unless `repeated` says otherwise.
    """
    place = tz(zone)
    instant = _read(naive, place, fold=0)
    if repeated == "last":
        # fold=1 moves a skipped time backwards, so it counts only where the clock really showed this time.
        later = _read(naive, place, fold=1)
        instant = max(instant, later) if later.astimezone(place).replace(tzinfo=None) == naive else instant
    return Moment(instant, zone, precision)


def local(moment: Moment, zone: str | None = None) -> datetime:
    """The wall clock in `zone`, or in the moment's own zone.

    A moment known to the day stays in its own: a date that moved with the reader's zone would become another date.
    """
    return moment.instant.astimezone(tz(moment.zone if zone is None or moment.precision == "day" else zone))


def local_day(instant: datetime, zone: str) -> date:
    return instant.astimezone(tz(zone)).date()


def day_of(micros: int, zone: str) -> str:
    """The ISO date on the wall there at an instant in microseconds since 1970, UTC."""
    return local_day(from_micros(micros), zone).isoformat()


def start_of_day(day: date, zone: str) -> datetime:
    """The first instant (UTC) of a day: 01:00 on the wall where midnight was skipped.

    A day that a zone skipped altogether (Samoa's 30 December 2011) starts with the day after it.
    """
    return _midnights(day, tz(zone))[0]


def next_midnight(instant: datetime, zone: str) -> datetime:
    """The first instant (UTC) after `instant` that has a later date in `zone`."""
    tomorrow = local_day(instant, zone) + timedelta(days=1)
    return next(start for start in _midnights(tomorrow, tz(zone)) if start > instant)


def ambiguous(instant: datetime, zone: str) -> bool:
    """Whether the wall clock showed this time twice, so that the offset must be shown with it."""
    wall = instant.astimezone(tz(zone))
    return wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()


def offset_text(instant: datetime, zone: str) -> str:
    """The offset from UTC in `zone` at that instant, as in "+01:00"."""
    return instant.astimezone(tz(zone)).isoformat(timespec="seconds")[19:25]


def is_zone(name: str) -> bool:
    """Whether it is an IANA name such as Europe/Stockholm. Fixed offsets are not: a shop has to live somewhere."""
    return name in _zone_names()


def tz(zone: str) -> tzinfo:
    """For an IANA name or a fixed offset. Raises ValueError for anything else, file paths among them."""
    return _tz(zone)


def to_micros(instant: datetime) -> int:
    """Microseconds since 1970 (UTC), exact. ValueError for a naive datetime."""
    if instant.tzinfo is None:
        raise ValueError("a naive datetime is no instant")
    return (instant - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def _unreadable(text: str) -> Invalid:
    if _OTHER_DATES.match(text):
        return Invalid("Write the date as year-month-day, as in 2026-11-20; week dates and day numbers are not read.")
    return Invalid("The time is not ISO 8601. Write it as in 2026-11-20T09:14:00+01:00.")


def _day(written: re.Match[str], years: tuple[int, int]) -> date:
    year, (first, last) = int(written["year"]), years
    if not first <= year <= last:
        raise Invalid("The year must be from %(first)s to %(last)s.", params={"first": first, "last": last})
    try:
        return date(year, int(written["month"]), int(written["day"]))
    except ValueError:
        raise Invalid("There is no such day in the calendar. Check the month and the day.") from None


def _time(written: re.Match[str]) -> time:
    hour, minute, second = int(written["hour"]), int(written["minute"]), int(written["second"] or 0)
    if hour == 24:
        raise Invalid("24:00 is not read. Write 00:00 of the next day.")
    if second == 60:
        raise Invalid("Leap seconds are not read. Write second 59.")
    if hour > 24 or minute > 59 or second > 60:
        raise Invalid("There is no such time of day. Check the hours, minutes and seconds.")
    return time(hour, minute, second, int((written["fraction"] or "")[:6].ljust(6, "0")))


def _whole_day(day: date, zone: str | None) -> Moment:
    if zone is None:
        raise Invalid("The date has no time zone. Write a time with its offset, as in 2026-11-20T09:14:00+01:00.")
    start = start_of_day(day, zone)
    if local_day(start, zone) != day:
        raise Invalid("That day was skipped in the time zone. Check the date.")
    return Moment(start, zone, "day")


def _placed(naive: datetime, offset: str, named: str | None, default: str | None, precision: Precision) -> Moment:
    placeless = offset in ("Z", "z", "-00:00", "-0000", "-00")
    fixed = UTC if placeless else _fixed(offset)
    if fixed is None:
        raise Invalid("There is no such offset from UTC. It goes from -14:00 to +14:00.")
    instant = naive.replace(tzinfo=fixed).astimezone(UTC)
    given = instant.astimezone(fixed).isoformat(timespec="seconds")[19:25]
    if named is not None:
        if not placeless and offset_text(instant, named) != given:
            raise Invalid("The offset and the time zone in brackets do not agree. Leave one of them out.")
        return Moment(instant, named, precision)
    if default is not None and (placeless or offset_text(instant, default) == given):
        return Moment(instant, default, precision)
    return Moment(instant, "UTC" if placeless else given, precision)


def _read(naive: datetime, place: tzinfo, *, fold: int) -> datetime:
    return naive.replace(tzinfo=place, fold=fold).astimezone(UTC)


def _midnights(day: date, place: tzinfo) -> list[datetime]:
    """Every instant at which the local date becomes `day` or jumps over its midnight, oldest first.

    One, or two where the clock was set back across midnight (Newfoundland at 00:01).
    """
    midnight = datetime.combine(day, time())
    first, second = _read(midnight, place, fold=0), _read(midnight, place, fold=1)
    if first <= second:
        return sorted({first, second})
    # Skipped. PEP 495: fold=1 then reads with the later offset and lands before the jump, fold=0 after it.
    return [_jump(second, first, day, place)]


def _jump(before: datetime, after: datetime, day: date, place: tzinfo) -> datetime:
    low, high = 0, (after - before) // _SECOND
    while high - low > 1:
        middle = (low + high) // 2
        if (before + middle * _SECOND).astimezone(place).date() >= day:
            high = middle
        else:
            low = middle
    return before + high * _SECOND


def _fixed(offset: str) -> timezone | None:
    parts = _OFFSET.fullmatch(offset)
    if parts is None:
        return None
    hours, minutes = int(parts[2]), int(parts[3] or 0)
    total = hours * 60 + minutes
    if minutes > 59 or total > _WIDEST_OFFSET:
        return None
    return timezone(timedelta(minutes=-total if parts[1] == "-" else total))


@lru_cache(maxsize=1024)
def _tz(zone: str) -> tzinfo:
    if is_zone(zone):
        return ZoneInfo(zone)
    fixed = _fixed(zone)
    if fixed is None:
        raise ValueError("neither the name of a time zone nor an offset")
    return fixed


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    # Not ZoneInfo(name): it opens right/Europe/Stockholm, which counts leap seconds, and localtime, this machine's.
    return frozenset(available_timezones()) - {"Factory", "localtime"}
