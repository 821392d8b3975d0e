"""Each operation of the API, written once: its gate, its body, its answers. The document is made from the same.

Not spectree, which was tried first: its answers echo what was sent, its page loads Swagger UI from another host, it
reads bodies without refusing a field named twice, and half of what it would save us (strict queries, scopes,
Idempotency-Key, problem+json) stays ours. pydantic does the checking, this file only what connects it to routes.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from storefront_trace.actions import audit
from storefront_trace.api import fields, idempotent
from storefront_trace.api.callers import find_caller
from storefront_trace.api.reading import read_body, read_query
from storefront_trace.domain.errors import Invalid, NotFound
from storefront_trace.storage.veil import veil

Handler = Callable[..., Awaitable["Answer"]]
H = TypeVar("H", bound=Handler)
BODY = 256 * 1024
NO_STORE = {"Cache-Control": "no-store"}
# What may stand in a path. An event's id is only looked up, so it need not look like one.
PATHS: dict[str, tuple[TypeAdapter[str], str, str]] = {
    "number": (
        TypeAdapter(fields.Number),
        "The order's number, as the customer knows it, without # before it: letters and digits of any script, and "
        "- _ . : + / # and spaces between them, at most 64. Percent-encoded; a / may stand as it is.",
        "1001",
    ),
    "handle": (TypeAdapter(fields.Handle), "The person's short name in URLs and here.", "anders"),
    "key": (TypeAdapter(fields.StepKey), "The step's key.", "wrapped"),
    "id": (TypeAdapter(fields.Key64), "The event's id.", "01890f4e2a7c7c3f8a6b0d1e2f3a4b5c"),
}


# Files and shop systems may have brought other ones: they can be read, and logged on.
ANY_NUMBER: TypeAdapter[str] = TypeAdapter(fields.Key64)


class NumberConvertor(StringConvertor):
    """A number may hold a slash ("2026/17"); what stands behind it in the address is no part of it."""

    regex = "(?:(?!/events(?:/|$)).)+"


register_url_convertor("number", NumberConvertor())


@dataclass(frozen=True)
class Answer:
    body: BaseModel | None
    status: int = 200


@dataclass(frozen=True)
class Operation:
    """`answers` are the good ones: status and model. `picture` takes an image for its body."""

    handler: Handler
    summary: str
    answers: Mapping[int, type[BaseModel] | None]
    body: type[BaseModel] | None = None
    query: type[BaseModel] = fields.Nothing
    example: Any = None
    picture: bool = False
    optional_body: bool = False
    conflicts: bool = False
    scope: str = ""


_described: dict[Handler, Operation] = {}


def operation(
    summary: str,
    answers: Mapping[int, type[BaseModel] | None],
    *,
    body: type[BaseModel] | None = None,
    query: type[BaseModel] = fields.Nothing,
    example: Any = None,
    picture: bool = False,
    optional_body: bool = False,
    conflicts: bool = False,
) -> Callable[[H], H]:
    """Describes a handler, which is called with the Caller and, by name, what stands in the path, `body`, `query`.
    `conflicts`: it may answer 409."""

    def describe(handler: H) -> H:
        _described[handler] = Operation(
            handler, summary, answers, body, query, example, picture, optional_body, conflicts
        )
        return handler

    return describe


class Endpoint(Route):
    """One URL with all its methods, so that 405 can name them: `Endpoint("/steps", GET=("any", steps.list_steps))`."""

    def __init__(self, path: str, *, max_body_size: int | None = None, **methods: tuple[str, Handler]) -> None:
        self.operations = {
            method: replace(_described[handler], scope=scope) for method, (scope, handler) in methods.items()
        }
        self.shown = re.sub(r":\w+(?=\})", "", path)
        self.most = max_body_size or BODY
        # Starlette's limit answers in plain text, whatever we say: `read_bytes` has ours, which says problem+json.
        super().__init__(path, self._answer, methods=list(methods), max_body_size=sys.maxsize)

    async def _answer(self, request: Request) -> Response:
        request.state.most = self.most
        method = "GET" if request.method == "HEAD" else request.method
        return await _perform(self.operations[method], request)


async def _perform(op: Operation, request: Request) -> Response:
    """The gate first: who has no token learns nothing about what would have been right."""
    caller = await find_caller(request, op.scope)
    names = _path_values(request)
    told: dict[str, Any] = dict(names)
    query = read_query(request, op.query)
    if op.query is not fields.Nothing:
        told["query"] = query
    canonical = ""
    if op.body is not None:
        told["body"], canonical = await read_body(request, op.body, optional=op.optional_body)
        _check_names(names, told["body"])
    if request.method != "POST":
        with audit.acting(audit.Actor(token=caller.token.name)), veil(not caller.cast.shop.per_person):
            return respond(await op.handler(caller, **told))
    return await idempotent.once(caller, canonical, lambda turn: _worked(op, caller, told, turn))


async def _worked(op: Operation, caller: Any, told: dict[str, Any], turn: Any) -> Response:
    return respond(await op.handler(caller, **told, turn=turn))


def respond(answer: Answer) -> Response:
    text = answer.body.model_dump_json(by_alias=True) if answer.body is not None else ""
    return Response(text, answer.status, NO_STORE, "application/json" if text else None)


def _check_names(told: Mapping[str, str], body: BaseModel) -> None:
    """A body may repeat what the address says, as in what we answered or in a file; it may not say something else."""
    for name, value in told.items():
        if getattr(body, name, None) not in (None, value):
            raise Invalid("The body names another one than the address.", errors=[(name, "Leave it out.")])


def _path_values(request: Request) -> dict[str, str]:
    """A name that cannot be made is refused where it would be made (PUT); elsewhere there is just no such thing."""
    found = {}
    for name, value in request.path_params.items():
        kind, about, _ = PATHS[name]
        try:
            found[name] = (kind if name != "number" or request.method == "PUT" else ANY_NUMBER).validate_python(value)
        except ValidationError:
            if request.method != "PUT":
                raise NotFound("There is no such thing here.") from None
            raise Invalid("This cannot be used in the address.", errors=[(name, about)]) from None
    return found
