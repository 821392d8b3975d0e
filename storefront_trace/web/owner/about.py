"""/owner/people/{handle}/about: what the owner keeps about one person, and their ways in."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import people as actions
from storefront_trace.actions import pins, rights
from storefront_trace.actions.photos import forget_portrait
from storefront_trace.actions.proof import check_owner
from storefront_trace.domain.errors import Invalid, NotFound, TooLarge, TooMany
from storefront_trace.domain.rights import ROLES
from storefront_trace.domain.shop import Cast, Person
from storefront_trace.storage import accounts, people, reports
from storefront_trace.storage.reports import Doer
from storefront_trace.web.agreed import agreed_view
from storefront_trace.web.crop import crop_in, places
from storefront_trace.web.forms import read_form, whole_form
from storefront_trace.web.owner.base import doer_face, frame, language_of, mails_out, refusals, saved, show, texts
from storefront_trace.web.owner.cares import day_of
from storefront_trace.web.owner.forms import TypedPerson, check_person, read_person, read_picture, team_meant, text_of
from storefront_trace.web.owner.may import rights_view
from storefront_trace.web.owner.people import FIELDS, invited, person_fields, state_of


async def show_about(request: Request) -> Response:
    return await _page(request, person_of(request))


async def post_person(request: Request) -> Response:
    cast: Cast = request.state.cast
    person = person_of(request)
    typed = read_person(cast, await whole_form(request))
    try:
        told = replace(check_person(cast, typed, person), team=await team_meant(request, cast, typed))
        keys = told.email != person.email and await _is_owner(request, person)
        await actions.put_person(request.app.state.desk, cast.shop.id, person.handle, told, keys=keys)
    except Invalid as error:
        return await _page(request, person, refusals(request, error, FIELDS, "name"), typed)
    return saved(_about(person))


async def _is_owner(request: Request, person: Person) -> bool:
    """Then their address is a way in, and whoever changes it shows first who they are (Unproved)."""
    async with request.app.state.desk.db.read() as conn:
        if person.id not in await accounts.list_owners(conn, request.state.cast.shop.id):
            return False
        await check_owner(conn, request.state.session, mails=mails_out(request))
    return True


async def post_portrait(request: Request) -> Response:
    """Puts the picture in the field `photo` in place, or takes it away with `remove`."""
    person, state = person_of(request), request.app.state
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
    return saved(_about(person), "picture" if picture else "no-picture")


async def post_link(request: Request) -> Response:
    """A new one-time sign-in link, for a new phone or a lost one."""
    return await invited(request, person_of(request))


async def post_role(request: Request) -> Response:
    """What the person may do. They are signed out, and need a new sign-in link."""
    person, form = person_of(request), await whole_form(request)
    async with request.app.state.desk.db.read() as conn:
        await check_owner(conn, request.state.session, mails=mails_out(request))
    role, team, me = text_of(form, "role"), text_of(form, "manages"), request.state.person.id
    try:
        await rights.set_role(
            request.app.state.desk, request.state.cast.shop.id, person.handle, role, team, by_person=me
        )
    except Invalid as error:
        return await _page(request, person, refusals(request, error, {"role": f"role-{ROLES[0]}"}, "manages"))
    return saved(_about(person), "role")


async def post_shown(request: Request) -> Response:
    """What customers see of them at most: less than they have chosen, or (`most` is empty) as they have chosen."""
    person = person_of(request)
    most = text_of(await whole_form(request), "most") or None
    await actions.lower(request.app.state.desk, request.state.cast.shop.id, person.handle, most)
    return saved(_about(person), "shown")


async def post_signout(request: Request) -> Response:
    """Everywhere: a phone was lost. The person needs a new sign-in link."""
    person = person_of(request)
    await actions.sign_out(request.app.state.desk, request.state.cast.shop.id, person.handle)
    return saved(_about(person), "signed-out")


async def post_pin(request: Request) -> Response:
    """Clears it: nobody can see it, so nobody can tell it."""
    person = person_of(request)
    await pins.clear_pin(request.app.state.desk, request.state.cast.shop.id, person.handle)
    return saved(_about(person), "pin-gone")


async def post_end(request: Request) -> Response:
    person, state = person_of(request), request.app.state
    replaced = await actions.end_employment(state.desk, request.state.cast.shop.id, person.handle)
    await forget_portrait(state.desk, state.media, replaced)
    return saved(path_of(person), "ended")


def person_of(request: Request) -> Person:
    cast: Cast = request.state.cast
    found = cast.person_by_handle(request.path_params["handle"])
    if found is None:
        raise NotFound("There is nobody with that handle.")
    return found


def path_of(person: Person) -> str:
    return f"/owner/people/{person.handle}"


async def _page(
    request: Request, person: Person, errors: dict[str, str] | None = None, typed: TypedPerson | None = None
) -> Response:
    cast: Cast = request.state.cast
    language, path = language_of(request), path_of(person)
    async with request.app.state.desk.db.read() as conn:
        seen = await reports.last_seen(conn, cast.shop.id)
        account = await accounts.find_account(conn, cast.shop.id, person.id)
        consents = await people.list_consents(conn, cast.shop.id, person.id)
    face, own = doer_face(cast, Doer(person.id), language), person.id == request.state.person.id
    left = person.left_at
    roles = {key: text for key, text in person.roles.items() if text}
    known = TypedPerson(person.display_name, roles, person.team or "", "", person.email or "")
    context = {
        "who": face
        | {
            "left": texts(request).say("Left %(day)s", day=day_of(cast, left, language)) if left else None,
            "signed_in": state_of(request, person, seen),
            "drawn": person.photo is None,
        },
        "url": path if cast.shop.per_person and left is None else None,
        **person_fields(cast, typed or known, language),
        "actions": {
            "save": None if left else path,
            "portrait": None if left else f"{path}/portrait",
            "invite": None if left else f"{path}/link",
            "leave": None if left or own else f"{path}/end",
            "signout": None if left or own or account is None else f"{path}/signout",
            "pin": f"{path}/pin" if account is not None and account.pin_hash is not None else None,
            "shown": None if left else f"{path}/shown",
            "role": None if left or own or account is None else f"{path}/role",
        },
        "places": places(texts(request)),
        "rights": rights_view(request, account),
        "agreed": agreed_view(cast, consents, language),
        "server": mails_out(request),
        "most": person.visibility_ceiling if person.visibility_ceiling in ("team", "name") else "",
    }
    return show(request, "about", frame(request, face["name"], "people", errors) | context)


def _about(person: Person) -> str:
    return f"{path_of(person)}/about"
