"""What the tests of shared tablets and of PINs have in common."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from storefront_trace.actions import kiosks, pins
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import NotAllowed
from storefront_trace.domain.links import token_hash
from storefront_trace.storage import accounts
from storefront_trace.storage.accounts import Account, Session
from storefront_trace.storage.kiosks import Kiosk
from storefront_trace.storage.tables import notice
from tests.people import Shop

PIN, OTHER = "2590", "8351"


@contextmanager
def later(**by: float) -> Iterator[None]:
    with time_machine.travel(datetime.now(UTC) + timedelta(**by), tick=False):
        yield


async def session_of(shop: Shop, token: str) -> Session | None:
    async with shop.desk.db.read() as conn:
        return await accounts.find_session(conn, token_hash(token), now_micros())


async def phone(shop: Shop, handle: str = "anders") -> Session:
    """Somebody's own."""
    found = await session_of(shop, await shop.session(handle))
    assert found is not None
    return found


async def with_pin(shop: Shop, handle: str = "anders", pin: str = PIN) -> str:
    """The id of the person, who has set it."""
    session = await phone(shop, handle)
    await pins.set_pin(shop.desk, session, pin)
    return session.person_id


async def tablet(shop: Shop, name: str = "Packbordet") -> Kiosk:
    _, link = await kiosks.make_kiosk(shop.desk, shop.id, name)
    opened, _ = await kiosks.open_kiosk(shop.desk, link)
    return opened


async def account_of(shop: Shop, handle: str = "anders") -> Account:
    async with shop.desk.db.read() as conn:
        found = await accounts.find_account(conn, shop.id, await shop.person_id(handle))
    assert found is not None
    return found


async def told(shop: Shop, kind: str = "pin_locked") -> list[dict[str, Any]]:
    """What the owner was told, newest last."""
    query = sa.select(notice.c.detail, notice.c.recipient).where(notice.c.kind == kind)
    async with shop.desk.db.read() as conn:
        rows = (await conn.execute(query.order_by(notice.c.created_at))).all()
    assert {row.recipient for row in rows} <= {"olga@example.com"}
    return [row.detail for row in rows]


async def fails(shop: Shop, kiosk: Kiosk, person_id: str, pin: str) -> str:
    with pytest.raises(NotAllowed) as refused:
        await kiosks.sign_in(shop.desk, kiosk, person_id, pin)
    return refused.value.message
