"""Whom a question goes to, what is asked, and how long it is kept."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import time_machine

from storefront_trace.actions import people, privacy, purging, questions, shops, trail
from storefront_trace.actions.orders import put_order
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.errors import Conflict, Invalid, NotFound
from storefront_trace.domain.incoming import IncomingOrder
from storefront_trace.domain.questions import waits_for
from storefront_trace.storage import questions as rows
from tests.actions.asking import (
    MONDAY,
    answer,
    ask,
    ask_of_packed,
    get,
    notices,
    of_order,
)
from tests.people import KARINS_ORDER, Shop


async def test_a_question_goes_to_who_has_the_order(shop: Shop) -> None:
    asked = await get(shop, await ask(shop))
    assert (asked.person_id, asked.team) == (await shop.person_id("anders"), "warehouse")
    assert waits_for(asked) == "person"


async def test_who_was_handed_the_order_is_asked(shop: Shop) -> None:
    await shop.order()
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders", hand_to="lisa"))
    assert (await get(shop, await ask(shop))).person_id == await shop.person_id("lisa")


async def test_a_question_about_an_order_that_nobody_has_touched_is_the_owners_when_no_team_is_there(
    shop: Shop,
) -> None:
    order_id = (
        await put_order(shop.desk, shop.other_id, IncomingOrder(**KARINS_ORDER), source="api")  # type: ignore[arg-type]
    ).order_id
    question_id = await questions.ask(shop.desk, shop.other_id, order_id, "Hej?", locale="sv")
    async with shop.desk.db.read() as conn:
        assert waits_for(await rows.get_question(conn, shop.other_id, question_id)) == "owner"
    assert await notices(shop) == [("question_owner", "nora@example.com")]


async def test_a_question_after_delivery_goes_to_who_had_the_order_last(shop: Shop) -> None:
    await ask(shop)
    for step in ("in_transit", "delivered"):
        await log_step(shop.desk, shop.id, "1001", StepToLog(step, carrier_scan=True))
    later = await get(shop, await ask(shop, "Den är trasig, vad gör jag?"))
    assert later.person_id == await shop.person_id("anders")


async def test_a_question_to_somebody_who_has_left_begins_with_the_team(shop: Shop) -> None:
    await ask(shop)
    await people.end_employment(shop.desk, shop.id, "anders")
    asked = await get(shop, await ask(shop, "Och när kommer lampan?"))
    assert (asked.person_id, asked.team, waits_for(asked)) == (None, "warehouse", "team")


async def test_the_same_words_again_are_one_question(shop: Shop) -> None:
    assert await ask(shop) == await ask(shop)
    assert len(await of_order(shop)) == 1


async def test_five_open_questions_are_enough_until_one_is_answered(shop: Shop) -> None:
    asked = [await ask(shop, f"Fråga {number}") for number in range(5)]
    with pytest.raises(Conflict):
        await ask(shop, "Fråga 6")
    await answer(shop, asked[0], "anders")
    await ask(shop, "Fråga 6")


@pytest.mark.parametrize("words", ["", "   \n ", "\u200b\u202e", "\u200d", "x" * 2001])
async def test_empty_hidden_and_endless_words_are_refused(shop: Shop, words: str) -> None:
    with pytest.raises(Invalid):
        await ask(shop, words)
    assert await of_order(shop) == []


async def test_the_owner_answers_what_the_shops_other_owner_cannot_see(shop: Shop) -> None:
    question_id = await ask(shop)
    async with shop.desk.db.read() as conn:
        with pytest.raises(NotFound):
            await rows.get_question(conn, shop.other_id, question_id)
        assert await rows.count_owners(conn, shop.other_id) == 0


async def test_erasing_a_customer_takes_the_questions_along_and_an_export_has_them(shop: Shop) -> None:
    question_id = await ask(shop)
    await answer(shop, question_id, "anders")
    told = await privacy.export_customer(shop.desk, shop.id, "karin@example.com")
    assert [(one["words"], one["answer"]) for one in told["questions"]] == [("Kan ni slå in muggen?", "Javisst!")]
    theirs = await privacy.export_person(shop.desk, shop.id, "anders")
    assert [one["answer"] for one in theirs["questions"]] == ["Javisst!"]
    await privacy.erase_customer(shop.desk, shop.id, number="1001")
    assert await of_order(shop) == []
    assert await notices(shop) == []


async def test_sixty_days_after_delivery_the_questions_go_with_the_name(shop: Shop) -> None:
    with time_machine.travel("2026-09-01T00:00:00Z", tick=True):
        await shop.order(lines=())
        await ask_of_packed(shop)
        await log_step(shop.desk, shop.id, "1001", StepToLog("delivered"))
    with time_machine.travel("2026-11-10T00:00:00Z", tick=True):
        await purging.purge(shop.desk, shop.id)
    assert await of_order(shop) == []


async def test_asking_answering_and_passing_on_at_once_wait_for_each_other(shop: Shop) -> None:
    question_id = await ask(shop)
    await shops.set_face(shop.desk, shop.id, question_minutes=0)
    await asyncio.gather(
        *(ask(shop, f"Fråga {number}") for number in range(4)),
        *(questions.pass_on(shop.desk) for _ in range(4)),
        answer(shop, question_id, "anders"),
    )
    assert len(await of_order(shop)) == 5
    assert (await get(shop, question_id)).answer == "Javisst!"


async def test_the_trail_says_who_has_changed_the_page_and_our_own_answers_take_no_room_from_customers(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        question_id = await ask(shop)
    with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
        await questions.pass_on(shop.desk)
        await answer(shop, question_id, "lisa")
        marks = [event.source for event in await shop.events() if event.kind == "answer"]
        assert marks == ["customer", "system", "staff"]
        assert (await shop.row()).version == len(await shop.events())
        monkeypatch.setattr(trail, "MOST_MARKS", 2)
        await ask(shop, "Hur stor är den?")
        with pytest.raises(Conflict):
            await ask(shop, "Vilken färg har den?")
