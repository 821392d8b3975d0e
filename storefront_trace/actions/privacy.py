"""Forgetting, telling what is known, and letting go of what is past its time."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from typing import Any

from storefront_trace.actions.audit import note, note_alone
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.people import end_employment
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.errors import NotFound
from storefront_trace.domain.following import CONFIRM_DAYS, fingerprint
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.lifetimes import link_ends_at
from storefront_trace.domain.orders import Line
from storefront_trace.domain.shop import Shop
from storefront_trace.domain.silence import bounced_digests_of
from storefront_trace.photos.files import MediaStore
from storefront_trace.storage import (
    deliveries,
    factors,
    followers,
    orders,
    people,
    privacy,
    retention,
    shops,
    silenced,
    talks,
)
from storefront_trace.storage.database import Connection

NOBODY = "…"
DELIVERY_DAYS = 14
NOTICE_DAYS = 90
KEY_DAYS = 1
MONTH = 30 * DAY
LOG_DAYS = 400
BATCH = 500


@dataclass(frozen=True)
class Erased:
    orders: int = 0
    answers: int = 0
    notices: int = 0
    photos: tuple[str, ...] = ()
    """Whose files the caller deletes: nothing here shows them any more."""


@dataclass(frozen=True)
class Purged:
    orders: int
    deliveries: int
    idempotency_keys: int
    sessions: int
    notices: int
    words: int = 0


async def erase_customer(desk: Desk, shop_id: str, *, number: str | None = None, email: str | None = None) -> Erased:
    """The customer's name, address, words and questions are gone, what staff wrote and photographed along the way too,
    and the order's links are dead. Number, items and steps stay, and so does the count of thanks; no sender brings the
    name or the address back. What stays of the address is that it may not be written to, as a keyed hash: were that
    forgotten, we would write to it again."""
    async with desk.db.write() as conn:
        ids = await privacy.list_order_ids(conn, shop_id, number=number, email=email)
        follows = email is not None and await followers.is_known(conn, shop_id, fingerprint(email))
        addresses = [*await privacy.list_addresses(conn, shop_id, ids), *([email] if email else [])]
        notices = await privacy.delete_notices_to(conn, shop_id, addresses)
        for address in addresses:
            await silenced.delete_silenced(conn, shop_id, bounced_digests_of(desk.secrets, shop_id, address))
        if not (ids or follows or notices):
            raise NotFound("We know nothing about that customer or order.")
        answers, now = 0, now_micros()
        notices += await followers.delete_by_fingerprint(conn, shop_id, fingerprint(email)) if email else 0
        photos: list[str] = []
        for part in _parts(ids):
            await privacy.update_orders_nameless(conn, shop_id, part, now)
            photos += await privacy.update_staff_words_emptied(conn, shop_id, part)
            answers += await privacy.update_said_nameless(conn, shop_id, part, words=True)
            notices += await privacy.delete_notices_of(conn, shop_id, part)
            await privacy.delete_questions(conn, shop_id, part)
            await talks.delete_talks(conn, shop_id, orders=part)
            notices += await followers.delete_followers(conn, shop_id, part)
            await privacy.update_links_ended(conn, shop_id, part, now)
        # Bodies are kept for looking into troubles only, and say nowhere whose they are.
        await deliveries.update_bodies_emptied(conn, shop_id, now)
        await privacy.update_keys_emptied(conn, shop_id)
        await shops.update_generation(conn, shop_id)
        subject = ("order", number) if number else (None, None)
        await note(conn, shop_id, "privacy.customer_erased", *subject, orders=len(ids))
        unused = await _unused(conn, photos)
        return Erased(orders=len(ids), answers=answers, notices=notices, photos=unused)


async def erase_person(desk: Desk, shop_id: str, handle: str) -> Erased:
    """They leave, and their name, portrait, address and notes are gone; their steps are the team's."""
    async with desk.db.read() as conn:
        person = await people.get_person(conn, shop_id, handle)
    await end_employment(desk, shop_id, handle)
    async with desk.db.write() as conn:
        await privacy.update_person_nameless(conn, shop_id, person.id, NOBODY)
        await talks.delete_talks(conn, shop_id, person_id=person.id)
        photos = await privacy.update_person_notes_emptied(conn, shop_id, person.id)
        await privacy.update_keys_emptied(conn, shop_id)
        notices = await privacy.delete_notices_for(conn, shop_id, person.id)
        notices += await privacy.delete_notices_to(conn, shop_id, [person.email]) if person.email else 0
        await shops.update_generation(conn, shop_id)
        await note(conn, shop_id, "privacy.person_erased", "person", person.id)
        unused = await _unused(conn, [*photos, *([person.photo] if person.photo else [])])
    return Erased(notices=notices, photos=unused)


async def export_customer(desk: Desk, shop_id: str, email: str) -> dict[str, Any]:
    async with desk.db.read() as conn:
        ids = await privacy.list_order_ids(conn, shop_id, number=None, email=email)
        found: dict[str, Any] = await privacy.export_orders(conn, shop_id, ids)
        found["followers"] = await privacy.export_followers(conn, shop_id, ids, fingerprint(email))
        found["notices"] = await privacy.export_notices(conn, shop_id, email)
        since = await silenced.silenced_since(conn, desk.secrets, shop_id, email)
        found["silenced"] = [{"created_at": since}] if since is not None else []
        back = await silenced.bounced_since(conn, desk.secrets, shop_id, email)
        found["bounced"] = [{"created_at": back}] if back is not None else []
    if not any(found.values()):
        raise NotFound("We know nothing about that address.")
    await note_alone(desk, shop_id, "privacy.customer_exported", orders=len(ids))
    return found


async def export_person(desk: Desk, shop_id: str, handle: str) -> dict[str, Any]:
    async with desk.db.read() as conn:
        person = await people.get_person(conn, shop_id, handle)
        found = await privacy.export_person(conn, shop_id, person.id)
    await note_alone(desk, shop_id, "privacy.person_exported", "person", person.id)
    return found


async def purge(desk: Desk, shop_id: str, *, dry_run: bool = False) -> Purged:
    """Retention. A dry run counts what would go and changes nothing."""
    counts: list[Purged] = []
    try:
        async with desk.db.write() as conn:
            counts.append(await _purge(conn, shop_id))
            if dry_run:
                raise _OnlyLooking
            if any(asdict(counts[0]).values()):
                await retention.insert_purged(conn, shop_id, id=new_id(), at=now_micros(), counts=asdict(counts[0]))
            await note(conn, shop_id, "privacy.purged", orders=counts[0].orders)
    except _OnlyLooking:
        pass
    return counts[0]


class _OnlyLooking(Exception):
    """Rolls the transaction back."""


async def _purge(conn: Connection, shop_id: str) -> Purged:
    await privacy.lock_purge(conn)
    now = now_micros()
    shop = await shops.get_shop(conn, shop_id)
    past = await _past_orders(conn, shop, now)
    for part in _parts(past):
        await privacy.update_orders_nameless(conn, shop_id, part, now)
        await privacy.update_said_nameless(conn, shop_id, part, words=False)
        await privacy.delete_notices_of(conn, shop_id, part)
        await privacy.delete_questions(conn, shop_id, part)
        await followers.delete_followers(conn, shop_id, part)
        await privacy.update_links_ended(conn, shop_id, part, now)
    await followers.delete_unconfirmed(conn, shop_id, now - CONFIRM_DAYS * DAY)
    await factors.delete_old_pending(conn, shop_id, now)
    bodies_before = now - DELIVERY_DAYS * DAY
    bodies = await deliveries.count_bodies(conn, shop_id, bodies_before)
    await deliveries.update_bodies_emptied(conn, shop_id, bodies_before)
    words = await retention.update_old_words(conn, shop_id, now - shop.words_months * MONTH)
    if words:
        await shops.update_generation(conn, shop_id)
    await retention.delete_old_purged(conn, shop_id, now - LOG_DAYS * DAY)
    return Purged(
        orders=len(past),
        deliveries=bodies,
        idempotency_keys=await privacy.delete_old_keys(conn, shop_id, now - KEY_DAYS * DAY),
        sessions=await privacy.delete_old_sessions(conn, shop_id, now - KEY_DAYS * DAY),
        notices=await privacy.delete_old_notices(conn, shop_id, now - NOTICE_DAYS * DAY),
        words=words,
    )


async def _past_orders(conn: Connection, shop: Shop, now: int) -> list[str]:
    """Those whose link has ended. The database narrows them down, the rule is the page's own."""
    quiet = await privacy.list_quiet_orders(conn, shop.id, now - shop.link_days * DAY)
    lines: dict[str, list[Line]] = {}
    for part in _parts([row.id for row in quiet]):
        lines |= await orders.list_lines_of(conn, shop.id, part)
    ends = [(row.id, link_ends_at(row, lines.get(row.id, []), shop)) for row in quiet]
    return [order_id for order_id, end in ends if end is not None and now >= end]


async def _unused(conn: Connection, photos: list[str]) -> tuple[str, ...]:
    found: list[str] = []
    for part in _parts(sorted(set(photos))):
        found += await privacy.list_unused_photos(conn, part)
    return tuple(found)


def _parts(ids: list[str]) -> list[list[str]]:
    """A statement takes only so many parameters."""
    return [ids[at : at + BATCH] for at in range(0, len(ids), BATCH)]


async def clear_disk(desk: Desk, store: MediaStore, done: Erased) -> None:
    """After an erasure: the pictures that nothing shows any more, and what a file still holds of what has gone."""
    for photo in done.photos:
        await asyncio.to_thread(store.delete, photo)
    await desk.db.forget_freed_pages()
