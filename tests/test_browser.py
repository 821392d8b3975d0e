from __future__ import annotations

import pytest
from playwright.async_api import Page

from tests.browser import find_browser


async def test_the_browser_shows_a_page_at_a_phones_width(page: Page) -> None:
    await page.set_content("<h1>Hej Karin</h1>")
    assert await page.inner_text("h1") == "Hej Karin"
    assert await page.evaluate("innerWidth") == 390


def test_a_missing_browser_is_a_failure_and_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROME_PATH", "/nowhere/chromium")
    with pytest.raises(pytest.fail.Exception, match="apt install chromium"):
        find_browser()
