"""A phone in somebody's hand and a real server, with a wire between them that is cut: for tests in a browser."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Locator, Page

from storefront_trace.actions import steps
from storefront_trace.actions.steps import StepToLog
from storefront_trace.web.staff import app as staff_app
from tests.browser import PATIENT, PHONE, window
from tests.doors import open_door
from tests.people import Shop
from tests.serving import shop_behind
from tests.shops import Templates
from tests.web.staff.offline import Wire, keep_pages
from tests.web.staff.phone import become


@dataclass
class World:
    shop: Shop
    url: str
    wire: Wire
    folder: Path


@pytest.fixture
def waits() -> tuple[str, ...]:
    """For what the worker waits as long as it takes, before it shows what it has kept: a busy machine is no slow
    network."""
    return ("OPENING", "FROM_PAGE", "AFTER_SENDING")


@pytest.fixture
async def world(
    sqlite_templates: Templates, tmp_path: Path, waits: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    script = staff_app._worker()
    for name in waits:
        script, changed = re.subn(rf"(?m)^const {name} = \d+;", f"const {name} = 300_000;", script)
        assert changed == 1
    monkeypatch.setattr(staff_app, "_worker", lambda: script)
    wire = Wire()
    with open_door() as (door, port):
        async with wire.running(port):
            url = f"http://127.0.0.1:{wire.port}"
            async with shop_behind(door, url, tmp_path, sqlite_templates) as shop:
                yield World(shop, url, wire, tmp_path)


@pytest.fixture
async def waiting(world: World) -> World:
    """With two orders that wait for Anders."""
    for number in ("1001", "1002"):
        await world.shop.order(number)
        await steps.log_step(world.shop.desk, world.shop.id, number, StepToLog("picked", by="jocke", hand_to="anders"))
    return world


@asynccontextmanager
async def signed_in(browser: Browser, world: World, handle: str, init: str = "") -> AsyncIterator[Page]:
    """A phone whose pages are kept: it has seen the queue with the worker at work."""
    context = await window(browser, viewport=PHONE, has_touch=True, locale="sv-SE")
    await context.add_init_script(PATIENT)
    if init:
        await context.add_init_script(init)
    await sign_in(context, world, handle)
    page = await context.new_page()
    await page.goto(f"{world.url}/staff")
    await keep_pages(page, world.url, {"/staff", "/staff/offline", "/staff/orders/1001", "/staff/orders/1002"})
    yield page
    await context.close()


async def sign_in(context: BrowserContext, world: World, handle: str) -> None:
    await become(context, world.shop, world.url, handle)


def button(page: Page, number: str, name: str = "Packad") -> Locator:
    return page.locator(f"#order-{number}").get_by_role("button", name=name)
