"""What was logged without network is out of the way, and still found; what goes with a step is not lost beside it."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.people import Shop
from tests.photos.pictures import encoded, gradient
from tests.web.staff.away import World, button, signed_in, waiting, waits, world
from tests.web.staff.offline import WAITING

__all__ = ["waiting", "waits", "world"]
WAITS = re.compile(r"^Packad \d+\.\d\d, loggas när nätet är tillbaka$")
PHOTO = "Ett foto hör till ett steg"


async def is_folded(page: Page) -> None:
    await expect(page.locator("#order-1001")).not_to_have_attribute("open", "")
    await expect(page.locator("#order-1001 .order__wait")).to_have_text(WAITS)
    await expect(page.locator("#order-1001 > summary")).to_be_in_viewport()
    await expect(page.locator("#order-1002")).to_have_attribute("open", "")
    await expect(button(page, "1002")).to_be_visible()


async def test_a_step_without_network_folds_its_order_and_opens_the_next_also_when_loaded_again(
    browser: Browser, waiting: World
) -> None:
    async with signed_in(browser, waiting, "anders") as page:
        waiting.wire.cut()
        await button(page, "1001").tap()
        await is_folded(page)
        await page.reload()
        await is_folded(page)
        await page.locator("#order-1001 > summary").tap()
        await expect(page.locator("#order-1001 .btn--go")).to_have_class(re.compile("btn--kept"))
        await expect(page.locator("#order-1001 .btn--go use")).to_have_attribute("href", "#i-clock")
        await page.get_by_role("button", name="Ångra").tap()
        await expect(page.locator("#order-1001 .order__wait")).not_to_contain_text("loggas")
        await expect(page.locator("#order-1001 .btn--go")).not_to_have_class(re.compile("btn--kept"))


async def test_an_order_that_was_only_taken_stays_open(browser: Browser, waiting: World) -> None:
    await waiting.shop.order("1003")
    async with signed_in(browser, waiting, "anders") as page:
        waiting.wire.cut()
        await page.locator("#order-1003 > summary").tap()
        await page.locator("#order-1003").get_by_role("button", name="Jag tar den").tap()
        await expect(page.locator("#order-1003 .order__wait")).to_contain_text("Jag tar den")
        await expect(page.locator("#order-1003")).to_have_attribute("open", "")


async def test_a_photo_beside_what_is_no_step_is_spoken_of_and_stays(browser: Browser, waiting: World) -> None:
    """Without network and with it, when an order is taken and when it is passed on."""
    picture: Any = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": encoded(gradient(60, 40), "JPEG")}
    await waiting.shop.order("1003")
    async with signed_in(browser, waiting, "anders") as page:
        order = page.locator("#order-1003")
        await order.locator("summary").first.tap()
        await order.locator("input[type=file]").set_input_files(picture)
        await page.locator("#photo-look [value=yes]").tap()
        await order.get_by_label("Lisa").check(force=True)
        for name in ("Jag tar den", "Bara lämna vidare"):
            for up in (False, True):
                if up:
                    waiting.wire.up = True
                else:
                    waiting.wire.cut()
                await order.get_by_role("button", name=name).tap()
                await expect(page.locator("#unsent")).to_contain_text(PHOTO)
                assert await order.locator("input[type=file]").evaluate("(field) => field.files.length") == 1
                assert await page.evaluate(WAITING) == []
    assert len(await waiting.shop.events("1003")) == 1


async def test_the_server_too_takes_no_photo_with_what_is_no_step(shop: Shop, signed_in: Any) -> None:
    await shop.order()
    anders = await signed_in("anders")
    for does in ("take", "back"):
        files = {"photo": ("p.jpg", encoded(gradient(60, 40), "JPEG"), "image/jpeg")}
        answer = await anders.post(f"/staff/orders/1001/{does}?lang=sv", data={"from": ""}, files=files)
        assert answer.status_code == 422 and PHOTO in answer.text
    assert len(await shop.events()) == 1
