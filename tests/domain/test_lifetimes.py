from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from storefront_trace.domain.clock import DAY
from storefront_trace.domain.lifetimes import edit_ends_at, link_ends_at, names_fade_at, over_at
from storefront_trace.domain.moments import to_micros
from storefront_trace.domain.orders import Line
from storefront_trace.domain.shop import Shop

SHOP = Shop("s", "Roliga Ting", fade_days=30, link_days=60)
CHANGED = to_micros(datetime(2026, 11, 20, 9, tzinfo=UTC))


@dataclass
class Order:
    state: str = "shipped"
    position: int = 40
    promise_to: str | None = None
    delivered_at: int | None = None
    updated_at: int = CHANGED
    lines: list[Line] = field(default_factory=list)


@pytest.mark.parametrize("state", ["delivered", "returned", "cancelled"])
def test_what_has_come_home_counts_from_then_whatever_happened_to_it_later(state: str) -> None:
    order = Order(state, 70, "2026-12-24", CHANGED - 50 * DAY)
    assert names_fade_at(order, [], SHOP) == CHANGED - 20 * DAY
    assert link_ends_at(order, [], SHOP) == CHANGED + 10 * DAY


@pytest.mark.parametrize("state", ["returned", "cancelled"])
def test_what_was_called_off_before_it_came_counts_from_its_last_change(state: str) -> None:
    order = Order(state, 30, "2026-12-24")
    assert names_fade_at(order, [], SHOP) == CHANGED + 30 * DAY
    assert link_ends_at(order, [], SHOP) == CHANGED + 60 * DAY


def test_what_nobody_reports_as_delivered_is_taken_as_that_after_a_month_of_silence() -> None:
    assert over_at(Order(), []) == CHANGED + 30 * DAY
    assert over_at(Order("delayed", 50, "2026-11-01"), []) == CHANGED + 30 * DAY


def test_the_month_of_silence_begins_when_the_promised_day_is_over() -> None:
    assert over_at(Order(promise_to="2026-12-24"), []) == to_micros(datetime(2027, 1, 24, tzinfo=UTC))
    assert over_at(Order(promise_to="9999-12-31"), []) is not None


def test_an_order_that_waits_here_is_never_over_by_itself() -> None:
    mug, lamp = Line("1", "Mugg", 2, shipped=2), Line("2", "Lampa", 1, backordered=1)
    assert over_at(Order("shipped", 10), [mug, lamp]) is None
    assert over_at(Order("packed", 30), [mug]) is not None
    assert over_at(Order("received", 10), []) is None


def test_an_order_with_nothing_left_to_send_is_over_after_a_month_of_silence() -> None:
    gone, gift = Line("1", "Mugg", 2, cancelled=2), Line("2", "Presentkort", 1, shippable=False)
    assert over_at(Order("received", 10), [gone, gift]) == CHANGED + 30 * DAY


def test_an_answer_can_be_changed_for_two_weeks() -> None:
    assert edit_ends_at(CHANGED) == CHANGED + 14 * DAY
