from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from storefront_trace.actions import weeks
from storefront_trace.actions.feedback import Answer, save_feedback
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.actions.visits import add_visits
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.storage.shops import get_shop
from tests.people import Shop

PATH = "/owner/reports"
TUESDAY = datetime(2026, 11, 17, 9, tzinfo=UTC)
MUG = (IncomingLine("1", "Mugg", 1),)


async def fill(shop: Shop) -> None:
    """Six orders of one week, whose pages were opened 22 times: five came home on Thursday, and one of them was thanked
    for."""
    with time_machine.travel(TUESDAY, tick=False):
        await add_visits(shop.desk, shop.id, 22)
    for n in range(6):
        number = f"W{n}"
        with time_machine.travel(TUESDAY, tick=False):
            order = await shop.order(number, placed_at=TUESDAY, lines=MUG)
        for days, step in ((0, "packed"), (0, "shipped"), (2, "delivered")):
            at = TUESDAY + timedelta(days=days, hours=1 if step == "packed" else 2)
            if n == 5 and step == "delivered":
                continue
            with time_machine.travel(at, tick=False):
                logged = await log_step(shop.desk, shop.id, number, StepToLog(step, by="anders"))
                if n == 0 and step == "packed":
                    await save_feedback(shop.desk, shop.id, order, logged.event.id, Answer("thanks"))


async def test_the_owner_reads_how_last_week_went(shop: Shop, signed_in: Any) -> None:
    await fill(shop)
    with time_machine.travel(TUESDAY + timedelta(days=7), tick=False):
        await weeks.count_all(shop.desk)
        html = (await (await signed_in("olga")).get(f"{PATH}?lang=en")).text
    row = html[html.index('<th scope="row">16') :]
    cells = re.findall(r'<td data-label="[^"]+">([^<]*)</td>', row)
    assert cells[:6] == ["6", "0.9", "5", "5 of 5", "22, or 3.7 for each order", "1 of 5"]
    assert "1\xa0hr" in html and "2\xa0days" in html  # waited for being packed, and driven


async def test_a_file_has_every_week_and_step(shop: Shop, signed_in: Any) -> None:
    await fill(shop)
    with time_machine.travel(TUESDAY + timedelta(days=7), tick=False):
        await weeks.count_all(shop.desk)
        answer = await (await signed_in("olga")).get(f"{PATH}.csv")
    lines = answer.text.splitlines()
    assert lines[0].endswith(",unit,placed_per_day")
    assert "2026-11-16,6,5,5,5,1,0,,22,,,,,,0.86" in lines
    assert "2026-11-16,,,,,,,,,packed,5,60,60,working minutes," in lines
    assert "2026-11-16,,,,,,,,,home,5,2,2,days," in lines


async def test_orders_per_day_are_of_the_days_so_far_and_written_as_the_reader_does(shop: Shop, signed_in: Any) -> None:
    await fill(shop)
    with time_machine.travel(TUESDAY + timedelta(days=2), tick=False):
        await weeks.count_all(shop.desk)
        owner = await signed_in("olga")
        html, told = (await owner.get(f"{PATH}?lang=sv")).text, (await owner.get(f"{PATH}.csv")).text
    assert re.search(r'<td data-label="Ordrar per dag">1,5</td>', html)
    assert re.search(r"^2026-11-16,6,.*,1\.5\r?$", told, re.MULTILINE)


async def test_a_week_is_counted_again_for_a_week_after_it_is_over(shop: Shop) -> None:
    with time_machine.travel(TUESDAY + timedelta(days=7), tick=False):
        async with shop.desk.db.read() as conn:
            found = await get_shop(conn, shop.id)
        assert await weeks.count_weeks(shop.desk, found) == weeks.BACK
        assert await weeks.count_weeks(shop.desk, found) == 2
    with time_machine.travel(TUESDAY + timedelta(days=14), tick=False):
        assert (
            await weeks.count_weeks(shop.desk, found) == 3
        )  # the one that is over now, for the last time; last week; and the new one


async def test_before_anything_was_counted_the_page_says_when_to_look_again(shop: Shop, signed_in: Any) -> None:
    assert "in some minutes" in (await (await signed_in("olga")).get(f"{PATH}?lang=en")).text


async def test_another_shops_weeks_are_its_own(shop: Shop, signed_in: Any) -> None:
    await fill(shop)
    with time_machine.travel(TUESDAY + timedelta(days=7), tick=False):
        await weeks.count_all(shop.desk)
        html = (await (await signed_in("nora")).get(f"{PATH}?lang=en")).text
    assert ">6</td>" not in html


async def test_the_week_underway_says_when_it_was_counted_and_a_week_without_orders_has_no_bar(
    shop: Shop, signed_in: Any
) -> None:
    await fill(shop)
    with time_machine.travel(TUESDAY + timedelta(days=7), tick=False):
        await weeks.count_all(shop.desk)
        html = (await (await signed_in("olga")).get(f"{PATH}?lang=en")).text
    assert html.replace("\xa0", " ").count("counted today at") == 1
    assert html.count("<rect") == 1


async def test_the_weeks_are_counted_by_themselves_and_again_after_trouble(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, waited, counted = asyncio.Event(), list[float](), list[int]()

    async def wait(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            stop.set()

    async def count(desk: object) -> None:
        counted.append(len(waited))
        if len(counted) == 1:
            raise OSError("the database is away")

    monkeypatch.setattr(weeks, "count_all", count)
    await weeks.run(shop.desk, stop, wait=wait)
    assert counted == [1, 2]
    spans = (weeks.FIRST, weeks.EVERY, weeks.EVERY)
    assert all(low <= seconds <= high for seconds, (low, high) in zip(waited, spans, strict=True))
