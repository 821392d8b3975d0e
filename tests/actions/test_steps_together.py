"""Steps that are logged at the same time share a transaction, and nothing else."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import fields, replace
from pathlib import Path

from storefront_trace.actions import corrections, follow
from storefront_trace.actions.steps import LoggedStep, StepToLog, log_step
from storefront_trace.domain.errors import Conflict, Invalid
from storefront_trace.domain.orders import Event, Line, Parcel
from storefront_trace.storage import events, locked, orders
from storefront_trace.storage.database import Connection
from storefront_trace.storage.locked import Whole
from storefront_trace.storage.orders import OrderRow
from tests.people import Shop

ROOT = Path(__file__).parents[2]
PACKED = StepToLog("packed", "anders")
# Three steps are written, not committed yet, when the process dies.
CHILD = """
import asyncio, os, sys
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.storage.database import Database

async def main():
    desk = Desk(Database(sys.argv[1]), ["secret"])
    async def dies(conn):
        os._exit(9)
    steps = [log_step(desk, sys.argv[2], str(n), StepToLog("packed", "anders")) for n in range(3)]
    await asyncio.gather(*steps, desk.db.write_together(dies))

asyncio.run(main())
"""


async def at_once(shop: Shop, *told: tuple[str, StepToLog]) -> list[LoggedStep | BaseException]:
    """Each on the order of that number, or what refused it."""
    asked = (log_step(shop.desk, shop.id, number, one) for number, one in told)
    return await asyncio.gather(*asked, return_exceptions=True)


async def test_one_that_is_refused_in_the_middle_is_refused_alone(shop: Shop) -> None:
    for n in range(8):
        await shop.order(str(n))
    told = [(str(n), PACKED if n != 4 else replace(PACKED, hand_to="nobody")) for n in range(8)]
    found = await at_once(shop, *told)
    assert [type(one) for one in found] == [Invalid if n == 4 else LoggedStep for n in range(8)]
    assert [(await shop.row(str(n))).state for n in range(8)] == ["received" if n == 4 else "packed" for n in range(8)]


async def test_two_on_the_same_order_come_one_after_the_other(shop: Shop) -> None:
    await shop.order()
    found = await at_once(shop, *[("1001", PACKED)] * 2, ("1001", StepToLog("picked", "lisa")))
    assert all(isinstance(one, LoggedStep) for one in found)
    assert sorted(e.seq for e in await shop.events()) == [1, 2, 3, 4]
    row = await shop.row()
    assert (row.version, row.state) == (4, "packed")
    assert row in [one.order for one in found if isinstance(one, LoggedStep)]


async def test_the_same_tap_twice_at_once_is_one_step(shop: Shop) -> None:
    await shop.order()
    found = await at_once(shop, *[("1001", replace(PACKED, source_key="once:a:packed"))] * 3)
    assert sorted(one.again for one in found if isinstance(one, LoggedStep)) == [False, True, True]
    assert len({one.event.id for one in found if isinstance(one, LoggedStep)}) == 1
    assert len(await shop.events()) == 2


async def test_one_tap_never_counts_for_two_orders(shop: Shop) -> None:
    for n in range(4):
        await shop.order(str(n))
    tap = replace(PACKED, source_key="once:a:packed")
    found = await at_once(shop, ("0", PACKED), ("1", tap), ("2", tap), ("3", PACKED))
    assert sorted(type(one).__name__ for one in found[1:3]) == ["Conflict", "LoggedStep"]
    assert isinstance(found[0], LoggedStep) and isinstance(found[3], LoggedStep)
    refused = "1" if isinstance(found[1], Conflict) else "2"
    assert ((await shop.row(refused)).version, len(await shop.events(refused))) == (1, 1)


async def test_what_was_not_answered_when_the_process_died_is_not_there_by_half(shop: Shop) -> None:
    if not shop.desk.db.sqlite:
        return
    for n in range(3):
        await shop.order(str(n))
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, shop.desk.db.url, shop.id, cwd=ROOT, stderr=asyncio.subprocess.DEVNULL
    )
    assert await child.wait() == 9
    for n in range(3):
        assert ((await shop.row(str(n))).version, len(await shop.events(str(n)))) == (1, 1)
        await log_step(shop.desk, shop.id, str(n), PACKED)


async def whole(shop: Shop) -> Whole:
    async def look(conn: Connection) -> Whole:
        return await locked.lock_whole(conn, shop.id, "1001")

    return await shop.desk.db.write_together(look)


async def test_what_a_step_reads_at_once_is_what_stands_in_the_tables(shop: Shop) -> None:
    order_id = await shop.order()
    shipped = await log_step(shop.desk, shop.id, "1001", StepToLog("shipped", lines=(("1", 1),), parcel=Parcel("p")))
    await corrections.correct_event(
        shop.desk, shop.id, "1001", shipped.event.id, by="anders", reason="Å!", source="api"
    )
    for n in range(10):
        parcel = Parcel(str(9 - n), "PostNord", f"RR{n}")
        await log_step(shop.desk, shop.id, "1001", StepToLog("shipped", lines=(("1", 1),), parcel=parcel))
    found = await whole(shop)
    async with shop.desk.db.read() as conn:
        assert found.row == await shop.row()
        assert found.lines == await orders.list_lines(conn, shop.id, order_id)
        assert found.parcels == await orders.list_parcels(conn, shop.id, order_id)
        assert found.events == await events.list_events(conn, shop.id, order_id)
    assert len(found.events) == 13 and len(found.parcels) > 1 and type(found.lines[0].shippable) is bool


async def test_what_is_filled_at_once_has_all_its_fields_and_no_others(shop: Shop) -> None:
    await shop.order()
    await log_step(shop.desk, shop.id, "1001", PACKED)
    found = await whole(shop)
    facts = found.events[0].facts
    assert facts is not None
    for one, kind in ((found.row, OrderRow), (found.lines[0], Line), (found.events[1], Event), (facts.lines[0], Line)):
        assert vars(one).keys() == {field.name for field in fields(kind)}


async def test_whether_anybody_follows_is_seen_with_the_order(shop: Shop) -> None:
    order_id = await shop.order()
    if shop.desk.db.sqlite:
        assert not (await whole(shop)).followed
    await follow.follow_by_mail(
        shop.desk, shop.id, order_id, email="karin@example.com", wants="milestones", locale="sv"
    )
    assert (await whole(shop)).followed
