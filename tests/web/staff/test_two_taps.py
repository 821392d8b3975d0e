"""The staff's main job in a real browser: two taps, without scripts, by keyboard alone."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Browser, BrowserContext, Page

from storefront_trace import config
from storefront_trace.actions import steps
from storefront_trace.actions.steps import StepToLog
from storefront_trace.storage.database import Database
from storefront_trace.storage.schema import upgrade
from tests.patience import PATIENCE
from tests.people import Shop, open_shops
from tests.shops import SECRET, started


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """What the browser does is the same on every database."""
    return f"sqlite:///{tmp_path}/test.db"


@pytest.fixture
async def served(database_url: str, tmp_path: Path) -> AsyncIterator[tuple[Shop, str]]:
    """The shop, and the address of its running server, with three orders that wait for Anders: 1001 first."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        settings = config.load({"DATABASE_URL": database_url, "SECRET_KEY": SECRET, "PUBLIC_URL": url}, tmp_path)
        db = Database(settings.database_url)
        await upgrade(db)
        await db.close()
        async with started(settings) as app:
            shop = await open_shops(app.state.desk)
            for number, name in (("1001", "Karin"), ("1002", "Leila"), ("1003", "Oskar")):
                await shop.order(number, customer_first_name=name)
                await steps.log_step(shop.desk, shop.id, number, StepToLog("picked", by="jocke", hand_to="anders"))
            server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
            running = asyncio.create_task(server.serve(sockets=[door]))
            yield shop, url
            server.should_exit = True
            await running


@asynccontextmanager
async def phone(browser: Browser, shop: Shop, url: str, *, scripts: bool = True) -> AsyncIterator[Page]:
    context: BrowserContext = await browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, java_script_enabled=scripts, locale="sv-SE"
    )
    session = {"name": "session", "value": await shop.session("anders"), "url": url}
    await context.add_cookies([session])  # type: ignore[list-item]
    context.set_default_timeout(PATIENCE * 1000)
    page = await context.new_page()
    await page.goto(f"{url}/staff")
    yield page
    await context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_the_open_order_takes_one_tap_and_any_other_two(
    browser: Browser, served: tuple[Shop, str], scripts: bool
) -> None:
    shop, url = served
    async with phone(browser, shop, url, scripts=scripts) as page:
        await page.get_by_role("button", name="Packad").first.tap()
        await page.get_by_text("1001: Packad").wait_for()
        assert (await shop.row("1001")).state == "packed"
        await page.locator("#order-1003 summary").first.tap()
        await page.locator("#order-1003").get_by_role("button", name="Packad").tap()
        await page.get_by_text("1003: Packad").wait_for()
        assert (await shop.row("1003")).state == "packed"


async def test_the_big_button_is_on_the_first_screen_and_above_the_dock(
    browser: Browser, served: tuple[Shop, str]
) -> None:
    shop, url = served
    async with phone(browser, shop, url) as page:
        button = await page.locator(".btn--go").first.bounding_box()
        dock = await page.locator(".dock").bounding_box()
        assert button is not None and dock is not None
        assert button["height"] >= 64
        assert button["y"] + button["height"] < dock["y"]


async def test_undo_is_one_tap_away_without_scripts(browser: Browser, served: tuple[Shop, str]) -> None:
    shop, url = served
    async with phone(browser, shop, url, scripts=False) as page:
        await page.get_by_role("button", name="Packad").first.tap()
        await page.get_by_role("button", name="Ångra").tap()
        await page.get_by_text("Steget är borttaget.").wait_for()
        assert (await shop.row("1001")).state == "picked"


async def test_the_keyboard_alone_logs_a_step_with_a_line_and_a_receiver(
    browser: Browser, served: tuple[Shop, str]
) -> None:
    shop, url = served
    async with phone(browser, shop, url) as page:
        await _tab_to(page, "input[name=hand_to]")
        await page.keyboard.press("ArrowRight")
        await _tab_to(page, "summary:has-text('Skriv')")
        await page.keyboard.press("Enter")
        await _tab_to(page, "textarea[name=note]")
        await page.keyboard.type("Dubbelt bubbelplast")
        while not await page.evaluate("document.activeElement.matches('.btn--go')"):
            await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Enter")
        await page.get_by_text("1001: Packad").wait_for()
    last = (await shop.events("1001"))[-1]
    assert last.note == "Dubbelt bubbelplast"
    assert last.hand_person_id == await shop.person_id("lisa")  # of the team that has it next


async def test_a_scanner_that_types_a_number_opens_the_order(browser: Browser, served: tuple[Shop, str]) -> None:
    shop, url = served
    async with phone(browser, shop, url) as page:
        await page.get_by_label("Sök ordernummer eller namn").focus()
        await page.keyboard.type("1002")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/staff/orders/1002")


async def test_nothing_of_the_pages_is_asked_from_elsewhere_or_refused_by_the_policy(
    browser: Browser, served: tuple[Shop, str]
) -> None:
    shop, url = served
    async with phone(browser, shop, url) as page:
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.on("request", lambda request: told.append(request.url) if not request.url.startswith(url) else None)
        for path in ("/staff", "/staff/orders/1001", "/staff/me", "/staff/thanks", "/staff/welcome"):
            await page.goto(url + path)
        assert told == []


async def _tab_to(page: Page, selector: str) -> None:
    target = page.locator(selector).first
    for _ in range(40):
        if await target.evaluate("one => one === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")
