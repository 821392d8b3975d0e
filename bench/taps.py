"""How many taps and how long? Run: `.venv/bin/python bench/taps.py [--repeat N] [--chromium PATH]`

A phone of 360 pixels on a slow 4G (1.6 Mbit/s down, 750 kbit/s up, 150 ms there and back) with a quarter of this
machine's speed, against the demo shop: thanks, thanks with a chip, what could be better with one line, and thanks from
a mail. Taps are counted in the page itself. The time is the machine's: from the step being in view (for the mail: from
the tap on its link) until the page says it, without the time that a person takes to decide. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Locator, Page, async_playwright, expect

HERE = Path(__file__).parent
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
SLOWER = 4
LINE = "Muggen var trasig när den kom."
MOST = {"thank": (1, 3000), "chip": (2, 6000), "concern": (2, 40_000), "mail": (2, 8000)}
COUNT = 'addEventListener("pointerdown", (event) => event.isTrusted && counted(), true);'
Measured = tuple[int, float]


@dataclass
class Phone:
    page: Page
    taps: int = 0
    started: float = field(default_factory=time.perf_counter)

    def start(self) -> None:
        self.taps, self.started = 0, time.perf_counter()

    def done(self) -> Measured:
        return self.taps, (time.perf_counter() - self.started) * 1000


@dataclass
class Shop:
    """The demo, and its API: every measurement gets an order of its own."""

    base: str
    token: str
    staff: str = ""
    orders: int = 0

    def order(self) -> tuple[str, str]:
        """(the page's address, the id of Anders's packing) of a new order."""
        self.orders += 1
        number = f"taps-{self.orders}"
        told = {
            "placed_at": "2026-01-12T08:00:00+01:00",
            "customer": {"first_name": "Karin", "locale": "sv"},
            "lines": [{"key": "1", "title": "Skrattande mugg", "quantity": 2}],
        }
        page = self._call("PUT", f"/orders/{number}", told)["tracking_url"]
        for step, by in (("received", "jocke"), ("packed", "anders")):
            event = self._call("POST", f"/orders/{number}/events", {"step": step, "by": by})["id"]
        return page, event

    def _call(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.base + path, json.dumps(body).encode(), headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            found: dict[str, Any] = json.load(answer)
            return found


def main() -> None:
    options = _options()
    with demo() as shop:
        found = asyncio.run(_measure(shop, options.repeat, options.chromium))
    print(json.dumps(found))
    if any(one["taps"] > MOST[name][0] or one["ms"] > MOST[name][1] for name, one in found.items()):
        raise SystemExit("more taps, or slower, than we promise")


async def _measure(shop: Shop, repeat: int, chromium: str) -> dict[str, dict[str, float]]:
    acts = {"thank": _thank, "chip": _chip, "concern": _concern, "mail": _mail}
    found: dict[str, list[Measured]] = {name: [] for name in acts}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
        )
        for turn in range(repeat):
            for name, act in acts.items():
                found[name].append(await _once(browser, shop, act))
                print(f"{turn + 1} {name:8} {found[name][-1][0]} taps {found[name][-1][1]:6.0f} ms", file=sys.stderr)
        await browser.close()
    return {
        name: {
            "taps": max(taps for taps, _ in seen),
            "ms": round(statistics.median(ms for _, ms in seen)),
            "worst_ms": round(max(ms for _, ms in seen)),
        }
        for name, seen in found.items()
    }


async def _once(browser: Browser, shop: Shop, act: Callable[[Phone, str, str], Awaitable[Measured]]) -> Measured:
    page, event = shop.order()
    async with phone(browser) as held:
        return await act(held, page, event)


async def _thank(phone: Phone, url: str, event: str) -> Measured:
    step = await _step_in_view(phone, url, event)
    await step.locator(".btn--thanks").tap()
    await expect(step.get_by_text("Du tackade Anders")).to_be_visible()
    return phone.done()


async def _chip(phone: Phone, url: str, event: str) -> Measured:
    step = await _step_in_view(phone, url, event)
    await step.locator(".btn--thanks").tap()
    await step.locator(".thanked .chip").first.tap()
    await expect(phone.page.locator("#said")).to_have_text("Sparat.")
    return phone.done()


async def _concern(phone: Phone, url: str, event: str) -> Measured:
    step = await _step_in_view(phone, url, event)
    await step.locator("a[data-better]").tap()
    await expect(phone.page.locator("#words")).to_be_focused()
    await phone.page.keyboard.type(LINE)
    await step.locator(".better button[type=submit]:visible").tap()
    await expect(step.locator(".told")).to_contain_text(LINE)
    return phone.done()


async def _mail(phone: Phone, url: str, event: str) -> Measured:
    """The link stands on a page of its own, as in a mail. It opens ours with nothing kept from before."""
    link = f"{url}/steps/{event}/feedback?choice=thanks&from=mail"
    await phone.page.set_content(f'<a href="{link}" style="font-size: 3rem">Tacka Anders</a>')
    await phone.page.evaluate(COUNT)
    phone.start()
    await phone.page.get_by_role("link").tap()
    await phone.page.locator(".btn--wide").tap()
    await expect(phone.page.get_by_text("Du tackade Anders")).to_be_visible()
    return phone.done()


async def _step_in_view(phone: Phone, url: str, event: str) -> Locator:
    await phone.page.goto(url)
    step = phone.page.locator(f"#step-{event}")
    await step.locator(".btn--thanks").scroll_into_view_if_needed()
    phone.start()
    return step


@asynccontextmanager
async def phone(browser: Browser) -> AsyncIterator[Phone]:
    context = await browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, device_scale_factor=2, locale="sv-SE"
    )
    held = Phone(await context.new_page())

    def count(_: object) -> None:
        held.taps += 1

    await context.expose_binding("counted", count)
    await context.add_init_script(COUNT)
    wire = await context.new_cdp_session(held.page)
    await wire.send("Network.enable")
    await wire.send("Network.emulateNetworkConditions", SLOW_4G)
    await wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    try:
        yield held
    finally:
        await context.close()


@contextmanager
def demo() -> Iterator[Shop]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "storefront_trace", "demo", "--quiet-shop", "--port", port, "--data", folder]
        server = subprocess.Popen(
            command, cwd=HERE.parent, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert server.stdout is not None
        try:
            found: dict[str, str] = {}
            for line in server.stdout:
                word, _, rest = line.rstrip("\n").partition("\t")
                found[word] = rest
                if word == "api":
                    base, _, token = rest.partition("\t")
                    yield Shop(base, token, found["staff"])
                    break
            else:
                raise SystemExit("the demo did not start")
        finally:
            server.terminate()
            server.wait(20)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How many taps, and how long?")
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("google-chrome") or "chromium")
    return parser.parse_args()


if __name__ == "__main__":
    main()
