"""Saying yes to the wall, and taking it back, with the browser: with scripts and without."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.web.tour import Demo, fresh_demo, visitor

__all__ = ["fresh_demo"]
ASKED = "Får butiken visa de här orden på sin tackvägg: på en skärm i butiken och på papper?"
SHOWS = "Butiken får visa de här orden på sin tackvägg, med ditt förnamn."


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
async def test_karin_says_yes_and_takes_it_back(browser: Browser, fresh_demo: Demo, scripts: bool) -> None:
    context = await visitor(browser, fresh_demo, java_script_enabled=scripts)
    page = await context.new_page()
    await page.goto(fresh_demo.links.customers[0])
    wall = page.locator(".towall")
    await expect(wall).to_have_count(1)
    await expect(wall).to_contain_text(ASKED)
    await wall.get_by_role("button", name="Ja, med mitt förnamn").click()
    await expect(wall).to_contain_text(SHOWS)
    back = wall.get_by_role("button", name="Ta tillbaka det")
    if scripts:
        await expect(page.locator("#said")).to_have_text(SHOWS)
        await expect(back).to_be_focused()
    await back.click()
    await expect(wall).to_contain_text(ASKED)
