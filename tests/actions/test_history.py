"""Taking over finished orders."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storefront_trace.actions import orders
from storefront_trace.actions.history import PastAnswer, PastOrder, PastStep, record_history
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.incoming import IncomingLine, IncomingOrder
from storefront_trace.domain.moments import Moment
from storefront_trace.storage import feedback, outbox
from tests.people import Shop

PLACED = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def at(hours: int) -> Moment:
    return Moment(PLACED + timedelta(hours=hours), "Europe/Stockholm", "minute")


def past_order(number: str = "900", **answer: object) -> PastOrder:
    said = PastAnswer("concern", PLACED + timedelta(days=3), ("late",), "Det tog tid.")
    told = IncomingOrder(
        number,
        None,
        PLACED,
        "Europe/Stockholm",
        "minute",
        customer_first_name="Yusuf",
        locale="sv",
        lines=(IncomingLine("1", "Badanka", 2),),
    )
    steps = (
        PastStep(StepToLog("picked", "anders", at(2)), replace(said, **answer)),  # type: ignore[arg-type]
        PastStep(StepToLog("delivered", None, at(50), carrier_scan=True)),
    )
    return PastOrder(told, steps)


async def test_it_stands_as_it_was_and_its_rows_follow_from_its_events(shop: Shop) -> None:
    assert await record_history(shop.desk, shop.id, [past_order()], source="import") == 1
    row = await shop.row("900")
    assert (row.state, row.source, row.version) == ("delivered", "import", 3)
    picked = (await shop.events("900"))[1]
    assert picked.person_id == await shop.person_id("anders")
    await orders.rebuild_order(shop.desk, shop.id, "900")
    assert await shop.row("900") == row
    assert await shop.token("900")


async def test_what_is_known_already_is_left_alone(shop: Shop) -> None:
    await shop.order("1001")
    before = await shop.row("1001")
    both = [past_order("1001"), past_order("900")]
    assert await record_history(shop.desk, shop.id, both, source="import") == 1
    assert await record_history(shop.desk, shop.id, both, source="import") == 0
    assert await shop.row("1001") == before


async def test_a_concern_that_was_dealt_with_is_done_and_nobody_is_told(shop: Shop) -> None:
    await record_history(shop.desk, shop.id, [past_order(), past_order("901", done=False)], source="import")
    async with shop.desk.db.read() as conn:
        waiting = await feedback.list_feedback(conn, shop.id, still_open=True)
        said = await feedback.list_feedback(conn, shop.id)
        notices = await outbox.count_waiting(conn)
    assert [one.order_number for one in waiting] == ["901"]
    assert {(one.choice, one.words, one.first_name) for one in said} == {("concern", "Det tog tid.", "Yusuf")}
    assert notices == 0


@pytest.mark.parametrize(
    "broken",
    [
        past_order("902", at=datetime(2100, 1, 1, tzinfo=UTC)),
        past_order("902", chips=("shiny",)),
        PastOrder(past_order("902").told, (PastStep(StepToLog("picked", "nobody", at(2))),)),
    ],
    ids=["from the future", "unknown chip", "unknown person"],
)
async def test_one_that_is_refused_takes_all_others_with_it(shop: Shop, broken: PastOrder) -> None:
    with pytest.raises(Invalid):
        await record_history(shop.desk, shop.id, [past_order("901"), broken], source="import")
    async with shop.desk.db.read() as conn:
        assert await feedback.list_feedback(conn, shop.id) == []
    assert await record_history(shop.desk, shop.id, [past_order("901")], source="import") == 1
