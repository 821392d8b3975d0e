"""Letting go of what is past its time: looked for beside everybody's work, and done a few rows at a time.

Nobody who writes waits for it: each transaction changes at most AT_ONCE rows of one table, or forgets ORDERS orders.
Killed in between it has done a part, and the next round does the rest. Whatever is found is looked at once more in the
transaction that lets it go, since it may have been touched meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass, replace

from storefront_trace.actions.audit import note
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.journal import remember
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.following import CONFIRM_DAYS
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.lifetimes import link_ends_at
from storefront_trace.domain.orders import Line
from storefront_trace.domain.shop import Shop
from storefront_trace.storage import followers, orders, privacy, retention, shops
from storefront_trace.storage.database import Connection
from storefront_trace.storage.retention import Limits, Old

DELIVERY_DAYS = 14
NOTICE_DAYS = 90
KEY_DAYS = 1
MONTH = 30 * DAY
LOG_DAYS = 400
AT_ONCE = 200
# Looking for what is old may go through the whole table: not for every few rows.
LOOKED_FOR = 20_000
ORDERS = 50
PAGE = 2_000
WORDY = ("feedback", "reply", "talk")


@dataclass(frozen=True)
class Purged:
    orders: int = 0
    deliveries: int = 0
    idempotency_keys: int = 0
    sessions: int = 0
    notices: int = 0
    words: int = 0
    changes: int = 0
    readings: int = 0


async def purge(desk: Desk, shop_id: str, *, dry_run: bool = False, months: Mapping[str, int] | None = None) -> Purged:
    """Retention. A dry run counts what would go: it only reads, and nobody waits for it; with `months` (words_months,
    log_months) as if the shop kept things that long. They count in a dry run alone."""
    now = now_micros()
    async with desk.db.read() as conn:
        shop = await shops.get_shop(conn, shop_id)
    if dry_run and months:
        words, log = (months.get(name, getattr(shop, name)) for name in ("words_months", "log_months"))
        shop = replace(shop, words_months=words, log_months=log)
    olds = retention.old_rows(_limits(shop, now))
    if dry_run:
        return await _count(desk, shop, olds, now)
    await _foretell(desk, shop_id, olds, _limits(shop, now).words)
    counts: dict[str, int] = {}
    for old in olds:
        gone = await _let_go(desk, shop_id, old)
        if old.counted:
            counts[old.counted] = counts.get(old.counted, 0) + gone
    counts["orders"] = await _forget_past(desk, shop, now)
    async with desk.db.write() as conn:
        if any(counts.values()):
            await retention.insert_purged(conn, shop_id, id=new_id(), at=now_micros(), counts=asdict(Purged(**counts)))
        await note(conn, shop_id, "privacy.purged", orders=counts["orders"])
    return Purged(**counts)


def _limits(shop: Shop, now: int) -> Limits:
    return Limits(
        bodies=now - DELIVERY_DAYS * DAY,
        keys=now - KEY_DAYS * DAY,
        sessions=now - KEY_DAYS * DAY,
        notices=now - NOTICE_DAYS * DAY,
        words=now - shop.words_months * MONTH,
        logs=now - shop.log_months * MONTH,
        rounds=now - LOG_DAYS * DAY,
        unconfirmed=now - CONFIRM_DAYS * DAY,
        pending=now,
    )


async def _count(desk: Desk, shop: Shop, olds: list[Old], now: int) -> Purged:
    counts: dict[str, int] = {}
    async with desk.db.read() as conn:
        for old in olds:
            if old.counted:
                found = await retention.count_old(conn, shop.id, old)
                counts[old.counted] = counts.get(old.counted, 0) + found
    return Purged(**counts, orders=sum([len(ids) async for ids in _past_orders(desk, shop, now)]))


async def _foretell(desk: Desk, shop_id: str, olds: list[Old], before: int) -> None:
    """That words older than this go, when there are any."""
    async with desk.db.read() as conn:
        words = [await retention.list_old(conn, shop_id, old, limit=1) for old in olds if old.table.name in WORDY]
    if any(words):
        async with desk.db.write() as conn:
            await remember(desk, conn, shop_id, "words", before=before)


async def _let_go(desk: Desk, shop_id: str, old: Old) -> int:
    gone, after = 0, tuple[str, ...]()
    while True:
        async with desk.db.read() as conn:
            keys = await retention.list_old(conn, shop_id, old, after=after, limit=LOOKED_FOR)
        for at in range(0, len(keys), AT_ONCE):
            gone += await _let_some_go(desk, shop_id, old, keys[at : at + AT_ONCE])
            await asyncio.sleep(0)  # whoever waits for the writer has their turn
        if len(keys) < LOOKED_FOR:
            return gone
        after = keys[-1]


async def _let_some_go(desk: Desk, shop_id: str, old: Old, keys: list[tuple[str, ...]]) -> int:
    async with desk.db.write() as conn:
        await privacy.lock_purge(conn)
        gone = await retention.delete_old(conn, shop_id, old, keys)
        if gone and old.empty and old.table.name in WORDY:  # customers' pages show them
            await shops.update_generation(conn, shop_id)
        return gone


async def _past_orders(desk: Desk, shop: Shop, now: int) -> AsyncIterator[list[str]]:
    """Those whose link has ended, by PAGE orders looked at."""
    after = ""
    while True:
        async with desk.db.read() as conn:
            seen, past = await _past_among(conn, shop, now, after=after)
        if past:
            yield past
        if len(seen) < PAGE:
            return
        after = seen[-1]


async def _past_among(
    conn: Connection, shop: Shop, now: int, *, after: str = "", ids: list[str] | None = None
) -> tuple[list[str], list[str]]:
    """(looked at, past). The database narrows them down, the rule is the page's own."""
    before = now - shop.link_days * DAY
    quiet = await privacy.list_quiet_orders(conn, shop.id, before, after=after, ids=ids, limit=PAGE)
    lines: dict[str, list[Line]] = {}
    for part in parts([row.id for row in quiet]):
        lines |= await orders.list_lines_of(conn, shop.id, part)
    ends = [(row.id, link_ends_at(row, lines.get(row.id, []), shop)) for row in quiet]
    return [row.id for row in quiet], [order_id for order_id, end in ends if end is not None and now >= end]


async def _forget_past(desk: Desk, shop: Shop, now: int) -> int:
    forgotten = 0
    async for past in _past_orders(desk, shop, now):
        await _let_go(desk, shop.id, retention.old_notices_of(shop.id, past))
        for part in parts(past, ORDERS):
            forgotten += await _forget_some(desk, shop, part, now)
    return forgotten


async def _forget_some(desk: Desk, shop: Shop, ids: list[str], now: int) -> int:
    async with desk.db.write() as conn:
        await privacy.lock_purge(conn)
        _, part = await _past_among(conn, shop, now, ids=ids)
        if not part:
            return 0
        await forget_past(conn, shop.id, part, now)
        await remember(desk, conn, shop.id, "past", orders=part)
        return len(part)


async def forget_past(conn: Connection, shop_id: str, ids: list[str], now: int) -> None:
    """Whose these orders were; what was said of them stays, without a name. The notices about them have gone."""
    await privacy.update_orders_nameless(conn, shop_id, ids, now)
    await privacy.update_said_nameless(conn, shop_id, ids, words=False)
    await privacy.delete_questions(conn, shop_id, ids)
    await followers.delete_followers(conn, shop_id, ids, notices=False)
    await privacy.update_links_ended(conn, shop_id, ids, now)


def parts(ids: list[str], size: int = 500) -> list[list[str]]:
    """A statement takes only so many parameters."""
    return [ids[at : at + size] for at in range(0, len(ids), size)]
