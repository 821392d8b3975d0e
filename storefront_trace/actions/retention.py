"""Letting go by itself, once a day, of what is past its time; and looking how large the tables have become."""

from __future__ import annotations

import asyncio
from dataclasses import asdict

import structlog

from storefront_trace import background
from storefront_trace.actions.audit import ITSELF, acting
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.photos import forget_unanswered
from storefront_trace.actions.purging import purge
from storefront_trace.background import Wait
from storefront_trace.photos.files import MediaStore
from storefront_trace.storage import shops
from storefront_trace.storage.statistics import update_statistics

FIRST = (5 * 60, 15 * 60)
EVERY = (24 * 3_600, 24 * 3_600 + 10 * 60)

log = structlog.get_logger()


async def run(desk: Desk, stop: asyncio.Event, *, store: MediaStore | None = None, wait: Wait | None = None) -> None:
    """Until `stop` is set. Every process does it at a moment of its own; who comes second finds nothing left.

    `wait` takes seconds; of `store` goes what a power cut left unfinished, and what nobody said yes to.
    """

    async def let_go() -> None:
        await purge_all(desk)
        async with desk.db.write() as conn:
            await update_statistics(conn)
        if store is not None:
            log.info("unfinished pictures", files=await asyncio.to_thread(store.sweep))
            log.info("pictures nobody chose", pictures=await forget_unanswered(desk, store))

    await background.now_and_then(let_go, stop, FIRST, EVERY, trouble="retention waits", wait=wait)


async def purge_all(desk: Desk) -> None:
    """Every shop here, each in a transaction of its own."""
    async with desk.db.read() as conn:
        found = await shops.list_shops(conn)
    for shop in found:
        with acting(ITSELF):
            log.info("retention", shop=shop.id, **asdict(await purge(desk, shop.id)))
