"""A phone of 360 pixels on a slow 4G (1.6 Mbit/s down, 750 kbit/s up, 150 ms there and back) with a quarter of this
machine's speed, in somebody's hand: taps are counted in the page itself."""

from __future__ import annotations

import argparse
import shutil
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page

LATENCY_MS, DOWN, UP = 150, 1_600_000 / 8, 750_000 / 8
SLOW_4G = {"offline": False, "latency": LATENCY_MS, "downloadThroughput": DOWN, "uploadThroughput": UP}
SLOWER = 4
SCREEN: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
    "locale": "sv-SE",
}
ARGUMENTS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run")
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


@asynccontextmanager
async def phone(browser: Browser) -> AsyncIterator[Phone]:
    context = await browser.new_context(**SCREEN)
    held = Phone(await context.new_page())
    await _count(context, held)
    await slow(held.page)
    try:
        yield held
    finally:
        await context.close()


async def _count(context: BrowserContext, held: Phone) -> None:
    def count(_: object) -> None:
        held.taps += 1

    await context.expose_binding("counted", count)
    await context.add_init_script(COUNT)


async def slow(page: Page, *, network: bool = True, slower: int = SLOWER) -> None:
    """What the page itself asks for and computes; its workers have a network and a thread of their own."""
    wire = await page.context.new_cdp_session(page)
    if network:
        await wire.send("Network.enable")
        await wire.send("Network.emulateNetworkConditions", SLOW_4G)
    await wire.send("Emulation.setCPUThrottlingRate", {"rate": slower})


def summary(found: dict[str, list[Measured]]) -> dict[str, dict[str, float]]:
    """Of taps the most counts, of the times the median."""
    return {
        name: {
            "taps": max(taps for taps, _ in seen),
            "ms": round(statistics.median(ms for _, ms in seen)),
            "worst_ms": round(max(ms for _, ms in seen)),
        }
        for name, seen in found.items()
    }


def asked(description: str, repeat: int = 7) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--repeat", type=int, default=repeat)
    parser.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("google-chrome") or "chromium")
    return parser
