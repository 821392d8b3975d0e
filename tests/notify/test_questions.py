from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
import time_machine
from starlette.applications import Starlette

from storefront_trace.actions import people, privacy, questions
from storefront_trace.actions.own_words import save_own_words
from storefront_trace.actions.people import PersonTold
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.config import Settings
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.own_words import check_own_words
from storefront_trace.notify.letters import CannotSay
from storefront_trace.notify.mails import compose
from storefront_trace.storage import outbox
from storefront_trace.storage import questions as rows
from storefront_trace.storage.outbox import Notice
from tests.notify.postman import text_of
from tests.people import STAFF, Shop

ROLES = STAFF["anders"].roles


async def asked(shop: Shop, by: str = "anders") -> str:
    await people.put_person(shop.desk, shop.id, by, PersonTold(by.title(), ROLES, "warehouse", f"{by}@example.com"))
    await shop.order()
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", by))
    return await questions.ask(shop.desk, shop.id, (await shop.row()).id, "Kan ni slå in muggen?", locale="sv")


async def answered(shop: Shop, by: str = "anders") -> None:
    question_id, person = await asked(shop, by), await shop.person_id(by)
    await questions.answer(
        shop.desk, shop.id, question_id, by_person=person, as_owner=False, words="Javisst, i blått papper!"
    )


async def notices(shop: Shop) -> dict[str, Notice]:
    async with shop.desk.db.write() as conn:
        found = await outbox.claim_notices(conn, now_micros(), now_micros() + 1)
    return {one.kind: one for one in found}


async def mail(app: Starlette, shop: Shop, settings: Settings, kind: str) -> tuple[EmailMessage, str]:
    message = await compose(shop.desk, settings, (await notices(shop))[kind], app.state.voice)
    body = message.get_body(("plain",))
    assert body is not None
    return message, str(body.get_content())  # type: ignore[attr-defined]


async def test_the_person_reads_the_question_and_where_to_answer(
    app: Starlette, shop: Shop, settings: Settings
) -> None:
    question_id = await asked(shop)
    message, text = await mail(app, shop, settings, "question")
    assert (message["To"], message["Subject"]) == ("anders@example.com", "En fråga till dig: beställning 1001")
    assert "Kan ni slå in muggen?" in text
    assert f"/staff/questions#question-{question_id}" in text


async def test_the_answer_goes_to_the_customer_with_who_gave_it_and_the_way_to_the_page(
    app: Starlette, shop: Shop, settings: Settings
) -> None:
    await answered(shop)
    message, text = await mail(app, shop, settings, "answer")
    assert (message["To"], message["Subject"]) == ("karin@example.com", "Svar från Anders: beställning 1001")
    assert "Javisst, i blått papper!" in text
    assert f"Fråga igen:\n{settings.public_url}/t/{await shop.token()}/questions" in text.replace("\r", "")
    assert re.search(rf'src="[^"]+/t/{await shop.token()}/questions/[0-9a-f]{{32}}/face.jpg"', text_of(message, "html"))


async def test_the_answer_of_somebody_who_is_shown_as_the_team_is_the_teams(
    app: Starlette, shop: Shop, settings: Settings
) -> None:
    await answered(shop, "sam")
    message, text = await mail(app, shop, settings, "answer")
    assert message["Subject"] == "Svar från lagerteamet: beställning 1001"
    assert "Sam" not in message.as_string() + text


async def test_who_answers_in_its_language_is_told_when_it_has_come_to_the_team(
    app: Starlette, shop: Shop, settings: Settings
) -> None:
    await people.put_person(shop.desk, shop.id, "lisa", PersonTold("Lisa", ROLES, "warehouse", "lisa@example.com"))
    spoken = check_own_words({}, {}, ["fi"], "")
    await save_own_words(shop.desk, shop.id, await shop.person_id("lisa"), spoken)
    with time_machine.travel(datetime(2026, 11, 23, 7, tzinfo=UTC), tick=False) as clock:
        question_id = await asked(shop)
        async with shop.desk.db.write() as conn:
            await rows.update_question(conn, shop.id, question_id, locale="fi")
        clock.shift(timedelta(hours=4))
        await questions.pass_on(shop.desk)
        message, text = await mail(app, shop, settings, "question_team")
    assert message["To"] == "lisa@example.com"
    assert "du svarar på kundens språk" in " ".join(text.split())
    assert "/staff/questions#question-" in text


async def test_the_owner_is_told_when_it_has_come_to_her(app: Starlette, shop: Shop, settings: Settings) -> None:
    with time_machine.travel(datetime(2026, 11, 23, 7, tzinfo=UTC), tick=False) as clock:
        await asked(shop)
        for _ in range(2):
            clock.shift(timedelta(hours=4))
            await questions.pass_on(shop.desk)
        message, text = await mail(app, shop, settings, "question_owner")
    assert message["To"] == "olga@example.com"
    assert "/owner/questions#question-" in text


async def test_what_has_been_answered_or_erased_meanwhile_is_not_mailed(
    app: Starlette, shop: Shop, settings: Settings
) -> None:
    await answered(shop)
    waiting = await notices(shop)
    with pytest.raises(CannotSay):
        await compose(shop.desk, settings, waiting["question"], app.state.voice)
    await privacy.erase_customer(shop.desk, shop.id, number="1001")
    with pytest.raises(CannotSay):
        await compose(shop.desk, settings, waiting["answer"], app.state.voice)
