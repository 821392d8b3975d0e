"""Adding a passkey while signed in, signing in with it, and removing it."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

import structlog

from storefront_trace.actions.alarm import tell_owner, tell_person
from storefront_trace.actions.audit import note
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.journal import remember
from storefront_trace.actions.proof import check_keys
from storefront_trace.actions.signin import open_session
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import N_, Conflict, NotAllowed, NotFound
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.passkeys import LASTS, MOST, Passkey, Place, Ticket, fingerprint, read_ticket, write_ticket
from storefront_trace.integrations import passkeys as protocol
from storefront_trace.integrations.passkeys import Refused
from storefront_trace.storage import accounts, passkeys
from storefront_trace.storage.accounts import Session
from storefront_trace.storage.database import Connection

SIGN_IN = "sign in"
UNKNOWN = N_("This passkey opens nothing here. Use your sign-in link, and add a passkey anew.")
NOT_ADDED = N_("The passkey could not be added. Try once more.")
ENOUGH = N_("You have ten passkeys. Remove one that you do not use.")
SHARED = N_("A shared tablet is nobody's own: add your passkey on your own phone.")
log = structlog.get_logger()


async def begin_add(desk: Desk, place: Place, session: Session, person: str) -> tuple[dict[str, Any], str]:
    """(what to ask the browser for, the ticket that it must bring back)."""
    async with desk.db.read() as conn:
        known = await passkeys.list_passkeys(conn, session.shop_id, session.account_id)
        _may_add(session, known)
        await check_keys(conn, session)
    await asyncio.to_thread(protocol.load)
    ticket = _new_ticket()
    options = protocol.creation_options(place, session.account_id, person, ticket.challenge, known)
    return options, write_ticket(desk.secret, _adding(session), ticket)


async def finish_add(desk: Desk, place: Place, session: Session, ticket: str, answer: str, *, name: str) -> None:
    """Keeps the passkey that the browser made. One ticket makes one: a second time its passkey is known already."""
    asked = _read(desk, _adding(session), ticket)
    await asyncio.to_thread(protocol.load)  # another process may have asked
    try:
        made = protocol.check_new(place, answer, asked.challenge)
    except Refused as error:
        log.info("passkey not added", why=str(error))
        raise NotAllowed(NOT_ADDED) from error
    new = Passkey(
        shop_id=session.shop_id,
        id=new_id(),
        account_id=session.account_id,
        name=name[:80],
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        created_at=now_micros(),
        used_at=None,
    )
    mark = fingerprint(new.credential_id)
    async with desk.db.write() as conn:
        await accounts.lock_account(conn, session.shop_id, session.account_id)
        _may_add(session, await passkeys.list_passkeys(conn, session.shop_id, session.account_id))
        await check_keys(conn, session, grace=LASTS)
        if await passkeys.find_passkey(conn, mark) is not None:
            raise Conflict(NOT_ADDED)
        await passkeys.insert_passkey(conn, new, fingerprint=mark)
        # Their finger, face or code was asked for just now.
        await accounts.update_session(conn, session.shop_id, session.id, strong_at=now_micros())
        await _changed(conn, session, "passkey_added")


async def begin_signin(desk: Desk, place: Place) -> tuple[dict[str, Any], str]:
    """(what to ask the browser for, the ticket that it must bring back). Nothing is written down."""
    await asyncio.to_thread(protocol.load)
    ticket = _new_ticket()
    return protocol.request_options(place, ticket.challenge), write_ticket(desk.secret, SIGN_IN, ticket)


async def finish_signin(
    desk: Desk, place: Place, ticket: str, answer: str, *, device: str, days: int
) -> tuple[str, Session]:
    """(the session's token, the session) of whose passkey it is, in their own shop. Whatever is wrong, a stranger reads
    the same: NotFound."""
    asked = _read(desk, SIGN_IN, ticket)
    await asyncio.to_thread(protocol.load)
    passkey: Passkey | None = None
    try:
        credential_id, account_id = protocol.claimed(answer)
        async with desk.db.read() as conn:
            passkey = await passkeys.find_passkey(conn, fingerprint(credential_id))
        if passkey is None or passkey.account_id != account_id:
            raise Refused("unknown")
        count = protocol.check_use(place, answer, asked.challenge, passkey)
    except Refused as error:
        log.warning("passkey refused", why=str(error), copied=error.counter)
        if error.counter and passkey is not None:
            await _alarm(desk, passkey, device)
        raise NotFound(UNKNOWN) from error
    async with desk.db.write() as conn:
        if not await passkeys.update_passkey_used(
            conn, passkey, asked_at=asked.issued_at, sign_count=count, now=now_micros()
        ):
            raise NotFound(UNKNOWN)
        return await open_session(conn, passkey.shop_id, passkey.account_id, device=device, days=days, strong=True)


async def remove(desk: Desk, session: Session, passkey_id: str) -> None:
    """One's own; an owner proves first who they are. Who is signed in with it stays so until they are signed out."""
    async with desk.db.write() as conn:
        await check_keys(conn, session)
        if not await passkeys.delete_passkey(conn, session.shop_id, session.account_id, passkey_id):
            raise NotFound("There is no such passkey of yours.")
        await _changed(conn, session, "passkey_removed")
        await remember(desk, conn, session.shop_id, "passkey", account=session.account_id, passkey=passkey_id)


async def _changed(conn: Connection, session: Session, change: str) -> None:
    """Noted, and an owner is told of it by mail: whoever has their key has the shop's. So is one whose session counts
    as staff's, because it came too lightly."""
    await note(conn, session.shop_id, f"signin.{change}", "person", session.person_id)
    account = await accounts.find_account(conn, session.shop_id, session.person_id)
    if account is not None and account.role == "owner":
        once, told = f"factor:{new_id()}", {"change": change, "where": session.device}
        await tell_person(conn, session.shop_id, session.person_id, "factor_changed", told, once=once)


async def _alarm(desk: Desk, copied: Passkey, device: str) -> None:
    """Two devices count with one key. Told once, until the key opens the door again."""
    async with desk.db.write() as conn:
        whose = await accounts.find_person_of(conn, copied.shop_id, copied.account_id, now_micros())
        if whose is not None:
            told, once = {"whose": whose, "where": device}, f"passkey:{copied.id}:{copied.sign_count}"
            await tell_owner(conn, copied.shop_id, "passkey_copied", told, once=once)


def _may_add(session: Session, known: list[Passkey]) -> None:
    if session.kiosk_id is not None:
        raise NotAllowed(SHARED)
    if len(known) >= MOST:
        raise Conflict(ENOUGH)


def _adding(session: Session) -> str:
    return f"add {session.shop_id} {session.id}"


def _new_ticket() -> Ticket:
    return Ticket(secrets.token_bytes(32), now_micros())


def _read(desk: Desk, purpose: str, text: str) -> Ticket:
    found = read_ticket([secret.encode() for secret in desk.secrets], purpose, text, now_micros())
    if found is None:
        raise NotAllowed("That took too long. Press the button once more.")
    return found
