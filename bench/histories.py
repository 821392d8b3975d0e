"""Finished orders to try estimates on: the demo shop's own, and a year of a made-up shop with everything that makes
days uneven."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from storefront_trace import config
from storefront_trace.actions.desk import Desk
from storefront_trace.demo.build import build_demo, find_shop
from storefront_trace.domain.calendar import Calendar, after_working, read_calendar
from storefront_trace.domain.moments import from_naive_local, local_day, to_micros
from storefront_trace.domain.orders import SHIPPED
from storefront_trace.domain.pace import Finished, Passed
from storefront_trace.photos.files import MediaStore
from storefront_trace.photos.worker import PhotoWorker
from storefront_trace.publicdays import public_days
from storefront_trace.storage.database import Database
from storefront_trace.storage.finished import list_finished
from storefront_trace.storage.schema import upgrade
from storefront_trace.storage.shops import get_shop

ZONE = "Europe/Stockholm"
SUMMER = tuple((date(2026, 7, 13) + timedelta(days=n)).isoformat() for n in range(12))
CLOSED = ("2025-12-29", "2025-12-30", *SUMMER)
# Driving days from the terminal to the door, and how many parcels of a hundred take so many.
FAST = {1: 58, 2: 29, 3: 9, 5: 4}
SLOW = {3: 10, 4: 25, 5: 30, 6: 20, 8: 10, 11: 5}


async def demo() -> tuple[list[Finished], Calendar]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        settings = config.load({"DATABASE_URL": f"sqlite:///{path}/demo.db"}, path)
        desk, worker = Desk(Database(settings.database_url), settings.secrets), PhotoWorker()
        await upgrade(desk.db)
        await build_demo(desk, settings, MediaStore(settings.media_dir), worker)
        await worker.close()
        shop_id = await find_shop(desk)
        assert shop_id is not None
        async with desk.db.read() as conn:
            found, shop = await list_finished(conn, shop_id), await get_shop(conn, shop_id)
        await desk.db.close()
    return found, read_calendar(shop.calendar, shop.zone)


def synthetic(orders: int = 500, seed: int = 7) -> tuple[list[Finished], Calendar]:
    """A year from November to November: weekends, Christmas, Easter, Midsummer, two weeks shut in July; one carrier
    that drives Monday to Friday, and a slow one that delivers on Saturdays too; one order in thirty gets stuck."""
    chance = random.Random(seed)
    kept = {"closed": CLOSED, "public": {"days": [day.isoformat() for day in public_days("SE", 2024, 2027)]}}
    calendar = read_calendar(kept, ZONE)
    found = [Finished(*_order(chance, calendar)) for _ in range(orders)]
    return sorted(found, key=lambda one: one.steps[-1].at), calendar


def with_parts(orders: int = 500, seed: int = 7) -> tuple[list[Finished], Calendar]:
    """The same year, and a fourth as many orders that came in two parcels, each with a carrier of its own."""
    whole, calendar = synthetic(orders, seed)
    chance = random.Random(seed + 1)
    told = (_order(chance, calendar) for _ in range(orders // 2))
    parts = [Finished(tuple(one for one in steps if one.position >= SHIPPED), by, True) for steps, by in told]
    return sorted([*whole, *parts], key=lambda one: one.steps[-1].at), calendar


def _order(chance: random.Random, calendar: Calendar) -> tuple[tuple[Passed, ...], str]:
    placed = datetime(2025, 11, 3, tzinfo=UTC) + timedelta(minutes=chance.randrange(370 * 24 * 60))
    slow = chance.random() < 0.25
    steps = [("received", 10, placed)]
    for step, position, median in (("picked", 20, 210), ("packed", 30, 60)):
        stuck = chance.randrange(1000, 2500) if step == "picked" and chance.random() < 1 / 30 else 0
        minutes = int(median * chance.lognormvariate(0, 0.7)) + stuck
        steps.append((step, position, after_working(calendar, steps[-1][2], minutes)))
    steps.append(("shipped", 40, _van(calendar, steps[-1][2])))
    steps += _carried(chance, calendar, steps[-1][2], slow)
    return tuple(Passed(step, position, to_micros(at), "minute") for step, position, at in steps), (
        "Sjöfrakt" if slow else "PostNord"
    )


def _van(calendar: Calendar, packed: datetime) -> datetime:
    """It comes at half past three on working days."""
    day = local_day(packed, ZONE)
    while True:
        comes = from_naive_local(datetime(day.year, day.month, day.day, 15, 30), ZONE).instant
        if calendar.works_on(day) and comes > packed:
            return comes
        day += timedelta(days=1)


def _carried(
    chance: random.Random, calendar: Calendar, sent: datetime, slow: bool
) -> Iterator[tuple[str, int, datetime]]:
    table = SLOW if slow else FAST
    days = chance.choices(list(table), list(table.values()))[0]
    day = local_day(sent, ZONE)
    yield "in_transit", 50, sent + timedelta(minutes=chance.randrange(90, 500))
    while days:
        day += timedelta(days=1)
        days -= day.isoweekday() <= (6 if slow else 5) and day not in calendar.public
    out = from_naive_local(datetime(day.year, day.month, day.day, 7, chance.randrange(60)), ZONE).instant
    yield "out_for_delivery", 60, out
    yield "delivered", 70, out + timedelta(minutes=chance.randrange(60, 540))
