"""What else waits for the network, in a real browser: who has an order, a pause, and scans in a row."""

from __future__ import annotations

import re

from playwright.async_api import Browser, Locator, Page, expect

from storefront_trace.actions import hold, shops
from storefront_trace.actions.hold import Deed
from tests.patience import until
from tests.people import Shop
from tests.web.staff.away import World, button, sign_in, signed_in, waiting, waits, world
from tests.web.staff.offline import WAITING

__all__ = ["waiting", "waits", "world"]
ONLINE = "dispatchEvent(new Event('online'))"


def dock(page: Page) -> Locator:
    return page.get_by_role("region", name="Utan nät")


async def sent(page: Page) -> None:
    async def gone() -> bool:
        await page.evaluate(ONLINE)
        return await page.evaluate(WAITING) == []

    await until(gone)


async def kinds(shop: Shop, number: str) -> list[str]:
    return [event.step or event.kind for event in (await shop.events(number))[1:]]


async def test_taken_handed_on_put_off_and_scanned_without_network_each_happens_once(
    browser: Browser, waiting: World
) -> None:
    """The page is killed with all of it waiting, and the answers get lost on their way."""
    shop, wire = waiting.shop, waiting.wire
    await shop.order("1003")
    async with signed_in(browser, waiting, "anders") as page:
        await page.goto(f"{waiting.url}/staff/orders/1003")
        await page.goto(f"{waiting.url}/staff/orders/1002/pause/delayed")
        await page.goto(f"{waiting.url}/staff/row?step=packed")
        wire.cut()
        await page.goto(f"{waiting.url}/staff/orders/1003")
        await page.get_by_role("button", name="Jag tar den").tap()
        await expect(dock(page)).to_contain_text("1003: Jag tar den")
        await page.get_by_label("Lisa").check(force=True)
        await page.get_by_role("button", name="Bara lämna vidare").tap()
        await expect(dock(page)).to_contain_text("1003: Bara lämna vidare")
        await page.goto(f"{waiting.url}/staff/orders/1002/pause/delayed")
        await page.get_by_label("Med dina egna ord").fill("Snökaos.")
        await page.locator(".btn--go").tap()
        await expect(dock(page)).to_contain_text("1002: Försenad")
        await page.goto(f"{waiting.url}/staff/row?step=packed")
        await page.locator("#code").fill("1001")
        await page.keyboard.press("Enter")
        await expect(page.locator("#scans .scan--waiting")).to_have_count(1)
        await expect(page.locator("#trouble")).to_contain_text("Inget nät")
        assert len(await page.evaluate(WAITING)) == 4
        await page.close(run_before_unload=False)

        answers = [True, False] * 20
        wire.loses = lambda: answers.pop(0)
        wire.up = True
        page = await page.context.new_page()
        await page.goto(f"{waiting.url}/staff/row?step=packed")
        await sent(page)
        await expect(page.locator("#scans .scan--logged")).to_contain_text("1001")
    assert wire.lost >= 3
    assert await kinds(shop, "1003") == ["hand", "hand"]
    assert (await shop.row("1003")).waiting_person_id == await shop.person_id("lisa")
    assert await kinds(shop, "1002") == ["picked", "delayed"]
    assert await kinds(shop, "1001") == ["picked", "packed"]
    assert (await shop.events("1001"))[-1].person_id == await shop.person_id("anders")


async def test_an_order_that_somebody_else_took_meanwhile_says_who_and_is_taken_over(
    browser: Browser, waiting: World
) -> None:
    shop = waiting.shop
    await shop.order("1003")
    async with signed_in(browser, waiting, "anders") as page:
        await page.goto(f"{waiting.url}/staff/orders/1003")
        waiting.wire.cut()
        await page.get_by_role("button", name="Jag tar den").tap()
        await expect(dock(page)).to_contain_text("1003: Jag tar den")
        await hold.take_order(shop.desk, shop.id, "1003", Deed("lisa"))
        waiting.wire.up = True
        await page.evaluate(ONLINE)
        await expect(dock(page)).to_contain_text("Lisa har den nu")
        await dock(page).get_by_role("link", name="Ändra").tap()
        await page.get_by_role("button", name="Ta över").tap()
        await page.wait_for_url("**/staff/orders/1003?said=taken")
        assert await page.evaluate(WAITING) == []
    assert await kinds(shop, "1003") == ["hand", "hand"]
    assert (await shop.row("1003")).waiting_person_id == await shop.person_id("anders")


async def test_a_scan_of_nothing_that_waited_is_kept_until_it_is_mended_and_two_tabs_send_each_once(
    browser: Browser, waiting: World
) -> None:
    shop, wire = waiting.shop, waiting.wire
    async with signed_in(browser, waiting, "anders") as page:
        await page.goto(f"{waiting.url}/staff/row?step=packed")
        wire.cut()
        await page.clock.install()
        for code in ("1001", "7777", "1002"):
            await page.locator("#code").fill(code)
            await page.keyboard.press("Enter")
        await expect(page.locator("#scans .scan--waiting")).to_have_count(3)
        await page.get_by_role("button", name="Ångra 1002").tap()
        await expect(page.locator("#scans .scan--waiting")).to_have_count(2)
        await page.clock.fast_forward(120_000)
        beside = await page.context.new_page()
        await beside.goto(f"{waiting.url}/staff/row?step=packed")
        await expect(beside.locator("#scans .scan--waiting")).to_have_count(2)
        wire.up = True
        for one in (page, beside):
            await one.evaluate(ONLINE)
        for one in (page, beside):
            await expect(one.locator("#scans .scan--waiting")).to_have_count(0)
            await expect(one.locator("#scans .scan--logged")).to_contain_text("1001")
            await expect(dock(one)).to_contain_text("7777: Packad")
        await dock(beside).get_by_role("link", name="Ändra").tap()
        await expect(beside.locator("#code")).to_have_value("7777")
        await beside.locator("#code").fill("1002")
        await beside.keyboard.press("Enter")
        await expect(beside.locator("#scans .scan--logged")).to_have_count(2)
        assert await beside.evaluate(WAITING) == []
        await sign_in(page.context, waiting, "lisa")
        await page.goto(f"{waiting.url}/staff/row?step=packed")
        await expect(page.locator("#scans li")).to_have_count(0)
    assert [await kinds(shop, number) for number in ("1001", "1002")] == [["picked", "packed"]] * 2


async def test_where_steps_go_in_order_what_was_logged_too_early_goes_once_the_missing_one_is_there(
    browser: Browser, waiting: World
) -> None:
    shop = waiting.shop
    await shops.set_face(shop.desk, shop.id, any_order=False)
    await shop.order("1003")
    async with signed_in(browser, waiting, "anders") as page:
        waiting.wire.cut()
        await page.goto(f"{waiting.url}/staff/orders/1003")
        await page.locator("#blind-number").fill("1003")
        await page.get_by_role("button", name="Packad").tap()
        await expect(dock(page)).to_contain_text("1003: Packad")
        await page.goto(f"{waiting.url}/staff/orders/1002")
        await page.get_by_text("Något annat hände").tap()
        later = page.locator("button[name=step][value=shipped]")
        await expect(later).to_be_hidden()
        await page.locator(".btn--go").tap()
        await later.tap()
        await expect(dock(page)).to_contain_text("1002: Skickad")
        waiting.wire.up = True
        await page.goto(f"{waiting.url}/staff/me")
        await expect(dock(page)).to_contain_text("loggades inte")
        await expect(dock(page)).to_contain_text("Plockad")
        await dock(page).get_by_role("link", name="Ändra").tap()
        await page.wait_for_url(re.compile("/staff/orders/1003#mend"))
        await page.get_by_role("button", name="Plockad").tap()
        await page.wait_for_url("**/staff?done=*")
        await dock(page).get_by_role("button", name="Skicka igen").tap()
        await expect(dock(page)).to_contain_text("Allt har skickats.")
    assert await kinds(shop, "1003") == ["picked", "packed"]
    assert await kinds(shop, "1002") == ["picked", "packed", "shipped"]


async def test_a_full_disk_is_said_and_everything_stays_in_the_form(browser: Browser, waiting: World) -> None:
    """And with network it goes straight to the server. The space is asked for once."""
    full = """const add = IDBObjectStore.prototype.add;
      IDBObjectStore.prototype.add = function (...told) {
        if (globalThis.full) throw new DOMException("full", "QuotaExceededError");
        return add.apply(this, told);
      };
      const count = () => localStorage.setItem("asked", 1 + Number(localStorage.getItem("asked")));
      StorageManager.prototype.persist = async () => (count(), true);"""
    async with signed_in(browser, waiting, "anders", full) as page:
        await page.goto(f"{waiting.url}/staff/orders/1001")
        waiting.wire.cut()
        await page.evaluate("globalThis.full = true")
        await page.get_by_text("Skriv", exact=True).tap()
        await page.locator("textarea[name=note]").fill("Dubbelt bubbelplast")
        await page.locator(".btn--go").tap()
        await expect(page.locator("#unsent")).to_contain_text("lagring är full")
        assert await page.locator("textarea[name=note]").input_value() == "Dubbelt bubbelplast"
        assert await page.evaluate(WAITING) == []
        assert await page.evaluate("localStorage.getItem('asked')") is None
        await page.evaluate("globalThis.full = false")
        await page.locator(".btn--go").tap()
        await expect(dock(page)).to_contain_text("Väntar på nätet")
        await page.reload()
        await expect(dock(page)).to_contain_text("Väntar på nätet")

        async def asked() -> bool:
            return bool(await page.evaluate("localStorage.getItem('asked') === '1'"))

        await until(asked)
        waiting.wire.up = True
        await sent(page)
        await page.goto(f"{waiting.url}/staff/orders/1002")
        await page.evaluate("globalThis.full = true")
        await page.locator(".btn--go").tap()
        await page.wait_for_url("**/staff?done=*")
    assert (await waiting.shop.events("1001"))[-1].note == "Dubbelt bubbelplast"
    assert (await waiting.shop.row("1002")).state == "packed"


async def test_the_browser_sends_it_when_no_page_is_open(browser: Browser, waiting: World) -> None:
    """What Chromium does by itself minutes later, asked for at once."""
    async with signed_in(browser, waiting, "anders") as page:
        told = await page.context.new_cdp_session(page)
        found: dict[str, str] = {}
        told.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda news: found.update({one["scopeURL"]: one["registrationId"] for one in news["registrations"]}),
        )
        await told.send("ServiceWorker.enable")
        waiting.wire.cut()
        await button(page, "1001").tap()
        await expect(dock(page)).to_contain_text("Väntar på nätet")
        tags = "navigator.serviceWorker.ready.then(({ sync }) => sync.getTags())"
        assert await page.evaluate(tags) == ["unsent"]
        await page.goto("about:blank")
        waiting.wire.up = True
        asked = {"origin": waiting.url, "registrationId": found[f"{waiting.url}/staff"], "tag": "unsent"}

        async def packed() -> bool:
            await told.send("ServiceWorker.dispatchSyncEvent", {**asked, "lastChance": False})
            return (await waiting.shop.row("1001")).state == "packed"

        await until(packed)
    assert (await waiting.shop.events("1001"))[-1].person_id == await waiting.shop.person_id("anders")
