"""What all tests of questions do: Karin asks about her order, and somebody answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from storefront_trace.actions import people, questions
from storefront_trace.actions.people import PersonTold
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.storage import questions as rows
from storefront_trace.storage import shops as shop_rows
from storefront_trace.storage.questions import Question
from storefront_trace.storage.tables import notice
from tests.people import STAFF, Shop

MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)  # eight in Stockholm: the doors open


async def ask(shop: Shop, words: str = "Kan ni slå in muggen?", *, packed_by: str | None = "anders") -> str:
    """Karin asks about her order, which Anders has packed."""
    order_id = await shop.order()
    if packed_by and not any(event.step == "packed" for event in await shop.events()):
        await log_step(shop.desk, shop.id, "1001", StepToLog("packed", packed_by))
    return await questions.ask(shop.desk, shop.id, order_id, words, locale="sv")


async def ask_of_packed(shop: Shop) -> str:
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))
    return await questions.ask(shop.desk, shop.id, (await shop.row()).id, "Hej?", locale="sv")


async def answer(shop: Shop, question_id: str, handle: str, words: str = "Javisst!", *, as_owner: bool = False) -> None:
    by = await shop.person_id(handle)
    await questions.answer(shop.desk, shop.id, question_id, by_person=by, as_owner=as_owner, words=words)


async def get(shop: Shop, question_id: str) -> Question:
    async with shop.desk.db.read() as conn:
        return await rows.get_question(conn, shop.id, question_id)


async def of_order(shop: Shop) -> list[Question]:
    async with shop.desk.db.read() as conn:
        return await rows.list_of_order(conn, shop.id, (await shop.row()).id)


async def version_of(shop: Shop, act: Any) -> int:
    await act
    return (await shop.row()).version


async def generation(shop: Shop) -> int:
    async with shop.desk.db.read() as conn:
        return await shop_rows.get_generation(conn, shop.id)


async def notices(shop: Shop) -> list[tuple[str, str]]:
    async with shop.desk.db.read() as conn:
        query = sa.select(notice.c.kind, notice.c.recipient).order_by(notice.c.created_at, notice.c.id)
        return [(row.kind, row.recipient) for row in await conn.execute(query)]


async def give_address(shop: Shop, handle: str) -> None:
    told = STAFF[handle]
    await people.put_person(
        shop.desk, shop.id, handle, PersonTold(told.display_name, told.roles, told.team, f"{handle}@example.com")
    )
