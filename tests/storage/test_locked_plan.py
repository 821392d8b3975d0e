from __future__ import annotations

import pytest

from storefront_trace.storage import locked
from storefront_trace.storage.prepared import DIALECT
from tests.people import Shop


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """On PostgreSQL it is read in several statements."""
    return sqlite_database


async def test_what_a_step_begins_with_is_found_by_its_order_in_every_table(shop: Shop) -> None:
    """Not by the shop alone: a shop has a hundred thousand followers, and this is read for each step."""
    statement = str(locked.WHOLES.compile(dialect=DIALECT))
    async with shop.desk.db.read() as conn:
        plan = await conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (shop.id, "[]"))
        found = [row.detail for row in plan if row.detail.startswith("SEARCH") and "shop_id=?" in row.detail]
    assert len(found) == 5 and all("order_id=?" in one or "number=?" in one for one in found)
