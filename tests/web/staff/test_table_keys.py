"""The desk's table in a real browser: by keyboard, on a phone, and without scripts."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.people import Shop
from tests.web.staff.phone import phone, press, served

__all__ = ["served"]


def table(
    browser: Browser, served: tuple[Shop, str], width: int = 1280, **options: Any
) -> AbstractAsyncContextManager[Page]:
    size = {"width": width, "height": 844}
    return phone(browser, served, "/staff/orders", viewport=size, has_touch=False, **options)


async def test_the_keys_walk_tick_and_open(browser: Browser, served: tuple[Shop, str]) -> None:
    async with table(browser, served) as page:
        await press(page, "jxjjkx", apart=0.2)
        ticked = page.locator("tbody input:checked")
        assert await ticked.evaluate_all("found => found.map(one => one.value)") == ["1001", "1002"]
        await expect(page.locator("#ticked")).to_have_text("2 valda")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/staff/orders/1002")


async def test_a_scanner_searches_from_any_row(browser: Browser, served: tuple[Shop, str]) -> None:
    async with table(browser, served) as page:
        await press(page, "jj", apart=0.2)
        await press(page, "1003", apart=0.2, later=60)
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/staff/orders?q=1003*")
        await page.keyboard.type("1002")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/staff/orders?q=1002*")
        await expect(page.locator("tbody th a")).to_contain_text("1002")


@pytest.mark.parametrize("code", ["jx7", "xk", "kj20"])
async def test_a_code_of_the_letters_that_are_keys_neither_moves_on_nor_ticks(
    browser: Browser, served: tuple[Shop, str], code: str
) -> None:
    async with table(browser, served) as page:
        await page.locator("tbody th a").first.focus()
        await press(page, code, apart=0.01)
        await expect(page.locator("#sift-q")).to_have_value(code)
        await expect(page.locator("tbody input:checked")).to_have_count(0)


async def test_keys_that_are_switched_off_stay_off_and_never_get_in_the_way_of_typing(
    browser: Browser, served: tuple[Shop, str]
) -> None:
    async with table(browser, served) as page:
        await page.locator("#sift-q").press_sequentially("xjk")
        await expect(page.locator("#sift-q")).to_have_value("xjk")
        await page.locator("#keys input").uncheck()
        await page.reload()
        await page.keyboard.press("j")
        assert await page.evaluate("document.activeElement === document.body")


async def test_ticked_orders_are_logged_and_taken_back_in_four_clicks(
    browser: Browser, served: tuple[Shop, str]
) -> None:
    shop, _ = served
    async with table(browser, served) as page:
        await page.get_by_label("Alla på sidan").check()
        await page.locator("#desk-step").select_option("packed")
        await page.get_by_role("button", name="Logga de valda").click()
        await page.get_by_role("heading", name="3 ordrar loggade: Packad").wait_for()
        assert (await shop.row("1003")).state == "packed"
        await page.get_by_role("button", name="Ångra alla").click()
        await page.get_by_role("heading", name="3 ordrar tillbakatagna").wait_for()
    assert (await shop.row("1003")).state == "picked"


@pytest.mark.parametrize("width", [360, 390, 700])
async def test_on_a_phone_the_rows_are_cards_and_nothing_runs_over_the_edge(
    browser: Browser, served: tuple[Shop, str], width: int
) -> None:
    async with table(browser, served, width, scripts=False) as page:
        cells = page.locator("tbody tr").first.locator("th, td")
        tops = {round((await cells.nth(n).bounding_box() or {"y": 0})["y"]) for n in (1, 2, 4)}
        assert len(tops) == 3
        assert await page.locator("html").evaluate("root => root.scrollWidth <= innerWidth")
        await page.locator("tbody input").first.check()
        await page.locator("#desk-step").select_option("packed")
        await page.get_by_role("button", name="Logga de valda").click()
        await page.get_by_role("heading", name="1 order loggad").wait_for()
