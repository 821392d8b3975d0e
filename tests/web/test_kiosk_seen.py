"""A shared tablet as one uses it: in a browser, by touch, by keyboard, without scripts, and held against axe."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser import stop_clock
from tests.web.test_axe import Judge
from tests.web.tour import Demo, fresh_demo, visitor

__all__ = ["fresh_demo"]
pytestmark = pytest.mark.timeout(300)

PIN = "2590"
UPRIGHT, WIDE = {"width": 768, "height": 1024}, {"width": 1280, "height": 800}


async def link_of(browser: Browser, demo: Demo, minutes: str = "2") -> str:
    """The owner makes one; Anders sets his PIN."""
    owner = await visitor(browser, demo, "owner")
    await owner.request.post(f"{demo.url}/owner/kiosks/minutes", form={"minutes": minutes})
    made = await owner.request.post(f"{demo.url}/owner/kiosks", form={"name": "Packbordet"})
    link = re.search(r'value="(http[^"]+/kiosk/open/[^"]+)"', await made.text())
    anders = await visitor(browser, demo, "staff")
    set_one = await anders.request.post(f"{demo.url}/staff/me/pin", form={"pin": PIN}, max_redirects=0)
    assert link is not None and set_one.status == 303
    return link[1]


async def tablet(browser: Browser, demo: Demo, **options: object) -> Page:
    link = await link_of(browser, demo)
    context: BrowserContext = await visitor(browser, demo, **{"viewport": UPRIGHT, "has_touch": True, **options})
    page = await context.new_page()
    await page.goto(link)
    await page.locator("main form button").click()
    await page.wait_for_url("**/kiosk")
    return page


async def place(found: Locator) -> float:
    box = await found.bounding_box()
    assert box is not None
    return box["y"]


async def test_four_taps_and_one_more_let_anders_in_and_out(browser: Browser, fresh_demo: Demo) -> None:
    page = await tablet(browser, fresh_demo)
    await page.get_by_role("link", name="Anders", exact=True).tap()
    for digit in (*PIN, "1"):
        await page.get_by_role("button", name=digit, exact=True).tap()
    await page.get_by_role("button", name="Sudda en siffra").tap()
    await expect(page.locator("#pin")).to_have_value(PIN)
    await page.get_by_role("button", name="Gå in").tap()
    await expect(page.locator(".tablet")).to_contain_text("Packbordet")
    for path in ("/staff", "/staff/orders", "/staff/thanks"):  # what is Anders's own is on his phone
        await page.goto(fresh_demo.url + path)
        assert await page.locator('a[href^="/staff/me"]').count() == 0, path
    await page.locator(".tablet").get_by_role("button", name="Klar, nästa person").tap()
    await expect(page.get_by_role("heading", name="Vem är du?")).to_be_visible()
    await page.goto(f"{fresh_demo.url}/staff")
    await page.wait_for_url("**/kiosk")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_by_keyboard_alone(browser: Browser, fresh_demo: Demo, scripts: bool) -> None:
    page = await tablet(browser, fresh_demo, java_script_enabled=scripts)
    for _ in range(30):
        await page.keyboard.press("Tab")
        if await page.locator("a:focus", has_text="Anders").count():
            break
    await page.keyboard.press("Enter")
    await expect(page.locator("#pin")).to_be_focused()
    before = await place(page.get_by_role("button", name="Gå in"))
    await page.keyboard.type("8351")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("PIN-koden stämde inte")
    await expect(page.locator("#pin")).to_be_focused()
    # Nothing moves under the thumb by more than the thicker border.
    assert abs(await place(page.get_by_role("button", name="Gå in")) - before) < 4
    await page.keyboard.type(PIN)
    await page.keyboard.press("Enter")
    await expect(page.locator(".tablet")).to_contain_text("Anders")


async def test_when_nobody_is_there_any_more_the_portraits_come_back(browser: Browser, fresh_demo: Demo) -> None:
    """Asked first; whoever answers, or just goes on, stays."""
    page = await tablet(browser, fresh_demo)
    await stop_clock(page)
    await page.get_by_role("link", name="Anders", exact=True).click()
    await page.locator("#pin").fill(PIN)
    await page.keyboard.press("Enter")
    await expect(page.locator(".tablet")).to_be_visible()
    await page.wait_for_load_state()  # with the script that counts the minutes
    still = page.get_by_role("dialog")
    await page.clock.run_for(105_000)
    await expect(still).to_contain_text("Är du kvar, Anders?")
    await still.get_by_role("button", name="Jag är kvar").click()
    await expect(still).to_be_hidden()
    await page.clock.run_for(90_000)
    await expect(page.locator(".tablet")).to_be_visible()
    await page.clock.run_for(35_000)
    await page.wait_for_url("**/kiosk")
    await expect(page.get_by_text("fortfarande inloggad")).to_have_count(0)


async def test_without_network_what_stood_there_is_covered_until_the_portraits_can_come(
    browser: Browser, fresh_demo: Demo
) -> None:
    page = await tablet(browser, fresh_demo)
    await page.clock.install()
    await page.get_by_role("link", name="Anders", exact=True).click()
    await page.locator("#pin").fill(PIN)
    await page.keyboard.press("Enter")
    await expect(page.locator(".tablet")).to_be_visible()
    await page.wait_for_load_state()
    await page.context.set_offline(True)
    await page.clock.run_for(130_000)
    await expect(page.locator("body")).to_be_hidden()
    await page.context.set_offline(False)
    await page.clock.resume()
    await page.wait_for_url("**/kiosk")
    await expect(page.get_by_role("heading", name="Vem är du?")).to_be_visible()


async def test_a_pin_that_nobody_types_leads_back_to_the_portraits(browser: Browser, fresh_demo: Demo) -> None:
    page = await tablet(browser, fresh_demo)
    await stop_clock(page)
    await page.get_by_role("link", name="Lisa").click()
    await expect(page.locator("#pin")).to_be_focused()
    await page.wait_for_load_state()
    await page.clock.run_for(32_000)
    await page.wait_for_url("**/kiosk")


async def test_portraits_lead_and_every_target_is_large(browser: Browser, fresh_demo: Demo) -> None:
    page = await tablet(browser, fresh_demo)
    for size in (UPRIGHT, WIDE):
        await page.set_viewport_size(size)  # type: ignore[arg-type]
        await page.goto(f"{fresh_demo.url}/kiosk")
        portraits = await page.locator(".kiosk__people .portrait").all()
        assert len(portraits) >= 5
        for portrait in portraits:
            box = await portrait.bounding_box()
            assert box is not None and box["width"] >= 96
        await page.get_by_role("link", name="Anders", exact=True).click()
        await expect(page.locator("[data-keypad]")).to_be_visible()
        targets = await page.locator("main a, main button, main input").all()
        assert len(targets) >= 12  # ten digits, the box, and to go in
        for target in targets:
            box = await target.bounding_box()
            assert box is not None and box["height"] >= 48, await target.inner_text()
        end = await page.locator("main button[type=submit]").bounding_box()
        assert end is not None and end["y"] + end["height"] <= size["height"]
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_the_pages_are_accessible(browser: Browser, fresh_demo: Demo) -> None:
    judge, link = Judge(), await link_of(browser, fresh_demo)
    context = await visitor(browser, fresh_demo, viewport=UPRIGHT)
    page = await context.new_page()
    await page.goto(link)
    await judge.look(page, "/kiosk/open")
    await page.locator("main form button").click()
    for size in (UPRIGHT, WIDE, {"width": 390, "height": 844}):
        await page.set_viewport_size(size)  # type: ignore[arg-type]
        for path in ("/kiosk", "/kiosk?q=zzz", "/kiosk/open/used"):
            await page.goto(fresh_demo.url + path)
            await judge.look(page, path)
        await page.goto(f"{fresh_demo.url}/kiosk")
        await page.get_by_role("link", name="Anders", exact=True).click()
        await judge.look(page, "/kiosk/people")
        await page.locator("#pin").fill("8351")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_be_visible()
        await judge.look(page, "a wrong PIN")
        await page.locator("#pin").fill(PIN)
        await page.keyboard.press("Enter")
        await expect(page.locator(".tablet")).to_be_visible()
        await judge.look(page, "the queue on a tablet")
        await page.evaluate("document.querySelector('[data-still]').showModal()")
        await judge.look(page, "still there?")
    judge.verdict()
