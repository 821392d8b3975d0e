from __future__ import annotations

import pytest
import sqlalchemy as sa

from storefront_trace.storage import orders
from tests.people import Shop


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """PostgreSQL chooses by what its tables hold."""
    return sqlite_database


async def test_each_side_of_the_queue_is_read_in_the_order_of_its_index(shop: Shop) -> None:
    seen: list[str] = []
    values: list[tuple[object, ...]] = []
    engine = shop.desk.db._reader.sync_engine

    def keep(conn: object, cursor: object, statement: str, parameters: tuple[object, ...], *rest: object) -> None:
        if "UNION ALL" in statement:
            seen.append(statement)
            values.append(parameters)

    sa.event.listen(engine, "before_cursor_execute", keep)
    async with shop.desk.db.read() as conn:
        await orders.list_waiting(conn, shop.id, await shop.person_id("anders"), "warehouse", today="2026-11-23")
    sa.event.remove(engine, "before_cursor_execute", keep)
    async with shop.desk.db.read() as conn:
        plan = await conn.exec_driver_sql("EXPLAIN QUERY PLAN " + seen[0], values[0])
        told = " / ".join(row[3] for row in plan)
    assert "ix_orders_due_person" in told and "ix_orders_due_team" in told
    assert "SCAN orders" not in told
    assert told.count("USE TEMP B-TREE FOR ORDER BY") == 1  # of the two short lists together
