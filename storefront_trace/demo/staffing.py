"""The demo's people come in, agree each for themselves to how customers see them, and get their rights."""

from __future__ import annotations

from dataclasses import replace

from storefront_trace.actions import people, rights, shops, signin
from storefront_trace.actions.audit import Actor
from storefront_trace.actions.consents import Agreed
from storefront_trace.actions.desk import Desk
from storefront_trace.demo.cast import (
    BOOKKEEPER,
    LOADED,
    LOCALE,
    MANAGER,
    MANAGES,
    MEMBERS,
    ORDERED,
    TEAMS,
    Member,
)
from storefront_trace.demo.pictures import Pictures
from storefront_trace.storage import people as rows
from storefront_trace.web.languages import catalogue
from storefront_trace.web.staff.agreeing import PICTURE, seen_words
from storefront_trace.web.staff.seen import NO_PICTURE, TITLES


async def gather(desk: Desk, shop_id: str) -> None:
    for team, _ in TEAMS:
        await shops.put_team(desk, shop_id, team)
    for step in (ORDERED, LOADED):
        await shops.put_step(desk, shop_id, step)
    for member in (*MEMBERS, BOOKKEEPER):
        person, _ = await people.put_person(desk, shop_id, member.handle, member.told)
        if person.visibility is None:
            await _welcome(desk, shop_id, member, person.id)


async def _welcome(desk: Desk, shop_id: str, member: Member, person_id: str) -> None:
    """Signs in once with the link that everybody gets, chooses how customers see them, and leaves."""
    token = await people.invite(desk, shop_id, member.handle)
    _, session = await signin.use_link(desk, token, device="Android · Chrome", days=1)
    if member.visibility is not None:
        say = catalogue(LOCALE).gettext
        # Nobody has a picture yet: what they read says so.
        hint = say(NO_PICTURE) if member.visibility == "photo" else ""
        said = seen_words(say, say(TITLES[member.visibility]), hint)
        await people.choose_visibility(desk, shop_id, person_id, member.visibility, locale=LOCALE, said=said)
    await signin.sign_out(desk, session)


async def hang_portraits(desk: Desk, shop_id: str, pictures: Pictures) -> None:
    for team, drawing in TEAMS:
        await shops.put_team(desk, shop_id, replace(team, photo=pictures[drawing].photo_id))
    agreed = Agreed(catalogue(LOCALE).gettext(PICTURE), LOCALE)
    for member in MEMBERS:
        async with desk.db.read() as conn:
            person = await rows.get_person(conn, shop_id, member.handle)
        await people.set_portrait(
            desk, shop_id, person.id, pictures[f"portrait-{member.handle}"].photo_id, agreed=agreed
        )


async def give_rights(desk: Desk, shop_id: str, owner: Actor) -> None:
    for handle, role, team in ((MANAGER, "manager", MANAGES), (BOOKKEEPER.handle, "reader", None)):
        await rights.set_role(desk, shop_id, handle, role, team, by_person=owner.person_id)
