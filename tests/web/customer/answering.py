"""An order whose customer is asked, and what she has said."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.moments import Moment
from storefront_trace.storage import feedback as rows
from storefront_trace.storage.feedback import Feedback
from storefront_trace.storage.tables import notice
from tests.people import Shop

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SV = {"Accept-Language": "sv"}


async def packed(shop: Shop, number: str = "1001") -> str:
    """The URL of the form about Anders's packing."""
    await shop.order(number, lines=(), promise_from=None, promise_to=None)
    step = (await log_step(shop.desk, shop.id, number, StepToLog("packed", "anders"))).event.id
    return f"/t/{await shop.token(number)}/steps/{step}/feedback"


async def deliver(shop: Shop, number: str = "1001") -> None:
    await log_step(shop.desk, shop.id, number, StepToLog("shipped", "anders"))
    home = Moment(NOON, "+00:00", "minute")
    await log_step(shop.desk, shop.id, number, StepToLog("delivered", at=home, carrier_scan=True))


async def said(shop: Shop) -> list[Feedback]:
    async with shop.desk.db.read() as conn:
        return await rows.list_feedback(conn, shop.id)


async def asked(shop: Shop) -> list[tuple[str, int]]:
    """The questions that wait to be mailed: to whom, and when (microseconds)."""
    query = sa.select(notice.c.detail, notice.c.due_at).where(notice.c.kind == "ask_feedback").order_by(notice.c.id)
    async with shop.desk.db.read() as conn:
        return [(row.detail["order_number"], row.due_at) for row in await conn.execute(query)]
