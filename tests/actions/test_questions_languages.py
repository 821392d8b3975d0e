"""A question that has come to a team goes to those of it who answer in its language. The shop's own is Swedish."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from storefront_trace.actions import people, questions
from storefront_trace.actions.own_words import save_own_words
from storefront_trace.domain.own_words import check_own_words
from storefront_trace.domain.questions import reach_of
from storefront_trace.storage import questions as rows
from storefront_trace.storage import shops as shop_rows
from tests.actions.asking import MONDAY, ask_of_packed, get, give_address, notices
from tests.people import Shop

WAREHOUSE = ("anders", "lisa", "sam")


async def says(shop: Shop, handle: str, *languages: str) -> None:
    await save_own_words(shop.desk, shop.id, await shop.person_id(handle), check_own_words({}, {}, languages, ""))


async def see(shop: Shop) -> list[str]:
    """Who of the warehouse has it before them; both the list and the number that every page shows know it."""
    found = []
    async with shop.desk.db.read() as conn:
        cast = await shop_rows.get_cast(conn, shop.id)
        for person in (cast.person_by_handle(handle) for handle in WAREHOUSE):
            assert person is not None
            if person.left_at is not None:
                continue
            n = await rows.count_waiting(conn, shop.id, reach_of(person, cast))
            assert n == len(await rows.list_waiting(conn, shop.id, reach_of(person, cast)))
            found += [person.handle] * n
    return found


async def ask_and_wait(shop: Shop, locale: str) -> str:
    """Anders, who packed the order, is asked and does not answer within the shop's limit."""
    await shop.order()
    with time_machine.travel(MONDAY, tick=False) as clock:
        question_id = await ask_of_packed(shop)
        async with shop.desk.db.write() as conn:
            await rows.update_question(conn, shop.id, question_id, locale=locale)
        assert await see(shop) == ["anders"]
        clock.shift(timedelta(hours=4))
        await questions.pass_on(shop.desk)
    return question_id


async def test_it_comes_to_those_of_the_team_who_answer_in_its_language(shop: Shop) -> None:
    await says(shop, "lisa", "sv", "fi")
    await ask_and_wait(shop, "fi")
    assert await see(shop) == ["anders", "lisa"]  # who was asked still has it


async def test_to_the_whole_team_when_nobody_in_it_does(shop: Shop) -> None:
    await ask_and_wait(shop, "fi")
    assert await see(shop) == ["anders", "lisa", "sam"]


async def test_to_the_whole_team_when_only_who_let_it_wait_does(shop: Shop) -> None:
    await says(shop, "anders", "fi")
    await ask_and_wait(shop, "fi")
    assert await see(shop) == ["anders", "lisa", "sam"]


async def test_who_has_not_said_answers_in_the_shops_own_language(shop: Shop) -> None:
    await says(shop, "lisa", "sv", "fi")
    await ask_and_wait(shop, "sv")
    assert await see(shop) == ["anders", "lisa", "sam"]


@pytest.mark.parametrize("leaves", [True, False])
async def test_when_the_last_who_does_leaves_or_takes_it_back_the_whole_team_has_it(shop: Shop, leaves: bool) -> None:
    await says(shop, "lisa", "sv", "fi")
    await ask_and_wait(shop, "fi")
    if leaves:
        await people.end_employment(shop.desk, shop.id, "lisa")
        assert await see(shop) == ["anders", "sam"]
    else:
        await says(shop, "lisa")
        assert await see(shop) == ["anders", "lisa", "sam"]


async def test_a_colleague_whom_it_does_not_come_to_may_answer_it_all_the_same(shop: Shop) -> None:
    await says(shop, "lisa", "fi")
    question_id = await ask_and_wait(shop, "fi")
    sam = await shop.person_id("sam")
    await questions.answer(shop.desk, shop.id, question_id, by_person=sam, as_owner=False, words="Kyllä!")
    assert (await get(shop, question_id)).answered_by == sam


async def test_of_another_team_nobody_has_it_whatever_they_answer_in(shop: Shop) -> None:
    await says(shop, "jocke", "fi")
    await ask_and_wait(shop, "fi")
    async with shop.desk.db.read() as conn:
        cast = await shop_rows.get_cast(conn, shop.id)
        jocke = cast.person_by_handle("jocke")
        assert jocke is not None
        assert await rows.count_waiting(conn, shop.id, reach_of(jocke, cast)) == 0
        nowhere = reach_of(replace(jocke, team=None), cast)
        assert await rows.count_waiting(conn, shop.id, nowhere) == 0


async def test_those_who_said_that_they_answer_in_it_are_mailed_once(shop: Shop) -> None:
    for handle in WAREHOUSE:
        await give_address(shop, handle)
    await says(shop, "lisa", "fi")
    await ask_and_wait(shop, "fi")
    assert await notices(shop) == [("question", "anders@example.com"), ("question_team", "lisa@example.com")]


@pytest.mark.parametrize("locale", ["fi", "sv"])
async def test_a_whole_team_is_mailed_nothing(shop: Shop, locale: str) -> None:
    for handle in WAREHOUSE:
        await give_address(shop, handle)
    await ask_and_wait(shop, locale)
    assert await notices(shop) == [("question", "anders@example.com")]
