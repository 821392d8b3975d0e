"""The open page in a real browser: it refreshes itself, says so, and stays where its reader is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from playwright.async_api import Page, expect
from starlette.applications import Starlette

from storefront_trace.actions import people
from storefront_trace.actions.steps import StepToLog, log_step
from tests.browser import stop_clock
from tests.patience import until
from tests.people import Shop
from tests.web.customer.test_live import port

__all__ = ["port"]

# As a browser does when another tab is in front, or the phone is put away.
HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { get: () => hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
# That the stream has ended. The page's own answer to it is given in the same breath.
NOTICED = """globalThis.EventSource = class extends EventSource {
  constructor(...told) {
    super(...told);
    this.addEventListener("error", () => (window.noticed = true));
  }
};"""
TOP = "(selector) => document.querySelector(selector).getBoundingClientRect().top"


async def looking(page: Page, shop: Shop, port: int, app: Starlette) -> None:
    """At an order that is packed, with its stream open."""
    await shop.order()
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders", note="Dubbelt bubbelplast"))
    await page.goto(f"http://127.0.0.1:{port}/t/{await shop.token()}?lang=en")
    await viewers(app, 1)


async def viewers(app: Starlette, count: int) -> None:
    await until(lambda: bool(app.state.live.count == count))


async def ship(shop: Shop) -> None:
    await log_step(shop.desk, shop.id, "1001", StepToLog("shipped", "lisa"))


async def expect_news(page: Page) -> None:
    await expect(page.locator("#line", has_text="Lisa")).to_be_visible()


async def test_the_page_refreshes_itself_and_says_that_something_is_new(
    shop: Shop, port: int, app: Starlette, page: Page
) -> None:
    await looking(page, shop, port, app)
    await page.evaluate("window.mark = 1")
    await ship(shop)
    await expect_news(page)
    said = page.locator("#said")
    await expect(said).to_contain_text("Something new has happened. Lisa")
    assert await page.evaluate("window.mark") == 1, "the page was loaded anew"
    assert await page.locator(".step--new").count() == 1


async def test_it_says_the_same_words_again_so_that_they_are_read_again(
    shop: Shop, port: int, app: Starlette, page: Page
) -> None:
    await looking(page, shop, port, app)
    await page.evaluate("""() => {
      window.heard = [];
      const said = document.getElementById("said");
      new MutationObserver(() => window.heard.push(said.textContent)).observe(said, { childList: true });
    }""")
    said = "Something new has happened"

    async def heard(times: int) -> bool:
        return bool((await page.evaluate("heard")).count(said) == times)

    for times, promise in enumerate((None, date(2026, 12, 3)), 1):
        await shop.order(promise_from=promise, promise_to=promise)
        await until(lambda times=times: heard(times))  # type: ignore[misc]
    assert await page.evaluate("heard") == [said, "", said]  # emptied between


async def test_nothing_jumps_and_the_keyboard_stays_where_it_is(
    shop: Shop, port: int, app: Starlette, page: Page
) -> None:
    await looking(page, shop, port, app)
    await page.set_viewport_size({"width": 390, "height": 320})  # so that there is much above and below
    link = page.locator(".step a[href*=feedback]").first
    await page.emulate_media(reduced_motion="reduce")  # else the focus goes on scrolling for a while
    await link.focus()
    text = await link.inner_text()
    await page.evaluate("document.fonts.ready.then(() => null)")
    await page.evaluate("document.querySelector('#things').scrollIntoView({ block: 'start', behavior: 'instant' })")
    before = await page.evaluate(TOP, "#things")
    await ship(shop)  # stands above
    await expect_news(page)
    assert await page.evaluate(TOP, "#things") == pytest.approx(before, abs=1)
    assert await page.evaluate("document.activeElement.textContent.trim()") == text.strip()
    await page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    at = await page.evaluate("scrollY")
    await log_step(shop.desk, shop.id, "1001", StepToLog("delayed", "lisa"))  # stands below
    await expect(page.locator(".step[id]")).to_have_count(4)
    assert await page.evaluate("scrollY") == at


async def test_who_writes_is_not_disturbed_and_gets_the_news_afterwards(
    shop: Shop, port: int, app: Starlette, page: Page
) -> None:
    await looking(page, shop, port, app)
    await page.locator("a[data-better]").first.click()
    field = page.locator(".better textarea")
    await field.fill("Kartongen var")
    async with page.expect_response(lambda answer: answer.url.endswith("lang=en")):
        await ship(shop)
    await expect(field).to_have_value("Kartongen var")
    assert await page.locator(".step[id]").count() == 2
    await page.locator(".better a[data-back]").click()
    await expect_news(page)


async def test_a_hidden_tab_lets_go_of_its_stream_and_catches_up(
    shop: Shop, port: int, app: Starlette, page: Page
) -> None:
    await looking(page, shop, port, app)
    await page.evaluate(HIDE, True)
    await viewers(app, 0)
    await ship(shop)
    await page.evaluate(HIDE, False)
    await expect_news(page)
    await viewers(app, 1)


async def test_a_page_that_wakes_up_no_longer_shows_who_has_hidden_meanwhile(
    shop: Shop, port: int, app: Starlette, page: Page
) -> None:
    """The order's version is the same; and nobody is told that something happened."""
    await looking(page, shop, port, app)
    await page.evaluate(HIDE, True)
    await people.choose_visibility(shop.desk, shop.id, await shop.person_id("anders"), "team", locale="sv")
    await page.evaluate(HIDE, False)
    await expect(page.locator("main")).not_to_contain_text("Anders")
    assert await page.locator("#said").text_content() == ""


async def test_a_connection_that_died_in_its_sleep_is_noticed_and_replaced(
    shop: Shop, port: int, app: Starlette, page: Page
) -> None:
    """A laptop that wakes up hears nothing, and its browser takes the connection for a good one."""
    await page.clock.install()
    await looking(page, shop, port, app)
    silent: Any = lambda *_: None  # noqa: E731
    app.state.live.tell, app.state.live.beat = silent, silent
    await ship(shop)
    await page.clock.fast_forward(80_000)
    await page.clock.run_for(80_000)
    await expect_news(page)


async def test_who_is_cut_off_comes_back_by_and_by_and_misses_nothing(
    shop: Shop, port: int, app: Starlette, page: Page
) -> None:
    await stop_clock(page)
    await page.add_init_script(NOTICED)
    await looking(page, shop, port, app)
    asked: list[str] = []
    # Only of the order: when the browser fetches the tab's icon is its own affair.
    page.on("request", lambda request: asked.append(request.url) if "/t/" in request.url else None)
    app.state.live.end()
    await viewers(app, 0)
    app.state.live.__init__()
    await ship(shop)

    async def noticed() -> bool:
        return bool(await page.evaluate("window.noticed"))

    await until(noticed)
    await page.clock.run_for(999)
    assert asked == [], "everybody would come back at once"
    await page.clock.run_for(9_001)
    await expect_news(page)
    assert asked[0].endswith("/live?since=2")
