"""Setting up codes and signing in with them, in a browser, on a phone and at a desk; every page of it against axe."""

from __future__ import annotations

from functools import partial

from playwright.async_api import Browser

from tests.web import codes
from tests.web.test_axe import Judge, at_both_sizes
from tests.web.tour import Demo, fresh_demo, visitor

__all__ = ["fresh_demo"]


@at_both_sizes
async def test_an_owner_sets_up_codes_and_comes_in_with_one(
    browser: Browser, fresh_demo: Demo, size: dict[str, int]
) -> None:
    judge, demo = Judge(), fresh_demo
    context = await visitor(browser, demo, "owner", viewport=size)
    page = await context.new_page()
    for path in ("/owner/safety", "/owner/audit"):
        await page.goto(demo.url + path)
        await judge.look(page, path)
    recovery = await codes.set_up(page, demo.url, partial(judge.look, page))
    await context.clear_cookies()
    await codes.sign_in(page, demo.links.owner, recovery[0], partial(judge.look, page))
    await page.goto(f"{demo.url}/owner/safety")
    assert "Reservkoder kvar: 9." in await page.locator("#app").inner_text()
    judge.verdict()
    await context.close()
