"""Forgetting somebody, and telling what is known of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from storefront_trace.actions import trail
from storefront_trace.actions.audit import note, note_alone
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.journal import address_digest, remember
from storefront_trace.actions.left_behind import give_answers
from storefront_trace.actions.people import end_employment
from storefront_trace.actions.purging import parts
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import NotFound
from storefront_trace.domain.following import fingerprint
from storefront_trace.domain.forgotten import THING, without_customer
from storefront_trace.domain.people import NAMELESS
from storefront_trace.domain.silence import bounced_digests_of
from storefront_trace.languages import catalogue
from storefront_trace.photos.files import MediaStore
from storefront_trace.storage import (
    copies,
    deliveries,
    events,
    followers,
    people,
    privacy,
    shops,
    silenced,
    talks,
)
from storefront_trace.storage.database import Connection


@dataclass(frozen=True)
class Erased:
    orders: int = 0
    answers: int = 0
    notices: int = 0
    photos: tuple[str, ...] = ()
    """Whose files the caller deletes: nothing here shows them any more."""


async def erase_customer(desk: Desk, shop_id: str, *, number: str | None = None, email: str | None = None) -> Erased:
    """The customer's name, address, words and questions are gone, what staff wrote and photographed along the way and
    what the things and parcels said of them too, and the order's links are dead. Number, steps and how many things in
    how many parcels stay, and so does the count of thanks; no sender brings any of it back, and no backup. What stays
    of the address is that it may not be written to, as a keyed hash: were that forgotten, we would write to it again.
    """
    async with desk.db.write() as conn:
        ids = await privacy.list_order_ids(conn, shop_id, number=number, email=email)
        follows = email is not None and await followers.is_known(conn, shop_id, fingerprint(email))
        addresses = sorted({*await privacy.list_addresses(conn, shop_id, ids), *([email] if email else [])})
        notices = await forget_addresses(desk, conn, shop_id, addresses, follower=email)
        if not (ids or follows or notices):
            raise NotFound("We know nothing about that customer or order.")
        done = await forget_orders(desk, conn, shop_id, ids)
        subject = ("order", number) if number else (None, None)
        await note(conn, shop_id, "privacy.customer_erased", *subject, orders=len(ids))
        to = [address_digest(desk.secrets[0], shop_id, address) for address in addresses]
        mail = address_digest(desk.secrets[0], shop_id, email) if email and not number else None
        await remember(desk, conn, shop_id, "customer", orders=ids, to=to, mail=mail)
        return replace(done, notices=notices + done.notices)


async def forget_addresses(
    desk: Desk, conn: Connection, shop_id: str, addresses: Sequence[str], *, follower: str | None = None
) -> int:
    """How many notices went: those to any of these, and what `follower` got of whichever orders. Also that mails to
    them came back."""
    notices = await privacy.delete_notices_to(conn, shop_id, list(addresses))
    for address in addresses:
        await silenced.delete_silenced(conn, shop_id, bounced_digests_of(desk.secrets, shop_id, address))
    if follower is not None:
        notices += await followers.delete_by_fingerprint(conn, shop_id, fingerprint(follower))
    return notices


async def forget_orders(desk: Desk, conn: Connection, shop_id: str, ids: list[str]) -> Erased:
    """Whose they are, and whatever was written or photographed about them. Twice is once."""
    answers, notices, now = 0, 0, now_micros()
    photos: list[str] = []
    for part in parts(ids):
        await privacy.update_orders_nameless(conn, shop_id, part, now)
        photos += await privacy.update_staff_words_emptied(conn, shop_id, part)
        await _forget_things(desk, conn, shop_id, part)
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
    return Erased(orders=len(ids), answers=answers, notices=notices, photos=await _unused(conn, photos))


async def _forget_things(desk: Desk, conn: Connection, shop_id: str, ids: list[str]) -> None:
    """What the things were and where the parcels can be looked up, in the events and in the rows made from them."""
    cast = await desk.casts.get(conn, shop_id)
    word = catalogue(cast.shop.locale).gettext(THING)
    for order_id in ids:
        past = await events.list_events(conn, shop_id, order_id)
        left = without_customer(past, word)
        changed = [new for new, old in zip(left, past, strict=True) if new != old]
        await privacy.update_events_rewritten(conn, shop_id, order_id, changed)
        await trail.rebuild(conn, cast, order_id)


async def erase_person(desk: Desk, shop_id: str, handle: str, *, anyway: bool = False) -> Erased:
    """They leave, and their name, portrait, address and notes are gone; their steps are the team's. `anyway` as in
    end_employment."""
    async with desk.db.read() as conn:
        person = await people.get_person(conn, shop_id, handle)
    await end_employment(desk, shop_id, handle, anyway=anyway)
    await give_answers(desk, shop_id, person.id)  # of who left long ago, on another version, too
    async with desk.db.write() as conn:
        await privacy.update_person_nameless(conn, shop_id, person.id, NAMELESS)
        await talks.delete_talks(conn, shop_id, person_id=person.id)
        await people.delete_consents(conn, shop_id, person.id)
        photos = await privacy.update_person_notes_emptied(conn, shop_id, person.id)
        await privacy.delete_sessions_of(conn, shop_id, person.id)
        await privacy.update_keys_emptied(conn, shop_id)
        notices = await privacy.delete_notices_for(conn, shop_id, person.id)
        notices += await privacy.delete_notices_to(conn, shop_id, [person.email]) if person.email else 0
        await shops.update_generation(conn, shop_id)
        await note(conn, shop_id, "privacy.person_erased", "person", person.id)
        unused = await _unused(conn, [*photos, *([person.photo] if person.photo else [])])
        to = [address_digest(desk.secrets[0], shop_id, person.email)] if person.email else []
        await remember(desk, conn, shop_id, "person", person=person.id, to=to)
    return Erased(notices=notices, photos=unused)


async def export_customer(desk: Desk, shop_id: str, email: str) -> dict[str, Any]:
    async with desk.db.read() as conn:
        ids = await privacy.list_order_ids(conn, shop_id, number=None, email=email)
        found: dict[str, Any] = await copies.export_orders(conn, shop_id, ids)
        found["followers"] = await copies.export_followers(conn, shop_id, ids, fingerprint(email))
        found["notices"] = await copies.export_notices(conn, shop_id, email)
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
        found = await copies.export_person(conn, shop_id, person.id)
    await note_alone(desk, shop_id, "privacy.person_exported", "person", person.id)
    return found


async def _unused(conn: Connection, photos: Sequence[str]) -> tuple[str, ...]:
    found: list[str] = []
    for part in parts(sorted(set(photos))):
        found += await privacy.list_unused_photos(conn, part)
    return tuple(found)


async def clear_disk(desk: Desk, store: MediaStore, photos: Sequence[str]) -> None:
    """After an erasure: the pictures that nothing shows any more, and what a file still holds of what has gone."""
    for photo in photos:
        await asyncio.to_thread(store.delete, photo)
    await desk.db.forget_freed_pages()
