"""Who only reads has no part in the orders: nothing is handed to them, and no tablet asks who they are."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import httpx2

from tests.people import Shop

SignIn = Callable[[str], Awaitable[httpx2.AsyncClient]]


async def test_nothing_is_handed_to_a_reader_until_they_work_with_orders_again(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    for role, offered in (("staff", True), ("reader", False), ("staff", True)):
        await shop.give("sam", role)
        anders = await signed_in("anders")
        form = (await anders.get("/staff/orders/1001")).text
        assert ('name="hand_to" value="sam"' in form) is offered and 'name="hand_to" value="lisa"' in form


async def test_a_tablet_does_not_ask_whether_one_is_a_reader(
    shop: Shop, signed_in: SignIn, client: httpx2.AsyncClient
) -> None:
    await shop.give("sam", "reader")
    made = (await (await signed_in("olga")).post("/owner/kiosks", data={"name": "Packbordet"})).text
    link = re.search(r'value="http://[^/"]+(/kiosk/open/[^"]+)"', made)
    assert link is not None
    await client.post(link[1])
    listed = (await client.get("/kiosk")).text
    assert ">Lisa<" in listed and ">Sam<" not in listed
    path = f"/kiosk/people/{await shop.person_id('sam')}"
    assert (await client.get(path)).headers["location"] == "/kiosk"
