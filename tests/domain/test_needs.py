from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storefront_trace.domain.calendar import Calendar
from storefront_trace.domain.needs import Need, is_silent, is_unheard, once_each, patience, stands_still

CALENDAR = Calendar("Europe/Stockholm")
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
FRIDAY = MONDAY - timedelta(days=3)
HOUR, DAY = 60, 24 * 60


@pytest.mark.parametrize(
    ("expected", "hours"),
    [(None, 18), (2 * HOUR, 9), (12 * HOUR, 12), (DAY, 9), (3 * DAY, 27)],
    ids=["no time of its own: two days", "two hours: a day", "twelve hours", "a day", "three days are working days"],
)
def test_an_order_may_wait_as_long_as_its_step_takes_and_at_least_a_working_day(
    expected: int | None, hours: int
) -> None:
    assert patience(CALENDAR, expected) == hours * HOUR


def test_nothing_stands_still_over_a_weekend() -> None:
    assert not stands_still(CALENDAR, DAY, FRIDAY, MONDAY)
    assert stands_still(CALENDAR, DAY, FRIDAY, MONDAY + timedelta(hours=2))


@pytest.mark.parametrize(("spoke", "days", "silent"), [(10, 5, True), (9, 5, False), (10, 1, False)])
def test_a_connection_that_spoke_often_is_silent_after_two_working_days(spoke: int, days: int, silent: bool) -> None:
    assert is_silent(CALENDAR, spoke, MONDAY - timedelta(days=days), MONDAY) == silent


def test_a_new_connection_has_a_working_day_to_speak_in() -> None:
    assert not is_unheard(CALENDAR, FRIDAY + timedelta(hours=2), MONDAY)
    assert is_unheard(CALENDAR, FRIDAY - timedelta(days=1), MONDAY)


def test_an_order_is_named_once_with_what_is_most_pressing() -> None:
    found = once_each([Need("still", "A", since=1), Need("late", "A", day="2026-11-20"), Need("silent", thing="x")])
    assert [(one.kind, one.order) for one in found] == [("late", "A"), ("silent", "")]
    both = once_each([Need("silent", thing="x"), Need("unheard", thing="y")])
    assert len(both) == 2
