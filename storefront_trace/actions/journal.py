"""Writing down what must never come back, before it is done: see storage/journal.py."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import structlog

from storefront_trace.actions.desk import Desk
from storefront_trace.actions.remains import write_anew
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.links import signature
from storefront_trace.domain.texts import folded
from storefront_trace.storage import endings
from storefront_trace.storage.database import Connection, DatabaseError
from storefront_trace.storage.journal import UNDONE, Ending

log = structlog.get_logger()


async def remember(desk: Desk, conn: Connection, shop_id: str, do: str, **told: Any) -> None:
    """The last thing in the transaction that does it, and once in it: two lines that it leaves undone look like an
    older database. The mark is set first: its row is locked until the commit, so that lines stand in the order in which
    they come true. When the process dies in between, the line is carried out at the next start; nobody has been told
    yes yet, and twice is once. When it is rolled back, another line says so.

    Where the file is gone that the mark is of, a new one begins with that and with what the database still knows.
    """
    if desk.journal is None:
        return
    before = await endings.find_mark(conn, shop_id)
    if before is not None and not await asyncio.to_thread(desk.journal.holds, before):
        await write_anew(desk, shop_id, before)
    ending = Ending(new_id(), shop_id, now_micros(), do, told)
    await endings.upsert_mark(conn, shop_id, ending.id)
    desk.db.when_undone(conn, partial(_take_back, desk, ending, before))
    await asyncio.to_thread(desk.journal.append, [ending])


async def _take_back(desk: Desk, ending: Ending, before: str | None, certain: bool) -> None:
    """Not where it may have been kept all the same: then forgetting once more is the smaller harm."""
    assert desk.journal is not None
    undone = Ending(new_id(), ending.shop, now_micros(), UNDONE, {"line": ending.id})
    try:
        if not certain:
            async with desk.db.read() as conn:
                if await endings.find_mark(conn, ending.shop) != before:
                    return
        await asyncio.to_thread(desk.journal.append, [undone])
    except (OSError, DatabaseError) as error:
        log.warning("what was rolled back still stands in the journal", line=ending.id, error=type(error).__name__)


def address_digest(secret: str, shop_id: str, address: str) -> str:
    """By which an address is known again that has been forgotten. Who has the file alone cannot try addresses on it."""
    return signature(secret.encode(), "journal", shop_id, folded(address))
