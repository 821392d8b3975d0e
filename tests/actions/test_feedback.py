from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from storefront_trace.actions import feedback, trail
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.errors import Conflict
from storefront_trace.storage.tables import notice
from tests.people import Shop


async def packed(shop: Shop) -> tuple[str, str]:
    """(the order, Anders's packing of it)"""
    order_id = await shop.order()
    return order_id, (await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))).event.id


async def test_an_answer_that_is_changed_for_ever_leaves_room_for_the_steps(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback, "MOST_EDITS", 3)
    order_id, event_id = await packed(shop)
    for number in range(4):
        await feedback.save_feedback(shop.desk, shop.id, order_id, event_id, Answer("thanks", words=f"Tack {number}"))
    before = await shop.events()
    with pytest.raises(Conflict):
        await feedback.save_feedback(shop.desk, shop.id, order_id, event_id, Answer("thanks", words="Tack igen"))
    assert await shop.events() == before
    said = await feedback.save_feedback(shop.desk, shop.id, order_id, event_id, Answer("thanks", words="Tack 3"))
    assert said.words == "Tack 3"


async def test_all_answers_together_leave_room_for_the_steps(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail, "MOST_MARKS", 2)
    order_id, event_id = await packed(shop)
    for choice in ("thanks", "concern"):
        await feedback.save_feedback(shop.desk, shop.id, order_id, event_id, Answer(choice))
    with pytest.raises(Conflict):
        await feedback.save_feedback(shop.desk, shop.id, order_id, event_id, Answer("thanks"))
    await log_step(shop.desk, shop.id, "1001", StepToLog("delivered"))


async def test_what_becomes_a_concern_again_is_mailed_again(shop: Shop) -> None:
    order_id, event_id = await packed(shop)
    for choice in ("concern", "thanks", "concern"):
        await feedback.save_feedback(shop.desk, shop.id, order_id, event_id, Answer(choice))
    await feedback.save_feedback(shop.desk, shop.id, order_id, event_id, Answer("concern", words="Stor låda"))
    async with shop.desk.db.read() as conn:
        mails = await conn.execute(sa.select(notice.c.id).where(notice.c.kind == "concern"))
    assert len(mails.all()) == 2


async def test_an_edit_and_a_reply_at_the_same_moment_wait_for_each_other(shop: Shop) -> None:
    order_id, event_id = await packed(shop)
    said = await feedback.save_feedback(shop.desk, shop.id, order_id, event_id, Answer("thanks"))
    anders = await shop.person_id("anders")

    async def edit(number: int) -> None:
        await feedback.save_feedback(shop.desk, shop.id, order_id, event_id, Answer("thanks", words=f"Tack {number}"))

    async def reply(number: int) -> None:
        await feedback.reply(shop.desk, shop.id, said.id, by_person=anders, as_owner=False, words=f"Varsågod {number}")

    await asyncio.gather(*(act(number) for number in range(8) for act in (edit, reply)))
    assert sum(event.kind == "answer" for event in await shop.events()) == 17


async def test_what_is_added_within_ten_minutes_is_the_same_answer_and_what_is_changed_is_history(shop: Shop) -> None:
    order_id, event_id = await packed(shop)
    start = datetime(2026, 11, 22, 12, tzinfo=UTC)
    told = [
        (0, Answer("thanks")),
        (1, Answer("thanks", chips=("fast",))),
        (10, Answer("thanks", chips=("fast", "careful"), words="Fint!")),
        (15, Answer("thanks", words="Fint packat!")),
        (40, Answer("thanks", chips=("careful",))),
    ]
    for minutes, answer in told:
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            said = await feedback.save_feedback(shop.desk, shop.id, order_id, event_id, answer)
    assert (said.chips, said.words) == (("careful",), "Fint packat!")
    assert [(old["chips"], old["words"]) for old in said.history] == [
        (["fast", "careful"], "Fint!"),
        (["fast", "careful"], "Fint packat!"),
    ]
