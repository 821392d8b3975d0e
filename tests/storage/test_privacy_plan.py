from __future__ import annotations

import pytest

from tests.people import Shop


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """PostgreSQL chooses by what its tables hold."""
    return sqlite_database


@pytest.mark.parametrize("table", ["event", "person"])
async def test_what_shows_a_picture_is_looked_up_and_not_read_through(shop: Shop, table: str) -> None:
    async with shop.desk.db.read() as conn:
        rows = await conn.exec_driver_sql(f"EXPLAIN QUERY PLAN SELECT photo FROM {table} WHERE photo IN ('a', 'b')")
        assert [f"ix_{table}_photo" in row[3] for row in rows] == [True]
