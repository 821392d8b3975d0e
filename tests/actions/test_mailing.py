from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from storefront_trace.actions import mailing, shops
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.moments import to_micros
from storefront_trace.storage import outbox
from tests.notify.fridays import FRIDAY, MONDAY, THURSDAY, let_in, written
from tests.patience import PATIENCE
from tests.people import Shop
from tests.web.owner.answers import put_answer

BOTH = [("friday", "anders@example.com"), ("friday_owner", "olga@example.com")]


async def thanked(shop: Shop) -> None:
    await let_in(shop, "anders")
    await put_answer(shop, "anders", words="Fint!", created_at=to_micros(THURSDAY))


async def write_at(shop: Shop, at: datetime) -> int:
    with time_machine.travel(at, tick=False):
        return await mailing.write_all(shop.desk)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (FRIDAY - timedelta(seconds=1), 0),
        (FRIDAY, 2),
        (FRIDAY + timedelta(hours=10), 2),
        (MONDAY - timedelta(seconds=1), 2),
        (MONDAY, 0),
    ],
)
async def test_from_friday_afternoon_and_after_a_stop_until_monday_morning(
    shop: Shop, at: datetime, expected: int
) -> None:
    await thanked(shop)
    assert await write_at(shop, at) == expected


async def test_once_a_week_however_often_it_is_looked_at_and_whatever_the_clock_does(shop: Shop) -> None:
    await thanked(shop)
    assert await write_at(shop, FRIDAY + timedelta(hours=3)) == 2
    for minutes in (181, 0, 60, 24 * 60, 2 * 24 * 60):
        assert await write_at(shop, FRIDAY + timedelta(minutes=minutes)) == 0
    assert await written(shop) == BOTH


async def test_several_processes_at_once_write_it_once(shop: Shop) -> None:
    await thanked(shop)
    with time_machine.travel(FRIDAY, tick=False):
        await asyncio.gather(*(mailing.write_all(shop.desk) for _ in range(4)))
    assert await written(shop) == BOTH


async def test_who_is_let_in_on_saturday_reads_of_the_week_too(shop: Shop) -> None:
    await thanked(shop)
    await put_answer(shop, "lisa", words="Fint!", created_at=to_micros(THURSDAY))
    assert await write_at(shop, FRIDAY) == 2
    await let_in(shop, "lisa")
    assert await write_at(shop, FRIDAY + timedelta(days=1)) == 1


async def test_where_summer_time_ends_between_the_fridays_an_hour_is_neither_lost_nor_told_twice(shop: Shop) -> None:
    """Between 23 and 30 October 2026 in Stockholm: from UTC+2 to UTC+1."""
    await let_in(shop, "anders")
    first, second = datetime(2026, 10, 23, 12, tzinfo=UTC), datetime(2026, 10, 30, 13, tzinfo=UTC)
    for at in (first - timedelta(seconds=1), first, second - timedelta(seconds=1)):
        await put_answer(shop, "anders", words="Fint!", created_at=to_micros(at))
    assert await write_at(shop, first - timedelta(seconds=1)) == 0
    assert await write_at(shop, first) == 2
    assert await write_at(shop, second - timedelta(seconds=1)) == 0
    assert await write_at(shop, second) == 2


async def test_each_shop_has_its_own_friday(shop: Shop) -> None:
    await thanked(shop)
    await shops.set_face(shop.desk, shop.id, zone="America/New_York")
    assert await write_at(shop, FRIDAY) == 0
    assert await write_at(shop, FRIDAY + timedelta(hours=6)) == 2


async def test_it_is_done_by_itself_until_the_server_stops(shop: Shop) -> None:
    await thanked(shop)
    stop, waits = asyncio.Event(), list[float]()

    async def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            stop.set()

    with time_machine.travel(FRIDAY, tick=False):
        await asyncio.wait_for(mailing.run(shop.desk, stop, wait=wait), PATIENCE)
    assert waits[0] < 100 < waits[1]
    assert await written(shop) == BOTH


async def test_a_notice_of_another_kind_stands_in_nobodys_way(shop: Shop) -> None:
    await thanked(shop)
    async with shop.desk.db.write() as conn:
        row = {"kind": "tracking_link", "recipient": "karin@example.com", "locale": "sv", "detail": {}}
        await outbox.insert_notice(conn, shop.id, once=new_id(), created_at=to_micros(THURSDAY), **row)
    assert await write_at(shop, FRIDAY) == 2
