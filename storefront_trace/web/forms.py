"""Reading the forms that people send: only what a database can hold, and only from whom the page was made for."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl

from starlette.datastructures import FormData
from starlette.requests import Request

from storefront_trace.domain.errors import N_, Conflict, Invalid
from storefront_trace.domain.shop import Person
from storefront_trace.domain.texts import is_storable
from storefront_trace.integrations.strict_json import Body, read_object
from storefront_trace.web.multipart import Fields, small_multipart

PLAIN, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
SMALL = 16 * 1024
MOST_FIELDS = 1000
LONGEST_FIELD = 1024 * 1024
# What names one form or one tap, so that the same sent twice is done once. Of a scan it stands in the event's
# source_key with the order's number, which may have 64 characters, and the step's.
ONCE = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)
NOT_YOURS = N_("Somebody else had opened this page. Nothing was saved: it would have stood under your name.")


class SomebodyElse(Conflict):
    """The form belongs to a page that was made for the person with the id `whose`. Nothing of it is done: it would
    stand under a false name. `fields` is what stood in it, so that it need not be typed anew; `pictures` its files."""

    def __init__(self, whose: str, form: FormData) -> None:
        super().__init__(NOT_YOURS)
        self.whose = whose
        self.fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        self.pictures = [name for name, value in form.multi_items() if not isinstance(value, str) and value.size]


@asynccontextmanager
async def read_form(
    request: Request, *, max_files: int = 0, max_fields: int = MOST_FIELDS, max_part_size: int = LONGEST_FIELD
) -> AsyncIterator[FormData]:
    """Every form that somebody sends who is signed in is read here. Raises SomebodyElse."""
    small = await _read_small(request, min(SMALL, max_part_size), max_fields, max_files)
    if small is not None:
        _check_texts(small)
        check_person(request, small)
        yield small
        return
    async with request.form(max_files=max_files, max_fields=max_fields, max_part_size=max_part_size) as form:
        _check_texts(form)
        check_person(request, form)
        yield form


async def read_told(request: Request) -> Body:
    """The same of what our own scripts send as JSON."""
    try:
        return read_object(await request.body())
    except Invalid:
        raise Invalid("That was not understood.") from None


async def _read_small(request: Request, most: int, max_fields: int, max_files: int) -> FormData | None:
    """A form without files that is no longer than one of its fields may be, read at once: taken in byte by byte, as
    long ones are, it was a tenth of what logging a step costs. None for all others, which `request.form` reads, and
    refuses where they have too many fields."""
    kind, length = request.headers.get("content-type", ""), request.headers.get("content-length", "")
    plain = kind.partition(";")[0] == PLAIN
    if not (plain or kind.startswith(MULTIPART)):
        return None
    if not (length.isdecimal() and len(length) < 7) or int(length) > most:
        return None
    body = await request.body()
    fields = _plain_fields(body, max_fields) if plain else small_multipart(kind, body)
    if fields is None or len(fields) > max_fields or sum(not isinstance(value, str) for _, value in fields) > max_files:
        return None
    return FormData(fields)


def _plain_fields(body: bytes, most: int) -> Fields | None:
    text = body.decode("latin-1")
    if text.count("&") >= most or ";" in text:
        return None
    return [(name, value) for name, value in parse_qsl(text, keep_blank_values=True)]


async def whole_form(request: Request) -> FormData:
    """One without files."""
    async with read_form(request) as form:
        return form


def text_of(form: FormData, name: str) -> str:
    """ "" for a file, or nothing."""
    value = form[name] if name in form else ""  # `get` raises and catches an error for each that is not there
    return value if isinstance(value, str) else ""


def texts_of(form: FormData, name: str) -> list[str]:
    """Every one of that name, as they were sent."""
    return [value for value in form.getlist(name) if isinstance(value, str)]


def check_person(request: Request, form: FormData) -> None:
    """Our own pages say with each form for whom they were made. Between showing it and sending it somebody else may
    have signed in, on a shared tablet or in another tab. Who sends a form of their own making need not say it."""
    person: Person | None = getattr(request.state, "person", None)
    told: Iterable[str] = (value for value in form.getlist("person") if isinstance(value, str) and value)
    whose = next((one for one in told if person is not None and one != person.id), None)
    if whose is not None:
        raise SomebodyElse(whose, form)


def _check_texts(form: FormData) -> None:
    """No browser sends the like, and what one database takes the other refuses, long after we said that all is well."""
    items = form.multi_items()
    if is_storable("".join(text for one in items for text in one if isinstance(text, str))):
        return  # all of it, as nearly always
    for name, value in items:
        if not (is_storable(name) and (not isinstance(value, str) or is_storable(value))):
            message = N_("There is a character that cannot be seen. Type the text anew.")
            raise Invalid(message, errors=[(name if is_storable(name) else "", message)])
