from __future__ import annotations

from dataclasses import replace

from storefront_trace.domain.orders import Event, Facts, Line, Parcel
from storefront_trace.domain.replay import replay
from storefront_trace.domain.steps import default_steps
from storefront_trace.domain.turns import OutOfTurn, out_of_turn

STEPS = {step.key: step for step in default_steps()}
FACTS = Facts(0, "UTC", "minute", lines=(Line("1", "Mug", 2), Line("2", "Lamp", 1)))
PLACED = Event("e0", 1, "step", 0, 0, step="received", position=10, team="orders", facts=FACTS)


def step(key: str, at: int, **more: object) -> Event:
    rule = STEPS[key]
    event = Event(f"{key}{at}", 0, "step", at, at, step=key, position=rule.position, effect=rule.effect, team=rule.team)
    return replace(event, **more)  # type: ignore[arg-type]


def asked(new: Event, *past: Event, facts: Facts = FACTS) -> OutOfTurn | None:
    events = [replace(e, seq=place) for place, e in enumerate((replace(PLACED, facts=facts), *past), 1)]
    return out_of_turn(new, events, replay(events, [one.rule for one in STEPS.values()]), STEPS.values())


def kind(new: Event, *past: Event) -> str | None:
    found = asked(new, *past)
    return found.kind if found else None


def test_the_next_step_is_asked_nothing() -> None:
    assert asked(step("received", 10, person_id="jocke")) is None
    assert asked(step("picked", 10)) is None
    assert asked(step("packed", 20), step("picked", 10)) is None
    assert asked(step("delivered", 30), step("picked", 10), step("packed", 11), step("shipped", 12)) is None


def test_what_is_skipped_is_named() -> None:
    assert asked(step("packed", 10)) == OutOfTurn("skip", missing=("picked",))
    assert asked(step("shipped", 20), step("picked", 10)) == OutOfTurn("skip", missing=("packed",))
    assert asked(step("delivered", 20)) == OutOfTurn("skip", missing=("picked", "packed", "shipped"))


def test_what_is_logged_already_is_asked_about_again_and_not_once_it_was_taken_back() -> None:
    picked = step("picked", 10, person_id="anders")
    found = asked(step("picked", 20), picked)
    assert found is not None and found.kind == "again" and found.event is not None
    assert found.event.person_id == "anders"
    assert asked(step("picked", 20), picked, Event("c", 0, "correction", 15, 15, corrects=picked.id)) is None


def test_going_back_is_asked_about() -> None:
    assert kind(step("picked", 30), step("packed", 20)) == "back"
    assert kind(step("received", 30), step("picked", 20)) == "back"


def test_each_part_of_an_order_has_its_own_turn() -> None:
    mugs, lamp = (("1", 2),), (("2", 1),)
    past = (step("picked", 10), step("packed", 11, lines=mugs))
    assert asked(step("packed", 20, lines=lamp), *past) is None
    assert asked(step("shipped", 20, lines=mugs), *past) is None
    assert kind(step("shipped", 20), *past) == "skip"
    assert kind(step("packed", 20, lines=mugs), *past) == "again"


def test_two_parcels_are_delivered_one_after_the_other() -> None:
    sent = [
        step("shipped", 10 + n, lines=(pair,), parcel=Parcel(key, lines=(pair,)))
        for n, (key, pair) in enumerate((("a", ("1", 2)), ("b", ("2", 1))))
    ]
    past = (step("picked", 1), step("packed", 2), *sent, step("delivered", 20, parcel=Parcel("a")))
    assert asked(step("delivered", 30, parcel=Parcel("b")), *past) is None
    assert kind(step("delivered", 30, parcel=Parcel("a")), *past) == "again"


def test_what_was_exchanged_begins_anew() -> None:
    past = (step("picked", 1), step("packed", 2), step("shipped", 3), step("delivered", 4), step("exchanged", 5))
    assert asked(step("picked", 10), *past) is None
    assert kind(step("shipped", 10), *past) == "skip"


def test_what_is_beside_the_way_is_never_out_of_turn() -> None:
    for key in ("delayed", "cancelled", "returned", "refunded"):
        assert asked(step(key, 30), step("delayed", 10)) is None


def test_a_gift_card_that_goes_by_mail_skips_no_packing() -> None:
    facts = replace(FACTS, lines=(Line("1", "Mug", 1), Line("g", "Gift card", 1, shippable=False)))
    assert asked(step("emailed", 10, lines=(("g", None),)), facts=facts) is None
