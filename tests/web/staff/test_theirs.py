"""A step that one team alone logs: wherever the others try, they are told whose it is, and lose nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from storefront_trace.actions import shop_steps
from storefront_trace.storage import shops
from tests.people import Shop
from tests.web.test_kiosk import OTHER, PIN, set_pin, tablet

__all__ = ["tablet"]

SignIn = Any
SAID = "Packad loggas bara av orderteamet."


@pytest.fixture(autouse=True)
async def packed_by_the_order_team(shop: Shop) -> None:
    await shop.order()
    async with shop.desk.db.read() as conn:
        packed = (await shops.get_cast(conn, shop.id)).steps["packed"]
    await shop_steps.put_step(shop.desk, shop.id, replace(packed, logged_by="orders"))


async def state(shop: Shop) -> str:
    return (await shop.row()).state


async def test_the_others_are_not_offered_it_and_read_whose_it_is(shop: Shop, signed_in: SignIn) -> None:
    anders, jocke = await signed_in("anders"), await signed_in("jocke")
    await anders.post("/staff/orders/1001/log", data={"step": "picked"})
    for path in ("/staff/orders/1001?lang=sv", "/staff/row?lang=sv", "/staff/offline?lang=sv"):
        assert 'value="packed"' not in (found := (await anders.get(path)).text) and "step=packed" not in found, path
        assert "packed" in (await jocke.get(path)).text, path
    assert SAID in (await anders.get("/staff/orders/1001?lang=sv")).text


async def test_a_form_that_was_open_is_refused_and_keeps_what_was_typed(shop: Shop, signed_in: SignIn) -> None:
    form = {"step": "packed", "note": "Dubbelt bubbelplast", "ask": "1"}
    answer = await (await signed_in("anders")).post("/staff/orders/1001/log?lang=sv", data=form)
    assert (answer.status_code, await state(shop)) == (409, "received")
    assert SAID in answer.text and "Dubbelt bubbelplast" in answer.text


async def test_so_are_a_scan_in_a_row_and_the_ticks_of_the_table(shop: Shop, signed_in: SignIn) -> None:
    anders = await signed_in("anders")
    row = await anders.post("/staff/row?lang=sv", data={"step": "packed", "code": "1001", "once": "a"})
    bulk = await anders.post("/staff/bulk?lang=sv", data={"step": "packed", "orders": "1001", "once": "b"})
    assert SAID in row.text and SAID in bulk.text
    assert await state(shop) == "received"


@pytest.mark.parametrize("does", ["log", "scan"])
async def test_what_waited_on_a_phone_stays_there_with_the_reason(shop: Shop, signed_in: SignIn, does: str) -> None:
    told = {"does": does, "order": "1001", "step": "packed", "once": "phone-1"}
    answer = await (await signed_in("anders")).post("/staff/sync?lang=sv", data=told)
    assert answer.status_code == 409, "kept on the phone: see static/unsent.js"
    assert answer.json()["detail"].startswith(SAID)
    assert (await (await signed_in("jocke")).post("/staff/sync", data=told)).status_code == 201


@pytest.mark.parametrize("does", ["log", "scan"])
async def test_what_had_arrived_before_it_was_the_others_has_arrived(shop: Shop, signed_in: SignIn, does: str) -> None:
    anders, told = await signed_in("anders"), {"does": does, "order": "1001", "step": "picked", "once": "phone-1"}
    first = (await anders.post("/staff/sync", data=told)).json()["event"]
    async with shop.desk.db.read() as conn:
        picked = (await shops.get_cast(conn, shop.id)).steps["picked"]
    await shop_steps.put_step(shop.desk, shop.id, replace(picked, logged_by="orders"))
    again = await anders.post("/staff/sync", data=told)
    assert (again.status_code, again.json()["event"]) == (201, first)


async def test_a_pause_is_refused_with_its_reason_kept(shop: Shop, signed_in: SignIn) -> None:
    async with shop.desk.db.read() as conn:
        delayed = (await shops.get_cast(conn, shop.id)).steps["delayed"]
    await shop_steps.put_step(shop.desk, shop.id, replace(delayed, logged_by="orders"))
    form = {"note": "Lampan är slut", "once": "p"}
    answer = await (await signed_in("anders")).post("/staff/orders/1001/pause/delayed?lang=sv", data=form)
    assert (answer.status_code, await state(shop)) == (409, "received")
    assert "loggas bara av orderteamet" in answer.text and "Lampan är slut" in answer.text


async def test_the_owner_logs_every_step(shop: Shop, signed_in: SignIn) -> None:
    olga = await signed_in("olga")
    assert (await olga.post("/staff/orders/1001/log", data={"step": "packed"})).status_code == 303
    assert await state(shop) == "packed"


async def test_on_a_shared_tablet_not_even_the_owner_does(shop: Shop, tablet: Any) -> None:
    for handle, pin in (("olga", PIN), ("anders", OTHER)):
        await tablet.post(await set_pin(shop, handle, pin), data={"pin": pin})
        answer = await tablet.post("/staff/orders/1001/log?lang=sv", data={"step": "packed", "ask": "1"})
        assert (answer.status_code, await state(shop)) == (409, "received")
        assert SAID in answer.text
        await tablet.post("/signout")
