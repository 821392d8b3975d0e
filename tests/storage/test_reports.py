from __future__ import annotations

from typing import Any

import pytest
import time_machine

from storefront_trace.actions import corrections, steps
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.storage import reports
from storefront_trace.storage.reports import WEEK, Doer
from tests.people import Shop
from tests.web.owner.answers import put_answer

NOW = 1_795_000_000_000_000


@pytest.fixture
def said(shop: Shop) -> Any:
    """Puts an answer in at NOW unless told otherwise."""

    async def put(person: str | None = None, choice: str = "thanks", /, **values: Any) -> str:
        return await put_answer(shop, person, choice, **{"created_at": NOW, **values})

    return put


async def test_answers_are_counted_per_person_and_per_team_since_an_instant(shop: Shop, said: Any) -> None:
    await said("anders")
    await said("anders", "concern", team="orders")
    await said("anders", created_at=NOW - 91 * DAY)
    await said("lisa")
    await said(None)
    anders = await shop.person_id("anders")
    async with shop.desk.db.read() as conn:
        found = await reports.count_answers(conn, shop.id, [anders], NOW - 90 * DAY)
        elsewhere = await reports.count_answers(conn, shop.other_id, [anders], 0)
    assert found == {Doer(anders): (1, 1), Doer(None, "warehouse"): (1, 0)}
    assert elsewhere == {}


async def test_what_was_outside_a_persons_control_leaves_their_numbers_and_stays_in_the_shops(
    shop: Shop, said: Any
) -> None:
    await said("anders", "concern", outside_at=NOW)
    anders = await shop.person_id("anders")
    async with shop.desk.db.read() as conn:
        assert await reports.count_answers(conn, shop.id, [anders], 0) == {}
        assert await reports.count_weeks(conn, shop.id, [anders], NOW + 1, 12) == {}
        assert await reports.count_choice(conn, shop.id, "concern", 0) == 1
        assert len(await reports.list_concerns(conn, shop.id, done=False)) == 1


async def test_weeks_are_spans_of_seven_days_with_the_newest_last(shop: Shop, said: Any) -> None:
    await said("anders", created_at=NOW - 1)
    await said("anders", "concern", created_at=NOW - WEEK)
    await said("anders", created_at=NOW - WEEK - 1)
    await said("anders", created_at=NOW - 12 * WEEK)
    await said("anders", created_at=NOW - 12 * WEEK - 1)
    anders = await shop.person_id("anders")
    async with shop.desk.db.read() as conn:
        weeks = (await reports.count_weeks(conn, shop.id, [anders], NOW, 12))[Doer(anders)]
    assert weeks == [(1, 0), *[(0, 0)] * 9, (1, 0), (1, 1)]


async def test_the_newest_thanks_in_words_stand_for_each_person_and_team(shop: Shop, said: Any) -> None:
    await said("anders", words="Äldre", created_at=NOW - DAY)
    newest = await said("anders", words="Så fint packat!")
    await said("anders", created_at=NOW + 1)
    await said("anders", "concern", words="Lådan var stor", created_at=NOW + 2)
    await said("lisa", words="Tack!")
    team = await said(None, words="Tack hela gänget")
    anders = await shop.person_id("anders")
    async with shop.desk.db.read() as conn:
        found = await reports.latest_words(conn, shop.id, [anders], 0)
    assert {doer: one.id for doer, one in found.items()} == {Doer(anders): newest, Doer(None, "warehouse"): team}


async def test_concerns_come_newest_first_and_page_by_page(shop: Shop, said: Any) -> None:
    ids = [await said("anders", "concern", created_at=NOW + place) for place in range(3)]
    done = await said("anders", "concern", done_at=NOW)
    await said("anders")
    async with shop.desk.db.read() as conn:
        first = await reports.list_concerns(conn, shop.id, done=False, limit=2)
        rest = await reports.list_concerns(conn, shop.id, done=False, after=(first[-1].created_at, first[-1].id))
        assert await reports.count_open_concerns(conn, shop.id) == 3
        assert [one.id for one in await reports.list_concerns(conn, shop.id, done=True)] == [done]
    assert [one.id for one in (*first, *rest)] == ids[::-1]


async def test_thanks_that_say_something_are_listed_and_bare_ones_only_counted(shop: Shop, said: Any) -> None:
    words = await said("anders", words="Så fint!", created_at=NOW)
    chips = await said("anders", chips=["kind"], created_at=NOW + 1)
    await said("anders", created_at=NOW + 2)
    await said("anders", "concern", words="Sent", created_at=NOW + 3)
    team = await said(None, words="Tack alla")
    anders = Doer(await shop.person_id("anders"))
    async with shop.desk.db.read() as conn:
        found = await reports.list_words(conn, shop.id, anders)
        rest = await reports.list_words(conn, shop.id, anders, after=(found[0].created_at, found[0].id))
        of_team = await reports.list_words(conn, shop.id, Doer(None, "warehouse"))
    assert [one.id for one in found] == [chips, words]
    assert [one.id for one in rest] == [words]
    assert [one.id for one in of_team] == [team]


async def test_steps_count_for_the_person_or_the_team_that_did_them_unless_taken_back(shop: Shop) -> None:
    await shop.order()
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("picked", by="anders"))
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("packed", source="api"))
    taken = await steps.log_step(shop.desk, shop.id, "1001", StepToLog("shipped", by="lisa"))
    await corrections.undo_step(shop.desk, shop.id, "1001", taken.event.id, by="lisa")
    anders, lisa = await shop.person_id("anders"), await shop.person_id("lisa")
    async with shop.desk.db.read() as conn:
        found = await reports.count_steps(conn, shop.id, [anders, lisa], 0, ["picked", "packed", "shipped"])
        packed = await reports.count_steps(conn, shop.id, [anders, lisa], 0, ["packed"])
        later = await reports.count_steps(conn, shop.id, [anders, lisa], now_micros() + DAY, ["picked"])
    assert found == {Doer(anders): 1, Doer(None, "warehouse"): 1}
    assert packed == {Doer(None, "warehouse"): 1}
    assert later == {}


async def test_who_was_let_in_and_never_came_has_no_last_time(shop: Shop) -> None:
    with time_machine.travel(NOW / 1e6, tick=False):
        await shop.session("anders")
        seen = now_micros()
    async with shop.desk.db.read() as conn:
        found = await reports.last_seen(conn, shop.id)
    assert found[await shop.person_id("anders")] == seen
    assert found[await shop.person_id("olga")] is None
    assert await shop.person_id("lisa") not in found
