"""Sign-in links by mail. What waits in the outbox is no link: the sender makes it again from the server's secret, so
that whoever reads the database alone comes in nowhere."""

from __future__ import annotations

from typing import Any

from storefront_trace.actions.desk import Desk
from storefront_trace.actions.signin import make_link
from storefront_trace.domain.clock import MINUTE, now_micros
from storefront_trace.domain.errors import N_, NotAllowed
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.links import key_id, mailed_token, token_hash
from storefront_trace.domain.shop import Person
from storefront_trace.storage import accounts, factors, outbox, people, shops
from storefront_trace.storage.database import Connection

LASTS = 15 * MINUTE
# One owner gets no more than one in this time, whoever asks.
APART = 5 * MINUTE
KINDS = ("way_in", "invited")
THEIRS = N_("This person is an owner, and their address is a way in: an owner changes it, under People.")


async def ask_for_way_in(desk: Desk, email: str) -> None:
    """Mails a short-lived link to every owner with this address, in whichever shop; nothing to anybody else. Who needs
    a code to sign in needs it then as well."""
    async with desk.db.read() as conn:
        found = {shop_id for shop_id, _, _ in await accounts.list_owners_at(conn, email)}
    for shop_id in sorted(found):
        async with desk.db.write() as conn:
            # Who is an owner, and at which address, may have changed since: from here on it cannot.
            await shops.lock_shop(conn, shop_id)
            for _, person_id, account_id in await accounts.list_owners_at(conn, email, shop_id):
                await _mail_owner(desk, conn, shop_id, person_id, account_id)


async def _mail_owner(desk: Desk, conn: Connection, shop_id: str, person_id: str, account_id: str) -> None:
    now = now_micros()
    slots = [f"way_in:{account_id}:{now // APART - back}" for back in (0, 1)]
    if not await outbox.is_written_since(conn, shop_id, slots, now - APART):
        person = await people.get_person_by_id(conn, shop_id, person_id)
        await mail_link(desk, conn, shop_id, person, "owner", kind="way_in", once=slots[0], lasts=LASTS)


async def mail_link(
    desk: Desk,
    conn: Connection,
    shop_id: str,
    person: Person,
    role: str,
    *,
    kind: str,
    once: str | None = None,
    **lasts: Any,
) -> str:
    """The token of a new link that goes to the person's own address too. `lasts` as in `make_link`. No two are alike:
    one that was ended is not made again by asking once more. The shop's row is locked, see `end_mailed`."""
    nonce = new_id()
    token = await make_link(conn, shop_id, person, role, token=mailed_token(desk.secret, nonce), **lasts)
    link = await accounts.find_signin_link(conn, token_hash(token))
    assert link is not None and person.email
    await outbox.insert_notice(
        conn,
        shop_id,
        kind=kind,
        recipient=person.email,
        locale=(await shops.get_shop(conn, shop_id)).locale,
        detail={"person_id": person.id, "nonce": nonce, "secret": key_id(desk.secret), "until": link.expires_at},
        once=once or f"{kind}:{nonce}",
        created_at=now_micros(),
    )
    return token


async def end_mailed(conn: Connection, shop_id: str, person: Person, email: str | None) -> None:
    """When a person's address has become another than `person` has it: whoever reads the old one comes in by nothing
    that was, or would be, mailed there. After the shop's row is locked, so that no link is made meanwhile."""
    if not person.email or person.email.lower() == (email or "").lower():
        return
    account = await accounts.find_account(conn, shop_id, person.id)
    if account is not None:
        await accounts.delete_unused_signin_links(conn, shop_id, account.id)
        await factors.delete_pending(conn, shop_id, account.id)
        await outbox.delete_open_about(conn, shop_id, KINDS, person.id)


async def check_address(conn: Connection, shop_id: str, person: Person, changes: dict[str, Any], *, keys: bool) -> bool:
    """Before an address changes: whether it is an owner's, to which links are mailed. Then whoever changes it has shown
    who they are (`keys`); a shop system, which has not, leaves it as it is or is refused (NotAllowed)."""
    account = await accounts.find_account(conn, shop_id, person.id) if "email" in changes else None
    if account is None or account.role != "owner":
        return False
    if not keys and changes["email"] is not None:
        raise NotAllowed(THEIRS, errors=[("email", THEIRS)])
    if not keys:
        del changes["email"]
    return keys
