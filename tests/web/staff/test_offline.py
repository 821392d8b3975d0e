"""Logging where there is no network, in a real browser, with a real server behind a wire that is cut."""

from __future__ import annotations

import contextlib
import re

from playwright.async_api import Browser, Page, expect
from playwright.async_api import Error as PlaywrightError

from storefront_trace.actions import people
from tests.patience import until
from tests.photos.pictures import encoded, gradient
from tests.web.staff.away import World, button, sign_in, signed_in, waiting, waits, world
from tests.web.staff.offline import WAITING

__all__ = ["waiting", "waits", "world"]
# As when it has been looked at and found good.
CHOOSE = """(bytes) => {
  const form = document.querySelector("form[action$='/log']");
  const files = new DataTransfer();
  files.items.add(new File([new Uint8Array(bytes)], "p.jpg", { type: "image/jpeg" }));
  form.elements.photo.files = files.files;
  if (form.elements.seen) form.elements.seen.value = "yes";
}"""


async def test_what_waits_is_shown_at_once_and_taken_back_while_it_waits(browser: Browser, waiting: World) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        waiting.wire.cut()
        await button(page, "1001").tap()
        dock = page.get_by_role("region", name="Utan nät")
        await expect(dock).to_contain_text("1001: Packad")
        await expect(dock).to_contain_text("Väntar på nätet")
        await expect(page.locator("#order-1001 .order__wait")).to_contain_text("loggas när nätet är tillbaka")
        await page.goto(f"{waiting.url}/staff/orders/1001")
        await expect(dock).to_contain_text("Inget nät. Sidan är från")
        await dock.get_by_role("button", name="Ångra").tap()
        waiting.wire.up = True
        await page.goto(f"{waiting.url}/staff")
        await expect(page.locator("#unsent li")).to_have_count(0)  # "all is sent", if the server had to be told

        async def gone() -> bool:  # it may have gone out in the very moment in which it was taken back
            return [(await waiting.shop.row(n)).state for n in ("1001", "1002")] == ["picked", "picked"]

        await until(gone)


async def test_a_step_whose_answer_was_lost_is_taken_back_on_the_server_too(browser: Browser, waiting: World) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        waiting.wire.loses = lambda: True
        await button(page, "1001").tap()
        dock = page.get_by_role("region", name="Utan nät")
        await expect(dock).to_contain_text("Väntar på nätet")
        await dock.get_by_role("button", name="Ångra").tap()
        waiting.wire.loses = bool
        await page.evaluate("dispatchEvent(new Event('online'))")
        await expect(dock).not_to_contain_text("1001: Packad")
    assert [e.kind for e in await waiting.shop.events("1001")] == ["step", "step", "step", "correction"]
    assert (await waiting.shop.row("1001")).state == "picked"


async def test_another_person_on_the_phone_neither_sees_nor_sends_it(browser: Browser, waiting: World) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        waiting.wire.cut()
        await button(page, "1001").tap()
        await expect(page.locator(".unsent__now")).to_contain_text("1001: Packad")
        await sign_in(page.context, waiting, "lisa")
        waiting.wire.up = True
        await page.goto(f"{waiting.url}/staff")
        lisa = await waiting.shop.person_id("lisa")
        await expect(page.locator("body")).to_have_attribute("data-me", lisa)
        await expect(page.locator("#unsent")).to_be_hidden()
        await page.evaluate("dispatchEvent(new Event('online'))")
        assert await page.evaluate(WAITING) == []
        names = await page.evaluate("caches.keys()")
        assert [name for name in names if name.startswith("pages:")] in ([], [f"pages:{lisa}"])
        assert (await waiting.shop.row("1001")).state == "picked"
        await sign_in(page.context, waiting, "anders")
        await page.goto(f"{waiting.url}/staff/me")
        await expect(page.get_by_role("region", name="Utan nät")).to_contain_text("Allt har skickats.")
    assert (await waiting.shop.events("1001"))[-1].person_id == await waiting.shop.person_id("anders")


async def test_signing_out_leaves_no_page_behind_and_says_what_waits(browser: Browser, waiting: World) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        await page.goto(f"{waiting.url}/staff/orders/1001")
        waiting.wire.cut()
        await page.locator(".btn--go").tap()
        await expect(page.locator(".unsent__now")).to_contain_text("1001: Packad")
        waiting.wire.up = True
        waiting.wire.loses = lambda: True
        await page.get_by_role("button", name="Logga ut").tap()
        await expect(page.get_by_role("dialog")).to_contain_text("1 steg väntar på nätet. Det ligger kvar")
        await page.get_by_role("dialog").get_by_role("button", name="Logga ut").tap()
        await page.wait_for_url("**/signin")
        assert set(await page.evaluate("caches.keys()")) <= {"static"}
        waiting.wire.loses = bool
        await sign_in(page.context, waiting, "anders")
        await page.goto(f"{waiting.url}/staff/me")
        await expect(page.locator("#unsent")).to_contain_text("Allt har skickats.")
    assert (await waiting.shop.events("1001"))[-1].step == "packed"


async def test_who_was_signed_out_meanwhile_is_asked_to_sign_in_and_loses_nothing(
    browser: Browser, waiting: World
) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        await page.context.clear_cookies()
        await button(page, "1001").tap()
        dock = page.get_by_role("region", name="Utan nät")
        await expect(dock).to_contain_text("Du är utloggad. Det du har loggat finns kvar")
        assert len(await page.evaluate(WAITING)) == 1
        await sign_in(page.context, waiting, "anders")
        await page.goto(f"{waiting.url}/staff/me")
        await expect(dock).to_contain_text("Allt har skickats.")
    assert (await waiting.shop.row("1001")).state == "packed"


async def test_what_is_refused_later_is_shown_and_mended(browser: Browser, waiting: World) -> None:
    shop = waiting.shop
    async with signed_in(browser, waiting, "anders") as page:
        await page.goto(f"{waiting.url}/staff/orders/1001")
        waiting.wire.cut()
        await page.get_by_label("Lisa").check(force=True)
        await page.locator(".btn--go").tap()
        await expect(page.locator(".unsent__now")).to_contain_text("1001: Packad")
        await people.end_employment(shop.desk, shop.id, "lisa")
        waiting.wire.up = True
        await page.goto(f"{waiting.url}/staff/me")
        dock = page.get_by_role("region", name="Utan nät")
        await expect(dock).to_contain_text("loggades inte")
        await dock.get_by_role("link", name="Ändra").tap()
        await page.wait_for_url("**/staff/orders/1001#mend-*")
        await page.locator(".btn--go").tap()
        await page.get_by_text("1001: Packad").first.wait_for()
        await page.wait_for_url("**/staff?done=*")
        assert await page.evaluate(WAITING) == []
    assert (await shop.row("1001")).state == "packed"


async def test_what_is_refused_is_thrown_away_only_after_a_question(browser: Browser, waiting: World) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        waiting.wire.cut()
        await page.goto(f"{waiting.url}/staff/orders/7777")
        await expect(page.locator("#blind-number")).to_have_value("7777")
        await page.get_by_role("button", name="Packad").tap()
        await expect(page.locator(".unsent__now")).to_contain_text("7777: Packad")
        waiting.wire.up = True
        await page.goto(f"{waiting.url}/staff/me")
        dock = page.get_by_role("region", name="Utan nät")
        await expect(dock).to_contain_text("Vi har ingen order med det numret.")
        for answer, left in (("Behåll", 1), ("Kasta", 0)):
            await dock.get_by_role("button", name="Kasta").tap()
            await page.get_by_role("dialog").get_by_role("button", name=answer).tap()
            await expect(dock.get_by_text("7777: Packad")).to_have_count(left)
        assert await page.evaluate(WAITING) == []


async def test_a_phone_that_cannot_keep_steps_says_so_and_still_logs_with_network(
    browser: Browser, waiting: World
) -> None:
    broken = "Object.defineProperty(window, 'indexedDB', { value: { open() { throw new Error('off'); } } });"
    async with signed_in(browser, waiting, "anders", broken) as page:
        await offline(page, True)
        await button(page, "1001").tap()
        await expect(page.locator("#unsent")).to_contain_text("Den här enheten kan inte spara steg")
        await offline(page, False)
        await button(page, "1001").tap()
        await page.wait_for_url("**/staff?done=*")
    assert (await waiting.shop.row("1001")).state == "packed"


async def offline(page: Page, away: bool) -> None:
    """The page hears of it a moment later."""

    async def heard() -> bool:
        return bool(await page.evaluate("navigator.onLine") is not away)

    await page.context.set_offline(away)
    await until(heard)


async def test_a_photo_and_a_line_wait_too(browser: Browser, waiting: World) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        await page.goto(f"{waiting.url}/staff/orders/1001")
        waiting.wire.cut()
        await page.evaluate(CHOOSE, list(encoded(gradient(600, 400), "JPEG")))
        await page.get_by_text("Skriv", exact=True).tap()
        await page.locator("textarea[name=note]").fill("Dubbelt bubbelplast")
        await page.locator(".btn--go").tap()
        await expect(page.locator(".unsent__now")).to_contain_text("1001: Packad")
        waiting.wire.up = True
        await page.goto(f"{waiting.url}/staff/me")

        async def come() -> bool:  # the page before may have sent it too, as soon as it could
            return (await waiting.shop.events("1001"))[-1].note is not None

        await until(come)
    last = (await waiting.shop.events("1001"))[-1]
    assert (last.note, last.photo_size) == ("Dubbelt bubbelplast", (600, 400))


async def test_a_number_that_a_scanner_types_finds_the_kept_page(browser: Browser, waiting: World) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        waiting.wire.cut()
        await page.locator("#q").focus()
        await page.keyboard.type("1002")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/staff/orders/1002")
        await expect(page.locator(".btn--go")).to_contain_text("Packad")
        await page.go_back()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Väntar på dig")


async def test_a_network_that_goes_in_the_middle_of_a_page_costs_not_the_one_that_was_kept(
    browser: Browser, waiting: World
) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        waiting.wire.breaks = b"GET /staff/orders/1001"
        with contextlib.suppress(PlaywrightError):  # the browser's own words for half a page
            await page.goto(f"{waiting.url}/staff/orders/1001", timeout=3_000)
        waiting.wire.cut()
        await page.goto(f"{waiting.url}/staff/orders/1001")
        await expect(page.locator("body")).to_have_attribute("data-kept", re.compile("20"))
        await expect(page.locator(".btn--go")).to_contain_text("Packad")


async def test_nothing_moves_under_the_thumb(browser: Browser, waiting: World) -> None:
    watch = """globalThis.moved = []; new PerformanceObserver((list) => {
      for (const shift of list.getEntries()) {
        const nodes = shift.sources.map(({ node }) => node?.closest ? node : node?.parentElement);
        if (shift.hadRecentInput || nodes.every((one) => one?.closest(".order__wait"))) continue; // it says more now
        moved.push(shift.value, ...nodes.map((one) => one?.outerHTML.slice(0, 80)));
      }
    }).observe({ type: "layout-shift", buffered: true });"""
    async with signed_in(browser, waiting, "anders", watch) as page:
        for path in ("/staff", "/staff/orders/1001"):
            await page.goto(waiting.url + path)
            waiting.wire.cut()
            await page.locator(".btn--go").first.tap()
            await expect(page.locator(".unsent__now")).to_contain_text("Väntar på nätet")
            assert await page.evaluate("moved") == []
            await page.reload()
            await expect(page.locator(".unsent__now")).to_contain_text("Väntar på nätet")
            assert await page.evaluate("moved") == []
            waiting.wire.up = True
