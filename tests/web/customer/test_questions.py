from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx2
import time_machine
from starlette.applications import Starlette

from storefront_trace.actions import people, questions
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.storage import questions as rows
from storefront_trace.storage.questions import Question
from storefront_trace.web.customer.cache import PageCache
from storefront_trace.web.customer.following import Offers
from tests.people import Shop

SV = {"Accept-Language": "sv"}
MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)  # eight in Stockholm: the doors open
ASK = {"text": "Kan ni slå in muggen?"}


async def packed(shop: Shop, by: str = "anders", **changes: object) -> str:
    """Karin's page; Anders has packed her order."""
    await shop.order(**changes)
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", by))
    return f"/t/{await shop.token()}"


async def asked(shop: Shop) -> list[Question]:
    async with shop.desk.db.read() as conn:
        return await rows.list_of_order(conn, shop.id, (await shop.row()).id)


async def answer(shop: Shop, handle: str, words: str = "Javisst!") -> None:
    (one,) = await asked(shop)
    by = await shop.person_id(handle)
    await questions.answer(shop.desk, shop.id, one.id, by_person=by, as_owner=handle == "olga", words=words)


async def test_she_asks_who_has_the_order_and_reads_who_has_her_question(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    url = await packed(shop)
    assert "Fråga Anders" in (await client.get(url, headers=SV)).text
    sent = await client.post(f"{url}/questions", data=ASK)
    (one,) = await asked(shop)
    assert (sent.status_code, sent.headers["location"]) == (303, f"{url}#question-{one.id}")
    text = (await client.get(url, headers=SV)).text
    assert f'id="question-{one.id}"' in text
    assert "Kan ni slå in muggen?" in text
    assert "Anders har din fråga. Svaret kommer här." in text


async def test_the_answer_stands_on_the_page_with_who_gave_it(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop)
    await client.post(f"{url}/questions", data=ASK)
    await client.get(url, headers=SV)  # kept, and stale with the answer
    await answer(shop, "anders", "Javisst, i blått papper!")
    text = (await client.get(url, headers=SV)).text
    assert "Javisst, i blått papper!" in text
    assert 'Anders svarade <time datetime="2' in text
    assert "har din fråga" not in text


async def test_it_works_on_a_page_of_its_own(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop)
    before = await shop.row()
    form = (await client.get(f"{url}/questions", headers=SV)).text
    assert (f'action="{url}/questions"' in form, "Fråga Anders" in form) == (True, True)
    assert (await shop.row(), await asked(shop)) == (before, [])


async def test_a_person_who_is_shown_as_the_team_is_asked_and_answers_as_the_team(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    url = await packed(shop, by="sam")
    assert "Fråga lagerteamet" in (await client.get(url, headers=SV)).text
    await client.post(f"{url}/questions", data=ASK)
    assert (await asked(shop))[0].person_id == await shop.person_id("sam")
    await answer(shop, "sam")
    text = (await client.get(url, headers=SV)).text
    facts = (await client.get(f"{url}.json", headers=SV)).json()
    assert "Lagerteamet svarade" in text
    assert facts["questions"][0]["answer"]["actor"]["name"] == "Lagerteamet"
    assert "Sam" not in text


async def test_after_delivery_she_asks_who_had_it_last(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop, lines=())
    await log_step(shop.desk, shop.id, "1001", StepToLog("delivered", carrier_scan=True))
    text = (await client.get(f"{url}/questions", headers=SV)).text
    assert "Frågan går till Anders, som hade din beställning sist." in text


async def test_the_page_says_who_it_waits_for_as_it_goes_on(shop: Shop, client: httpx2.AsyncClient) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        url = await packed(shop)
        await client.post(f"{url}/questions", data=ASK)
        seen = []
        for told in ("Anders har din fråga", "är hos lagerteamet sedan", "Den som driver Roliga Ting"):
            seen.append(told in (await client.get(url, headers=SV)).text)
            clock.shift(timedelta(hours=4))
            await questions.pass_on(shop.desk)
    assert seen == [True, True, True]


async def test_the_name_under_an_answer_fades_like_every_other(shop: Shop, client: httpx2.AsyncClient) -> None:
    with time_machine.travel("2026-09-01T08:00:00Z", tick=False) as clock:
        url = await packed(shop, lines=(), placed_at=datetime(2026, 8, 31, tzinfo=UTC))
        await client.post(f"{url}/questions", data=ASK)
        await answer(shop, "anders")
        await log_step(shop.desk, shop.id, "1001", StepToLog("delivered"))
        clock.shift(timedelta(days=31))
        text = (await client.get(url, headers=SV)).text
    assert ("Lagerteamet svarade" in text, "Anders" in text) == (True, False)


async def test_somebody_who_leaves_is_the_team_on_the_thread_at_once(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop)
    await client.post(f"{url}/questions", data=ASK)
    await answer(shop, "anders")
    await client.get(url, headers=SV)
    await people.end_employment(shop.desk, shop.id, "anders")
    text = (await client.get(url, headers=SV)).text
    assert ("Lagerteamet svarade" in text, "Anders" in text) == (True, False)


async def test_the_facts_say_what_was_asked_whom_it_waits_for_and_the_answer(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    url = await packed(shop)
    assert (await client.get(f"{url}.json")).json()["questions"] == []
    await client.post(f"{url}/questions", data=ASK)
    (waiting,) = (await client.get(f"{url}.json")).json()["questions"]
    assert set(waiting) == {"id", "words", "asked_at", "waits_for", "answer"}
    assert (waiting["words"], waiting["answer"], waiting["waits_for"]["name"]) == (ASK["text"], None, "Anders")
    await answer(shop, "olga")
    (answered,) = (await client.get(f"{url}.json")).json()["questions"]
    assert answered["waits_for"] is None
    assert set(answered["answer"]) == {"words", "at", "actor"}
    assert (answered["answer"]["words"], answered["answer"]["actor"]["name"]) == ("Javisst!", "Olga")


async def test_a_refused_question_keeps_what_was_typed(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop)
    for number in range(5):
        await client.post(f"{url}/questions", data={"text": f"Fråga {number}"})
    sixth = await client.post(f"{url}/questions", data={"text": "Och <b>sen</b>?"}, headers=SV)
    assert sixth.status_code == 409
    assert "Och &lt;b&gt;sen&lt;/b&gt;?" in sixth.text
    empty = await client.post(f"{url}/questions", data={"text": " \u200b "}, headers=SV)
    assert (empty.status_code, "Skriv en rad först." in empty.text) == (422, True)


async def test_ten_questions_an_hour_are_enough_for_one_order(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop)
    sent = [(await client.post(f"{url}/questions", data=ASK)).status_code for _ in range(11)]
    assert sent == [303] * 10 + [429]
    assert len(await asked(shop)) == 1


async def test_her_words_cannot_break_the_page(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop)
    await client.post(f"{url}/questions", data={"text": "<script>alert(1)</script>"})
    assert "<script>alert" not in (await client.get(url)).text


async def test_that_the_answer_comes_by_mail_too_is_said_where_it_does(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient
) -> None:
    """Where mails go out, and somewhere to."""
    url = await packed(shop)
    await shop.order("1002", customer_email=None)
    other = f"/t/{await shop.token('1002')}"
    for path, mails in ((url, False), (url, True), (other, True)):
        app.state.offers = Offers(mail=mails)
        app.state.page_cache = PageCache()
        form = (await client.get(f"{path}/questions", headers=SV)).text
        page = (await client.get(path, headers=SV)).text
        said = mails and path == url
        assert ("Svaret står här på sidan och kommer med mejl." in form) is said
        assert ("Svaret står här på sidan och kommer med mejl." in page) is said
        assert "Svaret står här på sidan" in page
    app.state.offers = Offers(mail=True)
    await client.post(f"{url}/questions", data=ASK)
    assert "Svaret kommer här och med mejl." in (await client.get(url, headers=SV)).text
