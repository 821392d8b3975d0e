from __future__ import annotations

import re
from typing import Any

import httpx2
import pytest

from storefront_trace.actions import people, signin, steps
from storefront_trace.actions.people import PersonTold
from storefront_trace.actions.steps import StepToLog
from storefront_trace.storage import people as person_rows
from tests.people import Shop
from tests.photos.pictures import encoded, gradient

SignIn = Any
PICTURE = encoded(gradient(600, 700), "JPEG")


async def choose(client: httpx2.AsyncClient, visibility: str) -> httpx2.Response:
    return await client.post("/staff/me/visibility", data={"visibility": visibility})


async def upload(client: httpx2.AsyncClient, data: bytes = PICTURE) -> httpx2.Response:
    return await client.post("/staff/me/portrait", files={"photo": ("jag.jpg", data, "image/jpeg")})


async def newcomer(shop: Shop) -> None:
    told = PersonTold("Elias", {"sv": "lagret", "en": "the warehouse"}, "warehouse")
    await people.put_person(shop.desk, shop.id, "elias", told)


async def test_who_has_not_chosen_is_asked_with_a_preview(shop: Shop, signed_in: SignIn) -> None:
    await newcomer(shop)
    elias = await signed_in("elias")
    assert (await elias.get("/staff")).headers["location"] == "/staff/welcome"
    text = (await elias.get("/staff/welcome?lang=sv")).text
    assert [f'value="{way}"' in text for way in ("team", "name", "photo")] == [True] * 3
    assert 'aria-pressed="true"' not in text
    assert "Lagerteamet" in text and "Välkommen, Elias!" in text


async def test_the_first_choice_leads_on_to_the_queue(shop: Shop, signed_in: SignIn) -> None:
    await newcomer(shop)
    elias = await signed_in("elias")
    assert (await choose(elias, "name")).headers["location"] == "/staff"
    assert (await elias.get("/staff")).status_code == 200
    assert (await choose(elias, "photo")).headers["location"] == "/staff/me?done=seen"


async def test_not_now_keeps_the_team_and_asks_again_at_the_next_sign_in(shop: Shop, signed_in: SignIn) -> None:
    await newcomer(shop)
    elias = await signed_in("elias")
    assert (await elias.post("/staff/welcome/later")).headers["location"] == "/staff"
    assert (await elias.get("/staff")).status_code == 200
    again = await signed_in("elias")
    again.cookies.set("later", elias.cookies["later"], path="/staff")
    assert (await again.get("/staff")).status_code == 303


async def test_what_was_logged_before_the_question_is_said_with_it(shop: Shop, signed_in: SignIn) -> None:
    await newcomer(shop)
    await shop.order()
    elias = await signed_in("elias")
    logged = await elias.post("/staff/orders/1001/log", data={"step": "picked"})
    asked = await elias.get(logged.headers["location"])
    assert asked.headers["location"].startswith("/staff/welcome?done=")
    english = {"Accept-Language": "en"}
    text = (await elias.get(asked.headers["location"], headers=english)).text
    assert "<span>1001: Picked. That is saved.</span>" in text and "First steps" not in text
    undo = {"event": logged.headers["location"].split("=")[1], "back": "queue"}
    undone = (await elias.post("/staff/orders/1001/undo", data=undo)).headers["location"]
    asked = await elias.get(undone)
    assert asked.headers["location"] == "/staff/welcome?said=undone"
    assert "<span>Taken back." in (await elias.get(asked.headers["location"], headers=english)).text
    assert 'class="said"' not in (await elias.get("/staff/welcome?done=1&said=<b>")).text


async def test_an_owner_who_is_asked_on_her_way_is_told_how_to_get_back(shop: Shop, signed_in: SignIn) -> None:
    async with shop.desk.db.write() as conn:
        await person_rows.update_person(conn, shop.id, await shop.person_id("olga"), visibility=None)
    olga = await signed_in("olga")
    await olga.post("/owner/start", data={"away": "0"})  # with it every page of the shop is new
    await olga.post("/owner/start/sample")
    logged = await olga.post("/staff/orders/PROV/log", data={"step": "picked"})
    asked = await olga.get(logged.headers["location"])
    text = (await olga.get(asked.headers["location"], headers={"Accept-Language": "en"})).text
    assert "<span>PROV: Picked. That is saved. “First steps” at the foot of this page leads you back.</span>" in text
    assert 'href="/owner/start">First steps</a>' in text


@pytest.mark.parametrize("visibility", ["team", "name", "photo"])
async def test_the_preview_is_what_the_customer_sees(shop: Shop, signed_in: SignIn, visibility: str) -> None:
    anders = await signed_in("anders")
    await upload(anders)
    await shop.order()
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="anders"))
    tile = _tile((await anders.get("/staff/me?lang=sv")).text, visibility)
    await choose(anders, visibility)
    holder = (await anders.get(f"/t/{await shop.token()}.json?lang=sv")).json()["holder"]
    assert f"<b>{holder['name']}</b>" in tile
    picture = (holder["photo_url"] or 'class="portrait portrait--').removeprefix(str(anders.base_url).rstrip("/"))
    assert picture in tile
    assert (holder["photo_url"] is None) == ("<img" not in tile)


async def test_who_is_in_no_team_is_seen_as_the_shop_as_the_preview_said(shop: Shop, signed_in: SignIn) -> None:
    olga = await signed_in("olga")
    await choose(olga, "team")
    assert "<b>Roliga Ting</b>" in _tile((await olga.get("/staff/me?lang=sv")).text, "team")
    await shop.order()
    await olga.post("/staff/orders/1001/log", data={"step": "packed"})
    seen = (await olga.get(f"/t/{await shop.token()}.json?lang=sv")).json()
    assert seen["holder"]["name"] == seen["events"][-1]["actor"]["name"] == "Roliga Ting"
    assert "Lagerteamet packade" not in (await olga.get(f"/t/{await shop.token()}?lang=sv")).text


async def test_a_system_that_shows_less_is_told_of_in_the_preview(shop: Shop, signed_in: SignIn) -> None:
    told = PersonTold("Anders", {"sv": "lagret", "en": "the warehouse"}, "warehouse", visibility="name")
    await people.put_person(shop.desk, shop.id, "anders", told)
    text = (await (await signed_in("anders")).get("/staff/me?lang=en")).text
    assert "shows less than this" in _tile(text, "photo") and "shows less than this" not in _tile(text, "name")


async def test_a_choice_that_is_none_of_the_three_is_refused(shop: Shop, signed_in: SignIn) -> None:
    answer = await choose(await signed_in("anders"), "everything")
    assert answer.status_code == 422 and 'role="alert"' in answer.text


async def test_a_picture_is_put_in_place_and_taken_away_with_its_files(shop: Shop, signed_in: SignIn) -> None:
    anders = await signed_in("anders")
    assert (await upload(anders)).headers["location"] == "/staff/me?done=picture"
    url = re.findall(r"/media/[0-9a-f]{32}-196\.webp", (await anders.get("/staff/me")).text)[0]
    assert (await anders.get(url)).status_code == 200
    removed = await anders.post("/staff/me/portrait", data={"remove": "1"})
    assert removed.headers["location"] == "/staff/me?done=removed"
    assert (await anders.get(url)).status_code == 404
    assert "/media/" not in (await anders.get("/staff/me")).text


async def test_a_picture_that_a_colleague_has_as_well_stays(shop: Shop, signed_in: SignIn) -> None:
    anders, lisa = await signed_in("anders"), await signed_in("lisa")
    await upload(anders)
    await upload(lisa)
    await anders.post("/staff/me/portrait", data={"remove": "1"})
    url = re.findall(r"/media/[0-9a-f]{32}-196\.webp", (await lisa.get("/staff/me")).text)[0]
    assert (await lisa.get(url)).status_code == 200


@pytest.mark.parametrize("data", [b"", b"GIF89a not really", b"%PDF-1.7"])
async def test_a_file_that_is_no_picture_is_refused_with_a_way_on(shop: Shop, signed_in: SignIn, data: bytes) -> None:
    answer = await upload(await signed_in("anders"), data)
    assert answer.status_code == 422 and 'role="alert"' in answer.text


async def test_signing_out_everywhere_ends_all_ones_sessions(shop: Shop, signed_in: SignIn) -> None:
    phone, desk, lisa = await signed_in("anders"), await signed_in("anders"), await signed_in("lisa")
    assert (await phone.post("/staff/me/devices/end")).headers["location"] == "/signin"
    assert [(await one.get("/staff/me")).status_code for one in (phone, desk, lisa)] == [303, 303, 200]


async def test_a_link_that_nobody_has_used_is_dead_after_signing_out_everywhere(
    shop: Shop, client: httpx2.AsyncClient, signed_in: SignIn
) -> None:
    async with shop.desk.db.write() as conn:
        cast = await shop.desk.casts.get(conn, shop.id)
        link = await signin.make_link(conn, shop.id, cast.people[await shop.person_id("anders")], "staff")
    await (await signed_in("anders")).post("/staff/me/devices/end")
    assert (await client.post(f"/signin/{link}")).status_code == 404


async def test_the_page_tells_what_is_kept_and_what_was_chosen(shop: Shop, signed_in: SignIn) -> None:
    text = (await (await signed_in("anders")).get("/staff/me?lang=en")).text
    chosen = re.compile(
        "First name and picture shown to customers</b><br>Agreed (today|yesterday)"
    )  # midnight may have passed since
    assert "What is kept about you" in text and chosen.search(text.replace("\xa0", " "))


def _tile(text: str, way: str) -> str:
    return next(part for part in text.split("<form") if f'name="visibility" value="{way}"' in part)
