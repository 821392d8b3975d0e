"""An owner's ways in that were taken away, when the process died before the database said so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
import time_machine

from storefront_trace.actions import endings, factor
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.ids import new_id
from storefront_trace.storage.accounts import Session
from storefront_trace.storage.journal import Ending
from storefront_trace.storage.tables import passkey, recovery_code, second_factor, session
from tests.actions.authenticator_app import session_of, set_up
from tests.earlier import copy_of, put_back
from tests.people import Shop

KEY = {"name": "Phone", "fingerprint": "a" * 43, "credential_id": "b" * 43, "public_key": "c" * 90}
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[None]:
    """Stands still, so that a code is of the step that the test means."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
async def olga(clock: None, shop: Shop) -> Session:
    """With codes, recovery codes and a passkey."""
    found = await session_of(shop)
    await set_up(shop, found)
    values = {"shop_id": shop.id, "account_id": found.account_id, "id": new_id(), "created_at": now_micros()}
    async with shop.desk.db.write() as conn:
        await conn.execute(sa.insert(passkey).values(**values, **KEY))
    return found


async def ways_in(shop: Shop) -> list[int]:
    """How many codes, recovery codes and passkeys there are."""
    async with shop.desk.db.read() as conn:
        count = sa.func.count()
        tables = (second_factor, recovery_code, passkey)
        return [(await conn.execute(sa.select(count).select_from(table))).scalar_one() for table in tables]


async def still_in(shop: Shop) -> int:
    async with shop.desk.db.read() as conn:
        query = sa.select(sa.func.count()).select_from(session).where(session.c.ended_at.is_(None))
        return (await conn.execute(query)).scalar_one()


async def test_a_reset_that_a_kill_cut_off_is_carried_out_and_signs_nobody_else_out(shop: Shop, olga: Session) -> None:
    assert await ways_in(shop) == [1, 10, 1]
    signed_in, before = await still_in(shop), await copy_of(shop.desk.db)
    await factor.reset(shop.desk, shop.id, "olga")
    await put_back(shop.desk.db, before)
    assert (await endings.carry_out(shop.desk)).lines == 1
    assert await ways_in(shop) == [0, 0, 0] and await still_in(shop) == signed_in > 0


async def test_the_two_lines_of_an_older_file_are_understood(shop: Shop, olga: Session) -> None:
    assert shop.desk.journal is not None
    told = {"account": olga.account_id}
    shop.desk.journal.append(
        [Ending(new_id(), shop.id, now_micros(), kind, told) for kind in ("passkeys", "factor")],
    )
    await endings.carry_out(shop.desk)
    assert await ways_in(shop) == [0, 0, 0]
