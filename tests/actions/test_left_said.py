"""What was said of somebody who has left is their team's: counted, told and cared for as such."""

from __future__ import annotations

import pytest

from storefront_trace.actions import concerns, endings, left_behind, people, privacy, wall
from storefront_trace.actions.feedback import Answer, save_feedback
from storefront_trace.actions.people import PersonTold
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.errors import Conflict, NotFound
from storefront_trace.storage import feedback, figures, reports, talks
from storefront_trace.storage import people as person_rows
from storefront_trace.storage.feedback import Feedback
from storefront_trace.storage.reports import Doer
from storefront_trace.storage.talks import Talk
from tests.earlier import copy_of, put_back
from tests.hanging import hanging, on_the_wall, person_says, reread, thanked
from tests.people import Shop
from tests.web.owner.answers import put_answer, put_answers

TEAM = Doer(None, "warehouse")


async def read(shop: Shop, feedback_id: str) -> Feedback:
    async with shop.desk.db.read() as conn:
        return await feedback.get_feedback(conn, shop.id, feedback_id)


async def counted(shop: Shop) -> dict[Doer, tuple[int, int]]:
    async with shop.desk.db.read() as conn:
        everybody = [one.id for one in await person_rows.list_people(conn, shop.id)]
        return await reports.count_answers(conn, shop.id, everybody, 0)


async def done(shop: Shop) -> tuple[int, int]:
    """How often the warehouse packed: in everybody's list, and on its own page."""
    async with shop.desk.db.read() as conn:
        listed = await reports.count_steps(conn, shop.id, [], 1, ["packed"])
        shown = await figures.done_by_step(conn, shop.id, TEAM, [1], ["packed"])
    return listed.get(TEAM, 0), shown["packed"][0]


async def talk_of(shop: Shop, feedback_id: str) -> Talk | None:
    async with shop.desk.db.read() as conn:
        return await talks.find_talk(conn, shop.id, feedback_id)


async def leaves(shop: Shop) -> None:
    await people.end_employment(shop.desk, shop.id, "anders")


async def is_forgotten(shop: Shop) -> None:
    await privacy.erase_person(shop.desk, shop.id, "anders")


async def is_forgotten_later(shop: Shop) -> None:
    await leaves(shop)
    await is_forgotten(shop)


@pytest.mark.parametrize("goes", [leaves, is_forgotten, is_forgotten_later])
@pytest.mark.parametrize("older", [False, True], ids=["", "and an older backup comes back"])
async def test_it_counts_as_the_teams_once_somebody(shop: Shop, goes: object, older: bool) -> None:
    await put_answers(shop, "anders", 4, 1)
    await put_answers(shop, None, 2, 0)
    backup = await copy_of(shop.desk.db)
    assert callable(goes)
    await goes(shop)
    if older:
        await put_back(shop.desk.db, backup)
        await endings.carry_out(shop.desk)
    assert await counted(shop) == {TEAM: (6, 1)}


async def test_a_batch_at_a_time_and_a_round_does_what_was_left_over(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(left_behind, "ANSWERS", 2)
    await put_answers(shop, "anders", 5, 0)
    await leaves(shop)
    assert await counted(shop) == {TEAM: (5, 0)}
    await put_answers(shop, "anders", 3, 0)  # as another version left it, or a server that went off
    await put_answers(shop, "lisa", 3, 0)
    assert await left_behind.pass_on_all(shop.desk) == 3
    assert await left_behind.pass_on_all(shop.desk) == 0
    assert await left_behind.give_answers(shop.desk, shop.id, await shop.person_id("lisa")) == 0
    assert await counted(shop) == {TEAM: (8, 0), Doer(await shop.person_id("lisa")): (3, 0)}


async def test_it_stays_with_the_team_of_its_day_else_the_persons_last_else_the_shop(shop: Shop) -> None:
    orders, none = await put_answer(shop, "anders", team="orders"), await put_answer(shop, "anders", team=None)
    await people.put_person(shop.desk, shop.id, "kim", PersonTold("Kim", {}))
    nobodys = await put_answer(shop, "kim", team=None)
    await leaves(shop)
    await people.end_employment(shop.desk, shop.id, "kim")
    found = [await read(shop, one) for one in (orders, none, nobodys)]
    assert [(one.person_id, one.team) for one in found] == [(None, "orders"), (None, "warehouse"), (None, "")]


async def test_what_is_said_later_of_what_they_did_is_the_teams_too(shop: Shop) -> None:
    order_id = await shop.order()
    event = (await log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="anders"))).event.id
    await leaves(shop)
    said = await save_feedback(shop.desk, shop.id, order_id, event, Answer("thanks", words="Fint!"))
    assert (said.person_id, said.team) == (None, "warehouse")


async def test_what_they_did_counts_as_the_teams_asked_and_what_was_taken_back_does_not(shop: Shop) -> None:
    for number in ("1001", "1002", "1003"):
        await shop.order(number)
        await log_step(shop.desk, shop.id, number, StepToLog("packed", by="anders"))
    await log_step(shop.desk, shop.id, "1002", StepToLog("packed"))
    assert await done(shop) == (1, 1)
    await leaves(shop)
    assert await done(shop) == (4, 4)


async def test_a_yes_for_the_wall_ends_and_a_teammate_may_say_their_own(shop: Shop) -> None:
    said = await on_the_wall(shop, "Så fint!")
    no = await thanked(shop, "Snabbt!", number="1002")
    await wall.let_show(shop.desk, shop.id, no.order_id, no.id, "name", "sv")
    await person_says(shop, no, "no")
    await leaves(shop)
    assert await hanging(shop) == [] and (await reread(shop, said)).wall_person is None
    assert (await reread(shop, no)).wall_person == "no"
    with pytest.raises(NotFound):
        await wall.put_up(shop.desk, shop.id, said.id)
    await person_says(shop, said, who="lisa")
    await wall.put_up(shop.desk, shop.id, said.id)
    assert await hanging(shop) == ["Så fint!"]


async def test_the_talk_with_them_is_read_by_nobody_and_is_theirs_to_take_out(shop: Shop) -> None:
    order_id = await shop.order()
    event = (await log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="anders"))).event.id
    said = await save_feedback(shop.desk, shop.id, order_id, event, Answer("concern", words="Trasig."))
    olga = await shop.person_id("olga")
    await concerns.note_talk(shop.desk, shop.id, said.id, by_person=olga, notes={"intent": "Hjälpa"})
    assert await talk_of(shop, said.id) is not None
    await leaves(shop)
    assert await talk_of(shop, said.id) is None
    with pytest.raises(Conflict):
        await concerns.note_talk(shop.desk, shop.id, said.id, by_person=olga, notes={"intent": "Igen"})
    copy = await privacy.export_person(shop.desk, shop.id, "anders")
    assert [one["words"] for one in copy["feedback"]] == ["Trasig."] and len(copy["talks"]) == 1
    await is_forgotten(shop)
    async with shop.desk.db.read() as conn:
        gone = next(one for one in await person_rows.list_people(conn, shop.id) if one.left_at is not None)
    assert (await privacy.export_person(shop.desk, shop.id, gone.handle))["talks"] == []
