"""Scanning where there is no network: what is kept of the order opens, and an unknown number is not lost."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect

from storefront_trace.domain.scanned import shop_mark
from tests.patience import until
from tests.web.staff.away import World, signed_in, waiting, waits, world
from tests.web.staff.offline import WAITING, keep_pages

__all__ = ["waiting", "waits", "world"]


def address(world: World, number: str, *, site: str = "", shop: str = "") -> str:
    """As it stands on a slip."""
    return f"{site or world.url}/staff/scan?shop={shop_mark(shop or world.shop.id)}&code={number}"


async def scan(page: Page, world: World, code: str) -> None:
    await page.goto(f"{world.url}/staff/scan")
    await page.locator("#code").fill(code)
    await page.locator("#code").press("Enter")


async def cut(page: Page, world: World, *paths: str) -> None:
    await keep_pages(page, world.url, {"/staff/scan", *paths})
    world.wire.cut()


async def test_a_number_and_a_slip_open_the_page_that_is_kept(browser: Browser, waiting: World) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        await cut(page, waiting)
        typed = f"{waiting.url.replace('://', 'Ö--')}-staff-scan_shop´{shop_mark(waiting.shop.id)}-code´1002"
        for code in ("1002", " #1002", address(waiting, "1002"), f"{waiting.url}/staff/orders/1002", typed):
            await scan(page, waiting, code)
            await page.wait_for_url("**/staff/orders/1002")
            await expect(page.locator(".btn--go")).to_contain_text("Packad")


async def test_a_phones_own_camera_and_a_page_that_was_scanned_before_find_it_too(
    browser: Browser, waiting: World
) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        await cut(page, waiting)
        await page.goto(address(waiting, "1001"))
        await page.wait_for_url("**/staff/orders/1001")
        await page.goto(f"{waiting.url}/staff/orders/1002?scanned=1")
        await expect(page.get_by_role("region", name="Utan nät")).to_contain_text("Inget nät. Sidan är från")
        await page.locator(".btn--go").tap()
        await expect(page.locator(".unsent__now")).to_contain_text("1002: Packad")


async def test_letters_are_as_large_as_the_order_has_them(browser: Browser, waiting: World) -> None:
    await waiting.shop.order("G01")
    async with signed_in(browser, waiting, "anders") as page:
        await cut(page, waiting, "/staff/orders/G01")
        await scan(page, waiting, "g01")
        await page.wait_for_url("**/staff/orders/G01")


@pytest.mark.parametrize("code", ["7777", "#7777", "slip", '7"7&lt;7$&'])
async def test_where_no_page_is_kept_the_number_stands_in_the_field(
    browser: Browser, waiting: World, code: str
) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        await cut(page, waiting)
        await scan(page, waiting, address(waiting, "7777") if code == "slip" else code)
        await expect(page.locator("#blind-number")).to_have_value(code if "$" in code else "7777")
        assert await page.evaluate(WAITING) == []


async def test_a_slip_from_elsewhere_opens_nothing_and_names_no_order(browser: Browser, waiting: World) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        await cut(page, waiting)
        slips = [address(waiting, "1001", site="https://other.example")]
        slips.append(address(waiting, "1001", shop=waiting.shop.other_id))
        for code in slips:
            await scan(page, waiting, code)
            await page.locator("#blind-number").wait_for()
            await expect(page.locator("#blind-number")).to_have_value("")
        await page.goto(slips[1])
        await expect(page.locator("#blind-number")).to_have_value("")


async def test_a_slip_that_is_scanned_where_the_number_is_asked_for_is_read_too(
    browser: Browser, waiting: World
) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        await cut(page, waiting)
        for number in ("7777", "1002"):
            await page.goto(f"{waiting.url}/staff/orders/never-seen")
            await page.locator("#blind-number").fill(address(waiting, number))
            await page.locator("#blind-number").press("Enter")
            if number == "7777":
                await expect(page.locator("#blind-number")).to_have_value("7777")
        await page.wait_for_url("**/staff/orders/1002")


async def test_the_rows_of_ones_own_steps_are_kept_before_one_has_opened_them(browser: Browser, waiting: World) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        await keep_pages(page, waiting.url, {"/staff/row"})

        async def kept() -> bool:
            return bool(await page.evaluate("caches.match('/staff/row?step=packed').then(Boolean)"))

        await until(kept)
        waiting.wire.cut()
        await page.goto(f"{waiting.url}/staff/row")
        await page.get_by_role("link", name="Packad").tap()
        await page.locator("#code").fill("1001")
        await page.locator("#code").press("Enter")
        await expect(page.locator("#scans .scan--waiting")).to_contain_text("1001")
        assert [one["step"] for one in await page.evaluate(WAITING)] == ["packed"]
