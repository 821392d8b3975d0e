from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from starlette.applications import Starlette

from storefront_trace.actions import concerns
from storefront_trace.actions.feedback import Answer, save_feedback
from storefront_trace.actions.papers import hide_people
from storefront_trace.config import Settings
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.moments import from_micros
from storefront_trace.notify.letters import CannotSay
from storefront_trace.notify.mails import compose
from storefront_trace.storage.tables import notice
from tests.notify.test_questions import mail, notices
from tests.people import Shop
from tests.web.owner.test_concerns import WORDS, concern


async def test_two_days_before_it_is_shared_the_owner_is_asked_to_talk_first(
    app: Starlette, shop: Shop, settings: Settings
) -> None:
    said = await concern(shop)
    came = from_micros(said.created_at)
    with time_machine.travel(came + timedelta(days=11), tick=False):
        assert "concern_soon" not in await due_kinds(shop)
    with time_machine.travel(came + timedelta(days=13), tick=False):
        message, text = await mail(app, shop, settings, "concern_soon")
    assert message["To"] == "olga@example.com"
    assert f"/owner/concerns/{said.id}" in text and WORDS not in text


@pytest.mark.parametrize("done", ["shared", "outside", "thanks", "by itself", "own step", "nobody read"])
async def test_what_is_shared_or_never_will_be_needs_no_mail(shop: Shop, settings: Settings, done: str) -> None:
    said = await concern(shop, by="olga" if done == "own step" else "anders")
    if done == "shared":
        await concerns.share_now(shop.desk, shop.id, said.id)
    if done == "outside":
        await concerns.mark_outside(shop.desk, shop.id, said.id)
    if done == "thanks":
        await save_feedback(shop.desk, shop.id, said.order_id, said.event_id, Answer("thanks"))
    if done == "nobody read":
        await hide_people(shop.desk, shop.id, by_person=await shop.person_id("olga"))
    days = 15 if done == "by itself" else 12
    with time_machine.travel(from_micros(said.created_at) + timedelta(days=days), tick=False), pytest.raises(CannotSay):
        await compose(shop.desk, settings, (await notices(shop))["concern_soon"])


async def due_kinds(shop: Shop) -> set[str]:
    query = sa.select(notice.c.kind).where(notice.c.due_at <= now_micros(), notice.c.sent_at.is_(None))
    async with shop.desk.db.read() as conn:
        return set((await conn.execute(query)).scalars())
