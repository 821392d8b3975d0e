"""card.png and strip.png: what stands on them, in which language, for how long, and that no page waits for them."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
import time_machine
from PIL import Image
from starlette.applications import Starlette

from storefront_trace.actions import people, shops
from storefront_trace.actions.orders import revoke_links
from storefront_trace.actions.photos import store_picture
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.domain.moments import Moment
from storefront_trace.domain.orders import Parcel
from storefront_trace.photos.sheets import MOST_BYTES, SIZES
from tests.people import SOON_AFTER, Shop
from tests.photos.pictures import encoded, gradient
from tests.web.customer.drawers import Desk, desk_of_drawers, packed

__all__ = ["desk_of_drawers"]

SHAPES = sorted(SIZES)
HOME = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.mark.parametrize("shape", SHAPES)
async def test_a_picture_is_drawn_with_the_portrait_and_is_small(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient, shape: str
) -> None:
    url = await packed(shop)
    made = await store_picture(app.state.photo_worker, app.state.media, encoded(gradient(), "JPEG"), "portrait")
    without = (await client.get(f"{url}/{shape}.png")).content
    await people.set_portrait(shop.desk, shop.id, await shop.person_id("anders"), made.photo_id)
    answer = await client.get(f"{url}/{shape}.png")
    assert Image.open(io.BytesIO(answer.content)).size == SIZES[shape]
    assert answer.content != without
    assert max(len(answer.content), len(without)) <= MOST_BYTES
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["cache-control"] == "private, no-cache, max-age=0"
    assert "noindex" in answer.headers["x-robots-tag"]


@time_machine.travel(SOON_AFTER)
async def test_it_says_who_has_the_order_and_what_is_next(
    shop: Shop, client: httpx2.AsyncClient, desk_of_drawers: Desk
) -> None:
    await client.get(f"{await packed(shop)}/card.png")
    (sheet,) = desk_of_drawers.sheets
    assert (sheet.shape, sheet.shop, sheet.lead) == ("card", "Roliga Ting", "Just nu är din beställning hos")
    assert (sheet.name, sheet.otherwise, sheet.drawing) == ("Anders", "Lagerteamet", "initial")
    assert sheet.role.startswith("på lagret, sedan ")
    assert "onsdag 2 december" in sheet.notice
    assert sheet.rows[0].day == "Onsdag 2 december"


async def test_nothing_of_the_customer_stands_on_it(
    shop: Shop, client: httpx2.AsyncClient, desk_of_drawers: Desk
) -> None:
    """Who gets the link in a chat sees the picture before having asked for anything."""
    await client.get(f"{await packed(shop)}/card.png")
    assert "Karin" not in repr(desk_of_drawers.sheets) and "1001" not in repr(desk_of_drawers.sheets)


async def test_who_chose_the_team_is_not_on_it(shop: Shop, client: httpx2.AsyncClient, desk_of_drawers: Desk) -> None:
    await client.get(f"{await packed(shop, by='sam')}/card.png")
    assert "Sam" not in repr(desk_of_drawers.sheets)
    assert desk_of_drawers.sheets[0].name == "Lagerteamet"


@pytest.mark.parametrize("how", ["hides", "leaves"])
async def test_who_hides_or_leaves_is_gone_from_it_at_once(
    shop: Shop, client: httpx2.AsyncClient, desk_of_drawers: Desk, how: str
) -> None:
    card = f"{await packed(shop)}/card.png"
    first = await client.get(card)
    if how == "hides":
        await people.choose_visibility(shop.desk, shop.id, await shop.person_id("anders"), "team", locale="sv")
    else:
        await people.end_employment(shop.desk, shop.id, "anders")
    second = await client.get(card, headers={"If-None-Match": first.headers["etag"]})
    assert second.status_code == 200
    assert b"Anders" in first.content and b"Anders" not in second.content


async def test_names_that_have_faded_are_not_on_it(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient, desk_of_drawers: Desk
) -> None:
    await shop.order(lines=(IncomingLine("1", "Skrattande mugg", 2),))
    made = await store_picture(app.state.photo_worker, app.state.media, encoded(gradient(), "JPEG"), "portrait")
    await people.set_portrait(shop.desk, shop.id, await shop.person_id("anders"), made.photo_id)
    at, home = Moment(HOME - timedelta(days=1), "+01:00", "minute"), Moment(HOME, "+01:00", "minute")
    for step, moment in (("packed", at), ("shipped", at), ("delivered", home)):
        parcel = Parcel("p1", "PostNord", "1", None, (("1", 2),)) if step == "shipped" else None
        await log_step(shop.desk, shop.id, "1001", StepToLog(step, "anders", moment, parcel=parcel))
    card = f"/t/{await shop.token()}/card.png"
    with time_machine.travel(HOME + timedelta(days=1), tick=False):
        await client.get(card)
    with time_machine.travel(HOME + timedelta(days=31), tick=False):
        await client.get(card)
    before, after = desk_of_drawers.sheets
    assert (before.mark, after.mark, after.drawing) == ("house", "house", "house")
    assert before.first("portrait") and not after.pictures
    assert "Anders" not in repr(after)


async def portrait(app: Starlette, shop: Shop, handle: str) -> None:
    made = await store_picture(app.state.photo_worker, app.state.media, encoded(gradient(), "JPEG"), "portrait")
    await people.set_portrait(shop.desk, shop.id, await shop.person_id(handle), made.photo_id)


async def test_everybody_visible_who_had_the_order_stands_by_the_holder_once(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient, desk_of_drawers: Desk
) -> None:
    """Anders shows his face, Lisa her name; Sam has chosen the team, and is nowhere."""
    for handle in ("anders", "sam"):
        await portrait(app, shop, handle)
    await shop.order()
    for step, by in (("received", "lisa"), ("picked", "sam"), ("packed", "anders"), ("packed", "anders")):
        await log_step(shop.desk, shop.id, "1001", StepToLog(step, by))
    card = f"/t/{await shop.token()}/card.png"
    await client.get(card)
    await log_step(shop.desk, shop.id, "1001", StepToLog("shipped", "anders", hand_to="lisa"))
    await client.get(card)
    anders, lisa = desk_of_drawers.sheets
    assert (anders.name, [kind for kind, _ in anders.pictures]) == ("Anders", ["portrait", "initial"])
    assert anders.family == [("initial", b"L")]
    assert (lisa.name, [kind for kind, _ in lisa.pictures]) == ("Lisa", ["face"])


async def test_of_an_order_called_off_who_did_it_leads(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient, desk_of_drawers: Desk
) -> None:
    await portrait(app, shop, "anders")
    await shop.order()
    await log_step(shop.desk, shop.id, "1001", StepToLog("received", "lisa"))
    await log_step(shop.desk, shop.id, "1001", StepToLog("cancelled", "anders"))
    await client.get(f"/t/{await shop.token()}/card.png")
    (sheet,) = desk_of_drawers.sheets
    assert (sheet.mark, sheet.drawing) == ("", "cross")
    assert [kind for kind, _ in sheet.pictures] == ["portrait", "initial"]


async def test_an_unchanged_picture_is_not_sent_twice(
    shop: Shop, client: httpx2.AsyncClient, desk_of_drawers: Desk
) -> None:
    card = f"{await packed(shop)}/card.png"
    first = await client.get(card)
    again = await client.get(card, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, len(desk_of_drawers.sheets)) == (304, b"", 1)
    assert again.headers["cross-origin-resource-policy"] == "cross-origin"


async def test_a_new_step_is_on_the_picture_at_once(
    shop: Shop, client: httpx2.AsyncClient, desk_of_drawers: Desk
) -> None:
    card = f"{await packed(shop)}/card.png"
    first = await client.get(card)
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders", hand_to="lisa"))
    second = await client.get(card, headers={"If-None-Match": first.headers["etag"]})
    assert second.status_code == 200
    assert desk_of_drawers.sheets[-1].name == "Lisa"


@pytest.mark.parametrize(("asked", "lead"), [("", "Just nu"), ("?lang=en", "Right now"), ("?lang=xx", "Just nu")])
async def test_its_language_is_the_mails_and_not_the_fetchers(
    shop: Shop, client: httpx2.AsyncClient, desk_of_drawers: Desk, asked: str, lead: str
) -> None:
    await client.get(f"{await packed(shop)}/strip.png{asked}", headers={"Accept-Language": "de"})
    assert desk_of_drawers.sheets[0].lead.startswith(lead)


async def test_without_the_orders_language_it_is_the_shops(
    shop: Shop, client: httpx2.AsyncClient, desk_of_drawers: Desk
) -> None:
    await shops.set_face(shop.desk, shop.id, locale="en")
    await shop.order(locale=None)
    await client.get(f"/t/{await shop.token()}/card.png")
    assert desk_of_drawers.sheets[0].lead.startswith("Right now")


async def test_a_dead_link_has_the_same_answer_as_the_page(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop)
    assert (await client.get(f"{url}/card.png")).status_code == 200
    await revoke_links(shop.desk, shop.id, "1001")
    page = await client.get(url)
    for dead in (f"{url}/card.png", f"{url}/strip.png", f"/t/{'x' * 43}/card.png", "/t/short/strip.png"):
        answer = await client.get(dead)
        assert (answer.status_code, answer.text) == (404, page.text)


async def test_a_link_in_a_chat_shows_the_picture_and_not_the_customers_name(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    url = await packed(shop)
    page = await client.get(url, headers={"Accept-Language": "sv"})
    found = dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', page.text))
    assert found["og:image"] == f"http://127.0.0.1:8000{url}/card.png?lang=sv"
    assert found["og:title"] == "Order 1001 är hos Anders på lagret"
    assert found["robots"] == "noindex, nofollow" and found["referrer"] == "no-referrer"
    assert "Karin" not in " ".join(found.values())
