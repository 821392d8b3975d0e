"""/owner/people/{handle}: what customers say of one person's work, and what the owner keeps about them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import people as actions
from storefront_trace.actions import pins
from storefront_trace.actions.photos import forget_portrait
from storefront_trace.domain import ladder
from storefront_trace.domain.errors import Invalid, NotFound, TooLarge, TooMany
from storefront_trace.domain.shop import Cast, Person
from storefront_trace.storage import accounts, feedback, reports
from storefront_trace.storage.database import Connection
from storefront_trace.storage.feedback import Feedback, Reply
from storefront_trace.storage.reports import Doer
from storefront_trace.web.crop import crop_in, places
from storefront_trace.web.forms import read_form, whole_form
from storefront_trace.web.owner.base import doer_face, frame, language_of, refusals, saved, show, texts
from storefront_trace.web.owner.cares import byline, care, chip_labels, day_of, reply_view
from storefront_trace.web.owner.concerns import mark_after, mark_of
from storefront_trace.web.owner.forms import TypedPerson, check_person, read_person, read_picture, team_meant, text_of
from storefront_trace.web.owner.numbers import Numbers, read_numbers
from storefront_trace.web.owner.patterns import pattern_view, read_patterns
from storefront_trace.web.owner.people import FIELDS, invited, person_fields, state_of

WORDS, CARES = 20, 20


@dataclass(frozen=True)
class Told:
    """What customers said to one person or team."""

    numbers: Numbers
    thanks: list[Feedback]
    concerns: list[Feedback]
    replies: dict[str, Reply]
    patterns: dict[tuple[Doer, str], ladder.Pattern]
    seen: dict[str, int | None]


async def show_person(request: Request) -> Response:
    """`?before=` pages through the thanks."""
    return await _page(request, _person(request))


async def post_person(request: Request) -> Response:
    cast: Cast = request.state.cast
    person = _person(request)
    typed = read_person(cast, await whole_form(request))
    try:
        told = replace(check_person(cast, typed, person), team=await team_meant(request, cast, typed))
        await actions.put_person(request.app.state.desk, cast.shop.id, person.handle, told)
    except Invalid as error:
        return await _page(request, person, refusals(request, error, FIELDS, "name"), typed)
    return saved(_path(person))


async def post_portrait(request: Request) -> Response:
    """Puts the picture in the field `photo` in place, or takes it away with `remove`."""
    person, state = _person(request), request.app.state
    async with read_form(request, max_files=1) as form:
        try:
            picture = await read_picture(request, form, "photo", "portrait", crop_in(form))
        except (Invalid, TooLarge, TooMany) as error:
            return await _page(request, person, refusals(request, error, {}, "photo"))
        remove = bool(text_of(form, "remove"))
    if picture is None and not remove:
        chosen = texts(request).gettext("Choose a picture first.")
        return await _page(request, person, {"photo": chosen})
    photo = picture.photo_id if picture else None
    replaced = await actions.set_portrait(state.desk, request.state.cast.shop.id, person.id, photo)
    await forget_portrait(state.desk, state.media, replaced)
    return saved(_path(person), "picture" if picture else "no-picture")


async def post_link(request: Request) -> Response:
    """A new one-time sign-in link, for a new phone or a lost one."""
    return await invited(request, _person(request))


async def post_role(request: Request) -> Response:
    """Owner or staff. The person is signed out, and needs a new sign-in link."""
    person = _person(request)
    role = text_of(await whole_form(request), "role")
    await actions.set_role(request.app.state.desk, request.state.cast.shop.id, person.handle, role)
    return saved(_path(person), "role")


async def post_signout(request: Request) -> Response:
    """Everywhere: a phone was lost. The person needs a new sign-in link."""
    person = _person(request)
    await actions.sign_out(request.app.state.desk, request.state.cast.shop.id, person.handle)
    return saved(_path(person), "signed-out")


async def post_pin(request: Request) -> Response:
    """Clears it: nobody can see it, so nobody can tell it."""
    person = _person(request)
    await pins.clear_pin(request.app.state.desk, request.state.cast.shop.id, person.handle)
    return saved(_path(person), "pin-gone")


async def post_end(request: Request) -> Response:
    person, state = _person(request), request.app.state
    replaced = await actions.end_employment(state.desk, request.state.cast.shop.id, person.handle)
    await forget_portrait(state.desk, state.media, replaced)
    return saved(_path(person), "ended")


async def read_told(conn: Connection, cast: Cast, doer: Doer, before: str) -> Told:
    whose: dict[str, Any] = {"person_id": doer.person_id, "team": None if doer.person_id else doer.team}
    thanks = await reports.list_words(conn, cast.shop.id, doer, after=mark_of(before), limit=WORDS + 1)
    concerns = await feedback.list_feedback(
        conn, cast.shop.id, **whose, choice="concern", newest_first=True, limit=CARES
    )
    return Told(
        numbers=await read_numbers(conn, cast, [doer.person_id] if doer.person_id else []),
        thanks=thanks,
        concerns=concerns,
        replies=await reports.last_replies(conn, cast.shop.id, [*thanks, *concerns]),
        patterns={key: found for key, found in (await read_patterns(conn, cast)).items() if key[0] == doer},
        seen=await reports.last_seen(conn, cast.shop.id),
    )


def told_view(request: Request, doer: Doer, told: Told, path: str) -> dict[str, Any]:
    """The parts of the page that a person and a team have in common."""
    cast: Cast = request.state.cast
    language = language_of(request)
    older = mark_after(told.thanks, WORDS)
    return {
        "ladder": told.numbers.view(doer, texts(request)),
        "words": [_words(cast, said, told, language) for said in told.thanks[:WORDS]],
        "older": f"{path}?before={older}" if older else None,
        "cares": [
            care(cast, said, told.replies.get(said.id), language, me=request.state.person.id) for said in told.concerns
        ],
        "pattern": " ".join(pattern_view(cast, *one, language)["text"] for one in told.patterns.items()) or None,
    }


async def _page(
    request: Request, person: Person, errors: dict[str, str] | None = None, typed: TypedPerson | None = None
) -> Response:
    cast: Cast = request.state.cast
    doer, language, path = Doer(person.id), language_of(request), _path(person)
    async with request.app.state.desk.db.read() as conn:
        told = await read_told(conn, cast, doer, request.query_params.get("before", ""))
        account = await accounts.find_account(conn, cast.shop.id, person.id)
    face, own = doer_face(cast, doer, language), person.id == request.state.person.id
    left = person.left_at
    roles = {key: text for key, text in person.roles.items() if text}
    known = TypedPerson(person.display_name, roles, person.team or "", "", person.email or "")
    context = {
        "who": face
        | {
            "left": texts(request).say("Left %(day)s", day=day_of(cast, left, language)) if left else None,
            "signed_in": state_of(request, person, told.seen),
            "drawn": person.photo is None,
        },
        **told_view(request, doer, told, path),
        **person_fields(cast, typed or known, language),
        "actions": {
            "save": None if left else path,
            "portrait": None if left else f"{path}/portrait",
            "invite": None if left else f"{path}/link",
            "leave": None if left or own else f"{path}/end",
            "signout": None if left or own or account is None else f"{path}/signout",
            "pin": f"{path}/pin" if account is not None and account.pin_hash is not None else None,
            "role": None if left or own or account is None else f"{path}/role",
        },
        "places": places(texts(request)),
        "owns": account is not None and account.role == "owner",
    }
    return show(request, "person", frame(request, face["name"], "people", errors) | context)


def _words(cast: Cast, said: Feedback, told: Told, language: str) -> dict[str, Any]:
    return {
        "id": said.id,
        "choice": said.choice,
        "words": said.words or None,
        "chips": chip_labels(cast, said, language),
        "by": byline(cast, said, language),
        "reply": reply_view(cast, told.replies.get(said.id), language),
    }


def _person(request: Request) -> Person:
    cast: Cast = request.state.cast
    found = cast.person_by_handle(request.path_params["handle"])
    if found is None:
        raise NotFound("There is nobody with that handle.")
    return found


def _path(person: Person) -> str:
    return f"/owner/people/{person.handle}"
