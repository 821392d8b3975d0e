from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.moments import (
    Moment,
    ambiguous,
    from_naive_local,
    is_zone,
    local,
    next_midnight,
    offset_text,
    parse_moment,
    start_of_day,
    to_micros,
    tz,
)


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
    assert not ambiguous(again + timedelta(hours=1), "Europe/Stockholm")


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
