"""Inviting people, what they let customers see, and letting them go."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from storefront_trace.actions import left_behind, questions, signin
from storefront_trace.actions.alarm import tell_person
from storefront_trace.actions.audit import note
from storefront_trace.actions.consents import Agreed, agree, withdraw
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.journal import remember
from storefront_trace.actions.mailed_link import check_address, end_mailed, mail_link
from storefront_trace.actions.pins import NO_PIN
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import Conflict, Invalid
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.people import check_handle, clean_display_name, clean_role
from storefront_trace.domain.shop import LANGUAGES, Person, Team
from storefront_trace.storage import accounts, factors, passkeys, people, shops
from storefront_trace.storage.database import Connection, DatabaseError

VISIBILITIES = ("team", "name", "photo")


@dataclass(frozen=True)
class PersonTold:
    """What the owner or the API says of a person. `visibility` can only lower what the person chose. With
    `visibility_agreed_at` (microseconds, UTC), when the person agreed to it elsewhere, it is their choice, as long as
    they have not chosen in a login of their own. Without `visibility` what was lowered stays so, unless `not_lowered`
    says that nothing is lowered any more."""

    display_name: str
    roles: Mapping[str, str]
    team: str | None = None
    email: str | None = None
    visibility: str | None = None
    visibility_agreed_at: int | None = None
    not_lowered: bool = False
    languages: tuple[str, ...] = ()
    """They can answer in these: for somebody new alone, who says so themselves from then on."""


async def put_person(
    desk: Desk, shop_id: str, handle: str, told: PersonTold, *, keys: bool = False
) -> tuple[Person, bool]:
    """(the person, whether they are new). The same again changes nothing; a team not there yet is made. `keys`: whoever
    does it has shown who they are, and may change an owner's address."""
    _check(told)
    async with desk.db.write() as conn:
        await _ensure_team(conn, shop_id, told.team)
        old = await people.find_person(conn, shop_id, check_handle(handle))
        is_new = old is None and await people.insert_person(conn, shop_id, _new_person(handle, told))
        person = old or await people.get_person(conn, shop_id, handle)
        chose = any(
            (one["about"], one["given"]) == ("visibility", "self")
            for one in await people.list_consents(conn, shop_id, person.id)
        )
        changes = _changes(person, told, chose_themselves=chose)
        if await check_address(conn, shop_id, person, changes, keys=keys):
            change = {"change": "address"}
            await tell_person(conn, shop_id, person.id, "factor_changed", change, once=f"address:{new_id()}")
        if changes:
            await people.update_person(conn, shop_id, person.id, **changes)
        if changes.get("visibility"):
            how: dict[str, Any] = {"given": "elsewhere", "at": told.visibility_agreed_at}
            await agree(conn, shop_id, person.id, "visibility", None, visibility=told.visibility or "", **how)
        if is_new or changes:
            await shops.update_generation(conn, shop_id)
        await end_mailed(conn, shop_id, person, changes.get("email", person.email))
        told_of = await people.get_person_by_id(conn, shop_id, person.id)
        deed, before = ("people.added", None) if is_new else ("people.changed", _noted(person))
        await note(conn, shop_id, deed, "person", person.id, before=before, after=_noted(told_of))
        return told_of, is_new


async def choose_visibility(
    desk: Desk, shop_id: str, person_id: str, visibility: str, *, locale: str, said: str = ""
) -> None:
    """The person's own choice, in force at once on every page, the old ones too. `said` is what they read."""
    if visibility not in VISIBILITIES:
        raise Invalid("Choose how customers see you.", errors=[("visibility", "Choose one of the three.")])
    async with desk.db.write() as conn:
        now = now_micros()
        before = (await people.get_person_by_id(conn, shop_id, person_id)).visibility or VISIBILITIES[0]
        await people.update_person(conn, shop_id, person_id, visibility=visibility, visibility_chosen_at=now)
        await agree(conn, shop_id, person_id, "visibility", Agreed(said, locale), visibility=visibility, at=now)
        await shops.update_generation(conn, shop_id)
        if visibility == min(visibility, before, key=VISIBILITIES.index) != before:
            await remember(desk, conn, shop_id, "lowered", person=person_id, visibility=visibility)


async def lower(desk: Desk, shop_id: str, handle: str, most: str | None) -> None:
    """What customers see of somebody at most; None is as they have chosen. It is a ceiling over their own choice, which
    it never touches: what they have not agreed to cannot be shown by it. At once, on old pages too. Twice is once."""
    if most is not None and most not in VISIBILITIES:
        raise Invalid("There is no such visibility.", errors=[("visibility", "Use team, name or photo.")])
    async with desk.db.write() as conn:
        person = await people.get_person(conn, shop_id, handle)
        if person.visibility_ceiling != most:
            await people.update_person(conn, shop_id, person.id, visibility_ceiling=most)
            await shops.update_generation(conn, shop_id)
            was, new = {"visibility_ceiling": person.visibility_ceiling}, {"visibility_ceiling": most}
            await note(conn, shop_id, "people.changed", "person", person.id, before=was, after=new)


async def set_portrait(
    desk: Desk, shop_id: str, person_id: str, photo: str | None, *, agreed: Agreed | None = None
) -> str | None:
    """Puts the picture with this id in place; returns the id of the one it replaced, whose files can go. `agreed` is
    what the person read who put it there themselves."""
    async with desk.db.write() as conn:
        old = (await people.get_person_by_id(conn, shop_id, person_id)).photo
        await people.update_person(conn, shop_id, person_id, photo=photo)
        await shops.update_generation(conn, shop_id)
        if photo is not None and agreed is not None:
            await agree(conn, shop_id, person_id, "portrait", agreed)
        elif photo != old:
            await withdraw(conn, shop_id, person_id, "portrait")
        await note(conn, shop_id, "people.portrait", "person", person_id, before={"photo": old}, after={"photo": photo})
        if old is not None and old != photo:
            await remember(desk, conn, shop_id, "portrait", person=person_id, photo=old)
        return old if old != photo else None


async def invite(
    desk: Desk,
    shop_id: str,
    handle: str,
    *,
    role: str = "staff",
    days: int = signin.LINK_DAYS,
    by_mail: bool = False,
) -> str:
    """The token of a one-time sign-in link to hand to the person; an earlier one that was not used is dead from now.
    Someone who has left is asked back by hand. `by_mail`: it goes to their address too, where they have one."""
    async with desk.db.write() as conn:
        await shops.lock_shop(conn, shop_id)
        person = await people.get_person(conn, shop_id, handle)
        return await _invite(conn, shop_id, person, role, days, desk if by_mail and person.email else None)


async def invite_many(desk: Desk, shop_id: str, handles: Sequence[str]) -> list[tuple[Person, str]]:
    """Each of them with the token of a new link, as in `invite`: all, or none when one of them cannot have one."""
    async with desk.db.write() as conn:
        await shops.lock_shop(conn, shop_id)
        found = [await people.get_person(conn, shop_id, handle) for handle in handles]
        return [(one, await _invite(conn, shop_id, one, "staff", signin.LINK_DAYS)) for one in found]


async def _invite(
    conn: Connection, shop_id: str, person: Person, role: str, days: int, mails: Desk | None = None
) -> str:
    """`role` is for who has no account yet."""
    if person.left_at is not None:
        raise Conflict("This person has left. Add them anew when they come back.")
    account = await accounts.find_account(conn, shop_id, person.id)
    if account is not None:
        await accounts.delete_unused_signin_links(conn, shop_id, account.id)
        await accounts.update_account(conn, shop_id, account.id, ended_at=None)
    role = account.role if account else role
    await note(conn, shop_id, "people.link", "person", person.id, role=role)
    if mails is not None:
        return await mail_link(mails, conn, shop_id, person, role, kind="invited", days=days)
    return await signin.make_link(conn, shop_id, person, role, days=days)


async def sign_out(desk: Desk, shop_id: str, handle: str) -> None:
    """A lost phone: the person's sessions end everywhere, and so do passkeys and links that nobody has used. Twice is
    once."""
    async with desk.db.write() as conn:
        person = await people.get_person(conn, shop_id, handle)
        account = await accounts.find_account(conn, shop_id, person.id)
        if account is not None:
            await accounts.update_sessions_ended(conn, shop_id, account.id, now_micros())
            await accounts.delete_unused_signin_links(conn, shop_id, account.id)
            await factors.delete_pending(conn, shop_id, account.id)
            await passkeys.delete_passkeys(conn, shop_id, account.id)
            await note(conn, shop_id, "people.signed_out", "person", person.id)
            await remember(desk, conn, shop_id, "passkeys", account=account.id)


async def end_employment(desk: Desk, shop_id: str, handle: str, *, anyway: bool = False) -> str | None:
    """The person becomes the team on every page at once, and is signed out everywhere; what was said of them is the
    team's from now on, for good. Twice is once.

    Returns the id of the portrait, whose files the caller deletes. `anyway`: though no other owner is left, because it
    has happened once already.
    """
    async with desk.db.write() as conn:
        await shops.update_generation(conn, shop_id)  # first, for its lock: see rights.set_role
        person = await people.get_person(conn, shop_id, handle)
        if person.left_at is not None:
            return None
        account = await accounts.find_account(conn, shop_id, person.id)
        now = now_micros()
        if account is not None:
            if not anyway:
                await keep_an_owner(conn, shop_id, account)
            await accounts.update_account(conn, shop_id, account.id, ended_at=now, **NO_PIN)
            await accounts.update_sessions_ended(conn, shop_id, account.id, now)
            await accounts.delete_signin_links(conn, shop_id, account.id)
            await factors.delete_factor(conn, shop_id, account.id)
            await factors.delete_pending(conn, shop_id, account.id)
            await passkeys.delete_passkeys(conn, shop_id, account.id)
        await people.update_person(conn, shop_id, person.id, left_at=now, photo=None)
        await withdraw(conn, shop_id, person.id)
        await note(conn, shop_id, "people.left", "person", person.id)
        await remember(desk, conn, shop_id, "left", person=person.id)
    with contextlib.suppress(DatabaseError):  # a busy database: the background work passes it on some seconds later
        # What waits for them, and what was said of them, is their team's at once.
        await left_behind.give_answers(desk, shop_id, person.id)
        await questions.pass_on(desk)
        await left_behind.pass_on(desk, shop_id, person.id)
    return person.photo


async def keep_an_owner(conn: Connection, shop_id: str, account: accounts.Account) -> None:
    """Before this one is none any more, or has left. Raises Conflict."""
    if account.role == "owner" and await accounts.is_only_owner(conn, shop_id, account.id):
        raise Conflict("The shop needs an owner. Make somebody else owner first.")


def _new_person(handle: str, told: PersonTold) -> Person:
    return Person(
        id=new_id(),
        handle=handle,
        display_name=clean_display_name(told.display_name),
        roles=_roles(told),
        team=told.team,
        email=told.email,
        languages=tuple(one for one in LANGUAGES if one in told.languages) or None,
        created_at=now_micros(),
    )


def _check(told: PersonTold) -> None:
    if told.visibility is not None and told.visibility not in VISIBILITIES:
        raise Invalid("There is no such visibility.", errors=[("visibility", "Use team, name or photo.")])
    unknown = [key for key in told.roles if key not in LANGUAGES]
    if unknown:
        raise Invalid("We do not speak that language yet.", errors=[("role", "Use en, sv, nb, da, fi or de.")])


def _changes(person: Person, told: PersonTold, *, chose_themselves: bool) -> dict[str, Any]:
    """Nobody speaks over what was chosen in a login of one's own: what was agreed elsewhere then only lowers, and
    what was agreed earlier than the choice in force is old news."""
    wanted: dict[str, Any] = {
        "display_name": clean_display_name(told.display_name),
        "roles": _roles(told),
        "team": told.team,
        "email": told.email,
    }
    if told.visibility is not None and told.visibility_agreed_at is not None:
        newer = told.visibility_agreed_at >= (person.visibility_chosen_at or 0)
        if newer and chose_themselves:
            wanted["visibility_ceiling"] = told.visibility
        elif newer:
            wanted["visibility"] = told.visibility
            wanted["visibility_chosen_at"] = told.visibility_agreed_at
            wanted["visibility_ceiling"] = None
    elif told.visibility is not None or told.not_lowered:
        wanted["visibility_ceiling"] = told.visibility
    return {key: value for key, value in wanted.items() if getattr(person, key) != value}


def _noted(person: Person) -> dict[str, Any]:
    """What the owner or a system keeps of somebody; what they chose themselves is their own."""
    names = ("display_name", "roles", "team", "email", "visibility_ceiling")
    return {name: getattr(person, name) for name in names}


def _roles(told: PersonTold) -> dict[str, str]:
    return {language: clean_role(text) for language, text in told.roles.items()}


async def _ensure_team(conn: Connection, shop_id: str, key: str | None) -> None:
    if key is None:
        return
    cast = await shops.get_cast(conn, shop_id)
    if key not in cast.teams:
        name = check_handle(key).replace("-", " ").capitalize()
        await shops.upsert_team(conn, shop_id, Team(key, {cast.shop.locale: name, "en": name}, None, len(cast.teams)))
