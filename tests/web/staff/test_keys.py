"""A scanner that types into whatever page is open, with nothing focused by hand, in a real browser."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.browser import PHONE
from tests.patience import until
from tests.people import Shop
from tests.web.staff.phone import drawn, phone, served, with_and_without_scripts

__all__ = ["served"]
DESK = {"width": 1280, "height": 900}
RECEIVER = "input[name=hand_to]"
each_width = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])


async def scan(page: Page, code: str) -> None:
    await page.keyboard.type(code)
    await page.keyboard.press("Enter")


async def steps(shop: Shop, *numbers: str) -> list[str]:
    return [event.step for number in numbers for event in await shop.events(number)]


@pytest.mark.parametrize("path", ["/staff", "/staff/orders/1001"])
@each_width
async def test_a_scan_after_a_receiver_was_tapped_opens_its_own_order_and_logs_nothing(
    browser: Browser, served: tuple[Shop, str], path: str, size: dict[str, int]
) -> None:
    shop, url = served
    before = await steps(shop, "1001", "1002")
    async with phone(browser, served, path, viewport=size) as page:
        await page.locator(f"label:has({RECEIVER})").nth(1).tap()
        await expect(page.locator(RECEIVER).nth(1)).to_be_focused()
        await scan(page, "1002")
        await expect(page).to_have_url(f"{url}/staff/orders/1002?scanned=1")
        assert await steps(shop, "1001", "1002") == before


@pytest.mark.parametrize("path", ["/staff", "/staff/orders/1001", "/staff/me", "/staff/thanks", "/staff?q=leila"])
@each_width
async def test_a_scan_opens_the_order_and_enter_logs_it(
    browser: Browser, served: tuple[Shop, str], path: str, size: dict[str, int]
) -> None:
    shop, url = served
    async with phone(browser, served, path, viewport=size) as page:
        await scan(page, "1002")
        await expect(page).to_have_url(f"{url}/staff/orders/1002?scanned=1")
        await expect(page.locator(".btn--go")).to_be_focused()
        await drawn(page)
        await page.keyboard.press("Enter")
        await until(lambda: _is_packed(shop, "1002"))
    assert (await shop.row("1001")).state == "picked"


async def _is_packed(shop: Shop, number: str) -> bool:
    return (await shop.row(number)).state == "packed"


async def test_two_scans_without_waiting_lead_to_the_second(browser: Browser, served: tuple[Shop, str]) -> None:
    _, url = served
    async with phone(browser, served) as page:
        over = asyncio.Event()

        async def never(route: Route) -> None:
            await over.wait()
            await route.abort()

        await page.route("**/staff?q=1002", never)
        await scan(page, "1002")
        await scan(page, "1003")
        await expect(page).to_have_url(f"{url}/staff/orders/1003?scanned=1")
        over.set()
        await page.unroute_all(behavior="wait")


@with_and_without_scripts
async def test_enter_on_a_receiver_is_no_step(browser: Browser, served: tuple[Shop, str], scripts: bool) -> None:
    shop, url = served
    before = await steps(shop, "1001")
    async with phone(browser, served, scripts=scripts) as page:
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.method))
        await page.locator(f"label:has({RECEIVER})").nth(1).tap()
        await page.keyboard.press("Enter")
        if scripts:
            await page.goto(f"{url}/staff/orders/1001")
            assert "POST" not in sent
        else:
            await page.get_by_role("alert").wait_for()
    assert await steps(shop, "1001") == before


async def test_a_question_is_not_answered_by_a_scanner(browser: Browser, served: tuple[Shop, str]) -> None:
    shop, _ = served
    before = await steps(shop, "1001")
    async with phone(browser, served, "/staff/orders/1001") as page:
        await page.get_by_text("Något annat hände").tap()
        await page.locator("button[data-question]:visible").first.tap()
        await page.locator("dialog[open]").wait_for()
        await scan(page, "1002")
        await expect(page.locator("dialog[open]")).to_be_visible()
        await page.keyboard.press("Enter")  # a hand's
        await expect(page.locator("dialog[open]")).to_have_count(0)
        assert await steps(shop, "1001") == before


async def test_who_writes_or_uses_the_keyboard_is_left_alone(browser: Browser, served: tuple[Shop, str]) -> None:
    async with phone(browser, served) as page:
        box = page.locator("#q")
        await page.locator("summary", has_text="Skriv").first.tap()
        note = page.locator("textarea[name=note]").first
        await note.press_sequentially("Bubbelplast 12")
        await expect(note).to_have_value("Bubbelplast 12")
        receiver = page.locator(RECEIVER).nth(1)
        await receiver.focus()
        await page.keyboard.press("Space")
        await expect(receiver).to_be_checked()
        await page.keyboard.press("Control+c")
        await page.keyboard.press("Tab")
        await expect(box).to_have_value("")
        assert not await box.evaluate("box => box === document.activeElement")


async def test_no_keyboard_comes_up_for_a_scan_and_it_does_for_a_finger(
    browser: Browser, served: tuple[Shop, str]
) -> None:
    async with phone(browser, served) as page:
        box = page.locator("#q")
        await page.keyboard.type("10")
        await expect(box).to_have_value("10")
        await expect(box).to_have_attribute("inputmode", "none")
        await box.tap()
        await expect(box).to_have_attribute("inputmode", "search")
    async with phone(browser, served, "/staff/me") as page:
        await page.keyboard.type("10")
        await expect(page.locator("#bar-q")).to_be_visible()
        await expect(page.locator("#bar-q")).to_have_attribute("inputmode", re.compile("none"))
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        await expect(page.locator("#bar-q")).to_be_hidden()
