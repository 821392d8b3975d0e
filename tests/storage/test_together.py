from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from storefront_trace.storage import orders
from storefront_trace.storage.database import Connection, DatabaseError
from storefront_trace.storage.prepared import prepared
from storefront_trace.storage.tables import shop as shop_table
from storefront_trace.storage.together import BATCHES, MOST, WORTH_A_CHECKPOINT, Together
from tests.patience import PATIENCE
from tests.people import Shop
from tests.storage.test_database import generation, set_generation


def adding(shop: Shop, amount: int = 1, error: Exception | None = None) -> Callable[[Connection], Awaitable[int]]:
    async def job(conn: Connection) -> int:
        value = await generation(conn, shop.id)
        await set_generation(conn, shop.id, value + amount)
        if error is not None:
            raise error
        return value + amount

    return job


async def seen(shop: Shop) -> int:
    async with shop.desk.db.read() as conn:
        return await generation(conn, shop.id)


async def test_sixty_increments_at_once_are_sixty(shop: Shop) -> None:
    before = await seen(shop)
    found = await asyncio.gather(*(shop.desk.db.write_together(adding(shop)) for _ in range(60)))
    assert sorted(found) == [before + n for n in range(1, 61)]
    assert await seen(shop) == before + 60


async def test_a_job_that_is_refused_takes_back_its_own_work_alone(shop: Shop) -> None:
    before = await seen(shop)
    jobs = [adding(shop, 1), adding(shop, 1000, ZeroDivisionError()), adding(shop, 1)]
    found = await asyncio.gather(*map(shop.desk.db.write_together, jobs), return_exceptions=True)
    assert isinstance(found[1], ZeroDivisionError)
    assert (found[0], found[2], await seen(shop)) == (before + 1, before + 2, before + 2)


async def test_one_that_is_refused_before_it_wrote_costs_the_others_nothing(shop: Shop) -> None:
    before, runs = await seen(shop), 0

    async def refused(conn: Connection) -> int:
        nonlocal runs
        runs += 1
        await generation(conn, shop.id)
        raise ZeroDivisionError

    jobs = [adding(shop), refused, adding(shop), refused]
    found = await asyncio.gather(*map(shop.desk.db.write_together, jobs), return_exceptions=True)
    assert [type(one) for one in found] == [int, ZeroDivisionError, int, ZeroDivisionError]
    assert (await seen(shop), runs) == (before + 2, 2)


async def test_of_many_each_that_fails_in_the_middle_takes_back_its_own_work_alone(shop: Shop) -> None:
    before = await seen(shop)
    jobs = [adding(shop, 1, ZeroDivisionError() if n % 3 == 0 else None) for n in range(100)]
    found = await asyncio.gather(*map(shop.desk.db.write_together, jobs), return_exceptions=True)
    assert [isinstance(one, int) for one in found] == [n % 3 != 0 for n in range(100)]
    assert await seen(shop) == before + 66


async def test_what_is_answered_is_there_for_whoever_reads_next_by_any_door(shop: Shop) -> None:
    answered = await shop.desk.db.write_together(adding(shop))
    assert await shop.desk.db.read_together(lambda conn: generation(conn, shop.id)) == answered == await seen(shop)


async def test_jobs_and_transactions_wait_for_one_another(shop: Shop) -> None:
    before, held, go_on = await seen(shop), asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with shop.desk.db.write() as conn:
            value = await generation(conn, shop.id)
            held.set()
            await go_on.wait()
            await set_generation(conn, shop.id, value + 1)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(slow())
        await held.wait()
        jobs = [tasks.create_task(shop.desk.db.write_together(adding(shop))) for _ in range(5)]
        go_on.set()
    assert sorted(job.result() for job in jobs) == [before + n for n in range(2, 7)]


async def test_a_transaction_of_its_own_gets_its_turn_while_very_many_jobs_wait(shop: Shop) -> None:
    if not shop.desk.db.sqlite:
        return
    many, done = 10 * MOST * BATCHES, 0

    async def one() -> None:
        nonlocal done
        await shop.desk.db.write_together(adding(shop))
        done += 1

    async with asyncio.TaskGroup() as tasks:
        for _ in range(many):
            tasks.create_task(one())
        await asyncio.sleep(0)
        async with shop.desk.db.write() as conn:
            assert await generation(conn, shop.id) and done < many
    assert done == many


async def test_somebody_who_leaves_while_waiting_stops_nobody_else(shop: Shop) -> None:
    tasks = [asyncio.create_task(shop.desk.db.write_together(adding(shop))) for _ in range(20)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    found = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), PATIENCE)
    assert all(isinstance(one, int) for one in found[1::2])
    assert await shop.desk.db.write_together(adding(shop)) > max(one for one in found if isinstance(one, int))


async def test_what_was_logged_comes_into_the_file_once_it_is_answered(shop: Shop, tmp_path: Path) -> None:
    db = shop.desk.db
    if db.path is None:
        return
    await asyncio.gather(*(db.write_together(adding(shop)) for _ in range(WORTH_A_CHECKPOINT)))
    await db._written.close()  # nothing more is to be done
    shutil.copyfile(db.path, tmp_path / "without-its-log.db")
    with sqlite3.connect(tmp_path / "without-its-log.db") as conn:
        found = conn.execute("SELECT generation FROM shop WHERE id = ?", (shop.id,)).fetchone()[0]
    conn.close()
    assert found == await seen(shop)


async def test_a_checkpoint_that_fails_stops_nobody(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(conn: sqlite3.Connection) -> list[object]:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr("storefront_trace.storage.together._checkpoint", fails)
    monkeypatch.setattr("storefront_trace.storage.together.WORTH_A_CHECKPOINT", 1)
    before = await seen(shop)
    for n in range(3):
        assert await shop.desk.db.write_together(adding(shop)) == before + n + 1


async def test_who_only_reads_cannot_write_on_sqlite(shop: Shop) -> None:
    if shop.desk.db.sqlite:
        with pytest.raises(DatabaseError):
            await shop.desk.db.read_together(lambda conn: set_generation(conn, shop.id, 5))


async def test_a_statement_that_fails_is_told_as_by_the_other_doors_and_without_its_values(shop: Shop) -> None:
    name = shop_table.c.id

    async def twice(conn: Connection) -> None:
        await orders.get_order(conn, shop.id, "1001")
        await conn.execute(sa.insert(shop_table).values({name: shop.id, "name": "Karin's secret"}))

    await shop.order()
    with pytest.raises(DatabaseError) as told:
        await shop.desk.db.write_together(twice)
    assert "Karin's secret" not in str(told.value)
    await shop.desk.db.write_together(adding(shop))


async def test_a_job_that_waits_for_something_else_is_refused_on_sqlite_and_stops_nobody(shop: Shop) -> None:
    async def sleeps(conn: Connection) -> None:
        await set_generation(conn, shop.id, 4711)
        await asyncio.sleep(0)

    if shop.desk.db.sqlite:
        with pytest.raises(RuntimeError, match="waited"):
            await shop.desk.db.write_together(sleeps)
        assert await seen(shop) != 4711


async def test_prepared_statements_give_the_same_rows_by_every_door(shop: Shop) -> None:
    order_id = await shop.order()
    async with shop.desk.db.read() as conn:
        row, lines = await orders.get_order(conn, shop.id, "1001"), await orders.list_lines(conn, shop.id, order_id)
    assert await shop.desk.db.read_together(lambda conn: orders.get_order(conn, shop.id, "1001")) == row
    assert await shop.desk.db.read_together(lambda conn: orders.list_lines(conn, shop.id, order_id)) == lines
    assert type(lines[0].shippable) is bool


async def test_a_value_that_was_forgotten_is_no_null(shop: Shop) -> None:
    query = prepared(sa.select(shop_table.c.name).where(shop_table.c.id == sa.bindparam("id")))
    with pytest.raises((ValueError, sa.exc.StatementError), match="id"):
        await shop.desk.db.read_together(lambda conn: conn.execute(query, {}))
    change = sa.update(shop_table).where(shop_table.c.id == sa.bindparam("which"))
    prepared(change, columns=["name", "zone"])
    if shop.desk.db.sqlite:  # elsewhere what is not named is not changed
        with pytest.raises(ValueError, match="zone"):
            await shop.desk.db.write_together(lambda conn: conn.execute(change, {"which": shop.id, "name": "Ny"}))


async def test_who_takes_the_turns_may_be_cancelled_and_the_next_are_served_all_the_same() -> None:
    conn, begun, calm = sqlite3.connect(":memory:", isolation_level=None), asyncio.Event(), asyncio.Event()

    async def work(run: Callable[[sqlite3.Connection], list[object]]) -> list[object]:
        begun.set()
        await calm.wait()
        return run(conn)

    async def one(_: Connection) -> int:
        return 1

    together = Together(work, "BEGIN")
    at_work = asyncio.create_task(together.do(one))
    await asyncio.wait_for(begun.wait(), PATIENCE)
    waits = asyncio.create_task(together.do(one))
    await asyncio.sleep(0)
    assert together._turns is not None
    together._turns.cancel()
    found = await asyncio.wait_for(asyncio.gather(at_work, waits, return_exceptions=True), PATIENCE)
    assert [type(error) for error in found] == [asyncio.CancelledError] * 2
    calm.set()
    assert await asyncio.wait_for(together.do(one), PATIENCE) == 1
    conn.close()


async def test_a_value_that_a_prepared_statement_has_no_place_for_is_never_dropped(shop: Shop) -> None:
    query = prepared(sa.select(shop_table.c.name).where(shop_table.c.id == sa.bindparam("id")))
    assert (await shop.desk.db.read_together(lambda conn: conn.execute(query, {"id": shop.id}))).scalar_one()
    if shop.desk.db.sqlite:
        with pytest.raises(ValueError, match="zone"):
            await shop.desk.db.read_together(lambda conn: conn.execute(query, {"id": shop.id, "zone": "UTC"}))


class TestOnSqlite:
    @pytest.fixture
    def database_url(self, sqlite_database: str) -> str:
        """PostgreSQL keeps no such copies."""
        return sqlite_database

    async def test_what_sqlite_copies_for_a_batch_goes_into_no_file_and_all_else_may(self, shop: Shop) -> None:
        async def place(conn: Connection) -> int:
            return int((await conn.execute(sa.text("PRAGMA temp_store"))).scalar_one())

        file, memory = 0, 2
        assert await asyncio.gather(*(shop.desk.db.write_together(place) for _ in range(9))) == [memory] * 9
        async with shop.desk.db.write() as conn:  # once the batch has given the connection back
            assert await place(conn) == file
        assert await shop.desk.db.write_together(place) == file
