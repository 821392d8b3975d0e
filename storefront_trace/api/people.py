"""People in, their portraits, and out again. What customers see of a person is the person's own choice."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints
from starlette.exceptions import HTTPException

from storefront_trace.actions import people as people_actions
from storefront_trace.actions.people import PersonTold
from storefront_trace.actions.photos import forget_portrait, store_picture
from storefront_trace.api import fields
from storefront_trace.api.callers import Caller
from storefront_trace.api.fields import Shown, Strict, parse_at
from storefront_trace.api.operations import Answer, operation
from storefront_trace.api.reading import media_type, read_bytes
from storefront_trace.domain.clock import MINUTE, now_micros
from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.moments import to_micros
from storefront_trace.domain.people import check_handle, shown_as
from storefront_trace.domain.shop import Person
from storefront_trace.storage import people

PICTURES = ("image/jpeg", "image/png", "image/webp", "application/octet-stream")
PORTRAIT = 588
Role = Annotated[str, StringConstraints(max_length=60)]


class PersonBody(Strict):
    """`visibility` lowers what the person chose and never raises it, unless `visibility_agreed_at` says when the
    person agreed to it elsewhere, on paper say, and they have not chosen in a login of their own. A team that is not
    there yet is made. What is left out is taken away, but for the person's own choice."""

    handle: fields.Handle | None = None
    display_name: fields.Line40
    role: dict[fields.Language, Role] = Field(
        default={},
        description="Where they work, as it stands behind the name in that language: the warehouse (from …), "
        "lagret (på …), lageret (fra …), varastolta, aus dem Lager.",
    )
    team: fields.Handle | None = None
    email: fields.Email | None = None
    visibility: fields.Visibility | None = None
    visibility_agreed_at: fields.When | None = None


class PersonShown(Shown):
    """`visibility` is what customers see now; `visibility_chosen` is false until the person has been asked."""

    handle: str
    display_name: str
    role: dict[str, str]
    team: str | None
    visibility: fields.Visibility
    visibility_chosen: bool
    email: str | None
    photo_url: str | None
    left: bool


class PeoplePage(Shown):
    items: list[PersonShown]
    next_cursor: str | None = None


EXAMPLE = {
    "display_name": "Anders",
    "role": {"sv": "lagret"},
    "team": "warehouse",
    "visibility": "photo",
    "email": "anders@example.com",
}


@operation("Everybody, those who left too, by name", {200: PeoplePage})
async def list_people(caller: Caller) -> Answer:
    async with caller.desk.db.read() as conn:
        found = await people.list_people(conn, caller.shop_id)
    return Answer(PeoplePage(items=[_shown(caller, person) for person in found]))


@operation(
    "Put a person in, or what is new of them; the same again changes nothing",
    {201: PersonShown, 200: PersonShown},
    body=PersonBody,
    example=EXAMPLE,
)
async def put_person(caller: Caller, handle: str, body: PersonBody) -> Answer:
    told = PersonTold(
        display_name=body.display_name,
        roles={language: text for language, text in body.role.items() if text.strip()},
        team=body.team,
        email=body.email,
        visibility=body.visibility,
        visibility_agreed_at=_agreed_at(body),
        not_lowered=body.visibility is None,
    )
    person, new = await people_actions.put_person(caller.desk, caller.shop_id, handle, told)
    return Answer(_shown(caller, person), 201 if new else 200)


@operation("A person's portrait: JPEG, PNG or WebP, at most 8 MB", {200: PersonShown}, picture=True)
async def put_photo(caller: Caller, handle: str) -> Answer:
    async with caller.desk.db.read() as conn:
        person = await people.get_person(conn, caller.shop_id, check_handle(handle))
    if person.left_at is not None:
        raise Invalid("This person has left, so no portrait is kept.")
    if media_type(caller.request) not in PICTURES:
        raise HTTPException(415, "Send the picture's bytes, with Content-Type: image/jpeg, image/png or image/webp.")
    state = caller.request.app.state
    data = await read_bytes(caller.request)
    photo = (await store_picture(state.photo_worker, state.media, data, "portrait")).photo_id
    old = await people_actions.set_portrait(caller.desk, caller.shop_id, person.id, photo)
    await forget_portrait(caller.desk, state.media, old)
    async with caller.desk.db.read() as conn:
        return Answer(_shown(caller, await people.get_person_by_id(conn, caller.shop_id, person.id)))


@operation("The person has left: from now on the team on every page", {204: None}, conflicts=True)
async def delete_person(caller: Caller, handle: str) -> Answer:
    photo = await people_actions.end_employment(caller.desk, caller.shop_id, handle)
    await forget_portrait(caller.desk, caller.request.app.state.media, photo)
    return Answer(None, 204)


def _agreed_at(body: PersonBody) -> int | None:
    if body.visibility_agreed_at is None:
        return None
    if body.visibility is None:
        raise Invalid(
            "Say what the person agreed to.", errors=[("visibility", "Send it together with visibility_agreed_at.")]
        )
    at = to_micros(parse_at(body.visibility_agreed_at).instant)
    if at > now_micros() + MINUTE:
        raise Invalid(
            "Nobody has agreed to anything in the future.",
            errors=[("visibility_agreed_at", "Send a time that has been.")],
        )
    return at


def _shown(caller: Caller, person: Person) -> PersonShown:
    visibility = shown_as(
        person.visibility,  # type: ignore[arg-type]
        person.visibility_chosen_at,
        person.visibility_ceiling,  # type: ignore[arg-type]
        person.left_at,
        faded=False,
    )
    return PersonShown(
        handle=person.handle,
        display_name=person.display_name,
        role=dict(person.roles),
        team=person.team,
        visibility=visibility,
        visibility_chosen=person.visibility_chosen_at is not None,
        email=person.email,
        photo_url=caller.photo_url(person.photo, PORTRAIT),
        left=person.left_at is not None,
    )
