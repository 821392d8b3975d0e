"""A phone in somebody's hand and a real server, with a wire between them that is cut: for tests in a browser."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Browser, BrowserContext, Locator, Page

from storefront_trace import config
from storefront_trace.actions import steps
from storefront_trace.actions.steps import StepToLog
from storefront_trace.storage.database import Database
from storefront_trace.storage.schema import upgrade
from tests.patience import PATIENCE
from tests.people import Shop, open_shops
from tests.shops import SECRET, started
from tests.web.staff.offline import Wire, keep_pages


@dataclass
class World:
    shop: Shop
    url: str
    wire: Wire
    folder: Path


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """What the browser does is the same on every database."""
    return f"sqlite:///{tmp_path}/test.db"


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    wire = Wire()
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        async with wire.running(door.getsockname()[1]):
            url = f"http://127.0.0.1:{wire.port}"
            settings = config.load({"DATABASE_URL": database_url, "SECRET_KEY": SECRET, "PUBLIC_URL": url}, tmp_path)
            db = Database(settings.database_url)
            await upgrade(db)
            await db.close()
            async with started(settings) as app:
                shop = await open_shops(app.state.desk)
                server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
                running = asyncio.create_task(server.serve(sockets=[door]))
                yield World(shop, url, wire, tmp_path)
                server.should_exit = True
                await running


@asynccontextmanager
async def signed_in(browser: Browser, world: World, handle: str, init: str = "") -> AsyncIterator[Page]:
    """A phone whose pages are kept: it has seen the queue with the worker at work."""
    context = await browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, locale="sv-SE")
    context.set_default_timeout(PATIENCE * 1000)
    if init:
        await context.add_init_script(init)
    await sign_in(context, world, handle)
    page = await context.new_page()
    await page.goto(f"{world.url}/staff")
    await keep_pages(page, world.url, {"/staff", "/staff/offline", "/staff/orders/1001", "/staff/orders/1002"})
    yield page
    await context.close()


async def sign_in(context: BrowserContext, world: World, handle: str) -> None:
    session = {"name": "session", "value": await world.shop.session(handle), "url": world.url}
    await context.add_cookies([session])  # type: ignore[list-item]


@pytest.fixture
async def waiting(world: World) -> World:
    """With two orders that wait for Anders."""
    for number in ("1001", "1002"):
        await world.shop.order(number)
        await steps.log_step(world.shop.desk, world.shop.id, number, StepToLog("picked", by="jocke", hand_to="anders"))
    return world


def button(page: Page, number: str, name: str = "Packad") -> Locator:
    return page.locator(f"#order-{number}").get_by_role("button", name=name)
