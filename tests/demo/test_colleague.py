"""The colleague who keeps working while one looks."""

from __future__ import annotations

import asyncio
import random

import pytest

from storefront_trace.actions import people, steps
from storefront_trace.actions.steps import StepToLog
from storefront_trace.demo import colleague
from storefront_trace.demo.colleague import simulate, take_turn
from storefront_trace.storage import events
from storefront_trace.storage import orders as rows
from storefront_trace.storage import people as person_rows
from tests.demo.conftest import Demo
from tests.patience import PATIENCE


async def trail(demo: Demo, number: str) -> list[events.Event]:
    async with demo.desk.db.read() as conn:
        row = await rows.get_order(conn, demo.shop_id, number)
        return await events.list_events(conn, demo.shop_id, row.id)


async def turns(demo: Demo, count: int) -> list[str | None]:
    dice = random.Random(7)
    return [await take_turn(demo.desk, demo.shop_id, dice) for _ in range(count)]


async def numbers(demo: Demo) -> list[str]:
    async with demo.desk.db.read() as conn:
        found = await rows.list_orders(conn, demo.shop_id, limit=1000)
    return sorted((row.number for row in found if row.source == "demo"), key=int)


async def test_the_first_step_comes_within_eight_seconds_and_stop_ends_it_at_once(demo: Demo) -> None:
    stop, waited = asyncio.Event(), []

    async def pause(stopped: asyncio.Event, seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 2:
            stopped.set()

    before = len(await trail(demo, "1001"))
    await simulate(demo.app, stop, pause=pause)
    assert waited[0] <= 8
    assert 20 <= waited[1] <= 40
    found = await trail(demo, "1001")
    assert len(found) == before + 1
    assert (found[-1].step, found[-1].source, found[-1].person_id) == ("in_transit", "demo", None)


async def test_a_set_stop_wakes_it_from_a_real_pause(demo: Demo) -> None:
    stop = asyncio.Event()
    task = asyncio.create_task(simulate(demo.app, stop))
    await asyncio.sleep(0)
    stop.set()
    async with asyncio.timeout(PATIENCE):
        await task


async def test_it_goes_step_by_step_as_the_one_whose_turn_it_is(demo: Demo) -> None:
    await turns(demo, 30)
    async with demo.desk.db.read() as conn:
        jocke = await person_rows.get_person(conn, demo.shop_id, "jocke")
        packers = [(await person_rows.get_person(conn, demo.shop_id, who)).id for who in ("anders", "elias")]
    found = (await trail(demo, "1014"))[1:]
    way = ["received", "picked", "packed", "shipped", "in_transit", "out_for_delivery", "delivered"]
    assert [event.step for event in found] == way
    assert {event.source for event in found} == {"demo"}
    assert found[0].person_id == jocke.id
    assert all(event.person_id in packers for event in found[1:4])
    assert all(event.person_id is None and event.team is None for event in found[4:])


async def test_it_leaves_the_visitors_orders_alone(demo: Demo) -> None:
    before = {number: len(await trail(demo, number)) for number in colleague.RESTING - {"1001"}}
    moved = await turns(demo, 30)
    assert not set(before) & set(moved)
    assert {number: len(await trail(demo, number)) for number in before} == before


async def test_a_visitors_own_step_is_the_one_it_goes_on_from(demo: Demo) -> None:
    desk = demo.desk
    await steps.log_step(desk, demo.shop_id, "1013", StepToLog("picked", by="anders"))
    await turns(demo, 30)
    assert [event.step for event in await trail(demo, "1013")].count("picked") == 1


async def test_when_all_is_done_new_orders_come_in_up_to_sixty_in_all(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(colleague, "MOST_ORDERS", 16)
    done = await turns(demo, 60)
    assert await numbers(demo) == [str(number) for number in range(1001, 1017)]
    assert done[-1] is None


async def test_somebody_who_was_let_go_does_not_stop_it(demo: Demo) -> None:
    for handle in ("anders", "elias"):
        await people.end_employment(demo.desk, demo.shop_id, handle)
    moved = await turns(demo, 12)
    assert "1014" in moved  # Jocke still takes it in


async def test_a_fault_in_one_step_is_logged_and_the_next_one_comes(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[str] = []

    async def broken(*_: object) -> None:
        calls.append("turn")
        raise OSError("disk full")

    async def pause(stopped: asyncio.Event, _: float) -> None:
        if len(calls) == 2:
            stopped.set()

    monkeypatch.setattr(colleague, "take_turn", broken)
    await simulate(demo.app, asyncio.Event(), pause=pause)
    assert calls == ["turn", "turn"]
    assert "stumbled" in caplog.text


async def test_without_the_demo_shop_it_has_nothing_to_do(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    async def none(_: object) -> None:
        return None

    monkeypatch.setattr(colleague, "find_shop", none)
    await simulate(demo.app, asyncio.Event())
