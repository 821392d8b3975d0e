"""Pages that no link leads to: a row with every kind of scan in it, and what became of ticked orders."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.web.staff.phone import scan
from tests.web.test_axe import DESK, PHONE, Judge
from tests.web.tour import Demo, fresh_demo, visitor

__all__ = ["fresh_demo"]
pytestmark = pytest.mark.timeout(600)


async def test_a_row_and_a_list_are_accessible_with_what_was_logged_and_refused(
    browser: Browser, fresh_demo: Demo
) -> None:
    judge = Judge()
    for size in (PHONE, DESK):
        context = await visitor(browser, fresh_demo, "staff", viewport=size)
        page = await context.new_page()
        await page.goto(f"{fresh_demo.url}/staff/row?step=packed")
        await scan(page, "1012", "nowhere", "1012", "1006")
        await expect(page.locator(".scan--waiting")).to_have_count(0)
        assert await page.locator(".scan--refused, .scan--done").count() >= 3
        await judge.look(page, "/staff/row")
        await page.goto(f"{fresh_demo.url}/staff/orders")
        for place in range(3):
            await page.locator("tbody input").nth(place).check()
        await judge.look(page, "/staff/orders")
        await page.locator("#desk-step").select_option("returned")
        async with page.expect_navigation():
            await page.locator(".desk__do .btn").click()
        await expect(page.locator(".scans li")).to_have_count(3)
        await judge.look(page, "/staff/bulk")
        await page.goto(f"{fresh_demo.url}/staff/orders?q=nobody")
        await judge.look(page, "/staff/orders")
        await page.goto(f"{fresh_demo.url}/staff/row")
        await judge.look(page, "/staff/row")
        await context.close()
    judge.verdict()
