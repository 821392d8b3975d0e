"""What stands at the shop's bare address."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest


@pytest.mark.parametrize(("handle", "place"), [("olga", "/owner"), ("anders", "/staff")])
async def test_whoever_is_signed_in_comes_to_their_own_page(signed_in: Any, handle: str, place: str) -> None:
    assert (await (await signed_in(handle)).get("/")).headers["location"] == place


async def test_a_customer_looks_for_an_order_and_whoever_works_here_finds_the_way_in(
    client: httpx2.AsyncClient,
) -> None:
    page = await client.get("/", follow_redirects=True, headers={"Accept-Language": "en"})
    assert page.url.path == "/track" and 'href="/signin">Do you work here? Sign in' in page.text
    signin = await client.get("/signin", headers={"Accept-Language": "en"})
    assert "<code>./run signin --owner" in signin.text
