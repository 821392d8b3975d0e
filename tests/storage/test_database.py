from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from storefront_trace.storage.database import Connection, Database, sqlite_is_affected
from storefront_trace.storage.tables import shop as shop_table
from tests.patience import PATIENCE
from tests.people import Shop


async def generation(conn: Connection, shop_id: str) -> int:
    query = sa.select(shop_table.c.generation).where(shop_table.c.id == shop_id).with_for_update()
    return int((await conn.execute(query)).scalar_one())


async def set_generation(conn: Connection, shop_id: str, value: int) -> None:
    await conn.execute(sa.update(shop_table).where(shop_table.c.id == shop_id).values(generation=value))


async def increment(db: Database, shop_id: str) -> None:
    async with db.write() as conn:
        value = await generation(conn, shop_id)
        await asyncio.sleep(0)
        await set_generation(conn, shop_id, value + 1)


async def test_four_times_fifteen_increments_that_read_first_keep_all_sixty(shop: Shop) -> None:
    db = shop.desk.db
    async with db.write() as conn:
        await set_generation(conn, shop.id, 0)

    async def fifteen() -> None:
        for _ in range(15):
            await increment(db, shop.id)

    await asyncio.gather(*(fifteen() for _ in range(4)))
    async with db.read() as conn:
        assert await generation(conn, shop.id) == 60


async def test_cancelled_requests_leave_no_open_transaction(shop: Shop) -> None:
    db = shop.desk.db

    async def never_ends() -> None:
        async with db.write() as conn:
            await set_generation(conn, shop.id, 999)
            await asyncio.Event().wait()

    for wait in range(40):
        tasks = [asyncio.create_task(never_ends()) for _ in range(3)]
        for _ in range(wait):
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.wait_for(increment(db, shop.id), PATIENCE)
    async with db.read() as conn:
        assert await generation(conn, shop.id) < 999


async def test_an_error_takes_everything_back(shop: Shop) -> None:
    with pytest.raises(ZeroDivisionError):
        async with shop.desk.db.write() as conn:
            await set_generation(conn, shop.id, 999)
            raise ZeroDivisionError
    async with shop.desk.db.read() as conn:
        assert await generation(conn, shop.id) != 999


async def test_sqlite_is_set_to_keep_what_it_was_given(shop: Shop) -> None:
    if not shop.desk.db.sqlite:
        return
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    for door, query_only in ((shop.desk.db.write, 0), (shop.desk.db.read, 1)):
        async with door() as conn:
            found = {name: (await conn.exec_driver_sql(f"PRAGMA {name}")).scalar_one() for name in expected}
            assert found == expected
            assert (await conn.exec_driver_sql("PRAGMA query_only")).scalar_one() == query_only


async def test_the_reading_door_refuses_to_write_on_sqlite(shop: Shop) -> None:
    if not shop.desk.db.sqlite:
        return
    with pytest.raises(sa.exc.OperationalError, match="readonly"):
        async with shop.desk.db.read() as conn:
            await set_generation(conn, shop.id, 5)


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ("3.40.1", True),
        ("3.44.5", True),
        ("3.44.6", False),
        ("3.45.0", True),
        ("3.50.6", True),
        ("3.50.7", False),
        ("3.51.2", True),
        ("3.51.3", False),
        ("3.54.1", False),
    ],
)
def test_a_sqlite_with_the_wal_reset_race_is_recognised(version: str, affected: bool) -> None:
    assert sqlite_is_affected(version) is affected


async def test_an_error_does_not_tell_what_the_statement_was_given(shop: Shop) -> None:
    for door in (shop.desk.db.write, shop.desk.db.read):
        with pytest.raises(sa.exc.DBAPIError) as broke:
            async with door() as conn:
                await conn.execute(sa.text("SELECT nothing FROM nowhere WHERE x = :x"), {"x": "karin@example.com"})
        assert "karin@example.com" not in str(broke.value)
