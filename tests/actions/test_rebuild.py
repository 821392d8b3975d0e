"""Replaying all events from nothing gives the same rows, whatever was tried."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storefront_trace import config
from storefront_trace.actions import feedback, orders, shops
from storefront_trace.actions.corrections import correct_event
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.steps import OutOfItsTurn, StepToLog, log_on_things, log_step
from storefront_trace.domain.errors import DomainError
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.domain.moments import Moment
from storefront_trace.domain.orders import METHODS, Parcel
from storefront_trace.domain.shop import ShopStep
from storefront_trace.storage import tables
from storefront_trace.storage.database import Database
from storefront_trace.storage.schema import upgrade
from tests.people import Shop, open_shops
from tests.shops import SECRET

START = datetime(2026, 11, 19, tzinfo=UTC)
KEYS = ["received", "picked", "packed", "shipped", "in_transit", "out_for_delivery", "delivered", "delayed", "nonsense"]
SWAPPED = ShopStep("swapped", 0, "exchange", "hand", "warehouse", {}, {}, {})
PAID = ShopStep("paid", 0, "aside", "check", "orders", {}, {}, {})
DERIVED = ("version state position holder_person_id holder_team holder_event_id holder_since waiting_person_id").split()
DERIVED += "waiting_team waiting_since waiting_until due next_step delivered_at placed_at".split()
DERIVED += "promise_from promise_to method updated_at".split()

log = st.fixed_dictionaries(
    {
        "do": st.just("log"),
        "step": st.sampled_from([*KEYS, "cancelled", "returned", "swapped", "paid"]),
        "by": st.sampled_from([None, "anders", "sam", "nobody"]),
        "hours": st.integers(0, 72),
        "hand_to": st.sampled_from([None, None, "lisa", "warehouse", "nowhere"]),
        "lines": st.lists(st.sampled_from(["1", "2", "9"]), max_size=2, unique=True),
        "parcel": st.sampled_from([None, "A", "B"]),
        "expected": st.sampled_from([None, "2026-11-25"]),
        "key": st.sampled_from([None, None, "k1", "k2"]),
    }
)
correct = st.fixed_dictionaries({"do": st.just("correct"), "which": st.integers(0, 9)})
put = st.fixed_dictionaries(
    {
        "do": st.just("put"),
        "quantity": st.integers(1, 4),
        "backordered": st.integers(0, 4),
        "come": st.sampled_from([None, 1, 9]),
        "lamp": st.booleans(),
        "method": st.sampled_from([None, *METHODS]),
    }
)
say = st.fixed_dictionaries({"do": st.just("say"), "which": st.integers(0, 9)})


async def attempt(shop: Shop, act: dict[str, Any]) -> None:
    """Does it, or is refused: both are fine here."""
    events = await shop.events()
    try:
        if act["do"] == "log":
            at = Moment(START + timedelta(hours=act["hours"]), "UTC", "minute")
            lines = tuple((key, None) for key in act["lines"])
            days = act["expected"]
            parcel = Parcel(act["parcel"], expected_from=days, expected_to=days) if act["parcel"] else None
            told = StepToLog(act["step"], act["by"], at, None, act["hand_to"], lines, parcel, source_key=act["key"])
            if act["hours"] % 2:
                done = await log_step(shop.desk, shop.id, "1001", told)
            else:
                minds = act["hours"] % 4 == 0
                done = await log_on_things(shop.desk, shop.id, "1001", lambda *_: told, minds=lambda _: minds)
            assert done.order == await shop.row()
        elif act["do"] == "correct":
            event = events[act["which"] % len(events)]
            done = await correct_event(shop.desk, shop.id, "1001", event.id, by=None, source="staff")
            assert done.order == await shop.row()
        elif act["do"] == "put":
            come = date(2026, 12, act["come"]) if act["come"] else None
            line = IncomingLine("1", "Mugg", act["quantity"], backordered=act["backordered"], expected=come)
            lamp = IncomingLine("2", "Lampa", 1, backordered=int(act["lamp"]), expected=date(2026, 12, 2))
            await shop.order(lines=(line, lamp), method=act["method"])
        else:
            event = events[act["which"] % len(events)]
            row = await shop.row()
            await feedback.save_feedback(shop.desk, shop.id, row.id, event.id, Answer("thanks"))
    except (DomainError, OutOfItsTurn):
        pass


async def rows(shop: Shop) -> dict[str, Any]:
    found: dict[str, Any] = {}
    async with shop.desk.db.read() as conn:
        for table in (tables.order, tables.line, tables.parcel):
            result = await conn.execute(sa.select(table).where(table.c.shop_id == shop.id).order_by(*table.primary_key))
            found[table.name] = [dict(row._mapping) for row in result]
    return found


async def wipe(shop: Shop) -> None:
    async with shop.desk.db.write() as conn:
        await conn.execute(sa.delete(tables.line).where(tables.line.c.shop_id == shop.id))
        await conn.execute(sa.delete(tables.parcel).where(tables.parcel.c.shop_id == shop.id))
        nothing = {name: None for name in DERIVED} | {
            "version": 0,
            "state": "?",
            "position": 0,
            "placed_at": 0,
            "method": "?",
        }
        await conn.execute(sa.update(tables.order).values(**(nothing | {"updated_at": 0})))


async def check(acts: list[dict[str, Any]], url: str, folder: Path) -> None:
    found = config.load({"DATABASE_URL": url, "SECRET_KEY": SECRET}, folder)
    db = Database(found.database_url)
    try:
        await upgrade(db)
        shop = await open_shops(Desk(db, found.secrets))
        await shops.put_step(shop.desk, shop.id, SWAPPED)
        await shops.put_step(shop.desk, shop.id, PAID)
        await shop.order()
        for act in acts:
            await attempt(shop, act)
        before = await rows(shop)
        await wipe(shop)
        await orders.rebuild_order(shop.desk, shop.id, "1001")
        assert await rows(shop) == before
    finally:
        await db.close()


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(acts=st.lists(st.one_of(log, log, log, correct, put, say), max_size=10))
def test_rebuilding_from_the_events_gives_the_same_rows(acts: list[dict[str, Any]]) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(check(acts, f"sqlite:///{folder}/x.db", Path(folder)))


async def test_rebuilding_gives_the_same_rows_on_postgresql(postgres_database: str, tmp_path: Path) -> None:
    packed = {"do": "log", "step": "packed", "by": "anders", "hours": 3, "hand_to": "lisa", "lines": ["1"]}
    packed |= {"expected": "2026-11-25"}
    acts: list[dict[str, Any]] = [
        packed | {"parcel": "A", "key": "k1"},
        packed | {"parcel": "A", "key": "k1"},
        packed | {"step": "delivered", "parcel": "A", "key": None, "hours": 9},
        packed | {"step": "picked", "parcel": None, "key": None, "hours": 1, "lines": []},
        {"do": "correct", "which": 1},
        {"do": "put", "quantity": 3, "backordered": 3, "come": 9, "lamp": True, "method": "pickup"},
        packed | {"step": "swapped", "key": None, "hours": 20, "parcel": None},
        packed | {"step": "returned", "key": None, "hours": 21, "parcel": None},
        {"do": "say", "which": 0},
    ]
    await check(acts, postgres_database, tmp_path)
