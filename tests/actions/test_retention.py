from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from structlog.testing import capture_logs

from storefront_trace.actions import purging, retention, steps
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.moments import from_micros
from storefront_trace.photos.files import MediaStore
from storefront_trace.storage.tables import follower, notice
from tests.patience import PATIENCE
from tests.people import Shop


class Days:
    """Stands for waiting: lets `rounds` of them pass at once, then says stop."""

    def __init__(self, stop: asyncio.Event, rounds: int) -> None:
        self.stop, self.left = stop, rounds
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        if self.left == 0:
            self.stop.set()
        self.left -= 1


async def rounds(shop: Shop, count: int) -> tuple[Days, list[dict[str, object]]]:
    stop = asyncio.Event()
    days = Days(stop, count)
    with capture_logs() as logs:
        await retention.run(shop.desk, stop, wait=days)
    return days, [dict(one) for one in logs]


async def delivered(shop: Shop) -> None:
    await shop.order(lines=())
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("delivered"))


async def test_past_orders_lose_their_customer_by_themselves_and_the_log_counts_them(shop: Shop) -> None:
    await delivered(shop)
    await rounds(shop, 1)
    assert (await shop.row()).first_name == "Karin"
    with time_machine.travel(from_micros(now_micros()) + timedelta(days=61), tick=False):
        _, logs = await rounds(shop, 1)
    assert (await shop.row()).first_name is None
    counts = {one["shop"]: one["orders"] for one in logs if one["event"] == "retention"}
    assert counts == {shop.id: 1, shop.other_id: 0}


@pytest.mark.parametrize(("told", "days"), [(("delivered", "returned"), 60), (("returned",), 65), (("shipped",), 95)])
async def test_the_customer_goes_when_the_link_ends_and_not_before(
    shop: Shop, told: tuple[str, ...], days: int
) -> None:
    """The last step is five days after the start: it gives what came home no new life."""
    start = datetime(2026, 11, 30, tzinfo=UTC)
    for step, at in zip(told, (0, 5) if len(told) == 2 else (5,), strict=True):
        with time_machine.travel(start + timedelta(days=at), tick=False):
            await shop.order(lines=())
            await steps.log_step(shop.desk, shop.id, "1001", StepToLog(step))
    counts = []
    for later in (timedelta(days=days, seconds=-1), timedelta(days=days)):
        with time_machine.travel(start + later, tick=False):
            counts.append((await purging.purge(shop.desk, shop.id)).orders)
    assert counts == [0, 1]
    assert (await shop.row()).email is None


async def test_an_order_that_still_waits_here_keeps_its_customer(shop: Shop) -> None:
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False):
        await shop.order()
    assert (await purging.purge(shop.desk, shop.id)).orders == 0
    assert (await shop.row()).first_name == "Karin"


async def test_it_waits_some_minutes_first_and_then_a_day_each_time(shop: Shop) -> None:
    days, logs = await rounds(shop, 3)
    assert 300 <= days.seconds[0] <= 900
    assert all(86_400 <= seconds <= 87_000 for seconds in days.seconds[1:])
    assert [one["shop"] for one in logs].count(shop.id) == 3


async def test_what_a_power_cut_left_of_a_picture_goes_too(shop: Shop, tmp_path: Path) -> None:
    folder = tmp_path / "uploads" / "ab"
    folder.mkdir(parents=True)
    for name in (".unfinished-1", f"{'ab' * 16}-640.webp"):
        (folder / name).write_bytes(b"half")
        os.utime(folder / name, (0, 0))
    stop = asyncio.Event()
    await retention.run(shop.desk, stop, store=MediaStore(tmp_path), wait=Days(stop, 1))
    assert [path.name for path in folder.iterdir()] == [f"{'ab' * 16}-640.webp"]


async def test_a_failure_waits_for_the_next_day(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(retention, "purge", fail)
    _, logs = await rounds(shop, 2)
    assert [(one["event"], one["kind"]) for one in logs] == [("retention waits", "OSError")] * 2


async def test_two_processes_at_once_do_the_same_work_once(shop: Shop) -> None:
    await delivered(shop)
    with time_machine.travel(from_micros(now_micros()) + timedelta(days=61), tick=False):
        done = await asyncio.gather(*(purging.purge(shop.desk, shop.id) for _ in range(2)))
    assert sorted(one.orders for one in done) == [0, 1]


async def test_it_ends_at_once_when_the_server_does(shop: Shop) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(retention.run(shop.desk, stop))
    await asyncio.sleep(0)
    stop.set()
    with capture_logs() as logs:
        await asyncio.wait_for(running, PATIENCE)
    assert logs == []


async def test_what_is_written_here_does_not_go_with_another_shops_follower(shop: Shop) -> None:
    """The same id may stand in two shops; only this shop's own decides."""
    same, now = "0" * 32, now_micros()
    kept = {"channel": "mail", "locale": "sv", "created_at": 0}
    row = kept | {"id": same, "order_id": same, "fingerprint": "a", "wants": "all"}
    async with shop.desk.db.write() as conn:
        await conn.execute(sa.insert(follower).values(shop_id=shop.other_id, **row))
        told = kept | {"kind": "follow", "recipient": "bo@example.com", "due_at": now, "once": same}
        for shop_id in (shop.id, shop.other_id):
            notices = sa.insert(notice).values(shop_id=shop_id, id=same, detail={"follower_id": same}, **told)
            await conn.execute(notices)
    for shop_id in (shop.id, shop.other_id):
        await purging.purge(shop.desk, shop_id)
    async with shop.desk.db.read() as conn:
        left = list((await conn.execute(sa.select(notice.c.shop_id).where(notice.c.id == same))).scalars())
    assert left == [shop.id]
