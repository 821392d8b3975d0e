"""From a code to a logged step: how many taps, and how long? Run: `.venv/bin/python bench/scan.py [--repeat N]`

The phone of `bench/taps.py` (360 pixels, slow 4G, a quarter of this machine's speed) in Anders's hand, in the demo
shop: a scanner that types, a number typed into the search, and the camera, which sees a film of a slip's code. From
the first key or tap until the page says that the step is logged, server included; with the pages' parts in the
browser's cache, as on any day but the first, and `first`, the camera with nothing in it. `row`: thirty scans in a row,
typed by a scanner as fast as the box is free; from each one's Enter until its line says that it is logged (`ms`), and
from the first key to the last line (`total_ms`). The last line is JSON.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from PIL import Image
from playwright.async_api import Playwright, async_playwright, expect

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.demo import Shop, demo
from bench.phone import ARGUMENTS, Measured, Phone, asked, phone, summary
from storefront_trace.photos.codes import QUIET, squares

MOST_TAPS, MOST_MS = 2, 5000
IN_A_ROW = 30
# When each scan was entered, and when its line had lost the word that it is on its way.
WATCH = """() => {
  globalThis.scans = { entered: [], logged: {} };
  addEventListener("submit", () => scans.entered.push(performance.now()), true);
  new MutationObserver(() => {
    for (const line of document.querySelectorAll("#scans > .scan:not(.scan--waiting)"))
      scans.logged[line.querySelector(".order__no").textContent.trim()] ??= performance.now();
  }).observe(document.getElementById("scans"), { childList: true });
}"""
WIDE, TALL = 640, 480
FAKE = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
Act = Callable[[Phone, Shop, str], Awaitable[Measured]]


def main() -> None:
    options = asked("From a code to a logged step: how many taps, and how long?").parse_args()
    with demo() as shop:
        found = asyncio.run(_measure(shop, options.repeat, options.chromium))
    print(json.dumps(found))
    held = {name: one for name, one in found.items() if name != "first"}
    if any(one.get("taps", 0) > MOST_TAPS or one["ms"] > MOST_MS for one in held.values()):
        raise SystemExit("more taps, or slower, than we promise")


async def _measure(shop: Shop, repeat: int, chromium: str) -> dict[str, dict[str, float]]:
    acts: dict[str, Act] = {"scanner": _scanner, "search": _search, "camera": _camera, "first": _first}
    found: dict[str, list[Measured]] = {name: [] for name in acts}
    async with async_playwright() as playwright:
        for turn in range(repeat):
            for name, act in acts.items():
                found[name].append(await _once(playwright, chromium, shop, act))
                print(f"{turn + 1} {name:8} {found[name][-1][0]} taps {found[name][-1][1]:6.0f} ms", file=sys.stderr)
        row = await _row(playwright, chromium, shop)
    return {**summary(found), "row": row}


async def _once(playwright: Playwright, chromium: str, shop: Shop, act: Act) -> Measured:
    """Each time another order, another browser, and its own code before the camera."""
    shop.order()
    number = shop.number
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "slip.y4m"
        film.write_bytes(_film(f"{shop.site}/staff/scan?code={number}"))
        async with _signed_in(playwright, chromium, shop, film) as held:
            return await act(held, shop, number)


@asynccontextmanager
async def _signed_in(playwright: Playwright, chromium: str, shop: Shop, film: Path | None) -> AsyncIterator[Phone]:
    seen = [*FAKE, f"--use-file-for-fake-video-capture={film}"] if film else []
    browser = await playwright.chromium.launch(executable_path=chromium, args=[*ARGUMENTS, *seen])
    async with phone(browser) as held:
        await held.page.context.grant_permissions(["camera"])
        answer = await held.page.request.post(shop.staff, max_redirects=0)
        assert answer.status == 303, await answer.text()
        yield held
    await browser.close()


async def _scanner(held: Phone, shop: Shop, number: str) -> Measured:
    await _warm(held, shop, f"/staff/orders/{number}?scanned=1", "/staff/scan")
    await expect(held.page.locator("#code")).to_be_focused()
    held.start()
    await held.page.keyboard.type(f"{shop.site}/staff/scan?code={number}")
    await held.page.keyboard.press("Enter")
    return await _logged(held, number)


async def _search(held: Phone, shop: Shop, number: str) -> Measured:
    await _warm(held, shop, f"/staff/orders/{number}?scanned=1", "/staff")
    held.start()
    await held.page.locator("#q").tap()
    await held.page.keyboard.type(number)
    await held.page.keyboard.press("Enter")
    return await _logged(held, number)


async def _camera(held: Phone, shop: Shop, number: str) -> Measured:
    """Who used it before, and has allowed it, taps "Scan" below the queue; it opens by itself."""
    await _warm(held, shop, "/staff/scan")
    await held.page.locator("[data-start]").tap()
    await held.page.wait_for_url("**scanned=1")
    await _warm(held, shop, "/staff")
    held.start()
    await held.page.locator('.dock a[href="/staff/scan"]').tap()
    return await _logged(held, number)


async def _first(held: Phone, shop: Shop, number: str) -> Measured:
    await _warm(held, shop, "/staff/scan")
    held.start()
    await held.page.locator("[data-start]").tap()
    return await _logged(held, number)


async def _row(playwright: Playwright, chromium: str, shop: Shop) -> dict[str, float]:
    numbers = []
    for _ in range(IN_A_ROW):
        shop.order()
        numbers.append(shop.number)
    async with _signed_in(playwright, chromium, shop, None) as held:
        await _warm(held, shop, "/staff/row?step=shipped")
        box = held.page.locator("#code")
        await expect(box).to_be_focused()
        await held.page.evaluate(WATCH)
        held.start()
        for number in numbers:
            await held.page.keyboard.type(f"{shop.site}/staff/scan?code={number}")
            await held.page.keyboard.press("Enter")
            await expect(box).to_have_value("")
        await expect(held.page.locator("#scans > .scan:not(.scan--waiting)")).to_have_count(IN_A_ROW, timeout=120_000)
        _, total = held.done()
        told = await held.page.evaluate("scans")
    waits = [told["logged"][number] - entered for number, entered in zip(numbers, told["entered"], strict=True)]
    print(f"row: {[round(one) for one in waits]}", file=sys.stderr)
    times = {"ms": statistics.median(waits), "worst_ms": max(waits), "total_ms": total}
    return {"scans": len(waits)} | {name: round(time) for name, time in times.items()}


async def _warm(held: Phone, shop: Shop, *paths: str) -> None:
    for path in paths:
        await held.page.goto(shop.site + path, wait_until="networkidle")


async def _logged(held: Phone, number: str) -> Measured:
    button = held.page.locator(f'form[action="/staff/orders/{number}/log"] .btn--go').first
    await held.page.wait_for_url(f"**/staff/orders/{number}*", wait_until="commit")
    await button.tap()
    await expect(held.page.locator(".undo", has_text=number).first).to_be_visible(timeout=30_000)
    return held.done()


def _film(code: str) -> bytes:
    """A few frames of the code, a little askew, as a camera's video."""
    rows = squares(code)
    side = len(rows) + 2 * QUIET
    bits = Image.new("L", (side, side), 255)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            bits.putpixel((x + QUIET, y + QUIET), 0 if dark else 255)
    seen = bits.resize((300, 300), Image.Resampling.NEAREST).rotate(7, expand=True, fillcolor=255)
    frame = Image.new("L", (WIDE, TALL), 190)
    frame.paste(seen, ((WIDE - seen.width) // 2, (TALL - seen.height) // 2))
    grey = bytes([128]) * (WIDE * TALL // 2)
    return f"YUV4MPEG2 W{WIDE} H{TALL} F10:1 Ip A1:1 C420jpeg\n".encode() + (b"FRAME\n" + frame.tobytes() + grey) * 4


if __name__ == "__main__":
    main()
