"""The wall as it is seen: turned by the style sheet alone, still for who wants it still, and never cut."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from storefront_trace.domain.wall import SECONDS, SIZES, sheets
from tests.web.test_axe import PHONE, Judge
from tests.web.test_narrow import SIDEWAYS
from tests.web.tour import Demo, demo, load_pictures, visitor

__all__ = ["demo"]
TELEVISIONS = ({"width": 1280, "height": 720}, {"width": 1920, "height": 1080}, {"width": 3840, "height": 2160})
# Puts every slide's animation to this moment, and holds it there.
AT = """(seconds) => document.getAnimations().forEach((one) => {
  one.pause();
  one.currentTime = seconds * 1000;
})"""
CUT = """() => [...document.querySelectorAll(".slide .hung")].filter((one) => {
  const [inner, outer] = [one, one.closest(".slide")].map((box) => box.getBoundingClientRect());
  return inner.top < outer.top - 1 || inner.bottom > outer.bottom + 1 || inner.right > outer.right + 1;
}).map((one) => one.textContent.trim().slice(0, 40))"""
# The longest words of their size, as many together as stand on one slide.
FILL = """([size, count, most]) => {
  const [slide] = document.querySelectorAll(".slide");
  const first = slide.querySelector(".hung");
  slide.className = `slide slide--1 slide--of-${count}`;
  slide.replaceChildren(...Array.from({ length: count }, () => {
    const one = first.cloneNode(true);
    one.className = `hung hung--${size}`;
    one.querySelector(".voice").textContent = "Silkespapper, så omtänksamt! ".repeat(30).slice(0, most);
    return one;
  }));
}"""

FILL_SHEET = """([size, words]) => {
  const list = document.querySelector(".hangings");
  const first = list.querySelector("li");
  list.replaceChildren(...words.map((text) => {
    const one = first.cloneNode(true);
    one.querySelector(".hung").className = `hung hung--${size}`;
    one.querySelector(".voice").textContent = text;
    return one;
  }));
}"""


async def opened(browser: Browser, demo: Demo, size: dict[str, int], **options: Any) -> Page:
    """Without the script that asks anew at the end of a round: a busy machine may take longer than that to look."""
    page = await (await visitor(browser, demo, viewport=size, **options)).new_page()
    await page.route("**/wall.js", lambda route: route.abort())
    await page.goto(demo.links.wall)
    await load_pictures(page)
    return page


async def test_it_turns_by_itself_slide_by_slide(browser: Browser, demo: Demo) -> None:
    page = await opened(browser, demo, TELEVISIONS[1])
    slides = page.locator(".slide")
    count = await slides.count()
    assert count > 2
    for place in range(count):
        await page.evaluate(AT, place * SECONDS + SECONDS / 2)
        for other in range(count):
            await expect(slides.nth(other)).to_be_visible(visible=other == place)


async def test_a_server_that_is_away_takes_the_words_down_until_it_is_back(browser: Browser, demo: Demo) -> None:
    page = await (await visitor(browser, demo, viewport=TELEVISIONS[1])).new_page()
    await page.clock.install()
    await page.goto(demo.links.wall)
    await expect(page.locator(".hung").first).to_be_attached()
    await page.route(demo.links.wall, lambda route: route.fulfill(status=502))
    async with page.expect_response(demo.links.wall):
        await page.clock.fast_forward("01:00")
    await expect(page.locator(".hung")).to_have_count(0)
    await expect(page.locator("h1")).to_be_visible()
    await page.unroute(demo.links.wall)
    async with page.expect_navigation():
        await page.clock.fast_forward("00:15")
    await expect(page.locator(".hung").first).to_be_attached()


async def test_it_turns_without_scripts(browser: Browser, demo: Demo) -> None:
    page = await opened(browser, demo, TELEVISIONS[1], java_script_enabled=False)
    await expect(page.locator(".slide").first).to_be_visible()
    await expect(page.locator(".slide").nth(1)).to_be_hidden()


async def test_it_stands_still_for_who_wants_nothing_to_move(browser: Browser, demo: Demo) -> None:
    page = await opened(browser, demo, TELEVISIONS[1], reduced_motion="reduce")
    assert await page.evaluate("document.getAnimations().length") == 0
    slides = page.locator(".slide")
    tops = [(await slides.nth(place).bounding_box() or {})["y"] for place in range(await slides.count())]
    assert tops == sorted(tops) and len(set(tops)) == len(tops)
    for place in range(len(tops)):
        await expect(slides.nth(place)).to_be_visible()


@pytest.mark.parametrize("size", TELEVISIONS, ids=lambda size: str(size["width"]))
async def test_nothing_on_a_slide_is_cut(browser: Browser, demo: Demo, size: dict[str, int]) -> None:
    page = await opened(browser, demo, size, locale="fi")
    assert await page.evaluate(CUT) == []
    assert await page.evaluate(SIDEWAYS) == []
    for most, name, room in SIZES:
        await page.evaluate(FILL, [name, 6 // room, most])
        await load_pictures(page)
        assert await page.evaluate(CUT) == [], name


@pytest.mark.parametrize("size", [PHONE, TELEVISIONS[1]], ids=["phone", "television"])
async def test_it_is_accessible(browser: Browser, demo: Demo, size: dict[str, int]) -> None:
    page = await opened(browser, demo, size)
    judge = Judge()
    await judge.look(page, "the wall")
    judge.verdict()
    assert await page.evaluate(SIDEWAYS) == []


async def test_the_owners_wall_and_its_sheets_are_accessible_and_fit_a_phone(browser: Browser, demo: Demo) -> None:
    judge = Judge()
    for size in (PHONE, {"width": 1280, "height": 900}):
        page = await (await visitor(browser, demo, "owner", viewport=size)).new_page()
        for path in ("/owner/wall", "/owner/wall/print"):
            await page.goto(demo.url + path)
            await load_pictures(page)
            await judge.look(page, path)
            assert await page.evaluate(SIDEWAYS) == []
    judge.verdict()


async def test_no_quote_is_torn_by_the_edge_of_a_sheet(browser: Browser, demo: Demo) -> None:
    page = await (await visitor(browser, demo, "owner")).new_page()
    await page.goto(f"{demo.url}/owner/wall/print")
    await load_pictures(page)
    await page.emulate_media(media="print")
    assert await page.locator(".hangings > li").first.evaluate("(one) => getComputedStyle(one).breakInside") == "avoid"
    for hidden in (page.locator(".ownerbar"), page.locator("[data-print]")):
        await expect(hidden).to_be_hidden()
    assert (await page.pdf(format="A4")).startswith(b"%PDF")


async def test_what_stands_on_a_sheet_together_fits_on_it(browser: Browser, demo: Demo) -> None:
    """A4 within its margins, in the pixels of paper; the longest of each size, in the widest letters we have."""
    page = await (await visitor(browser, demo, "owner", viewport={"width": 688, "height": 1017})).new_page()
    await page.goto(f"{demo.url}/owner/wall/print")
    await load_pictures(page)
    await page.emulate_media(media="print")
    heights = "() => [...document.querySelectorAll('.hall__sheet')].map((one) => one.scrollHeight)"
    assert max(await page.evaluate(heights)) <= 1017
    for most, size, _ in SIZES:
        words = [("Silkespapper, så omtänksamt! " * 30)[:most]] * 12
        [together, *_] = sheets(words, str)
        await page.evaluate(FILL_SHEET, [size, together])
        assert await page.evaluate(f"({heights})()[0]") <= 1017, size
