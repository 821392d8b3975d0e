"""How soon is the staff's app there? Run: `.venv/bin/python bench/staff.py [--repeat N] [--chromium PATH]`

Anders's phone (bench/phone.py) has used the app before: its worker, its files and the queue are on it. Then its browser
is ended and started again, each time, and opens /staff with a slow 4G, with no network, and where a network is that
never answers. From the navigation to the first contentful paint, and until it can be used: the queue is in view, a tap
on the search field, made as soon as there is something to tap, has put the keyboard there, and the scripts that keep a
step without network are in place. The wire is slow outside of the browser (bench/wire.py), so for the worker too.

The browser slows a page's main thread alone. What the worker takes to start and to find the page, as seen without
network, is therefore added three times (`paint_ms`, `ms`); as seen it is `seen_ms`. `shift` is what moved (CLS) until
two seconds later, when what is new has come; `kept`, how often the page was one that was kept. On a busy machine the
times mean little: `cpu_ms` is what the main thread computed until the page could be used, four times that. The last
line is JSON; the exit status is 1 when a median is over the limit or anything moved.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Page, Playwright, async_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.demo import Shop, demo
from bench.phone import ARGUMENTS, SCREEN, SLOWER, asked, slow
from bench.wire import SlowWire
from tests.web.staff.offline import keep_pages

LIMIT_MS = 1000
NETWORKS = ("slow", "offline", "silent")
# Tells where to tap as soon as the page has been painted, and keeps what the tap and the rest came to.
WATCH = """() => {
  globalThis.start = { shift: 0, moved: [] };
  const now = () => performance.now();
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) {
      if (one.hadRecentInput) continue;
      start.shift += one.value;
      start.moved.push(...one.sources.map(({ node }) => (node?.outerHTML ?? node?.data ?? "").slice(0, 90)));
    }
  }).observe({ type: "layout-shift", buffered: true });
  addEventListener("focusin", ({ target }) => target.id === "q" && (start.tapped ??= now()), true);
  const look = () => {
    start.kept ??= document.body?.dataset.kept ?? document.body?.dataset.asked;
    const paint = performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
    const field = document.getElementById("q")?.getBoundingClientRect();
    const first = document.querySelector(".order .btn--go")?.getBoundingClientRect();
    if (document.querySelector(".dock #unsent")) start.ready ??= now();
    if (paint && first?.height && first.bottom < innerHeight) start.queue ??= now();
    if (paint && field?.height && !start.asked) {
      start.asked = now();
      painted(field.x + field.width / 2, field.y + field.height / 2);
    }
    if (start.ready && start.queue && start.tapped) finished();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""
FOUND = """() => {
  const [one] = performance.getEntriesByType("navigation");
  const paint = performance.getEntriesByName("first-contentful-paint")[0].startTime;
  const worker = one.workerStart ? one.responseStart - one.workerStart : 0;
  return { ...start, paint, worker, from: one.workerStart, answer: one.responseStart, read: one.domInteractive };
}"""


def main() -> None:
    options = asked("How soon is the staff's app there?", repeat=9).parse_args()
    with demo() as shop:
        result = asyncio.run(_measure(shop, options.repeat, options.chromium))
    print(json.dumps(result))
    sys.exit(not result["within_limits"])


async def _measure(shop: Shop, repeat: int, chromium: str) -> dict[str, Any]:
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in NETWORKS}
    computed: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        async with async_playwright() as playwright, SlowWire(urlsplit(shop.base).port or 80).running() as wire:
            app = App(playwright, chromium, Path(folder), f"http://127.0.0.1:{wire.port}", wire)
            await _used_before(app, urlsplit(shop.staff).path)
            for turn in range(repeat):
                computed.append((await _start(app, "offline", slower=1))["computed"])
                for name in NETWORKS:
                    found[name].append(await _start(app, name))
                    print(f"{turn + 1} {name:8} {json.dumps(found[name][-1])}", file=sys.stderr)
    return _summary(found, computed)


@dataclass
class App:
    playwright: Playwright
    chromium: str
    folder: Path
    url: str
    wire: SlowWire

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[BrowserContext]:
        """Ended as a person ends it: what it wrote down is on the disk."""
        context = await self.playwright.chromium.launch_persistent_context(
            self.folder / "profile", executable_path=self.chromium, args=ARGUMENTS, **SCREEN
        )
        yield context
        await context.close()


async def _used_before(app: App, link: str) -> None:
    """Signed in, then opened twice: what is kept is kept, and the browser has read the scripts more than once."""
    async with app.browser() as context:
        answer = await context.request.post(app.url + link, max_redirects=0)
        assert answer.status == 303, await answer.text()
        await keep_pages(await context.new_page(), app.url, {"/staff", "/staff/offline"})
    for _ in range(2):
        async with app.browser() as context:
            page = await context.new_page()
            await page.goto(f"{app.url}/staff", wait_until="networkidle")


async def _start(app: App, network: str, slower: int = SLOWER) -> dict[str, Any]:
    wire = app.wire
    async with app.browser() as context:
        page = await context.new_page()
        await slow(page, network=False, slower=slower)
        if network == "silent":
            wire.brings.clear()
        wire.up = network != "offline"
        try:
            return await _opened(page, f"{app.url}/staff")
        finally:
            wire.cut()
            wire.brings.set()
            wire.up = True


async def _opened(page: Page, address: str) -> dict[str, Any]:
    finished = asyncio.Event()
    wire = await page.context.new_cdp_session(page)
    await wire.send("Performance.enable", {"timeDomain": "threadTicks"})

    async def tap(_: object, x: float, y: float) -> None:
        await wire.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        await wire.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    await page.expose_binding("painted", tap)
    await page.expose_binding("finished", lambda _: finished.set())
    await page.add_init_script(f"({WATCH})()")
    await page.goto(address, wait_until="commit")
    async with asyncio.timeout(60):
        await finished.wait()
    told = await wire.send("Performance.getMetrics")
    [computed] = [one["value"] for one in told["metrics"] if one["name"] == "TaskDuration"]
    await page.wait_for_timeout(2000)
    found: dict[str, Any] = await page.evaluate(FOUND)
    return {**found, "computed": computed * 1000}


def _summary(found: dict[str, list[dict[str, Any]]], computed: list[float]) -> dict[str, Any]:
    worker = statistics.median(one["worker"] for one in found["offline"])
    slower = (SLOWER - 1) * worker
    result: dict[str, Any] = {}
    for name, seen in found.items():
        usable = [max(one["queue"], one["tapped"], one["ready"]) for one in seen]
        result[name] = {
            "paint_ms": round(statistics.median(one["paint"] for one in seen) + slower),
            "ms": round(statistics.median(usable) + slower),
            "seen_ms": round(statistics.median(usable)),
            "worst_ms": round(max(usable) + slower),
            "shift": round(max(one["shift"] for one in seen), 4),
            "kept": sum(one.get("kept") is not None for one in seen),
        }
    within = all(one["ms"] <= LIMIT_MS and one["shift"] == 0 for one in result.values())
    beside = {"worker_ms": round(worker), "cpu_ms": round(SLOWER * statistics.median(computed)), "limit_ms": LIMIT_MS}
    return {**result, **beside, "within_limits": within}


if __name__ == "__main__":
    main()
