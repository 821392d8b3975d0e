"""How fast is the tracking page? Run: `.venv/bin/python bench/page.py [--orders N] [--seconds S] [--repeat N]`

Makes a SQLite file with a million orders (once; it is kept in bench/files/), then measures in one interleaved run, with
64 connections against one worker process each: Starlette answering the same bytes (the limit), a page from the cache,
and a page rendered from the file. Only the ratios mean something; the last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import uvloop

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from bench import data  # noqa: E402
from bench.load import Result, load  # noqa: E402

CONNECTIONS = 64
HOT = 1000


def main() -> None:
    options = _options()
    file = data.made(options.file, options.orders)
    _warm(file)
    everybody = data.tokens(file)
    random.Random(7).shuffle(everybody)
    hot, cold = everybody[:HOT], iter(everybody[HOT:])
    with Server("product", file) as product:
        page = _page(product.port, hot[0])
        sample = HERE / "files" / "page.html"
        sample.parent.mkdir(exist_ok=True)
        sample.write_bytes(page)
        print(f"page: {len(page)} bytes, {_first_byte(product.port, hot):.1f} ms to the first byte", file=sys.stderr)
        with Server("limit", sample) as limit:
            results = uvloop.run(_measure(options, limit.port, product.port, hot, cold))
    print(json.dumps(_summary(results)))


async def _measure(
    options: argparse.Namespace, limit: int, product: int, hot: list[str], cold: Iterator[str]
) -> dict[str, list[float]]:
    results: dict[str, list[float]] = {"limit": [], "hit": [], "miss": []}
    await _run(product, cycle(hot), 2)
    for turn in range(options.repeat):
        runs = [("limit", limit, cycle(hot)), ("hit", product, cycle(hot)), ("miss", product, cold)]
        for name, port, tokens in reversed(runs) if turn % 2 else runs:
            if name == "hit":
                await _run(port, cycle(hot), 1)
            done = await _run(port, tokens, options.seconds)
            results[name].append(done.rps)
            print(f"{turn + 1} {name:5} {done.rps:8.0f} requests/s, {done.bad} bad", file=sys.stderr)
            if done.bad:
                raise SystemExit("some answers were no pages: the numbers would mean nothing")
    return results


async def _run(port: int, tokens: Iterator[str], seconds: float) -> Result:
    return await load(port, (f"/t/{token}" for token in tokens), connections=CONNECTIONS, seconds=seconds)


def _summary(results: dict[str, list[float]]) -> dict[str, float]:
    rps = {name: statistics.median(found) for name, found in results.items()}
    ratios = {
        name: statistics.median(a / b for a, b in zip(results[name], results["limit"], strict=True))
        for name in ("hit", "miss")
    }
    return {
        "limit_rps": round(rps["limit"]),
        "hit_rps": round(rps["hit"]),
        "miss_rps": round(rps["miss"]),
        "hit_ratio": round(ratios["hit"], 3),
        "miss_ratio": round(ratios["miss"], 3),
    }


def _warm(file: Path) -> None:
    """Into the system's page cache, where a shop's orders of the day are: a cold disk is not measured."""
    with file.open("rb", buffering=0) as read:
        while read.read(1 << 24):
            pass


class Server:
    def __init__(self, kind: str, file: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._command = [sys.executable, str(HERE / "servers.py"), kind, str(self.port), str(file.absolute())]

    def __enter__(self) -> Server:
        self._process = subprocess.Popen(self._command)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return self
        raise SystemExit("the server did not start")

    @property
    def cpu(self) -> float:
        """Seconds of a processor's time that it has taken so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(10)


def _page(port: int, token: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", f"/t/{token}", headers={"Accept-Language": "sv"})
    answer = connection.getresponse()
    if answer.status != 200:
        raise SystemExit(f"the page answered {answer.status}")
    return answer.read()


def _first_byte(port: int, tokens: list[str]) -> float:
    """The median of pages that are asked for one after the other, none of them kept, in milliseconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    times = []
    for token in tokens[1:52]:
        started = time.perf_counter()
        connection.request("GET", f"/t/{token}", headers={"Accept-Language": "en"})
        answer = connection.getresponse()
        times.append(time.perf_counter() - started)
        answer.read()
    return statistics.median(times) * 1000


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How fast is the tracking page?")
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--file", type=Path, help="a file made before")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--repeat", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.set_event_loop_policy(None)
    main()
