"""A real browser for the tests: the machine's Chromium or Chrome, driven by Playwright, without a download of its own.

Without a browser the tests fail; they never skip.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright, expect

from tests.patience import PATIENCE

# In all that one waits for on a page.
expect.set_options(timeout=PATIENCE * 1000)

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE: Any = {"width": 390, "height": 844}
# On the staff's pages a step that is not answered in 2.5 seconds is shown as waiting; but a busy machine is no slow
# network.
PATIENT = """{
  const later = setTimeout;
  globalThis.setTimeout = (act, wait, ...more) => later(act, wait === 2500 ? 300_000 : wait, ...more);
}"""
# Their worker shows the page that it has kept when the network takes 0.8 seconds.
WITHOUT_WORKER = "if (navigator.serviceWorker) navigator.serviceWorker.register = () => new Promise(() => {});"
# For every window Chrome gets two pages of its address bar ready, which took half of what a test of ours costs.
NEVER_SEEN = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
# What Playwright turns off. The last list is the only one that counts, so it has to be in ours.
PLAYWRIGHTS = (
    "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter",
    "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch", "TcpPortRandomizationWin",
    "ThirdPartyStoragePartitioning", "msEdgeUpdateLaunchServicesPreferredVersion", "msForceBrowserSignIn",
)  # fmt: skip
# The browser's own calls home would be requests that our pages did not make.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    f"--disable-features={','.join((*PLAYWRIGHTS, *NEVER_SEEN))}",
)


def find_browser() -> str:
    found = os.environ.get("CHROME_PATH") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found or not os.access(found, os.X_OK):
        pytest.fail("The browser tests need Chromium or Chrome: apt install chromium, or set CHROME_PATH.")
    return found


@pytest.fixture(scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as started:
        yield started


@pytest.fixture(scope="session")
async def launched(playwright: Playwright) -> AsyncIterator[Browser]:
    """One for each worker: driver and browser take a second to start, and there are hundreds of tests."""
    one = await playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
    yield one
    await one.close()


@pytest.fixture
async def browser(launched: Browser) -> AsyncIterator[Browser]:
    """Without a window of another test: nothing is kept from one test to the next."""
    yield launched
    for context in launched.contexts:
        await context.close()


async def window(browser: Browser, **options: Any) -> BrowserContext:
    """Of somebody's own, with the patience of a busy machine."""
    context = await browser.new_context(**options)
    context.set_default_timeout(PATIENCE * 1000)
    return context


async def stop_clock(page: Page) -> None:
    """From here on time passes on its pages only as the test says."""
    await page.clock.install(time=0)
    await page.clock.pause_at(1000)


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A phone's window, 390 by 844. Any script error on the page fails the test."""
    errors: list[str] = []
    context = await window(browser, viewport=PHONE)
    opened = await context.new_page()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    await context.close()
    assert not errors, f"script errors on the page: {errors}"
