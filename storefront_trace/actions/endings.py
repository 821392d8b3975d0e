"""What ended once ends again: carries out what the journal (storage/journal.py) knows and the database does not.

That is so after a restore, and after a process died between the two. Each line twice is once, and a line is told of
things that there were when it was written: what has come since under the same address or the same name stays.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog

from storefront_trace.actions.audit import ITSELF, acting
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.ended import Known, Round, carry_out_one, digests_in
from storefront_trace.actions.journal import address_digest
from storefront_trace.actions.remains import write_anew
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.ids import new_id
from storefront_trace.storage import endings, shops
from storefront_trace.storage.journal import LOST, RESTORED, UNDONE, Ending

log = structlog.get_logger()
PAGE = 5_000
BACKUP_DAYS = 30  # for how long README.md says that backups are kept


@dataclass(frozen=True)
class Carried:
    """How many lines, and the photos whose files the caller deletes."""

    lines: int = 0
    photos: tuple[str, ...] = ()


async def mark_restored(desk: Desk) -> None:
    """An older database has come back, by whichever tool: whoever was let in since then shows anew who they are."""
    assert desk.journal is not None
    async with desk.db.read() as conn:
        found = await shops.list_shops(conn)
    lines = [Ending(new_id(), shop.id, now_micros(), RESTORED, {}) for shop in found]
    await asyncio.to_thread(desk.journal.append, lines)


async def carry_out(desk: Desk) -> Carried:
    """Whatever is behind the mark of each shop, in order."""
    if desk.journal is None:
        return Carried()
    written = await asyncio.to_thread(desk.journal.look)
    if written.odd:
        log.warning("lines of the journal cannot be read and were passed over", lines=written.odd[:10])
    done, photos = 0, list[str]()
    async with desk.db.read() as conn:
        found = {shop.id: await endings.find_mark(conn, shop.id) for shop in await shops.list_shops(conn)}
    for shop_id, mark in found.items():
        mine = [one for one in written.endings if one.shop == shop_id]
        lost = mark is not None and all(one.id != mark for one in mine)
        left = _behind(mine, mark)
        photos += await _carry_out(desk, shop_id, left, marks=not lost)
        done += len(left)
        if lost and mark is not None:
            # The mark stays until it is written down that its file was missed: were it moved, nobody would know.
            last = await write_anew(desk, shop_id, mark)
            async with desk.db.write() as conn:
                await endings.upsert_mark(conn, shop_id, last)
    return Carried(done, tuple(photos))


@dataclass(frozen=True)
class Trouble:
    """Whether the file is missed that this database was written with, and which lines of this one cannot be read."""

    lost: bool
    odd: tuple[int, ...] = ()


async def find_trouble(desk: Desk) -> Trouble:
    """A lost file is told of until its lines are back, or no backup is from before it was missed."""
    if desk.journal is None:
        return Trouble(lost=False)
    written = await asyncio.to_thread(desk.journal.look)
    async with desk.db.read() as conn:
        marks = [await endings.find_mark(conn, shop.id) for shop in await shops.list_shops(conn)]
    since = now_micros() - BACKUP_DAYS * DAY
    missed = [one.told["mark"] for one in written.endings if one.do == LOST and one.at >= since]
    here = {one.id for one in written.endings}
    return Trouble(any(mark is not None and mark not in here for mark in (*marks, *missed)), tuple(written.odd))


async def is_lost(desk: Desk) -> bool:
    return (await find_trouble(desk)).lost


def _behind(mine: list[Ending], mark: str | None) -> list[Ending]:
    """All of them when the mark is of another journal. A process that died leaves one line undone; more of them are an
    older database's, which has come back without a word. What was rolled back never came true."""
    places = [place for place, one in enumerate(mine) if one.id == mark]
    undone = {one.told["line"] for one in mine if one.do == UNDONE}
    behind = mine[places[-1] + 1 :] if places else mine
    left = [one for one in behind if one.do != UNDONE and one.id not in undone]
    if len(left) > 1 and left[-1].do != RESTORED:
        left = [*left, replace(left[-1], do=RESTORED, told={}, at=now_micros())]
    return left


async def _carry_out(desk: Desk, shop_id: str, left: list[Ending], *, marks: bool) -> list[str]:
    if not left:
        return []
    quiet = replace(desk, journal=None)
    now = Round(quiet, shop_id, await _known(quiet, shop_id, left))
    with acting(ITSELF):
        for ending in left:
            await carry_out_one(now, ending)
            async with quiet.db.write() as conn:
                if marks:
                    await endings.upsert_mark(conn, shop_id, ending.id)
                await shops.update_generation(conn, shop_id)
    return now.photos


async def _known(desk: Desk, shop_id: str, left: list[Ending]) -> Known:
    wanted = {digest for one in left for digest in digests_in(one.told)}
    known = Known()
    if not wanted:
        return known
    after = ""
    while True:
        async with desk.db.read() as conn:
            some = await endings.list_order_addresses(conn, shop_id, after, PAGE)
        await asyncio.to_thread(_match_orders, desk, shop_id, wanted, known, some)
        if len(some) < PAGE:
            break
        after = some[-1][0]
    async with desk.db.read() as conn:
        others = await endings.list_other_addresses(conn, shop_id)
    await asyncio.to_thread(_match, desk, shop_id, wanted, known, others)
    return known


def _match(desk: Desk, shop_id: str, wanted: set[str], known: Known, addresses: Sequence[str]) -> None:
    for address in addresses:
        for secret in desk.secrets:
            digest = address_digest(secret, shop_id, address)
            if digest in wanted:
                known.addresses.setdefault(digest, set()).add(address)


def _match_orders(
    desk: Desk, shop_id: str, wanted: set[str], known: Known, some: Sequence[tuple[str, str, int]]
) -> None:
    for order_id, address, created_at in some:
        for secret in desk.secrets:
            digest = address_digest(secret, shop_id, address)
            if digest in wanted:
                known.addresses.setdefault(digest, set()).add(address)
                known.orders.setdefault(digest, []).append((order_id, created_at))
