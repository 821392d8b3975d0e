from __future__ import annotations

from dataclasses import replace

from storefront_trace.domain.orders import Event, Facts, Line, OrderState, Parcel, Step
from storefront_trace.domain.replay import replay
from storefront_trace.domain.shop import ShopStep
from storefront_trace.web.staff.lines import Covered, covered, line_tiles, offered_lines

MUGS = Line("1", "Skrattande mugg", 2)
LAMP = Line("2", "Igelkottslampa", 1, backordered=1)
GIFT_CARD = Line("3", "Presentkort", 1, shippable=False)


def step(key: str, position: int, effect: str = "advance") -> ShopStep:
    return ShopStep(key, position, effect, "box", "warehouse", {}, {}, {})


PACKED, SHIPPED, DELIVERED = step("packed", 30), step("shipped", 40), step("delivered", 70)
READY, CANCELLED = step("ready_for_pickup", 65), step("cancelled", 0, "cancel")
STEPS = [Step(s.key, s.position, s.effect, s.team) for s in (PACKED, SHIPPED, DELIVERED)]


def logged(lines: list[Line], *steps: ShopStep) -> tuple[OrderState, list[Event]]:
    """One step after the other, from the form as it stands then."""
    events = [Event("0", 1, "facts", 0, 0, facts=Facts(0, "UTC", "minute", lines=tuple(lines)))]
    for seq, one in enumerate(steps, 2):
        state = replay(events, STEPS)
        about = covered(one, state.lines, state.parcels, [])
        parcel = Parcel(f"p{seq}") if about.new_parcel else Parcel(about.parcel) if about.parcel else None
        told = Event(str(seq), seq, "step", seq, seq, step=one.key, position=one.position, lines=about.lines)
        events.append(replace(told, parcel=parcel))
    return replay(events, STEPS), events


def test_ticks_left_as_they_stood_mean_the_whole_order() -> None:
    ring = Line("2", "Ring", 1)
    assert covered(PACKED, [MUGS, ring], [], ["1", "2"]) == Covered()
    assert covered(PACKED, [MUGS, ring], [], []) == Covered()


def test_a_tick_taken_away_names_what_is_left() -> None:
    assert covered(PACKED, [MUGS, Line("2", "Ring", 1)], [], ["1"]) == Covered((("1", 2),))


def test_what_is_out_of_stock_is_not_ticked_and_what_is_here_is_named() -> None:
    assert [tile["checked"] for tile in line_tiles([MUGS, LAMP], None)] == [True, False]
    for ticked in ([], ["1"]):
        assert covered(PACKED, [MUGS, LAMP], [], ticked) == Covered((("1", 2),))
        assert covered(SHIPPED, [MUGS, LAMP], [], ticked) == Covered((("1", 2),), new_parcel=True)
        assert covered(READY, [MUGS, LAMP], [], ticked) == Covered((("1", 2),), new_parcel=True)
    assert covered(CANCELLED, [MUGS, LAMP], [], []) == Covered()


def test_what_came_in_meanwhile_has_not_left_with_what_was_sent_without_it() -> None:
    """The form's words, replayed, on the day on which the lamp is there."""
    state, events = logged([MUGS, LAMP], PACKED, SHIPPED)
    assert [line.shipped for line in state.lines] == [2, 0]
    came = Facts(0, "UTC", "minute", lines=(MUGS, replace(LAMP, backordered=0)))
    state = replay([*events, Event("9", 9, "facts", 9, 9, facts=came)], STEPS)
    assert ([line.shipped for line in state.lines], state.next_step) == ([2, 0], "packed")


def test_after_what_is_here_was_packed_its_shipping_comes_next() -> None:
    assert logged([MUGS, LAMP], PACKED)[0].next_step == "shipped"


def test_when_nothing_is_here_whoever_goes_on_with_it_has_it_in_their_hands() -> None:
    assert covered(PACKED, [LAMP], [], []) == Covered((("2", 1),))


def test_what_came_in_is_named_when_it_is_ticked() -> None:
    assert covered(PACKED, [MUGS, LAMP], [], ["1", "2"]).lines == (("1", 2), ("2", 1))


def test_what_is_not_sent_by_parcel_and_what_has_left_is_not_offered() -> None:
    sent = Line("4", "Ring", 1, shipped=1)
    assert offered_lines([MUGS, GIFT_CARD, sent]) == [MUGS]


def test_the_rest_of_an_order_leaves_as_a_parcel_of_its_own() -> None:
    sent = Line("1", "Skrattande mugg", 2, shipped=2)
    assert covered(SHIPPED, [sent, LAMP], [Parcel("a")], []) == Covered((("2", 1),), new_parcel=True)


def test_two_parcels_logged_from_the_form_send_everything() -> None:
    """The form's words, replayed: nothing is counted twice and nothing is forgotten."""
    assert [line.shipped for line in logged([MUGS, LAMP], SHIPPED, SHIPPED)[0].lines] == [2, 1]


def test_what_is_handed_over_while_a_part_is_missing_is_the_parcel_on_its_way() -> None:
    sent = Line("1", "Skrattande mugg", 2, shipped=2)
    parcels = [Parcel("a", state="delivered"), Parcel("b", state="shipped")]
    assert covered(DELIVERED, [sent, LAMP], parcels, []) == Covered(parcel="b")
    assert covered(DELIVERED, [sent, LAMP], [], []) == Covered((("1", 2),))


def test_a_cancelled_order_is_cancelled_whole_even_after_a_part_has_left() -> None:
    sent = Line("1", "Skrattande mugg", 2, shipped=2)
    assert covered(CANCELLED, [sent, LAMP], [Parcel("a")], []) == Covered()


def test_pictures_of_other_hosts_are_not_shown() -> None:
    lines = [Line("1", "a", image_url=url) for url in ("https://cdn.example/a.png", "//cdn.example/a.png", "/media/a")]
    assert [tile["pic"] for tile in line_tiles(lines, None)] == [None, None, "/media/a"]
