"""Anders's phone, and the shop that it speaks with: for tests with a real browser."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from storefront_trace.actions import steps
from storefront_trace.actions.steps import StepToLog
from tests.browser import PATIENT, PHONE, WITHOUT_WORKER, window
from tests.patience import until
from tests.people import Shop
from tests.serving import served_shop
from tests.shops import Templates

with_and_without_scripts = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


@pytest.fixture
async def served(sqlite_templates: Templates, tmp_path: Path) -> AsyncIterator[tuple[Shop, str]]:
    """The shop, and the address of its running server, with three orders that wait for Anders: 1001 first."""
    async with served_shop(tmp_path, sqlite_templates) as (shop, url):
        for number, name in (("1001", "Karin"), ("1002", "Leila"), ("1003", "Oskar")):
            await shop.order(number, customer_first_name=name)
            await steps.log_step(shop.desk, shop.id, number, StepToLog("picked", by="jocke", hand_to="anders"))
        yield shop, url


@asynccontextmanager
async def phone(
    browser: Browser,
    served: tuple[Shop, str],
    path: str = "/staff",
    *,
    scripts: bool = True,
    worker: bool = False,
    **options: Any,
) -> AsyncIterator[Page]:
    """At this page. What the worker does stands in test_offline.py."""
    shop, url = served
    told = {"viewport": PHONE, "has_touch": True, "locale": "sv-SE", **options}
    context = await window(browser, java_script_enabled=scripts, **told)
    await context.add_init_script(PATIENT + ("" if worker else WITHOUT_WORKER))
    await become(context, shop, url, "anders")
    page = await context.new_page()
    await page.goto(url + path)
    if scripts:
        await drawn(page)
    yield page
    await context.close()


async def drawn(page: Page) -> None:
    """What is typed before that goes nowhere: Chromium takes it for meant for the page before."""
    await page.wait_for_load_state()
    await until(lambda: page.evaluate("performance.getEntriesByName('first-contentful-paint').length > 0"))


async def become(context: BrowserContext, shop: Shop, url: str, handle: str) -> None:
    session: Any = {"name": "session", "value": await shop.session(handle), "url": url}
    await context.add_cookies([session])


async def scan(page: Page, *numbers: str) -> None:
    """As a scanner that types. A page is focused where it says a frame after it has loaded; what is typed before that
    goes nowhere."""
    await page.locator("#code:focus").wait_for()
    for number in numbers:
        await page.keyboard.type(number)
        await page.keyboard.press("Enter")


async def press(page: Page, keys: str, *, apart: float, later: float = 0) -> None:
    """So many seconds apart by the keyboard's own clock, however long the machine takes for each."""
    keyboard = await page.context.new_cdp_session(page)
    began = time.time() + later
    for n, key in enumerate(keys):
        told = {"key": key, "timestamp": began + n * apart}
        await keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": key, **told})
        await keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **told})
