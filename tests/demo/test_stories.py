"""The stories hold whenever the demo is started: at night, on a Sunday, in the week when the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from storefront_trace.actions.photos import Stored
from storefront_trace.demo.finished import finished
from storefront_trace.demo.past import ORDERS, past
from storefront_trace.demo.pictures import folder
from storefront_trace.demo.stories import Teller
from storefront_trace.demo.underway import underway
from storefront_trace.demo.workdays import Workdays

PICTURES = {path.stem: Stored("0" * 32, 640, 440) for path in folder().glob("*.png")}
TIMES = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


def teller(now: datetime) -> Teller:
    return Teller(Workdays(now, "Europe/Stockholm"), PICTURES)


@given(TIMES)
def test_every_order_is_placed_first_and_goes_forward_and_not_beyond_now(now: datetime) -> None:
    tell = teller(now)
    for story in (*underway(tell), *finished(tell)):
        instants = [story.order.placed_at, *(told.step.at.instant for told in story.steps if told.step.at)]
        assert instants == sorted(instants), story.order.number  # type: ignore[type-var]
        assert instants[-1] is not None and instants[-1] <= now
        assert len(instants) == len(story.steps) + 1


@given(TIMES)
@settings(max_examples=10)
def test_the_past_is_over_and_answered_after_the_parcel_came(now: datetime) -> None:
    orders = past(teller(now))
    assert len({one.told.number for one in orders}) == ORDERS
    for one in orders:
        instants = [step.told.at.instant for step in one.steps if step.told.at]
        assert instants == sorted(instants)
        answers = [step.answer.at for step in one.steps if step.answer]
        assert all(instants[-1] < at <= now for at in answers)


@given(TIMES)
def test_what_is_promised_or_expected_is_still_to_come(now: datetime) -> None:
    today = now.date()
    for story in underway(teller(now)):
        if story.order.promise_to:
            assert story.order.promise_to > today
        assert all(line.expected > today for line in story.order.lines if line.expected)
