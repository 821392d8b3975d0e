"""Logging a step over HTTP, on both databases."""

from __future__ import annotations

import re
from typing import Any

import httpx2
import pytest
import time_machine

from storefront_trace.actions import steps
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.domain.links import token_hash
from storefront_trace.domain.orders import Parcel
from storefront_trace.storage import accounts
from tests.people import SOON_AFTER, Shop
from tests.photos.pictures import encoded, gradient

SignIn = Any
JPEG = encoded(gradient(600, 400), "JPEG")


async def log(client: httpx2.AsyncClient, number: str = "1001", **data: object) -> httpx2.Response:
    return await client.post(f"/staff/orders/{number}/log", data=data, files={"photo": ("", b"")})


async def test_a_step_is_logged_by_whoever_is_signed_in(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    answer = await log(await signed_in("anders"), step="packed", note="Dubbelt bubbelplast", hand_to="lisa", once="a1")
    last = (await shop.events())[-1]
    assert (answer.status_code, answer.headers["location"]) == (303, f"/staff?done={last.id}")
    assert (last.step, last.person_id, last.note) == ("packed", await shop.person_id("anders"), "Dubbelt bubbelplast")
    assert (last.hand_person_id, last.source) == (await shop.person_id("lisa"), "staff")
    assert last.lines == (("1", 2),)  # the lamp is out of stock


async def test_a_step_knows_the_device_that_logged_it_and_customers_do_not(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    anders = await signed_in("anders")
    async with shop.desk.db.write() as conn:
        session = await accounts.find_session(conn, token_hash(anders.cookies["session"]), now_micros())
        assert session is not None
        await accounts.update_session(conn, shop.id, session.id, device="Chrome on the packing table")
    await log(anders, step="packed")
    assert [e.device for e in await shop.events()] == [None, "Chrome on the packing table"]
    for path in (f"/t/{await shop.token()}", f"/t/{await shop.token()}.json"):
        assert "packing table" not in (await anders.get(path)).text


async def test_a_plain_form_without_a_file_is_enough(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    answer = await (await signed_in("anders")).post("/staff/orders/1001/log", data={"step": "packed"})
    assert answer.status_code == 303
    assert (await shop.row()).state == "packed"


async def test_a_double_tap_is_one_step(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    anders = await signed_in("anders")
    first = await log(anders, step="packed", once="same")
    again = await log(anders, step="packed", once="same")
    assert first.headers["location"] == again.headers["location"]
    assert [e.step for e in await shop.events()].count("packed") == 1


async def test_the_same_form_may_log_another_step(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    anders = await signed_in("anders")
    await log(anders, step="packed", once="same")
    await log(anders, step="shipped", once="same")
    assert (await shop.row()).state == "shipped"


async def test_a_form_gone_back_to_after_its_step_was_undone_logs_anew(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    anders = await signed_in("anders")
    await log(anders, step="packed", once="same")
    event = (await shop.events())[-1]
    await anders.post("/staff/orders/1001/undo", data={"event": event.id})
    await log(anders, step="packed", once="same")
    assert (await shop.row()).state == "packed"


async def test_undo_takes_the_step_back_and_leads_to_the_order(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    anders = await signed_in("anders")
    await log(anders, step="packed")
    event = (await shop.events())[-1]
    answer = await anders.post("/staff/orders/1001/undo", data={"event": event.id})
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/orders/1001?undone=1")
    assert (await shop.row()).state == "received"
    assert "Kunden ser det också" in (await anders.get("/staff/orders/1001?undone=1&lang=sv")).text


async def test_nobody_undoes_a_colleagues_step(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    await log(await signed_in("anders"), step="packed")
    event = (await shop.events())[-1]
    answer = await (await signed_in("lisa")).post("/staff/orders/1001/undo", data={"event": event.id})
    assert answer.status_code == 403
    assert (await shop.row()).state == "packed"


@pytest.mark.parametrize(
    "wrong",
    [
        {"step": "baked"},
        {"step": ""},
        {"step": "packed", "note": "x" * 1001},
        {"step": "packed", "hand_to": "nora"},
        {"step": "packed", "lines": ["", "77"]},
        {"step": "packed", "lines": ""},
        {"step": "shipped", "tracking_number": "9" * 81},
    ],
)
async def test_what_the_rules_refuse_logs_nothing(shop: Shop, signed_in: SignIn, wrong: dict[str, object]) -> None:
    await shop.order()
    before = len(await shop.events())
    answer = await log(await signed_in("anders"), **wrong)
    assert answer.status_code == 422
    assert len(await shop.events()) == before


async def test_a_carrier_and_number_make_a_parcel(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    anders = await signed_in("anders")
    await log(anders, step="shipped", carrier="PostNord", tracking_number="SE123", once="p")
    parcel = (await shop.events())[-1].parcel
    assert parcel is not None and (parcel.key, parcel.carrier, parcel.tracking_number) == ("SE123", "PostNord", "SE123")
    assert "PostNord SE123" in (await anders.get("/staff/orders/1001")).text


async def test_part_of_an_order_leaves_and_the_rest_follows(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    anders = await signed_in("anders")
    await log(anders, step="packed", lines=["", "1"], once="a")
    await log(anders, step="shipped", lines=["", "1"], once="b")
    assert (await shop.row()).waiting_team == "warehouse"
    await log(anders, step="shipped", lines=["", "2"], once="c")
    row = await shop.row()
    assert (row.state, row.position, row.waiting_team) == ("shipped", 40, None)


async def test_a_form_from_another_site_is_refused(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    anders = await signed_in("anders")
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    answer = await anders.post("/staff/orders/1001/log", data={"step": "packed"}, headers=headers)
    assert answer.status_code == 403
    assert (await shop.row()).state == "received"


async def test_another_shops_order_is_not_there(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    nora = await signed_in("nora")
    assert (await nora.get("/staff/orders/1001")).status_code == 404
    assert (await log(nora, step="packed")).status_code == 404
    event = (await shop.events())[-1]
    assert (await nora.post("/staff/orders/1001/undo", data={"event": event.id})).status_code in (403, 404)
    assert (await shop.row()).state == "received"


@time_machine.travel(SOON_AFTER)
async def test_the_story_tells_colleagues_the_real_name(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="sam"))
    text = (await (await signed_in("anders")).get("/staff/orders/1001?lang=sv")).text
    assert "<b>Packad</b> <span>Sam, " in text
    assert "Plockad, väntar" not in text and "Packad, väntar på lagerteamet, utlovad till torsdag 26 november" in text


async def test_a_delivered_order_offers_nothing_but_what_comes_back(shop: Shop, signed_in: SignIn) -> None:
    await shop.order(lines=())
    anders = await signed_in("anders")
    await log(anders, step="delivered")
    text = (await anders.get("/staff/orders/1001")).text
    assert sorted(re.findall(r'name="step" value="(\w+)"', text)) == ["exchanged", "refunded", "returned"]


async def test_a_carriers_step_is_never_guessed(shop: Shop, signed_in: SignIn) -> None:
    await shop.order(lines=())
    anders = await signed_in("anders")
    await log(anders, step="shipped")
    text = (await anders.get("/staff/orders/1001")).text
    assert "btn--go" not in text and 'value="in_transit"' not in text and 'value="delivered"' in text


async def test_what_our_own_people_bring_is_passed_on_to_no_carrier(shop: Shop, signed_in: SignIn) -> None:
    await shop.order(lines=(), method="local")
    anders = await signed_in("anders")
    await log(anders, step="picked")
    text = (await anders.get("/staff/orders/1001")).text
    assert 'value="packed"' in text and "Fraktbolaget" not in text
    await log(anders, step="packed")
    text = (await anders.get("/staff/orders/1001")).text
    assert "btn--go" in text and 'value="out_for_delivery"' in text and 'value="shipped"' not in text


async def test_what_is_fetched_offers_the_counters_steps_alone(shop: Shop, signed_in: SignIn) -> None:
    await shop.order(lines=(), method="pickup")
    anders = await signed_in("anders")
    await log(anders, step="packed")
    text = (await anders.get("/staff/orders/1001")).text
    assert 'value="ready_for_pickup"' in text and 'value="picked_up"' in text
    assert 'value="shipped"' not in text and 'value="delivered"' not in text


async def test_a_refused_form_keeps_the_parcel_that_was_chosen(shop: Shop, signed_in: SignIn) -> None:
    lines = tuple(IncomingLine(key, f"Ting {key}", 1) for key in ("1", "2"))
    await shop.order(lines=lines)
    for key in ("1", "2"):
        told = StepToLog("shipped", by="lisa", lines=((key, None),), parcel=Parcel(f"p{key}", "PostNord"))
        await steps.log_step(shop.desk, shop.id, "1001", told)
    anders = await signed_in("anders")
    answer = await log(anders, step="delivered", parcel="p2", hand_to="nobody-here")
    assert answer.status_code == 422
    assert re.findall(r'name="parcel" value="([^"]*)" checked', answer.text) == ["p2"]
