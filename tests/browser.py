"""A real browser for the tests: the machine's Chromium or Chrome, driven by Playwright, without a download of its own.

Without a browser the tests fail; they never skip.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.patience import PATIENCE

# In all that one waits for on a page.
expect.set_options(timeout=PATIENCE * 1000)

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The browser's own calls home would be requests that our pages did not make.
ARGUMENTS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run")


def find_browser() -> str:
    found = os.environ.get("CHROME_PATH") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found or not os.access(found, os.X_OK):
        pytest.fail("The browser tests need Chromium or Chrome: apt install chromium, or set CHROME_PATH.")
    return found


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Lives as long as one test, since every test has an event loop of its own; a start takes half a second."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=find_browser(), args=ARGUMENTS)
        yield launched
        await launched.close()


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A phone's window, 390 by 844. Any script error on the page fails the test."""
    errors: list[str] = []
    context = await browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(PATIENCE * 1000)
    opened = await context.new_page()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    await context.close()
    assert not errors, f"script errors on the page: {errors}"
