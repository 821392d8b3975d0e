"""When people of the demo were at work."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront_trace.demo.workdays import Workdays
from storefront_trace.domain.moments import local

ZONE = "Europe/Stockholm"
SUNDAY = Workdays(datetime(2026, 11, 22, 6, 0, tzinfo=UTC), ZONE)
MONDAY = Workdays(datetime(2026, 11, 23, 9, 30, tzinfo=UTC), ZONE)
TIMES = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("days", "minutes", "when"),
    [
        (SUNDAY, 12, "2026-11-20T15:48"),
        (MONDAY, 12, "2026-11-23T10:18"),
        (MONDAY, 150, "2026-11-23T08:00"),
        (MONDAY, 160, "2026-11-20T15:50"),
        (MONDAY, 150 + 480 + 1, "2026-11-19T15:59"),
    ],
)
def test_working_minutes_leave_out_nights_and_sundays(days: Workdays, minutes: int, when: str) -> None:
    assert local(days.ago(minutes)).isoformat()[:16] == when


def test_working_days_leave_out_the_weekend_on_both_sides() -> None:
    assert SUNDAY.behind(1) == date(2026, 11, 20)
    assert SUNDAY.behind(6) == date(2026, 11, 13)
    assert SUNDAY.ahead(1) == date(2026, 11, 23)
    assert MONDAY.ahead(5) == date(2026, 11, 30)


@given(TIMES, st.integers(0, 5_000), st.integers(1, 70))
def test_nothing_lies_in_the_future_or_on_a_weekend(now: datetime, minutes: int, back: int) -> None:
    days = Workdays(now, ZONE)
    for moment in (days.ago(minutes), days.day(back, "23.59")):
        assert moment.instant <= now
        assert local(moment).weekday() <= 4


@given(TIMES, st.integers(0, 400), st.integers(1, 400))
def test_longer_ago_is_earlier_and_two_days_back_is_before_five_hours_ago(now: datetime, less: int, more: int) -> None:
    days = Workdays(now, ZONE)
    assert days.ago(less + more).instant < days.ago(less).instant
    assert days.day(2, "19.59").instant < days.ago(300).instant
