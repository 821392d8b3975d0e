"""Shared tablets: made by the owner, opened once on the tablet, signed in to with a portrait and a PIN."""

from __future__ import annotations

from storefront_trace.actions import pins, signin
from storefront_trace.actions.audit import note
from storefront_trace.actions.desk import Desk
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.errors import N_, Conflict, Gone, NotAllowed, NotFound
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.links import PREFIXES, random_token, token_hash
from storefront_trace.domain.texts import label_within
from storefront_trace.storage import kiosks, shops
from storefront_trace.storage.accounts import Session
from storefront_trace.storage.kiosks import Kiosk

LINK_DAYS = 1
MOST = 50
ENDED = N_("This tablet is not shared any more.")
STALE = N_("This link has been used or is too old.")
WRONG = N_(
    "That PIN was not right. After five wrong tries in a row it rests for 15 minutes; even the right one waits then."
)


async def make_kiosk(desk: Desk, shop_id: str, name: str) -> tuple[Kiosk, str]:
    """(the tablet, the token of the link that one opens on it: it works once, for a day). Only its hash is stored."""
    name, now, token = label_within(name, 80, field="name"), now_micros(), random_token("tablet")
    async with desk.db.write() as conn:
        if len(await kiosks.list_kiosks(conn, shop_id)) >= MOST:
            raise Conflict("That are many tablets. End those that are not used any more first.")
        made = Kiosk(shop_id, new_id(), name, now, None, now, None)
        await kiosks.insert_kiosk(
            conn, shop_id, id=made.id, name=name, token_hash=token_hash(token), created_at=now, seen_at=now
        )
        await note(conn, shop_id, "tablets.made", "kiosk", made.id, name=name)
    return made, token


async def find_kiosk(desk: Desk, token: str) -> Kiosk | None:
    """The tablet that has this token, if it is still a shared one."""
    found = await _find(desk, token) if token.startswith(PREFIXES["kiosk"]) else None
    return found if found is not None and found.ended_at is None else None


async def find_link(desk: Desk, token: str) -> Kiosk | None:
    """The tablet to be that this link makes, if it still does. Looking changes nothing."""
    found = await _find(desk, token) if token.startswith(PREFIXES["tablet"]) else None
    too_old = found is None or found.created_at + LINK_DAYS * DAY <= now_micros()
    return None if found is None or too_old or found.opened_at is not None or found.ended_at is not None else found


async def open_kiosk(desk: Desk, token: str) -> tuple[Kiosk, str]:
    """(the tablet, its own token): from now the link is dead. NotFound for one that is used, too old or unknown."""
    found = await find_link(desk, token)
    if found is None:
        raise NotFound(STALE)
    own, now = random_token("kiosk"), now_micros()
    async with desk.db.write() as conn:
        if not await kiosks.update_kiosk_opened(conn, found, token_hash(own), now):
            raise NotFound(STALE)
    return found, own


async def end_kiosk(desk: Desk, shop_id: str, kiosk_id: str) -> None:
    """Whoever is signed in on it is out at once. Twice is once."""
    async with desk.db.write() as conn:
        present = {one.id: one.name for one in await kiosks.list_kiosks(conn, shop_id)}
        if not await kiosks.update_kiosk_ended(conn, shop_id, kiosk_id, now_micros()):
            raise NotFound("There is no such tablet.")
        if kiosk_id in present:
            await note(conn, shop_id, "tablets.ended", "kiosk", kiosk_id, name=present[kiosk_id])


async def sign_in(desk: Desk, kiosk: Kiosk, person_id: str, pin: str) -> tuple[str, Session]:
    """(the session's token, the session). NotAllowed, always in the same words, when the PIN is wrong, rests, or is
    none; Gone when the tablet has ended."""
    tried = await pins.try_pin(desk, kiosk.shop_id, person_id, pin, where=kiosk.name)
    if tried is None:
        raise NotAllowed(WRONG)
    async with desk.db.write() as conn:
        if await kiosks.lock_kiosk(conn, kiosk.shop_id, kiosk.id) is None:
            raise Gone(ENDED)
        if not await kiosks.update_pin_right(conn, kiosk.shop_id, tried):
            raise NotAllowed(WRONG)
        await kiosks.update_kiosk_seen(conn, kiosk.shop_id, kiosk.id, now_micros())
        minutes = (await shops.get_shop(conn, kiosk.shop_id)).kiosk_minutes
        return await signin.open_session(
            conn,
            kiosk.shop_id,
            tried.account_id,
            device=kiosk.name,
            days=1,  # a shift; it is nobody's long before
            kiosk_id=kiosk.id,
            idle_minutes=minutes,
        )


async def _find(desk: Desk, token: str) -> Kiosk | None:
    if len(token) > 100:
        return None
    async with desk.db.read() as conn:
        return await kiosks.find_kiosk(conn, token_hash(token))
