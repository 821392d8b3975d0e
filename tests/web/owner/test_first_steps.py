"""From an empty folder to a page that a customer can open, the way a new owner goes: on a phone without scripts, and at
a desk, with every page of the way held against axe."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from storefront_trace import config
from tests.browser import window
from tests.commands import run, said
from tests.doors import open_door
from tests.serving import behind
from tests.shops import started
from tests.web.test_axe import DESK, PHONE, Judge

LIST = "Anders;anders@example.com;lagret\nLisa <lisa@example.com>\nSam sam@example"
Look = Callable[[Page, str], Awaitable[None]]
INIT = ("--shop", "Nya Ting", "--owner", "orders@example.com", "--name", "Maria", "--locale", "sv")


@asynccontextmanager
async def new_shop(folder: Path) -> AsyncIterator[tuple[str, str]]:
    """(the shop's address, the owner's sign-in link), of a shop that `init` has just made."""
    link = said(await asyncio.to_thread(run, folder, "init", *INIT))
    with open_door() as (door, port):
        url = f"http://127.0.0.1:{port}"
        async with started(config.load({"PUBLIC_URL": url}, folder)) as app, behind(door, app):
            # As others know it: no phone would open the cards of a shop that only this computer knows.
            app.state.settings = replace(app.state.settings, public_url="http://shop.example.com")
            yield url, url + urlsplit(link).path


def stop(page: Page, key: str) -> Locator:
    return page.locator(f"#{key}")


async def back(page: Page, done: str) -> None:
    """By the way back that stands above every page, to so many done stops."""
    await page.locator(".pathbar a").click()
    await expect(page.locator(".path__count")).to_have_text(f"{done} of 7 are done.")


async def set_up_the_shop(page: Page, look: Look) -> None:
    await stop(page, "shop").get_by_role("link", name="Your name and where you work").click()
    await expect(page.locator("#name")).to_have_value("Maria")
    await page.fill("#role", "kontoret")
    await page.locator("form:has(#role)").get_by_role("button", name="Save", exact=True).click()
    await back(page, "1")
    await expect(stop(page, "shop")).to_contain_text("Nya Ting, Svenska, Europe/Stockholm. You are Maria (kontoret).")
    await stop(page, "look").get_by_role("link").click()
    await page.fill("#colour", "#ffd23f")
    await page.locator("form:has(#colour)").get_by_role("button", name="Save", exact=True).click()
    await expect(page.locator("#colour-words")).to_contain_text("too light to read, so letters get a darker shade")
    await back(page, "2")
    await stop(page, "steps").get_by_role("link", name="Choose a ready-made shop").click()
    await look(page, "/owner/start/steps")
    await page.get_by_label("A warehouse with its own delivery").check()
    await page.get_by_role("button", name="Take this one").click()
    await expect(stop(page, "steps")).to_contain_text("Packed → Out for delivery → Delivered.")


async def bring_people_in(page: Page, look: Look) -> None:
    await stop(page, "people").get_by_role("link", name="Paste a list").click()
    await page.fill("#list", LIST)
    await page.get_by_role("button", name="See what is understood").click()
    await look(page, "/owner/start/people")
    await expect(page.locator("#wrong + ul")).to_contain_text("Line 3")
    await page.get_by_role("button", name="Add these people").click()
    await expect(page.locator("#list")).to_have_value("Sam sam@example")
    await page.fill("#list", "Sam sam@example.com")
    await page.get_by_role("button", name="See what is understood").click()
    await page.get_by_role("button", name="Add these people").click()
    await page.get_by_role("button", name="Make the cards").click()
    await expect(page.locator(".card h2")).to_have_text(["Anders", "Lisa", "Sam"])
    await back(page, "5")


async def look_at_a_sample(page: Page, look: Look) -> None:
    await stop(page, "orders").get_by_role("button", name="Try with a sample order").click()
    await look(page, "/owner/start")
    await stop(page, "page").get_by_role("link", name="Log a step of PROV").click()
    await page.get_by_role("button", name=re.compile("^Picked")).click()
    await expect(page.get_by_role("status").first).to_contain_text("PROV: Picked. That is saved.")
    await page.get_by_role("button", name="Maria kontoret Your first name", exact=True).click()
    await expect(page.locator("h1")).not_to_have_text("Welcome, Maria!")
    await page.get_by_role("link", name="First steps").click()
    await expect(page.locator(".path__count")).to_have_text("7 of 7 are done.")
    await stop(page, "page").get_by_role("link", name="See the page as a customer").click()
    await expect(page.locator("main")).to_contain_text("This is a sample order: nobody has bought anything.")
    await expect(page.locator("main")).to_contain_text("Thank Maria")
    await look(page, "/t/*")


@pytest.mark.parametrize(("size", "script"), [(PHONE, False), (DESK, True)], ids=["phone", "desk"])
async def test_a_new_owner_walks_from_an_empty_folder_to_a_customers_page(
    browser: Browser, tmp_path: Path, size: dict[str, int], script: bool
) -> None:
    judge = Judge()

    async def look(page: Page, path: str) -> None:
        if script:
            await page.wait_for_load_state()  # a click returns when the next page begins to come
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            await judge.look(page, path)

    async with new_shop(tmp_path) as (url, link):
        context = await window(browser, viewport=size, java_script_enabled=script, locale="en-GB")
        page = await context.new_page()
        await page.goto(link)
        await page.get_by_role("button", name="Sign in to Nya Ting").click()
        await expect(page).to_have_url(f"{url}/owner/start")
        await set_up_the_shop(page, look)
        await bring_people_in(page, look)
        await look_at_a_sample(page, look)
        await page.goto(f"{url}/owner/start")
        await page.get_by_role("button", name="Take the sample order away").click()
        await expect(page.locator("main")).to_contain_text("The sample order is gone, and everything of it.")
        await page.get_by_role("button", name="Put the first steps away").click()
        await expect(page).to_have_url(f"{url}/owner?said=path-away")
        await context.close()
    judge.verdict()
