"""How many steps can be logged at once? Run: `.venv/bin/python bench/logging.py`, which is a door to this file.

Works on a copy of the file that bench/page.py makes (a million orders by default), with synchronous=FULL, and adds open
orders to it. Then, in one interleaved run: 64 people, each signed in on a phone of their own, log steps through HTTP as
fast as they are answered (`logged`); and the raw limit: 64 producers in one process, each event written with its
order's row, everything queued in one BEGIN..COMMIT in one thread call (`limit`). Both bring the log into the file after
about a thousand pages: there SQLite does it in the commit, here it is done after the answers. Last, 100 steps a second
arrive whether those before them are answered or not; their times are counted from when each was due. Every step that
was answered must be in the file. `server_cpu_ms` is the server's own time for one step. The last line is JSON; the exit
status is 1 when a limit is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import uvloop

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from bench import data  # noqa: E402
from bench.load import Posts, post_at_rate, post_in_a_loop  # noqa: E402
from bench.page import Server  # noqa: E402
from storefront_trace.actions import signin  # noqa: E402
from storefront_trace.actions.desk import Desk  # noqa: E402
from storefront_trace.domain.clock import now_micros  # noqa: E402
from storefront_trace.domain.ids import new_id  # noqa: E402
from storefront_trace.storage import people as person_rows  # noqa: E402
from storefront_trace.storage.database import Database, sqlite_pragmas  # noqa: E402
from storefront_trace.storage.schema import upgrade  # noqa: E402

PEOPLE = 64
OPEN = 60_000
LEAST_RATIO = 0.25
RATE = 100
MOST_P99_MS = 100.0
Fill = Callable[[str], tuple[str, bytes]]


def main() -> None:
    options = _options()
    made = data.made(options.file, options.orders)
    with tempfile.TemporaryDirectory(dir=made.parent) as folder:
        file = Path(folder) / "orders.db"
        shutil.copyfile(made, file)
        shop_id, cookies = asyncio.run(_prepare(file))
        numbers = _open_orders(file, shop_id)
        print(f"{len(cookies)} people, {len(numbers)} open orders", file=sys.stderr)
        with Server("product", file) as product:
            result = uvloop.run(_measure(options, product, file, shop_id, cookies, numbers))
        _all_there(file, result)
    print(json.dumps(result))
    sys.exit(not result["within_limits"])


async def _measure(
    options: argparse.Namespace, product: Server, file: Path, shop_id: str, cookies: list[str], numbers: list[str]
) -> dict[str, Any]:
    port, fill = product.port, _browsers if options.form == "browser" else _contracts
    requests = _requests(port, cookies, numbers, fill)
    found: dict[str, list[float]] = {"limit": [], "logged": [], "p99_ms": [], "cpu_ms": []}
    answered = (await post_in_a_loop(port, requests, connections=PEOPLE, seconds=2)).good
    raw = 0
    for turn in range(options.repeat):
        for name in ("limit", "logged")[:: -1 if turn % 2 else 1]:
            if name == "limit":
                rps, done = await asyncio.to_thread(_limit, file, shop_id, options.seconds)
                raw += done
                found["limit"].append(rps)
                print(f"{turn + 1} limit  {rps:8.0f} events/s", file=sys.stderr)
                continue
            before = product.cpu
            posts = await post_in_a_loop(port, requests, connections=PEOPLE, seconds=options.seconds)
            answered += _checked(posts).good
            found["cpu_ms"].append((product.cpu - before) * 1000 / posts.good)
            found["logged"].append(posts.rps)
            found["p99_ms"].append(posts.percentile(99))
            print(
                f"{turn + 1} logged {posts.rps:8.0f} events/s, p50 {posts.percentile(50):.0f} ms, "
                f"p99 {posts.percentile(99):.0f} ms",
                file=sys.stderr,
            )
    steady = _checked(await post_at_rate(port, requests, rate=RATE, connections=PEOPLE, seconds=options.steady))
    limit, logged = statistics.median(found["limit"]), statistics.median(found["logged"])
    ratios = [one / other for one, other in zip(found["logged"], found["limit"], strict=True)]
    result: dict[str, Any] = {
        "limit_eps": round(limit),
        "logged_eps": round(logged),
        "ratio": round(statistics.median(ratios), 3),
        "form": options.form,
        "server_cpu_ms": round(statistics.median(found["cpu_ms"]), 3),
        "closed_p99_ms": round(statistics.median(found["p99_ms"]), 1),
        "steady_rate": RATE,
        "steady_p50_ms": round(steady.percentile(50), 1),
        "steady_p99_ms": round(steady.percentile(99), 1),
        "acknowledged": answered + steady.good,
        "limits": {"ratio": LEAST_RATIO, "steady_p99_ms": MOST_P99_MS},
    }
    return result | {
        "within_limits": result["ratio"] >= LEAST_RATIO and result["steady_p99_ms"] <= MOST_P99_MS,
    }


def _checked(posts: Posts) -> Posts:
    if posts.bad:
        raise SystemExit(f"{posts.bad} answers were no redirects ({posts.first_bad!r}): the numbers would mean nothing")
    return posts


def _requests(port: int, cookies: list[str], numbers: list[str], fill: Fill) -> Iterator[bytes]:
    """Each order's picked, then its packed, by whoever has the next free connection; the orders are far apart."""
    turn = 0
    for step in ("picked", "packed", "shipped"):
        for number in numbers:
            turn += 1
            kind, body = fill(step)
            head = (
                f"POST /staff/orders/{number}/log HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
                f"Origin: http://127.0.0.1:{port}\r\nSec-Fetch-Site: same-origin\r\n"
                f"Cookie: session={cookies[turn % len(cookies)]}\r\nContent-Type: {kind}\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            )
            yield head.encode() + body


def _contracts(step: str) -> tuple[str, bytes]:
    """The fields of the contract."""
    return "application/x-www-form-urlencoded", f"step={step}&note=&hand_to=&once={new_id()}".encode()


def _browsers(step: str) -> tuple[str, bytes]:
    """All that stands in the order's own form, as a browser sends it without scripts: the empty picture too."""
    empty = ("seen", "hand_to", "note", "lines", "carrier", "tracking_number")
    fields = [("once", new_id()), ("ask", "1"), ("step", step), *((name, "") for name in empty)]
    fields += [("lines", key) for key in ("1", "2", "3")]
    edge = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
    parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields]
    picture = f'--{edge}\r\nContent-Disposition: form-data; name="photo"; filename=""\r\n'
    parts.append(f"{picture}Content-Type: application/octet-stream\r\n\r\n\r\n--{edge}--\r\n")
    return f"multipart/form-data; boundary={edge}", "".join(parts).encode()


def _limit(file: Path, shop_id: str, seconds: float) -> tuple[float, int]:
    """What one connection can write when everything that waits goes into one transaction: (events/s, events)."""
    conn = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    for pragma in sqlite_pragmas(query_only=False):
        conn.execute(f"PRAGMA {pragma}")
    ids = [row[0] for row in conn.execute("SELECT id FROM orders WHERE source = 'bench' LIMIT ?", (OPEN,))]
    random.Random(11).shuffle(ids)
    stop, waiting, lock = threading.Event(), [], threading.Lock()
    arrived = threading.Condition(lock)

    def produce(mine: list[str]) -> None:
        for order_id in mine:
            done = threading.Event()
            with arrived:
                waiting.append((order_id, done))
                arrived.notify()
            done.wait()
            if stop.is_set():
                return

    threads = [threading.Thread(target=produce, args=(ids[n::PEOPLE],), daemon=True) for n in range(PEOPLE)]
    for thread in threads:
        thread.start()
    counted, started = 0, time.monotonic()
    while (took := time.monotonic() - started) < seconds:
        with arrived:
            while not waiting:
                arrived.wait(0.1)
            batch, waiting[:] = list(waiting), []
        _commit(conn, shop_id, [order_id for order_id, _ in batch])
        counted += len(batch)
        for _, done in batch:
            done.set()
    stop.set()
    with arrived:
        for _, done in waiting:
            done.set()
    for thread in threads:
        thread.join(1)
    conn.execute("DELETE FROM event WHERE source = 'limit'")  # the orders are logged on afterwards
    conn.close()
    return counted / took, counted


def _commit(conn: sqlite3.Connection, shop_id: str, order_ids: list[str]) -> None:
    now = now_micros()
    conn.execute("BEGIN IMMEDIATE")
    for order_id in order_ids:
        row = conn.execute("SELECT version FROM orders WHERE shop_id = ? AND id = ?", (shop_id, order_id)).fetchone()
        seq = conn.execute(
            "SELECT coalesce(max(seq), 0) + 100000 FROM event WHERE shop_id = ? AND order_id = ?", (shop_id, order_id)
        ).fetchone()[0]
        conn.execute(
            "INSERT INTO event (shop_id, order_id, seq, id, kind, step, position, effect, at, zone, precision,"
            " recorded_at, team, source) VALUES (?, ?, ?, ?, 'step', 'picked', 20, 'advance', ?, 'UTC', 'second', ?,"
            " 'warehouse', 'limit')",
            (shop_id, order_id, seq, new_id(), now, now),
        )
        conn.execute(
            "UPDATE orders SET version = ?, updated_at = ? WHERE shop_id = ? AND id = ?",
            (row[0], now, shop_id, order_id),
        )
    conn.execute("COMMIT")


async def _prepare(file: Path) -> tuple[str, list[str]]:
    """The newest schema, and a session for each of the people."""
    found = data.settings(file)
    db = Database(found.database_url)
    await upgrade(db)
    desk = Desk(db, found.secrets)
    with sqlite3.connect(file) as conn:
        shop_id = conn.execute("SELECT id FROM shop").fetchone()[0]
    conn.close()
    cookies = []
    for place in range(PEOPLE):
        async with db.write() as write:
            person = await person_rows.get_person(write, shop_id, f"person-{place}")
            link = await signin.make_link(write, shop_id, person, "staff")
        cookies.append((await signin.use_link(desk, link, device="bench", days=1))[0])
    await db.close()
    return shop_id, cookies


def _open_orders(file: Path, shop_id: str) -> list[str]:
    """Their numbers, far from one another in the file, each with what it was placed with and with nothing logged."""
    conn = sqlite3.connect(file, isolation_level=None)
    conn.execute("PRAGMA synchronous=OFF")
    first = 5_000_000
    conn.execute("BEGIN")
    data.insert_open(conn, shop_id, range(first, first + OPEN))
    conn.execute("COMMIT")
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()
    numbers = [str(100_000 + number) for number in range(first, first + OPEN)]
    random.Random(7).shuffle(numbers)
    return numbers


def _all_there(file: Path, result: dict[str, Any]) -> None:
    """Every answered step is in the file."""
    conn = sqlite3.connect(file)
    kept = conn.execute("SELECT count(*) FROM event WHERE source = 'staff'").fetchone()[0]
    conn.close()
    if kept < result["acknowledged"]:
        raise SystemExit(f"{result['acknowledged']} steps were acknowledged, {kept} are in the file")
    result["kept"] = kept


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How many steps can be logged at once?")
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--file", type=Path, help="a file made before; it is copied")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--steady", type=float, default=20.0, help="seconds of 100 steps a second")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--form", choices=("contract", "browser"), default="contract", help="which form is sent")
    return parser.parse_args()
