from __future__ import annotations

from datetime import date
from importlib import import_module
from typing import Any

import pytest

from storefront_trace.actions import feedback, questions, steps
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.domain.orders import FINAL_STATES
from storefront_trace.storage.listing import Wanted, asked_orders, concerned_orders, count_wanted, list_wanted
from tests.people import Shop

MUG = (IncomingLine("1", "Mugg", 1),)


async def numbers(shop: Shop, *, limit: int = 50, offset: int = 0, **wanted: Any) -> list[str]:
    async with shop.desk.db.read() as conn:
        rows = await list_wanted(conn, shop.id, Wanted(**wanted), limit=limit, offset=offset)
        n = await count_wanted(conn, shop.id, Wanted(**wanted))
    assert offset or limit < 50 or n == len(rows)
    return [row.number for row in rows]


async def promised(shop: Shop, number: str, day: date | None, *keys: str, by: str = "anders", **more: object) -> None:
    await shop.order(number, promise_from=day, promise_to=day, **{"lines": MUG, **more})
    for key in keys:
        await steps.log_step(shop.desk, shop.id, number, StepToLog(key, by=by))


def test_what_ended_an_order_before_is_spelt_in_the_migration_as_in_the_domain() -> None:
    told = import_module("storefront_trace.storage.migrations.versions.0004_the_owners_desk").FINAL
    assert tuple(sorted(told.replace("'", "").split("(")[1].rstrip(")").split(", "))) == tuple(sorted(FINAL_STATES))


async def test_an_order_is_open_until_its_last_step(shop: Shop) -> None:
    await shop.order("1001", lines=MUG)
    for step, ended in (("packed", False), ("shipped", False), ("delivered", True), ("returned", True)):
        await steps.log_step(shop.desk, shop.id, "1001", StepToLog(step, by="anders"))
        row = await shop.row()
        assert (row.ended, row.state in FINAL_STATES) == (ended, ended), step


async def test_open_orders_stand_by_promise_and_those_without_one_last(shop: Shop) -> None:
    await promised(shop, "1001", None)
    await promised(shop, "1002", date(2026, 11, 27), "shipped")
    await promised(shop, "1003", date(2026, 11, 25))
    await promised(shop, "1004", date(2026, 11, 24), "delivered")
    await promised(shop, "1005", date(2026, 11, 24), "cancelled")
    assert await numbers(shop) == ["1003", "1002", "1001"]
    assert await numbers(shop, limit=2) == ["1003", "1002"]
    assert await numbers(shop, limit=2, offset=2) == ["1001"]


async def test_what_has_ended_is_shown_when_its_state_is_asked_for(shop: Shop) -> None:
    await promised(shop, "1001", date(2026, 11, 24), "delivered")
    await promised(shop, "1002", date(2026, 11, 25), "delivered")
    await promised(shop, "1003", date(2026, 11, 25), "packed")
    assert await numbers(shop, state="delivered") == ["1002", "1001"]
    assert await numbers(shop, state="packed") == ["1003"]


async def test_a_teams_orders_wait_for_it_or_are_with_it(shop: Shop) -> None:
    await promised(shop, "1001", date(2026, 11, 25), "received", by="jocke")
    await promised(shop, "1002", date(2026, 11, 26), "shipped")
    await shop.order("1003", promise_from=date(2026, 11, 27), promise_to=date(2026, 11, 27))
    await steps.log_step(shop.desk, shop.id, "1003", StepToLog("packed", by="anders", hand_to="jocke"))
    assert await numbers(shop, team="warehouse") == ["1001", "1002"]
    assert await numbers(shop, team="orders") == ["1003"]


async def test_what_waits_for_me_is_the_same_as_in_the_queue(shop: Shop) -> None:
    anders, lisa = await shop.person_id("anders"), await shop.person_id("lisa")
    await promised(shop, "1001", None, "received", by="jocke")
    await shop.order("1002", lines=MUG)
    await steps.log_step(shop.desk, shop.id, "1002", StepToLog("received", by="jocke", hand_to="anders"))
    later = IncomingLine("1", "Lampa", 1, backordered=1, expected=date(2026, 12, 2))
    await promised(shop, "1003", None, "received", by="jocke", lines=(later,))
    assert await numbers(shop, mine=(anders, "warehouse"), today="2026-11-23") == ["1002", "1001"]
    assert await numbers(shop, mine=(lisa, "warehouse"), today="2026-11-23") == ["1001"]
    assert await numbers(shop, mine=(lisa, "warehouse"), today="2026-12-02") == ["1001", "1003"]
    assert await numbers(shop, mine=(lisa, None), today="2026-12-02") == []


async def test_a_promise_lies_between_two_days(shop: Shop) -> None:
    for number, day in (("1001", 23), ("1002", 24), ("1003", 25)):
        await promised(shop, number, date(2026, 11, day))
    await promised(shop, "1004", None)
    assert await numbers(shop, promise_to="2026-11-23") == ["1001"]
    assert await numbers(shop, promise_from="2026-11-24", promise_to="2026-11-24") == ["1002"]
    assert await numbers(shop, promise_from="2026-11-24", promise_to="2026-11-29") == ["1002", "1003"]


async def test_what_is_out_of_stock_has_something_missing_still(shop: Shop) -> None:
    await promised(shop, "1001", None, lines=(IncomingLine("1", "Lampa", 2, backordered=1),))
    await promised(shop, "1002", None)
    called_off = IncomingLine("2", "Lampa", 2, backordered=1, cancelled=2)
    await promised(shop, "1003", None, lines=(*MUG, called_off))
    assert await numbers(shop, out_of_stock=True) == ["1001"]


async def test_the_longest_wait_first_and_what_waits_for_nobody_last(shop: Shop) -> None:
    await promised(shop, "1001", None, "shipped")
    await promised(shop, "1002", None, "packed")
    await promised(shop, "1003", None)
    assert await numbers(shop, sort="waiting") == ["1003", "1002", "1001"]
    assert sorted(await numbers(shop, sort="placed")) == ["1001", "1002", "1003"]


@pytest.mark.parametrize(("text", "found"), [("LEI", ["1002"]), ("100", ["1001", "1002"]), ("%", []), ("a", [])])
async def test_a_name_or_a_number_is_found_by_its_beginning(shop: Shop, text: str, found: list[str]) -> None:
    await promised(shop, "1001", None)
    await promised(shop, "1002", None, customer_first_name="Leila")
    assert await numbers(shop, text=text) == found


async def test_a_question_stands_against_an_order_until_it_is_answered(shop: Shop) -> None:
    order_id = await shop.order("1001")
    await shop.order("1002")
    asked = await questions.ask(shop.desk, shop.id, order_id, "När kommer den?", locale="sv")
    async with shop.desk.db.read() as conn:
        assert await asked_orders(conn, shop.id) == (order_id,)
        assert await asked_orders(conn, shop.other_id) == ()
    assert await numbers(shop, ids=(order_id,)) == ["1001"]
    by = await shop.person_id("olga")
    await questions.answer(shop.desk, shop.id, asked, by_person=by, as_owner=True, words="I morgon.")
    async with shop.desk.db.read() as conn:
        assert await asked_orders(conn, shop.id) == ()


async def test_a_concern_is_seen_by_the_owner_at_once_and_by_the_person_once_it_is_shared(shop: Shop) -> None:
    order_id = await shop.order("1001")
    logged = await steps.log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="anders"))
    await feedback.save_feedback(shop.desk, shop.id, order_id, logged.event.id, Answer("concern", words="Trasig"))
    now = now_micros()

    async def seen(person: str | None, at: int = now) -> bool:
        person_id = await shop.person_id(person) if person else None
        async with shop.desk.db.read() as conn:
            found = await concerned_orders(conn, shop.id, now - DAY, person_id=person_id, share_days=14, now=at)
        return found == (order_id,)

    assert await seen(None) and not await seen("anders") and not await seen("lisa")
    assert await seen("anders", now + 15 * DAY) and not await seen("lisa", now + 15 * DAY)


async def test_another_shops_orders_are_not_there(shop: Shop) -> None:
    order_id = await shop.order("1001")
    async with shop.desk.db.read() as conn:
        for wanted in (Wanted(), Wanted(ids=(order_id,)), Wanted(state="received"), Wanted(sort="waiting")):
            assert await list_wanted(conn, shop.other_id, wanted, limit=9, offset=0) == []
