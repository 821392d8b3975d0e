"""The owner's desk in a real browser: by keyboard alone, without scripts, at any width."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from storefront_trace.routes import OWNER
from storefront_trace.storage import feedback, shops
from tests.browser import window
from tests.people import Shop
from tests.serving import served_shop
from tests.shops import Templates
from tests.web.owner.answers import put_answer

PAGES = {"/owner", *(f"/owner{route.path}" for route in OWNER if "GET" in (getattr(route, "methods", None) or ()))}
PATHS = sorted(path for path in PAGES if not path.endswith((".csv", ".json", ".pdf")))


@pytest.fixture
async def served(sqlite_templates: Templates, tmp_path: Path) -> AsyncIterator[tuple[Shop, str]]:
    """The shop, and the address of its running server."""
    async with served_shop(tmp_path, sqlite_templates) as found:
        yield found


@pytest.fixture
async def desk_page(browser: Browser, served: tuple[Shop, str], request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    """Olga's browser, without scripts unless the test asks for them."""
    shop, url = served
    context = await window(
        browser,
        viewport={"width": 360, "height": 800},
        java_script_enabled=getattr(request, "param", "") == "with scripts",
        locale="sv-SE",
        base_url=url,
    )
    await context.add_cookies([{"name": "session", "value": await shop.session("olga"), "url": url}])
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
    await desk_page.locator("summary", has_text="Mer").focus()
    await desk_page.keyboard.press("Enter")
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
    await finnish.get_by_text("{kaiken} finns inte (tecken 15).").wait_for()
    async with shop.desk.db.read() as conn:
        kept = (await shops.get_cast(conn, shop.id)).steps["packed"].sentences["fi"]
    assert "silkkiin" not in kept


async def test_no_page_is_wider_than_the_smallest_phone_or_needs_a_script(
    desk_page: Page, served: tuple[Shop, str]
) -> None:
    shop, _ = served
    said = await put_answer(shop, "anders", "concern", words="Donaudampfschifffahrtsgesellschaftskapitän" * 2)
    await put_answer(shop, None, words="Tack!")
    for path in PATHS:
        key = "warehouse" if "teams" in path else "packed"
        answer = await desk_page.goto(path.format(handle="anders", key=key, feedback=said, paper="notice"))
        assert answer is not None and answer.status == 200, path
        scripts = re.findall(r"<script[^>]*>", await answer.text())
        assert all(re.search(r'type="module" src="/static/\w+/(owner|crop|drag)\.js"', script) for script in scripts), (
            path
        )
        for part in await desk_page.locator("details").all():
            await part.evaluate("node => { node.open = true }")
        assert await desk_page.evaluate("document.documentElement.scrollWidth") <= 360, path
