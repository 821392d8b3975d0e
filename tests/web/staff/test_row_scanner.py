"""A scanner that types, in a real browser: as fast as keys can be pressed, and over a network that loses replies."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager

from playwright.async_api import Browser, Page, Route, expect

from tests.patience import until
from tests.people import Shop
from tests.web.staff.phone import become, phone, scan, served

__all__ = ["served"]
# How it shakes, and which tones it plays.
FELT = """() => {
  globalThis.felt = [];
  navigator.vibrate = (how) => felt.push(how);
  globalThis.OscillatorNode = class extends OscillatorNode {
    start(at) { felt.push(this.frequency.value); super.start(at); }
  };
}"""
NUMBERS = [str(number) for number in range(2001, 2031)]


def row(browser: Browser, served: tuple[Shop, str], *, scripts: bool = True) -> AbstractAsyncContextManager[Page]:
    """Without the worker, which would send too, past what the tests put into the page's way."""
    return phone(browser, served, "/staff/row?step=packed", scripts=scripts)


async def packed(shop: Shop, numbers: list[str]) -> dict[str, int]:
    return {number: sum(e.step == "packed" for e in await shop.events(number)) for number in numbers}


async def logged_in_order(shop: Shop, numbers: list[str]) -> list[str]:
    found = [
        (e.recorded_at, e.id, number) for number in numbers for e in await shop.events(number) if e.step == "packed"
    ]
    return [number for _, _, number in sorted(found)]


async def test_thirty_scans_typed_without_a_pause_are_thirty_steps_in_their_order(
    browser: Browser, served: tuple[Shop, str]
) -> None:
    shop, _ = served
    for number in NUMBERS:
        await shop.order(number)
    async with row(browser, served) as page:
        await scan(page, *NUMBERS)
        await expect(page.locator("#scans .scan--logged")).to_have_count(30)
        assert await page.locator("#scans .order__no").all_inner_texts() == NUMBERS[::-1]
        await expect(page.locator("#row-count")).to_have_text("30 ordrar i dag")
        assert await page.evaluate("document.activeElement.id") == "code"
    assert await logged_in_order(shop, NUMBERS) == NUMBERS


async def test_a_reply_that_is_lost_costs_no_scan_and_makes_no_second_one(
    browser: Browser, served: tuple[Shop, str]
) -> None:
    shop, _ = served
    numbers = ["1001", "1002", "1003"]
    async with row(browser, served) as page:
        lost = 0

        async def lose(route: Route) -> None:
            nonlocal lost
            lost += 1
            if lost in (1, 3):
                await route.fetch()
                await route.abort()
            else:
                await route.continue_()

        await page.route("**/staff/sync*", lose)
        await scan(page, *numbers)
        await expect(page.locator("#scans .scan--logged")).to_have_count(3)
        await expect(page.locator("#trouble")).to_be_hidden()
    assert await packed(shop, numbers) == dict.fromkeys(numbers, 1)


async def test_what_was_scanned_without_a_network_goes_out_when_the_page_is_opened_again(
    browser: Browser, served: tuple[Shop, str]
) -> None:
    shop, url = served
    async with row(browser, served) as page:
        await page.route("**/staff/sync*", lambda route: route.abort())
        await scan(page, "1001", "1002")
        await expect(page.locator("#trouble")).to_contain_text("Inget nät")
        await page.goto(f"{url}/staff/me")
        await page.unroute("**/staff/sync*")
        await page.goto(f"{url}/staff/row?step=packed")

        async def out() -> bool:  # the page before may have sent one of them
            return await packed(shop, ["1001", "1002"]) == {"1001": 1, "1002": 1}

        await until(out)
        await expect(page.locator("#trouble")).to_be_hidden()


async def test_a_colleague_on_the_same_device_sends_nobody_elses_scans(
    browser: Browser, served: tuple[Shop, str]
) -> None:
    shop, url = served
    async with row(browser, served) as page:
        await page.route("**/staff/sync*", lambda route: route.abort())
        await scan(page, "1001")
        await expect(page.locator("#trouble")).to_be_visible()
        await page.unroute("**/staff/sync*")
        await become(page.context, shop, url, "lisa")
        await page.goto(f"{url}/staff/row?step=packed")
        await scan(page, "1002")
        await expect(page.locator("#scans .scan--logged")).to_have_count(1)
    assert await packed(shop, ["1001", "1002"]) == {"1001": 0, "1002": 1}


async def test_a_wrong_and_a_repeated_scan_say_so_between_the_others(
    browser: Browser, served: tuple[Shop, str]
) -> None:
    shop, _ = served
    async with row(browser, served) as page:
        await scan(page, "1001", "nowhere", "1001", "1002")
        await expect(page.locator("#scans .scan--waiting")).to_have_count(0)
        kinds = await page.locator("#scans li").evaluate_all("found => found.map(one => one.className)")
        assert kinds == ["scan scan--logged", "scan scan--done", "scan scan--refused", "scan scan--logged"]
        await expect(page.locator("#scans li").nth(1)).to_contain_text("Redan gjort")
    assert await packed(shop, ["1001", "1002"]) == {"1001": 1, "1002": 1}


async def test_hands_and_ears_are_told_what_became_of_each_scan(browser: Browser, served: tuple[Shop, str]) -> None:
    """As far as a browser without either can tell: what it was asked for."""
    async with row(browser, served) as page:
        await page.evaluate(FELT)
        await scan(page, "1001", "nowhere", "1001")
        await expect(page.locator("#scans .scan--waiting")).to_have_count(0)
        assert await page.evaluate("felt") == [40, 1320, 400, 220, [60, 60, 60], 880, 880]
        await page.get_by_label("Ljud").uncheck()
        await scan(page, "1002")
        await expect(page.locator("#scans .scan--logged")).to_have_count(2)
        assert (await page.evaluate("felt"))[7:] == [40]


async def test_undo_stays_in_the_row_and_the_next_scan_needs_no_tap(browser: Browser, served: tuple[Shop, str]) -> None:
    shop, _ = served
    async with row(browser, served) as page:
        await scan(page, "1001")
        await page.locator("#scans .scan--logged").get_by_role("button", name="Ångra 1001").click()
        await expect(page.locator("#scans .scan--undone")).to_have_count(1)
        await scan(page, "1002")
        await expect(page.locator("#scans .scan--logged")).to_have_count(1)
    assert (await shop.row("1001")).state == "picked" and (await shop.row("1002")).state == "packed"


async def test_what_is_taken_back_while_it_is_on_its_way_stands_there_no_more(
    browser: Browser, served: tuple[Shop, str]
) -> None:
    shop, _ = served
    async with row(browser, served) as page:
        taken_back = asyncio.Event()

        async def hold(route: Route) -> None:
            await taken_back.wait()
            await route.continue_()

        await page.route("**/staff/sync*", hold)
        async with page.expect_request("**/staff/sync*"):
            await scan(page, "1001")
        await page.locator("#scans .scan--waiting").get_by_role("button", name="Ångra 1001").click()
        await expect(page.locator("#scans .scan__said")).to_have_text("Tas tillbaka när det finns nät")
        taken_back.set()
        await expect(page.locator("#scans li")).to_have_count(0)
    assert (await shop.row("1001")).state == "picked"


async def test_without_scripts_the_form_comes_back_ready_for_the_next(
    browser: Browser, served: tuple[Shop, str]
) -> None:
    shop, _ = served
    async with row(browser, served, scripts=False) as page:
        for number in ("1001", "1002"):
            await scan(page, number)
            await page.locator(".rowtold--logged", has_text=number).wait_for()
        await page.get_by_role("button", name="Ångra 1001").click()
        await page.locator(".rowtold--undone").wait_for()
    assert (await shop.row("1001")).state == "picked" and (await shop.row("1002")).state == "packed"
