"""An owner's phone beside the browser: sets up codes at sign-in as a person does, page by page."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

import pyotp
from playwright.async_api import Page, expect

Look = Callable[[str], Awaitable[None]]


async def set_up(page: Page, url: str, look: Look) -> list[str]:
    """The recovery codes. `look` is called on every page on the way, by the name of each. The browser is signed in."""
    await page.goto(f"{url}/owner/safety")
    async with page.expect_navigation():
        await page.locator("form[action='/owner/safety/app/start'] button").click()
    await look("/owner/safety/app")
    app = pyotp.TOTP((await page.locator("#secret").inner_text()).replace(" ", ""))
    now = int(time.time())
    await _send(
        page, next(code for code in ("000000", "111111") if code not in {app.at(now + n * 30) for n in range(-2, 9)})
    )
    await look("a code that was wrong")
    await _send(page, app.at(int(time.time())))  # of this half minute: it may be the one before when it arrives
    await expect(page.locator(".recovery")).to_be_visible()
    await look("recovery codes")
    codes = await page.locator(".recovery code").all_inner_texts()
    await page.goto(f"{url}/owner/safety")
    await look("codes are on")
    return codes


async def sign_in(page: Page, link: str, code: str, look: Look) -> None:
    """By a link that asks for a code; the browser is signed out."""
    await page.goto(link)
    async with page.expect_navigation():
        await page.locator("form[action^='/signin/'] button").click()
    await expect(page).to_have_url(f"{link.split('/signin/')[0]}/signin/code")
    await look("the code after the link")
    await page.locator("#code").fill("000000")
    await page.locator("form[action='/signin/code'] button").click()
    await expect(page.locator("#code[aria-invalid]")).to_be_visible()
    await look("a code after the link that was wrong")
    await page.locator("#code").fill(code)
    await page.locator("form[action='/signin/code'] button").click()
    await page.wait_for_url("**/owner")


async def _send(page: Page, code: str) -> None:
    async with page.expect_navigation():
        await page.locator("#code").fill(code)
        await page.locator("form[action='/owner/safety/app'] button").click()
