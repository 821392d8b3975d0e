"""The phone's own "back" leads to where one was, and logs nothing twice."""

from __future__ import annotations

from playwright.async_api import Browser, expect

from tests.people import Shop
from tests.web.staff.phone import phone, served
from tests.web.staff.test_look import choose, from_a_phone

__all__ = ["served"]


async def test_back_from_an_order_is_the_queue_and_the_same_order_in_it(
    browser: Browser, served: tuple[Shop, str]
) -> None:
    _, url = served
    async with phone(browser, served) as page:
        await page.goto(f"{url}/staff/orders/1002")
        await page.go_back()
        await page.wait_for_url("**/staff")
        await expect(page.locator("#order-1001 .btn--go")).to_be_visible()


async def test_back_after_a_step_shows_the_order_and_logs_nothing(browser: Browser, served: tuple[Shop, str]) -> None:
    shop, url = served
    async with phone(browser, served) as page:
        await page.goto(f"{url}/staff/orders/1001")
        await page.locator(".btn--go").tap()
        await page.get_by_text("1001: Packad").wait_for()
        await page.go_back()
        await page.wait_for_url("**/staff/orders/1001")
        await page.go_back()
        await page.wait_for_url("**/staff")
    assert [event.step for event in await shop.events("1001")].count("packed") == 1


async def test_back_from_the_picture_leaves_it_out_and_logs_nothing(browser: Browser, served: tuple[Shop, str]) -> None:
    shop, url = served
    async with phone(browser, served) as page:
        before = len(await shop.events("1001"))
        await choose(page, from_a_phone())
        await page.locator("#photo-look[open]").wait_for()
        await page.keyboard.press("Escape")  # as Android's "back" closes a dialog
        await expect(page.locator("#photo-look")).not_to_have_attribute("open", "")
        assert await page.locator("#order-1001 input[name=photo]").evaluate("one => one.files.length") == 0
        assert page.url == f"{url}/staff"
    assert len(await shop.events("1001")) == before
