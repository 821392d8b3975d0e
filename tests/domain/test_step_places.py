"""Where a step of the shop's own can stand, and that moving it leaves out nothing of an order that is under way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.shop import Cast, Shop, ShopStep
from storefront_trace.domain.step_places import NO_ROOM, is_movable, moves, place_after, place_back, places
from storefront_trace.domain.steps import completed_steps, default_steps

OWN = ("a", "b", "c", "d")


def own(key: str, position: int) -> ShopStep:
    return ShopStep(key, position, "advance", "gift", "warehouse", {"sv": key}, {}, {"sv": "{name}."})


def cast(*steps: ShopStep) -> Cast:
    return Cast(Shop("s", "Roliga Ting"), {}, {}, completed_steps((*default_steps(), *steps)))


def moved(before: Cast, key: str, after: str) -> Cast:
    placed = place_after(before, key, after)
    steps = dict(before.steps)
    if key not in steps:
        steps[key] = own(key, 0)
    steps |= {one: replace(steps[one], position=position) for one, position in placed.items()}
    return replace(before, steps=completed_steps(steps.values()))


def way(found: Cast) -> list[str]:
    return [step.key for step in found.steps_in_order if step.position]


def test_a_new_step_stands_halfway_to_the_next_one() -> None:
    assert place_after(cast(), "a", "picked") == {"a": 25}
    assert place_after(cast(own("b", 25)), "a", "picked") == {"a": 22}
    assert place_after(cast(own("b", 25)), "a", "b") == {"a": 27}


def test_who_changes_places_moves_to_a_later_one() -> None:
    two = cast(own("a", 15), own("b", 17))
    for key, after in (("a", "b"), ("b", "received")):
        found = moved(two, key, after)
        assert way(found)[:4] == ["received", "b", "a", "picked"]
        assert (found.steps["b"].position, found.steps["a"].position > 17) == (17, True)


def test_a_step_that_stays_where_it_is_changes_nothing() -> None:
    assert place_after(cast(own("a", 15)), "a", "received") == {}


def test_where_it_is_full_there_is_no_room_and_elsewhere_there_is() -> None:
    full = cast(*(own(f"x{n}", n) for n in range(11, 20)))
    with pytest.raises(Invalid, match=NO_ROOM):
        place_after(full, "a", "x15")
    assert place_after(full, "a", "picked") == {"a": 25}


@pytest.mark.parametrize("after", ["delivered", "picked_up", "delayed", "nowhere", "a"])
def test_it_comes_after_a_step_of_the_way_and_before_the_order_is_home(after: str) -> None:
    with pytest.raises(Invalid):
        place_after(cast(own("a", 15)), "a", after)


def test_the_steps_that_every_shop_has_keep_their_place() -> None:
    found = cast()
    assert [moves(found, step) for step in found.standing] == [(None, None)] * len(found.standing)
    with pytest.raises(Invalid):
        place_after(found, "packed", "received")


def test_it_goes_past_steps_that_share_a_place_in_one_go() -> None:
    found = cast(own("a", 35))
    assert moves(found, found.steps["a"]) == ("picked", "shipped")
    below = moved(found, "a", "shipped")
    assert way(below)[3:7] == ["emailed", "shipped", "a", "in_transit"]
    assert moves(below, below.steps["a"])[0] == "packed"


def test_the_first_and_the_last_place_have_an_end() -> None:
    first, last = cast(own("a", 15)), cast(own("a", 66))
    assert moves(first, first.steps["a"]) == (None, "picked")
    assert moves(last, last.steps["a"]) == ("out_for_delivery", None)


def test_a_step_that_the_api_put_behind_the_end_comes_up_before_it() -> None:
    found = cast(own("a", 80))
    up, down = moves(found, found.steps["a"])
    assert (up, down) == ("ready_for_pickup", None)
    assert way(moved(found, "a", up or ""))[-3:] == ["a", "delivered", "picked_up"]


def test_what_was_taken_away_comes_back_to_where_it_stood() -> None:
    gone = replace(own("a", 15), gone_at=1)
    found = cast(gone, own("b", 15), own("c", 17))
    back = {"a": 15, "b": 15, "c": 17} | place_back(found, replace(gone, gone_at=None))
    assert back == {"a": 15, "b": 16, "c": 17}, "one place is not two's"
    assert place_back(cast(gone), replace(gone, gone_at=None)) == {}


@given(st.lists(st.tuples(st.sampled_from(OWN), st.integers(0, 12)), max_size=25))
def test_whatever_is_moved_it_stands_where_it_was_put_and_the_others_keep_their_order(
    turns: list[tuple[str, int]],
) -> None:
    found = cast()
    fixed = way(found)
    for key, place in turns:
        after = [step for step in places(found) if step.key != key]
        before, target = way(found), after[place % len(after)]
        found = moved(found, key, target.key)
        assert found.steps[key].position > found.steps[target.key].position
        between = [s for s in found.standing if target.position < s.position < found.steps[key].position]
        assert not between
        assert [one for one in way(found) if one != key] == [one for one in before if one != key]
        assert [one for one in way(found) if one in fixed] == fixed
        mine = [step for step in found.standing if is_movable(step)]
        assert len({step.position for step in mine}) == len(mine)
