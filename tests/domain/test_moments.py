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
    offset_text,
    parse_moment,
    start_of_day,
    to_micros,
    tz,
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


@pytest.mark.parametrize(
    ("text", "zone", "precision", "utc"),
    [
        ("2026-11-20T09:14:00+01:00", "+01:00", "second", "2026-11-20T08:14:00+00:00"),
        ("2026-11-20T09:14+01:00", "+01:00", "minute", "2026-11-20T08:14:00+00:00"),
        ("2026-11-20 09:14:00.123456789+0100", "+01:00", "second", "2026-11-20T08:14:00.123456+00:00"),
        ("2026-11-20T09:14:00,5-03", "-03:00", "second", "2026-11-20T12:14:00.500000+00:00"),
        ("2026-11-20t08:14:00z", "UTC", "second", "2026-11-20T08:14:00+00:00"),
        ("2026-11-20T09:14:00+05:45", "+05:45", "second", "2026-11-20T03:29:00+00:00"),
        ("2026-11-20T09:14:00+01:00[Europe/Stockholm]", "Europe/Stockholm", "second", "2026-11-20T08:14:00+00:00"),
        ("2026-11-20T08:14:00Z[Europe/Stockholm]", "Europe/Stockholm", "second", "2026-11-20T08:14:00+00:00"),
    ],
)
def test_the_zone_and_the_precision_are_those_that_were_given(text: str, zone: str, precision: str, utc: str) -> None:
    moment = parse_moment(text, default_zone=None)
    assert (moment.zone, moment.precision, moment.instant.isoformat()) == (zone, precision, utc)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2026-11-20T09:14:00+01:00", "Europe/Stockholm"),
        ("2026-07-20T09:14:00+01:00", "+01:00"),
        ("2026-11-20T08:14:00Z", "Europe/Stockholm"),
        ("2026-11-20T08:14:00+00:00", "+00:00"),
    ],
)
def test_the_shops_zone_is_taken_only_where_it_had_the_given_offset(text: str, zone: str) -> None:
    assert parse_moment(text, default_zone="Europe/Stockholm").zone == zone


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2026-11-20T09:14:00", "no offset"),
        ("2026-11-20T09:14", "no offset"),
        ("2026-11-20T24:00:00+01:00", "00:00 of the next day"),
        ("2016-12-31T23:59:60Z", "second 59"),
        ("2026-W47-5", "year-month-day"),
        ("2026W475", "year-month-day"),
        ("2026-324", "year-month-day"),
        ("20261120T091400Z", "year-month-day"),
        ("1999-12-31T00:00:00Z", "2000 to 2100"),
        ("2101-01-01T00:00:00Z", "2000 to 2100"),
        ("2026-02-29", "no such day"),
        ("2026-11-20T25:00:00Z", "no such time"),
        ("2026-11-20T09:60:00Z", "no such time"),
        ("2026-11-20T09:14:00+15:00", "no such offset"),
        ("2026-11-20T09:14:00+01:75", "no such offset"),
        ("2026-07-20T09:14:00+01:00[Europe/Stockholm]", "do not agree"),
        ("2026-11-20T09:14:00+01:00[Europe/Nowhere]", "unknown"),
        ("2026-11-20T09:14:00+01:00[right/Europe/Stockholm]", "unknown"),
        ("2026-11-20", "no time zone"),
        ("", "not ISO 8601"),
        ("1763626440", "not ISO 8601"),
        ("yesterday", "not ISO 8601"),
        ("2026-11-20T09:14:00 01:00", "not ISO 8601"),
        ("٢٠٢٦-١١-٢٠", "not ISO 8601"),
        ("2026-11-20T09:14:00Z\n", "not ISO 8601"),
        ("2026-11-20T09:14:00Z" + " " * 100_000, "not ISO 8601"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_way_out(text: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        parse_moment(text, default_zone=None)


def test_a_day_that_a_zone_skipped_is_refused() -> None:
    with pytest.raises(Invalid, match="skipped"):
        parse_moment("2011-12-30", default_zone="Pacific/Apia")


@given(st.text(max_size=60) | st.from_regex(r"\A\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?[Z+\-\d:]{0,6}\Z"))
def test_no_text_makes_the_parser_fail_in_another_way(text: str) -> None:
    try:
        assert parse_moment(text, default_zone="Europe/Stockholm").instant.tzinfo is UTC
    except Invalid as refusal:
        assert str(refusal)


def test_a_day_whose_midnight_lies_within_what_was_skipped_starts_after_it() -> None:
    start = start_of_day(date(1919, 3, 31), "America/Toronto")  # 23:30 became 00:30
    assert start.astimezone(zoneinfo.ZoneInfo("America/Toronto")).isoformat() == "1919-03-31T00:30:00-04:00"


def test_a_skipped_and_a_repeated_time_in_stockholm() -> None:
    skipped = from_naive_local(datetime(2027, 3, 28, 2, 30), "Europe/Stockholm")
    assert local(skipped).isoformat() == "2027-03-28T03:30:00+02:00"
    last = from_naive_local(datetime(2027, 3, 28, 2, 30), "Europe/Stockholm", repeated="last")
    assert last == skipped
    twice = datetime(2027, 10, 31, 2, 30)
    assert offset_text(from_naive_local(twice, "Europe/Stockholm").instant, "Europe/Stockholm") == "+02:00"
    again = from_naive_local(twice, "Europe/Stockholm", repeated="last").instant
    assert offset_text(again, "Europe/Stockholm") == "+01:00"
    assert ambiguous(again, "Europe/Stockholm")
    assert not ambiguous(again + HOUR, "Europe/Stockholm")


@pytest.mark.parametrize(
    ("before", "zone", "expected"),
    [
        ("2018-11-03T23:59:00-03:00", "America/Sao_Paulo", "2018-11-04T01:00:00-02:00"),
        ("2023-04-27T12:00:00+02:00", "Africa/Cairo", "2023-04-28T01:00:00+03:00"),
        ("2027-03-27T12:00:00+02:00", "Asia/Beirut", "2027-03-28T01:00:00+03:00"),
        ("2010-11-06T23:59:00-02:30", "America/St_Johns", "2010-11-07T00:00:00-02:30"),
        ("2010-11-06T23:30:00-03:30", "America/St_Johns", "2010-11-07T00:00:00-03:30"),
        ("2011-12-29T12:00:00-10:00", "Pacific/Apia", "2011-12-31T00:00:00+14:00"),
        ("2027-10-30T12:00:00+02:00", "Europe/Stockholm", "2027-10-31T00:00:00+02:00"),
        ("2026-11-20T00:00:00+01:00", "Europe/Stockholm", "2026-11-21T00:00:00+01:00"),
    ],
)
def test_midnights_that_do_not_exist_or_come_twice(before: str, zone: str, expected: str) -> None:
    midnight = next_midnight(datetime.fromisoformat(before), zone)
    assert midnight.astimezone(zoneinfo.ZoneInfo(zone)).isoformat() == expected


@pytest.mark.parametrize(
    "name", ["", "Stockholm", "europe/stockholm", "+01:00", "Factory", "localtime", "../etc/passwd"]
)
def test_only_names_of_places_are_zones(name: str) -> None:
    assert not is_zone(name)


@pytest.mark.parametrize(
    "name", ["", "nowhere", "/etc/passwd", "../../etc/passwd", "+15:00", "1:00", "right/Europe/Paris"]
)
def test_a_zone_is_a_name_or_an_offset_and_never_a_path(name: str) -> None:
    with pytest.raises(ValueError, match="time zone"):
        tz(name)


def test_a_naive_datetime_is_no_instant() -> None:
    with pytest.raises(ValueError, match="naive"):
        to_micros(datetime(2026, 11, 20))
    with pytest.raises(ValueError, match="aware"):
        Moment(datetime(2026, 11, 20), "UTC", "minute")


def test_a_moment_is_kept_in_utc_whatever_it_was_made_from() -> None:
    given_in_tokyo = datetime(2026, 11, 20, 9, tzinfo=zoneinfo.ZoneInfo("Asia/Tokyo"))
    assert Moment(given_in_tokyo, "Asia/Tokyo", "minute").instant.isoformat() == "2026-11-20T00:00:00+00:00"
