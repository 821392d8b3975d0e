"""How people, teams and carriers look on our own pages, staff's and owner's: here the name is always the real one.

What a customer may see is decided in `domain.timeline`; pages that show it ask there first and come here for a picture.
"""

from __future__ import annotations

from typing import TypedDict
from urllib.parse import quote

from storefront_trace.domain.shop import Cast, Person, Team, in_language
from storefront_trace.domain.steps import CARRIER_TEAM, DEFAULT_TEAMS, standing_alone, team_in_sentence
from storefront_trace.photos.files import name_of
from storefront_trace.photos.initials import initials

SMALL, LARGE = 196, 392
BENT_ROLES = ("fi", "de")
_CARRIER = next(team.names for team in DEFAULT_TEAMS if team.key == CARRIER_TEAM)


class Portrait(TypedDict):
    src: str
    src2x: str | None


class Face(TypedDict):
    """`kind` is "person", "team" or "carrier"; a carrier has no portrait: nobody's face stands for it."""

    name: str
    role: str
    kind: str
    portrait: Portrait | None


def person_face(cast: Cast, person: Person, language: str) -> Face:
    return Face(
        name=person.display_name,
        role=role_alone(cast, person, language),
        kind="person",
        portrait=portrait(person.photo, person.id, person.display_name),
    )


def role_alone(cast: Cast, person: Person, language: str) -> str:
    """What stands below a name, as on the customer's page. Where roles are bent to follow a name ("hankinnasta",
    "aus dem Einkauf") one reads as torn off when it stands alone: there it is the team."""
    team = cast.teams.get(person.team or "") if language in BENT_ROLES else None
    return standing_alone(in_language(team.names if team else person.shown_roles, language, cast.shop.locale), language)


def team_face(cast: Cast, team: Team, language: str) -> Face:
    name = in_language(team.names, language, cast.shop.locale) or team.key
    return Face(name=name, role="", kind="team", portrait=portrait(team.photo, team.key, name))


def carrier_face(name: str) -> Face:
    return Face(name=name, role="", kind="carrier", portrait=None)


def portrait(photo: str | None, key: str, name: str) -> Portrait:
    """The photo in two sizes, or a stamp with initials whose colour hangs on `key`.

    The key stands in the URL, so it must tell nothing: an id, never a handle, which may hold a surname.
    """
    if photo is None:
        return Portrait(src=f"/stamp/{quote(key, safe='')}/{quote(initials(name), safe='')}.svg", src2x=None)
    return Portrait(src=f"/media/{name_of(photo, SMALL, 'webp')}", src2x=f"/media/{name_of(photo, LARGE, 'webp')}")


def team_name(cast: Cast, key: str | None, language: str) -> str:
    """The shop's own name when there is no such team (any more)."""
    team = cast.teams.get(key or "")
    return team_face(cast, team, language)["name"] if team else cast.shop.name


def carrier_name(cast: Cast, language: str) -> str:
    """What a carrier is called that nobody has named."""
    return in_language(_CARRIER, language, cast.shop.locale)


def inside(cast: Cast, name: str, language: str) -> str:
    """Who does a step, inside a sentence: "and on to the warehouse team". Only a team and a carrier that nobody has
    named are common nouns; a shop, a carrier and a person keep their names as they are."""
    teams = (in_language(team.names, language, cast.shop.locale) for team in cast.teams.values())
    common = name != cast.shop.name and (name in teams or name == carrier_name(cast, language))
    return team_in_sentence(name, language) if common else name


def begun(text: str) -> str:
    """A sentence that a translation begins with a team."""
    return text[:1].upper() + text[1:]


def face_of(cast: Cast, person_id: str | None, team: str | None, language: str, *, carrier: str = "") -> Face:
    """Who did it: the person, else the team, else the carrier. Somebody who is gone without a trace is the shop."""
    person = cast.people.get(person_id or "")
    if person is not None:
        return person_face(cast, person, language)
    found = cast.teams.get(team or "")
    if found is not None:
        return team_face(cast, found, language)
    if person_id is None and team is None:
        return carrier_face(carrier or carrier_name(cast, language))
    return Face(name=cast.shop.name, role="", kind="team", portrait=portrait(None, "shop", cast.shop.name))
