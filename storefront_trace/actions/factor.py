"""An owner's second factor: set up, proved, switched off; and what an owner who has one needs to come in.

A code is tried with its account's row locked, and a wrong one is counted in the same transaction, which commits. So of
twenty guesses at once five are looked at, whichever sign-ins they belong to, and of two equal codes one is right.
"""

from __future__ import annotations

from storefront_trace.actions.alarm import tell_person
from storefront_trace.actions.audit import Actor, note
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.journal import remember
from storefront_trace.actions.proof import check_keys
from storefront_trace.actions.sealing import is_fresh, seal, unseal
from storefront_trace.actions.signin import make_link, open_session
from storefront_trace.domain.clock import SECOND, now_micros
from storefront_trace.domain.errors import N_, Conflict, NotAllowed, NotFound
from storefront_trace.domain.factor import (
    MOST_WRONG,
    PENDING_LASTS,
    REST,
    digits_in,
    new_recovery_codes,
    recovery_hash,
    recovery_in,
)
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.links import token_hash
from storefront_trace.integrations import otp
from storefront_trace.storage import accounts, factors, passkeys, people, shops
from storefront_trace.storage.accounts import Session
from storefront_trace.storage.database import Connection
from storefront_trace.storage.factors import Factor

WRONG = N_(
    "That code was not right. After five wrong ones in a row no code is looked at for 15 minutes; even the right one "
    "waits then."
)
STALE = N_("That took too long. Ask for a new sign-in link, and have your phone at hand.")
NO_SETUP = N_("That took too long. Begin once more.")
ON_ALREADY = N_("Codes are switched on already. Switch them off first.")
FIRST_YOURS = N_("Set up codes or a passkey for yourself first, and then ask it of all owners.")


async def begin_setup(desk: Desk, session: Session) -> None:
    """A new secret, which is nothing until a code of it has been typed. Conflict when codes are on, Unproved where the
    session has lain about: whoever found it would keep its owner out with an app of their own."""
    secret = seal(desk, session.account_id, otp.new_secret())
    async with desk.db.write() as conn:
        await accounts.lock_account(conn, session.shop_id, session.account_id)
        old = await factors.find_factor(conn, session.shop_id, session.account_id)
        if old is not None and old.confirmed_at is not None:
            raise Conflict(ON_ALREADY)
        await check_keys(conn, session)
        await factors.delete_factor(conn, session.shop_id, session.account_id)
        new = {"sealed": secret, "created_at": now_micros()}
        # Those who begin anew have not got more tries by it.
        kept = {"failures": old.failures, "locked_until": old.locked_until} if old else {}
        await factors.insert_factor(conn, session.shop_id, session.account_id, **new, **kept)


async def secret_in_setup(desk: Desk, session: Session) -> str | None:
    """What the authenticator app is to learn, while it is being set up."""
    async with desk.db.read() as conn:
        await check_keys(conn, session, grace=PENDING_LASTS)
        found = await factors.find_factor(conn, session.shop_id, session.account_id)
    if found is None or found.confirmed_at is not None or found.created_at + PENDING_LASTS <= now_micros():
        return None
    return unseal(desk, session.account_id, found.sealed)


async def finish_setup(desk: Desk, session: Session, text: str) -> list[str]:
    """Switches codes on, and returns the recovery codes, this once. Every other session of theirs ends: it was opened
    with less."""
    if await secret_in_setup(desk, session) is None:
        raise Conflict(NO_SETUP)
    shop_id, account_id, now = session.shop_id, session.account_id, now_micros()
    codes: list[str] = []
    async with desk.db.write() as conn:
        if await _try(desk, conn, shop_id, account_id, text, where=session.device, setting_up=True):
            await factors.update_factor(conn, shop_id, account_id, confirmed_at=now)
            codes = await _new_codes(conn, shop_id, account_id)
            await factors.update_others_out(conn, shop_id, account_id, session.id, now)
            await factors.delete_pending(conn, shop_id, account_id)
            await accounts.update_session(conn, shop_id, session.id, strong_at=now)
            await _changed(conn, session, "on", "signin.factor_on")
    if not codes:
        raise _wrong()
    return codes


async def switch_off(desk: Desk, session: Session, text: str) -> None:
    """With a right code: whoever finds the screen unlocked cannot."""
    async with desk.db.write() as conn:
        right = await _try(desk, conn, session.shop_id, session.account_id, text, where=session.device)
        if right:
            await factors.delete_factor(conn, session.shop_id, session.account_id)
            await _changed(conn, session, "off", "signin.factor_off")
            await remember(desk, conn, session.shop_id, "factor", account=session.account_id)
    if not right:
        raise _wrong()


async def make_codes(desk: Desk, session: Session, text: str) -> list[str]:
    """Ten new recovery codes in the place of those there were, with a right code; returned this once."""
    codes: list[str] = []
    async with desk.db.write() as conn:
        if await _try(desk, conn, session.shop_id, session.account_id, text, where=session.device):
            codes = await _new_codes(conn, session.shop_id, session.account_id)
            await _changed(conn, session, "codes", "signin.codes_made")
    if not codes:
        raise _wrong()
    return codes


async def find_pending(desk: Desk, token: str) -> factors.Pending | None:
    """Who has used their link and owes a code."""
    async with desk.db.read() as conn:
        return await factors.find_pending(conn, token_hash(token), now_micros())


async def finish_signin(desk: Desk, token: str, text: str, *, device: str, days: int) -> tuple[str, Session]:
    """(the session's token, the session). NotFound when the link was used too long ago; NotAllowed, always in the same
    words, when the code is wrong, has been used, or is not looked at."""
    opened: tuple[str, Session] | None = None
    async with desk.db.write() as conn:
        pending = await factors.find_pending(conn, token_hash(token), now_micros())
        if pending is None:
            raise NotFound(STALE)
        shop_id, account_id = pending.shop_id, pending.account_id
        right = await _try(desk, conn, shop_id, account_id, text, where=device)
        if right:
            await factors.delete_pending(conn, shop_id, account_id)
            opened = await open_session(conn, shop_id, account_id, device=device, days=days, strong=True)
        if right == "recovery":
            await _tell_of_recovery(conn, shop_id, account_id, pending.person_id, device)
    if opened is None:
        raise _wrong()
    return opened


async def prove(desk: Desk, session: Session, text: str) -> None:
    """That it is still them, with a right code: see actions/proof.py."""
    shop_id, account_id = session.shop_id, session.account_id
    async with desk.db.write() as conn:
        right = await _try(desk, conn, shop_id, account_id, text, where=session.device)
        if right:
            await accounts.update_session(conn, shop_id, session.id, strong_at=now_micros())
        if right == "recovery":
            await _tell_of_recovery(conn, shop_id, account_id, session.person_id, session.device)
    if not right:
        raise _wrong()


async def require(desk: Desk, session: Session, wanted: bool) -> None:
    """Whether a link alone is too little for every owner of the shop. Those who came in by one are out."""
    if session.strong_at is None:
        raise Conflict(FIRST_YOURS)
    async with desk.db.write() as conn:
        before = (await shops.get_shop(conn, session.shop_id, lock=True)).needs_factor
        await shops.update_shop(conn, session.shop_id, needs_factor=wanted)
        await shops.update_generation(conn, session.shop_id)
        if wanted:
            await factors.update_weak_owners_out(conn, session.shop_id, now_micros())
        was, now_is = {"needs_factor": before}, {"needs_factor": wanted}
        await note(conn, session.shop_id, "shop.changed", before=was, after=now_is)


async def reset(desk: Desk, shop_id: str, handle: str) -> str:
    """For an owner who is locked out: codes, recovery codes, passkeys and sessions are gone. Returns the token of a new
    sign-in link, which is all that they need."""
    async with desk.db.write() as conn:
        person = await people.get_person(conn, shop_id, handle)
        account = await accounts.find_account(conn, shop_id, person.id)
        if account is None or account.role != "owner" or account.ended_at is not None:
            raise NotFound("That person is no owner of this shop.")
        await factors.delete_factor(conn, shop_id, account.id)
        await factors.delete_pending(conn, shop_id, account.id)
        await passkeys.delete_passkeys(conn, shop_id, account.id)
        await accounts.update_sessions_ended(conn, shop_id, account.id, now_micros())
        await accounts.delete_unused_signin_links(conn, shop_id, account.id)
        await note(conn, shop_id, "signin.factor_reset", "person", person.id)
        told = {"change": "reset"}
        await tell_person(conn, shop_id, person.id, "factor_changed", told, once=f"factor:{new_id()}")
        token = await make_link(conn, shop_id, person, "owner")
        await remember(desk, conn, shop_id, "keys", account=account.id)
        return token


async def _try(
    desk: Desk, conn: Connection, shop_id: str, account_id: str, text: str, *, where: str, setting_up: bool = False
) -> str | None:
    """ "digits" or "recovery" when it was right, which it is once; else None, and counted."""
    now = now_micros()
    found = await factors.find_factor(conn, shop_id, account_id, lock=True)
    if found is None or (found.confirmed_at is None) != setting_up or (found.locked_until or 0) > now:
        return None
    kind = await _kind(desk, conn, shop_id, found, text, setting_up=setting_up)
    if kind is not None:
        await factors.update_factor(conn, shop_id, account_id, failures=0, locked_until=None)
        return kind
    failures = found.failures + 1
    until = now + REST if failures % MOST_WRONG == 0 else found.locked_until
    await factors.update_factor(conn, shop_id, account_id, failures=failures, locked_until=until)
    if failures % MOST_WRONG == 0 and not setting_up:
        whose = await accounts.find_person_of(conn, shop_id, account_id, now)
        once = f"code:{account_id}:{until}"
        await tell_person(conn, shop_id, whose, "code_locked", {"where": where, "until": until}, once=once)
    return None


async def _kind(
    desk: Desk, conn: Connection, shop_id: str, found: Factor, text: str, *, setting_up: bool
) -> str | None:
    now, digits, recovery = now_micros(), digits_in(text), recovery_in(text)
    if recovery is not None and not setting_up:
        code_hash = recovery_hash(recovery)
        return "recovery" if await factors.update_code_used(conn, shop_id, found.account_id, code_hash, now) else None
    secret = unseal(desk, found.account_id, found.sealed) if digits is not None else None
    step = otp.step_of(secret, digits, now // SECOND) if secret is not None and digits is not None else None
    if secret is None or step is None or step <= found.counter:
        return None
    sealed = found.sealed if is_fresh(desk, found.sealed) else seal(desk, found.account_id, secret)
    await factors.update_factor(conn, shop_id, found.account_id, counter=step, sealed=sealed)
    return "digits"


async def _new_codes(conn: Connection, shop_id: str, account_id: str) -> list[str]:
    codes = new_recovery_codes()
    await factors.delete_codes(conn, shop_id, account_id)
    hashes = [recovery_hash(code.replace("-", "")) for code in codes]
    await factors.insert_codes(conn, shop_id, account_id, hashes, now_micros())
    return codes


async def _tell_of_recovery(conn: Connection, shop_id: str, account_id: str, person_id: str, where: str) -> None:
    await note(conn, shop_id, "signin.code_used", "person", person_id, by=Actor(person_id))
    told = {"left": await factors.count_codes(conn, shop_id, account_id), "where": where}
    await tell_person(conn, shop_id, person_id, "recovery_used", told, once=f"recovery:{new_id()}")


async def _changed(conn: Connection, session: Session, change: str, deed: str) -> None:
    await note(conn, session.shop_id, deed, "person", session.person_id)
    once = f"factor:{new_id()}"
    told = {"change": change, "where": session.device}
    await tell_person(conn, session.shop_id, session.person_id, "factor_changed", told, once=once)


def _wrong() -> NotAllowed:
    return NotAllowed(WRONG, errors=[("code", WRONG)])
