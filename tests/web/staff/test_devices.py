from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import time_machine
from playwright.async_api import Page

from storefront_trace.actions import people
from tests.people import Shop
from tests.web.tour import Demo, demo, visitor

__all__ = ["demo"]

ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/143.0 Mobile Safari/537.36"


def ends(text: str) -> list[str]:
    return re.findall(r'action="(/staff/me/devices/[0-9a-f]{32}/end)"', text)


async def me(client: httpx2.AsyncClient) -> str:
    return re.sub(r"\s+", " ", (await client.get("/staff/me?lang=en")).text)


async def test_each_device_is_named_with_when_it_came_in_and_was_last_used(
    app: Any, shop: Shop, client: httpx2.AsyncClient, signed_in: Any
) -> None:
    token = await people.invite(shop.desk, shop.id, "anders")
    await client.post(f"/signin/{token}", headers={"User-Agent": ANDROID})
    here = await signed_in("anders")
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=3), tick=False):
        await client.get("/staff/me")
        await app.state.last_seen.write(shop.desk)
        assert "Last used just now" in await me(here)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=3), tick=False):
        await client.get("/staff/me")
        await app.state.last_seen.write(shop.desk)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=20), tick=False):
        text = await me(here)
    assert "Android · Chrome" in text and text.count("Signed in ") == 2
    assert text.index("This device") < text.index("Android · Chrome")
    assert len(ends(text)) == 1 and text.count("Last used ") == 1


async def test_one_device_is_signed_out_and_the_others_stay(shop: Shop, signed_in: Any) -> None:
    here, there, lisa = await signed_in("anders"), await signed_in("anders"), await signed_in("lisa")
    path = ends(await me(here))[0]
    answer = await here.post(path)
    assert answer.headers["location"] == "/staff/me?done=device#devices"
    assert [(await one.get("/staff/me")).status_code for one in (here, there, lisa)] == [200, 303, 200]
    assert (await here.post(path)).status_code == 303
    assert ends(await me(here)) == []


async def test_nobody_signs_a_colleague_out(shop: Shop, signed_in: Any) -> None:
    here, there = await signed_in("anders"), await signed_in("anders")
    path = ends(await me(here))[0]
    for handle in ("lisa", "olga", "nora"):
        assert (await (await signed_in(handle)).post(path)).status_code == 404
    assert (await there.get("/staff/me")).status_code == 200


async def test_the_owner_signs_somebody_out_everywhere(shop: Shop, client: httpx2.AsyncClient, signed_in: Any) -> None:
    olga, phone, desk = await signed_in("olga"), await signed_in("anders"), await signed_in("anders")
    unused = await people.invite(shop.desk, shop.id, "anders")
    assert 'action="/owner/people/anders/signout"' in (await olga.get("/owner/people/anders/about")).text
    answer = await olga.post("/owner/people/anders/signout")
    assert answer.headers["location"] == "/owner/people/anders/about?said=signed-out"
    assert [(await one.get("/staff/me")).status_code for one in (phone, desk)] == [303, 303]
    assert (await client.post(f"/signin/{unused}")).status_code == 404
    anew = await people.invite(shop.desk, shop.id, "anders")
    assert (await client.post(f"/signin/{anew}")).status_code == 303


async def test_who_never_had_a_link_has_nothing_to_be_signed_out_of(shop: Shop, signed_in: Any) -> None:
    olga = await signed_in("olga")
    for path in ("/owner/people/sam/about", "/owner/people/olga/about"):
        assert "/signout" not in (await olga.get(path)).text.replace('action="/signout"', "")
    assert (await olga.post("/owner/people/sam/signout")).status_code == 303


async def test_on_a_phone_what_is_said_of_a_device_has_room_in_the_longest_language(page: Page, demo: Demo) -> None:
    browser = page.context.browser
    assert browser is not None
    await (await visitor(browser, demo, "staff")).close()  # another device
    context = await visitor(browser, demo, "staff", viewport={"width": 390, "height": 844})
    phone = await context.new_page()
    await phone.goto(f"{demo.url}/staff/me?lang=fi")
    await phone.locator("#devices summary").click()
    boxes = [await one.bounding_box() for one in await phone.locator(".devices li > p").all()]
    assert len(boxes) >= 2
    assert all(box is not None and box["width"] >= 190 for box in boxes)
    await context.close()
