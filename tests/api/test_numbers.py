"""What shops call their orders: not every number is a number."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from tests.api.callers import ORDER, Machine, machine
from tests.people import Shop


@pytest.fixture
async def api(client: httpx2.AsyncClient, shop: Shop) -> Machine:
    return await machine(client, shop)


@pytest.mark.parametrize(
    "number", ["Ł-9", "2026/17", "Заказ 12", "注文-3", "SE#1001", "A_1.b:c+d", "Ő/events-1", "ก้ว-1", "x" * 64]
)
async def test_a_shops_own_kind_of_number_is_a_number_everywhere(
    api: Machine, shop: Shop, signed_in: Any, number: str
) -> None:
    path = f"/orders/{quote(number, safe='')}"
    made = await api("PUT", path, ORDER)
    assert (made.status_code, made.json()["number"]) == (201, number)
    assert (await api("GET", path)).json()["number"] == number
    logged = await api("POST", f"{path}/events", {"step": "packed", "by": "anders"})
    assert logged.json()["order"]["number"] == number
    undone = await api("POST", f"{path}/events/{logged.json()['id']}/correction", {})
    assert undone.status_code == 201
    staff = await signed_in("anders")
    assert number.replace(" ", "\u00a0") in (await staff.get(f"/staff{path}")).text.replace(" ", "\u00a0")
    done = await staff.post(f"/staff{path}/log", data={"step": "packed"}, files={"photo": ("", b"")})
    assert done.status_code == 303


async def test_a_slash_in_a_number_may_stand_as_it_is(api: Machine) -> None:
    assert (await api("PUT", "/orders/2026/17", ORDER)).json()["number"] == "2026/17"
    assert (await api("POST", "/orders/2026/17/events", {"step": "packed"})).status_code == 201


async def test_however_an_accent_was_typed_it_is_the_same_number(api: Machine) -> None:
    assert (await api("PUT", "/orders/A%CC%8A-1", ORDER)).json()["number"] == "Å-1"
    assert (await api("PUT", "/orders/%C3%85-1", ORDER)).status_code == 200


async def test_an_order_with_a_number_that_only_files_have_can_be_read_and_logged_on(api: Machine, shop: Shop) -> None:
    await shop.order("(7)")
    assert (await api("GET", "/orders/(7)")).json()["number"] == "(7)"
    assert (await api("POST", "/orders/(7)/events", {"step": "packed"})).status_code == 201
    assert (await api("PUT", "/orders/(8)", ORDER)).status_code == 422
