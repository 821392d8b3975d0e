"""Is any step lost or logged twice? Run: `.venv/bin/python bench/offline.py [--runs N] [--orders N] [--seed N]`

Anders's phone has the pages of fifty orders. The network goes; he logs four steps on each, while pages are closed in
the middle of a tap and the browser is killed as by a dead battery, five times. Then the network is back, but loses one
answer in seven, pages are closed, and the browser is killed again, now and then. The events are asked of the server.
Another seed is another story. The last line is JSON; the exit status is 1 unless every step is there once and in order.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import async_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.demo import Shop, demo
from tests.web.staff.offline import Wire, keep_pages, log_all, phone, send_all

WAY = ("picked", "packed", "shipped", "delivered")
LOST = 0.15
KILLS = 0.1


def main() -> None:
    options = _options()
    with demo() as shop, tempfile.TemporaryDirectory() as folder:
        runs = [asyncio.run(_run(shop, Path(folder), options.orders, options.seed + n)) for n in range(options.runs)]
    result = {"runs": runs, "within_limits": all(one["exact"] for one in runs)}
    print(json.dumps(result))
    sys.exit(not result["within_limits"])


async def _run(shop: Shop, folder: Path, orders: int, seed: int) -> dict[str, Any]:
    chance = random.Random(seed)
    numbers = [_placed(shop) for _ in range(orders)]
    async with async_playwright() as playwright, Wire().running(urlsplit(shop.base).port or 80) as wire:
        url = f"http://127.0.0.1:{wire.port}"
        session = await _session(playwright.request, url + urlsplit(shop.staff).path)
        async with phone(playwright, folder / f"phone-{seed}", url, session) as one:
            page = await one.start()
            await keep_pages(page, url, {f"/staff/orders/{number}" for number in numbers})
            wire.cut()
            began = time.perf_counter()
            await log_all(one, page, numbers, WAY, chance, kills=range(0, orders, max(1, orders // 5)))
            logged = time.perf_counter() - began
            await one.kill()
            wire.up, wire.loses = True, lambda: chance.random() < LOST
            began = time.perf_counter()
            await send_all(one, chance, KILLS)
            sent = time.perf_counter() - began
    found = _counted(shop, numbers) | {"answers_lost": wire.lost, "log_s": round(logged, 1), "send_s": round(sent, 1)}
    print(json.dumps({"seed": seed} | found), file=sys.stderr)
    return {"seed": seed} | found


def _placed(shop: Shop) -> str:
    shop.place()
    return shop.number


async def _session(request: Any, link: str) -> str:
    context = await request.new_context()
    answer = await context.post(link, max_redirects=0)
    assert answer.status == 303, await answer.text()
    state = await context.storage_state()
    await context.dispose()
    return str(next(cookie["value"] for cookie in state["cookies"] if cookie["name"] == "session"))


def _counted(shop: Shop, numbers: list[str]) -> dict[str, Any]:
    told = {number: [event for event in shop.story(number) if event["step"] in WAY] for number in numbers}
    times = [Counter(event["step"] for event in story) for story in told.values()]
    missing = sum(step not in one for one in times for step in WAY)
    twice = sum(max(0, one[step] - 1) for one in times for step in WAY)
    orderly = all(
        [event["step"] for event in story] == sorted((event["step"] for event in story), key=WAY.index)
        and [event["at"] for event in story] == sorted(event["at"] for event in story)
        for story in told.values()
    )
    counts = {"steps": len(WAY) * len(numbers), "events": sum(map(len, told.values()))}
    return {**counts, "missing": missing, "twice": twice, "in_order": orderly, "exact": orderly and not missing + twice}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Is any step lost or logged twice?")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--orders", type=int, default=50, help="with four steps each")
    parser.add_argument("--seed", type=int, default=20261122)
    return parser.parse_args()


if __name__ == "__main__":
    main()
