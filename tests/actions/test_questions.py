from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from storefront_trace.actions import people, privacy, questions, shops, trail
from storefront_trace.actions.feedback import Answer, reply, save_feedback
from storefront_trace.actions.orders import put_order
from storefront_trace.actions.people import PersonTold
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.errors import Conflict, Invalid, NotFound
from storefront_trace.domain.incoming import IncomingOrder
from storefront_trace.domain.questions import waits_for
from storefront_trace.storage import events
from storefront_trace.storage import questions as rows
from storefront_trace.storage import shops as shop_rows
from storefront_trace.storage.questions import Question
from storefront_trace.storage.tables import notice
from tests.people import KARINS_ORDER, STAFF, Shop

MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)  # eight in Stockholm: the doors open


async def ask(shop: Shop, words: str = "Kan ni slå in muggen?", *, packed_by: str | None = "anders") -> str:
    """Karin asks about her order, which Anders has packed."""
    order_id = await shop.order()
    if packed_by and not any(event.step == "packed" for event in await shop.events()):
        await log_step(shop.desk, shop.id, "1001", StepToLog("packed", packed_by))
    return await questions.ask(shop.desk, shop.id, order_id, words, locale="sv")


async def answer(shop: Shop, question_id: str, handle: str, words: str = "Javisst!", *, as_owner: bool = False) -> None:
    by = await shop.person_id(handle)
    await questions.answer(shop.desk, shop.id, question_id, by_person=by, as_owner=as_owner, words=words)


async def get(shop: Shop, question_id: str) -> Question:
    async with shop.desk.db.read() as conn:
        return await rows.get_question(conn, shop.id, question_id)


async def notices(shop: Shop) -> list[tuple[str, str]]:
    async with shop.desk.db.read() as conn:
        query = sa.select(notice.c.kind, notice.c.recipient).order_by(notice.c.created_at, notice.c.id)
        return [(row.kind, row.recipient) for row in await conn.execute(query)]


async def give_address(shop: Shop, handle: str) -> None:
    told = STAFF[handle]
    await people.put_person(
        shop.desk, shop.id, handle, PersonTold(told.display_name, told.roles, told.team, f"{handle}@example.com")
    )


async def test_a_question_goes_to_who_has_the_order(shop: Shop) -> None:
    asked = await get(shop, await ask(shop))
    assert (asked.person_id, asked.team) == (await shop.person_id("anders"), "warehouse")
    assert waits_for(asked) == "person"


async def test_who_was_handed_the_order_is_asked(shop: Shop) -> None:
    await shop.order()
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders", hand_to="lisa"))
    assert (await get(shop, await ask(shop))).person_id == await shop.person_id("lisa")


async def test_a_question_about_an_order_that_nobody_has_touched_is_the_owners_when_no_team_is_there(
    shop: Shop,
) -> None:
    order_id = (
        await put_order(shop.desk, shop.other_id, IncomingOrder(**KARINS_ORDER), source="api")  # type: ignore[arg-type]
    ).order_id
    question_id = await questions.ask(shop.desk, shop.other_id, order_id, "Hej?", locale="sv")
    async with shop.desk.db.read() as conn:
        assert waits_for(await rows.get_question(conn, shop.other_id, question_id)) == "owner"
    assert await notices(shop) == [("question_owner", "nora@example.com")]


async def test_a_question_after_delivery_goes_to_who_had_the_order_last(shop: Shop) -> None:
    await ask(shop)
    for step in ("in_transit", "delivered"):
        await log_step(shop.desk, shop.id, "1001", StepToLog(step, carrier_scan=True))
    later = await get(shop, await ask(shop, "Den är trasig, vad gör jag?"))
    assert later.person_id == await shop.person_id("anders")


async def test_nobody_answers_so_the_team_has_it_and_then_the_owner(shop: Shop) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        question_id = await ask(shop)
        seen = []
        for minutes in (239, 1, 239, 1, 10_000):  # to the owner at 16, before the doors close
            clock.shift(timedelta(minutes=minutes))
            seen.append((await questions.pass_on(shop.desk), waits_for(await get(shop, question_id))))
    assert seen == [(0, "person"), (1, "team"), (0, "team"), (1, "owner"), (0, "owner")]
    assert await notices(shop) == [("question_owner", "olga@example.com")]


async def test_the_limit_does_not_run_while_the_shop_is_closed(shop: Shop) -> None:
    with time_machine.travel(MONDAY - timedelta(days=3, hours=-8), tick=False) as clock:  # Friday, an hour before five
        question_id = await ask(shop)
        clock.move_to(MONDAY + timedelta(hours=3, minutes=-1))
        early = await questions.pass_on(shop.desk)
        clock.shift(timedelta(minutes=1))
        late = await questions.pass_on(shop.desk)
    assert (early, late, waits_for(await get(shop, question_id))) == (0, 1, "team")


async def test_each_move_moves_the_pages_version(shop: Shop) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        seen = [await _version(shop, ask(shop))]
        for _ in range(2):
            clock.shift(timedelta(hours=4))
            seen.append(await _version(shop, questions.pass_on(shop.desk)))
        (asked,) = await _of_order(shop)
        seen.append(await _version(shop, answer(shop, asked.id, "olga", as_owner=True)))
    assert seen == sorted(set(seen))


async def _version(shop: Shop, act: Any) -> int:
    await act
    return (await shop.row()).version


async def _of_order(shop: Shop) -> list[Question]:
    async with shop.desk.db.read() as conn:
        return await rows.list_of_order(conn, shop.id, (await shop.row()).id)


async def test_the_shop_sets_the_limit(shop: Shop) -> None:
    await shops.set_face(shop.desk, shop.id, question_minutes=30)
    with time_machine.travel(MONDAY, tick=False) as clock:
        question_id = await ask(shop)
        clock.shift(timedelta(minutes=30))
        await questions.pass_on(shop.desk)
    assert waits_for(await get(shop, question_id)) == "team"


async def test_what_waits_for_somebody_who_leaves_is_the_teams_at_once(shop: Shop) -> None:
    question_id = await ask(shop)
    await people.end_employment(shop.desk, shop.id, "anders")
    assert waits_for(await get(shop, question_id)) == "team"


async def test_a_question_to_somebody_who_has_left_begins_with_the_team(shop: Shop) -> None:
    await ask(shop)
    await people.end_employment(shop.desk, shop.id, "anders")
    asked = await get(shop, await ask(shop, "Och när kommer lampan?"))
    assert (asked.person_id, asked.team, waits_for(asked)) == (None, "warehouse", "team")


async def test_somebody_alone_in_the_team_is_followed_by_the_owner(shop: Shop) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        question_id = await ask(shop, packed_by="jocke")
        clock.shift(timedelta(hours=4))
        await questions.pass_on(shop.desk)
    assert waits_for(await get(shop, question_id)) == "owner"


async def test_the_person_may_answer_and_the_team_once_it_is_theirs_and_the_owner_always(shop: Shop) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        question_id = await ask(shop)
        for handle in ("lisa", "jocke"):
            with pytest.raises(NotFound):
                await answer(shop, question_id, handle)
        clock.shift(timedelta(hours=4))
        await questions.pass_on(shop.desk)
        with pytest.raises(NotFound):
            await answer(shop, question_id, "jocke")
        await answer(shop, question_id, "lisa")
        second = await ask(shop, "En sak till?")
        await answer(shop, second, "olga", as_owner=True)
    assert [one.answered_by for one in await _of_order(shop)] == [
        await shop.person_id("lisa"),
        await shop.person_id("olga"),
    ]


async def test_an_answer_is_mailed_once_however_often_it_is_sent(shop: Shop) -> None:
    question_id = await ask(shop)
    for _ in range(3):
        await answer(shop, question_id, "anders")
    assert await notices(shop) == [("answer", "karin@example.com")]


async def test_two_answers_at_the_same_moment_leave_one(shop: Shop) -> None:
    question_id = await ask(shop)
    told = await asyncio.gather(
        *(answer(shop, question_id, who, f"Svar {who}", as_owner=who == "olga") for who in ("anders", "olga")),
        return_exceptions=True,
    )
    assert [type(one) for one in told if one is not None] == [Conflict]
    assert (await get(shop, question_id)).answer in ("Svar anders", "Svar olga")
    assert await notices(shop) == [("answer", "karin@example.com")]


async def test_without_an_address_the_answer_stands_on_the_page_alone(shop: Shop) -> None:
    await shop.order(customer_email=None)
    await answer(shop, await _asked(shop), "anders")
    assert await notices(shop) == []


async def _asked(shop: Shop) -> str:
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))
    return await questions.ask(shop.desk, shop.id, (await shop.row()).id, "Hej?", locale="sv")


async def test_the_person_is_told_by_mail_when_there_is_an_address(shop: Shop) -> None:
    await give_address(shop, "anders")
    question_id = await ask(shop)
    by = await shop.person_id("anders")
    await give_address(shop, "lisa")
    await questions.hand_over(shop.desk, shop.id, question_id, by_person=by, as_owner=False, to="lisa")
    assert await notices(shop) == [("question", "anders@example.com"), ("question", "lisa@example.com")]


async def test_passed_on_by_hand_it_waits_for_the_colleague_or_the_team(shop: Shop) -> None:
    question_id, anders = await ask(shop), await shop.person_id("anders")

    async def hand_over(to: str, by: str) -> Question:
        return await questions.hand_over(shop.desk, shop.id, question_id, by_person=by, as_owner=False, to=to)

    asked = await hand_over("jocke", anders)
    assert (asked.person_id, asked.team, waits_for(asked)) == (await shop.person_id("jocke"), "orders", "person")
    with pytest.raises(NotFound):
        await hand_over("lisa", anders)
    asked = await hand_over("warehouse", await shop.person_id("jocke"))
    assert (asked.person_id, asked.team, waits_for(asked)) == (None, "warehouse", "team")
    with pytest.raises(Invalid):
        await hand_over("nobody", anders)


async def test_colleagues_who_pass_it_round_do_not_keep_it_from_the_owner(shop: Shop) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        question_id = await ask(shop)
        moved = []
        for turn in range(10):
            clock.move_to(MONDAY + timedelta(days=turn // 3, hours=3 * (turn % 3)))  # three times a working day
            await questions.pass_on(shop.desk)
            by, to = ("anders", "lisa") if turn % 2 == 0 else ("lisa", "anders")
            person = await shop.person_id(by)
            try:
                await questions.hand_over(shop.desk, shop.id, question_id, by_person=person, as_owner=False, to=to)
            except Conflict:
                break
            moved.append(turn)
    assert len(moved) == 6  # four limits are sixteen working hours
    assert waits_for(await get(shop, question_id)) == "owner"


async def test_what_the_owner_passes_on_gets_a_whole_limit_and_comes_back(shop: Shop) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        question_id = await ask(shop)
        clock.shift(timedelta(days=3))
        await questions.pass_on(shop.desk)
        await questions.pass_on(shop.desk)
        olga = await shop.person_id("olga")
        await questions.hand_over(shop.desk, shop.id, question_id, by_person=olga, as_owner=True, to="lisa")
        seen = []
        for minutes in (239, 1):
            clock.shift(timedelta(minutes=minutes))
            await questions.pass_on(shop.desk)
            seen.append(waits_for(await get(shop, question_id)))
    assert seen == ["person", "owner"]


async def test_the_same_words_again_are_one_question(shop: Shop) -> None:
    assert await ask(shop) == await ask(shop)
    assert len(await _of_order(shop)) == 1


async def test_five_open_questions_are_enough_until_one_is_answered(shop: Shop) -> None:
    asked = [await ask(shop, f"Fråga {number}") for number in range(5)]
    with pytest.raises(Conflict):
        await ask(shop, "Fråga 6")
    await answer(shop, asked[0], "anders")
    await ask(shop, "Fråga 6")


@pytest.mark.parametrize("words", ["", "   \n ", "\u200b\u202e", "\u200d", "x" * 2001])
async def test_empty_hidden_and_endless_words_are_refused(shop: Shop, words: str) -> None:
    with pytest.raises(Invalid):
        await ask(shop, words)
    assert await _of_order(shop) == []


async def test_the_owner_answers_what_the_shops_other_owner_cannot_see(shop: Shop) -> None:
    question_id = await ask(shop)
    async with shop.desk.db.read() as conn:
        with pytest.raises(NotFound):
            await rows.get_question(conn, shop.other_id, question_id)
        assert await rows.count_owners(conn, shop.other_id) == 0


async def test_erasing_a_customer_takes_the_questions_along_and_an_export_has_them(shop: Shop) -> None:
    question_id = await ask(shop)
    await answer(shop, question_id, "anders")
    told = await privacy.export_customer(shop.desk, shop.id, "karin@example.com")
    assert [(one["words"], one["answer"]) for one in told["questions"]] == [("Kan ni slå in muggen?", "Javisst!")]
    theirs = await privacy.export_person(shop.desk, shop.id, "anders")
    assert [one["answer"] for one in theirs["questions"]] == ["Javisst!"]
    await privacy.erase_customer(shop.desk, shop.id, number="1001")
    assert await _of_order(shop) == []
    assert await notices(shop) == []


async def test_sixty_days_after_delivery_the_questions_go_with_the_name(shop: Shop) -> None:
    with time_machine.travel("2026-09-01T00:00:00Z", tick=True):
        await shop.order(lines=())
        await _asked(shop)
        await log_step(shop.desk, shop.id, "1001", StepToLog("delivered"))
    with time_machine.travel("2026-11-10T00:00:00Z", tick=True):
        await privacy.purge(shop.desk, shop.id)
    assert await _of_order(shop) == []


async def test_asking_answering_and_passing_on_at_once_wait_for_each_other(shop: Shop) -> None:
    question_id = await ask(shop)
    await shops.set_face(shop.desk, shop.id, question_minutes=0)
    await asyncio.gather(
        *(ask(shop, f"Fråga {number}") for number in range(4)),
        *(questions.pass_on(shop.desk) for _ in range(4)),
        answer(shop, question_id, "anders"),
    )
    assert len(await _of_order(shop)) == 5
    assert (await get(shop, question_id)).answer == "Javisst!"


async def test_a_question_that_cannot_be_passed_on_stops_none_behind_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        first = await ask(shop)
    with time_machine.travel(MONDAY + timedelta(minutes=1), tick=False):
        second = await ask(shop, "Hur stor är den?")
    whole = questions.next_way

    def next_way(asked: Question, *others: Any) -> Any:
        if asked.id == first:
            raise KeyError("a row that somebody has edited by hand")
        return whole(asked, *others)

    monkeypatch.setattr(questions, "next_way", next_way)
    with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
        assert await questions.pass_on(shop.desk) == 1
    assert waits_for(await get(shop, first)) == "person"
    assert waits_for(await get(shop, second)) == "team"


async def test_an_order_without_room_for_more_still_gets_its_answers_at_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    question_id = await ask(shop)
    event = next(event for event in await shop.events() if event.step == "packed")
    thanks = await save_feedback(shop.desk, shop.id, (await shop.row()).id, event.id, Answer("thanks"))
    past, before = await shop.events(), await generation(shop)
    monkeypatch.setattr(events, "MAX_EVENTS", len(past))
    await answer(shop, question_id, "anders")
    assert await generation(shop) == before + 1
    anders = await shop.person_id("anders")
    await reply(shop.desk, shop.id, thanks.id, by_person=anders, as_owner=False, words="Varsågod!")
    assert await generation(shop) == before + 2
    assert await shop.events() == past


async def test_the_trail_says_who_has_changed_the_page_and_our_own_answers_take_no_room_from_customers(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        question_id = await ask(shop)
    with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
        await questions.pass_on(shop.desk)
        await answer(shop, question_id, "lisa")
        marks = [event.source for event in await shop.events() if event.kind == "answer"]
        assert marks == ["customer", "system", "staff"]
        assert (await shop.row()).version == len(await shop.events())
        monkeypatch.setattr(trail, "MOST_MARKS", 2)
        await ask(shop, "Hur stor är den?")
        with pytest.raises(Conflict):
            await ask(shop, "Vilken färg har den?")


async def generation(shop: Shop) -> int:
    async with shop.desk.db.read() as conn:
        return await shop_rows.get_generation(conn, shop.id)
