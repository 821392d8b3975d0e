from __future__ import annotations

import itertools

import pytest
import sqlalchemy as sa

from storefront_trace.storage.listing import Wanted, count_wanted, list_wanted
from tests.people import Shop

FILTERS: tuple[dict[str, object], ...] = (
    {},
    {"state": "packed"},
    {"state": "delivered"},
    {"team": "warehouse"},
    {"promise_to": "2026-11-23"},
    {"promise_from": "2026-11-23", "promise_to": "2026-11-29"},
    {"out_of_stock": True},
    {"mine": ("a", "warehouse"), "today": "2026-11-23"},
    {"text": "kar"},
    {"ids": ("a", "b")},
    {"state": "packed", "team": "warehouse", "promise_to": "2026-11-23", "out_of_stock": True, "text": "kar"},
)


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """PostgreSQL chooses by what its tables hold."""
    return sqlite_database


@pytest.mark.parametrize("sort", ["promise", "placed", "waiting"])
async def test_no_filter_with_any_sort_reads_more_than_what_is_open(shop: Shop, sort: str) -> None:
    for wanted in FILTERS:
        for told in await plans(shop, Wanted(**wanted, sort=sort)):  # type: ignore[arg-type]
            assert "SCAN orders" not in told, (wanted, told)
            bounded = ("ix_orders_open", "ix_orders_state", "id=?")
            assert any(index in told for index in bounded), (wanted, told)


async def test_the_first_page_is_read_in_the_order_of_its_index(shop: Shop) -> None:
    told = (await plans(shop, Wanted()))[0]
    assert told.count("ix_orders_open") == 2
    assert told.count("USE TEMP B-TREE FOR ORDER BY") == 1  # of the two short lists together


async def plans(shop: Shop, wanted: Wanted) -> list[str]:
    seen: list[tuple[str, object]] = []
    engine = shop.desk.db._reader.sync_engine

    def keep(conn: object, cursor: object, statement: str, parameters: object, *rest: object) -> None:
        seen.append((statement, parameters))

    sa.event.listen(engine, "before_cursor_execute", keep)
    async with shop.desk.db.read() as conn:
        await list_wanted(conn, shop.id, wanted, limit=51, offset=0)
        await count_wanted(conn, shop.id, wanted)
    sa.event.remove(engine, "before_cursor_execute", keep)
    async with shop.desk.db.read() as conn:
        found = [await conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {one}", told) for one, told in seen]  # type: ignore[arg-type]
        told = [" / ".join(row[3] for row in plan) for plan in found]
    return [one for one in itertools.chain(told) if "orders" in one]
