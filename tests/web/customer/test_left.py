"""Who leaves is gone, by name and by portrait, from everything that a customer or a visitor of the shop can open, in
every process at once; and is signed out. What stays is the team's."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

import httpx2
import pytest
from starlette.applications import Starlette

from storefront_trace.actions import people, questions
from storefront_trace.actions.photos import forget_portrait
from storefront_trace.actions.wall import make_screen
from storefront_trace.config import MailServer, Settings
from storefront_trace.domain.clock import HOUR, now_micros
from storefront_trace.notify.mails import compose
from storefront_trace.photos.drawings import drawing
from storefront_trace.storage import outbox
from tests.hanging import on_the_wall
from tests.people import Shop
from tests.shops import ORIGIN, started
from tests.web.customer.test_mailface import give_portrait

SignIn = Callable[[str], Awaitable[httpx2.AsyncClient]]
NAME = re.compile(r"\bAnders\b")


@pytest.fixture
async def places(app: Starlette, shop: Shop, client: httpx2.AsyncClient) -> dict[str, str]:
    """Where Anders is seen: the addresses of every page and picture that he is on, while he works here."""
    app.state.settings = replace(app.state.settings, smtp=MailServer("127.0.0.1", 1, tls=False))
    await give_portrait(app, shop, "anders")
    order_id = await shop.order()
    page = f"/t/{await shop.token()}"
    assert (await client.post(f"{page}/follow", data={"wants": "all"})).status_code == 303
    said = await on_the_wall(shop, "Vilket fint paket!")
    asked = await questions.ask(shop.desk, shop.id, order_id, "Kan ni slå in muggen?", locale="sv")
    anders = await shop.person_id("anders")
    await questions.answer(shop.desk, shop.id, asked, by_person=anders, as_owner=False, words="Ja, gärna.")
    _, screen = await make_screen(shop.desk, shop.id, "I fiket")
    step = f"{page}/steps/{said.event_id}"
    facts = (await client.get(f"{page}.json")).json()
    photo = facts["events"][-1]["actor"]["photo_url"].removeprefix(ORIGIN)
    found = {"page": page, "facts": f"{page}.json", "embed": f"{page}/embed", "form": f"{step}/feedback"}
    found |= {"ask": f"{page}/questions", "wall": f"/wall/{screen}", "photo": photo}
    return found | {name: f"{step}/face.jpg" for name in ("face",)} | {
        "answer": f"{page}/questions/{asked}/face.jpg", "card": f"{page}/card.png", "strip": f"{page}/strip.png",
    }  # fmt: skip


PICTURES = ("face", "answer", "card", "strip")
PAGES = ("page", "facts", "embed", "form", "wall")


async def leave(app: Starlette, shop: Shop) -> None:
    old = await people.end_employment(shop.desk, shop.id, "anders")
    await forget_portrait(shop.desk, app.state.media, old)


async def test_name_and_portrait_are_gone_from_every_page_and_picture_at_once(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient, places: dict[str, str]
) -> None:
    before = {name: await client.get(path) for name, path in places.items()}
    assert [name for name in PAGES if not NAME.search(before[name].text)] == []
    assert {one.status_code for one in before.values()} == {200}
    await leave(app, shop)
    after = {name: await client.get(path) for name, path in places.items()}
    assert [name for name in (*PAGES, "ask") if NAME.search(after[name].text) or after[name].status_code != 200] == []
    assert [name for name in PICTURES if after[name].content == before[name].content] == []
    assert after["face"].content == drawing("team", "Roliga Ting", "warehouse")
    assert after["photo"].status_code == 404
    assert "Lagerteamet" in after["page"].text and "Ja, gärna." in after["page"].text
    again = await client.get(places["page"], headers={"If-None-Match": before["page"].headers["etag"]})
    assert again.status_code == 200


async def test_another_process_that_had_kept_the_page_shows_the_team_as_soon(
    app: Starlette, shop: Shop, settings: Settings, places: dict[str, str]
) -> None:
    async with started(settings) as second:
        transport = httpx2.ASGITransport(app=second, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as karin:
            for name in PAGES:
                assert NAME.search((await karin.get(places[name])).text), name
            await leave(app, shop)
            assert [name for name in PAGES if NAME.search((await karin.get(places[name])).text)] == []


async def test_a_mail_that_still_waits_is_sent_as_the_teams(app: Starlette, shop: Shop, places: dict[str, str]) -> None:
    await leave(app, shop)
    async with shop.desk.db.write() as conn:
        due = await outbox.claim_notices(conn, now_micros() + HOUR, now_micros() + 2 * HOUR)
    waiting = {one.kind: one for one in due}
    assert {"answer", "step"} <= waiting.keys()
    for kind in ("answer", "step"):
        mail = await compose(shop.desk, app.state.settings, waiting[kind], app.state.voice)
        assert not NAME.search(mail.as_string()) and "anders" not in mail.as_string()


async def test_the_sessions_end_at_once_and_no_link_opens_any_more(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient, signed_in: SignIn
) -> None:
    anders, link = await signed_in("anders"), await people.invite(shop.desk, shop.id, "anders")
    assert (await anders.get("/staff")).status_code == 200
    await leave(app, shop)
    assert (await anders.get("/staff")).headers["location"] == "/signin"
    assert (await client.post(f"/signin/{link}")).status_code == 404
