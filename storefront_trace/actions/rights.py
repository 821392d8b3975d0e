"""Giving people rights and taking them away: a key to the shop, so every owner hears of it."""

from __future__ import annotations

from storefront_trace.actions.alarm import tell_person
from storefront_trace.actions.audit import note
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.journal import remember
from storefront_trace.actions.people import keep_an_owner
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import Conflict
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.rights import check_rights
from storefront_trace.storage import accounts, people, shops
from storefront_trace.storage.database import Connection


async def set_role(
    desk: Desk, shop_id: str, handle: str, role: str, manages: str | None = None, *, by_person: str | None = None
) -> None:
    """One of domain/rights.py ROLES; a manager `manages` a team. It is taken up at the next sign-in: the person's
    sessions end. The same again changes nothing."""
    async with desk.db.write() as conn:
        # Locks the shop's row: two owners who make each other staff at once would leave none.
        await shops.update_generation(conn, shop_id)
        role, manages = check_rights(await shops.get_cast(conn, shop_id), role, manages)
        person = await people.get_person(conn, shop_id, handle)
        account = await accounts.find_account(conn, shop_id, person.id)
        if person.left_at is not None or account is None:
            raise Conflict("Make a sign-in link for this person first.")
        if (account.role, account.manages) == (role, manages):
            return
        if role != "owner":
            await keep_an_owner(conn, shop_id, account)
        was, new = ({"role": one[0], "manages": one[1]} for one in ((account.role, account.manages), (role, manages)))
        owners = await accounts.list_owners(conn, shop_id, here=True)
        await accounts.update_account(conn, shop_id, account.id, **new)
        await accounts.update_sessions_ended(conn, shop_id, account.id, now_micros())
        await note(conn, shop_id, "people.role", "person", person.id, before=was, after=new)
        told = {"about": person.id, "role": role, "manages": manages, "by": by_person}
        await _tell(conn, shop_id, owners - {by_person or ""}, told)
        await remember(desk, conn, shop_id, "role", account=account.id, **new)


async def _tell(conn: Connection, shop_id: str, owners: set[str], told: dict[str, str | None]) -> None:
    """All who were owners before, whom it is about too: whoever did it may be no owner at all, but have found a screen
    unlocked."""
    change = new_id()
    for owner in sorted(owners):
        await tell_person(conn, shop_id, owner, "rights_changed", told, once=f"rights:{change}:{owner}")
