"""A step's sentence filled in as a customer may come to read it. The owner stands in it: no name is invented."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.people import role_in_sentence
from storefront_trace.domain.sentences import parse
from storefront_trace.domain.shop import Cast, Person, ShopStep, in_language
from storefront_trace.domain.step_texts import ROLE_EXAMPLES
from storefront_trace.domain.steps import CARRIER_TEAM, DEFAULT_TEAMS
from storefront_trace.web.faces import carrier_face, inside, person_face, team_face
from storefront_trace.web.languages import catalogue
from storefront_trace.web.owner.base import texts
from storefront_trace.web.wording import moment_text, paired

CARRIER = "PostNord"
_CARRIERS = next(team.names for team in DEFAULT_TEAMS if team.key == CARRIER_TEAM)


def readings(request: Request, sentence: str, team: str | None, language: str) -> list[dict[str, Any]]:
    """As a person's, as the team's, and with everything left out that can be, each with who stands beside it on the
    page. [] when it cannot be read."""
    cast: Cast = request.state.cast
    me: Person = request.state.person
    try:
        parsed = parse(sentence)
    except Invalid:
        return []
    say = texts(request).gettext
    mine, ours = person_face(cast, me, language), cast.teams.get(team or "")
    theirs = team_face(cast, ours, language) if ours else carrier_face(_team_name(cast, team, language))
    cases = (
        (say("By a person, everything known"), mine, _full(cast, me, team, language)),
        (say("By the team"), theirs, _bare(cast, _team_name(cast, team, language), language)),
        (say("By a person, nothing more known"), mine, _bare(cast, me.display_name, language)),
    )
    return [{"label": label, "who": who, "text": parsed.render(values)} for label, who, values in cases]


def example(cast: Cast, step: ShopStep, language: str) -> str:
    """The saved sentence as the step's team."""
    sentence = in_language(step.sentences, language, cast.shop.locale)
    named = in_language(step.names, language, cast.shop.locale)
    return parse(sentence or "{name}: " + named).render(_bare(cast, _team_name(cast, step.team, language), language))


def _full(cast: Cast, me: Person, team: str | None, language: str) -> dict[str, str]:
    words = catalogue(language)
    other = next((key for key in cast.teams if key != team), None)
    return _bare(cast, me.display_name, language) | {
        "role": role_in_sentence(me.roles.get(language) or _role_in(cast, team, language), language),
        "to": inside(cast, _team_name(cast, other, language), language) if other else "",
        "parcel": words.say("parcel %(number)s", number=1),
        "carrier": CARRIER,
    }


def _bare(cast: Cast, name: str, language: str) -> dict[str, str]:
    when = paired(moment_text(now_micros(), cast.shop.zone, "minute", language))
    return {"name": name, "when": when, "number": "1001", "shop": cast.shop.name}


def _role_in(cast: Cast, team: str | None, language: str) -> str:
    """How somebody of that team is told of, else somebody of any, else as we would tell it."""
    people: list[Person] = sorted(cast.people.values(), key=lambda one: (one.team != team, one.id))
    roles = (one.roles.get(language) for one in people if one.left_at is None)
    return next((role for role in roles if role), ROLE_EXAMPLES.get(language, ""))


def _team_name(cast: Cast, team: str | None, language: str) -> str:
    found = cast.teams.get(team or "")
    return in_language(found.names, language, cast.shop.locale) if found else in_language(_CARRIERS, language)
