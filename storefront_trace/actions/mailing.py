"""The mails by the clock: an owner's of what needs her each morning, everybody's thanks and the owners' week on Friday
afternoons. Each is a notice of its own day and reader, so whoever looks again, in whichever process and after whatever
stop, finds it there."""

from __future__ import annotations

import asyncio
from datetime import date
from functools import partial
from typing import Any

from storefront_trace import background
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.needs import read_needs
from storefront_trace.background import Wait
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.mailing import WORDLESS, bounds_of, friday_before, is_friday_still, morning_of
from storefront_trace.domain.moments import from_micros, to_micros
from storefront_trace.domain.shop import Cast, Shop
from storefront_trace.storage import fridays, mailed, outbox, shops
from storefront_trace.storage.database import Connection
from storefront_trace.storage.mailed import Mailed
from storefront_trace.storage.reports import Doer

FIRST = (20, 90)
EVERY = (4 * 60, 6 * 60)
Letters = dict[str, dict[str, Any]]


async def run(desk: Desk, stop: asyncio.Event, *, wait: Wait | None = None) -> None:
    """Until `stop` is set. Every process does it at a moment of its own; who comes second finds them written."""
    await background.now_and_then(partial(write_all, desk), stop, FIRST, EVERY, trouble="mails wait", wait=wait)


async def write_all(desk: Desk) -> int:
    """How many were written, in every shop."""
    async with desk.db.read() as conn:
        found = await shops.list_shops(conn)
    return sum([await write_due(desk, shop) for shop in found])


async def write_due(desk: Desk, shop: Shop) -> int:
    """Looks first: a shop for which it is not time never takes the write lock."""
    async with desk.db.read() as conn:
        cast = await desk.casts.get(conn, shop.id)
        readers = await mailed.list_mailed(conn, shop.id)
        due = _mornings(cast, readers) | await _fridays(conn, cast, readers)
        known = await outbox.list_known(conn, shop.id, list(due))
        new = {once: letter for once, letter in due.items() if once not in known}
        if any(letter["kind"] == "morning" for letter in new.values()) and not await read_needs(conn, cast):
            new = {once: letter for once, letter in new.items() if letter["kind"] != "morning"}
    if new:
        async with desk.db.write() as conn:
            for once, letter in new.items():
                await outbox.insert_notice(conn, shop.id, once=once, created_at=now_micros(), **letter)
    return len(new)


def _mornings(cast: Cast, readers: list[Mailed]) -> Letters:
    found: Letters = {}
    for one in readers:
        if one.role == "owner" and one.morning_hour is not None:
            day = morning_of(cast.calendar, one.morning_hour, from_micros(now_micros()))
            if day is not None:
                found |= _letter(cast, "morning", day, one)
    return found


async def _fridays(conn: Connection, cast: Cast, readers: list[Mailed]) -> Letters:
    """Nothing in a week in which nobody was thanked; the owners' week also when something was learned."""
    now, zone = from_micros(now_micros()), cast.shop.zone
    friday = friday_before(now, zone)
    wanted = [one for one in readers if one.friday and one.role not in WORDLESS]
    if not (cast.shop.friday and wanted and is_friday_still(friday, now, zone)):
        return {}
    since, until = bounds_of(friday, zone)
    span = to_micros(since), to_micros(until)
    thanked = await fridays.list_thanked(conn, cast.shop.id, span)
    taught = thanked or await fridays.list_closed(conn, cast.shop.id, span, limit=1)
    found: Letters = {}
    for one in wanted:
        if Doer(one.person_id, None) in thanked or (one.team and Doer(None, one.team) in thanked):
            found |= _letter(cast, "friday", friday, one)
        if one.role == "owner" and taught:
            found |= _letter(cast, "friday_owner", friday, one)
    return found


def _letter(cast: Cast, kind: str, day: date, reader: Mailed) -> Letters:
    detail = {"person_id": reader.person_id, "account_id": reader.account_id, "day": day.isoformat()}
    to = {"recipient": reader.email, "locale": reader.locale or cast.shop.locale}
    return {f"{kind}:{day}:{reader.account_id}": {"kind": kind, "detail": detail, **to}}
