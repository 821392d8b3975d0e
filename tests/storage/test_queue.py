from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from storefront_trace.actions import steps
from storefront_trace.actions.steps import StepToLog
from storefront_trace.storage import queue
from storefront_trace.storage.schema import downgrade, upgrade
from storefront_trace.storage.tables import order
from tests.people import Shop

TODAY = "2026-11-23"


async def waits(shop: Shop, number: str, *, promised: date | None = None, placed: datetime, to: str | None) -> None:
    await shop.order(number, promise_from=promised, promise_to=promised, placed_at=placed)
    await steps.log_step(shop.desk, shop.id, number, StepToLog("received", by="jocke", hand_to=to))


async def waiting_for(shop: Shop, handle: str, **page: int) -> list[str]:
    team = "warehouse"
    async with shop.desk.db.read() as conn:
        person_id = (await shop.person_id(handle),)
        rows = await queue.list_waiting(conn, shop.id, *person_id, team, today=TODAY, **page)
    return [row.number for row in rows]


async def test_the_oldest_promise_is_first_then_ones_own_then_the_longest_wait(shop: Shop) -> None:
    placed = datetime(2026, 11, 19, 9, tzinfo=UTC)
    await waits(shop, "1001", promised=date(2026, 11, 26), placed=placed, to=None)
    await waits(shop, "1002", promised=date(2026, 11, 26), placed=placed, to="anders")
    await waits(shop, "1003", promised=date(2026, 11, 25), placed=placed, to=None)
    await waits(shop, "1004", promised=date(2026, 11, 26), placed=placed, to=None)
    assert await waiting_for(shop, "anders") == ["1003", "1002", "1001", "1004"]
    assert await waiting_for(shop, "lisa") == ["1003", "1001", "1004"]


async def test_without_a_promise_an_order_stands_where_the_fifth_day_would_put_it(shop: Shop) -> None:
    placed = datetime(2026, 11, 19, 9, tzinfo=UTC)
    await waits(shop, "1001", placed=placed, to=None)
    await waits(shop, "1002", promised=date(2026, 11, 23), placed=placed, to=None)
    await waits(shop, "1003", promised=date(2026, 11, 25), placed=placed, to=None)
    await waits(shop, "1004", placed=placed - timedelta(days=9), to=None)
    assert await waiting_for(shop, "anders") == ["1004", "1002", "1001", "1003"]


async def test_the_pages_of_a_queue_are_its_parts(shop: Shop) -> None:
    placed = datetime(2026, 11, 12, 9, tzinfo=UTC)
    for n in range(8):
        await waits(shop, str(1001 + n), placed=placed + timedelta(days=n), to="anders" if n % 2 else None)
    whole = await waiting_for(shop, "anders", limit=20)
    parts = [await waiting_for(shop, "anders", limit=3, offset=offset) for offset in (0, 3, 6, 9)]
    assert [number for part in parts for number in part] == whole == [str(1001 + n) for n in range(8)]


async def test_a_long_queue_is_counted_no_further_than_anybody_reads(shop: Shop) -> None:
    placed = datetime(2026, 11, 19, 9, tzinfo=UTC)
    for n in range(4):
        await waits(shop, str(1001 + n), placed=placed, to="anders" if n % 2 else None)
    async with shop.desk.db.read() as conn:
        anders = await shop.person_id("anders")
        counts = [
            await queue.count_waiting(conn, shop.id, anders, "warehouse", today=TODAY, most=most) for most in (3, 10)
        ]
    assert counts == [3, 4]


async def test_what_waited_before_the_migration_has_its_place_after_it(shop: Shop) -> None:
    placed = datetime(2026, 11, 19, 9, tzinfo=UTC)
    await waits(shop, "1001", placed=placed, to=None)
    await waits(shop, "1002", promised=date(2026, 11, 23), placed=placed, to="anders")
    await shop.order("1003")
    await steps.log_step(shop.desk, shop.id, "1003", StepToLog("cancelled"))
    query = sa.select(order.c.number, order.c.due).where(order.c.shop_id == shop.id).order_by(order.c.number)
    async with shop.desk.db.read() as conn:
        before = (await conn.execute(query)).all()
    await downgrade(shop.desk.db, "0002")
    await upgrade(shop.desk.db)
    async with shop.desk.db.read() as conn:
        assert (await conn.execute(query)).all() == before
    assert [row.due for row in before] == ["2026-11-24", "2026-11-23", None]
