"""/owner/people: everybody who works here, and inviting one more."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import people as actions
from storefront_trace.actions import signin
from storefront_trace.actions.people import PersonTold
from storefront_trace.actions.proof import check_link_for, check_owner
from storefront_trace.actions.rights import set_role
from storefront_trace.domain.clock import DAY, MINUTE, now_micros
from storefront_trace.domain.errors import N_, Invalid
from storefront_trace.domain.rights import Sight, check_rights
from storefront_trace.domain.shop import Cast, Person
from storefront_trace.domain.step_texts import ROLE_EXAMPLES
from storefront_trace.photos.codes import svg
from storefront_trace.storage import people, reports
from storefront_trace.storage.reports import Doer
from storefront_trace.web.faces import team_face, team_name
from storefront_trace.web.forms import whole_form
from storefront_trace.web.languages import NAMES
from storefront_trace.web.owner.base import (
    Page,
    alphabetical,
    doer_face,
    doer_url,
    frame,
    language_of,
    mails_out,
    refusals,
    show,
    teams_to_choose,
    texts,
)
from storefront_trace.web.owner.figures import PERIODS
from storefront_trace.web.owner.forms import (
    TypedPerson,
    check_person,
    handle_from,
    read_person,
    role_field,
    role_languages,
    team_meant,
    text_of,
)
from storefront_trace.web.owner.leaves import leaf_of
from storefront_trace.web.owner.may import NAMES as RIGHTS
from storefront_trace.web.owner.may import rights_view
from storefront_trace.web.wording import language_text, moment_text, tied

PATH = "/owner/people"
FIELDS = {"display_name": "name", "handle": "name"}
Seen = dict[str, int | None]
Held = dict[str, tuple[str, str | None]]


async def show_people(request: Request) -> Response:
    return await _list(request)


async def post_person(request: Request) -> Response:
    """Answers with the one-time link itself: it stands nowhere else, so there is nothing to redirect to."""
    cast: Cast = request.state.cast
    form = await whole_form(request)
    typed, right = read_person(cast, form), (text_of(form, "right") or "staff", text_of(form, "manages"))
    spoken = tuple(value for value in form.getlist("languages") if isinstance(value, str))
    try:
        told = replace(check_person(cast, typed), languages=spoken)
        role, manages = check_rights(cast, *right)
        if role != "staff":
            await _check_rights(request)
        told = replace(told, team=await team_meant(request, cast, typed))
        handle = _just_invited(cast, told) or handle_from(
            told.display_name, [person.handle for person in cast.people.values()]
        )
        person, _ = await actions.put_person(request.app.state.desk, cast.shop.id, handle, told)
    except Invalid as error:
        return await _list(request, refusals(request, error, FIELDS, "name"), typed, right)
    return await invited(request, person, right=(role, manages), by_mail=form.get("by_mail") == "1")


async def _check_rights(request: Request) -> None:
    """A key for somebody new is one like any other: Unproved before anything is done."""
    async with request.app.state.desk.db.read() as conn:
        await check_owner(conn, request.state.session, mails=mails_out(request))


async def invited(
    request: Request, person: Person, *, right: tuple[str, str | None] = ("staff", None), by_mail: bool = False
) -> Response:
    """The page with a new sign-in link, shown once. `right` is for somebody new; `by_mail`, where mails go out, sends
    it to their address as well."""
    cast: Cast = request.state.cast
    desk, mails = request.app.state.desk, mails_out(request)
    async with desk.db.read() as conn:
        await check_link_for(conn, request.state.session, [person.id], mails=mails)
    token = await actions.invite(desk, cast.shop.id, person.handle, by_mail=by_mail and mails)
    if right[0] != "staff":
        await set_role(desk, cast.shop.id, person.handle, *right, by_person=request.state.person.id)
    say, language = texts(request), language_of(request)
    link = f"{request.app.state.settings.public_url}/signin/{token}"
    until = moment_text(now_micros() + signin.LINK_DAYS * DAY, cast.shop.zone, "minute", language)
    context = {
        "name": person.display_name,
        "link": link,
        "code": await asyncio.to_thread(svg, link),
        "until": tied(until),
        "mailed": person.email if by_mail and mails else None,
        "back": {"href": f"{PATH}/{person.handle}", "label": say.say("To %(name)s", name=person.display_name)},
    }
    title = say.say("A link for %(name)s", name=person.display_name)
    return show(request, "invited", frame(request, title, "people") | context)


def person_fields(cast: Cast, typed: TypedPerson, language: str) -> Page:
    """What the form about a person shows, new or known."""
    own = cast.shop.locale
    return {
        "teams": teams_to_choose(cast, language),
        "values": {
            "name": typed.name,
            "role": typed.roles.get(own, ""),
            "team": typed.team,
            "new_team": typed.new_team,
            "email": typed.email,
        },
        "roles": [
            {
                "field": role_field(cast, one),
                "lang": one,
                "language": NAMES[one],
                "value": typed.roles.get(one, ""),
                "example": ROLE_EXAMPLES[one],
            }
            for one in role_languages(cast)
            if one in NAMES and one != own
        ],
    }


async def _list(
    request: Request,
    errors: dict[str, str] | None = None,
    typed: TypedPerson | None = None,
    right: tuple[str, str] | None = None,
) -> Response:
    cast: Cast = request.state.cast
    language = language_of(request)
    async with request.app.state.desk.db.read() as conn:
        seen = await reports.last_seen(conn, cast.shop.id)
        held = await people.list_rights(conn, cast.shop.id)
    sight: Sight | None = request.state.sight
    everybody = sorted(
        (person for person in cast.people.values() if sight is None or person.id in sight.people),
        key=lambda p: (p.left_at is not None, alphabetical(p.display_name, language)),
    )
    leaf = leaf_of(request, everybody)
    typed = typed or TypedPerson(team=next(iter(cast.teams), ""))
    context = {
        "people": [_row(request, person, seen, held) for person in leaf.items],
        "before": leaf.before,
        "after": leaf.after,
        "groups": [
            {**team_face(cast, team, language), "url": doer_url(cast, Doer(None, team.key))}
            for team in sorted(
                (team for team in cast.teams.values() if not (sight and sight.team) or team.key == sight.team),
                key=lambda t: alphabetical(team_face(cast, t, language)["name"], language),
            )
        ],
        "periods": [{"value": days, "name": texts(request).gettext(name)} for days, name in PERIODS.items()],
        "invite_action": PATH,
        "mails": mails_out(request),
        "rights": rights_view(request, None, right, field="right"),
        "languages": [{"lang": one, "name": language_text(one, language)} for one in role_languages(cast)],
        **person_fields(cast, typed, language),
    }
    title = texts(request).gettext(N_("People") if sight is None or sight.team else N_("Teams"))
    return show(request, "people", frame(request, title, "people", errors) | context)


def _row(request: Request, person: Person, seen: Seen, held: Held) -> dict[str, Any]:
    """Who let customers see what is not told here, to nobody."""
    cast: Cast = request.state.cast
    return {
        **doer_face(cast, Doer(person.id), language_of(request)),
        "url": f"{PATH}/{person.handle}" if cast.shop.per_person else f"{PATH}/{person.handle}/about",
        "right": _right(request, *held[person.id]) if person.id in held and person.left_at is None else "",
        "state": state_of(request, person, seen),
        "left": person.left_at is not None,
    }


def _right(request: Request, role: str, manages: str | None) -> str:
    """Who may what is the owners' to see."""
    if request.state.sight is not None:
        return ""
    cast: Cast = request.state.cast
    team = [team_name(cast, manages, language_of(request))] if manages in cast.teams else []
    return ", ".join([texts(request).gettext(RIGHTS[role]), *team])


def state_of(request: Request, person: Person, seen: Seen) -> str | None:
    say = texts(request)
    if person.left_at is not None:
        return say.gettext("No longer works here")
    if person.id not in seen:
        return say.gettext("Has no sign-in link yet")
    return say.gettext("Invited, not signed in yet") if seen[person.id] is None else None


def _just_invited(cast: Cast, told: PersonTold) -> str | None:
    """The same form sent twice in a row means the same person; two of one name are not typed within a minute."""
    for person in cast.people.values():
        same = (person.display_name, dict(person.roles), person.team, person.email) == (
            " ".join(told.display_name.split()),
            dict(told.roles),
            told.team,
            told.email,
        )
        if same and person.left_at is None and person.created_at > now_micros() - MINUTE:
            return person.handle
    return None
