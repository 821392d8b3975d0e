from __future__ import annotations

import html
import io
import re
from typing import Any

import httpx2
import pytest
import zxingcpp
from PIL import Image
from playwright.async_api import Browser

from storefront_trace.actions import people
from tests.people import Shop
from tests.web.tour import Demo, demo, fresh_demo, load_pictures, visitor

__all__ = ["demo", "fresh_demo"]

PATH = "/owner/sheet"
# Whose words or code stick out of their card, or touch each other.
OVERFLOWING = """(cards) => cards.filter((card) => {
  const box = card.getBoundingClientRect();
  const inside = [...card.children].map((one) => one.getBoundingClientRect());
  const out = inside.some((one) => one.bottom > box.bottom + 1 || one.right > box.right + 1);
  const code = card.querySelector(".card__code").getBoundingClientRect();
  const words = [...card.querySelectorAll(".card__who > *, li, .card__until")].map((e) => e.getBoundingClientRect());
  return out || words.some((one) => one.right > code.left + 1 && one.bottom > code.top + 1 && one.top < code.bottom);
}).map((card) => card.innerText)"""
EVERYBODY = ["anders", "jocke", "lisa", "olga", "sam"]


def links(text: str) -> dict[str, str]:
    """By name, of the cards on the sheet."""
    cards = text.split('<li class="card">')[1:]
    found = (re.search(r'<h2>([^<]+)</h2>.*?href="http://[^/]+(/signin/sti_[\w-]{43})"', one, re.S) for one in cards)
    return {html.unescape(one[1]): one[2] for one in found if one}


async def test_who_has_not_signed_in_yet_is_ticked_and_whoever_is_chosen_gets_a_card(
    shop: Shop, signed_in: Any, client: httpx2.AsyncClient
) -> None:
    await people.put_person(shop.desk, shop.id, "elias", people.PersonTold("Elias", {}, "warehouse"))
    await people.end_employment(shop.desk, shop.id, "elias")
    olga, _ = await signed_in("olga"), await signed_in("anders")
    choice = (await olga.get(PATH)).text
    assert re.findall(r'name="handle" value="(\w+)"', choice) == EVERYBODY
    assert re.findall(r'name="handle" value="(\w+)" checked', choice) == ["jocke", "lisa", "sam"]
    answer = await olga.post(PATH, data={"handle": [*EVERYBODY, "elias", "nora"]})
    assert answer.headers["cache-control"] == "no-store"
    found = links(answer.text)
    assert list(found) == ["Anders", "Jocke", "Lisa", "Olga", "Sam"] and len(set(found.values())) == 5
    opened = await client.get(found["Lisa"] + "?lang=en")
    assert "Hello Lisa!" in opened.text and "Sign in to Roliga Ting" in opened.text
    assert (await client.post(found["Lisa"])).headers["location"] == "/staff"
    assert "Lisa" in (await client.get("/staff/me")).text
    assert (await client.post(found["Lisa"])).status_code == 404


async def test_a_new_card_ends_the_one_that_nobody_has_used_and_no_session(
    shop: Shop, signed_in: Any, client: httpx2.AsyncClient
) -> None:
    olga, anders = await signed_in("olga"), await signed_in("anders")
    first = links((await olga.post(PATH, data={"handle": ["anders", "lisa"]})).text)
    second = links((await olga.post(PATH, data={"handle": "anders"})).text)
    assert list(second) == ["Anders"]
    assert [(await client.get(one)).status_code for one in (first["Anders"], first["Lisa"])] == [404, 200]
    assert (await anders.get("/staff/me")).status_code == 200


async def test_nobody_chosen_is_said_at_the_list(signed_in: Any) -> None:
    olga = await signed_in("olga")
    for form in ({}, {"handle": "nora"}):
        answer = await olga.post(PATH, data=form, params={"lang": "en"})
        assert answer.status_code == 422 and '<a href="#people">Tick at least one person.</a>' in answer.text


async def test_a_card_keeps_the_role_that_its_person_has(
    shop: Shop, signed_in: Any, client: httpx2.AsyncClient
) -> None:
    olga = await signed_in("olga")
    found = links((await olga.post(PATH, data={"handle": ["olga", "anders"]})).text)
    assert (await client.post(found["Olga"])).headers["location"] == "/owner"
    assert (await client.post(found["Anders"])).headers["location"] == "/staff"


async def test_a_whole_warehouse_comes_in_on_one_morning(shop: Shop, client: httpx2.AsyncClient) -> None:
    """From one address: only what opens no door is counted against it."""
    for _ in range(15):
        token = await people.invite(shop.desk, shop.id, "anders")
        assert (await client.post(f"/signin/{token}")).status_code == 303


async def test_the_link_shows_a_photo_only_where_anybody_may_see_it(shop: Shop, client: httpx2.AsyncClient) -> None:
    for handle, stamp in (("sam", True), ("anders", False)):
        await people.set_portrait(shop.desk, shop.id, await shop.person_id(handle), "ab" * 16)
        token = await people.invite(shop.desk, shop.id, handle)
        text = (await client.get(f"/signin/{token}")).text
        assert ("/stamp/" in text, "/media/" in text) == (stamp, not stamp)


async def test_a_printed_sheet_has_codes_that_a_phone_reads(browser: Browser, demo: Demo) -> None:
    context = await visitor(browser, demo, "owner", viewport={"width": 1280, "height": 900})
    page = await context.new_page()
    await page.goto(demo.url + PATH)
    for box in await page.locator("input[name=handle]").all():
        await box.check()
    async with page.expect_navigation():
        await page.click("main form button")
    await load_pictures(page)
    wanted = set(await page.eval_on_selector_all(".card__code", "codes => codes.map((one) => one.href)"))
    assert len(wanted) > 4
    assert await page.locator("[data-print]").is_visible()
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert await read(await page.screenshot(full_page=True)) == wanted
    await page.set_viewport_size({"width": 696, "height": 980})  # A4 without its edges
    await page.emulate_media(media="print")
    assert not await page.locator(".ownerbar, .paperless, .skip").locator("visible=true").count()
    assert await read(await page.screenshot(full_page=True)) == wanted
    sheets = len(re.findall(rb"/Type\s*/Page\b[^s]", await page.pdf(format="A4")))
    assert sheets == -(-len(wanted) // 8)


@pytest.mark.parametrize("language", ["de-DE", "fi-FI", "sv-SE"])
async def test_a_card_has_room_for_long_words(browser: Browser, fresh_demo: Demo, language: str) -> None:
    demo = fresh_demo
    context = await visitor(browser, demo, "owner", viewport={"width": 696, "height": 980}, locale=language)
    told = {"name": "Maximiliane-Wilhelmina Öberg", "role": "Auftragsannahme und Kundenbetreuung am Empfang, Halle 2"}
    added = await context.request.post(f"{demo.url}/owner/people", form=told | {"team": "warehouse", "email": ""})
    assert added.ok
    page = await context.new_page()
    await page.goto(demo.url + PATH)
    async with page.expect_navigation():
        await page.click("main form button")
    await load_pictures(page)
    await page.emulate_media(media="print")
    assert await page.eval_on_selector_all(".card", OVERFLOWING) == []
    assert len(re.findall(rb"/Type\s*/Page\b[^s]", await page.pdf(format="A4"))) == 1


async def read(picture: bytes) -> set[str]:
    """What the codes on it say."""
    with Image.open(io.BytesIO(picture)) as opened:
        return {one.text for one in zxingcpp.read_barcodes(opened.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)}
