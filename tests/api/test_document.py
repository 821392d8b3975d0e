from __future__ import annotations

import re
from typing import Any

import httpx2
import pytest
from starlette.routing import Route

from storefront_trace.api.document import document
from storefront_trace.api.operations import Endpoint
from storefront_trace.routes import API

DOCUMENT = document(tuple(API), "https://shop.example")
OPERATIONS = [
    (method, path, about)
    for path, methods in DOCUMENT["paths"].items()
    for method, about in methods.items()
    if method != "parameters"
]
NAMES = [f"{method} {path}" for method, path, _ in OPERATIONS]


def routes() -> set[tuple[str, str]]:
    found = set()
    for route in API:
        assert isinstance(route, Route)
        path = getattr(route, "shown", route.path)
        found |= {(method.lower(), path) for method in route.methods or () if method != "HEAD"}
    return found


def test_every_route_is_in_the_document_and_the_other_way_round() -> None:
    assert {(method, path) for method, path, _ in OPERATIONS} == routes()


def test_it_is_openapi_31_with_our_token_on_everything_else() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    assert DOCUMENT["security"] == [{"token": []}]
    assert [name for name, (_, _, about) in zip(NAMES, OPERATIONS, strict=True) if "security" in about] == [
        "get /openapi.json"
    ]
    assert all(isinstance(route, Endpoint) or route.path == "/openapi.json" for route in API)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("method", "path", "about"), OPERATIONS, ids=NAMES)
def test_an_operation_says_what_can_come_of_it(method: str, path: str, about: dict[str, Any]) -> None:
    statuses = set(about["responses"])
    if path == "/openapi.json":
        assert statuses == {"200"}
        return
    assert {"401", "403", "422", "429"} <= statuses
    assert ("404" in statuses) == ("{" in path or path == "/feedback")
    assert ({"400", "413", "415"} <= statuses) == ("requestBody" in about)
    problems = [about["responses"][status]["content"] for status in statuses if status >= "400"]
    assert all("application/problem+json" in content for content in problems)
    assert about["summary"] and about["operationId"]


def test_what_is_referred_to_is_there() -> None:
    named = set(re.findall(r"#/components/schemas/(\w+)", str(DOCUMENT)))
    assert named == set(DOCUMENT["components"]["schemas"])


def test_the_contracts_names_are_the_documents_names() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert {"number", "state", "version", "tracking_url", "placed_at", "promise", "customer"} <= set(
        schemas["OrderShown"]["required"]
    )
    assert set(schemas["Days"]["properties"]) == set(schemas["DaysBody"]["properties"]) == {"from", "to"}
    feedback = {"id", "order", "event", "step", "person", "team", "choice", "chips", "words", "created_at", "edited_at"}
    assert feedback | {"reply"} <= set(schemas["FeedbackShown"]["required"])


def test_every_text_and_list_that_is_sent_has_a_limit() -> None:
    open_ended: list[str] = []
    for name, schema in DOCUMENT["components"]["schemas"].items():
        if name.endswith("Body") or name in ("Customer", "SomeOfLine"):
            assert schema["additionalProperties"] is False, name
            open_ended += [f"{name}.{key}" for key, value in schema["properties"].items() if not bounded(value)]
    assert open_ended == []


def bounded(schema: dict[str, Any]) -> bool:
    if "anyOf" in schema:
        return all(bounded(each) for each in schema["anyOf"])
    if "$ref" in schema or "enum" in schema or schema.get("type") in ("boolean", "null"):
        return True
    kind = schema["type"]
    if kind == "string":
        return "maxLength" in schema or schema.get("pattern", "").endswith("$")
    if kind == "integer":
        return "maximum" in schema and "minimum" in schema
    if kind == "array":
        return "maxItems" in schema and bounded(schema["items"])
    return kind == "object" and "propertyNames" in schema and bounded(schema["additionalProperties"])


async def test_everybody_may_read_it(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["servers"] == [{"url": "http://127.0.0.1:8000/api/v1"}]
