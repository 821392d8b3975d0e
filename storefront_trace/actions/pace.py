"""Counting anew how long the shop's orders take, from those that have come home, now and then."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import structlog

from storefront_trace import background
from storefront_trace.actions.desk import Desk
from storefront_trace.background import Wait
from storefront_trace.domain.calendar import read_calendar
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.moments import from_micros
from storefront_trace.domain.pace import Finished, pace_of, way_of
from storefront_trace.domain.shop import Shop
from storefront_trace.publicdays import public_days
from storefront_trace.storage import shops
from storefront_trace.storage.finished import list_finished

FIRST = (60, 5 * 60)
EVERY = (6 * 3_600, 7 * 3_600)
# The public holidays that are kept: for counting what was, and for saying what will be.
YEARS_BACK, YEARS_AHEAD = 2, 2

log = structlog.get_logger()


async def run(desk: Desk, stop: asyncio.Event, *, wait: Wait | None = None) -> None:
    """Until `stop` is set. Every process does it at a moment of its own; who comes second finds nothing changed."""
    await background.now_and_then(
        partial(recount_all, desk), stop, FIRST, EVERY, trouble="counting the pace waits", wait=wait
    )


async def recount_all(desk: Desk) -> None:
    async with desk.db.read() as conn:
        found = await shops.list_shops(conn)
    for shop in found:
        if await recount(desk, shop.id):
            log.info("pace counted anew", shop=shop.id)


async def recount(desk: Desk, shop_id: str) -> bool:
    """Whether anything came out differently: only then are the shop's pages made anew."""
    async with desk.db.read() as conn:
        shop = await shops.get_shop(conn, shop_id)
        finished = await list_finished(conn, shop_id)
    public = await asyncio.to_thread(_public_days, shop)
    pace = await asyncio.to_thread(_pace, shop, public, finished)
    async with desk.db.write() as conn:
        now = await shops.get_shop(conn, shop_id, lock=True)
        if (now.calendar, now.country, now.zone) != (shop.calendar, shop.country, shop.zone):
            return False  # the owner has just changed them, which counts anew by itself
        calendar = with_public(now.calendar, public)
        if (calendar, pace) == (now.calendar, now.pace):
            return False
        await shops.update_shop(conn, shop_id, calendar=calendar, pace=pace)
        await shops.update_generation(conn, shop_id)
        return True


def _pace(shop: Shop, public: Mapping[str, Any] | None, finished: Sequence[Finished]) -> dict[str, Any]:
    calendar = read_calendar(with_public(shop.calendar, public), shop.zone)
    ways = (way_of(one, calendar) for one in finished)
    return pace_of([way for way in ways if way is not None], calendar)


def with_public(calendar: Mapping[str, Any] | None, public: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The owner's own calendar with the country's holidays, which we keep in it."""
    own = {key: value for key, value in (calendar or {}).items() if key != "public"}
    return (own | ({"public": public} if public else {})) or None


def _public_days(shop: Shop) -> Mapping[str, Any] | None:
    """Those that are kept already, as long as they are the country's and reach far enough ahead."""
    if shop.country is None:
        return None
    year = from_micros(now_micros()).year
    kept: Mapping[str, Any] | None = (shop.calendar or {}).get("public")
    if kept is not None and kept["country"] == shop.country and kept["years"][1] > year:
        return kept
    years = [year - YEARS_BACK, year + YEARS_AHEAD]
    days = sorted(day.isoformat() for day in public_days(shop.country, *years))
    return {"country": shop.country, "years": years, "days": days}
