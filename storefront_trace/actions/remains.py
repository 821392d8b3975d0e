"""A new journal where the old one is gone: that it is, and what the database itself still knows of what has ended.

It does not know which passkeys and pictures went, nor who was written to: the lines of the old file say that alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import structlog

from storefront_trace.actions.desk import Desk
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.people import NAMELESS
from storefront_trace.storage import remains, shops
from storefront_trace.storage.database import Connection
from storefront_trace.storage.journal import LOST, Ending

log = structlog.get_logger()
PAGE = 500
Told = tuple[str, dict[str, Any]]


async def write_anew(desk: Desk, shop_id: str, mark: str) -> str:
    """In one go, from what is committed: what the caller is about to do may yet be rolled back. Returns the last line's
    id."""
    assert desk.journal is not None
    now = now_micros()
    async with desk.db.read() as conn:
        known = [one async for one in _known(conn, shop_id)]
    lines = [Ending(new_id(), shop_id, now, do, told) for do, told in ((LOST, {"mark": mark}), *known)]
    await asyncio.to_thread(desk.journal.append, lines)
    log.warning("the journal was lost; what the database knows is written anew", lines=len(lines) - 1)
    return lines[-1].id


async def _known(conn: Connection, shop_id: str) -> AsyncIterator[Told]:
    async for one in _orders(conn, shop_id):
        yield one
    for order_id, upto, renew in await remains.list_revoked(conn, shop_id):
        yield "links", {"order": order_id, "upto": upto, "renew": renew}
    for follower_id, why in await remains.list_stopped(conn, shop_id):
        yield "stopped", {"follower": follower_id, "why": why}
    for digest in await remains.list_silenced(conn, shop_id):
        yield "silence", {"digest": digest}
    for token_id in await remains.list_ended_tokens(conn, shop_id):
        yield "token", {"token": token_id}
    for connection_id in await remains.list_ended_connections(conn, shop_id):
        yield "connection", {"connection": connection_id}
    for feedback_id, by_person in await remains.list_off_the_wall(conn, shop_id):
        yield "wall", {"feedback": feedback_id, "by_person": by_person}
    for screen_id in await remains.list_ended_screens(conn, shop_id):
        yield "screen", {"screen": screen_id}
    if not (await shops.get_shop(conn, shop_id)).per_person:
        yield "view", {}
    async for one in _people(conn, shop_id):
        yield one


async def _orders(conn: Connection, shop_id: str) -> AsyncIterator[Told]:
    after = ""
    while True:
        some = await remains.list_nameless_orders(conn, shop_id, after, PAGE)
        for one in _in_lines(some):
            yield one
        if len(some) < PAGE:
            return
        after = some[-1][0]


def _in_lines(some: list[tuple[str, bool]]) -> Iterator[Told]:
    past = [order_id for order_id, kept in some if kept]
    forgotten = [order_id for order_id, kept in some if not kept]
    if past:
        yield "past", {"orders": past}
    if forgotten:
        yield "customer", {"orders": forgotten, "to": [], "mail": None}


async def _people(conn: Connection, shop_id: str) -> AsyncIterator[Told]:
    for account_id, role, manages in await remains.list_lesser_rights(conn, shop_id):
        yield "role", {"account": account_id, "role": role, "manages": manages}
    for person_id, visibility in await remains.list_chosen(conn, shop_id):
        yield "lowered", {"person": person_id, "visibility": visibility}
    for person_id, name in await remains.list_gone(conn, shop_id):
        yield ("person", {"person": person_id, "to": []}) if name == NAMELESS else ("left", {"person": person_id})
