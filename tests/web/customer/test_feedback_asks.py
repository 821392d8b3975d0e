"""What people have asked of other feedback tools, in the order in which they ask for it most; each ask is a test here.

The numbers are those of the threads that were counted: 1 when and whether to ask, 2 one answer without tracking people,
3 nothing by scanners, 4 the first question in the mail, 6 questions of one's own, 10 words and languages of one's own,
12 asking again later.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx2
import pytest
import time_machine
from starlette.routing import Route

from storefront_trace.actions import shops
from storefront_trace.actions.chips import put_chip
from storefront_trace.actions.follow import follow_by_mail
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.routes import CUSTOMER
from storefront_trace.storage.feedback import Feedback
from tests.people import Shop
from tests.web.customer.answering import NOON, SV, asked, deliver, packed, said

QUESTION = "Vill du säga något till dem som hjälpte till?"


async def test_ask_1_a_shop_chooses_whether_customers_are_asked_by_mail_and_after_how_long(shop: Shop) -> None:
    due = []
    for number, hours in (("1001", None), ("1002", 24), ("1003", 72)):
        with time_machine.travel(NOON, tick=False):
            await shops.set_face(shop.desk, shop.id, ask_hours=hours)
            await packed(shop, number)
            await deliver(shop, number)
    for number, at in await asked(shop):
        due.append((number, (at - int(NOON.timestamp()) * 1_000_000) // 3_600_000_000))
    assert due == [("1002", 24), ("1003", 72)]


@pytest.mark.parametrize("state", ["received", "packed", "shipped", "delayed", "cancelled", "returned"])
async def test_ask_1_nobody_is_asked_in_the_middle_of_it_or_after_it_went_wrong(
    shop: Shop, client: httpx2.AsyncClient, state: str
) -> None:
    await shops.set_face(shop.desk, shop.id, ask_hours=24)
    url = (await packed(shop)).split("/steps/")[0]
    if state not in ("received", "packed"):
        await log_step(shop.desk, shop.id, "1001", StepToLog(state, "anders"))
    assert QUESTION not in (await client.get(url, headers=SV)).text
    assert await asked(shop) == []


async def test_ask_2_twenty_taps_at_once_are_one_answer(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop)
    before = (await shop.row()).version
    answers = await asyncio.gather(*(client.post(url, data={"choice": "thanks"}) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {303}
    assert [one.choice for one in await said(shop)] == ["thanks"]
    assert (await shop.row()).version == before + 1


async def test_ask_2_twenty_people_with_one_link_leave_one_answer_and_its_history(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    url = await packed(shop)
    forms = [{"choice": ("thanks", "concern")[n % 2], "words": f"Ord {n}"} for n in range(20)]
    answers = await asyncio.gather(*(client.post(url, data=form) for form in forms))
    assert {answer.status_code for answer in answers} == {303}
    (last,) = await said(shop)
    assert {last.words, *(old["words"] for old in last.history)} == {form["words"] for form in forms}


async def test_ask_2_twenty_taps_for_everybody_are_one_answer_for_each(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = (await packed(shop)).split("/steps/")[0]
    await log_step(shop.desk, shop.id, "1001", StepToLog("received", "jocke"))
    answers = await asyncio.gather(*(client.post(f"{url}/thanks", data={}) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {303}
    assert len(await said(shop)) == 2


async def test_ask_2_nobody_is_followed_about(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop)
    for answer in (await client.get(url), await client.post(url, data={"choice": "thanks"})):
        assert "set-cookie" not in answer.headers
    assert not {"ip", "address", "user_agent", "device", "email"} & set(Feedback.__dataclass_fields__)


VARIANTS = (
    "",
    "?choice=thanks",
    "?choice=concern",
    "?choice=thanks&from=mail",
    "?choice=x&lang=sv",
    "?chips=fast&words=x",
)


async def test_ask_3_however_a_scanner_looks_nothing_is_said(shop: Shop, client: httpx2.AsyncClient) -> None:
    with time_machine.travel(NOON, tick=False):
        await shops.set_face(shop.desk, shop.id, ask_hours=24)
        url = await packed(shop)
        await deliver(shop)
    before = (await shop.row(), await asked(shop))
    page = url.split("/steps/")[0]
    for variant in VARIANTS:
        for method in ("GET", "HEAD"):
            assert (await client.request(method, url + variant)).status_code == 200
            assert (await client.request(method, page + variant)).status_code == 200
            assert (await client.request(method, f"{page}/thanks{variant}")).status_code == 405
    for method in ("OPTIONS", "PUT", "DELETE", "PATCH"):
        assert (await client.request(method, url)).status_code == 405
    assert await said(shop) == []
    assert (await shop.row(), await asked(shop)) == before


SCRIPTED = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate", "Sec-CH-UA": '"Chromium";v="140"'}


async def test_ask_3_a_form_that_no_person_sent_is_shown_again(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop)
    form = {"choice": "concern", "words": "Muggen var trasig."}
    refused = await client.post(url, data=form, headers=SCRIPTED | SV)
    assert refused.status_code == 422
    assert f'action="{url}"' in refused.text and 'name="choice" value="concern"' in refused.text
    assert 'name="words" value="Muggen var trasig."' in refused.text and "Tryck på knappen en gång till" in refused.text
    assert await said(shop) == []


async def test_what_a_scanner_sends_is_believed_by_no_form_of_the_customers(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    url = await packed(shop)
    token = await shop.token()
    follower = await follow_by_mail(shop.desk, shop.id, (await shop.row()).id, email="", wants="all", locale="sv")
    named = {"token": token, "event": url.split("/")[-2], "follower": follower.id}
    before = (await shop.row()).version
    forms = [one for one in CUSTOMER if isinstance(one, Route) and "POST" in (one.methods or ())]
    for form in forms:
        address = form.path.format(**{key: named[key] for key in form.param_convertors})
        answer = await client.post(address, data={"text": "Hur stor är den?", "wants": "big"}, headers=SCRIPTED | SV)
        assert (answer.status_code, "Skicka</button>" in answer.text) == (422, True), form.path
    assert len(forms) == 12 and (await shop.row()).version == before


@pytest.mark.parametrize(
    "who",
    [
        SCRIPTED | {"Sec-Fetch-User": "?1"},  # Chromium, a person's tap
        SCRIPTED | {"Sec-Fetch-Mode": "cors"},  # our own script
        {key: value for key, value in SCRIPTED.items() if key != "Sec-CH-UA"},  # Safari, which never says who was at it
        {},  # over plain http nobody says anything
    ],
)
async def test_ask_3_a_persons_tap_is_believed_in_every_browser(
    shop: Shop, client: httpx2.AsyncClient, who: dict[str, str]
) -> None:
    answer = await client.post(await packed(shop), data={"choice": "thanks"}, headers=who)
    assert answer.status_code == 303
    assert len(await said(shop)) == 1


async def test_ask_4_the_choice_made_in_the_mail_is_lit_on_the_page_with_one_button_to_send_it(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    url = await packed(shop)
    thanks = (await client.get(f"{url}?choice=thanks&from=mail", headers=SV)).text
    concern = (await client.get(f"{url}?choice=concern&from=mail", headers=SV)).text
    assert 'id="choice-thanks" required checked' in thanks and "Tacka Anders</button>" in thanks
    assert 'id="choice-concern" checked' in concern and "Tacka Anders</button>" not in concern
    for page in (thanks, concern):
        assert 'name="from" value="mail"' in page


async def test_ask_6_each_step_has_questions_of_its_own_and_a_shop_can_add_some(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    await put_chip(shop.desk, shop.id, "own_band", "thanks", {"sv": "fint band"}, ["packed"])
    url = await packed(shop)
    first = (await shop.events())[0].id
    packing = (await client.get(url, headers=SV)).text
    taking = (await client.get(f"{url.split('/steps/')[0]}/steps/{first}/feedback", headers=SV)).text
    assert "väl packat" in packing and "fint band" in packing
    assert "väl packat" not in taking and "fint band" not in taking and "vänligt" in taking
    assert "Vad hände, vad betydde det för dig och vad hade gjort det bra?" in packing


async def test_ask_10_the_words_are_the_customers_own_language_and_the_answer_says_which(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    await put_chip(shop.desk, shop.id, "own_band", "thanks", {"sv": "fint band", "en": "lovely ribbon"}, ["packed"])
    url = await packed(shop)
    english = (await client.get(url, headers={"Accept-Language": "en"})).text
    assert "lovely ribbon" in english and "fint band" not in english and 'lang="en"' in english
    chosen = await client.get(f"{url}?lang=en", headers=SV)
    assert f'action="{url}?lang=en"' in chosen.text
    answer = await client.post(f"{url}?lang=en", data={"choice": "thanks", "chips": "own_band"}, headers=SV)
    assert "?lang=en#step-" in answer.headers["location"]
    assert [(one.locale, one.chips) for one in await said(shop)] == [("en", ("own_band",))]


async def test_ask_12_a_later_order_is_asked_about_anew_and_each_only_once(shop: Shop) -> None:
    with time_machine.travel(NOON, tick=False):
        await shops.set_face(shop.desk, shop.id, ask_hours=24)
        for number in ("1001", "1002"):
            await packed(shop, number)
            for _ in range(2):
                await deliver(shop, number)
    assert [number for number, _ in await asked(shop)] == ["1001", "1002"]


async def test_ask_12_who_has_not_answered_finds_the_question_on_the_page_for_two_weeks(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    with time_machine.travel(NOON, tick=False):
        await shop.order(lines=(), promise_from=None, promise_to=None)
        await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))
        await deliver(shop)
    url = f"/t/{await shop.token()}"
    with time_machine.travel(NOON + timedelta(days=13), tick=False):
        assert QUESTION in (await client.get(url, headers=SV)).text
