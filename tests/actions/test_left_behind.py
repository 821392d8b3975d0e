"""Who leaves has orders in hand: they are their team's from then on, in its queue and on the page."""

from __future__ import annotations

import pytest

from storefront_trace.actions import hold, left_behind, people, steps
from storefront_trace.actions.hold import Deed
from storefront_trace.actions.steps import StepToLog
from storefront_trace.storage import queue
from tests.people import Shop

TODAY = "2026-11-23"


async def waits_for_the_warehouse(shop: Shop) -> list[str]:
    lisa = await shop.person_id("lisa")
    async with shop.desk.db.read() as conn:
        return [row.number for row in await queue.list_waiting(conn, shop.id, lisa, "warehouse", today=TODAY)]


async def test_what_somebody_took_is_in_the_teams_queue_once_they_have_left(shop: Shop) -> None:
    await shop.order()
    await hold.take_order(shop.desk, shop.id, "1001", Deed("anders"))
    assert "1001" not in await waits_for_the_warehouse(shop)
    await people.end_employment(shop.desk, shop.id, "anders")
    row = await shop.row()
    assert (row.waiting_person_id, row.waiting_team, row.holder_team) == (None, "warehouse", "warehouse")
    assert "1001" in await waits_for_the_warehouse(shop)
    assert (await shop.events())[-1].source == "system"


async def test_what_is_given_back_to_somebody_who_has_left_goes_on_to_the_team(shop: Shop) -> None:
    await shop.order()
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("received", by="jocke", hand_to="anders"))
    await hold.take_order(shop.desk, shop.id, "1001", Deed("lisa"), over="anders")
    await people.end_employment(shop.desk, shop.id, "anders")
    assert (await shop.row()).waiting_person_id == await shop.person_id("lisa")
    await hold.give_back(shop.desk, shop.id, "1001", Deed("lisa"))
    await left_behind.pass_on_all(shop.desk)
    assert "1001" in await waits_for_the_warehouse(shop)


async def test_told_twice_nothing_more_happens_and_nobody_elses_orders_move(shop: Shop) -> None:
    for number, by in (("1001", "anders"), ("1002", "lisa")):
        await shop.order(number)
        await hold.take_order(shop.desk, shop.id, number, Deed(by))
    await people.end_employment(shop.desk, shop.id, "anders")
    before = len(await shop.events())
    assert await left_behind.pass_on_all(shop.desk) == 0
    assert await left_behind.pass_on(shop.desk, shop.id, await shop.person_id("lisa")) == 0  # who works here still
    assert len(await shop.events()) == before
    assert (await shop.row("1002")).waiting_person_id == await shop.person_id("lisa")


async def test_more_orders_than_a_batch_all_go(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [str(number) for number in range(2001, 2006)]
    for number in numbers:
        await shop.order(number)
        await hold.take_order(shop.desk, shop.id, number, Deed("anders"))
    monkeypatch.setattr(left_behind, "BATCH", 2)
    await people.end_employment(shop.desk, shop.id, "anders")
    assert set(numbers) <= set(await waits_for_the_warehouse(shop))
