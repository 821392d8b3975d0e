from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from storefront_trace.domain.clock import HOUR
from storefront_trace.domain.orders import Event
from storefront_trace.domain.questions import (
    MOST_LIMITS,
    Way,
    first_way,
    limit_of,
    may_answer,
    next_way,
    waits_for,
    way_to,
    whom_to_ask,
)
from storefront_trace.domain.shop import Cast, Person, Shop, ShopStep, Team

ANDERS = Person("a", "anders", "Anders", {}, "warehouse")
LISA = Person("l", "lisa", "Lisa", {}, "warehouse")
JOCKE = Person("j", "jocke", "Jocke", {}, "orders")
OLGA = Person("o", "olga", "Olga", {})
SHOP = Shop("s", "Roliga Ting", zone="Europe/Stockholm")
MONDAY_8 = 1_795_417_200_000_000  # 23 November 2026, eight in Stockholm


@dataclass(frozen=True)
class Order:
    holder_person_id: str | None = None
    holder_team: str | None = None
    holder_event_id: str | None = None


STEPS = {
    key: ShopStep(key, 30, "advance", "box", None, {}, {}, {}, visible=key != "checked")
    for key in ("packed", "checked")
}


def cast(*people: Person, shop: Shop = SHOP) -> Cast:
    teams = {key: Team(key, {}) for key in ("warehouse", "orders", "service")}
    return Cast(shop, {one.id: one for one in people}, teams, STEPS)


def step(seq: int, person: Person | None = None, team: str | None = None, to: Person | None = None) -> Event:
    return Event(
        id=str(seq), seq=seq, kind="step", at=seq, recorded_at=seq, step="packed",
        person_id=person.id if person else None, team=person.team if person else team,
        hand_person_id=to.id if to else None,
    )  # fmt: skip


EVERYBODY = cast(ANDERS, LISA, JOCKE, OLGA)


def four_hours(since: int) -> int:
    return since + 4 * HOUR


def left(person: Person) -> Person:
    return replace(person, left_at=1)


def test_who_has_the_order_is_asked() -> None:
    assert whom_to_ask(Order("a", "warehouse"), [step(1, JOCKE)], EVERYBODY) == (ANDERS, "warehouse")


def test_an_order_with_a_team_is_the_teams() -> None:
    assert whom_to_ask(Order(None, "warehouse"), [], EVERYBODY) == (None, "warehouse")


def test_who_has_left_is_followed_by_the_team_and_an_empty_team_by_who_had_it_before() -> None:
    assert whom_to_ask(Order("a"), [], cast(left(ANDERS), LISA)) == (None, "warehouse")
    assert whom_to_ask(Order("a"), [step(1, JOCKE)], cast(left(ANDERS), JOCKE)) == (JOCKE, "orders")


def test_when_nobody_has_it_who_had_it_last_is_asked() -> None:
    events = [step(1, JOCKE), step(2, ANDERS), step(3)]  # the last is a carrier's
    assert whom_to_ask(Order(), events, EVERYBODY) == (ANDERS, "warehouse")
    assert whom_to_ask(Order(), [*events, step(4, ANDERS, to=LISA)], EVERYBODY) == (LISA, "warehouse")


def test_a_step_that_was_taken_back_is_no_reason_to_be_asked() -> None:
    back = Event(id="9", seq=9, kind="correction", at=9, recorded_at=9, corrects="2")
    assert whom_to_ask(Order(), [step(1, JOCKE), step(2, ANDERS), back], EVERYBODY) == (JOCKE, "orders")


def test_without_anybody_it_is_the_owners() -> None:
    assert whom_to_ask(Order(), [step(1)], EVERYBODY) == (None, None)
    assert waits_for(first_way(None, None, 0, four_hours)) == "owner"


@given(st.lists(st.sampled_from([ANDERS, LISA, JOCKE, OLGA, None]), max_size=6), st.sets(st.sampled_from("aljo")))
def test_whoever_is_asked_works_here(hands: list[Person | None], gone: set[str]) -> None:
    people = [left(one) if one.id in gone else one for one in (ANDERS, LISA, JOCKE, OLGA)]
    shop = cast(*people)
    person, team = whom_to_ask(Order(), [step(n, one) for n, one in enumerate(hands, 1)], shop)
    assert person is None or person.left_at is None
    assert team is None or any(one.team == team and one.left_at is None for one in people)


def test_each_limit_begins_when_the_one_before_is_over() -> None:
    way = first_way(ANDERS, "warehouse", 0, four_hours)
    assert (waits_for(way), way.due_at) == ("person", 4 * HOUR)
    way = next_way(way, 0, 4 * HOUR, four_hours, EVERYBODY)
    assert (waits_for(way), way.due_at) == ("team", 8 * HOUR)
    way = next_way(way, 0, 8 * HOUR, four_hours, EVERYBODY)
    assert (waits_for(way), way.due_at, way.to_team_at) == ("owner", None, 4 * HOUR)


def test_a_limit_counts_working_time_and_not_the_night() -> None:
    limit = limit_of(SHOP)
    assert limit(MONDAY_8 - 10 * HOUR) == MONDAY_8 + 4 * HOUR
    assert limit(MONDAY_8 + 7 * HOUR) == MONDAY_8 + 26 * HOUR  # two hours until five, two the next morning


def test_a_shop_that_never_opens_has_a_limit_too() -> None:
    assert limit_of(Shop("s", "Roliga Ting", calendar={"days": []}))(0) == 4 * HOUR


@given(st.lists(st.integers(1, 5 * HOUR), min_size=30, max_size=30))
def test_no_passing_round_keeps_it_from_the_owner(pauses: list[int]) -> None:
    now, way = 0, first_way(ANDERS, "warehouse", 0, four_hours)
    for turn, pause in enumerate(pauses):
        now += pause
        while way.due_at is not None and way.due_at <= now:
            way = next_way(way, 0, way.due_at, four_hours, EVERYBODY)
        if waits_for(way) == "owner":
            break
        way = way_to(LISA if turn % 2 else ANDERS, "warehouse", 0, now, four_hours)
    assert (way.to_owner_at or now) <= (MOST_LIMITS + 1) * 4 * HOUR


def test_who_may_answer() -> None:
    asked = Way("a", "warehouse", 1)
    theirs = replace(asked, to_team_at=1)
    assert [may_answer(asked, one, as_owner=one is OLGA) for one in (ANDERS, LISA, OLGA)] == [True, False, True]
    assert [may_answer(theirs, one, as_owner=False) for one in (ANDERS, LISA, JOCKE)] == [True, True, False]


def test_who_checked_it_inside_the_shop_only_is_not_given_away_by_being_asked() -> None:
    events = [step(1, ANDERS), replace(step(2, LISA), step="checked")]
    assert whom_to_ask(Order("l", "warehouse", "2"), events, EVERYBODY) == (ANDERS, "warehouse")
    assert whom_to_ask(Order("a", "warehouse", "1"), events, EVERYBODY) == (ANDERS, "warehouse")


def test_a_long_trail_that_nobody_can_answer_for_is_sorted_once() -> None:
    looked = 0

    class Counted:
        def __init__(self, event: Event) -> None:
            self.event = event

        def __getattr__(self, name: str) -> Any:
            nonlocal looked
            looked += name == "at"
            return getattr(self.event, name)

    events: list[Any] = [Counted(step(number, team="service")) for number in range(1, 501)]
    assert whom_to_ask(Order(), events, EVERYBODY) == (None, None)
    assert looked <= 2 * len(events)
