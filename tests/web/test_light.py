"""What a page weighs: on a phone, in a train, every kilobyte is a wait. Counted over the wire, in a real browser."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Request, Route

from tests.patience import until
from tests.web.tour import Demo, demo, load_pictures, visitor

__all__ = ["demo"]

KB = 1000
# Adds up what moves after it has been drawn.
SHIFTS = """window.moved = [];
new PerformanceObserver((list) => {
  for (const { value, sources } of list.getEntries())
    window.moved.push(`${value}: ${sources.map(({ node }) => node?.outerHTML?.slice(0, 90) ?? node?.data)}`);
}).observe({ type: "layout-shift", buffered: true });"""


@dataclass
class Weighed:
    """Bytes of the bodies as they were sent, by kind and address; the hosts that were asked."""

    page: Page
    sizes: dict[str, dict[str, int]] = field(default_factory=dict)
    hosts: set[str] = field(default_factory=set)

    def of(self, *kinds: str) -> int:
        return sum(sum(self.sizes.get(kind, {}).values()) for kind in kinds)


@asynccontextmanager
async def weighed(browser: Browser, demo: Demo, path: str, **options: Any) -> AsyncIterator[Weighed]:
    """A page that somebody opens for the first time, with every picture in it."""
    context = await visitor(browser, demo, **options)
    found = Weighed(await context.new_page())
    asked: list[Request] = []
    done: list[Request] = []
    found.page.on("requestfinished", lambda request: done.append(request))
    found.page.on("request", lambda request: asked.append(request))
    await found.page.add_init_script(SHIFTS)
    await found.page.goto(demo.url + path)
    await load_pictures(found.page)
    # The driver hears a moment later of what the page has. Of the live stream there is no end.
    await until(lambda: all(one in done for one in asked if one.resource_type != "eventsource"))
    found.hosts |= {request.url.split("/")[2] for request in asked}
    for request in done:
        sizes = await request.sizes()
        found.sizes.setdefault(request.resource_type, {})[request.url] = sizes["responseBodySize"]
    yield found
    await context.close()


async def test_a_page_with_style_and_script_is_light_and_asks_nobody_else(browser: Browser, demo: Demo) -> None:
    for path in demo.customers:
        async with weighed(browser, demo, path, viewport={"width": 390, "height": 844}) as found:
            assert 0 < found.of("document") <= 12 * KB, path
            assert found.of("stylesheet") > 0
            assert found.of("document", "stylesheet", "script") <= 40 * KB, (path, found.sizes)
            assert found.of("font") <= 40 * KB, "nothing waits for them, and they are kept for a year"
            assert found.hosts == {demo.url.split("//")[1]}


@pytest.mark.parametrize("density", [1, 2, 3])
async def test_portraits_are_light_on_every_screen(browser: Browser, demo: Demo, density: int) -> None:
    size = {"width": 390, "height": 844}
    async with weighed(browser, demo, demo.customers[0], viewport=size, device_scale_factor=density) as found:
        shown = await found.page.eval_on_selector_all(
            "img.portrait, img.face", "all => all.map((one) => one.currentSrc)"
        )
        lead = await found.page.eval_on_selector(".now img.portrait", "one => one.currentSrc")
        assert len(set(shown)) >= 4
        for address in set(shown) - {lead}:
            assert 0 < found.sizes["image"][address] <= 6 * KB
        assert found.sizes["image"][lead] <= (6 if density == 1 else 20) * KB


@pytest.mark.parametrize("width", [390, 1280])
async def test_nothing_moves_once_it_is_drawn(browser: Browser, demo: Demo, width: int) -> None:
    """Not even when the fonts are late."""
    for path in demo.customers[:6]:
        context = await visitor(browser, demo, viewport={"width": width, "height": 844})
        page = await context.new_page()
        await page.add_init_script(SHIFTS)
        late = asyncio.Event()
        await page.route("**/*.woff2", after(late))
        await page.goto(demo.url + path, wait_until="domcontentloaded")
        await load_pictures(page)
        late.set()
        await page.evaluate("document.fonts.ready.then(() => null)")
        await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert await page.evaluate("moved") == [], path
        await context.close()


def after(late: asyncio.Event) -> Callable[[Route], Awaitable[None]]:
    async def hold(route: Route) -> None:
        await late.wait()
        await route.continue_()

    return hold
