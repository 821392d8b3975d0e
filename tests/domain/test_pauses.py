"""Our own word on goods that are out of stock, and on another promised day, beside what the shop's system says."""

from __future__ import annotations

from dataclasses import replace

from storefront_trace.domain.orders import Event, Facts, Line, OrderState
from storefront_trace.domain.replay import replay
from storefront_trace.domain.steps import default_steps

STEPS = {step.key: step.rule for step in default_steps()}
FACTS = Facts(
    0,
    "UTC",
    "minute",
    lines=(Line("1", "Mug", 2), Line("2", "Lamp", 1)),
    promise_from="2026-11-25",
    promise_to="2026-11-26",
)
PLACED = Event("e0", 1, "step", 0, 0, step="received", position=10, team="orders", facts=FACTS)
LAMP_OUT = {"until": "2026-12-02", "lines": (("2", 1),), "person_id": "jocke", "team": "orders"}
ALL_OUT = {**LAMP_OUT, "lines": (("1", 2), ("2", 1))}


def step(key: str, at: int, **more: object) -> Event:
    rule = STEPS[key]
    event = Event(f"{key}{at}", 0, "step", at, at, step=key, position=rule.position, effect=rule.effect, team=rule.team)
    return replace(event, **more)  # type: ignore[arg-type]


def told_again(facts: Facts, at: int) -> Event:
    return Event(f"facts{at}", 0, "facts", at, at, facts=facts)


def fall(event: Event, at: int) -> Event:
    return Event(f"fall{at}", 0, "correction", at, at, corrects=event.id)


def state_of(*events: Event) -> OrderState:
    return replay([replace(e, seq=place) for place, e in enumerate((PLACED, *events), 1)], STEPS.values())


def lamp(order: OrderState) -> tuple[int, str | None]:
    line = next(line for line in order.lines if line.key == "2")
    return line.backordered, line.expected


def test_what_is_out_of_stock_leaves_the_rest_to_the_others() -> None:
    order = state_of(step("delayed", 10, **LAMP_OUT))
    assert lamp(order) == (1, "2026-12-02")
    assert (order.waiting_person_id, order.waiting_team, order.waiting_until) == (None, "warehouse", None)


def test_when_the_rest_has_left_it_waits_for_whoever_gets_what_is_missing() -> None:
    out = step("delayed", 10, **LAMP_OUT, hand_person_id="lisa", hand_team="warehouse")
    order = state_of(out, step("shipped", 20, person_id="anders"))
    assert (order.waiting_person_id, order.waiting_until) == ("lisa", "2026-12-02")
    assert [line.shipped for line in order.lines] == [2, 0]


def test_with_everything_out_of_stock_it_comes_back_to_who_said_so_on_the_first_day() -> None:
    first = step("delayed", 10, **{**LAMP_OUT, "lines": (("1", 2),), "until": "2026-11-30"})
    order = state_of(first, step("delayed", 20, **LAMP_OUT))
    assert (order.waiting_person_id, order.waiting_until, order.waiting_since) == ("jocke", "2026-11-30", 10)


def test_who_takes_it_on_later_has_it_at_once() -> None:
    taken = Event("taken", 0, "hand", 20, 20, person_id="lisa", team="warehouse", hand_person_id="lisa")
    order = state_of(step("delayed", 10, **ALL_OUT), taken)
    assert (order.waiting_person_id, order.waiting_until) == ("lisa", None)


def test_goods_that_somebody_goes_on_with_are_there() -> None:
    out = step("delayed", 10, **ALL_OUT)
    assert lamp(state_of(out, step("packed", 20, lines=(("2", 1),)))) == (0, None)
    whole = state_of(out, step("shipped", 20))
    assert (lamp(whole), whole.state, [line.shipped for line in whole.lines]) == ((0, None), "shipped", [2, 1])
    assert lamp(state_of(step("delayed", 10, **LAMP_OUT), step("packed", 20))) == (1, "2026-12-02")


def test_of_some_pieces_those_that_are_there_can_go_first() -> None:
    out = step("delayed", 10, **{**LAMP_OUT, "lines": (("1", 1),)})
    order = state_of(out, step("shipped", 20, lines=(("1", 1), ("2", 1))))
    assert [(line.shipped, line.backordered) for line in order.lines] == [(1, 1), (1, 0)]


def test_a_word_that_was_taken_back_counts_no_more() -> None:
    out = step("delayed", 10, **ALL_OUT, promise=("2026-12-04", "2026-12-05"))
    order = state_of(out, fall(out, 20))
    assert (lamp(order), order.facts.promise_to, order.waiting_until) == ((0, None), "2026-11-26", None)


def test_a_system_that_says_the_same_again_does_not_undo_our_word_but_a_newer_one_counts() -> None:
    out = step("delayed", 10, **ALL_OUT, promise=("2026-12-04", "2026-12-05"))
    same = state_of(out, told_again(replace(FACTS, placed_at=1), 20))
    assert (lamp(same), same.facts.promise_to, same.due) == ((1, "2026-12-02"), "2026-12-05", "2026-12-05")
    lines = (FACTS.lines[0], replace(FACTS.lines[1], backordered=1, expected="2026-12-09"))
    newer = state_of(
        out, told_again(replace(FACTS, promise_from="2026-12-11", promise_to="2026-12-11", lines=lines), 20)
    )
    assert (lamp(newer), newer.facts.promise_to) == ((1, "2026-12-09"), "2026-12-11")


def test_an_order_that_is_put_off_as_a_whole_waits_until_that_day() -> None:
    order = state_of(step("delayed", 10, until="2026-12-02", person_id="jocke", team="orders"))
    assert (order.state, order.waiting_person_id, order.waiting_until) == ("delayed", "jocke", "2026-12-02")
    passed = state_of(step("delayed", 10, until="2026-12-02", person_id="jocke", hand_team="warehouse"))
    assert (passed.waiting_person_id, passed.waiting_team, passed.waiting_until) == (None, "warehouse", "2026-12-02")
