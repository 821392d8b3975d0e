from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from storefront_trace.actions import purging
from tests.people import Shop
from tests.web.owner.answers import put_answer


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """PostgreSQL chooses by what its tables hold."""
    return sqlite_database


@pytest.mark.parametrize("table", ["event", "person"])
async def test_what_shows_a_picture_is_looked_up_and_not_read_through(shop: Shop, table: str) -> None:
    async with shop.desk.db.read() as conn:
        rows = await conn.exec_driver_sql(f"EXPLAIN QUERY PLAN SELECT photo FROM {table} WHERE photo IN ('a', 'b')")
        assert [f"ix_{table}_photo" in row[3] for row in rows] == [True]


async def test_what_is_let_go_is_looked_up_by_its_key_and_not_by_its_age(shop: Shop) -> None:
    """By its age it would be gone through anew for every few rows."""
    await put_answer(shop, "anders", words="Tack!", created_at=1)
    told: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("UPDATE feedback"):
            told.append((statement, parameters))

    engine = shop.desk.db._writer.sync_engine
    sa.event.listen(engine, "before_cursor_execute", note)
    assert (await purging.purge(shop.desk, shop.id)).words == 1
    sa.event.remove(engine, "before_cursor_execute", note)
    async with shop.desk.db.read() as conn:
        rows = await conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {told[0][0]}", told[0][1])
        assert "PRIMARY KEY (shop_id=? AND id=?)" in " ".join(row[3] for row in rows)
