"""The customer's pages for who reads large, sees other colours, or wants nothing to move."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from tests.web.test_narrow import LARGE_TEXT
from tests.web.tour import Demo, demo, load_pictures, visitor

__all__ = ["demo"]

# Texts that lie on one another, and boxes that cut theirs off.
UNREADABLE = """() => {
  document.querySelectorAll("details").forEach((box) => { box.removeAttribute("name"); box.open = true; });
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  const wrong = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.data.trim() || node.parentElement.closest(".vh, .skip, option, script, svg")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) if (rect.width > 1 && rect.height > 1) texts.push([node, rect]);
  }
  for (const [place, [node, one]] of texts.entries()) for (const [other, two] of texts.slice(place + 1)) {
    if (node === other) continue;
    const width = Math.min(one.right, two.right) - Math.max(one.left, two.left);
    const height = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
    if (width > 2 && height > 0.35 * Math.min(one.height, two.height))
      wrong.push(`"${node.data.trim().slice(0, 40)}" and "${other.data.trim().slice(0, 40)}" overlap`);
  }
  for (const box of document.body.querySelectorAll("*:not(.vh, .sprite, .sprite *, textarea)")) {
    const { overflowX, overflowY } = getComputedStyle(box);
    const cut = (overflowX !== "visible" && box.scrollWidth > box.clientWidth + 1)
      || (overflowY !== "visible" && box.scrollHeight > box.clientHeight + 1);
    if (cut && box.clientWidth && !box.closest(".vh, svg")) wrong.push(`${box.outerHTML.slice(0, 80)} is cut off`);
  }
  return wrong;
}"""
# What is drawn with a background alone is gone where the reader's colours rule.
UNSEEN = """() => {
  const wrong = [];
  for (const icon of document.querySelectorAll("main svg.icon")) {
    if (!icon.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    let ground = icon;
    while (ground && getComputedStyle(ground).backgroundColor === "rgba(0, 0, 0, 0)") ground = ground.parentElement;
    const line = getComputedStyle(icon).stroke;
    if (ground && getComputedStyle(ground).backgroundColor === line) wrong.push(`${line} on itself: ${icon.innerHTML}`);
  }
  for (const chip of document.querySelectorAll(".chip__face--on, .chip input:checked + .chip__face")) {
    if (getComputedStyle(chip).outlineStyle === "none") wrong.push(`chosen, and one cannot see it: ${chip.outerHTML}`);
  }
  return wrong;
}"""
OUTLINE = """() => {
  const drawn = [document.activeElement, document.activeElement.nextElementSibling].filter(Boolean);
  const seen = ({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  return drawn.some((one) => seen(getComputedStyle(one)));
}"""


@pytest.mark.parametrize("width", [390, 1280])
async def test_at_twice_the_text_size_nothing_is_cut_off_or_overlaps(browser: Browser, demo: Demo, width: int) -> None:
    context = await visitor(browser, demo, viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page = await context.new_page()
    wrong: list[str] = []
    for path in [*demo.customers, "/track", "/t/unknown"]:
        await page.goto(demo.url + path)
        await load_pictures(page)
        await page.evaluate(LARGE_TEXT)
        wrong += [f"{path}: {line}" for line in await page.evaluate(UNREADABLE)]
    assert not wrong, f"{len(wrong)} things cannot be read:\n" + "\n".join(wrong)


async def test_in_the_readers_own_colours_icons_choices_and_the_keyboards_place_are_seen(
    browser: Browser, demo: Demo
) -> None:
    for scheme in ("light", "dark"):
        context = await visitor(browser, demo, forced_colors="active", color_scheme=scheme)
        page = await context.new_page()
        for path in demo.customers[:6]:
            await page.goto(demo.url + path)
            assert await page.evaluate(UNSEEN) == [], path
        await page.goto(demo.url + demo.customers[0])
        for _ in range(12):
            await page.keyboard.press("Tab")
            assert await page.evaluate(OUTLINE), await page.evaluate("document.activeElement.outerHTML.slice(0, 90)")
        await context.close()


async def test_who_wants_nothing_to_move_sees_nothing_move(browser: Browser, demo: Demo) -> None:
    context = await visitor(browser, demo, reduced_motion="reduce")
    page = await context.new_page()
    for path in demo.customers[:4]:
        await page.goto(demo.url + path)
        await page.evaluate("document.querySelectorAll('.step').forEach((step) => step.classList.add('step--new'))")
        await page.locator("button, summary").first.hover()
        assert await page.evaluate("document.getAnimations().length") == 0
        assert await page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
