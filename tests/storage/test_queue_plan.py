from __future__ import annotations

import pytest
import sqlalchemy as sa

from storefront_trace.storage import orders
from tests.people import Shop

TODAY = "2026-11-23"


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """PostgreSQL chooses by what its tables hold."""
    return sqlite_database


async def test_the_queue_is_read_and_counted_in_the_order_of_its_indexes(shop: Shop) -> None:
    asked: list[tuple[str, tuple[object, ...]]] = []
    engine = shop.desk.db._reader.sync_engine

    def keep(conn: object, cursor: object, statement: str, parameters: tuple[object, ...], *rest: object) -> None:
        asked.append((statement, parameters))

    anders = await shop.person_id("anders")
    sa.event.listen(engine, "before_cursor_execute", keep)
    async with shop.desk.db.read() as conn:
        await orders.list_waiting(conn, shop.id, anders, "warehouse", today=TODAY)
        await orders.count_waiting(conn, shop.id, anders, "warehouse", today=TODAY)
    sa.event.remove(engine, "before_cursor_execute", keep)
    listed, counted = [[one for one in asked if words in one[0]] for words in ("UNION ALL", "count(")]
    async with shop.desk.db.read() as conn:
        plans = []
        for statement, parameters in (*listed, *counted):
            rows = await conn.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters)
            plans.append(" / ".join(row[3] for row in rows))
    both, mine, theirs = plans
    assert "ix_orders_due_person" in both and "ix_orders_due_team" in both
    assert both.count("USE TEMP B-TREE FOR ORDER BY") == 1  # of the two short lists together
    assert "ix_orders_due_person" in mine and "ix_orders_due_team" in theirs
    assert not any("SCAN orders" in plan or "PRIMARY KEY" in plan for plan in plans)
