"""/owner/audit: who changed what, newest first."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.domain.audit import KINDS as DEEDS_OF
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.golive import TICKS
from storefront_trace.domain.people import FORGOTTEN, NAMELESS
from storefront_trace.domain.shop import Cast, in_language
from storefront_trace.storage import audit
from storefront_trace.storage.audit import Noted
from storefront_trace.web.faces import person_face, team_name
from storefront_trace.web.owner.base import Page, alphabetical, frame, language_of, show, texts
from storefront_trace.web.owner.deeds import COMMAND_LINE, DEEDS, FIELDS, KINDS
from storefront_trace.web.readings import TOKEN
from storefront_trace.web.wording import listed, recent_text, tied

PATH = "/owner/audit"
PAGE = 50
MACHINES = "machines"
GAP = "–"


async def show_audit(request: Request) -> Response:
    """`?who=` is a person's id or `machines`, `?kind=` one of the kinds; `?before=` pages."""
    cast: Cast = request.state.cast
    who, kind = request.query_params.get("who", ""), request.query_params.get("kind", "")
    before = request.query_params.get("before", "")
    async with request.app.state.desk.db.read() as conn:
        people = await audit.list_actors(conn, cast.shop.id)
        found = await audit.list_audit(
            conn,
            cast.shop.id,
            person_id=who if who in people else None,
            by_machines=who == MACHINES,
            what=DEEDS_OF.get(kind, ()),
            before=before if len(before) == 32 else None,
            limit=PAGE + 1,
        )
    asked = {"who": who if who in (*people, MACHINES) else "", "kind": kind if kind in DEEDS_OF else ""}
    kept = {name: value for name, value in asked.items() if value}
    context = {
        "rows": [_row(request, one) for one in found[:PAGE]],
        "asked": asked,
        "people": _people(request, people),
        "kinds": [{"key": key, "name": texts(request).gettext(name)} for key, name in KINDS.items()],
        "narrowed": bool(kept),
        "newest": f"{PATH}?{urlencode(kept)}" if before else None,
        "older": f"{PATH}?{urlencode({**kept, 'before': found[PAGE - 1].id})}" if len(found) > PAGE else None,
    }
    return show(request, "audit", frame(request, texts(request).gettext("Who changed what"), "shop") | context)


def _people(request: Request, ids: list[str]) -> list[dict[str, str]]:
    """Who has changed something, to choose from."""
    named = [{"key": one, "name": _person(request, one)} for one in ids]
    return sorted(named, key=lambda one: alphabetical(one["name"], language_of(request)))


def _row(request: Request, one: Noted) -> Page:
    cast: Cast = request.state.cast
    changes = [_change(request, change) for change in one.detail.get("changes", ())]
    when = recent_text(one.at, cast.shop.zone, "minute", language_of(request), now=now_micros())
    person = cast.people.get(one.person_id or "")
    return {
        "face": person_face(cast, person, language_of(request))["portrait"] if person else None,
        "text": _sentence(request, one),
        "when": tied(when),
        "changes": [each for each in changes if each["values"]],
    }


def _sentence(request: Request, one: Noted) -> str:
    say, language = texts(request), language_of(request)
    deed = "privacy.order_erased" if one.what == "privacy.customer_erased" and one.subject else one.what
    fields = list(dict.fromkeys(_field(request, change[0]) for change in one.detail.get("changes", ())))
    return say.say(
        DEEDS.get(deed, one.what),
        who=_who(request, one),
        name=_subject(request, one),
        fields=listed(fields, language),
    )


def _who(request: Request, one: Noted) -> str:
    if one.person_id is not None:
        return _person(request, one.person_id)
    say = texts(request)
    return say.say(TOKEN, name=one.token) if one.token else say.gettext(COMMAND_LINE)


def _person(request: Request, person_id: str | None) -> str:
    cast: Cast = request.state.cast
    person = cast.people.get(person_id or "")
    gone = person is None or person.display_name == NAMELESS
    return texts(request).gettext(FORGOTTEN) if gone or person is None else person.display_name


def _subject(request: Request, one: Noted) -> str:
    """As it is called today: what was renamed since is looked for by the name it has."""
    cast: Cast = request.state.cast
    language, key = language_of(request), one.subject_key or ""
    if one.subject == "person":
        return _person(request, key)
    if one.subject == "step" and key in cast.steps:
        return in_language(cast.steps[key].names, language, cast.shop.locale) or key
    if one.subject == "chip" and key in cast.chips:
        return in_language(cast.chips[key].names, language, cast.shop.locale) or key
    if one.subject == "team" and key in cast.teams:
        return team_name(cast, key, language)
    if one.subject == "golive" and key in TICKS:
        return texts(request).gettext(TICKS[key][0])
    return str(one.detail.get("name") or key)


def _field(request: Request, field: str) -> str:
    """ "the sentence (sv)"."""
    name, _, inner = field.partition(".")
    said = texts(request).gettext(FIELDS[name]) if name in FIELDS else name.replace("_", " ")
    return f"{said} ({inner})" if inner and name != "calendar" else said


def _change(request: Request, change: list[Any]) -> Page:
    return {
        "field": _field(request, change[0]),
        "values": [_value(request, value) for value in change[1:]],
    }


def _value(request: Request, value: Any) -> str:
    if isinstance(value, bool):
        return texts(request).gettext("Yes") if value else texts(request).gettext("No")
    return GAP if value is None else str(value)
