"""The staff's main job in a real browser: two taps, without scripts, by keyboard alone."""

from __future__ import annotations

from playwright.async_api import Browser, Page

from tests.people import Shop
from tests.web.staff.phone import phone, served, with_and_without_scripts

__all__ = ["served"]


@with_and_without_scripts
async def test_the_open_order_takes_one_tap_and_any_other_two(
    browser: Browser, served: tuple[Shop, str], scripts: bool
) -> None:
    shop, _ = served
    async with phone(browser, served, scripts=scripts) as page:
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
    async with phone(browser, served) as page:
        button = await page.locator(".btn--go").first.bounding_box()
        dock = await page.locator(".dock").bounding_box()
        assert button is not None and dock is not None
        assert button["height"] >= 64
        assert button["y"] + button["height"] < dock["y"]


async def test_undo_is_one_tap_away_without_scripts(browser: Browser, served: tuple[Shop, str]) -> None:
    shop, _ = served
    async with phone(browser, served, scripts=False) as page:
        await page.get_by_role("button", name="Packad").first.tap()
        await page.get_by_role("button", name="Ångra").tap()
        await page.get_by_text("Steget är borttaget.").wait_for()
        assert (await shop.row("1001")).state == "picked"


async def test_the_keyboard_alone_logs_a_step_with_a_line_and_a_receiver(
    browser: Browser, served: tuple[Shop, str]
) -> None:
    shop, _ = served
    async with phone(browser, served) as page:
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
    async with phone(browser, served) as page:
        await page.locator("#q").focus()
        await page.keyboard.type("1002")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/staff/orders/1002?scanned=1")


async def test_nothing_of_the_pages_is_asked_from_elsewhere_or_refused_by_the_policy(
    browser: Browser, served: tuple[Shop, str]
) -> None:
    _, url = served
    async with phone(browser, served, worker=True) as page:
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
