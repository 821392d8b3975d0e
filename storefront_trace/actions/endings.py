"""What ended once ends again: carries out what the journal (storage/journal.py) knows and the database does not.

That is so after a restore, and after a process died between the two. Each line twice is once, and a line is told of
things that there were when it was written: what has come since under the same address or the same name stays.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from storefront_trace.actions.audit import ITSELF, acting
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.ended import Known, Round, carry_out_one, digests_in
from storefront_trace.actions.journal import address_digest
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.ids import new_id
from storefront_trace.storage import endings, shops
from storefront_trace.storage.journal import RESTORED, Ending

PAGE = 5_000


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
    written = await asyncio.to_thread(desk.journal.read)
    done, photos = 0, list[str]()
    async with desk.db.read() as conn:
        marks = {shop.id: await endings.find_mark(conn, shop.id) for shop in await shops.list_shops(conn)}
    for shop_id, mark in marks.items():
        left = _behind([one for one in written if one.shop == shop_id], mark)
        if left:
            photos += await _carry_out(desk, shop_id, left)
            done += len(left)
    return Carried(done, tuple(photos))


async def is_lost(desk: Desk) -> bool:
    """Whether the journal is another than the one that this database has been written with."""
    if desk.journal is None:
        return False
    written = {one.id for one in await asyncio.to_thread(desk.journal.read)}
    async with desk.db.read() as conn:
        marks = [await endings.find_mark(conn, shop.id) for shop in await shops.list_shops(conn)]
    return any(mark is not None and mark not in written for mark in marks)


def _behind(mine: list[Ending], mark: str | None) -> list[Ending]:
    """All of them when the mark is of another journal. A process that died leaves one line undone; more of them are an
    older database's, which has come back without a word."""
    places = [place for place, one in enumerate(mine) if one.id == mark]
    left = mine[places[-1] + 1 :] if places else mine
    if len(left) > 1 and left[-1].do != RESTORED:
        left = [*left, replace(left[-1], do=RESTORED, told={}, at=now_micros())]
    return left


async def _carry_out(desk: Desk, shop_id: str, left: list[Ending]) -> list[str]:
    quiet = replace(desk, journal=None)
    now = Round(quiet, shop_id, await _known(quiet, shop_id, left))
    with acting(ITSELF):
        for ending in left:
            await carry_out_one(now, ending)
            async with quiet.db.write() as conn:
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
