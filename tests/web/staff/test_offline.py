"""Logging where there is no network, in a real browser, with a real server behind a wire that is cut."""

from __future__ import annotations

import asyncio
import random

from playwright.async_api import Browser, async_playwright, expect

from storefront_trace.actions import people
from tests.patience import PATIENCE
from tests.photos.pictures import encoded, gradient
from tests.web.staff.away import World, button, database_url, sign_in, signed_in, waiting, world
from tests.web.staff.offline import WAITING, keep_pages, log, phone, press_and_die

__all__ = ["database_url", "waiting", "world"]
WAY = ("picked", "packed", "shipped", "delivered")
SEED = 20261122
# As when it has been looked at and found good.
CHOOSE = """(bytes) => {
  const form = document.querySelector("form[action$='/log']");
  const files = new DataTransfer();
  files.items.add(new File([new Uint8Array(bytes)], "p.jpg", { type: "image/jpeg" }));
  form.elements.photo.files = files.files;
  if (form.elements.seen) form.elements.seen.value = "yes";
}"""


async def test_two_hundred_steps_are_two_hundred_events(world: World) -> None:
    """Pages are killed while it is logged and while it is sent, the browser too, and answers get lost on their way."""
    chance = random.Random(SEED)
    numbers = [str(1000 + n) for n in range(50)]
    for number in numbers:
        await world.shop.order(number)
    session = await world.shop.session("anders")
    async with async_playwright() as playwright, phone(playwright, world.folder / "phone", world.url, session) as one:
        page = await one.start()
        await keep_pages(page, world.url, {f"/staff/orders/{number}" for number in numbers})
        world.wire.cut()
        for place, number in enumerate(numbers):
            for step in WAY:
                if chance.random() < 0.05:
                    await page.goto(f"{world.url}/staff/orders/{number}")
                    await press_and_die(page, number, step, chance)
                    page = await one.page()
                await log(page, world.url, number, step)
            if place == 25:
                await one.kill()
                page = await one.start()
        assert len(await page.evaluate(WAITING)) == 200
        assert [len(await world.shop.events(number)) for number in numbers] == [1] * 50
        await one.kill()

        world.wire.loses = lambda: chance.random() < 0.15
        world.wire.up = True
        page = await one.start()
        await page.goto(f"{world.url}/staff/me")
        while await page.evaluate(WAITING):
            await asyncio.sleep(0.3)
            if chance.random() < 0.3:
                await page.close()
                page = await one.page()
                await page.goto(f"{world.url}/staff/me")
            else:
                await page.evaluate("dispatchEvent(new Event('online'))")
    assert world.wire.lost > 10
    anders = await world.shop.person_id("anders")
    for number in numbers:
        told = (await world.shop.events(number))[1:]
        assert [event.step for event in told] == list(WAY)
        assert {event.person_id for event in told} == {anders}
        assert [event.at for event in told] == sorted(event.at for event in told)
        assert all(event.at < event.recorded_at for event in told)


async def test_what_waits_is_shown_at_once_and_taken_back_while_it_waits(browser: Browser, waiting: World) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        waiting.wire.cut()
        await button(page, "1001").tap()
        dock = page.get_by_role("region", name="Utan nät")
        await expect(dock).to_contain_text("1001: Packad")
        await expect(dock).to_contain_text("Väntar på nätet")
        await expect(page.locator("#order-1001 .order__wait")).to_have_text("Väntar på nätet")
        await page.goto(f"{waiting.url}/staff/orders/1001")
        await expect(dock).to_contain_text("Inget nät. Sidan är från")
        await dock.get_by_role("button", name="Ångra").tap()
        waiting.wire.up = True
        await page.goto(f"{waiting.url}/staff")
        await expect(page.locator("#unsent li")).to_have_count(0)  # "all is sent", if the server had to be told
    assert [(await waiting.shop.row(n)).state for n in ("1001", "1002")] == ["picked", "picked"]


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
        waiting.wire.up = True
        await sign_in(page.context, waiting, "lisa")
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
        await expect(dock).to_contain_text("Loggades inte")
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
        await expect(page.get_by_label("Ordernummer")).to_have_value("7777")
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
        await page.context.set_offline(True)
        await button(page, "1001").tap()
        await expect(page.locator("#unsent")).to_contain_text("Den här enheten kan inte spara steg")
        await page.context.set_offline(False)
        await button(page, "1001").tap()
        await page.wait_for_url("**/staff?done=*")
    assert (await waiting.shop.row("1001")).state == "packed"


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
        async with asyncio.timeout(PATIENCE):  # the page before may have sent it too, as soon as it could
            while (last := (await waiting.shop.events("1001"))[-1]).note is None:
                await page.wait_for_timeout(50)
    assert (last.note, last.photo_size) == ("Dubbelt bubbelplast", (600, 400))


async def test_a_number_that_a_scanner_types_finds_the_kept_page(browser: Browser, waiting: World) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        waiting.wire.cut()
        await page.get_by_label("Sök ordernummer eller namn").focus()
        await page.keyboard.type("1002")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/staff/orders/1002")
        await expect(page.locator(".btn--go")).to_contain_text("Packad")
        await page.go_back()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Väntar på dig")


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
