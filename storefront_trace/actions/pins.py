"""A person's PIN: set and changed in a login of their own, tried at a shared tablet.

A try is counted before it is looked at, in a transaction of its own, and taken back when it was right. So of twenty
guesses at once five are looked at, and a server that is killed in between leaves a count that is too high, never one
that is too low.
"""

from __future__ import annotations

from storefront_trace.actions import pinhash
from storefront_trace.actions.alarm import tell_owner
from storefront_trace.actions.audit import note
from storefront_trace.actions.desk import Desk
from storefront_trace.domain.clock import DAY, MINUTE, now_micros
from storefront_trace.domain.errors import N_, Conflict, NotAllowed, NotFound
from storefront_trace.domain.pins import GUESSED_PEOPLE, GUESSED_TRIES, check_pin
from storefront_trace.storage import accounts, kiosks, people
from storefront_trace.storage.accounts import Session
from storefront_trace.storage.database import Connection
from storefront_trace.storage.kiosks import Try

FRESH = 10 * MINUTE
NO_PIN = {"pin_hash": None, "pin_failures": 0, "pin_locked_until": None}
WRONG_OLD = N_("That is not your PIN of today. Forgotten? Sign in anew, and you can choose another at once.")
SHARED = N_("This is done on your own phone, never on a shared tablet.")


def is_fresh(session: Session, now: int) -> bool:
    """Whether they have proved who they are just now."""
    return session.kiosk_id is None and now - session.created_at < FRESH


async def set_pin(desk: Desk, session: Session, new: str | None, *, old: str = "") -> None:
    """`new` in the place of `old`, which is not needed where there is none or right after signing in; None takes it
    away."""
    if session.kiosk_id is not None:
        raise NotAllowed(SHARED)
    pin = None if new is None else check_pin(new)
    async with desk.db.read() as conn:
        account = await accounts.find_account(conn, session.shop_id, session.person_id)
    before = account.pin_hash if account else None
    if before is not None and not is_fresh(session, now_micros()) and await right(desk, session, old) is None:
        raise NotAllowed(WRONG_OLD, errors=[("old", WRONG_OLD)])
    pin_hash = None if pin is None else await pinhash.hashed(pin)
    async with desk.db.write() as conn:
        account = await accounts.find_account(conn, session.shop_id, session.person_id)
        if account is None or account.ended_at is not None:
            raise NotFound("There is no such person.")
        if account.pin_hash != before:
            raise Conflict("Your PIN was changed just now. Look again.")
        await _put(conn, session.shop_id, account.id, pin_hash)


async def clear_pin(desk: Desk, shop_id: str, handle: str) -> None:
    """By the owner: for who has forgotten it. The person sets another on their own phone. Twice is once."""
    async with desk.db.write() as conn:
        person = await people.get_person(conn, shop_id, handle)
        account = await accounts.find_account(conn, shop_id, person.id)
        if account is not None:
            await _put(conn, shop_id, account.id, None)
            if account.pin_hash is not None:
                await note(conn, shop_id, "people.pin_cleared", "person", person.id)


async def _put(conn: Connection, shop_id: str, account_id: str, pin_hash: str | None) -> None:
    """Whoever came in with the one before, at a shared tablet, is out."""
    await accounts.update_account(conn, shop_id, account_id, **NO_PIN | {"pin_hash": pin_hash})
    await accounts.update_tablet_sessions_ended(conn, shop_id, account_id, now_micros())


async def right(desk: Desk, session: Session, pin: str) -> Try | None:
    """The try, if it was right, in a login of one's own. Nothing is held against them then."""
    tried = await try_pin(desk, session.shop_id, session.person_id, pin, where=session.device)
    if tried is None:
        return None
    async with desk.db.write() as conn:
        return tried if await kiosks.update_pin_right(conn, session.shop_id, tried) else None


async def try_pin(desk: Desk, shop_id: str, person_id: str, pin: str, *, where: str) -> Try | None:
    """The try, if it fits: whoever asked then says so with `update_pin_right`, in the transaction that lets in. The
    same work, and the same None, whether it is wrong, rests, or is none. Too many wrong ones are told to the owner."""
    now = now_micros()
    async with desk.db.write() as conn:
        tried = await kiosks.update_pin_tried(conn, shop_id, person_id, now)
    if await pinhash.fits(tried.pin_hash if tried else None, pin[:20]):
        return tried
    if tried is not None:
        async with desk.db.write() as conn:
            if tried.locks is not None:
                told = {"whose": person_id, "where": where, "until": tried.locks}
                await tell_owner(conn, shop_id, "pin_locked", told, once=f"pin:{tried.account_id}:{tried.locks}")
            await _tell_of_guessing(conn, shop_id, where, now)
        desk.arrived.set()
    return None


async def _tell_of_guessing(conn: Connection, shop_id: str, where: str, now: int) -> None:
    """Who tries four at each portrait makes no PIN rest. Told once a day."""
    at, tries = await kiosks.count_wrong(conn, shop_id)
    if at >= GUESSED_PEOPLE and tries >= GUESSED_TRIES:
        told = {"people": at, "tries": tries, "where": where}
        await tell_owner(conn, shop_id, "pin_guessed", told, once=f"pins:{shop_id}:{now // DAY}")
