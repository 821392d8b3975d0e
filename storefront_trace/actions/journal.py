"""Writing down what must never come back, before it is done: see storage/journal.py."""

from __future__ import annotations

import asyncio
from typing import Any

from storefront_trace.actions.desk import Desk
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.links import signature
from storefront_trace.domain.texts import folded
from storefront_trace.storage import endings
from storefront_trace.storage.database import Connection
from storefront_trace.storage.journal import Ending


async def remember(desk: Desk, conn: Connection, shop_id: str, do: str, **told: Any) -> None:
    """The last thing in the transaction that does it. The mark is set first: its row is locked until the commit, so
    that lines stand in the order in which they come true. When the process dies in between, the line is carried out at
    the next start; nobody has been told yes yet, and twice is once."""
    if desk.journal is None:
        return
    ending = Ending(new_id(), shop_id, now_micros(), do, told)
    await endings.upsert_mark(conn, shop_id, ending.id)
    await asyncio.to_thread(desk.journal.append, [ending])


def address_digest(secret: str, shop_id: str, address: str) -> str:
    """By which an address is known again that has been forgotten. Who has the file alone cannot try addresses on it."""
    return signature(secret.encode(), "journal", shop_id, folded(address))
