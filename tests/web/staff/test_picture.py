from __future__ import annotations

import io
import re
from typing import Any

import httpx2
import pytest
from PIL import Image
from playwright.async_api import Page

from tests.photos.pictures import corners, encoded
from tests.web.tour import Demo, demo, visitor

__all__ = ["demo"]
SignIn = Any
WIDE = encoded(corners(1600, 600), "PNG")


async def portrait(client: httpx2.AsyncClient, data: bytes = WIDE, **fields: str) -> tuple[int, ...]:
    """The middle of the portrait as it is shown after this upload."""
    answer = await client.post("/staff/me/portrait", files={"photo": ("jag.png", data, "image/png")}, data=fields)
    assert answer.status_code == 303
    url = re.findall(r"/media/[0-9a-f]{32}-196\.webp", (await client.get("/staff/me")).text)[0]
    return middle((await client.get(url)).content)


def middle(data: bytes, at: tuple[int, int] = (98, 20)) -> tuple[int, ...]:
    pixel = Image.open(io.BytesIO(data)).convert("RGB").getpixel(at)
    assert isinstance(pixel, tuple)
    return tuple(round(value / 255) for value in pixel)


@pytest.mark.parametrize(("face", "colour"), [("0-0", (1, 0, 0)), ("2-1", (0, 1, 0)), ("nowhere", None)])
async def test_without_a_script_the_face_is_in_one_of_nine_places(
    shop: object, signed_in: SignIn, face: str, colour: tuple[int, ...] | None
) -> None:
    anders = await signed_in("anders")
    plain = await portrait(anders)
    found = await portrait(anders, face=face)
    assert found == (colour or plain)


async def test_a_script_says_where_and_how_close(shop: object, signed_in: SignIn) -> None:
    anders = await signed_in("anders")
    assert await portrait(anders, x="0.9", y="0.9", size="0.4", face="0-0") == (1, 1, 1)


@pytest.mark.parametrize("size", ["nan", "inf", "-1", "1e400", "x" * 3000, "0"])
async def test_a_size_that_is_none_is_as_good_as_nothing(shop: object, signed_in: SignIn, size: str) -> None:
    anders = await signed_in("anders")
    assert await portrait(anders, x="0.9", y="nan" if size == "1e400" else "0.9", size=size) == await portrait(anders)


async def test_a_picture_is_moved_and_enlarged_before_it_is_sent(page: Page, demo: Demo) -> None:
    browser = page.context.browser
    assert browser is not None
    context = await visitor(browser, demo, "staff", viewport={"width": 390, "height": 844})
    phone = await context.new_page()
    refused: list[str] = []
    phone.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    await phone.goto(f"{demo.url}/staff/me")
    await phone.locator("#picture summary").click()
    await phone.locator("#photo").wait_for()
    assert await phone.locator("[data-crop]").is_hidden() and await phone.locator(".crop__place").is_hidden()
    await phone.set_input_files("#photo", {"name": "jag.png", "mimeType": "image/png", "buffer": WIDE})
    await phone.locator("[data-crop]").wait_for()
    assert await phone.locator(".crop__place").is_hidden()
    await phone.locator('[data-way="size"]').fill("60")
    await phone.locator('[data-way="x"]').fill("100")
    canvas = phone.locator("[data-crop] canvas")
    await canvas.scroll_into_view_if_needed()
    box = await canvas.bounding_box()
    assert box is not None
    await phone.mouse.move(box["x"] + 70, box["y"] + 20)
    await phone.mouse.down()
    await phone.mouse.move(box["x"] + 70, box["y"] + 1000, steps=5)  # down, so that what was above comes into view
    await phone.mouse.up()
    async with phone.expect_navigation():
        await phone.locator('form:has(#photo) button[type="submit"]').click()
    assert phone.url.endswith("?done=picture")
    face = await phone.locator(".topbar__face img").get_attribute("src")
    answer = await context.request.get(f"{demo.url}{face}")
    assert middle(await answer.body()) == (0, 1, 0)  # above right
    assert refused == []
    await context.close()
