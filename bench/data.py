"""A SQLite file with many orders, eight events each, made once and kept: `python bench/data.py FILE [ORDERS]`."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from storefront_trace import config
from storefront_trace.actions import people, shops
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.people import PersonTold
from storefront_trace.domain.clock import DAY, HOUR, now_micros
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.links import key_id, make_token, token_hash
from storefront_trace.domain.orders import Facts, Line
from storefront_trace.storage import people as person_rows
from storefront_trace.storage.database import Database
from storefront_trace.storage.schema import upgrade

SECRET = "the-secret-of-the-benchmark-and-of-nothing-else"
PEOPLE = 200
WAY = (
    ("received", 10, "orders"),
    ("received", 10, "orders"),
    ("picked", 20, "warehouse"),
    ("packed", 30, "warehouse"),
    ("shipped", 40, "warehouse"),
    ("in_transit", 50, None),
    ("out_for_delivery", 60, None),
    ("delivered", 70, None),
)
THINGS = ("Skrattande mugg", "Oststrumpor", "Igelkottslampa", "Pussel", "Kaktus med hatt")
BATCH = 5000


def settings(path: Path) -> config.Settings:
    return config.load({"DATABASE_URL": f"sqlite:///{path}", "SECRET_KEY": SECRET}, path.parent)


def tokens(path: Path) -> list[str]:
    """Of every order in the file, in the order of their numbers."""
    secret = SECRET.encode()
    with sqlite3.connect(path) as conn:
        rows = conn.execute("SELECT shop_id, order_id, number FROM tracking_link").fetchall()
    return [make_token(secret, key_id(secret), *row) for row in rows]


def made(path: Path | None, orders: int, days: int = 1) -> Path:
    """The file with the orders of so many days, made when nobody has made it yet."""
    name = f"orders-{orders}.db" if days == 1 else f"orders-{orders}-of-{days}-days.db"
    file = path or Path(__file__).parent / "files" / name
    if not file.exists():
        file.parent.mkdir(exist_ok=True)
        print(f"making {orders} orders, which takes some minutes", file=sys.stderr)
        make(file.absolute(), orders, days)
    return file


def make(path: Path, orders: int, days: int = 1) -> None:
    """Under another name until it is complete, so that a broken run leaves no half file behind."""
    unfinished = path.with_suffix(".unfinished")
    for leftover in path.parent.glob(f"{unfinished.name}*"):
        leftover.unlink()
    shop_id, staff = asyncio.run(_shop(unfinished))
    gap = (days - 1) * DAY // orders
    with sqlite3.connect(unfinished, isolation_level=None) as conn:
        for pragma in ("synchronous=OFF", "cache_size=-400000", "temp_store=MEMORY"):
            conn.execute(f"PRAGMA {pragma}")
        started = time.monotonic()
        for first in range(0, orders, BATCH):
            conn.execute("BEGIN")
            numbers = range(first, min(first + BATCH, orders))
            _insert(conn, shop_id, staff, {number: (orders - number) * gap for number in numbers})
            conn.execute("COMMIT")
            if first % (BATCH * 20) == 0:
                print(f"{first:>9} orders, {time.monotonic() - started:.0f} s", file=sys.stderr)
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()
    unfinished.rename(path)


async def _shop(path: Path) -> tuple[str, dict[str, list[str]]]:
    found = settings(path)
    db = Database(found.database_url)
    await upgrade(db)
    desk = Desk(db, found.secrets)
    shop_id, _ = await shops.create_shop(desk, "Roliga Ting", "maria@example.com", locale="sv", zone="Europe/Stockholm")
    staff: dict[str, list[str]] = {"orders": [], "warehouse": []}
    for place in range(PEOPLE):
        team = "orders" if place % 4 == 0 else "warehouse"
        role = {"sv": "ordermottagningen"} if team == "orders" else {"sv": "lagret"}
        handle = f"person-{place}"
        await people.put_person(desk, shop_id, handle, PersonTold(f"Person {place}", role, team))
        async with db.read() as conn:
            person_id = (await person_rows.get_person(conn, shop_id, handle)).id
        await people.choose_visibility(desk, shop_id, person_id, "name" if place % 3 else "team", locale="sv")
        staff[team].append(person_id)
    await db.close()
    return shop_id, staff


def _insert(conn: sqlite3.Connection, shop_id: str, staff: dict[str, list[str]], numbers: dict[int, int]) -> None:
    """`numbers` says how long before the newest each order was placed."""
    rows: dict[str, list[tuple[Any, ...]]] = {
        name: [] for name in ("orders", "tracking_link", "line", "parcel", "event")
    }
    names: dict[str, tuple[str, ...]] = {}
    for number, before in numbers.items():
        placed = now_micros() - 6 * DAY + number % 86_400 * 1_000_000 - before
        for table, values in _rows(shop_id, staff, number, placed):
            names[table] = tuple(values)
            rows[table].append(tuple(values.values()))
    for table, found in rows.items():
        marks = ",".join("?" * len(names[table]))
        columns = ",".join(f'"{name}"' for name in names[table])
        conn.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", found)


def insert_open(conn: sqlite3.Connection, shop_id: str, numbers: range) -> None:
    """Orders that were placed an hour ago and wait for the warehouse, with nothing logged yet."""
    for number in numbers:
        placed = now_micros() - HOUR
        rows = [row for row in _rows(shop_id, {}, number, placed) if row[0] != "parcel"]
        for table, values in rows:
            if table == "event" and values["seq"] > 1:
                continue
            if table == "event":
                values |= {"at": placed, "recorded_at": placed, "source": "bench"}
            if table == "orders":
                values |= {
                    "source": "bench",
                    "state": "received",
                    "position": 10,
                    "version": 1,
                    "delivered_at": None,
                    "ended": False,
                }
                values |= {
                    "created_at": placed,
                    "updated_at": placed,
                    "next_step": "picked",
                    "due": values["promise_to"],
                }
                values |= {"waiting_team": "warehouse", "waiting_since": placed, "holder_team": "warehouse"}
            if table == "line":
                values |= {"shipped": 0}
            columns = ",".join(f'"{name}"' for name in values)
            conn.execute(f"INSERT INTO {table} ({columns}) VALUES ({','.join('?' * len(values))})", [*values.values()])


def _rows(shop_id: str, staff: dict[str, list[str]], number: int, placed: int) -> Iterator[tuple[str, dict[str, Any]]]:
    order_id, secret = new_id(), SECRET.encode()
    lines = [Line(str(n), THINGS[(number + n) % len(THINGS)], 1 + (number + n) % 3) for n in range(1, 4)]
    facts = Facts(placed, "Europe/Stockholm", "minute", "2026-11-25", "2026-11-26", tuple(lines))
    happened = [placed + place * 9 * HOUR for place in range(len(WAY))]
    yield "orders", {
        "shop_id": shop_id, "id": order_id, "number": str(100_000 + number), "source": "import",
        "first_name": "Karin", "email": f"karin{number}@example.com", "locale": "sv", "version": len(WAY),
        "state": "delivered", "position": 70, "placed_at": placed, "placed_zone": "Europe/Stockholm",
        "placed_precision": "minute", "promise_from": "2026-11-25", "promise_to": "2026-11-26",
        "delivered_at": happened[-1], "ended": True, "created_at": placed, "updated_at": happened[-1],
    }  # fmt: skip
    token = make_token(secret, key_id(secret), shop_id, order_id, 1)
    yield "tracking_link", {
        "shop_id": shop_id, "order_id": order_id, "number": 1, "token_hash": token_hash(token),
        "secret_id": key_id(secret), "created_at": placed,
    }  # fmt: skip
    for place, line in enumerate(lines):
        yield "line", {
            "shop_id": shop_id, "order_id": order_id, "position": place, **asdict(line), "shipped": line.quantity,
        }  # fmt: skip
    contents = [[line.key, line.quantity] for line in lines]
    yield "parcel", {
        "shop_id": shop_id, "order_id": order_id, "key": "1", "position": 0, "carrier": "PostNord",
        "tracking_number": f"RR{number}SE", "tracking_url": f"https://tracking.example/RR{number}SE",
        "search_number": f"RR{number}SE", "state": "delivered", "lines": json.dumps(contents),
    }  # fmt: skip
    for place, (step, position, team) in enumerate(WAY):
        people_there = staff.get(team or "", [])
        detail: dict[str, Any] = {"parcel": {"key": "1", "lines": []}} if position >= 40 else {}
        yield "event", {
            "shop_id": shop_id, "order_id": order_id, "seq": place + 1, "id": new_id(), "kind": "step", "step": step,
            "position": position, "effect": "advance", "at": happened[place], "zone": "Europe/Stockholm",
            "precision": "minute", "recorded_at": happened[place],
            "person_id": people_there[(number * 7 + place) % len(people_there)] if people_there and place else None,
            "team": team, "note": "Dubbelt bubbelplast, som du bad om." if step == "packed" else None,
            "detail": json.dumps(detail) if detail else None, "source": "import",
            "facts": json.dumps(asdict(facts)) if place == 0 else None,
        }  # fmt: skip


if __name__ == "__main__":
    make(Path(sys.argv[1]).absolute(), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
