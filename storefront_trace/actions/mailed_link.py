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
from storefront_trace.storage import accounts, outbox, people, shops
from storefront_trace.storage.database import Connection

LASTS = 15 * MINUTE
# One owner gets no more than one in this time, whoever asks.
APART = 5 * MINUTE
THEIRS = N_("This person is an owner, and their address is a way in: an owner changes it, under People.")


async def ask_for_way_in(desk: Desk, email: str) -> None:
    """Mails a short-lived link to every owner with this address, in whichever shop; nothing to anybody else. Who needs
    a code to sign in needs it then as well."""
    async with desk.db.read() as conn:
        found = await accounts.list_owners_at(conn, email)
    for shop_id, person_id, account_id in found:
        now = now_micros()
        nonce = f"{account_id}:{now // APART}"
        async with desk.db.write() as conn:
            if await accounts.find_signin_link(conn, token_hash(mailed_token(desk.secret, nonce))) is None:
                person = await people.get_person_by_id(conn, shop_id, person_id)
                await mail_link(desk, conn, shop_id, person, "owner", kind="way_in", nonce=nonce, lasts=LASTS)


async def mail_link(
    desk: Desk,
    conn: Connection,
    shop_id: str,
    person: Person,
    role: str,
    *,
    kind: str,
    nonce: str | None = None,
    **lasts: Any,
) -> str:
    """The token of a new link that goes to the person's own address too. `lasts` as in `make_link`."""
    nonce = nonce or new_id()
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
        once=f"{kind}:{nonce}",
        created_at=now_micros(),
    )
    return token


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
