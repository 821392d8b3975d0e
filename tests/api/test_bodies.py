from __future__ import annotations

import json
from collections.abc import AsyncIterator

import httpx2
import pytest

from tests.api.callers import ORDER, Machine, machine
from tests.people import Shop

SECRET = "hunter2-and-something-long"


@pytest.fixture
async def api(client: httpx2.AsyncClient, shop: Shop) -> Machine:
    return await machine(client, shop)


async def put(api: Machine, body: bytes, kind: str = "application/json") -> httpx2.Response:
    return await api("PUT", "/orders/1001", headers={"Content-Type": kind}, content=body)


def line(title: str) -> bytes:
    return b'{"lines": [{"key": "1", "title": "' + title.encode() + b'"}]}'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b'{"lines": NaN}',
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b'{"version": ' + b"9" * 5_000 + b"}",
    ],
)
async def test_what_is_no_json_is_400(api: Machine, body: bytes) -> None:
    refused = await put(api, body)
    assert refused.status_code == 400
    assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"null",
        b'{"lines": [], "lines": [{"key": "1", "title": "x"}]}',
        line("\\u0000"),
        line("a\\u0000b"),
        line("\\ud800"),
        line("x" * 201),
        b'{"lines": [{"key": "1", "title": "x", "quantity": 9223372036854775808}]}',
        b'{"lines": [{"key": "1", "title": "x", "quantity": 1.5}]}',
    ],
)
async def test_json_that_does_not_fit_is_422(api: Machine, body: bytes) -> None:
    assert (await put(api, body)).status_code == 422


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded"])
async def test_another_kind_of_body_is_415(api: Machine, kind: str) -> None:
    refused = await put(api, json.dumps(ORDER).encode(), kind)
    assert refused.status_code == 415
    assert "application/json" in refused.json()["detail"]


async def test_a_body_that_is_too_large_is_413(api: Machine) -> None:
    refused = await put(api, line("x" * 300_000))
    assert refused.status_code == 413
    assert refused.headers["content-type"] == "application/problem+json"


async def test_a_body_of_no_declared_length_is_cut_off_too(api: Machine) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 10_000
            yield b" " * 10_000

    refused = await api("PUT", "/orders/1001", headers={"Content-Type": "application/json"}, content=endless())
    assert refused.status_code == 413
    assert sent < 300_000


async def test_who_has_no_token_is_told_so_whatever_was_sent(client: httpx2.AsyncClient, shop: Shop) -> None:
    refused = await client.put("/api/v1/orders/1001", content=line("x" * 300_000))
    assert refused.status_code == 401


async def test_a_refusal_never_repeats_what_was_sent(api: Machine) -> None:
    body = {
        SECRET: 1,
        "placed_at": SECRET,
        "customer": {"email": SECRET, "locale": SECRET, SECRET: SECRET},
        "lines": [{"key": SECRET * 9, "title": "x", "image_url": SECRET, "quantity": SECRET, "expected": SECRET}],
    }
    refused = await api("PUT", "/orders/1001", body)
    assert refused.status_code == 422
    assert SECRET not in refused.text
    assert len(refused.json()["errors"]) == 9


async def test_every_method_of_a_url_is_named_when_another_is_tried(api: Machine) -> None:
    refused = await api("PATCH", "/orders/1001")
    assert refused.status_code == 405
    assert set(refused.headers["allow"].split(", ")) == {"GET", "HEAD", "PUT"}


@pytest.mark.parametrize("number", ["%231001", "1001%00", "a%E2%80%AEb", "x" * 65, "%20", ".", "a%5Cb"])
async def test_a_number_that_cannot_stand_in_an_address_is_refused(api: Machine, number: str) -> None:
    assert (await api("PUT", f"/orders/{number}", ORDER)).status_code in (404, 405, 422)
    assert (await api("GET", "/orders")).json()["items"] == []
