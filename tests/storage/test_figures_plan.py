from __future__ import annotations

from storefront_trace.storage import figures, patterns, reports
from storefront_trace.storage.database import Connection
from storefront_trace.storage.reports import Doer
from tests.people import Shop
from tests.storage.test_queue_plan import database_url, plans_of

__all__ = ["database_url"]


async def test_a_persons_figures_are_told_by_indexes_alone(shop: Shop) -> None:
    anders = Doer(await shop.person_id("anders"))

    async def read(conn: Connection) -> None:
        await figures.answers_by_step(conn, shop.id, anders, [1])
        await figures.answers_by_week(conn, shop.id, anders, [1, 2, 3])
        await figures.done_by_step(conn, shop.id, anders, [1], ["packed"])
        await figures.done_by_week(conn, shop.id, anders, [1, 2, 3], ["packed"])

    said, weeks, done, _, done_weeks, _ = await plans_of(shop, read, "FROM feedback", "FROM event")
    for plan in (said, weeks):
        assert "COVERING INDEX ix_feedback_person (shop_id=? AND person_id=? AND created_at>?" in plan
    for plan in (done, done_weeks):
        assert "COVERING INDEX ix_event_person (shop_id=? AND person_id=? AND at>?" in plan


async def test_a_teams_figures_are_told_by_indexes_alone(shop: Shop) -> None:
    team = Doer(None, "warehouse")

    async def read(conn: Connection) -> None:
        await figures.answers_by_step(conn, shop.id, team, [1])
        await figures.done_by_step(conn, shop.id, team, [1], ["packed"])

    said, done, of_who_left, *taken_back = await plans_of(shop, read, "FROM feedback", "FROM event")
    assert "COVERING INDEX ix_feedback_team (shop_id=? AND team=? AND created_at>?)" in said
    assert "COVERING INDEX ix_event_team (shop_id=? AND team=? AND at>?)" in done
    assert "COVERING INDEX ix_event_person (shop_id=? AND person_id=? AND at>?" in of_who_left
    assert len(taken_back) == 2
    for plan in taken_back:
        assert plan.startswith("SEARCH event USING PRIMARY KEY (shop_id=? AND order_id=?")


async def test_what_was_taken_back_is_looked_up_from_the_few_corrections(shop: Shop) -> None:
    anders = Doer(await shop.person_id("anders"))
    [plan] = await plans_of(
        shop, lambda conn: figures.done_by_step(conn, shop.id, anders, [1], ["packed"]), "FROM correction"
    )
    assert plan.startswith("SEARCH event USING PRIMARY KEY (shop_id=? AND order_id=?")
    assert "LEFT-MOST SUBQUERY / SEARCH correction USING PRIMARY KEY (shop_id=?)" in plan
    assert plan.count("SEARCH orders USING COVERING INDEX ix_orders_external (shop_id=? AND source=?") == 2
    assert "SEARCH correction USING PRIMARY KEY (shop_id=? AND order_id=? AND event_id=?)" in plan


async def test_concerns_are_read_by_an_index_of_their_own(shop: Shop) -> None:
    async def read(conn: Connection) -> None:
        await reports.list_concerns(conn, shop.id, done=False)
        await reports.count_open_concerns(conn, shop.id)
        await patterns.close_concerns(conn, shop.id, 1)

    plans = await plans_of(shop, read, "FROM feedback")
    assert len(plans) == 4 and all("ix_feedback_concern (shop_id=?" in plan for plan in plans)
    assert "SCAN feedback" not in " ".join(plans)


async def test_those_on_the_page_are_counted_each_by_their_own_part_of_an_index(shop: Shop) -> None:
    people = [await shop.person_id(handle) for handle in ("anders", "lisa")]

    async def read(conn: Connection) -> None:
        await reports.count_answers(conn, shop.id, people, 1)
        await reports.count_steps(conn, shop.id, people, 1, ["packed"])
        await reports.latest_words(conn, shop.id, people, 1)

    plans = await plans_of(shop, read, "FROM feedback", "FROM event", "UNION ALL")
    said, of_teams, words, done, of_teams_done, taken_back, _ = plans
    assert "COVERING INDEX ix_feedback_person (shop_id=? AND person_id=? AND created_at>?)" in said
    assert "COVERING INDEX ix_feedback_team (shop_id=?" in of_teams
    assert "COVERING INDEX ix_event_person (shop_id=? AND person_id=? AND at>?)" in done
    assert "COVERING INDEX ix_event_team (shop_id=?" in of_teams_done
    assert taken_back.startswith("SEARCH event USING PRIMARY KEY (shop_id=? AND order_id=?")
    assert "ix_feedback_person (shop_id=? AND person_id=? AND created_at>?)" in words
