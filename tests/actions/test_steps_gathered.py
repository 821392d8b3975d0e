"""What steps that are logged at the same time read and write in one go is what each would have read and written."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa

from storefront_trace.actions import steps, trail
from storefront_trace.actions.steps import LoggedStep, StepToLog, log_step
from storefront_trace.domain.errors import Conflict
from storefront_trace.storage import events, locked
from storefront_trace.storage.database import Connection
from storefront_trace.storage.locked import Whole
from storefront_trace.storage.prepared import Prepared
from storefront_trace.storage.tables import event
from tests.people import Shop

PACKED = StepToLog("packed", "anders")
NUMBERS = [str(n) for n in range(1, 8)]


async def orders_of(shop: Shop) -> None:
    for number in NUMBERS:
        await shop.order(number)


def logging(shop: Shop, number: str, told: StepToLog = PACKED) -> Awaitable[LoggedStep]:
    return log_step(shop.desk, shop.id, number, told)


def in_between(shop: Shop, number: str) -> Awaitable[LoggedStep]:
    """A step logged by what does not say which order it is about."""

    async def job(conn: Connection) -> LoggedStep:
        cast, found = await trail.lock_whole(shop.desk, conn, shop.id, number)
        return await steps.log_step_in(conn, cast, found.row, StepToLog("picked", "lisa"), known=found)

    return shop.desk.db.write_together(job)


async def test_each_of_many_is_logged_on_its_own_order_as_it_stands(shop: Shop) -> None:
    await orders_of(shop)
    await asyncio.gather(*(logging(shop, number) for number in NUMBERS))
    found = await asyncio.gather(*(logging(shop, number, StepToLog("shipped", "lisa")) for number in NUMBERS))
    for number, one in zip(NUMBERS, found, strict=True):
        row = await shop.row(number)
        assert (row.version, row.state, row.number) == (3, "shipped", number)
        assert row == one.order
        assert [e.step for e in await shop.events(number)] == ["received", "packed", "shipped"]


async def test_what_somebody_else_changed_in_between_is_seen(shop: Shop) -> None:
    await orders_of(shop)
    done = await asyncio.gather(
        *map(lambda n: logging(shop, n), NUMBERS[:3]), in_between(shop, "5"), logging(shop, "5")
    )
    assert done[-1].event.seq in (2, 3) and [e.seq for e in await shop.events("5")] == [1, 2, 3]
    assert (await shop.row("5")).version == 3


async def test_an_order_that_is_not_there_is_said_to_who_asked_for_it_alone(shop: Shop) -> None:
    await orders_of(shop)
    found = await asyncio.gather(*(logging(shop, number) for number in ("1", "none", "3")), return_exceptions=True)
    assert [type(one).__name__ for one in found] == ["LoggedStep", "NotFound", "LoggedStep"]


async def test_many_at_once_take_a_few_statements_on_sqlite(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    if not shop.desk.db.sqlite:
        return
    await orders_of(shop)
    await logging(shop, "1")
    said: list[str] = []
    async with shop.desk.db._writer.connect() as conn:
        driver = (await conn.get_raw_connection()).driver_connection
        assert driver is not None
        await driver._execute(driver._conn.set_trace_callback, said.append)
    ran: list[object] = []
    monkeypatch.setattr(Prepared, "run", counting(ran, Prepared.run))
    await asyncio.gather(*(logging(shop, number) for number in NUMBERS[1:5]))
    assert len(ran) == 1
    assert [sum(one.startswith(word) for one in said) for word in ("INSERT", "UPDATE", "COMMIT")] == [1, 1, 1]


def counting(ran: list[object], run: Callable[..., object]) -> Callable[..., object]:
    def counted(one: object, *given: object) -> object:
        ran.append(one)
        return run(one, *given)

    return counted


async def test_who_does_not_hear_that_it_was_not_written_is_asked_again(shop: Shop) -> None:
    """A tap that counted elsewhere is found out when all is written: no job may go on as if nothing had happened."""
    await orders_of(shop)
    tap = replace(PACKED, source_key="once:a:packed")
    await logging(shop, "1", tap)

    async def looks(conn: Connection) -> int:
        try:
            rows = await conn.execute(sa.select(sa.func.count()).select_from(event))
        except Exception:
            return -1
        return int(rows.scalar_one())

    jobs = [logging(shop, "2"), logging(shop, "3", tap), shop.desk.db.write_together(looks), logging(shop, "4")]
    found = await asyncio.gather(*jobs, return_exceptions=True)
    assert isinstance(found[1], Conflict) and isinstance(found[2], int) and found[2] > 0
    assert [(await shop.row(number)).version for number in "1234"] == [2, 2, 1, 2]


async def test_orders_of_two_shops_are_not_mixed_up(shop: Shop) -> None:
    await orders_of(shop)

    async def read(conn: Connection) -> dict[tuple[str, str], list[object]]:
        return await locked._read_wholes(conn, [(shop.id, "1"), ("another", "1"), (shop.id, "7"), ("another", "2")])

    if shop.desk.db.sqlite:
        assert (await shop.desk.db.write_together(read)).keys() == {(shop.id, "1"), (shop.id, "7")}


async def test_what_is_read_at_once_is_whole(shop: Shop) -> None:
    await orders_of(shop)
    seen: list[Whole] = []

    async def job(conn: Connection, number: str) -> None:
        seen.append((await trail.lock_whole(shop.desk, conn, shop.id, number))[1])

    db = shop.desk.db
    jobs = [db.write_together(lambda conn, n=n: job(conn, n), locked.ahead(shop.id, n)) for n in NUMBERS]  # type: ignore[misc]
    await asyncio.gather(*jobs)
    for one in seen:
        assert one.row == await shop.row(one.row.number)
        async with db.read() as conn:
            assert one.events == await events.list_events(conn, shop.id, one.row.id)


async def test_an_order_is_found_by_its_number_in_whatever_order_they_come(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody promises in which order rows come into one JSON array."""
    if not shop.desk.db.sqlite:
        return
    for number in ("1", "2"):
        await shop.order(number)
    backwards = json.loads
    monkeypatch.setattr(locked.json, "loads", lambda text: backwards(text)[::-1])
    async with shop.desk.db.write() as conn:
        found = await locked._read_wholes(conn, [(shop.id, number) for number in ("1", "2", "none")])
    monkeypatch.undo()
    numbers = {key[1]: locked._whole(row).row.number for key, row in found.items()}
    assert numbers == {"1": "1", "2": "2"}
