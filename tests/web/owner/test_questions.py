from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import httpx2
import time_machine

from storefront_trace.actions import questions
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.storage import questions as rows
from storefront_trace.storage import shops
from tests.people import Shop

SV = {"Accept-Language": "sv"}
MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)  # eight in Stockholm: the doors open
SignIn = Callable[[str], Awaitable[httpx2.AsyncClient]]


async def come_to_the_owner(shop: Shop, words: str = "Kan ni slå in muggen?") -> str:
    """Karin asks Anders on Monday morning, and nobody answers all day."""
    with time_machine.travel(MONDAY, tick=False) as clock:
        order_id = await shop.order()
        await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))
        question_id = await questions.ask(shop.desk, shop.id, order_id, words, locale="sv")
        for _ in range(2):
            clock.shift(timedelta(hours=4))
            await questions.pass_on(shop.desk)
    return question_id


async def test_the_owners_day_begins_with_who_waits_for_her(shop: Shop, signed_in: SignIn) -> None:
    await come_to_the_owner(shop)
    with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
        text = (await (await signed_in("olga")).get("/owner", headers=SV)).text
    for said in ("Kan ni slå in muggen?", "Den ställdes till Anders.", "Den kom till lagerteamet", "Den kom till dig"):
        assert said in text
    assert "En sak att ta hand om" in text


async def test_she_sees_only_what_has_come_to_her(shop: Shop, signed_in: SignIn) -> None:
    order_id = await shop.order()
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))
    await questions.ask(shop.desk, shop.id, order_id, "Till Anders", locale="sv")
    olga = await signed_in("olga")
    for path in ("/owner", "/owner/questions"):
        assert "Till Anders" not in (await olga.get(path)).text


async def test_she_answers_and_it_stands_with_her_name(shop: Shop, signed_in: SignIn) -> None:
    question_id = await come_to_the_owner(shop)
    olga = await signed_in("olga")
    sent = await olga.post(f"/owner/questions/{question_id}/answer", data={"words": "Vi slår in den."})
    assert (sent.status_code, sent.headers["location"]) == (
        303,
        f"/owner/questions?said=answered#question-{question_id}",
    )
    text = (await olga.get("/owner/questions", headers=SV)).text
    assert ("Vi slår in den." in text, "Olga svarade" in text, "Svara Karin" in text) == (True, True, False)
    async with shop.desk.db.read() as conn:
        assert (await rows.get_question(conn, shop.id, question_id)).answered_by == await shop.person_id("olga")


async def test_a_refused_answer_stays_in_its_form(shop: Shop, signed_in: SignIn) -> None:
    question_id = await come_to_the_owner(shop)
    olga = await signed_in("olga")
    answer = await olga.post(f"/owner/questions/{question_id}/answer", data={"words": "ä" * 2001})
    assert answer.status_code == 422
    assert f'href="#answer-{question_id}"' in answer.text
    assert "ä" * 2001 in answer.text


async def test_the_owner_of_another_shop_sees_nothing(shop: Shop, signed_in: SignIn) -> None:
    question_id = await come_to_the_owner(shop)
    nora = await signed_in("nora")
    for path in ("/owner", "/owner/questions"):
        assert "Kan ni slå in muggen?" not in (await nora.get(path)).text
    assert (await nora.post(f"/owner/questions/{question_id}/answer", data={"words": "Hej"})).status_code == 404


async def test_the_owner_sets_how_long_a_question_waits(shop: Shop, signed_in: SignIn) -> None:
    olga = await signed_in("olga")
    form = (await olga.get("/owner/shop", headers=SV)).text
    assert '<option value="240" selected>4 tim</option>' in form
    assert (await olga.post("/owner/shop", data={"question_minutes": "30"})).status_code == 303
    assert (await olga.post("/owner/shop", data={"question_minutes": "soon"})).status_code == 422
    async with shop.desk.db.read() as conn:
        assert (await shops.get_shop(conn, shop.id)).question_minutes == 30
