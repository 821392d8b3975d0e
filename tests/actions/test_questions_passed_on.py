"""Questions that go on to others: by the clock, by hand, and when somebody leaves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from storefront_trace.actions import people, questions, shops
from storefront_trace.domain.errors import Conflict, Invalid, NotFound
from storefront_trace.domain.questions import waits_for
from storefront_trace.storage.questions import Question
from tests.actions.asking import (
    MONDAY,
    answer,
    ask,
    get,
    notices,
    of_order,
    version_of,
)
from tests.people import Shop


async def test_nobody_answers_so_the_team_has_it_and_then_the_owner(shop: Shop) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        question_id = await ask(shop)
        seen = []
        for minutes in (239, 1, 239, 1, 10_000):  # to the owner at 16, before the doors close
            clock.shift(timedelta(minutes=minutes))
            seen.append((await questions.pass_on(shop.desk), waits_for(await get(shop, question_id))))
    assert seen == [(0, "person"), (1, "team"), (0, "team"), (1, "owner"), (0, "owner")]
    assert await notices(shop) == [("question_owner", "olga@example.com")]


async def test_the_limit_does_not_run_while_the_shop_is_closed(shop: Shop) -> None:
    with time_machine.travel(MONDAY - timedelta(days=3, hours=-8), tick=False) as clock:  # Friday, an hour before five
        question_id = await ask(shop)
        clock.move_to(MONDAY + timedelta(hours=3, minutes=-1))
        early = await questions.pass_on(shop.desk)
        clock.shift(timedelta(minutes=1))
        late = await questions.pass_on(shop.desk)
    assert (early, late, waits_for(await get(shop, question_id))) == (0, 1, "team")


async def test_each_move_moves_the_pages_version(shop: Shop) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        seen = [await version_of(shop, ask(shop))]
        for _ in range(2):
            clock.shift(timedelta(hours=4))
            seen.append(await version_of(shop, questions.pass_on(shop.desk)))
        (asked,) = await of_order(shop)
        seen.append(await version_of(shop, answer(shop, asked.id, "olga", as_owner=True)))
    assert seen == sorted(set(seen))


async def test_the_shop_sets_the_limit(shop: Shop) -> None:
    await shops.set_face(shop.desk, shop.id, question_minutes=30)
    with time_machine.travel(MONDAY, tick=False) as clock:
        question_id = await ask(shop)
        clock.shift(timedelta(minutes=30))
        await questions.pass_on(shop.desk)
    assert waits_for(await get(shop, question_id)) == "team"


async def test_what_waits_for_somebody_who_leaves_is_the_teams_at_once(shop: Shop) -> None:
    question_id = await ask(shop)
    await people.end_employment(shop.desk, shop.id, "anders")
    assert waits_for(await get(shop, question_id)) == "team"


async def test_somebody_alone_in_the_team_is_followed_by_the_owner(shop: Shop) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        question_id = await ask(shop, packed_by="jocke")
        clock.shift(timedelta(hours=4))
        await questions.pass_on(shop.desk)
    assert waits_for(await get(shop, question_id)) == "owner"


async def test_passed_on_by_hand_it_waits_for_the_colleague_or_the_team(shop: Shop) -> None:
    question_id, anders = await ask(shop), await shop.person_id("anders")

    async def hand_over(to: str, by: str) -> Question:
        return await questions.hand_over(shop.desk, shop.id, question_id, by_person=by, as_owner=False, to=to)

    asked = await hand_over("jocke", anders)
    assert (asked.person_id, asked.team, waits_for(asked)) == (await shop.person_id("jocke"), "orders", "person")
    with pytest.raises(NotFound):
        await hand_over("lisa", anders)
    asked = await hand_over("warehouse", await shop.person_id("jocke"))
    assert (asked.person_id, asked.team, waits_for(asked)) == (None, "warehouse", "team")
    with pytest.raises(Invalid):
        await hand_over("nobody", anders)


async def test_colleagues_who_pass_it_round_do_not_keep_it_from_the_owner(shop: Shop) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        question_id = await ask(shop)
        moved = []
        for turn in range(10):
            clock.move_to(MONDAY + timedelta(days=turn // 3, hours=3 * (turn % 3)))  # three times a working day
            await questions.pass_on(shop.desk)
            by, to = ("anders", "lisa") if turn % 2 == 0 else ("lisa", "anders")
            person = await shop.person_id(by)
            try:
                await questions.hand_over(shop.desk, shop.id, question_id, by_person=person, as_owner=False, to=to)
            except Conflict:
                break
            moved.append(turn)
    assert len(moved) == 6  # four limits are sixteen working hours
    assert waits_for(await get(shop, question_id)) == "owner"


async def test_what_the_owner_passes_on_gets_a_whole_limit_and_comes_back(shop: Shop) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        question_id = await ask(shop)
        clock.shift(timedelta(days=3))
        await questions.pass_on(shop.desk)
        await questions.pass_on(shop.desk)
        olga = await shop.person_id("olga")
        await questions.hand_over(shop.desk, shop.id, question_id, by_person=olga, as_owner=True, to="lisa")
        seen = []
        for minutes in (239, 1):
            clock.shift(timedelta(minutes=minutes))
            await questions.pass_on(shop.desk)
            seen.append(waits_for(await get(shop, question_id)))
    assert seen == ["person", "owner"]


async def test_a_question_that_cannot_be_passed_on_stops_none_behind_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        first = await ask(shop)
    with time_machine.travel(MONDAY + timedelta(minutes=1), tick=False):
        second = await ask(shop, "Hur stor är den?")
    whole = questions.next_way

    def next_way(asked: Question, *others: Any) -> Any:
        if asked.id == first:
            raise KeyError("a row that somebody has edited by hand")
        return whole(asked, *others)

    monkeypatch.setattr(questions, "next_way", next_way)
    with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
        assert await questions.pass_on(shop.desk) == 1
    assert waits_for(await get(shop, first)) == "person"
    assert waits_for(await get(shop, second)) == "team"


async def test_more_than_a_batch_moves_in_one_round_and_what_cannot_is_tried_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    whole = questions.next_way

    def next_way(asked: Question, *others: Any) -> Any:
        tried.append(asked.words)
        if asked.words == "Fråga 1":
            raise KeyError("a row that somebody has edited by hand")
        return whole(asked, *others)

    monkeypatch.setattr(questions, "next_way", next_way)
    monkeypatch.setattr(questions, "BATCH", 2)
    with time_machine.travel(MONDAY, tick=False):  # all due at the same moment
        asked = [await ask(shop, f"Fråga {number}") for number in range(5)]
    with time_machine.travel(MONDAY + timedelta(hours=5), tick=False):
        assert await questions.pass_on(shop.desk) == 4
        assert sorted(tried) == [f"Fråga {number}" for number in range(5)]
        assert [waits_for(await get(shop, one)) for one in asked] == ["team", "person", "team", "team", "team"]
        assert await questions.pass_on(shop.desk) == 0
