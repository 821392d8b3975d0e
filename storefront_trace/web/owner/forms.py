"""Reading the owner's forms: text that is there or not, a picture, and who is meant by a new name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from storefront_trace.actions import shops
from storefront_trace.actions.people import PersonTold
from storefront_trace.actions.photos import Stored, store_picture
from storefront_trace.domain.errors import N_, Invalid
from storefront_trace.domain.people import LONGEST_ROLE, clean_role
from storefront_trace.domain.shop import Cast, Person, Team
from storefront_trace.domain.texts import label_within
from storefront_trace.photos.pictures import Crop
from storefront_trace.web import forms
from storefront_trace.web.languages import AVAILABLE

NO_TEAM = N_("There is no such team. Choose one of the list, or write the name of a new one.")
NO_ADDRESS = N_("That is not an e-mail address. Write it like maria@example.com, or leave it empty.")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+")
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss", "ł": "l", "đ": "d", "þ": "th", "ð": "d"})


@dataclass(frozen=True)
class TypedPerson:
    """As it was typed, to be shown again after a refusal."""

    name: str = ""
    roles: dict[str, str] = field(default_factory=dict)
    team: str = ""
    new_team: str = ""
    email: str = ""


def text_of(form: FormData, name: str) -> str:
    return forms.text_of(form, name).strip()


def role_field(cast: Cast, language: str) -> str:
    """`role` is in the shop's own language, `role.en` and so on in the others."""
    return "role" if language == cast.shop.locale else f"role.{language}"


def role_languages(cast: Cast) -> list[str]:
    return [cast.shop.locale, *(one for one in AVAILABLE if one != cast.shop.locale)]


def read_person(cast: Cast, form: FormData) -> TypedPerson:
    fields = {language: role_field(cast, language) for language in role_languages(cast)}
    roles = {language: text_of(form, field) for language, field in fields.items() if field in form}
    return TypedPerson(
        text_of(form, "name"), roles, text_of(form, "team"), text_of(form, "new_team"), text_of(form, "email")
    )


def check_person(cast: Cast, typed: TypedPerson, old: Person | None = None) -> PersonTold:
    """What the form does not speak of stays as it is: roles in other languages, and what a system lowered."""
    for language, role in typed.roles.items():
        _check_role(cast, language, role)
    if typed.email and (not _EMAIL.fullmatch(typed.email) or len(typed.email) > 254):
        raise Invalid(NO_ADDRESS, errors=[("email", NO_ADDRESS)])
    if typed.team and typed.team not in cast.teams:
        raise Invalid(NO_TEAM, errors=[("team", NO_TEAM)])
    kept = dict(old.roles) if old else {}
    roles = {key: text for key, text in {**kept, **typed.roles}.items() if text}
    return PersonTold(typed.name, roles, typed.team or None, typed.email or None)


async def team_meant(request: Request, cast: Cast, typed: TypedPerson) -> str | None:
    """The team's key; a new team's name that was typed beside the list wins, and makes it."""
    if not typed.new_team:
        return typed.team or None
    name = label_within(typed.new_team, 60, field="new_team")
    known = next((team.key for team in cast.teams.values() if name in team.names.values()), None)
    if known is not None:
        return known
    key = handle_from(name, cast.teams.keys(), otherwise="team")
    await shops.put_team(
        request.app.state.desk, cast.shop.id, Team(key, {cast.shop.locale: name}, None, len(cast.teams))
    )
    return key


def handle_from(name: str, taken: Collection[str], *, otherwise: str = "person") -> str:
    """ "Åsa Öberg" is asa-oberg, or asa-oberg-2 when somebody has that already."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    letters = "".join(char for char in plain if char.isascii() and not unicodedata.combining(char))
    handle = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:34].strip("-") or otherwise
    number = 2
    while (numbered := handle if number == 2 and handle not in taken else f"{handle}-{number}") in taken:
        number += 1
    return numbered


async def read_picture(
    request: Request, form: FormData, name: str, purpose: str, crop: Crop | None = None
) -> Stored | None:
    """None when the field was left empty."""
    upload = form.get(name)
    if not isinstance(upload, UploadFile) or not (upload.filename or upload.size):
        return None
    state = request.app.state
    return await store_picture(state.photo_worker, state.media, await upload.read(), purpose, crop)


def _check_role(cast: Cast, language: str, role: str) -> None:
    try:
        clean_role(role)
    except Invalid as error:
        where = role_field(cast, language)
        params = {"most": LONGEST_ROLE}
        raise Invalid(error.message, errors=[(where, error.message)], params=params) from None
