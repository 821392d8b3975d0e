from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, expect

from tests.browser import PHONE, window
from tests.web.tour import Demo, demo

__all__ = ["demo"]


@pytest.mark.parametrize("scripts", [True, False])
async def test_the_parcels_photo_opens_large_and_any_tap_leads_back(
    browser: Browser, demo: Demo, scripts: bool
) -> None:
    context = await window(browser, viewport=PHONE, java_script_enabled=scripts)
    page = await context.new_page()
    await page.goto(demo.links.customers[0])
    small, large = page.locator(".photo a").first, page.locator(".larger").first
    await expect(large).to_be_hidden()
    await small.click()
    await expect(large).to_be_visible()
    box = await large.bounding_box()
    assert box is not None and (box["width"], box["height"]) == (390, 844)
    await expect(large.locator("img")).to_have_attribute("src", re.compile("-1600.webp$"))
    await large.click()
    await expect(large).to_be_hidden()
    assert "/t/" in page.url
    await context.close()
