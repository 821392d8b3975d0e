"""How many taps and how long? Run: `.venv/bin/python bench/taps.py [--repeat N] [--chromium PATH]`

A phone of 360 pixels on a slow 4G (1.6 Mbit/s down, 750 kbit/s up, 150 ms there and back) with a quarter of this
machine's speed, against the demo shop: thanks, thanks with a chip, what could be better with one line, and thanks from
a mail. Taps are counted in the page itself. The time is the machine's: from the step being in view (for the mail: from
the tap on its link) until the page says it, without the time that a person takes to decide. The last line is JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Browser, Locator, async_playwright, expect

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.demo import Shop, demo
from bench.phone import ARGUMENTS, COUNT, Measured, Phone, asked, phone, summary

LINE = "Muggen var trasig när den kom."
MOST = {"thank": (1, 3000), "chip": (2, 6000), "concern": (2, 40_000), "mail": (2, 8000)}


def main() -> None:
    options = asked("How many taps, and how long?").parse_args()
    with demo() as shop:
        found = asyncio.run(_measure(shop, options.repeat, options.chromium))
    print(json.dumps(found))
    if any(one["taps"] > MOST[name][0] or one["ms"] > MOST[name][1] for name, one in found.items()):
        raise SystemExit("more taps, or slower, than we promise")


async def _measure(shop: Shop, repeat: int, chromium: str) -> dict[str, dict[str, float]]:
    acts = {"thank": _thank, "chip": _chip, "concern": _concern, "mail": _mail}
    found: dict[str, list[Measured]] = {name: [] for name in acts}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for turn in range(repeat):
            for name, act in acts.items():
                found[name].append(await _once(browser, shop, act))
                print(f"{turn + 1} {name:8} {found[name][-1][0]} taps {found[name][-1][1]:6.0f} ms", file=sys.stderr)
        await browser.close()
    return summary(found)


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


if __name__ == "__main__":
    main()
