"""The owner puts a person's picture in place, and says which part of it is seen, as the person does on /staff/me."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Page

from tests.people import Shop
from tests.web.staff.test_picture import WIDE, middle
from tests.web.tour import Demo, demo, visitor

__all__ = ["demo"]
PHOTO = {"photo": ("lisa.png", WIDE, "image/png")}


@pytest.mark.parametrize(
    ("told", "colour"),
    [({"face": "0-0"}, (1, 0, 0)), ({"face": "2-1"}, (0, 1, 0)), ({"x": "0.9", "y": "0.9", "size": "0.4"}, (1, 1, 1))],
)
async def test_the_part_that_the_owner_chose_is_seen(
    shop: Shop, signed_in: Any, told: dict[str, str], colour: tuple[int, ...]
) -> None:
    owner = await signed_in("olga")
    answer = await owner.post("/owner/people/lisa/portrait", files=PHOTO, data=told)
    assert answer.status_code == 303
    url = re.findall(r"/media/[0-9a-f]{32}-196\.webp", (await owner.get("/owner/people/lisa")).text)[0]
    assert middle((await owner.get(url)).content) == colour


@pytest.mark.parametrize("width", [390, 1280])
async def test_with_a_script_it_is_moved_before_it_is_sent(page: Page, demo: Demo, width: int) -> None:
    browser = page.context.browser
    assert browser is not None
    context = await visitor(browser, demo, "owner", viewport={"width": width, "height": 844})
    desk = await context.new_page()
    refused: list[str] = []
    desk.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    await desk.goto(f"{demo.url}/owner/people/lisa/about")
    await desk.set_input_files("#photo", {"name": "lisa.png", "mimeType": "image/png", "buffer": WIDE})
    await desk.locator("[data-crop]").wait_for()
    await desk.locator('[data-way="size"]').fill("60")
    await desk.locator('[data-way="x"]').fill("0")
    await desk.locator('[data-way="y"]').fill("0")
    wide = await desk.evaluate("document.documentElement.scrollWidth")
    async with desk.expect_navigation():
        await desk.locator('form:has(#photo) button[type="submit"]').click()
    assert desk.url.endswith("?said=picture")
    face = await desk.locator(".who--big img").get_attribute("src")
    assert middle(await (await context.request.get(f"{demo.url}{face}")).body()) == (1, 0, 0)  # above left
    assert (refused, wide) == ([], width)
    await context.close()
