"""The three ways to be seen by customers, each shown as a customer would see it, by the rule of the customer's page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from storefront_trace.domain.errors import N_
from storefront_trace.domain.people import VISIBILITIES, Visibility
from storefront_trace.domain.timeline import Actor, actor
from storefront_trace.web.faces import Portrait, portrait, role_alone, team_face
from storefront_trace.web.staff.visit import Context, Visit

TITLES: dict[Visibility, str] = {
    "team": N_("Only the team"),
    "name": N_("Your first name"),
    "photo": N_("Your first name and picture"),
}
NO_PICTURE = N_("You have no picture yet, so they see your name until you have")


def ways(visit: Visit) -> list[Context]:
    """Nothing is chosen until the person has answered."""
    return [
        {
            "value": way,
            "title": visit.say(TITLES[way]),
            "detail": _detail(visit, way),
            "chosen": visit.person.visibility == way,
            "shown": preview(visit, way),
        }
        for way in VISIBILITIES
    ]


def preview(visit: Visit, way: Visibility) -> Context:
    """What customers would see if this were the choice; what a connected system has lowered stays lowered."""
    person = replace(visit.person, visibility=way, visibility_chosen_at=visit.now)
    cast = replace(visit.cast, people={**visit.cast.people, person.id: person})
    shown = actor(cast, person.id, person.team, None, False)
    if shown.person is None:
        return _team(visit, shown)
    photo = person.photo if shown.shows == "photo" else None
    picture: Portrait | None = portrait(photo, person.id, person.display_name) if photo else None
    role = role_alone(cast, person, visit.language)
    return {"name": person.display_name, "role": role, "portrait": picture, "kind": "person"}


def _team(visit: Visit, shown: Actor) -> Context:
    if shown.team is None:
        return {"name": visit.cast.shop.name, "role": "", "portrait": None, "kind": "team"}
    face: Any = team_face(visit.cast, shown.team, visit.language)
    return {**face, "portrait": face["portrait"] if shown.team.photo else None}


def _detail(visit: Visit, way: Visibility) -> str:
    ceiling = visit.person.visibility_ceiling
    order: tuple[str, ...] = VISIBILITIES
    if ceiling is not None and order.index(way) > order.index(ceiling):
        return visit.say("The shop shows less than this right now, and the lower one counts")
    if way == "photo" and visit.person.photo is None:
        return visit.say(NO_PICTURE)
    return ""
