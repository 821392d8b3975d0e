"""Answers as they stand in their table, so that a test can have sixty of them at any instant."""

from __future__ import annotations

from typing import Any

from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.ids import new_id
from storefront_trace.storage import feedback
from tests.people import Shop


async def put_answer(shop: Shop, person: str | None, choice: str = "thanks", /, **values: Any) -> str:
    """To this person, or to the warehouse team; returns the answer's id."""
    row = {
        "id": new_id(), "order_id": new_id(), "event_id": new_id(), "order_number": "1001", "step": "packed",
        "person_id": await shop.person_id(person) if person else None, "team": "warehouse", "choice": choice,
        "chips": [], "words": "", "contact": False, "first_name": "Karin", "locale": "sv", "asked": "test",
        "created_at": now_micros(), "history": [],
    } | values  # fmt: skip
    async with shop.desk.db.write() as conn:
        await feedback.insert_feedback(conn, shop.id, **row)
    return str(row["id"])


async def put_answers(shop: Shop, person: str | None, thanks: int, concerns: int, **values: Any) -> None:
    """The concerns have been taken care of."""
    for _ in range(thanks):
        await put_answer(shop, person, **values)
    for _ in range(concerns):
        await put_answer(shop, person, "concern", **{"done_at": now_micros(), **values})
