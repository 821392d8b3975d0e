"""Nothing jumps under the thumb: no page of the staff moves once it is drawn, with its scripts at work."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.web.pieces import in_pieces
from tests.web.test_light import SHIFTS
from tests.web.tour import Demo, demo, load_pictures, visitor

__all__ = ["demo"]

PAGES = (
    "/staff",
    "/staff?q=leila",
    "/staff/orders/1011",
    "/staff/orders/1002?scanned=1",
    "/staff/orders/1011/pause/delayed",
    "/staff/row",
    "/staff/row?step=packed",
    "/staff/scan",
    "/staff/orders",
    "/staff/orders?problem=late",
    "/staff/slips",
    "/staff/me",
    "/staff/thanks",
    "/staff/questions",
    "/staff/welcome",
)
DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.mark.parametrize("width", [390, 1280])
async def test_nothing_moves_on_the_staffs_pages(browser: Browser, demo: Demo, width: int) -> None:
    touch = {"has_touch": True, "is_mobile": True} if width < 500 else {}
    context = await visitor(browser, demo, "staff", viewport={"width": width, "height": 844}, **touch)
    await context.add_init_script(SHIFTS)
    moved = {}
    for path in PAGES:
        page = await context.new_page()
        answer = await page.goto(demo.url + path, wait_until="networkidle")
        assert answer is not None and answer.ok, path
        await load_pictures(page)
        await page.evaluate("document.fonts.ready.then(() => null)")
        await page.evaluate(DRAWN)
        moved[path] = await page.evaluate("moved")
        await page.close()
    assert {path: found for path, found in moved.items() if found} == {}


@pytest.mark.parametrize("width", [390, 1280])
async def test_the_desks_table_does_not_move_though_it_comes_in_pieces(
    browser: Browser, demo: Demo, width: int
) -> None:
    context = await visitor(browser, demo, "staff", viewport={"width": width, "height": 844})
    await context.add_init_script(SHIFTS)
    moved = {}
    async with in_pieces(demo.url) as slow:
        for path in ("/staff/orders", "/staff/orders?problem=late"):
            page = await context.new_page()
            answer = await page.goto(slow + path, wait_until="load")
            assert answer is not None and answer.ok, path
            await page.evaluate(DRAWN)
            moved[path] = await page.evaluate("moved")
            await page.close()
    assert {path: found for path, found in moved.items() if found} == {}


async def test_without_scripts_there_is_nothing_that_only_scripts_bring_to_life(browser: Browser, demo: Demo) -> None:
    context = await visitor(browser, demo, "staff", viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = await context.new_page()
    for path in ("/staff/row?step=packed", "/staff/scan", "/staff/orders"):
        await page.goto(demo.url + path)
        assert await page.locator(".scripted").count()
        await expect(page.locator(".scripted:visible")).to_have_count(0)
    await expect(page.locator(".sift__fields")).to_be_visible()
