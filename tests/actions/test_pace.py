from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
import time_machine

from storefront_trace.actions import pace, shops
from storefront_trace.actions.corrections import correct_event
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.moments import Moment, from_micros
from storefront_trace.domain.orders import Parcel
from storefront_trace.domain.shop import Shop as ShopRow
from storefront_trace.storage import shops as shop_rows
from storefront_trace.storage.database import Connection
from storefront_trace.storage.finished import list_finished
from tests.pace import history
from tests.people import Shop

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SHORT_DAYS = {"days": [1, 2], "opens": "09:00", "closes": "15:00", "closed": []}


@pytest.fixture(autouse=True)
def november() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


async def row(shop: Shop) -> ShopRow:
    async with shop.desk.db.read() as conn:
        return await shop_rows.get_shop(conn, shop.id)


async def came_home(shop: Shop, amount: int) -> None:
    for place, finished in enumerate(history(amount=amount)):
        number = str(5000 + place)
        await shop.order(
            number, placed_at=from_micros(finished.steps[0].at), lines=(), promise_from=None, promise_to=None
        )
        for passed in finished.steps:
            parcel = Parcel("1", "PostNord") if passed.position >= 40 else None
            when = Moment(from_micros(passed.at), "Europe/Stockholm", "minute")
            told = StepToLog(passed.step, None, when, parcel=parcel, carrier_scan=passed.position >= 70)
            await log_step(shop.desk, shop.id, number, told)


async def test_the_pace_is_counted_from_the_orders_that_came_home(shop: Shop) -> None:
    await came_home(shop, 30)
    before = await row(shop)
    assert await pace.recount(shop.desk, shop.id)
    after = await row(shop)
    assert after.pace is not None
    assert after.pace["orders"] == 30
    assert after.pace["steps"]["packed"] == [30, 240, 240]
    assert after.pace["left"]["received"] == [[300, 2, 30]]
    assert after.pace["carried"]["postnord"]["shipped"] == [0, 0, 30]
    assert after.generation == before.generation + 1


async def test_counting_again_changes_nothing_and_leaves_the_pages_as_they_are(shop: Shop) -> None:
    await came_home(shop, 3)
    assert await pace.recount(shop.desk, shop.id)
    before = await row(shop)
    assert before.pace == {"orders": 3}
    assert not await pace.recount(shop.desk, shop.id)
    assert await row(shop) == before


async def test_what_was_taken_back_is_left_out_and_of_two_parcels_each_tells_of_its_carrier_alone(shop: Shop) -> None:
    await came_home(shop, 2)
    events = await shop.events("5000")
    packed = next(event for event in events if event.step == "packed")
    await correct_event(shop.desk, shop.id, "5000", packed.id, by="olga", reason="Fel", source="staff")
    second = StepToLog("delivered", None, parcel=Parcel("2", "DHL"), carrier_scan=True)
    await log_step(shop.desk, shop.id, "5001", second)
    async with shop.desk.db.read() as conn:
        found = await list_finished(conn, shop.id)
    assert [({step.step for step in one.steps}, one.part) for one in found] == [
        ({"received", "shipped", "delivered"}, False),
        ({"shipped", "delivered"}, True),
    ]


async def test_a_shops_country_brings_its_public_holidays_and_none_takes_them_away(shop: Shop) -> None:
    await shops.set_face(shop.desk, shop.id, country="SE")
    async with shop.desk.db.read() as conn:
        cast = await shop_rows.get_cast(conn, shop.id)
    assert not cast.calendar.works_on(datetime(2026, 12, 25).date())
    assert not cast.calendar.works_on(datetime(2027, 6, 25).date())  # Midsummer Eve
    assert cast.calendar.works_on(datetime(2026, 12, 23).date())
    await shops.set_face(shop.desk, shop.id, country=None)
    assert (await row(shop)).calendar is None


async def test_the_holidays_are_looked_up_again_when_the_years_go_by(shop: Shop) -> None:
    await shops.set_face(shop.desk, shop.id, country="SE")
    with time_machine.travel(NOW.replace(year=2028), tick=False):
        assert await pace.recount(shop.desk, shop.id)
    calendar = (await row(shop)).calendar
    assert calendar is not None
    assert calendar["public"]["years"] == [2026, 2030]


async def test_other_closed_days_count_the_pace_anew_and_keep_the_holidays(shop: Shop) -> None:
    await shops.set_face(shop.desk, shop.id, country="SE")
    mine = {"days": [1, 2, 3], "opens": "09:00", "closes": "15:00", "closed": []}
    await shops.set_face(shop.desk, shop.id, calendar=mine)
    calendar = (await row(shop)).calendar
    assert calendar is not None
    assert calendar["public"]["country"] == "SE"
    assert calendar["days"] == [1, 2, 3]


async def test_the_owners_new_days_have_their_holidays_before_anything_is_counted(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shops.set_face(shop.desk, shop.id, country="SE")

    async def recount(desk: object, shop_id: str) -> bool:
        raise OSError("the server has just been stopped")

    monkeypatch.setattr(pace, "recount", recount)
    with pytest.raises(OSError, match="stopped"):
        await shops.set_face(shop.desk, shop.id, calendar=SHORT_DAYS)
    calendar = (await row(shop)).calendar
    assert calendar is not None and calendar["days"] == [1, 2] and calendar["public"]["country"] == "SE"


async def test_what_the_owner_saves_while_the_pace_is_counted_stands(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shops.set_face(shop.desk, shop.id, country="SE")
    await came_home(shop, 3)
    saved: list[asyncio.Task[None]] = []

    async def save() -> None:
        async with shop.desk.db.write() as conn:
            await shop_rows.update_shop(conn, shop.id, calendar=SHORT_DAYS)

    async def get_shop(conn: Connection, shop_id: str, *, lock: bool = False) -> ShopRow:
        found = await shop_rows.get_shop(conn, shop_id, lock=lock)
        asked.append(lock)
        if len(asked) == 2:  # it has been compared, and is about to be written
            saved.append(asyncio.create_task(save()))
            await asyncio.wait(saved, timeout=0.3)
        return found

    asked: list[bool] = []
    looking = SimpleNamespace(**{**vars(shop_rows), "get_shop": get_shop})
    monkeypatch.setattr(pace, "shops", looking)
    await pace.recount(shop.desk, shop.id)
    await saved[0]
    calendar = (await row(shop)).calendar
    assert calendar is not None and calendar["days"] == [1, 2]


async def test_every_shop_is_counted_until_the_server_stops_and_a_failure_waits(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, pauses, asked = asyncio.Event(), [], []

    async def wait(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            stop.set()

    async def recount(desk: object, shop_id: str) -> bool:
        asked.append(shop_id)
        if len(asked) == 1:
            raise OSError("the disk is busy")
        return False

    monkeypatch.setattr(pace, "recount", recount)
    await pace.run(shop.desk, stop, wait=wait)
    assert {shop.id, shop.other_id} <= set(asked[1:])
    assert pauses[0] < pauses[1]
