from __future__ import annotations

from typing import Any

from storefront_trace.actions import steps
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.orders import Parcel
from tests.people import Shop

SignIn = Any


async def waits(shop: Shop, number: str = "1001", hand_to: str | None = None) -> None:
    await shop.order(number)
    await steps.log_step(shop.desk, shop.id, number, StepToLog("received", by="jocke", hand_to=hand_to))


async def test_i_am_on_it_takes_it_out_of_my_colleagues_queue(shop: Shop, signed_in: SignIn) -> None:
    await waits(shop)
    anders, lisa = await signed_in("anders"), await signed_in("lisa")
    assert 'formaction="/staff/orders/1001/take"' in (await anders.get("/staff")).text
    answer = await anders.post("/staff/orders/1001/take", data={"from": "", "back": "queue"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff?said=taken")
    mine, hers = (await anders.get("/staff?said=taken&lang=en")).text, (await lisa.get("/staff?lang=en")).text
    assert 'id="order-1001"' in mine and "It’s yours now" in mine and "Give it back" in mine
    assert 'id="order-1001"' not in hers and "Anders has it" in hers


async def test_who_comes_second_is_told_who_has_it_and_can_take_it_over(shop: Shop, signed_in: SignIn) -> None:
    await waits(shop)
    anders, lisa = await signed_in("anders"), await signed_in("lisa")
    await anders.post("/staff/orders/1001/take", data={"from": ""})
    refused = await lisa.post("/staff/orders/1001/take?lang=en", data={"from": ""})
    assert refused.status_code == 409 and "Anders has it now" in refused.text
    assert "Take over from Anders" in refused.text and 'name="from" value="anders"' in refused.text
    answer = await lisa.post("/staff/orders/1001/take", data={"from": "anders"})
    assert answer.headers["location"] == "/staff/orders/1001?said=taken"
    assert (await shop.row()).waiting_person_id == await shop.person_id("lisa")


async def test_given_back_it_waits_for_the_team_again(shop: Shop, signed_in: SignIn) -> None:
    await waits(shop)
    anders, lisa = await signed_in("anders"), await signed_in("lisa")
    await anders.post("/staff/orders/1001/take", data={"from": ""})
    answer = await anders.post("/staff/orders/1001/back")
    text = (await anders.get(answer.headers["location"] + "&lang=en")).text
    assert "It waits for the others again" in text and "took it on" in text and "Given back" in text
    assert 'id="order-1001"' in (await lisa.get("/staff")).text


async def test_it_is_passed_on_with_the_portraits_and_the_line_of_the_form(shop: Shop, signed_in: SignIn) -> None:
    await waits(shop)
    anders, lisa = await signed_in("anders"), await signed_in("lisa")
    answer = await anders.post("/staff/orders/1001/hand", data={"hand_to": "lisa", "note": "Kan du slå in den?"})
    assert answer.headers["location"] == "/staff/orders/1001?said=handed"
    text = (await lisa.get("/staff/orders/1001?lang=en")).text
    assert "passed it on to Lisa" in text and "Kan du slå in den?" in text
    refused = await anders.post("/staff/orders/1001/hand?lang=en", data={"hand_to": "", "note": "Vem tar den?"})
    assert refused.status_code == 422 and "Choose who gets it." in refused.text and "Vem tar den?" in refused.text


async def test_what_only_a_step_can_keep_is_not_lost_when_the_order_is_only_passed_on(
    shop: Shop, signed_in: SignIn
) -> None:
    await waits(shop)
    anders, hand = await signed_in("anders"), "/staff/orders/1001/hand?lang=en"
    told, files = {"hand_to": "lisa", "note": "Den är tung"}, {"photo": ("p.jpg", b"a picture", "image/jpeg")}
    for more in ({"carrier": "PostNord"}, {"tracking_number": "RR123456785SE"}, {}):
        refused = await anders.post(hand, data={**told, **more}, files=None if more else files)
        assert refused.status_code == 422 and "go with a step" in refused.text and "Den är tung" in refused.text
        assert all(f'value="{typed}"' in refused.text for typed in more.values())
    assert len(await shop.events()) == 2
    parcel = Parcel("p", "PostNord", None)
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="anders", parcel=parcel))
    assert (await anders.post(hand, data={**told, "carrier": "PostNord"})).status_code == 303  # stood there already


async def test_the_customer_sees_who_has_it_now_and_not_what_colleagues_write(shop: Shop, signed_in: SignIn) -> None:
    await waits(shop)
    token = await shop.token()
    anders = await signed_in("anders")
    before = (await anders.get(f"/t/{token}.json")).json()
    await anders.post("/staff/orders/1001/take", data={"from": ""})
    told = (await anders.get(f"/t/{token}.json")).json()
    assert told["holder"]["name"] == "Anders"
    assert told["order"]["version"] > before["order"]["version"]
    assert [event["id"] for event in told["events"]] == [event["id"] for event in before["events"]]
    assert "Anders" in (await anders.get(f"/t/{token}?lang=en")).text
    await anders.post("/staff/orders/1001/hand", data={"hand_to": "sam", "note": "Kunden är lite petig"})
    told = (await anders.get(f"/t/{token}.json")).json()
    assert told["holder"]["visibility"] == "team" and "Sam" not in told["holder"]["name"]
    assert "petig" not in (await anders.get(f"/t/{token}")).text


async def test_what_is_on_its_way_is_taken_by_nobody(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("cancelled", by="jocke"))
    anders = await signed_in("anders")
    assert "/take" not in (await anders.get("/staff/orders/1001")).text
    refused = await anders.post("/staff/orders/1001/take?lang=en", data={})
    assert refused.status_code == 409 and "Nobody here has anything left" in refused.text
