from __future__ import annotations

import httpx2
import pytest

from storefront_trace.actions.tokens import DEFAULT_SCOPES, create_token, revoke_token
from storefront_trace.domain.errors import Invalid, NotFound
from storefront_trace.storage import tokens
from tests.api.callers import ORDER, machine
from tests.people import Shop


async def test_a_token_is_kept_only_as_a_hash(shop: Shop) -> None:
    token = await create_token(shop.desk, shop.id, "Till")
    async with shop.desk.db.read() as conn:
        kept = await tokens.list_tokens(conn, shop.id)
    assert token.startswith("stt_")
    assert token not in repr(kept)
    assert [(each.name, each.scopes) for each in kept] == [("Till", DEFAULT_SCOPES)]


async def test_a_token_may_not_read_concerns_unless_somebody_says_so(shop: Shop) -> None:
    assert "feedback:read" not in DEFAULT_SCOPES
    with pytest.raises(Invalid):
        await create_token(shop.desk, shop.id, "Till", ["feedback:everything"])
    with pytest.raises(Invalid):
        await create_token(shop.desk, shop.id, "Till", [])


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer stt_wrong", "Basic c3R0Xw==", "stt_wrong", "Bearer \x80"]
)
async def test_without_a_token_that_holds_it_is_401(client: httpx2.AsyncClient, shop: Shop, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header.encode("latin-1")}
    answer = await client.get("/api/v1/orders", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert set(answer.json()) == {"type", "title", "status", "detail", "errors"}
    assert "Authorization: Bearer" in answer.json()["detail"]


async def test_a_revoked_token_is_worth_nothing_at_once(client: httpx2.AsyncClient, shop: Shop) -> None:
    api = await machine(client, shop)
    assert (await api("GET", "/steps")).status_code == 200
    async with shop.desk.db.read() as conn:
        token_id = (await tokens.list_tokens(conn, shop.id))[0].id
    with pytest.raises(NotFound):
        await revoke_token(shop.desk, shop.other_id, token_id)
    await revoke_token(shop.desk, shop.id, token_id)
    assert (await api("GET", "/steps")).status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/orders", "orders:read"),
        ("GET", "/orders/1001", "orders:read"),
        ("PUT", "/orders/1001", "orders:write"),
        ("POST", "/orders/1001/events", "orders:write"),
        ("POST", "/orders/1001/events/1/correction", "orders:write"),
        ("GET", "/people", "people:read"),
        ("PUT", "/people/anders", "people:write"),
        ("PUT", "/people/anders/photo", "people:write"),
        ("DELETE", "/people/anders", "people:write"),
        ("PUT", "/steps/wrapped", "steps:write"),
        ("GET", "/feedback", "orders:read"),
        ("GET", "/people/anders/report", "people:read"),
    ],
)
async def test_a_token_does_only_what_its_scopes_say(
    client: httpx2.AsyncClient, shop: Shop, method: str, path: str, scope: str
) -> None:
    other = "steps:write" if scope != "steps:write" else "orders:read"
    assert (await (await machine(client, shop, other))(method, path, ORDER)).status_code == 403
    assert (await (await machine(client, shop, scope))(method, path, ORDER)).status_code not in (401, 403)


async def test_a_wrong_token_learns_nothing_about_the_body(client: httpx2.AsyncClient, shop: Shop) -> None:
    headers = {"Authorization": "Bearer stt_wrong", "Content-Type": "text/plain"}
    assert (await client.put("/api/v1/orders/1001", content=b"{", headers=headers)).status_code == 401


async def test_who_may_write_orders_may_read_them(client: httpx2.AsyncClient, shop: Shop) -> None:
    api = await machine(client, shop, "orders:write")
    assert (await api("PUT", "/orders/1001", ORDER)).status_code == 201
    assert (await api("GET", "/orders/1001")).status_code == 200
    assert (await api("GET", "/people")).status_code == 403
