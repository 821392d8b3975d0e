from __future__ import annotations

import pytest

from storefront_trace.actions import corrections, steps
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.clock import DAY, HOUR, now_micros
from storefront_trace.storage import figures
from storefront_trace.storage.reports import Doer
from tests.people import Shop
from tests.web.owner.answers import put_answer

NOW = 1_795_000_000_000_000
WEEK = 7 * DAY
BOUNDS = [NOW - 2 * WEEK, NOW - WEEK - HOUR, NOW]


@pytest.fixture
async def anders(shop: Shop) -> Doer:
    await put_answer(shop, "anders", created_at=NOW - 1, words="Fint!")
    await put_answer(shop, "anders", "concern", created_at=NOW - 40 * DAY)
    await put_answer(shop, "anders", "concern", created_at=NOW - 2, outside_at=NOW)
    await put_answer(shop, "anders", created_at=NOW - WEEK - HOUR - 1, step="picked")
    await put_answer(shop, "anders", created_at=NOW - WEEK - HOUR, step="picked")
    await put_answer(shop, "lisa", created_at=NOW - 1)
    await put_answer(shop, None, "concern", created_at=NOW - 1)
    return Doer(await shop.person_id("anders"))


async def test_answers_are_counted_by_step_for_each_period(shop: Shop, anders: Doer) -> None:
    async with shop.desk.db.read() as conn:
        found = await figures.answers_by_step(conn, shop.id, anders, [NOW - 90 * DAY, NOW - 30 * DAY])
        team = await figures.answers_by_step(conn, shop.id, Doer(None, "warehouse"), [0])
        elsewhere = await figures.answers_by_step(conn, shop.other_id, anders, [0])
    assert found == {"packed": ((1, 1), (1, 0)), "picked": ((2, 0), (2, 0))}
    assert team == {"packed": ((0, 1),)}
    assert elsewhere == {}


async def test_weeks_are_as_long_as_the_clocks_make_them(shop: Shop, anders: Doer) -> None:
    async with shop.desk.db.read() as conn:
        found = await figures.answers_by_week(conn, shop.id, anders, BOUNDS)
    assert found == [(1, 0), (2, 0)]


async def test_the_answers_behind_a_figure_are_those_that_it_counts_and_what_was_outside(
    shop: Shop, anders: Doer
) -> None:
    async with shop.desk.db.read() as conn:
        everything = await figures.list_answers(conn, shop.id, anders)
        first = await figures.list_answers(conn, shop.id, anders, limit=2)
        rest = await figures.list_answers(conn, shop.id, anders, after=(first[-1].created_at, first[-1].id))
        packed = await figures.list_answers(conn, shop.id, anders, step="packed", choice="thanks", since=NOW - DAY)
        week = await figures.list_answers(conn, shop.id, anders, since=BOUNDS[0], until=BOUNDS[1])
        shops = await figures.list_answers(conn, shop.id, None)
    assert [one.id for one in (*first, *rest)] == [one.id for one in everything] and len(everything) == 5
    assert [one.words for one in packed] == ["Fint!"]
    assert [one.step for one in week] == ["picked"]
    assert len(shops) == 7


async def test_steps_that_could_be_answered_count_unless_they_were_taken_back(shop: Shop) -> None:
    await shop.order()
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("picked", by="anders"))
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("packed", source="api"))
    taken = await steps.log_step(shop.desk, shop.id, "1001", StepToLog("shipped", by="anders"))
    await corrections.undo_step(shop.desk, shop.id, "1001", taken.event.id, by="anders")
    anders, team, now = Doer(await shop.person_id("anders")), Doer(None, "warehouse"), now_micros()
    asking, bounds = ["received", "picked", "packed", "shipped"], [now - WEEK, now - DAY, now + DAY]
    async with shop.desk.db.read() as conn:
        done = await figures.done_by_step(conn, shop.id, anders, [0, now + DAY], asking)
        teams = await figures.done_by_step(conn, shop.id, team, [0], ["packed"])
        weeks = await figures.done_by_week(conn, shop.id, anders, bounds, asking)
        not_asked = await figures.done_by_week(conn, shop.id, anders, bounds, ["packed"])
    assert done == {"received": (0, 0), "picked": (1, 0), "packed": (0, 0), "shipped": (0, 0)}
    assert teams == {"packed": (1,)}
    assert weeks == [0, 1]
    assert not_asked == [0, 0]
