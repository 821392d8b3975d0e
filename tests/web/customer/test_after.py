"""The one question after delivery, and thanks for several at once."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
import sqlalchemy as sa
import time_machine
from starlette.applications import Starlette

from storefront_trace.actions import people, trail
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.moments import Moment
from storefront_trace.storage import feedback as rows
from storefront_trace.storage.feedback import Feedback
from storefront_trace.storage.tables import feedback
from storefront_trace.web.limits import Limits
from tests.people import Shop

SV = {"Accept-Language": "sv"}
QUESTION = "Vill du säga något till dem som hjälpte till?"
DONE = "Ditt tack är framme."
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


async def underway(shop: Shop) -> str:
    """Jocke took it, Anders picked and packed it, Sam (who is shown as the team) sent it. The page's URL."""
    await shop.order(lines=(), promise_from=None, promise_to=None)
    for step, by in (("received", "jocke"), ("picked", "anders"), ("packed", "anders"), ("shipped", "sam")):
        await log_step(shop.desk, shop.id, "1001", StepToLog(step, by))
    return f"/t/{await shop.token()}"


async def at_home(shop: Shop) -> str:
    """The same order, delivered by a carrier."""
    url = await underway(shop)
    await log_step(shop.desk, shop.id, "1001", StepToLog("delivered", carrier_scan=True))
    return url


async def said(shop: Shop) -> list[Feedback]:
    async with shop.desk.db.read() as conn:
        return await rows.list_feedback(conn, shop.id)


def buttons(html: str) -> list[str]:
    """What stands on those of the question."""
    found = re.search(r'<section class="after".*?</section>', html, re.S)
    return re.findall(r"([^<>]+)</button>", found[0].replace("</svg> ", "</svg>")) if found else []


async def test_nobody_is_asked_before_it_is_at_home(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await underway(shop)
    assert QUESTION not in (await client.get(url, headers=SV)).text
    await log_step(shop.desk, shop.id, "1001", StepToLog("delivered", carrier_scan=True))
    page = (await client.get(url, headers=SV)).text
    assert page.count(QUESTION) == 1
    assert page.index(QUESTION) < page.index('id="chain"')


async def test_everybody_who_helped_has_a_button_once_and_so_have_all_together(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    page = await client.get(await at_home(shop), headers=SV)
    assert buttons(page.text) == ["Tacka Jocke", "Tacka Anders", "Tacka lagerteamet", "Tacka alla"]
    assert "Sam" not in re.sub(r"<[^>]+>", " ", page.text)


async def test_one_tap_thanks_one_person_for_each_of_her_steps(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await at_home(shop)
    anders = await shop.person_id("anders")
    theirs = [event.id for event in await shop.events() if event.person_id == anders]
    answer = await client.post(f"{url}/thanks", data={"event": theirs})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{url}#after")
    assert [(one.choice, one.person_id) for one in await said(shop)] == [("thanks", anders)] * 2
    assert buttons((await client.get(url, headers=SV)).text) == ["Tacka Jocke", "Tacka lagerteamet", "Tacka alla"]


async def test_one_tap_thanks_everybody_and_can_be_told_apart(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await at_home(shop)
    first = next(event.id for event in await shop.events() if event.step == "packed")
    await client.post(f"{url}/steps/{first}/feedback", data={"choice": "thanks", "words": "Fint packat!"})
    before = (await shop.row()).version
    for _ in range(2):
        assert (await client.post(f"{url}/thanks", data={})).status_code == 303
    assert (await shop.row()).version == before + 1
    async with shop.desk.db.read() as conn:
        asked = (await conn.execute(sa.select(feedback.c.asked, feedback.c.words))).all()
    assert sorted((one.asked.rsplit(" ")[-1], one.words) for one in asked) == [
        ("all", ""),
        ("all", ""),
        ("all", ""),
        ("page", "Fint packat!"),
    ]
    page = (await client.get(url, headers=SV)).text
    assert DONE in page and QUESTION not in page


async def test_each_thank_you_of_all_can_be_edited_afterwards(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await at_home(shop)
    await client.post(f"{url}/thanks", data={})
    step = next(event.id for event in await shop.events() if event.step == "packed")
    await client.post(f"{url}/steps/{step}/feedback", data={"choice": "concern", "words": "Muggen var trasig."})
    assert sorted(one.choice for one in await said(shop)) == ["concern", "thanks", "thanks", "thanks"]


async def test_who_has_said_that_something_could_be_better_is_not_asked_for_thanks(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    url = await at_home(shop)
    step = next(event.id for event in await shop.events() if event.step == "packed")
    await client.post(f"{url}/steps/{step}/feedback", data={"choice": "concern", "words": "Muggen var trasig."})
    assert buttons((await client.get(url, headers=SV)).text) == []


async def test_the_question_is_gone_after_two_weeks_and_the_buttons_at_the_steps_stay(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    with time_machine.travel(NOON, tick=False):
        url = await underway(shop)
        await log_step(
            shop.desk, shop.id, "1001", StepToLog("delivered", at=Moment(NOON, "+00:00", "minute"), carrier_scan=True)
        )
    seen = []
    for later in (timedelta(days=14, seconds=-1), timedelta(days=14)):
        with time_machine.travel(NOON + later, tick=False):
            page = (await client.get(url, headers=SV)).text
            seen.append((QUESTION in page, "Tacka Anders" in page))
    assert seen == [(True, True), (False, True)]


async def test_what_comes_back_or_is_called_off_is_not_asked_about(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await at_home(shop)
    assert QUESTION in (await client.get(url, headers=SV)).text
    await log_step(shop.desk, shop.id, "1001", StepToLog("returned", "anders"))
    assert QUESTION not in (await client.get(url, headers=SV)).text


async def test_a_change_of_visibility_is_in_force_in_the_question_too(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await at_home(shop)
    await people.choose_visibility(shop.desk, shop.id, await shop.person_id("anders"), "team", locale="sv")
    assert buttons((await client.get(url, headers=SV)).text) == ["Tacka Jocke", "Tacka lagerteamet", "Tacka alla"]


async def test_steps_of_another_order_cannot_be_thanked_here(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await at_home(shop)
    await shop.order("1002")
    other = (await log_step(shop.desk, shop.id, "1002", StepToLog("packed", "anders"))).event.id
    assert (await client.post(f"{url}/thanks", data={"event": other})).status_code == 404
    assert (await client.get(f"{url}/thanks")).status_code == 405
    assert await said(shop) == []


async def test_a_refused_thank_you_says_in_the_shops_name_what_to_do_and_leads_back(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shop is the order's, also where several are."""
    url = await at_home(shop)
    async with shop.desk.db.read() as conn:
        await shop.desk.casts.get(conn, shop.other_id)
    monkeypatch.setattr(trail, "MOST_MARKS", 0)
    worn = await client.post(f"{url}/thanks?lang=sv", data={})
    limits = Limits({"feedback": "1 per hour"})
    limits.hit("feedback", (await shop.row()).id)
    monkeypatch.setattr(app.state, "limits", limits)
    fast = await client.post(f"{url}/thanks?lang=sv", data={})
    for answer, status, what in ((worn, 409, "Skriv till butiken i stället."), (fast, 429, "Vänta lite")):
        assert answer.status_code == status
        assert '<span class="wordmark">Roliga Ting</span>' in answer.text and "<p>Order 1001</p>" in answer.text
        assert what in answer.text
        assert f'<a class="btn btn--primary" href="{url}?lang=sv">Tillbaka till min beställning</a>' in answer.text
    assert await said(shop) == []
