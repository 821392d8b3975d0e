from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from storefront_trace.domain.orders import (
    DELIVERED,
    HOME_STATES,
    METHODS,
    Event,
    Facts,
    Line,
    OrderState,
    Parcel,
    taken_back,
)
from storefront_trace.domain.replay import replay
from storefront_trace.domain.steps import default_steps

STEPS = {step.key: step.rule for step in default_steps()}
FACTS = Facts(
    0, "UTC", "minute", lines=(Line("1", "Mug", 2), Line("2", "Lamp", 1), Line("3", "Gift", 1, shippable=False))
)
PLACED = Event("e0", 1, "step", 0, 0, step="received", position=10, team="orders", facts=FACTS)


def step(key: str, at: int, **more: object) -> Event:
    rule = STEPS[key]
    team = None if rule.team is None else rule.team
    event = Event(f"{key}{at}", 0, "step", at, at, step=key, position=rule.position, effect=rule.effect, team=team)
    return replace(event, **more)  # type: ignore[arg-type]


def state_of(*events: Event, facts: Facts = FACTS) -> OrderState:
    told = [replace(PLACED, facts=facts), *events]
    return replay([replace(e, seq=place) for place, e in enumerate(told, 1)], STEPS.values())


def test_a_late_packed_never_undoes_delivered() -> None:
    home = step("delivered", 50)
    for at in (10, 49, 60):
        assert state_of(home, step("packed", at)).state == "delivered"


def test_a_parcel_at_home_does_not_bring_the_other_one_home() -> None:
    one, two = Parcel("A", lines=(("1", 2),)), Parcel("B", lines=(("2", 1),))
    sent = [step("shipped", 10, parcel=one, lines=(("1", 2),)), step("shipped", 20, parcel=two, lines=(("2", 1),))]
    half = state_of(*sent, step("delivered", 30, parcel=Parcel("A")))
    assert (half.state, half.delivered_at) == ("shipped", None)
    assert {parcel.key: parcel.state for parcel in half.parcels} == {"A": "delivered", "B": "shipped"}
    whole = state_of(*sent, step("delivered", 30, parcel=Parcel("A")), step("delivered", 40, parcel=Parcel("B")))
    assert (whole.state, whole.delivered_at) == ("delivered", 40)


def test_a_carrier_never_takes_the_holders_place() -> None:
    order = state_of(step("packed", 10, person_id="anders"), step("in_transit", 20))
    assert (order.holder_person_id, order.holder_since) == ("anders", 10)


def test_whom_it_was_handed_to_has_it_and_it_waits_for_them() -> None:
    order = state_of(step("received", 10, person_id="jocke", hand_person_id="lisa", hand_team="warehouse"))
    assert (order.holder_person_id, order.waiting_person_id, order.waiting_team) == ("lisa", "lisa", "warehouse")


def test_what_is_left_waits_for_the_team_of_the_next_step() -> None:
    order = state_of(step("shipped", 10, lines=(("1", None),)))
    assert (order.state, order.next_step, order.waiting_team) == ("shipped", "picked", "warehouse")


def test_a_corrected_step_counts_for_nothing() -> None:
    packed = step("packed", 10, person_id="anders")
    fall = Event("c", 0, "correction", 20, 20, corrects=packed.id)
    order = state_of(packed, fall)
    assert (order.state, order.holder_team, order.corrected) == ("received", "orders", frozenset({packed.id}))


def test_a_delay_shows_until_somebody_gets_on_with_it() -> None:
    assert state_of(step("picked", 10), step("delayed", 20)).state == "delayed"
    assert state_of(step("picked", 10), step("delayed", 20), step("packed", 30)).state == "packed"
    assert state_of(step("delivered", 10), step("delayed", 20)).state == "delivered"


def test_what_is_out_of_stock_is_not_shipped_by_a_step_about_everything() -> None:
    facts = replace(FACTS, lines=(Line("1", "Mug", 2, backordered=1), Line("2", "Lamp", 1)))
    order = state_of(step("shipped", 10), facts=facts)
    assert [line.shipped for line in order.lines] == [1, 1]
    assert order.position < 40


def test_a_gift_card_has_nothing_to_pack() -> None:
    facts = replace(FACTS, lines=(Line("1", "Gift card", 1, shippable=False),))
    assert state_of(step("delivered", 10), facts=facts).state == "delivered"
    sent = state_of(step("shipped", 10), facts=facts)
    assert (sent.state, sent.delivered_at) == ("shipped", 10)


def test_what_is_returned_or_cancelled_later_still_came_home_when_it_did() -> None:
    for end in ("returned", "cancelled"):
        order = state_of(step("shipped", 10), step("delivered", 20), step(end, 30))
        assert (order.state, order.delivered_at) == (end, 20)


def test_what_was_called_off_before_it_came_never_came_home_to_the_customer() -> None:
    for end in ("returned", "cancelled"):
        assert state_of(step("shipped", 10), step(end, 20)).delivered_at is None
        assert state_of(step("shipped", 10), step(end, 20), step("delivered", 30)).delivered_at is None


lines = st.lists(st.tuples(st.sampled_from("12"), st.one_of(st.none(), st.integers(1, 3))), max_size=2).map(
    lambda found: tuple(dict(found).items())
)
parcels = st.one_of(st.none(), st.sampled_from([Parcel("A"), Parcel("B", "PostNord", "RR1"), Parcel("B")]))
events = st.builds(
    lambda key, at, person, told, parcel, hand: step(
        key, at, person_id=person, lines=told, parcel=parcel, hand_person_id=hand
    ),
    st.sampled_from(sorted(STEPS)),
    st.integers(1, 1000),
    st.sampled_from([None, "anders", "lisa"]),
    lines,
    parcels,
    st.sampled_from([None, None, "jocke"]),
)
unique = st.lists(events, max_size=8, unique_by=lambda e: e.at)


@settings(max_examples=200)
@given(told=unique, order=st.randoms(use_true_random=False))
def test_the_order_of_arrival_makes_no_difference(told: list[Event], order: object) -> None:
    shuffled = list(told)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert state_of(*told) == state_of(*shuffled)


@settings(max_examples=200)
@given(told=unique, late=events)
def test_more_news_never_brings_an_order_back_from_home(told: list[Event], late: Event) -> None:
    """Unless it is about a parcel that is not at home: then something is on its way, and that is news."""
    before = state_of(*told)
    known = {parcel.key for parcel in before.parcels if parcel.state in HOME_STATES}
    if before.state not in HOME_STATES or before.delivered_at is None or late.effect not in ("advance", "pause"):
        return
    if late.parcel is not None and late.parcel.key not in known:
        return
    assert state_of(*told, replace(late, id="late", at=5000)).state in HOME_STATES


@settings(max_examples=200)
@given(told=unique)
def test_counts_stay_within_what_was_ordered(told: list[Event]) -> None:
    order = state_of(*told)
    for line in order.lines:
        assert 0 <= line.shipped <= line.quantity
    assert order.delivered_at is not None or order.state != "delivered"
    assert order.position <= DELIVERED
    assert order.version == len(told) + 1


def test_an_order_of_which_only_awaited_goods_are_left_waits_for_nobody_until_their_day() -> None:
    def lines(*late: tuple[int, str | None]) -> Facts:
        one, two = late
        mug = Line("1", "Mug", 2, backordered=one[0], expected=one[1])
        lamp = Line("2", "Lamp", 1, backordered=two[0], expected=two[1])
        return replace(FACTS, lines=(mug, lamp, Line("3", "Gift", 1, shippable=False)))

    lamp_left = state_of(step("shipped", 10, lines=(("1", 2),)), facts=lines((0, None), (1, "2026-12-02")))
    assert (lamp_left.waiting_until, lamp_left.waiting_team) == ("2026-12-02", "warehouse")
    assert state_of(facts=lines((2, "2026-12-09"), (1, "2026-12-02"))).waiting_until == "2026-12-02"
    assert state_of(facts=lines((0, None), (1, "2026-12-02"))).waiting_until is None
    assert state_of(facts=lines((1, "2026-12-09"), (1, "2026-12-02"))).waiting_until is None
    assert state_of(facts=lines((2, None), (1, "2026-12-02"))).waiting_until is None


def test_whoever_is_handed_an_order_by_name_is_not_spared_it_until_the_goods_come() -> None:
    facts = replace(FACTS, lines=(Line("1", "Mug", 2, backordered=2, expected="2026-12-02"),))
    asked = state_of(step("delayed", 10, hand_person_id="jocke", hand_team="orders"), facts=facts)
    assert (asked.waiting_person_id, asked.waiting_until) == ("jocke", None)
    assert state_of(step("delayed", 10, hand_team="orders"), facts=facts).waiting_until == "2026-12-02"


def test_a_return_of_some_is_counted_and_the_order_is_returned_when_everything_is_back() -> None:
    home = (step("shipped", 10), step("delivered", 20))
    some = state_of(*home, step("returned", 30, lines=(("1", 1),)))
    assert (some.state, [line.returned for line in some.lines]) == ("delivered", [1, 0, 0])
    rest = state_of(*home, step("returned", 30, lines=(("1", 1),)), step("returned", 40, lines=(("1", 1), ("2", None))))
    assert (rest.state, [line.returned for line in rest.lines]) == ("returned", [2, 1, 0])
    whole = state_of(*home, step("returned", 30))
    assert (whole.state, [line.returned for line in whole.lines]) == ("returned", [2, 1, 0])


def test_two_tellings_of_a_return_never_bring_back_more_than_was_there() -> None:
    order = state_of(
        step("shipped", 10), step("returned", 20, lines=(("1", None),)), step("returned", 30, lines=(("1", 2),))
    )
    assert order.lines[0].returned == 2


def test_money_that_goes_back_changes_neither_holder_nor_state() -> None:
    packed, delayed = step("packed", 10, person_id="anders"), step("delayed", 20, person_id="anders")
    for past in ((packed,), (packed, delayed)):
        before, after = state_of(*past), state_of(*past, step("refunded", 30, person_id="lisa"))
        assert replace(after, version=before.version) == before


def test_what_is_exchanged_goes_out_once_more() -> None:
    first, second = Parcel("A", "PostNord", "RR1"), Parcel("B", "DHL", "JD2")
    home = (step("shipped", 10, parcel=first), step("delivered", 20, parcel=first))
    swap = (*home, step("exchanged", 30, person_id="lisa", lines=(("2", 1),)))
    waiting = state_of(*swap)
    assert (waiting.state, waiting.delivered_at, waiting.next_step) == ("exchanged", None, "picked")
    assert (waiting.holder_person_id, [line.shipped for line in waiting.lines]) == ("lisa", [2, 0, 0])
    late = state_of(*swap, step("delivered", 35, parcel=Parcel("A")))
    assert (late.state, [line.shipped for line in late.lines]) == ("exchanged", [2, 0, 0])
    gone = state_of(*swap, step("packed", 40), step("shipped", 50, parcel=second))
    assert (gone.state, [line.shipped for line in gone.lines]) == ("shipped", [2, 1, 0])
    assert [parcel.lines for parcel in gone.parcels] == [(("1", 2), ("2", 1)), (("2", 1),)]
    again = state_of(*swap, step("shipped", 50, parcel=second), step("delivered", 60, parcel=Parcel("B")))
    assert (again.state, again.delivered_at) == ("delivered", 60)


def test_lines_called_off_one_by_one_call_off_the_order_with_the_last_of_them() -> None:
    one = step("cancelled", 10, lines=(("1", 1),))
    order = state_of(one)
    assert (order.state, [line.cancelled for line in order.lines]) == ("received", [1, 0, 0])
    both = state_of(one, step("cancelled", 20, lines=(("1", None), ("2", None), ("3", None))))
    assert (both.state, both.next_step) == ("cancelled", None)


def test_the_next_step_is_one_of_the_orders_own_way() -> None:
    def following(key: str, method: str) -> str | None:
        return state_of(step(key, 10), facts=replace(FACTS, method=method)).next_step

    assert [following("packed", method) for method in METHODS] == [
        "shipped",
        "ready_for_pickup",
        "out_for_delivery",
        "emailed",
    ]
    assert following("ready_for_pickup", "pickup") == "picked_up"
    assert following("out_for_delivery", "local") == "delivered"


def test_what_is_fetched_in_the_shop_is_over_when_it_has_been_fetched() -> None:
    facts = replace(FACTS, method="pickup")
    ready = state_of(step("ready_for_pickup", 10), facts=facts)
    assert (ready.state, ready.delivered_at, ready.waiting_team) == ("ready_for_pickup", None, None)
    fetched = state_of(step("ready_for_pickup", 10), step("picked_up", 20), facts=facts)
    assert (fetched.state, fetched.delivered_at, fetched.next_step) == ("picked_up", 20, None)


def test_our_own_driver_has_what_is_out_for_delivery() -> None:
    facts = replace(FACTS, method="local")
    out = state_of(step("out_for_delivery", 10, person_id="elias"), facts=facts)
    assert (out.state, out.holder_person_id, out.next_step) == ("out_for_delivery", "elias", "delivered")


def test_a_gift_card_that_was_sent_says_nothing_of_the_mug_on_its_shelf() -> None:
    order = state_of(step("emailed", 10, lines=(("3", 1),)))
    assert (order.state, order.position, order.next_step) == ("received", 10, "picked")


def test_the_carriers_latest_word_on_the_day_counts() -> None:
    told = [Parcel("A", expected_from=day, expected_to=day) for day in ("2026-11-24", "2026-11-25")]
    order = state_of(step("shipped", 10, parcel=told[0]), step("in_transit", 20, parcel=told[1]))
    assert order.parcels[0].expected_to == "2026-11-25"
    silent = state_of(step("shipped", 10, parcel=told[0]), step("in_transit", 20, parcel=Parcel("A")))
    assert silent.parcels[0].expected_to == "2026-11-24"


def test_only_a_correction_takes_a_step_back() -> None:
    """Whatever else an event may carry. Every reader of a trail asks this one function."""
    told, other = step("packed", 10), step("picked", 20)
    marked = replace(step("shipped", 30), corrects=other.id)
    early = Event(id="x", seq=4, kind="correction", at=40, recorded_at=40)  # came before what it corrects
    fall = replace(early, id="y", corrects=told.id)
    assert taken_back([told, other, marked, early, fall]) == {told.id}


def test_while_something_is_out_of_stock_the_next_step_is_of_what_is_here() -> None:
    lamp = Line("2", "Lamp", 1, backordered=1)
    waiting, mugs = replace(FACTS, lines=(Line("1", "Mug", 2), lamp)), (("1", 2),)
    taken = step("picked", 10, lines=mugs), step("packed", 20, lines=mugs)
    assert [state_of(*taken[:n], facts=waiting).next_step for n in range(3)] == ["picked", "packed", "shipped"]
    came = replace(waiting, lines=(Line("1", "Mug", 2), replace(lamp, backordered=0)))
    assert state_of(*taken, facts=came).next_step == "picked"  # the lamp has yet to be
