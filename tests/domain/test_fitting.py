from __future__ import annotations

from dataclasses import replace

import pytest

from storefront_trace.domain.fitting import Unfit, check_fit, is_out_of_stock
from storefront_trace.domain.orders import Event, Facts, Line, OrderState
from storefront_trace.domain.replay import replay
from storefront_trace.domain.steps import default_steps

STEPS = {step.key: step for step in default_steps()}
RULES = [step.rule for step in STEPS.values()]
PLACED = Event("0", 1, "step", 0, 0, step="received", position=10, team="orders", facts=Facts(0, "UTC", "minute"))


def told(*keys: str, method: str = "parcel", lines: tuple[Line, ...] = (Line("1", "Mugg"),)) -> list[Event]:
    first = replace(PLACED, facts=Facts(0, "UTC", "minute", lines=lines, method=method))
    steps = [
        Event(str(n), n, "step", n, n, step=key, position=STEPS[key].position, effect=STEPS[key].effect, person_id="a")
        for n, key in enumerate(keys, 2)
    ]
    return [first, *steps]


def why(key: str, past: list[Event], *, any_order: bool = True) -> str:
    """What speaks against logging the step after these; "" when nothing does."""
    new = replace(told(key)[-1], id="new", seq=len(past) + 1, at=100, person_id="b")
    before, after = state(past), state([*past, new])
    try:
        check_fit(STEPS[key], before, after, past, any_order=any_order)
    except Unfit as found:
        return found.why
    return ""


def state(past: list[Event]) -> OrderState:
    return replay(past, RULES)


@pytest.mark.parametrize("key", ["received", "picked", "packed", "shipped", "delivered"])
def test_a_new_order_takes_any_step_of_its_way(key: str) -> None:
    assert why(key, told()) == ""


@pytest.mark.parametrize(
    ("key", "past", "reason"),
    [
        ("packed", ["packed"], "done"),
        ("received", ["received"], "done"),
        ("received", ["packed"], "past"),
        ("packed", ["shipped"], "past"),
        ("packed", ["packed", "shipped"], "done"),
        ("shipped", ["cancelled"], "closed"),
        ("packed", ["delivered"], "closed"),
        ("in_transit", [], "elsewhere"),
        ("picked_up", [], "elsewhere"),
        ("returned", [], "early"),
        ("returned", ["cancelled"], "closed"),
        ("returned", ["delivered", "returned"], "done"),
    ],
)
def test_what_cannot_be_says_why(key: str, past: list[str], reason: str) -> None:
    assert why(key, told(*past)) == reason


def test_what_came_home_or_is_on_its_way_can_come_back() -> None:
    assert why("returned", told("shipped")) == why("returned", told("delivered")) == ""


def test_what_goes_out_once_more_is_packed_once_more() -> None:
    assert why("packed", told("packed", "shipped", "delivered", "exchanged")) == ""


def test_our_own_driver_logs_a_carriers_steps() -> None:
    assert why("out_for_delivery", told("packed", method="local")) == ""


def test_the_shop_may_want_every_step_in_its_order() -> None:
    assert why("packed", told(), any_order=False) == "first"
    assert why("packed", told("picked"), any_order=False) == ""
    assert why("received", told(), any_order=False) == ""


def test_what_is_not_here_is_neither_packed_nor_sent() -> None:
    gone = (Line("1", "Lampa", 2, backordered=2),)
    assert why("packed", told(lines=gone)) == why("shipped", told(lines=gone)) == "stock"
    assert not is_out_of_stock((Line("1", "Lampa", 2, backordered=1),))
    assert not is_out_of_stock(())
