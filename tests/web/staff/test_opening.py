"""The app is opened: what was kept is there at once and says how old it is, and what is new comes after it."""

from __future__ import annotations

import asyncio
import re
from contextlib import AbstractAsyncContextManager

import pytest
from playwright.async_api import Browser, Page, expect

from storefront_trace.actions.people import sign_out
from storefront_trace.actions.steps import StepToLog, log_step
from tests.web.staff.away import World, signed_in, waiting, world
from tests.web.staff.offline import KEPT

__all__ = ["waiting", "world"]

OLD = "Sidan är från"
WATCH = """globalThis.moved = []; new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) moved.push(shift.value, ...shift.sources.map(({ node }) => node?.outerHTML));
}).observe({ type: "layout-shift", buffered: true });"""

# How long the worker would wait for the network, of each page that was asked for.
LISTEN = """() => {
  const decides = patience;
  globalThis.asked = [];
  patience = (request, url) => (asked.push([url.pathname + url.search, decides(request, url)]), decides(request, url));
}"""


@pytest.fixture
def waits() -> tuple[str, ...]:
    return ("FROM_PAGE", "AFTER_SENDING")


def opened(browser: Browser, waiting: World) -> AbstractAsyncContextManager[Page]:
    """The server's answers wait from now on."""
    return signed_in(browser, waiting, "anders", WATCH)


async def open_slowly(page: Page, world: World) -> None:
    world.wire.holds = asyncio.Event()
    await page.goto(f"{world.url}/staff")
    await expect(page.locator("body")).to_have_attribute("data-asked", re.compile("20"))
    await expect(page.locator("#unsent")).to_contain_text(OLD)


def answered(world: World) -> None:
    assert world.wire.holds is not None
    world.wire.holds.set()


async def test_what_has_not_changed_stays_and_says_no_more_how_old_it_is(browser: Browser, waiting: World) -> None:
    async with opened(browser, waiting) as page:
        await open_slowly(page, waiting)
        answered(waiting)
        await expect(page.locator("#unsent")).to_be_hidden()
        await expect(page.locator("#order-1001 .btn--go")).to_be_visible()
        assert await page.evaluate("moved") == []


async def test_what_is_new_is_offered_and_not_put_under_the_thumb(browser: Browser, waiting: World) -> None:
    async with opened(browser, waiting) as page:
        await log_step(waiting.shop.desk, waiting.shop.id, "1001", StepToLog("packed", by="jocke"))
        await open_slowly(page, waiting)
        answered(waiting)
        await expect(page.locator("#unsent")).to_contain_text("Det har hänt något nytt")
        await expect(page.locator("#order-1001 .btn--go")).to_contain_text("Packad")
        assert await page.evaluate("moved") == []
        await page.get_by_role("link", name="Visa", exact=True).tap()
        await expect(page.locator("body[data-asked]")).to_have_count(0)
        await expect(page.locator("#order-1001 .btn--go")).to_contain_text("Skickad")


async def test_without_network_it_says_so(browser: Browser, waiting: World) -> None:
    async with opened(browser, waiting) as page:
        await open_slowly(page, waiting)
        waiting.wire.cut()
        await expect(page.locator("#unsent")).to_contain_text("Inget nät.")


async def test_who_was_signed_out_meanwhile_is_out(browser: Browser, waiting: World) -> None:
    async with opened(browser, waiting) as page:
        await sign_out(waiting.shop.desk, waiting.shop.id, "anders")
        await open_slowly(page, waiting)
        answered(waiting)
        await page.wait_for_url("**/signin*")
        assert not await page.evaluate(f"({KEPT})()")


@pytest.mark.parametrize("waits", [()], ids=["for nothing"])
async def test_who_is_in_the_app_or_loads_it_again_waits_for_what_is_new(browser: Browser, waiting: World) -> None:
    async with opened(browser, waiting) as page:
        [worker] = page.context.service_workers
        await worker.evaluate(LISTEN)
        await page.goto(f"{waiting.url}/staff")
        await page.reload()
        await page.get_by_role("link", name="Skanna").tap()
        await page.wait_for_url("**/scan")
        await page.get_by_role("link", name="Till kön").tap()
        await page.wait_for_url("**/staff")
        await page.goto(f"{waiting.url}/staff?done=1")
        assert await worker.evaluate("asked") == [
            ["/staff", 100],
            ["/staff", 800],
            ["/staff", 800],
            ["/staff?done=1", 5000],
        ]
