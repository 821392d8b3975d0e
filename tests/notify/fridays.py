"""A Friday in November, and those who read mails on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from starlette.applications import Starlette

from storefront_trace.actions import mailing, people
from storefront_trace.actions.people import PersonTold
from storefront_trace.config import Settings
from storefront_trace.notify import sender
from storefront_trace.storage.tables import notice
from tests.people import STAFF, Shop

# In Stockholm it is two in the afternoon, one hour after UTC; the shop opens at eight.
FRIDAY = datetime(2026, 11, 20, 13, tzinfo=UTC)
MONDAY = FRIDAY + timedelta(days=2, hours=20)
THURSDAY = FRIDAY - timedelta(days=1)


async def let_in(shop: Shop, *handles: str) -> None:
    """With an address of their own, as anders@example.com, and a login."""
    for handle in handles:
        told = STAFF[handle]
        address = f"{handle}@example.com"
        await people.put_person(
            shop.desk, shop.id, handle, PersonTold(told.display_name, told.roles, told.team, address)
        )
        await shop.session(handle)


async def written(shop: Shop) -> list[tuple[str, str]]:
    """(kind, reader) of the mails by the clock that wait or have gone."""
    query = sa.select(notice.c.kind, notice.c.recipient).where(notice.c.kind.in_(("morning", "friday", "friday_owner")))
    async with shop.desk.db.read() as conn:
        return sorted((row.kind, row.recipient) for row in await conn.execute(query))


async def deliver(app: Starlette, shop: Shop, settings: Settings) -> Any:
    """Writes what is due, and sends it."""
    await mailing.write_all(shop.desk)
    return await sender.send_due(shop.desk, settings, app.state.voice)
