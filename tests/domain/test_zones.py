"""Every zone there is, around every change of its clocks."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.moments import (
    Moment,
    ambiguous,
    from_micros,
    from_naive_local,
    is_zone,
    local,
    local_day,
    next_midnight,
    parse_moment,
    start_of_day,
    to_micros,
)

NAMED = [
    "Australia/Lord_Howe",  # half an hour of summer time
    "Africa/Casablanca",  # "summer" is the standard, Ramadan the exception
    "Pacific/Kiritimati",  # +14
    "Pacific/Pago_Pago",  # -11
    "America/Sao_Paulo",  # summer time began at midnight, until 2018
    "Africa/Cairo",
    "Asia/Beirut",
    "America/St_Johns",  # set back at 00:01, until 2011
    "Pacific/Apia",  # without 30 December 2011
    "Europe/Stockholm",
]
ZONES = sorted(zone for zone in zoneinfo.available_timezones() if is_zone(zone))
START = datetime(2000, 1, 2, tzinfo=UTC)
END = datetime(2100, 12, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
zones = st.sampled_from(NAMED) | st.sampled_from(ZONES)
instants = st.integers(to_micros(START), to_micros(END)).map(from_micros)
naives = st.datetimes(datetime(2000, 1, 2), datetime(2100, 12, 30))


def _offset(instant: datetime, zone: str) -> timedelta:
    offset = instant.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return offset


def _transition(low: datetime, high: datetime, zone: str) -> datetime:
    before = _offset(low, zone)
    while high - low > SECOND:
        middle = low + (high - low) // 2 // SECOND * SECOND
        low, high = (middle, high) if _offset(middle, zone) == before else (low, middle)
    return high


@cache
def _transitions(zone: str) -> list[datetime]:
    """A zone's changes of offset in the coming years and in those with Samoa's and Brazil's oddities."""
    found: list[datetime] = []
    for year in (2004, 2010, 2011, 2017, 2018, 2023, 2026, 2027):
        marks = [datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=8 * n) for n in range(47)]
        pairs = pairwise(marks)
        found += [_transition(a, b, zone) for a, b in pairs if _offset(a, zone) != _offset(b, zone)]
    return found


def _around(zone: str) -> list[datetime]:
    steps = (-25 * HOUR, -90 * 60 * SECOND, -HOUR, -SECOND, 0 * SECOND, SECOND, HOUR, 90 * 60 * SECOND, 25 * HOUR)
    return [at + step for at in _transitions(zone) for step in steps]


def _check_instant(instant: datetime, zone: str) -> None:
    """What must hold for every instant in every zone."""
    moment = Moment(instant, zone, "second")
    wall = local(moment)
    assert wall.astimezone(UTC) == instant
    assert from_micros(to_micros(instant)) == instant
    naive = wall.replace(tzinfo=None)
    first, last = from_naive_local(naive, zone), from_naive_local(naive, zone, repeated="last")
    assert instant in (first.instant, last.instant)
    assert ambiguous(instant, zone) == (first.instant != last.instant)
    assert first.instant <= last.instant


def _check_midnight(instant: datetime, zone: str) -> None:
    midnight = next_midnight(instant, zone)
    today = local_day(instant, zone)
    assert instant < midnight <= instant + timedelta(hours=49)
    assert local_day(midnight, zone) > today
    assert local_day(midnight - SECOND / 1_000_000, zone) <= today or midnight - SECOND / 1_000_000 < instant
    # Nothing between lies in a later day: every quarter of an hour, and the seconds around each change of offset.
    between = [instant + timedelta(minutes=15) * n for n in range(200)]
    between += [at + step for at in _transitions(zone) for step in (-SECOND, 0 * SECOND)]
    assert all(local_day(at, zone) <= today for at in between if instant <= at < midnight)


@given(instants, zones)
@example(datetime(2010, 11, 7, 2, 30, 59, tzinfo=UTC), "America/St_Johns")
def test_an_instant_survives_every_zones_wall_clock(instant: datetime, zone: str) -> None:
    _check_instant(instant, zone)


@pytest.mark.parametrize("part", range(4))
def test_instants_around_every_change_of_offset_of_every_zone_survive(part: int) -> None:
    checked = 0
    for zone in ZONES[part::4]:
        for instant in _around(zone):
            _check_instant(instant, zone)
            checked += 1
    assert checked > 1000


@pytest.mark.parametrize("zone", NAMED)
def test_the_next_midnight_is_the_first_instant_of_the_next_date_around_every_change(zone: str) -> None:
    for instant in _around(zone) or [datetime(2026, 11, 22, tzinfo=UTC)]:
        _check_midnight(instant, zone)


@given(instants, zones)
@settings(max_examples=150)
def test_the_next_midnight_is_the_first_instant_of_the_next_date(instant: datetime, zone: str) -> None:
    _check_midnight(instant, zone)


@given(naives, zones)
def test_a_wall_clock_is_read_or_moved_forward_by_what_was_skipped(naive: datetime, zone: str) -> None:
    moment = from_naive_local(naive, zone)
    shown = local(moment).replace(tzinfo=None)
    assert shown >= naive
    if shown != naive:
        before = _offset(moment.instant - (shown - naive) - SECOND, zone)
        assert _offset(moment.instant, zone) - before == shown - naive


@given(st.lists(instants, min_size=2, max_size=2), zones)
def test_no_duration_between_stored_moments_is_negative(pair: list[datetime], zone: str) -> None:
    earlier, later = sorted(Moment(at, zone, "second").instant for at in pair)
    assert to_micros(later) - to_micros(earlier) >= 0
    assert later - earlier == (later - START) - (earlier - START)


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), zones)
@example(date(2018, 11, 4), "America/Sao_Paulo")
@example(date(2023, 4, 28), "Africa/Cairo")
def test_a_bare_date_is_that_day_in_its_zone_whoever_reads_it(day: date, zone: str) -> None:
    try:
        moment = parse_moment(day.isoformat(), default_zone=zone)
    except Invalid:
        assert local_day(start_of_day(day, zone), zone) != day
        return
    assert moment.precision == "day"
    assert moment.day == day
    assert local(moment, "Pacific/Kiritimati").date() == day == local(moment, "Pacific/Pago_Pago").date()
    assert local_day(moment.instant - SECOND, zone) < day or day == date(2000, 1, 1)


@given(instants, zones)
def test_what_a_zones_clock_shows_is_read_back_as_the_same_instant(instant: datetime, zone: str) -> None:
    written = instant.astimezone(zoneinfo.ZoneInfo(zone)).isoformat(timespec="microseconds")
    if len(written) != 32:  # an offset with seconds cannot be written in ISO 8601
        return
    moment = parse_moment(written, default_zone=zone)
    assert moment == Moment(instant, zone, "second")
    assert parse_moment(written, default_zone=None) == Moment(instant, written[-6:], "second")
