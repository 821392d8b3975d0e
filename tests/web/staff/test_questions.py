from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import httpx2
import time_machine

from storefront_trace.actions import questions
from storefront_trace.actions.own_words import save_own_words
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.own_words import check_own_words
from storefront_trace.storage import questions as rows
from storefront_trace.storage.questions import Question
from tests.people import Shop

SV = {"Accept-Language": "sv"}
MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)  # eight in Stockholm: the doors open
SignIn = Callable[[str], Awaitable[httpx2.AsyncClient]]


async def ask(shop: Shop, words: str = "Kan ni slå in muggen?", number: str = "1001") -> str:
    """Karin asks about an order that Anders has packed."""
    order_id = await shop.order(number)
    if not any(event.step == "packed" for event in await shop.events(number)):
        await log_step(shop.desk, shop.id, number, StepToLog("packed", "anders"))
    return await questions.ask(shop.desk, shop.id, order_id, words, locale="sv")


async def get(shop: Shop, question_id: str) -> Question:
    async with shop.desk.db.read() as conn:
        return await rows.get_question(conn, shop.id, question_id)


async def test_the_person_reads_who_asks_about_what_and_answers(shop: Shop, signed_in: SignIn) -> None:
    question_id = await ask(shop)
    anders = await signed_in("anders")
    text = (await anders.get("/staff/questions", headers=SV)).text
    for said in ("Kan ni slå in muggen?", "Karin, order 1001", "Packad, väntar på lagerteamet", "Svara Karin"):
        assert said in text
    sent = await anders.post(f"/staff/questions/{question_id}/answer", data={"words": "Javisst!"})
    assert (sent.status_code, sent.headers["location"]) == (
        303,
        f"/staff/questions?said=answered#question-{question_id}",
    )
    assert (await get(shop, question_id)).answer == "Javisst!"
    text = (await anders.get("/staff/questions", headers=SV)).text
    assert ("Besvarade" in text, "Du svarade" in text, "Svara Karin" in text) == (True, True, False)


async def test_every_staff_page_says_how_many_wait_and_none_says_so_when_none_does(
    shop: Shop, signed_in: SignIn
) -> None:
    first, _ = await ask(shop), await ask(shop, "Och när kommer lampan?")
    anders = await signed_in("anders")
    for path in ("/staff", "/staff/me", "/staff/thanks", "/staff/orders/1001"):
        assert "2 frågor väntar på svar" in (await anders.get(path, headers=SV)).text
    await anders.post(f"/staff/questions/{first}/answer", data={"words": "Javisst!"})
    assert "1 fråga väntar på svar" in (await anders.get("/staff", headers=SV)).text
    assert "väntar på svar" not in (await (await signed_in("lisa")).get("/staff", headers=SV)).text


async def test_colleagues_see_it_when_it_is_the_teams_and_others_never(shop: Shop, signed_in: SignIn) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        question_id = await ask(shop)
        seen = [await _sees(signed_in, who) for who in ("lisa", "jocke", "nora")]
        clock.shift(timedelta(hours=4))
        await questions.pass_on(shop.desk)
        seen += [await _sees(signed_in, who) for who in ("lisa", "jocke", "nora", "anders")]
        lisa = await signed_in("lisa")
        sent = await lisa.post(f"/staff/questions/{question_id}/answer", data={"words": "Jag gör det."})
    assert seen == [False, False, False, True, False, False, True]
    assert sent.status_code == 303


async def _sees(signed_in: SignIn, who: str) -> bool:
    text = (await (await signed_in(who)).get("/staff/questions")).text
    return "Kan ni slå in muggen?" in text


async def test_mine_come_before_the_teams_and_the_longest_wait_first(shop: Shop, signed_in: SignIn) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        await ask(shop, "Teamets")
        clock.shift(timedelta(hours=4))
        await questions.pass_on(shop.desk)
        await shop.order("1002")
        await log_step(shop.desk, shop.id, "1002", StepToLog("packed", "lisa"))
        for words in ("Lisas första", "Lisas andra"):
            await ask(shop, words, "1002")
            clock.shift(timedelta(minutes=1))
        text = (await (await signed_in("lisa")).get("/staff/questions")).text
    assert text.index("Lisas första") < text.index("Lisas andra") < text.index("Teamets")


async def test_a_question_is_passed_on_to_a_colleague(shop: Shop, signed_in: SignIn) -> None:
    question_id = await ask(shop)
    anders = await signed_in("anders")
    form = (await anders.get("/staff/questions", headers=SV)).text
    assert 'name="to" value="jocke"' in form
    sent = await anders.post(f"/staff/questions/{question_id}/pass", data={"to": "jocke"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/staff/questions?said=passed")
    assert (await get(shop, question_id)).person_id == await shop.person_id("jocke")
    assert await _sees(signed_in, "jocke")
    again = await anders.post(f"/staff/questions/{question_id}/pass", data={"to": "lisa"})
    assert again.status_code == 404


async def test_a_refused_answer_keeps_what_was_typed(shop: Shop, signed_in: SignIn) -> None:
    question_id = await ask(shop)
    anders = await signed_in("anders")
    long = await anders.post(f"/staff/questions/{question_id}/answer", data={"words": "ä" * 2001})
    assert (long.status_code, "ä" * 2001 in long.text) == (422, True)
    nowhere = await anders.post(f"/staff/questions/{question_id}/pass", data={"to": "nobody"})
    assert nowhere.status_code == 422


async def test_a_second_answer_is_told_that_there_is_one(shop: Shop, signed_in: SignIn) -> None:
    question_id = await ask(shop)
    anders = await signed_in("anders")
    url = f"/staff/questions/{question_id}/answer"
    same = [(await anders.post(url, data={"words": "Javisst!"})).status_code for _ in range(2)]
    other = await anders.post(url, data={"words": "Nej."}, headers=SV)
    assert (same, other.status_code, "Någon har redan svarat" in other.text) == ([303, 303], 409, True)


async def test_the_orders_page_has_the_thread_and_leads_back_to_itself(shop: Shop, signed_in: SignIn) -> None:
    question_id = await ask(shop)
    anders = await signed_in("anders")
    page = (await anders.get("/staff/orders/1001", headers=SV)).text
    assert ("Kan ni slå in muggen?" in page, 'name="back" value="order"' in page) == (True, True)
    sent = await anders.post(f"/staff/questions/{question_id}/answer", data={"words": "Javisst!", "back": "order"})
    assert sent.headers["location"] == f"/staff/orders/1001?said=answered#question-{question_id}"
    jocke = await signed_in("jocke")
    page = (await jocke.get("/staff/orders/1001", headers=SV)).text
    assert ("Javisst!" in page, "/answer" in page) == (True, False)
    refused = await anders.post(
        f"/staff/questions/{question_id}/answer", data={"words": "Nej.", "back": "order"}, headers=SV
    )
    assert (refused.status_code, "Vad kunden frågar" in refused.text) == (409, True)


async def test_long_lists_are_paged(shop: Shop, signed_in: SignIn) -> None:
    for number in range(1, 6):
        for nth in range(5):
            await ask(shop, f"Fråga {number}-{nth}", f"100{number}")
    anders = await signed_in("anders")
    first = (await anders.get("/staff/questions")).text
    second = (await anders.get("/staff/questions?page=2")).text
    assert (first.count("<article"), second.count("<article")) == (20, 5)
    assert ("?page=2" in first, "?page=1" in second) == (True, True)


async def test_answered_questions_are_paged_from_the_newest(shop: Shop, signed_in: SignIn) -> None:
    anders, by = await signed_in("anders"), await shop.person_id("anders")
    with time_machine.travel(MONDAY, tick=False) as clock:
        for nth in range(11):
            clock.shift(timedelta(minutes=1))
            asked = await ask(shop, f"Fråga nr {nth}.")
            await questions.answer(shop.desk, shop.id, asked, by_person=by, as_owner=False, words="Ja")
    first = (await anders.get("/staff/questions")).text
    assert ("Fråga nr 10." in first, "Fråga nr 0." in first) == (True, False)
    older = first.split('href="/staff/questions?before=')[1].split('"')[0]
    assert "Fråga nr 0." in (await anders.get(f"/staff/questions?before={older}")).text


async def test_the_orders_page_says_that_a_teams_question_comes_to_who_answers_in_its_language(
    shop: Shop, signed_in: SignIn
) -> None:
    lisa = await signed_in("lisa")
    spoken = check_own_words({}, {}, ["fi"], "")
    await save_own_words(shop.desk, shop.id, await shop.person_id("lisa"), spoken)
    with time_machine.travel(MONDAY, tick=False) as clock:
        await shop.order()
        await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))
        asked = await questions.ask(shop.desk, shop.id, (await shop.row()).id, "Hei?", locale="fi")
        clock.shift(timedelta(hours=4))
        await questions.pass_on(shop.desk)
    text = (await lisa.get("/staff/orders/1001", headers=SV)).text
    assert "Den kommer till dem där som svarar på finska." in text
    assert (await lisa.post(f"/staff/questions/{asked}/answer", data={"words": "Kyllä!"})).status_code == 303
