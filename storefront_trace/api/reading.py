"""From the bytes of a request to checked values; from what pydantic refuses to words that never repeat the input."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from storefront_trace.domain.errors import Invalid, TooLarge
from storefront_trace.integrations.strict_json import read_json

M = TypeVar("M", bound=BaseModel)
MOST_ERRORS = 20
TOO_LARGE = "That is more than we take. Send less at a time."
_NAME = re.compile(r"[a-z][a-z_]{0,39}", re.ASCII)


def media_type(request: Request) -> str:
    return request.headers.get("content-type", "").split(";")[0].strip().lower()


async def read_bytes(request: Request) -> bytes:
    """Refuses what is more than the endpoint takes as soon as it is seen, declared or not."""
    declared = request.headers.get("content-length", "")
    told = bytearray()
    if declared.isdecimal() and len(declared) < 20 and int(declared) > request.state.most:
        raise TooLarge(TOO_LARGE)
    async for chunk in request.stream():
        told += chunk
        if len(told) > request.state.most:
            raise TooLarge(TOO_LARGE)
    return bytes(told)


async def read_body(request: Request, model: type[M], *, optional: bool = False) -> tuple[M, str]:
    """(the body, its canonical text, by which the same request is recognised). `optional`: no body at all is {}."""
    raw = await read_bytes(request)
    if optional and not raw and not request.headers.get("content-type"):
        return model(), "{}"
    if media_type(request) != "application/json":
        raise HTTPException(415, "Send JSON, with Content-Type: application/json.")
    told = _strictly(raw)
    try:
        # Pydantic reads the bytes anew: `told` has numbers with a fraction as text.
        return model.model_validate_json(raw), json.dumps(told, sort_keys=True)
    except ValidationError as error:
        raise _invalid(error) from None


def read_query(request: Request, model: type[M]) -> M:
    """Every parameter once, and none that we do not know: a typing error must not list everything."""
    pairs = request.query_params.multi_items()
    told = dict(pairs)
    if len(told) != len(pairs):
        raise Invalid("A query parameter came twice.", errors=[("", "Send each parameter once.")])
    if any("\x00" in value for _, value in pairs):
        raise Invalid("The query has a NUL character.")
    try:
        return model.model_validate(told)
    except ValidationError as error:
        raise _invalid(error) from None


def _strictly(raw: bytes) -> object:
    """What is no JSON is 400; JSON that two readers would understand in two ways, or no database takes, is 422."""
    try:
        return read_json(raw)
    except Invalid as refusal:
        if _is_json(raw):
            raise
        raise HTTPException(400, str(refusal)) from None


def _is_json(raw: bytes) -> bool:
    try:
        json.loads(raw.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse(_: str) -> NoReturn:
    raise ValueError


def _invalid(error: ValidationError) -> Invalid:
    found = error.errors(include_url=False, include_input=False, include_context=False)[:MOST_ERRORS]
    errors = [(_field(each["loc"]), _message(each)) for each in found]
    return Invalid("The request does not fit. See errors.", errors=errors)


def _field(place: Sequence[Any]) -> str:
    """As in "lines.0.title". Keys that the sender made up are shown only when they look like a field of ours."""
    return ".".join(str(part) for part in place if isinstance(part, int) or _NAME.fullmatch(part))


def _message(each: Any) -> str:
    messages = {"extra_forbidden": "There is no such field.", "missing": "This is missing."}
    text = messages.get(each["type"], each["msg"]).removeprefix("Value error, ")
    return f"{text}." if text[-1:] not in ".!?" else text
