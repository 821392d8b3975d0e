"""320 pixels, and the reader's own text at twice the size: everything still stands below one another."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from storefront_trace.languages import AVAILABLE
from tests.browser import window
from tests.web.test_axe_states import gallery, states
from tests.web.tour import Demo, demo, load_pictures, visitor, wander

__all__ = ["demo", "gallery"]

STARTS = {
    "customer": ("/track", "/signin", "/t/unknown"),
    "staff": ("/staff", "/staff/welcome", "/staff/orders/1002"),
    "owner": ("/owner", "/owner/concerns?all=1", "/owner/teams/warehouse"),
}
MORE = {
    "staff": ("/staff/me", "/staff/thanks", "/staff/questions"),
    "owner": (
        "/owner/people",
        "/owner/people/anders",
        "/owner/people/anders/about",
        "/owner/steps/packed",
        "/owner/shop",
        "/owner/connections",
    ),
}
# What stands out to the right, the innermost first. Boxes that scroll by themselves, and what is only read aloud, may.
SIDEWAYS = """() => {
  document.querySelectorAll("details").forEach((box) => { box.removeAttribute("name"); box.open = true; });
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const wide = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > room + 1);
  return wide.filter((one) => !wide.some((other) => other !== one && one.contains(other)))
    .map((one) => `${one.outerHTML.slice(0, 90)} ends at ${Math.round(one.getBoundingClientRect().right)}`);
}"""
# As in the browser's settings; `zoom` would change the pixels, and with them the room.
LARGE_TEXT = "document.documentElement.style.fontSize = '200%'"
# Puts one page after the other into the one that is open, which is ten times as fast as opening each.
EACH = """async ([paths, language]) => {
  const sideways = SIDEWAYS;
  const wrong = [];
  for (const path of paths) {
    window.pages ??= {};
    window.pages[path + language] ??= await (await fetch(`${path}?lang=${language}`)).text();
    const read = new DOMParser().parseFromString(window.pages[path + language], "text/html");
    if (read.documentElement.lang !== language) wrong.push(`${path} is in ${read.documentElement.lang}`);
    document.documentElement.lang = language;
    document.body.className = read.body.className;
    document.body.replaceChildren(...read.body.childNodes);
    wrong.push(...sideways().map((line) => `${path} in ${language}: ${line}`));
  }
  return wrong;
}""".replace("SIDEWAYS", SIDEWAYS)


@pytest.mark.parametrize("who", STARTS)
async def test_no_page_scrolls_sideways(browser: Browser, demo: Demo, who: str) -> None:
    context = await visitor(browser, demo, who, reduced_motion="reduce")
    starts = (*demo.customers, *STARTS[who]) if who == "customer" else STARTS[who]
    paths = await wander(context, demo, *starts)
    page = await context.new_page()
    wrong: list[str] = []
    for path in paths:
        await page.set_viewport_size({"width": 320, "height": 844})
        await page.goto(demo.url + path)
        await load_pictures(page)
        wrong += [f"{path} at 320 pixels: {line}" for line in await page.evaluate(SIDEWAYS)]
        await page.set_viewport_size({"width": 390, "height": 844})
        await page.evaluate(LARGE_TEXT)
        wrong += [f"{path} with large text: {line}" for line in await page.evaluate(SIDEWAYS)]
    assert len(paths) >= 10
    assert not wrong, f"{len(wrong)} things stand out:\n" + "\n".join(wrong)


@pytest.mark.parametrize("who", STARTS)
async def test_the_longest_words_of_every_language_stand_on_the_smallest_phone(
    browser: Browser, demo: Demo, who: str
) -> None:
    signed_in = await (await visitor(browser, demo, who)).storage_state()
    wrong: list[str] = []
    for language in AVAILABLE if who == "customer" else ("fi", "de"):
        context = await window(browser, locale=language, storage_state=signed_in)
        page = await context.new_page()
        await page.set_viewport_size({"width": 320, "height": 844})
        for path in (*demo.customers[:6], "/track") if who == "customer" else STARTS[who] + MORE[who]:
            await page.goto(demo.url + path)
            assert await page.evaluate("document.documentElement.lang") == language
            wrong += [f"{path} in {language}: {line}" for line in await page.evaluate(SIDEWAYS)]
        await context.close()
    assert not wrong, f"{len(wrong)} things stand out:\n" + "\n".join(wrong)


async def test_no_state_of_an_order_scrolls_sideways_in_any_language(browser: Browser, gallery: Demo) -> None:
    """320 pixels, and 360 with text at twice the size; with the pages to say something, to ask and to find an order."""
    context = await visitor(browser, gallery, viewport={"width": 320, "height": 844}, reduced_motion="reduce")
    page = await context.new_page()
    await page.goto(gallery.url + "/track")
    html = await (await context.request.get(f"{gallery.url}/demo/states")).text()
    paths = [link.removeprefix(gallery.url) for link in [*gallery.links.customers, *states(gallery, html).values()]]
    paths += [f"{path}/questions" for path in gallery.customers[:3]] + ["/track", "/t/unknown"]
    met = await wander(context, gallery, *gallery.customers[:2])
    paths += {path.split("?")[0] for path in met if "/feedback" in path}
    wrong: list[str] = []
    for width, large in ((320, False), (360, True)):
        await page.set_viewport_size({"width": width, "height": 844})
        if large:
            await page.evaluate(LARGE_TEXT)
        for language in AVAILABLE:
            wrong += [f"{width} pixels: {line}" for line in await page.evaluate(EACH, [paths, language])]
    assert len(paths) > 45
    assert not wrong, f"{len(wrong)} things stand out:\n" + "\n".join(wrong)
