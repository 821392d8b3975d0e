"""How soon is each of the owner's pages there? Run: `.venv/bin/python bench/owner.py [--orders N] [--feedbacks N]`

Makes (once; they are kept in bench/files/) a SQLite file with the million orders of a year, by 200 people, and one of
it with 300,000 answers of customers, 6 % of them concerns. Then every page of the owner's that can be opened, as
`routes/owner.py` lists them, is asked for 20 times over one connection, and the statements that it sent to the
database are sent again without anything around them: `ms`, `bare_ms` and their `ratio`, medians. `cpu_ms` is what the
server's process computed for one page, which says more than the clock where other things run. The last line is JSON;
the exit status is 1 when a page takes longer than 150 ms and more than three times its bare queries.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import random
import shutil
import sqlite3
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import sqlalchemy as sa
from starlette.routing import Route

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from bench import data  # noqa: E402
from bench.page import Server  # noqa: E402
from storefront_trace.actions import signin  # noqa: E402
from storefront_trace.actions.desk import Desk  # noqa: E402
from storefront_trace.app import create_app  # noqa: E402
from storefront_trace.domain.clock import DAY, HOUR, now_micros  # noqa: E402
from storefront_trace.domain.ids import new_id  # noqa: E402
from storefront_trace.routes import OWNER  # noqa: E402
from storefront_trace.storage import people as person_rows  # noqa: E402
from storefront_trace.storage.database import Database, sqlite_pragmas  # noqa: E402
from storefront_trace.storage.schema import upgrade  # noqa: E402
from storefront_trace.storage.statistics import update_statistics  # noqa: E402

DAYS = 365
REQUESTS = 20
LIMIT_MS, MOST_RATIO = 150.0, 3.0
CONCERNS, WORDS, TAKEN_CARE_OF, TEAMS_OWN = 0.06, 0.3, 0.95, 0.05
TAKEN_BACK = 2000
# What stands for each part of a path; a page with another part is told, and not measured.
PARTS = {"handle": "person-7", "key": {"teams": "warehouse", "steps": "packed"}}
MORE = (
    "/owner?page=2",
    "/owner/concerns?all=1",
    "/owner/people/person-7?days=365",
    "/owner/people/person-7/answers?days=365&step=packed",
)
Asked = list[tuple[str, Any]]


def main() -> None:
    options = _options()
    file = _prepared(options)
    cookie = asyncio.run(_signed_in(file))
    with sqlite3.connect(file) as conn:
        concern = conn.execute("SELECT id FROM feedback WHERE choice = 'concern' LIMIT 1").fetchone()[0]
    pages, left_out = _pages(concern)
    asked = asyncio.run(_statements(file, cookie, pages))
    left_out += [page for page in pages if page not in asked]
    found: dict[str, Any] = {}
    with Server("product", file) as product:
        for page in asked:
            found[page] = _measured(product, page, cookie) | _bare(file, asked[page])
            found[page]["ratio"] = round(found[page]["ms"] / max(found[page]["bare_ms"], 0.1), 1)
            print(f"{page:60} {json.dumps(found[page])}", file=sys.stderr)
    late = [page for page, one in found.items() if one["ms"] > LIMIT_MS and one["ratio"] > MOST_RATIO]
    limits = {"ms": LIMIT_MS, "ratio": MOST_RATIO}
    print(json.dumps({"pages": found, "left_out": left_out, "limits": limits, "late": late, "within_limits": not late}))
    sys.exit(bool(late))


def _pages(concern: str) -> tuple[list[str], list[str]]:
    pages, left_out = ["/owner"], []
    for route in OWNER:
        if not isinstance(route, Route) or "GET" not in (route.methods or ("GET",)):
            continue
        first = route.path.split("/")[1]
        parts = {"handle": PARTS["handle"], "key": PARTS["key"].get(first), "feedback": concern}  # type: ignore[attr-defined]
        named = {name: parts.get(name) for name in route.param_convertors}
        path = "/owner" + route.path.format(**named)
        (left_out if None in named.values() or path.endswith((".csv", ".json", ".pdf")) else pages).append(path)
    return [*dict.fromkeys([*pages, *MORE])], left_out


def _measured(product: Server, page: str, cookie: str) -> dict[str, float]:
    connection = http.client.HTTPConnection("127.0.0.1", product.port)
    headers = {"Cookie": f"session={cookie}", "Accept-Language": "sv"}
    times, before = [], 0.0
    for turn in range(REQUESTS + 2):  # the first two warm the file's pages and the compiled statements
        if turn == 2:
            before = product.cpu
        started = time.perf_counter()
        connection.request("GET", page, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        times.append((time.perf_counter() - started) * 1000)
        if answer.status != 200:
            raise SystemExit(f"{page} answered {answer.status}: {body[:200]!r}")
    cpu = (product.cpu - before) / REQUESTS * 1000
    return {"ms": round(statistics.median(times[2:]), 1), "cpu_ms": round(cpu, 1), "bytes": len(body)}


async def _statements(file: Path, cookie: str, pages: list[str]) -> dict[str, Asked]:
    """What each page asks of the database, from an application in this process; not of those that only lead on."""
    app = create_app(data.settings(file))
    found: dict[str, Asked] = {}
    sent: Asked = []

    def keep(_conn: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        if statement != "BEGIN":
            sent.append((statement, parameters))

    async with app.router.lifespan_context(app):
        sa.event.listen(app.state.desk.db._reader.sync_engine, "before_cursor_execute", keep)
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            for page in pages:
                sent.clear()
                answer = await client.get(page, headers={"Cookie": f"session={cookie}", "Accept-Language": "sv"})
                if answer.status_code == 200:
                    found[page] = list(sent)
    return found


def _bare(file: Path, asked: Asked) -> dict[str, Any]:
    conn = sqlite3.connect(file)
    for pragma in sqlite_pragmas(query_only=True):
        conn.execute(f"PRAGMA {pragma}")

    def run() -> float:
        started = time.perf_counter()
        for statement, parameters in asked:
            conn.execute(statement, parameters).fetchall()
        return (time.perf_counter() - started) * 1000

    times = [run() for _ in range(6)][1:]
    conn.close()
    return {"bare_ms": round(statistics.median(times), 1), "statements": len(asked)}


def _prepared(options: argparse.Namespace) -> Path:
    """The file with the answers: made of a copy, under another name until it is complete."""
    orders = data.made(options.file, options.orders, DAYS)
    file: Path = orders.with_name(f"{orders.stem}-{options.feedbacks}-answers.db")
    if not file.exists():
        unfinished = file.with_suffix(".unfinished")
        print(f"copying the orders, for {options.feedbacks} answers", file=sys.stderr)
        shutil.copyfile(orders, unfinished)
        asyncio.run(_upgraded(unfinished))
        _say(unfinished, options.feedbacks)
        unfinished.rename(file)
    asyncio.run(_upgraded(file))
    return file


def _say(file: Path, feedbacks: int) -> None:
    conn = sqlite3.connect(file, isolation_level=None)
    for pragma in ("synchronous=OFF", "cache_size=-400000", "temp_store=MEMORY"):
        conn.execute(f"PRAGMA {pragma}")
    conn.execute("BEGIN")
    for row in _answers(conn, feedbacks):
        marks = ", ".join("?" * len(row))
        conn.execute(f"INSERT INTO feedback ({', '.join(row)}) VALUES ({marks})", [*row.values()])
    _take_back(conn)
    conn.execute("COMMIT")
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()


def _answers(conn: sqlite3.Connection, feedbacks: int) -> Iterator[dict[str, Any]]:
    """About one of the four steps that people log, of every so manieth order."""
    dice = random.Random(7)
    orders = conn.execute("SELECT shop_id, id, number FROM orders ORDER BY shop_id, id").fetchall()
    look = "SELECT id, step, person_id, team, at FROM event WHERE shop_id = ? AND order_id = ? AND seq = ?"
    for place in range(feedbacks):
        shop_id, order_id, number = orders[place * len(orders) // feedbacks]
        event_id, step, person_id, team, at = conn.execute(look, (shop_id, order_id, dice.randint(2, 5))).fetchone()
        concern, said = dice.random() < CONCERNS, now_micros() - DAY
        said = min(at + dice.randrange(HOUR, 5 * DAY), said)
        yield {
            "shop_id": shop_id, "id": new_id(), "order_id": order_id, "event_id": event_id, "order_number": number,
            "step": step, "person_id": None if dice.random() < TEAMS_OWN else person_id, "team": team,
            "choice": "concern" if concern else "thanks", "chips": '["late"]' if concern else '["kind"]',
            "words": "Så fint packat, tack!" if dice.random() < WORDS else "", "contact": 0, "first_name": "Karin",
            "locale": "sv", "asked": "bench", "created_at": said, "history": "[]",
            "concern_at": said if concern else None,
            "done_at": said + DAY if concern and dice.random() < TAKEN_CARE_OF else None,
        }  # fmt: skip


def _take_back(conn: sqlite3.Connection) -> None:
    """Some steps, from every so manieth order."""
    few = "SELECT shop_id, id FROM orders WHERE CAST(number AS INTEGER) % 500 = 0 LIMIT ?"
    for shop_id, order_id in conn.execute(few, (TAKEN_BACK,)).fetchall():
        conn.execute(
            "INSERT INTO correction (shop_id, order_id, event_id, correction_event_id, created_at) "
            "SELECT shop_id, order_id, id, ?, at FROM event WHERE shop_id = ? AND order_id = ? AND seq = 4",
            (new_id(), shop_id, order_id),
        )


async def _upgraded(file: Path) -> None:
    db = Database(data.settings(file).database_url)
    await upgrade(db)
    async with db.write() as conn:
        await update_statistics(conn)  # as after a shop's first day
    await db.close()


async def _signed_in(file: Path) -> str:
    found = data.settings(file)
    db = Database(found.database_url)
    desk = Desk(db, found.secrets)
    with sqlite3.connect(file) as conn:
        shop_id = conn.execute("SELECT id FROM shop").fetchone()[0]
    conn.close()
    async with db.write() as write:
        person = await person_rows.get_person(write, shop_id, "person-0")
        link = await signin.make_link(write, shop_id, person, "owner")
    cookie = (await signin.use_link(desk, link, device="bench", days=1))[0]
    await db.close()
    return cookie


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How soon is each of the owner's pages there?")
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--feedbacks", type=int, default=300_000)
    parser.add_argument("--file", type=Path, help="a file with orders made before; it is copied")
    return parser.parse_args()


if __name__ == "__main__":
    main()
