"""How do the live pages hold up? Run: `.venv/bin/python bench/live.py [--viewers N] [--orders N] [--postgres]`

Starts the server as `storefront-trace serve` does, lets 5,000 viewers open their orders' streams and 50 more who never
read a byte, logs steps from another process, and measures: the server's memory, how long a step takes to the viewers of
its order, what a page costs meanwhile, and how fast the server stops with everybody connected. The last line is JSON;
the exit status is 1 when a limit is passed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from bench.data import SECRET  # noqa: E402
from storefront_trace import config  # noqa: E402
from storefront_trace.actions import orders, shops  # noqa: E402
from storefront_trace.actions.desk import Desk  # noqa: E402
from storefront_trace.actions.steps import StepToLog, log_step  # noqa: E402
from storefront_trace.domain.incoming import IncomingLine, IncomingOrder  # noqa: E402
from storefront_trace.storage import links  # noqa: E402
from storefront_trace.storage.database import Database  # noqa: E402
from storefront_trace.storage.schema import upgrade  # noqa: E402
from tests.postgres import running_postgres  # noqa: E402

LIMITS = {"rss_mb": 200, "step_ms_max": 1000, "stop_s": 1.0}
STEPS = ("packed", "delayed")


def main() -> None:
    options = _options()
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    if files < options.viewers + 500:
        raise SystemExit(f"only {files} open files are allowed: raise the limit (ulimit -Hn)")
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        url = f"sqlite:///{folder}/live.db"
        if options.postgres:
            url = stack.enter_context(running_postgres()).url()
        result = asyncio.run(_run(options, Path(folder), url))
    print(json.dumps(result))
    sys.exit(not result["within_limits"])


async def _run(options: argparse.Namespace, folder: Path, url: str) -> dict[str, Any]:
    found = config.load({"DATABASE_URL": url, "SECRET_KEY": SECRET}, folder)
    db = Database(found.database_url)
    await upgrade(db)
    desk = Desk(db, found.secrets)
    shop_id, tokens = await _orders(desk, options.orders)
    numbers = list(tokens)
    paths = [f"/t/{tokens[numbers[place % len(numbers)]]}/live?since=1" for place in range(options.viewers)]
    try:
        async with _server(folder, url) as (process, port):
            probe = Probe(port, [f"/t/{token}" for token in list(tokens.values())[:200]])
            await probe.look(200)
            idle = await probe.look(200)
            before = _memory(process.pid)
            async with _viewers(port, paths, options.unread) as viewers:
                held, seconds = await viewers.held()
                taken = await _steps(desk, shop_id, tokens, options.steps, viewers, probe)
                rss = _memory(process.pid)
                stop = await _stop(process)
    finally:
        await db.close()
    result = {
        "database": "postgresql" if options.postgres else "sqlite",
        "viewers": held,
        "orders": options.orders,
        "unread": options.unread,
        "connect_s": round(seconds, 2),
        "rss_before_mb": before,
        "rss_mb": rss,
        "kib_each": round((rss - before) * 1024 / max(1, held), 1),
        **_spread("step_ms", taken),
        **_spread("page_idle_ms", idle),
        **_spread("page_meanwhile_ms", probe.meanwhile),
        "stop_s": round(stop, 2),
        "limits": LIMITS,
    }
    within = held == options.viewers and all(result[name] <= most for name, most in LIMITS.items())
    return {**result, "within_limits": within}


async def _orders(desk: Desk, count: int) -> tuple[str, dict[str, str]]:
    """A shop with so many orders; their tokens by number."""
    shop_id, _ = await shops.create_shop(desk, "Live", "o@example.com", locale="sv", zone="Europe/Stockholm")
    made: dict[str, str] = {}
    for place in range(count):
        told = IncomingOrder(
            number=str(1000 + place),
            external_id=None,
            placed_at=datetime.now(UTC),
            zone="Europe/Stockholm",
            precision="minute",
            customer_first_name="Karin",
            customer_email=f"karin{place}@example.com",
            locale="sv",
            promise_from=None,
            promise_to=None,
            lines=(IncomingLine("1", "Skrattande mugg", 2),),
        )
        order_id = (await orders.put_order(desk, shop_id, told, source="api")).order_id
        async with desk.db.read() as conn:
            link = (await links.current_links(conn, shop_id, [order_id]))[order_id]
        made[told.number] = desk.link_token(shop_id, order_id, link) or ""
    return shop_id, made


async def _steps(
    desk: Desk, shop_id: str, tokens: dict[str, str], count: int, viewers: Viewers, probe: Probe
) -> list[float]:
    """Logs so many steps, each on another order, some close together; milliseconds until each viewer was told."""
    logged: dict[tuple[str, int], float] = {}
    looking = asyncio.create_task(probe.look_on())
    for place, (number, token) in enumerate(list(tokens.items())[:count]):
        done = await log_step(desk, shop_id, number, StepToLog(STEPS[place % 2]))
        logged[token, done.order.version] = time.monotonic()
        await asyncio.sleep(0 if place % 10 else 0.7)
    await asyncio.sleep(2)
    looking.cancel()
    share = len(viewers.paths) // len(tokens)
    taken = [1000 * (when - logged[key]) for key, whens in viewers.told.items() if key in logged for when in whens]
    if len(taken) < share * count:
        raise SystemExit(f"{len(taken)} viewers were told, not {share * count}")
    return taken


class Viewers:
    """What bench/viewers.py says."""

    def __init__(self, process: asyncio.subprocess.Process, paths: list[str]) -> None:
        self.paths = paths
        self.told: dict[tuple[str, int], list[float]] = {}
        self._held: asyncio.Future[tuple[int, float]] = asyncio.get_running_loop().create_future()
        self._process = process
        self.reading = asyncio.create_task(self._read())

    async def held(self) -> tuple[int, float]:
        """How many have their stream, and how long it took them all."""
        async with asyncio.timeout(120):
            return await self._held

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            kind, *what = json.loads(line)
            if kind == "held":
                self._held.set_result((what[0], what[1]))
            elif kind == "update":
                self.told.setdefault((what[0].split("/")[2], what[1]), []).append(what[2])


@contextlib.asynccontextmanager
async def _viewers(port: int, paths: list[str], slow: int) -> AsyncIterator[Viewers]:
    command = [sys.executable, str(HERE / "viewers.py"), str(port), str(slow)]
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.write("".join(f"{path}\n" for path in [*paths, ""]).encode())
    viewers = Viewers(process, paths)
    try:
        yield viewers
    finally:
        process.stdin.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 10)
        if process.returncode is None:
            process.kill()
        viewers.reading.cancel()


class Probe:
    """Somebody who opens pages, one after the other."""

    def __init__(self, port: int, paths: list[str]) -> None:
        self._port, self._paths = port, paths
        self.meanwhile: list[float] = []

    async def look(self, count: int) -> list[float]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        taken = []
        for path in (self._paths * count)[:count]:
            started = time.monotonic()
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
            taken.append(1000 * (time.monotonic() - started))
            if not head.startswith(b"http/1.1 200"):
                raise SystemExit(f"a page answered {head[:40]!r}")
        writer.close()
        return taken

    async def look_on(self) -> None:
        while True:
            self.meanwhile += await self.look(5)
            await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def _server(folder: Path, url: str) -> AsyncIterator[tuple[subprocess.Popen[bytes], int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "storefront_trace", "serve", "--port", str(port), "--data", str(folder)]
    environment = {**os.environ, "DATABASE_URL": url, "SECRET_KEY": SECRET}
    process = subprocess.Popen(command, cwd=HERE.parent, env=environment, stderr=subprocess.DEVNULL)  # noqa: ASYNC220
    try:
        for _ in range(400):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 0.1).close()
                break
            await asyncio.sleep(0.05)
        yield process, port
    finally:
        process.kill()
        process.wait(10)


async def _stop(process: subprocess.Popen[bytes]) -> float:
    """Seconds from SIGTERM until the process is gone."""
    started = time.monotonic()
    process.terminate()
    await asyncio.to_thread(process.wait, 30)
    return time.monotonic() - started


def _memory(pid: int) -> int:
    """Resident, in MB of 1,000,000 bytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return round(int(line.split()[1]) * 1024 / 1_000_000)
    raise SystemExit("this system does not tell a process's memory")


def _spread(name: str, found: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(found, n=100)
    return {
        f"{name}_median": round(statistics.median(found), 1),
        f"{name}_p99": round(cuts[98], 1),
        f"{name}_max": round(max(found), 1),
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How do the live pages hold up?")
    parser.add_argument("--viewers", type=int, default=5000)
    parser.add_argument("--orders", type=int, default=1000)
    parser.add_argument("--unread", type=int, default=50, help="viewers who never read")
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL started for it, not on SQLite")
    return parser.parse_args()


if __name__ == "__main__":
    main()
