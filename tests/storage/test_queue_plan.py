from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
import sqlalchemy as sa

from storefront_trace.storage import batches, events, needs, queue
from storefront_trace.storage.database import Connection
from tests.people import Shop

TODAY = "2026-11-23"


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """PostgreSQL chooses by what its tables hold."""
    return sqlite_database


async def plans_of(shop: Shop, read: Callable[[Connection], Awaitable[object]], *words: str) -> list[str]:
    """Of the statements in which one of these words stands, in this order of the words."""
    asked: list[tuple[str, tuple[object, ...]]] = []
    engine = shop.desk.db._reader.sync_engine

    def keep(conn: object, cursor: object, statement: str, parameters: tuple[object, ...], *rest: object) -> None:
        asked.append((statement, parameters))

    sa.event.listen(engine, "before_cursor_execute", keep)
    async with shop.desk.db.read() as conn:
        await read(conn)
    sa.event.remove(engine, "before_cursor_execute", keep)
    async with shop.desk.db.read() as conn:
        plans = []
        for statement, parameters in [one for word in words for one in asked if word in one[0]]:
            rows = await conn.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters)
            plans.append(" / ".join(row[3] for row in rows))
    return plans


async def test_the_queue_is_read_and_counted_in_the_order_of_its_indexes(shop: Shop) -> None:
    anders = await shop.person_id("anders")

    async def read(conn: Connection) -> None:
        await queue.list_waiting(conn, shop.id, anders, "warehouse", today=TODAY)
        await queue.count_waiting(conn, shop.id, anders, "warehouse", today=TODAY)

    both, mine, theirs = plans = await plans_of(shop, read, "UNION ALL", "count(")
    assert "ix_orders_due_person" in both and "ix_orders_due_team" in both
    assert both.count("USE TEMP B-TREE FOR ORDER BY") == 1  # of the two short lists together
    assert "ix_orders_due_person" in mine and "ix_orders_due_team" in theirs
    assert not any("SCAN orders" in plan or "PRIMARY KEY" in plan for plan in plans)


async def test_the_offer_to_undo_reads_no_more_than_somebodys_last_days(shop: Shop) -> None:
    anders = await shop.person_id("anders")

    async def read(conn: Connection) -> None:
        await events.last_event_by_person(conn, shop.id, anders, 1, source="staff")

    [plan] = await plans_of(shop, read, "FROM event")
    assert "ix_event_person (shop_id=? AND person_id=? AND at>?)" in plan


async def test_what_stands_still_is_read_in_the_order_of_its_index(shop: Shop) -> None:
    [plan] = await plans_of(shop, lambda conn: needs.list_still(conn, shop.id, 1, today=TODAY), "waiting_since <")
    assert plan == "SEARCH orders USING INDEX ix_orders_since (shop_id=? AND waiting_since<?)"


@pytest.mark.parametrize("n", [1, 4, 50])
async def test_scanned_numbers_are_found_by_their_index_however_many(shop: Shop, n: int) -> None:
    await shop.order("1001")
    numbers = [str(1000 + one) for one in range(n)] + ["1001"]

    async def read(conn: Connection) -> None:
        assert [row.number for row in await batches.find_orders(conn, shop.id, numbers)] == ["1001"]

    [plan] = await plans_of(shop, read, "FROM orders")
    assert plan.count("SEARCH orders") == plan.count("(shop_id=? AND number=?)") == len(set(numbers))
    assert "SCAN" not in plan
