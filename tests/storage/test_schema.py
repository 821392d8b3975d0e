from __future__ import annotations

import asyncio

import sqlalchemy as sa

from storefront_trace.storage.database import Database
from storefront_trace.storage.schema import differences, downgrade, is_current, upgrade
from tests.people import Shop


async def names(db: Database) -> set[str]:
    async with db.read() as conn:
        found: set[str] = await conn.run_sync(lambda sync: set(sa.inspect(sync).get_table_names()))
    return found


async def test_the_migrations_make_exactly_the_tables_of_the_code(shop: Shop) -> None:
    assert await is_current(shop.desk.db)
    assert await differences(shop.desk.db) == []


async def test_down_and_up_again_gives_the_same_tables(shop: Shop) -> None:
    db = shop.desk.db
    before = await names(db)
    await downgrade(db, "base")
    assert await names(db) == {"alembic_version"}
    await upgrade(db)
    assert await names(db) == before
    assert await differences(db) == []


async def test_migrating_twice_at_once_is_migrating_once(shop: Shop) -> None:
    db = shop.desk.db
    await downgrade(db, "base")
    await asyncio.gather(upgrade(db), upgrade(db))
    assert await is_current(db)
