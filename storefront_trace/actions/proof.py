"""Whether who is signed in has proved lately who they are. A session lies about on a device for days: it is enough for
work, and too little for a new key to the shop and for what cannot be undone."""

from __future__ import annotations

from collections.abc import Collection

from storefront_trace.domain.clock import MINUTE, now_micros
from storefront_trace.domain.errors import N_, NotAllowed
from storefront_trace.domain.factor import FRESH
from storefront_trace.storage import accounts, factors, passkeys, people
from storefront_trace.storage.accounts import Session
from storefront_trace.storage.database import Connection

# For the keys themselves: whoever has made one stays.
KEYS = 10 * MINUTE
UNPROVED = N_("Show first that it is you. Nothing has been done yet.")


class Unproved(NotAllowed):
    """They may, once they have proved anew who they are."""

    def __init__(self) -> None:
        super().__init__(UNPROVED)


def check_lately(session: Session) -> None:
    """By signing in, or with a code or a passkey since then. Before what gives people's data out or takes it away, and
    what holds for every owner. Raises Unproved."""
    _check(session, _proved_at(session), FRESH)


def is_lately(session: Session) -> bool:
    """So that a page can say so before somebody types."""
    return _holds(session, _proved_at(session), FRESH)


async def check_link_for(
    conn: Connection, session: Session, person_ids: Collection[str], *, mails: bool = False
) -> None:
    """A sign-in link for an owner, oneself too, opens a session as fresh as can be: else it would be the way round
    all of this. One for staff is nothing of the kind. Raises Unproved."""
    if not (await accounts.list_owners(conn, session.shop_id)).isdisjoint(person_ids):
        await check_owner(conn, session, mails=mails)


async def check_owner(conn: Connection, session: Session, *, mails: bool = False) -> None:
    """Before somebody's rights, or an owner's address, change. Where mails go out (`mails`) an owner by link alone can
    have a new link at any time, and so has no longer than others; elsewhere it is half a day. Raises Unproved."""
    reached = mails and bool((await people.get_person_by_id(conn, session.shop_id, session.person_id)).email)
    await check_keys(conn, session, alone=KEYS if reached else FRESH)


async def check_keys(conn: Connection, session: Session, *, grace: int = 0, alone: int = KEYS) -> None:
    """Before an owner's ways in change. Who has a code or a passkey has shown it, and not their link alone: else a
    stolen link would be worth as much. `grace` is for what was begun in time; `alone` is how long a link alone holds
    for those who have nothing more. Raises Unproved."""
    account = await accounts.find_account(conn, session.shop_id, session.person_id)
    if account is None or account.role != "owner":
        return
    app, known = await ways_of(conn, session)
    if app or known:
        _check(session, session.strong_at or 0, KEYS + grace)
    else:
        _check(session, _proved_at(session), alone + grace)


async def ways_of(conn: Connection, session: Session) -> tuple[bool, bool]:
    """(whether they have an app for codes, whether they have a passkey)."""
    own = await factors.find_factor(conn, session.shop_id, session.account_id)
    known = await passkeys.list_passkeys(conn, session.shop_id, session.account_id)
    return own is not None and own.confirmed_at is not None, bool(known)


def _proved_at(session: Session) -> int:
    return max(session.created_at, session.strong_at or 0)


def _holds(session: Session, at: int, within: int) -> bool:
    return session.kiosk_id is None and now_micros() - at < within


def _check(session: Session, at: int, within: int) -> None:
    if not _holds(session, at, within):
        raise Unproved
