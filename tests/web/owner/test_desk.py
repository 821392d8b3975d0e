"""The owner's desk in a real browser: by keyboard alone, without scripts, at any width."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import uvicorn
from playwright.async_api import Browser, Page

from storefront_trace import config
from storefront_trace.routes import OWNER
from storefront_trace.storage import feedback, shops
from storefront_trace.storage.database import Database
from storefront_trace.storage.schema import upgrade
from tests.patience import PATIENCE
from tests.people import Shop, open_shops
from tests.shops import SECRET, started
from tests.web.owner.answers import put_answer

PATHS = sorted(
    {"/owner", *(f"/owner{route.path}" for route in OWNER if "GET" in (getattr(route, "methods", None) or ()))}
)


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[tuple[Shop, str]]:
    """The shop, and the address of its running server; what the browser does is the same on every database."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        values = {"DATABASE_URL": f"sqlite:///{tmp_path}/test.db", "SECRET_KEY": SECRET, "PUBLIC_URL": url}
        settings = config.load(values, tmp_path)
        db = Database(settings.database_url)
        await upgrade(db)
        await db.close()
        async with started(settings) as app:
            shop = await open_shops(app.state.desk)
            server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
            running = asyncio.create_task(server.serve(sockets=[door]))
            yield shop, url
            server.should_exit = True
            await running


@pytest.fixture
async def desk_page(browser: Browser, served: tuple[Shop, str], request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """Olga's browser, without scripts unless the test asks for them."""
    shop, url = served
    context = await browser.new_context(
        viewport={"width": 360, "height": 800},
        java_script_enabled=getattr(request, "param", "") == "with scripts",
        locale="sv-SE",
        base_url=url,
    )
    await context.add_cookies([{"name": "session", "value": await shop.session("olga"), "url": url}])
    context.set_default_timeout(PATIENCE * 1000)
    yield await context.new_page()
    await context.close()


async def test_a_concern_is_answered_and_shared_by_keyboard_alone(desk_page: Page, served: tuple[Shop, str]) -> None:
    shop, _ = served
    order = await shop.order()
    said = await put_answer(shop, "anders", "concern", words="Lådan var stor", order_id=order, first_name="Lena")
    await desk_page.goto("/owner/concerns")
    answer = desk_page.get_by_text("Svara Lena")
    while not await answer.evaluate("node => node === document.activeElement"):
        await desk_page.keyboard.press("Tab")
    await desk_page.keyboard.press("Enter")
    await desk_page.keyboard.press("Tab")
    await desk_page.keyboard.type("Det ska vi göra bättre.")
    await desk_page.keyboard.press("Tab")
    await desk_page.keyboard.press("Enter")
    await desk_page.get_by_text("Det ska vi göra bättre.").wait_for()
    share = desk_page.get_by_role("button", name="Dela med Anders nu")
    await share.focus()
    await desk_page.keyboard.press("Enter")
    await desk_page.get_by_text("Delad med Anders").wait_for()
    async with shop.desk.db.read() as conn:
        assert (await feedback.get_feedback(conn, shop.id, said)).shared_at is not None


@pytest.mark.parametrize("desk_page", ["with scripts"], indirect=True)
async def test_a_sentence_reads_as_customers_will_see_it_while_it_is_typed_and_nothing_is_saved(
    desk_page: Page, served: tuple[Shop, str]
) -> None:
    shop, _ = served
    await desk_page.goto("/owner/steps/packed")
    await desk_page.locator("summary", has_text="Suomi").click()
    finnish = desk_page.get_by_role("group", name="Suomi")
    await finnish.locator("textarea").fill("{name}[ {role}] kietoi sen silkkiin {when}.")
    await finnish.get_by_text("Olga varastolta kietoi sen silkkiin").wait_for()
    await finnish.locator("textarea").fill("{name} kietoi {kaiken}.")
    await finnish.get_by_text("Det finns ingen sådan plats (tecken 15).").wait_for()
    async with shop.desk.db.read() as conn:
        kept = (await shops.get_cast(conn, shop.id)).steps["packed"].sentences["fi"]
    assert "silkkiin" not in kept


async def test_no_page_is_wider_than_the_smallest_phone_or_needs_a_script(
    desk_page: Page, served: tuple[Shop, str]
) -> None:
    shop, _ = served
    await put_answer(shop, "anders", "concern", words="Donaudampfschifffahrtsgesellschaftskapitän" * 2)
    await put_answer(shop, None, words="Tack!")
    for path in PATHS:
        answer = await desk_page.goto(path.format(handle="anders", key="warehouse" if "teams" in path else "packed"))
        assert answer is not None and answer.status == 200, path
        scripts = re.findall(r"<script[^>]*>", await answer.text())
        assert all(re.search(r'type="module" src="/static/\w+/owner\.js"', script) for script in scripts), path
        for part in await desk_page.locator("details").all():
            await part.evaluate("node => { node.open = true }")
        assert await desk_page.evaluate("document.documentElement.scrollWidth") <= 360, path
