from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storefront_trace.domain.calendar import (
    Calendar,
    Counted,
    after_working,
    checked_calendar,
    closes_next,
    read_calendar,
    workdays_before,
    working_minutes,
)
from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.moments import from_micros, from_naive_local, local_day, to_micros

STOCKHOLM = read_calendar(None, "Europe/Stockholm")
ZONES = (
    "Europe/Stockholm",
    "Australia/Lord_Howe",  # half an hour of summer time
    "America/Sao_Paulo",  # summer time began at midnight
    "America/St_Johns",  # set back over midnight, until 2011
    "Pacific/Apia",  # without 30 December 2011
    "Pacific/Kiritimati",
    "UTC",
)
FIRST, LAST = datetime(2008, 1, 1, tzinfo=UTC), datetime(2030, 12, 31, tzinfo=UTC)

instants = st.integers(to_micros(FIRST), to_micros(LAST)).map(from_micros)
around = st.sampled_from(
    [datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC), datetime(2011, 12, 29, tzinfo=UTC)]
)
near = st.tuples(around, st.integers(0, 4 * 24 * 60)).map(lambda both: both[0] + timedelta(minutes=both[1]))


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    opens = draw(st.integers(0, 23 * 60))
    day = draw(near).date()
    return Calendar(
        zone=draw(st.sampled_from(ZONES)),
        days=frozenset(draw(st.sets(st.integers(1, 7), min_size=1))),
        opens=opens,
        closes=draw(st.integers(opens + 1, 24 * 60 - 1)),
        closed=frozenset(day + timedelta(days=n) for n in draw(st.sets(st.integers(0, 9)))),
        public=frozenset({date(2026, 4, 3), date(2026, 12, 25)}),
    )


def at(text: str) -> datetime:
    return from_naive_local(datetime.fromisoformat(text), "Europe/Stockholm").instant


@settings(max_examples=150)
@given(calendars(), instants | near, st.integers(0, 3_000))
def test_after_so_many_working_minutes_just_so_many_have_passed(
    calendar: Calendar, start: datetime, minutes: int
) -> None:
    minutes = min(minutes, 50 * calendar.length)
    end = after_working(calendar, start, minutes)
    assert end >= start
    assert working_minutes(calendar, start, end) == minutes
    if minutes:
        assert working_minutes(calendar, start, end - timedelta(microseconds=1)) == minutes - 1


@settings(max_examples=150)
@given(calendars(), st.lists(instants | near, min_size=3, max_size=3))
def test_working_time_adds_up_and_is_never_more_than_the_time_that_passed(
    calendar: Calendar, moments: list[datetime]
) -> None:
    start, middle, end = sorted(moment.replace(second=0, microsecond=0) for moment in moments)
    end = min(end, middle + timedelta(days=150))
    start = max(start, middle - timedelta(days=150))
    whole = working_minutes(calendar, start, end)
    assert working_minutes(calendar, start, middle) + working_minutes(calendar, middle, end) == whole
    assert 0 <= whole <= (end - start) // timedelta(minutes=1)
    assert working_minutes(calendar, end, start) == 0 or start == end


@settings(max_examples=100)
@given(calendars(), near)
def test_a_day_on_which_the_shop_is_shut_has_no_working_time(calendar: Calendar, moment: datetime) -> None:
    day = local_day(moment, calendar.zone)
    midnight, next_one = (
        from_naive_local(datetime.combine(day + timedelta(days=n), datetime.min.time()), calendar.zone).instant
        for n in (0, 1)
    )
    worked = working_minutes(calendar, midnight, next_one)
    if not calendar.works_on(day):
        assert worked == 0
    else:
        assert abs(worked - calendar.length) <= 60 or local_day(midnight, calendar.zone) != day


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-20T16:30", "2026-11-23T08:30", 60),  # over a weekend
        ("2026-03-27T08:00", "2026-03-30T17:00", 2 * 540),  # summer time began that Sunday
        ("2026-11-21T10:00", "2026-11-22T18:00", 0),  # all of it a weekend
        ("2026-11-20T03:00", "2026-11-20T23:00", 540),
    ],
)
def test_nights_and_weekends_are_no_working_time(start: str, end: str, minutes: int) -> None:
    assert working_minutes(STOCKHOLM, at(start), at(end)) == minutes


def test_an_hour_that_summer_time_skips_is_not_worked_and_one_that_comes_twice_is_worked_twice() -> None:
    nights = Calendar("Europe/Stockholm", frozenset(range(1, 8)), opens=60, closes=240)
    assert working_minutes(nights, at("2026-03-29T00:00"), at("2026-03-29T12:00")) == 120
    assert working_minutes(nights, at("2026-10-25T00:00"), at("2026-10-25T12:00")) == 240


def test_public_holidays_and_own_closed_days_are_no_working_days() -> None:
    kept = {"closed": ["2026-12-28"], "public": {"days": ["2026-12-24", "2026-12-25"]}}
    calendar = read_calendar(kept, "Europe/Stockholm")
    assert after_working(calendar, at("2026-12-23T16:00"), 120) == at("2026-12-29T09:00")


def test_the_doors_close_once_a_day() -> None:
    assert closes_next(STOCKHOLM, at("2026-11-20T16:59")) == at("2026-11-20T17:00")
    assert closes_next(STOCKHOLM, at("2026-11-20T17:00")) is None
    assert closes_next(STOCKHOLM, at("2026-11-21T10:00")) is None


def test_a_shop_that_never_opens_is_an_error_and_no_endless_loop() -> None:
    with pytest.raises(ValueError, match="does not open"):
        after_working(Calendar(days=frozenset()), at("2026-11-20T10:00"), 1)


def test_days_that_count_are_numbered() -> None:
    days = Counted(STOCKHOLM.works_on, date(2026, 11, 16), date(2026, 11, 27))
    friday, saturday, monday = (date(2026, 11, day).toordinal() for day in (20, 21, 23))
    assert days.at_or_after(saturday) == days.at_or_after(monday) == days.at_or_before(friday) + 1
    assert days.day(days.at_or_before(saturday) + 2) == date(2026, 11, 24).toordinal()
    assert days.day(99) == date(2026, 11, 27).toordinal()


@pytest.mark.parametrize(
    ("now", "then"), [("22 12:00", "19"), ("23 12:00", "19"), ("24 12:00", "20"), ("25 12:00", "23")]
)
def test_two_working_days_ago_leaves_out_the_weekend(now: str, then: str) -> None:
    calendar = read_calendar(None, "Europe/Stockholm")
    asked = datetime.fromisoformat(f"2026-11-{now}:00+00:00")
    assert workdays_before(calendar, asked, 2).isoformat() == f"2026-11-{then}T12:00:00+00:00"


def test_a_shop_that_never_opens_is_not_counted_back_for_ever() -> None:
    calendar = replace(read_calendar(None, "UTC"), days=frozenset())
    assert workdays_before(calendar, datetime(2026, 11, 22, tzinfo=UTC), 2) == datetime(2026, 9, 23, tzinfo=UTC)


def test_what_the_owner_types_becomes_a_calendar() -> None:
    kept = checked_calendar({"6", "1", "2"}, "09:30", "18:00", "2026-12-27, 2026-12-24\r\n2026-12-24")
    assert kept == {"days": [1, 2, 6], "opens": "09:30", "closes": "18:00", "closed": ["2026-12-24", "2026-12-27"]}
    assert read_calendar(kept, "UTC").length == 510


def test_a_closed_day_may_be_written_as_finns_and_germans_do() -> None:
    kept = checked_calendar({"1"}, "08:00", "17:00", "6.1.2027\n 24. 12. 2026, 2026-12-27")
    assert kept["closed"] == ["2026-12-24", "2026-12-27", "2027-01-06"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("days", (set(), "08:00", "17:00", "")),
        ("days", ({"8", "x", "12"}, "08:00", "17:00", "")),
        ("opens", ({"1"}, "8", "17:00", "")),
        ("closes", ({"1"}, "08:00", "24:00", "")),
        ("closes", ({"1"}, "08:00", "08:00", "")),
        ("closed", ({"1"}, "08:00", "17:00", "2026-02-30")),
        ("closed", ({"1"}, "08:00", "17:00", "24/12")),
        ("closed", ({"1"}, "08:00", "17:00", "31.2.2026")),
        ("closed", ({"1"}, "08:00", "17:00", " ".join(["2026-12-24"] * 101))),
    ],
)
def test_what_is_no_calendar_is_refused_at_its_field(field: str, typed: tuple[set[str], str, str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        checked_calendar(*typed)
    assert [name for name, _ in refused.value.errors] == [field]
