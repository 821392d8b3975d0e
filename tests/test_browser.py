from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Page

from tests.browser import find_browser


async def test_the_browser_shows_a_page_at_a_phones_width(page: Page) -> None:
    await page.set_content("<h1>Hej Karin</h1>")
    assert await page.inner_text("h1") == "Hej Karin"
    assert await page.evaluate("innerWidth") == 390


async def test_what_playwright_turns_off_stays_off_beside_what_we_do(browser: Browser) -> None:
    """The browser obeys the last list alone. When a new Playwright turns off more, this names it."""
    asked = await (await browser.new_browser_cdp_session()).send("SystemInfo.getInfo")
    *theirs, ours = (set(listed.split(",")) for listed in re.findall(r"--disable-features=(\S+)", asked["commandLine"]))
    assert theirs and set().union(*theirs) <= ours


def test_a_missing_browser_is_a_failure_and_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROME_PATH", "/nowhere/chromium")
    with pytest.raises(pytest.fail.Exception, match="apt install chromium"):
        find_browser()
