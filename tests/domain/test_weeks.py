from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from storefront_trace.domain.calendar import Calendar
from storefront_trace.domain.moments import to_micros
from storefront_trace.domain.pace import Finished, Passed
from storefront_trace.domain.weeks import (
    Week,
    bounds_of,
    is_kept,
    monday_of,
    placed_per_day,
    read_week,
    span_of,
    spans_of,
)

STOCKHOLM = "Europe/Stockholm"
MONDAY = datetime(2026, 11, 16, 8, tzinfo=UTC)


def order(packed_after: int, home_after: int = 3) -> Finished:
    """Received on Monday at nine, packed so many minutes later, sent an hour after that."""
    at = [MONDAY, MONDAY + timedelta(minutes=packed_after), MONDAY + timedelta(minutes=packed_after + 60)]
    at.append(MONDAY + timedelta(days=home_after))
    steps = zip(("received", "packed", "shipped", "delivered"), (10, 30, 40, 70), at, strict=True)
    return Finished(tuple(Passed(key, place, to_micros(when), "minute") for key, place, when in steps), None)


def test_a_week_begins_on_the_shops_own_monday() -> None:
    sunday = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # Monday already in Stockholm
    assert monday_of(sunday, STOCKHOLM) == date(2026, 11, 23)
    assert monday_of(sunday, "UTC") == date(2026, 11, 16)


@pytest.mark.parametrize(("monday", "hours"), [(date(2026, 3, 23), 167), (date(2026, 10, 19), 169)])
def test_the_week_in_which_the_clocks_change_is_an_hour_shorter_or_longer(monday: date, hours: int) -> None:
    first, after = (bound.astimezone(UTC) for bound in bounds_of(monday, STOCKHOLM))
    assert after - first == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("counted", "days"),
    [
        (datetime(2026, 11, 15, 23, 30, tzinfo=UTC), 1),  # half past midnight on the shop's Monday
        (datetime(2026, 11, 18, 22, 30, tzinfo=UTC), 3),
        (datetime(2026, 11, 18, 23, 30, tzinfo=UTC), 4),
        (datetime(2026, 11, 22, 22, 59, tzinfo=UTC), 7),
        (datetime(2026, 12, 3, 9, tzinfo=UTC), 7),
    ],
)
def test_orders_per_day_are_of_the_shops_own_days_so_far(counted: datetime, days: int) -> None:
    assert placed_per_day(Week("2026-11-16", placed=84, counted_at=to_micros(counted)), STOCKHOLM) == 84 / days


def test_both_numbers_are_waits_that_somebody_had() -> None:
    found = span_of([50, 10, 30, 20, 40, 60, 70, 80, 90, 1000])
    assert (found.n, found.median, found.most) == (10, 50, 90)


def test_each_step_has_its_wait_in_working_time_and_the_carrier_its_days() -> None:
    found = spans_of([order(minutes) for minutes in (30, 60, 90, 120, 600)], Calendar(STOCKHOLM))
    assert (found["packed"].median, found["packed"].most) == (90, 8 * 60)  # from nine; the doors close at five
    assert found["shipped"].median == 60 and found["home"].median == 3


def test_of_four_orders_no_median_is_told() -> None:
    assert spans_of([order(30)] * 4, Calendar(STOCKHOLM)) == {}


def test_a_promise_is_kept_by_the_wall_of_the_shop() -> None:
    late = to_micros(datetime(2026, 11, 25, 23, 30, tzinfo=UTC))
    assert is_kept(late, "2026-11-26", STOCKHOLM) and not is_kept(late, "2026-11-25", STOCKHOLM)


def test_a_week_comes_back_as_it_was_kept() -> None:
    told = Week("2026-11-16", placed=9, home=8, promised=7, kept=6, answer_minutes=90, spans={"packed": span_of([1])})
    assert read_week(told.day, told.numbers()) == told
