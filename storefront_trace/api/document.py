"""OpenAPI 3.1, made from the endpoints themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount

from storefront_trace import __version__
from storefront_trace.api import fields
from storefront_trace.api.callers import ANY, ANY_READ
from storefront_trace.api.operations import PATHS, Endpoint, Operation

PREFIX = "/api/v1"
PROBLEMS = {
    "400": "The body is not JSON.",
    "401": "No token, or one that does not hold.",
    "403": "The token lacks the scope.",
    "404": "There is no such thing in this shop.",
    "409": "It does not fit what has happened, or the same request is still being worked on.",
    "413": "More bytes than we take.",
    "415": "Another kind of body than this.",
    "422": "What was sent breaks a rule.",
    "429": "Too often: Retry-After says how many seconds to wait.",
    "503": "Nothing was written just now: Retry-After says how many seconds to wait.",
}
ABOUT = (
    "Orders and steps in, tracking links and feedback out. One token opens one shop. Refusals are problem+json "
    "(RFC 9457) and never repeat what was sent. Times have an offset; days are days."
)
SCHEMA = "#/components/schemas/"


class FieldError(fields.Shown):
    field: str
    message: str


class Problem(fields.Shown):
    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError]


async def show_openapi(request: Request) -> Response:
    """Open to everybody: it tells how to ask, and nothing of any shop."""
    state = request.app.state
    if not hasattr(state, "openapi"):
        mount = next(route for route in request.app.routes if isinstance(route, Mount) and route.path == PREFIX)
        state.openapi = json.dumps(document(mount.routes, state.settings.public_url), ensure_ascii=False)
    return Response(state.openapi, headers={"Cache-Control": "no-cache"}, media_type="application/json")


def document(routes: Iterable[BaseRoute], public_url: str) -> dict[str, Any]:
    endpoints = [route for route in routes if isinstance(route, Endpoint)]
    return {
        "openapi": "3.1.0",
        "info": {"title": "storefront-trace", "version": __version__, "description": ABOUT},
        "servers": [{"url": public_url + PREFIX}],
        "security": [{"token": []}],
        "paths": {**_own_path(), **{endpoint.shown: _path(endpoint) for endpoint in endpoints}},
        "components": {
            "schemas": _schemas(endpoints),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "stt_…, of one shop."}},
        },
    }


def _own_path() -> dict[str, Any]:
    answer = {"description": "OpenAPI 3.1", "content": {"application/json": {"schema": {"type": "object"}}}}
    return {
        "/openapi.json": {
            "get": {
                "operationId": "show_openapi",
                "summary": "This document",
                "security": [],
                "responses": {"200": answer},
            }
        }
    }


def _path(endpoint: Endpoint) -> dict[str, Any]:
    path: dict[str, Any] = {method.lower(): _operation(method, op) for method, op in endpoint.operations.items()}
    names = re.findall(r"\{(\w+)\}", endpoint.shown)
    if names:
        path["parameters"] = [_in_path(name) for name in names]
    for op in path.values():
        if isinstance(op, dict) and names:
            op["responses"]["404"] = _problem("404")
    return path


def _operation(method: str, op: Operation) -> dict[str, Any]:
    about: dict[str, Any] = {"operationId": op.handler.__name__, "summary": op.summary}
    about["description"] = _scope_text(op.scope)
    about["parameters"] = [*_in_query(op.query), *([_idempotency_key()] if method == "POST" else [])]
    if op.body is not None or op.picture:
        about["requestBody"] = _body(op)
    responses = {str(status): _answer(status, model) for status, model in op.answers.items()}
    about["responses"] = {**responses, **{status: _problem(status) for status in _problems(method, op)}}
    return about


def _problems(method: str, op: Operation) -> list[str]:
    found = ["401", "403", "422", "429", "503"]
    found += ["404"] if "person" in op.query.model_fields else []
    found += ["409"] if op.conflicts else []
    found += ["400", "413", "415"] if op.body is not None or op.picture else []
    return sorted(found)


def _body(op: Operation) -> dict[str, Any]:
    if op.body is None:
        kinds = ("image/jpeg", "image/png", "image/webp", "application/octet-stream")
        return {"required": True, "content": {kind: {"schema": {}} for kind in kinds}}
    content = {"schema": {"$ref": SCHEMA + op.body.__name__}, "example": op.example}
    return {"required": not op.optional_body, "content": {"application/json": content}}


def _answer(status: int, model: type[BaseModel] | None) -> dict[str, Any]:
    about = {200: "Done", 201: "Made", 204: "Done; nothing more to say"}[status]
    if model is None:
        return {"description": about}
    return {"description": about, "content": {"application/json": {"schema": {"$ref": SCHEMA + model.__name__}}}}


def _problem(status: str) -> dict[str, Any]:
    content: dict[str, Any] = {"application/problem+json": {"schema": {"$ref": SCHEMA + "Problem"}}}
    headers = {"401": "WWW-Authenticate", "429": "Retry-After", "503": "Retry-After"}
    about: dict[str, Any] = {"description": PROBLEMS[status], "content": content}
    if status in headers:
        about["headers"] = {headers[status]: {"schema": {"type": "string"}}}
    return about


def _in_path(name: str) -> dict[str, Any]:
    kind, about, example = PATHS[name]
    schema = kind.json_schema()
    told = {"name": name, "in": "path", "required": True, "description": about, "example": example}
    return {**told, "schema": schema}


def _in_query(model: type[BaseModel]) -> list[dict[str, Any]]:
    found = model.model_json_schema().get("properties", {})
    return [
        {
            "name": name,
            "in": "query",
            "required": False,
            "description": schema.pop("description", ""),
            "schema": _not_null(schema),
        }
        for name, schema in found.items()
    ]


def _not_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query cannot say null; it can only leave something out."""
    kinds = [kind for kind in schema.get("anyOf", []) if kind.get("type") != "null"]
    return dict(kinds[0]) if kinds else {k: v for k, v in schema.items() if k not in ("title", "default")}


def _idempotency_key() -> dict[str, Any]:
    about = "The same request again under its key gets the answer it got; another one is refused. Kept for a day."
    schema = {"type": "string", "pattern": "^[!-~]{1,255}$"}
    return {"name": "Idempotency-Key", "in": "header", "required": False, "description": about, "schema": schema}


def _scope_text(scope: str) -> str:
    if scope in (ANY, ANY_READ):
        return "For every token." if scope == ANY else "For every token that may read anything."
    return f"Needs the scope `{scope}`."


def _schemas(endpoints: Iterable[Endpoint]) -> dict[str, Any]:
    models: dict[tuple[type[BaseModel], Literal["validation", "serialization"]], None] = {}
    for op in (op for endpoint in endpoints for op in endpoint.operations.values()):
        if op.body is not None:
            models[op.body, "validation"] = None
        models.update({(model, "serialization"): None for model in op.answers.values() if model is not None})
    models[Problem, "serialization"] = None
    _, schemas = models_json_schema(list(models), ref_template=SCHEMA + "{model}")
    return dict(schemas["$defs"])
