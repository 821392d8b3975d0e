"""Without network, where an order's page is not kept: its number is typed or scanned. And signing out there."""

from __future__ import annotations

import re

from playwright.async_api import Browser, Page, expect

from tests.patience import until
from tests.web.staff.away import World, button, signed_in, waiting, waits, world
from tests.web.staff.offline import WAITING

__all__ = ["waiting", "waits", "world"]

# A form that the device does not keep.
SEND = """() => {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: "/staff/me/words" });
  document.body.append(form);
  form.submit();
}"""


async def scan(page: Page, number: str) -> None:
    await page.locator("#blind-number:focus").wait_for()
    await page.keyboard.type(number)
    await page.keyboard.press("Enter")


async def test_a_scanners_enter_says_nothing_about_what_has_happened(browser: Browser, waiting: World) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        waiting.wire.cut()
        await page.goto(f"{waiting.url}/staff/orders/never-seen")
        await page.locator("#blind-number").focus()
        await page.locator("#blind-number").fill("")
        await scan(page, "1001")
        await scan(page, "1002")  # in place of the other: nothing was said of that
        await expect(page.locator("#blind-number")).to_have_value("1002")
        assert await page.evaluate(WAITING) == []
        await page.locator("#blind").get_by_role("button", name="Packad").tap()
        await expect(page.locator(".unsent__now")).to_contain_text("1002: Packad")
        await expect(page.locator("#blind-number")).to_have_value("")
        await scan(page, "1001")
        await expect(page.locator("#blind-number")).to_have_value("1001")
        assert await page.evaluate(WAITING) == [{"order": "1002", "step": "packed", "refused": False, "cancel": False}]


async def test_only_where_something_was_sent_is_it_said_to_be_lost(browser: Browser, waiting: World) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        await page.goto(f"{waiting.url}/staff/me")
        waiting.wire.cut()
        await page.goto(f"{waiting.url}/staff/orders/never-seen")
        await expect(page.get_by_text("Det du har loggat väntar här.")).to_be_visible()
        await expect(page.get_by_text("skicka det igen")).to_be_hidden()
        await page.evaluate(SEND)
        await expect(page.get_by_text("skicka det igen")).to_be_visible()
        await expect(page.get_by_text("Det du har loggat väntar här.")).to_be_hidden()


async def test_the_newest_step_stands_alone_and_ones_own_is_no_news(browser: Browser, waiting: World) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        await button(page, "1001").tap()
        await page.wait_for_url("**/staff?done=*")
        older, dock = page.locator("form.undo"), page.locator("#unsent")
        await expect(older).to_contain_text("1001: Packad")
        await expect(older).to_be_visible()
        waiting.wire.cut()
        await button(page, "1002").tap()
        await expect(dock).to_contain_text("1002: Packad")
        await expect(older).to_be_hidden()
        await page.goto(f"{waiting.url}/staff")
        await expect(page.locator("body")).to_have_attribute("data-kept", re.compile("20"))
        waiting.wire.up = True
        await expect(dock).to_contain_text("Allt har skickats.")
        await page.evaluate("dispatchEvent(new Event('online'))")
        assert await page.evaluate(WAITING) == []
        await expect(dock).to_contain_text("Allt har skickats.")


async def test_who_signs_out_without_network_is_told_and_is_out_as_soon_as_there_is_some(
    browser: Browser, waiting: World
) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        await page.goto(f"{waiting.url}/staff/orders/1001")
        waiting.wire.cut()
        await page.get_by_role("button", name="Logga ut").tap()
        await expect(page.locator("#unsent")).to_contain_text("Du är inte utloggad än")
        await expect(page.locator("main")).to_be_hidden()
        assert not [name for name in await page.evaluate("caches.keys()") if name.startswith("pages")]
        waiting.wire.up = True
        await page.evaluate("dispatchEvent(new Event('online'))")
        await page.wait_for_url("**/signin")

        async def is_out() -> bool:
            return (await page.request.get(f"{waiting.url}/staff", max_redirects=0)).status == 303

        await until(is_out)
