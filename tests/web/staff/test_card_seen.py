"""Where the parts of the staff's pages stand in a real browser: nothing runs away from the thumb."""

from __future__ import annotations

from playwright.async_api import Browser, FloatRect, Locator, expect

from tests.people import Shop
from tests.web.staff.phone import phone, served

__all__ = ["served"]


async def test_nothing_moves_away_from_the_thumb(browser: Browser, served: tuple[Shop, str]) -> None:
    async with phone(browser, served) as page:
        second = page.locator("#order-1002")
        await second.locator("summary").first.tap()
        await expect(page.locator("#order-1001")).not_to_have_attribute("open", "")
        dock, summary = await box(page.locator(".dock")), await box(second.locator("summary").first)
        assert 0 <= summary["y"] and (await bottom(second.locator(".btn--go"))) < dock["y"]
        tiles = [
            await box(one)
            for one in await second.locator(".order__body > fieldset > .tiles > .tile, .tilemore > .tile").all()
        ]
        assert len(tiles) == 4 and len({round(tile["y"]) for tile in tiles}) == 1
        buttons = second.locator(".extras > .btn, .extras > details > .btn")
        before = [await box(one) for one in await buttons.all()]
        await second.locator("summary", has_text="Skriv").tap()
        assert before == [await box(one) for one in await buttons.all()]
        words = second.locator("textarea[name=note]")
        await expect(words).to_be_visible()
        assert (await box(words))["y"] > max(one["y"] + one["height"] for one in before)


async def test_beside_the_list_an_order_opens_without_moving_it_and_says_which_it_is(
    browser: Browser, served: tuple[Shop, str]
) -> None:
    async with phone(browser, served, viewport={"width": 1280, "height": 420}, has_touch=False) as page:
        third = page.locator("#order-1003")
        before = await box(third.locator("summary").first)
        await page.mouse.click(before["x"] + 30, before["y"] + 20)
        await expect(page.locator("#order-1001")).not_to_have_attribute("open", "")
        await expect(third.locator(".order__named")).to_contain_text("1003 Oskar")
        await expect(third.locator(".order__named")).to_be_visible()
        assert (await box(third.locator("summary").first))["y"] == before["y"]
    async with phone(browser, served) as page:
        await expect(page.locator("#order-1001 .btn--go")).to_be_visible()
        await expect(page.locator("#order-1001 .order__named")).to_be_hidden()


async def test_what_was_done_is_said_where_one_is_led_back_to(browser: Browser, served: tuple[Shop, str]) -> None:
    async with phone(browser, served, "/staff/me") as page:
        await page.locator("#words > details > summary").tap()
        await page.locator(".own").get_by_role("button", name="Spara").tap()
        await page.wait_for_url("**done=words*")
        await expect(page.locator(".said").last).to_be_in_viewport()
        await page.touchscreen.tap(5, 400)
        await expect(page.locator(".said--afloat")).to_have_count(0)


async def test_what_a_scan_became_moves_nothing_below_it(browser: Browser, served: tuple[Shop, str]) -> None:
    async with phone(browser, served, "/staff/row?step=packed") as page:
        await page.locator("#code:focus").wait_for()
        below, field = page.locator("#row-count"), page.locator("#code")
        before, here = await box(below), await box(field)
        for code in ("77777", "1001"):
            await page.keyboard.type(code)
            await page.keyboard.press("Enter")
            await expect(page.locator("#told")).to_contain_text(code)
            assert (await box(below))["y"] == before["y"]
        await page.goto(page.url.replace("/staff/row?step=packed", "/staff/scan"))
        there = await box(field)
        assert (there["x"], there["y"]) == (here["x"], here["y"])


async def box(found: Locator) -> FloatRect:
    seen = await found.bounding_box()
    assert seen is not None
    return seen


async def bottom(found: Locator) -> float:
    seen = await box(found)
    return seen["y"] + seen["height"]
