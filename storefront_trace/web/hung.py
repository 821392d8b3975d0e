"""How thanks hang on the wall: the customer's words, and who they went to, no more of them than customers may see."""

from __future__ import annotations

from typing import Any

from storefront_trace.domain.errors import N_
from storefront_trace.domain.shop import Cast
from storefront_trace.domain.timeline import Actor, actor, photo_of
from storefront_trace.domain.wall import size_of
from storefront_trace.storage.feedback import Feedback
from storefront_trace.web.faces import Face, inside, portrait, role_alone, team_face
from storefront_trace.web.languages import catalogue
from storefront_trace.web.wording import capital

Hung = dict[str, Any]


def hung(cast: Cast, said: Feedback, language: str) -> Hung:
    """See templates/_hung.html. The customer's first name only when she let it be shown."""
    who = public_face(cast, actor(cast, said.person_id, said.team, None, False), language)
    say = catalogue(language).say
    customer = said.first_name if said.wall == "name" and said.first_name else say("A customer")
    name = who["name"] if who["kind"] == "person" else inside(cast, who["name"], language)
    return {
        "id": said.id,
        "words": said.words,
        "lang": said.locale,
        "by": say(N_("%(customer)s to %(name)s"), customer=customer, name=name),
        "who": who,
        "size": size_of(said.words),
    }


def public_face(cast: Cast, shown: Actor, language: str) -> Face:
    """Of a person what they let customers see, else the team; who has no picture has a stamp with initials."""
    if shown.person is not None:
        name = shown.person.display_name
        role = capital(role_alone(cast, shown.person, language))
        return Face(name=name, role=role, kind="person", portrait=portrait(photo_of(shown), shown.person.id, name))
    if shown.team is not None:
        return team_face(cast, shown.team, language)
    return Face(name=cast.shop.name, role="", kind="team", portrait=portrait(None, "shop", cast.shop.name))
