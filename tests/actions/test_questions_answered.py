"""Who may answer a question, once, and how the customer hears of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import time_machine

from storefront_trace.actions import questions
from storefront_trace.actions.feedback import Answer, reply, save_feedback
from storefront_trace.domain.errors import Conflict, NotFound
from storefront_trace.storage import events
from tests.actions.asking import (
    MONDAY,
    answer,
    ask,
    ask_of_packed,
    generation,
    get,
    give_address,
    notices,
    of_order,
)
from tests.people import Shop


async def test_the_person_may_answer_and_the_team_once_it_is_theirs_and_the_owner_always(shop: Shop) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        question_id = await ask(shop)
        for handle in ("lisa", "jocke"):
            with pytest.raises(NotFound):
                await answer(shop, question_id, handle)
        clock.shift(timedelta(hours=4))
        await questions.pass_on(shop.desk)
        with pytest.raises(NotFound):
            await answer(shop, question_id, "jocke")
        await answer(shop, question_id, "lisa")
        second = await ask(shop, "En sak till?")
        await answer(shop, second, "olga", as_owner=True)
    assert [one.answered_by for one in await of_order(shop)] == [
        await shop.person_id("lisa"),
        await shop.person_id("olga"),
    ]


async def test_an_answer_is_mailed_once_however_often_it_is_sent(shop: Shop) -> None:
    question_id = await ask(shop)
    for _ in range(3):
        await answer(shop, question_id, "anders")
    assert await notices(shop) == [("answer", "karin@example.com")]


async def test_two_answers_at_the_same_moment_leave_one(shop: Shop) -> None:
    question_id = await ask(shop)
    told = await asyncio.gather(
        *(answer(shop, question_id, who, f"Svar {who}", as_owner=who == "olga") for who in ("anders", "olga")),
        return_exceptions=True,
    )
    assert [type(one) for one in told if one is not None] == [Conflict]
    assert (await get(shop, question_id)).answer in ("Svar anders", "Svar olga")
    assert await notices(shop) == [("answer", "karin@example.com")]


async def test_without_an_address_the_answer_stands_on_the_page_alone(shop: Shop) -> None:
    await shop.order(customer_email=None)
    await answer(shop, await ask_of_packed(shop), "anders")
    assert await notices(shop) == []


async def test_the_person_is_told_by_mail_when_there_is_an_address(shop: Shop) -> None:
    await give_address(shop, "anders")
    question_id = await ask(shop)
    by = await shop.person_id("anders")
    await give_address(shop, "lisa")
    await questions.hand_over(shop.desk, shop.id, question_id, by_person=by, as_owner=False, to="lisa")
    assert await notices(shop) == [("question", "anders@example.com"), ("question", "lisa@example.com")]


async def test_an_order_without_room_for_more_still_gets_its_answers_at_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    question_id = await ask(shop)
    event = next(event for event in await shop.events() if event.step == "packed")
    thanks = await save_feedback(shop.desk, shop.id, (await shop.row()).id, event.id, Answer("thanks"))
    past, before = await shop.events(), await generation(shop)
    monkeypatch.setattr(events, "MAX_EVENTS", len(past))
    await answer(shop, question_id, "anders")
    assert await generation(shop) == before + 1
    anders = await shop.person_id("anders")
    await reply(shop.desk, shop.id, thanks.id, by_person=anders, as_owner=False, words="Varsågod!")
    assert await generation(shop) == before + 2
    assert await shop.events() == past
