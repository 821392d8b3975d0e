"""The planner learns how large a shop has become, and finds one order without going through all."""

from __future__ import annotations

import asyncio

import pytest

from storefront_trace.actions import imports, retention
from storefront_trace.storage import orders
from storefront_trace.storage.database import Connection
from storefront_trace.storage.statistics import update_statistics
from tests.people import Shop
from tests.storage.test_queue_plan import plans_of


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    return sqlite_database


async def find(conn: Connection, shop: Shop) -> None:
    await orders.find_order_by_external_id(conn, shop.id, "shopify", "5")


async def plan(shop: Shop) -> str:
    [found] = await plans_of(shop, lambda conn: find(conn, shop), "external_id = ?")
    return found


async def fifty_orders(shop: Shop) -> None:
    for number in range(1001, 1051):
        await shop.order(str(number), external_id=str(number))


async def test_an_order_is_found_by_its_senders_id_through_the_index(shop: Shop) -> None:
    await fifty_orders(shop)
    async with shop.desk.db.write() as conn:
        await update_statistics(conn)
    assert "ix_orders_external" in await plan(shop)


async def test_connections_that_are_open_hear_of_it_each_time(shop: Shop) -> None:
    """Not only of the first time, when the table of the numbers is made."""
    async with shop.desk.db.write() as conn:
        await update_statistics(conn)
    async with shop.desk.db.read() as conn:
        await find(conn, shop)
    await fifty_orders(shop)
    async with shop.desk.db.write() as conn:
        await update_statistics(conn)
    async with shop.desk.db.read() as conn:
        await find(conn, shop)
    assert "ix_orders_external" in await plan(shop)


@pytest.mark.parametrize(("applied", "looks"), [(1023, False), (1024, True), (1536, False), (4096, True)])
async def test_a_long_import_renews_it_on_its_way(shop: Shop, applied: int, looks: bool) -> None:
    await fifty_orders(shop)
    await imports.keep_pace(shop.desk, applied)
    assert ("ix_orders_external" in await plan(shop)) == looks


async def test_it_is_renewed_with_each_days_round(shop: Shop) -> None:
    stop = asyncio.Event()
    waits: list[float] = []

    async def a_day(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) > 1:
            stop.set()

    await shop.order("1001")
    await retention.run(shop.desk, stop, wait=a_day)
    async with shop.desk.db.read() as conn:
        told = (await conn.exec_driver_sql("SELECT stat FROM sqlite_stat1 WHERE tbl = 'orders' LIMIT 1")).scalar_one()
    assert str(told).startswith("1 ")


async def test_it_keeps_numbers_and_nothing_of_what_was_said(shop: Shop) -> None:
    await shop.order("1001")
    async with shop.desk.db.write() as conn:
        await update_statistics(conn)
    async with shop.desk.db.read() as conn:
        tables = await conn.exec_driver_sql("SELECT name FROM sqlite_master WHERE name LIKE 'sqlite_stat%'")
        assert list(tables.scalars()) == ["sqlite_stat1"]
        told = await conn.exec_driver_sql("SELECT stat FROM sqlite_stat1")
        assert all(word.isdigit() or word == "unordered" for stat in told.scalars() for word in str(stat).split())
