"""Counting the weeks that are over, and the one underway, now and then."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from functools import partial
from statistics import median

from storefront_trace import background
from storefront_trace.actions.desk import Desk
from storefront_trace.background import Wait
from storefront_trace.domain.calendar import read_calendar, working_minutes
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.moments import from_micros, to_micros
from storefront_trace.domain.shop import Shop
from storefront_trace.domain.weeks import LEAST, Week, bounds_of, is_kept, monday_of, spans_of
from storefront_trace.storage import shops, visits, weeks
from storefront_trace.storage.finished import list_those

FIRST = (30, 3 * 60)
EVERY = (14 * 60, 16 * 60)
# So many weeks are counted when a shop is new here, or its server was off.
BACK = 13
# Of a week: so many orders at most are counted, and so many looked at step by step.
MOST, LOOKED_AT, ANSWERS = 20_000, 1_000, 2_000


async def run(desk: Desk, stop: asyncio.Event, *, wait: Wait | None = None) -> None:
    """Until `stop` is set. Every process does it at a moment of its own: counting twice is counting once."""
    await background.now_and_then(
        partial(count_all, desk), stop, FIRST, EVERY, trouble="counting the weeks waits", wait=wait
    )


async def count_all(desk: Desk) -> None:
    async with desk.db.read() as conn:
        found = await shops.list_shops(conn)
    for shop in found:
        await count_weeks(desk, shop)


async def count_weeks(desk: Desk, shop: Shop) -> int:
    """How many were counted: those that are over and were not yet, and always the one underway and the one before it,
    of which some is told late."""
    now = now_micros()
    this = monday_of(from_micros(now), shop.zone)
    mondays = [this - timedelta(weeks=back) for back in range(BACK)]
    async with desk.db.read() as conn:
        known = await weeks.known_days(conn, shop.id, [day.isoformat() for day in mondays])
    counted = 0
    for monday in mondays:
        if monday.isoformat() in known:
            continue
        told = await _count(desk, shop, monday)
        async with desk.db.write() as conn:
            await weeks.upsert_week(conn, shop.id, told, whole=monday < this - timedelta(weeks=1), now=now)
        counted += 1
    return counted


async def _count(desk: Desk, shop: Shop, monday: date) -> Week:
    since, until = (to_micros(bound) for bound in bounds_of(monday, shop.zone))
    calendar = read_calendar(shop.calendar, shop.zone)
    async with desk.db.read() as conn:
        placed = await weeks.count_placed(conn, shop.id, since, until)
        home = await weeks.list_home(conn, shop.id, since, until, limit=MOST)
        finished = await list_those(conn, shop.id, [one.id for one in home[:: max(1, len(home) // LOOKED_AT)]])
        reacted = await weeks.count_reacted(conn, shop.id, since, until)
        seen = await visits.count_visits(conn, shop.id, monday.isoformat(), (monday + timedelta(weeks=1)).isoformat())
        answers = await weeks.list_answered(conn, shop.id, since, until, limit=ANSWERS)
    promised = [one for one in home if one.promise_to is not None]
    waits = [working_minutes(calendar, from_micros(asked), from_micros(at)) for asked, at in answers]
    return Week(
        day=monday.isoformat(),
        placed=placed,
        home=len(home),
        promised=len(promised),
        kept=sum(is_kept(one.delivered_at, one.promise_to or "", shop.zone) for one in promised),
        reacted=reacted,
        answered=len(waits),
        answer_minutes=round(median(waits)) if len(waits) >= LEAST else None,
        visits=seen,
        spans=await asyncio.to_thread(spans_of, finished, calendar),
    )
