"""Letting a person in by a one-time link, and out again."""

from __future__ import annotations

from collections.abc import Mapping

from storefront_trace.actions.audit import note
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.journal import remember
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.errors import N_, NotAllowed, NotFound
from storefront_trace.domain.factor import PENDING_LASTS
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.links import random_token, token_hash
from storefront_trace.domain.shop import Person
from storefront_trace.storage import accounts, factors, passkeys, shops
from storefront_trace.storage.accounts import Session
from storefront_trace.storage.database import Connection

LINK_DAYS = 7
STALE = "This link has been used or is too old. Ask the owner of the shop for a new one."


async def make_link(
    conn: Connection,
    shop_id: str,
    person: Person,
    role: str,
    *,
    days: int = LINK_DAYS,
    lasts: int | None = None,
    reusable: bool = False,
    token: str | None = None,
) -> str:
    """The token of a new sign-in link for this person, making their account, in this `role`, when they have none.

    An account that there is stays as it is: a link gives no rights back, and lets nobody in who has been let go.
    The link works once, unless `reusable` (the demo's), for so many `days`, or `lasts` microseconds. Inside
    `db.write()`. Only its hash is stored.
    """
    now = now_micros()
    account = await accounts.find_account(conn, shop_id, person.id)
    if account is None:
        account_id = new_id()
        await accounts.insert_account(
            conn, shop_id, id=account_id, person_id=person.id, role=role, created_at=now, ended_at=None
        )
    else:
        account_id = account.id
    token = token or random_token("signin")
    await accounts.insert_signin_link(
        conn,
        shop_id,
        token_hash=token_hash(token),
        account_id=account_id,
        reusable=reusable,
        created_at=now,
        expires_at=now + (days * DAY if lasts is None else lasts),
    )
    return token


async def find_guest(desk: Desk, token: str) -> tuple[str, str] | None:
    """(shop, person) that the link lets in, if it still opens a door. Looking changes nothing: mail scanners look
    too."""
    now = now_micros()
    async with desk.db.read() as conn:
        link = await accounts.find_signin_link(conn, token_hash(token))
        if link is None or link.expires_at <= now or (link.used_at is not None and not link.reusable):
            return None
        person_id = await accounts.find_person_of(conn, link.shop_id, link.account_id, now)
    return (link.shop_id, person_id) if person_id else None


async def use_link(desk: Desk, token: str, *, device: str, days: int) -> tuple[str, Session]:
    """As `enter`, of somebody whom a link is enough for; NotAllowed for anybody else."""
    entered, session = await enter(desk, token, device=device, days=days)
    if session is None:
        raise NotAllowed(N_("A code is needed as well."))
    return entered, session


async def enter(desk: Desk, token: str, *, device: str, days: int) -> tuple[str, Session | None]:
    """(the new session's token, the session), or, of an owner who needs more than a link, (the token that a code can be
    given with, None). A used, old or unknown link raises NotFound."""
    now = now_micros()
    async with desk.db.write() as conn:
        link = await accounts.find_signin_link(conn, token_hash(token))
        if link is None or link.expires_at <= now or not await accounts.update_signin_link_used(conn, link, now):
            raise NotFound(STALE)
        if await factors.owes_more(conn, link.shop_id, link.account_id):
            return await _ask_more(conn, link.shop_id, link.account_id, now), None
        return await open_session(conn, link.shop_id, link.account_id, device=device, days=days)


async def _ask_more(conn: Connection, shop_id: str, account_id: str, now: int) -> str:
    """Not a session: it opens nothing but the page that asks for a code."""
    token = random_token("pending")
    values = {"token_hash": token_hash(token), "created_at": now, "expires_at": now + PENDING_LASTS}
    await factors.insert_pending(conn, shop_id, account_id=account_id, **values)
    return token


async def open_session(
    conn: Connection,
    shop_id: str,
    account_id: str,
    *,
    device: str,
    days: int,
    kiosk_id: str | None = None,
    idle_minutes: int | None = None,
    strong: bool = False,
) -> tuple[str, Session]:
    """(its token, the session) for who has proved who they are, `strong` with more than a link. Never longer than the
    shop's owner and `days` allow; NotFound for somebody who no longer works there. Inside `db.write()`."""
    now = now_micros()
    shop = await shops.get_shop(conn, shop_id)
    token = random_token("session")
    hashed = token_hash(token)
    await accounts.insert_session(
        conn,
        shop_id,
        id=new_id(),
        token_hash=hashed,
        account_id=account_id,
        device=device[:120],
        kiosk_id=kiosk_id,
        idle_minutes=idle_minutes,
        created_at=now,
        strong_at=now if strong else None,
        seen_at=now,
        expires_at=now + min(days, shop.session_days) * DAY,
    )
    session = await accounts.find_session(conn, hashed, now, days=days)
    if session is None:
        raise NotFound(STALE)
    return token, session


async def mark_seen(desk: Desk, seen: Mapping[tuple[str, str], int]) -> None:
    """When each of these sessions, by (shop, session), last asked for something."""
    async with desk.db.write() as conn:
        for (shop_id, session_id), at in sorted(seen.items()):
            await accounts.update_session_seen(conn, shop_id, session_id, at)


async def sign_out(desk: Desk, session: Session) -> None:
    """Ends the session on the server: a copied cookie is worth nothing afterwards."""
    async with desk.db.write() as conn:
        await accounts.update_session(conn, session.shop_id, session.id, ended_at=now_micros())


async def sign_out_one(desk: Desk, session: Session, other: str) -> None:
    """Ends another of this account's sessions, by its id. Twice is once."""
    async with desk.db.write() as conn:
        if not await accounts.update_session_of(conn, session.shop_id, session.account_id, other, now_micros()):
            raise NotFound("There is no such device of yours.")
        await note(conn, session.shop_id, "signin.device_ended", "person", session.person_id)


async def sign_out_everywhere(desk: Desk, session: Session, *, keep_passkeys: bool = False) -> None:
    """Of one's own account: the sessions, links that nobody has used yet, and passkeys, which whoever had the phone in
    hand can have added."""
    async with desk.db.write() as conn:
        await accounts.update_sessions_ended(conn, session.shop_id, session.account_id, now_micros())
        await accounts.delete_unused_signin_links(conn, session.shop_id, session.account_id)
        await factors.delete_pending(conn, session.shop_id, session.account_id)
        if not keep_passkeys:
            await passkeys.delete_passkeys(conn, session.shop_id, session.account_id)
        await note(conn, session.shop_id, "signin.everywhere", "person", session.person_id)
        if not keep_passkeys:
            await remember(desk, conn, session.shop_id, "passkeys", account=session.account_id)
