from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from storefront_trace.actions import people, shops, steps
from storefront_trace.actions.people import PersonTold
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.domain.orders import Parcel
from storefront_trace.storage import orders
from tests.people import Shop

SignIn = Any


async def scan(client: Any, code: str, once: str = "a", step: str = "packed", **headers: str) -> Any:
    form = {"step": step, "code": code, "once": once}
    return await client.post("/staff/row?lang=sv", data=form, headers=headers)


async def heard(client: Any, code: str, once: str = "a", step: str = "packed") -> Any:
    """The list's new line, as the page's script gets it."""
    form = {"does": "scan", "order": code, "step": step, "once": once}
    return (await client.post("/staff/sync?lang=sv", data=form)).json()["row"]


async def packed(shop: Shop, number: str = "1001") -> int:
    fallen = {e.corrects for e in await shop.events(number)}
    return sum(e.step == "packed" and e.id not in fallen for e in await shop.events(number))


async def test_the_steps_of_ones_own_team_come_first_and_large(shop: Shop, signed_in: SignIn) -> None:
    text = (await (await signed_in("anders")).get("/staff/row?lang=sv")).text
    large = re.findall(r'btn--go" href="/staff/row\?step=(\w+)"', text)
    assert large[:3] == ["picked", "packed", "shipped"] and "returned" in large
    assert "/staff/row?step=received" in text and "received" not in large
    assert "step=cancelled" not in text and "step=delayed" not in text


async def test_a_scan_logs_the_chosen_step_and_comes_back_with_the_list(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    anders = await signed_in("anders")
    answer = await scan(anders, "http://127.0.0.1:8000/staff/scan?code=1001")
    event = (await shop.events())[-1]
    assert (answer.status_code, answer.headers["location"]) == (303, f"/staff/row?step=packed&done={event.id}")
    assert (event.step, event.person_id, event.device) == ("packed", await shop.person_id("anders"), "test")
    text = (await anders.get(answer.headers["location"] + "&lang=sv")).text
    assert f'id="e-{event.id}"' in text and "1 order i dag" in text and "autofocus" in text
    assert re.search(r'rowtold--logged"[^>]*><b>1001</b> Packad', text)


async def test_the_list_holds_my_own_steps_of_today_the_newest_first(shop: Shop, signed_in: SignIn) -> None:
    for number in ("1001", "1002", "1003"):
        await shop.order(number)
    anders, lisa = await signed_in("anders"), await signed_in("lisa")
    for number in ("1002", "1001"):
        await scan(anders, number)
    await scan(lisa, "1003")
    text = (await anders.get("/staff/row?step=packed")).text
    assert re.findall(r'class="order__no">(\d+)', text) == ["1001", "1002"]


async def test_the_same_scan_sent_twice_is_logged_once(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    anders = await signed_in("anders")
    first, again = await scan(anders, "1001", "same"), await scan(anders, "1001", "same")
    assert first.headers["location"] == again.headers["location"]
    assert await packed(shop) == 1


async def test_a_repeated_scan_says_who_did_it_and_logs_nothing(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    await scan(await signed_in("anders"), "1001", "a")
    before = len(await shop.events())
    answer = await scan(await signed_in("lisa"), "1001", "b")
    assert answer.status_code == 409 and len(await shop.events()) == before
    assert re.search(r"Redan gjort: Packad av Anders i\s*dag", answer.text.replace("\u00a0", " "))
    mine = await heard(await signed_in("anders"), "1001", "c")
    assert mine["kind"] == "done" and "av dig" in mine["said"]


async def test_what_was_taken_back_can_be_scanned_again(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    anders = await signed_in("anders")
    await scan(anders, "1001", "a")
    event = (await shop.events())[-1].id
    answer = await anders.post("/staff/row/undo", data={"step": "packed", "number": "1001", "event": event})
    assert answer.headers["location"] == f"/staff/row?step=packed&done={event}"
    text = (await anders.get(answer.headers["location"] + "&lang=sv")).text
    assert "Tillbakataget" in text and "scan--undone" in text
    assert (await shop.row()).state == "received"
    assert (await scan(anders, "1001", "b")).status_code == 303
    assert await packed(shop) == 1


@pytest.mark.parametrize("code", ["9999", "", "https://elsewhere.example/1001", "x" * 400])
async def test_an_unknown_code_says_so_and_logs_nothing(shop: Shop, signed_in: SignIn, code: str) -> None:
    await shop.order()
    answer = await scan(await signed_in("anders"), code)
    assert answer.status_code == 404 and "Titta på följesedeln igen" in answer.text
    assert 'id="code"' in answer.text and await packed(shop) == 0


async def test_another_shops_order_is_not_found(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    assert (await scan(await signed_in("nora"), "1001")).status_code == 404


async def test_a_cancelled_order_takes_no_step(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("cancelled", by="jocke"))
    told = await heard(await signed_in("anders"), "1001")
    assert told["kind"] == "refused" and "Avbruten" in told["said"]
    assert 'href="/staff/orders/1001"' in told["html"] and await packed(shop) == 0


async def test_an_order_that_has_left_is_not_packed_again(shop: Shop, signed_in: SignIn) -> None:
    await shop.order(lines=(IncomingLine("1", "Mugg", 1),))
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("shipped", by="lisa"))
    told = await heard(await signed_in("anders"), "1001")
    assert told["kind"] == "refused" and "Skickad" in told["said"] and await packed(shop) == 0


async def test_what_is_fetched_in_the_shop_is_never_sent(shop: Shop, signed_in: SignIn) -> None:
    await shop.order(method="pickup")
    told = await heard(await signed_in("anders"), "1001", step="shipped")
    assert told["kind"] == "refused" and (await shop.row()).state == "received"


async def test_what_is_all_out_of_stock_is_not_called_packed(shop: Shop, signed_in: SignIn) -> None:
    await shop.order(lines=(IncomingLine("1", "Lampa", 1, backordered=1),))
    told = await heard(await signed_in("anders"), "1001")
    assert told["kind"] == "refused" and await packed(shop) == 0


async def test_the_rest_of_an_order_can_be_sent_once_it_has_come(shop: Shop, signed_in: SignIn) -> None:
    lamp = IncomingLine("2", "Lampa", 1, backordered=1)
    await shop.order(lines=(IncomingLine("1", "Mugg", 1), lamp))
    anders = await signed_in("anders")
    assert (await scan(anders, "1001", "a", step="shipped")).status_code == 303
    assert (await heard(anders, "1001", "b", step="shipped"))["kind"] == "done"
    await shop.order(lines=(IncomingLine("1", "Mugg", 1), IncomingLine("2", "Lampa", 1)))
    assert (await scan(anders, "1001", "c", step="shipped")).status_code == 303
    assert (await shop.row()).state == "shipped"
    async with shop.desk.db.read() as conn:
        row = await orders.get_order(conn, shop.id, "1001")
        assert [one.shipped for one in await orders.list_lines(conn, shop.id, row.id)] == [1, 1]


async def test_who_takes_orders_in_can_do_so_in_a_row(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    jocke = await signed_in("jocke")
    assert (await scan(jocke, "1001", "a", step="received")).status_code == 303
    assert (await heard(jocke, "1001", "b", step="received"))["kind"] == "done"


async def test_where_the_shop_wants_its_steps_in_order_the_row_does_too(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    await shops.set_face(shop.desk, shop.id, any_order=False)
    told = await heard(await signed_in("anders"), "1001")
    assert told["kind"] == "refused" and "Plockad" in told["said"] and await packed(shop) == 0


async def test_a_step_that_needs_looking_is_not_done_in_a_row(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    anders = await signed_in("anders")
    for step in ("cancelled", "delayed", "nothing", ""):
        assert (await scan(anders, "1001", step=step)).status_code == 422
    assert (await shop.row()).state == "received"


@pytest.mark.parametrize("bad", [{"step": "gone"}, {"at": "nonsense"}])
async def test_whatever_is_wrong_with_a_scan_the_page_can_show_it(
    shop: Shop, signed_in: SignIn, bad: dict[str, str]
) -> None:
    await shop.order()
    form = {"does": "scan", "order": "1001", "step": "packed", "once": "a", **bad}
    answer = await (await signed_in("anders")).post("/staff/sync?lang=en", data=form)
    told = answer.json()
    assert answer.status_code == 422 and told["row"]["kind"] == "refused" and told["detail"] == told["row"]["said"]
    assert ">1001<" in told["row"]["html"] and len(await shop.events()) == 1


async def test_a_scan_is_taken_back_though_its_step_is_none_of_a_row_any_more(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    anders = await signed_in("anders")
    form = {"does": "scan", "order": "1001", "step": "packed", "once": "a"}
    event = (await anders.post("/staff/sync", data=form)).json()["event"]
    async with shop.desk.db.read() as conn:
        step = (await shop.desk.casts.get(conn, shop.id)).steps["packed"]
    await shops.put_step(shop.desk, shop.id, replace(step, effect="pause"))
    answer = await anders.post("/staff/sync", data={**form, "cancel": "1"})
    assert (answer.status_code, answer.json()["event"]) == (201, event) and await packed(shop) == 0


async def test_what_was_taken_back_counts_no_more(shop: Shop, signed_in: SignIn) -> None:
    for number in ("1001", "1002"):
        await shop.order(number)
    anders = await signed_in("anders")
    await heard(anders, "1001", "a")
    assert (await heard(anders, "1002", "b"))["count"].replace("\u00a0", " ") == "2 ordrar i dag"
    form = {"step": "packed", "number": "1002", "event": (await shop.events("1002"))[-1].id}
    answer = await anders.post("/staff/row/undo?lang=sv", data=form, headers={"Accept": "application/json"})
    assert answer.json()["count"].replace("\u00a0", " ") == "1 order i dag"


async def test_a_scan_that_a_phone_sends_again_stays_taken_back(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    anders = await signed_in("anders")
    assert (await heard(anders, "1001"))["kind"] == "logged"
    event = (await shop.events())[-1].id
    await anders.post("/staff/row/undo", data={"step": "packed", "number": "1001", "event": event})
    assert (await heard(anders, "1001"))["kind"] == "undone" and await packed(shop) == 0


@pytest.mark.parametrize("told", [{"event": "x"}, {"number": "9999"}, {"step": "gone", "event": "x"}])
async def test_an_undo_that_cannot_be_is_a_line_that_the_page_can_show(
    shop: Shop, signed_in: SignIn, told: dict[str, str]
) -> None:
    await shop.order()
    anders = await signed_in("anders")
    await scan(anders, "1001")
    form = {"step": "packed", "number": "1001", "event": (await shop.events())[-1].id, **told}
    answer = await anders.post("/staff/row/undo", data=form, headers={"Accept": "application/json"})
    assert answer.status_code == 200 and answer.json()["kind"] == "refused" and answer.json()["said"]
    assert await packed(shop) == 1


async def test_nobody_undoes_a_colleagues_scan(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    await scan(await signed_in("anders"), "1001")
    event = (await shop.events())[-1].id
    lisa = await signed_in("lisa")
    answer = await lisa.post("/staff/row/undo", data={"step": "packed", "number": "1001", "event": event})
    assert answer.status_code == 403 and await packed(shop) == 1


async def test_a_number_from_a_slip_stands_in_the_page_as_text(shop: Shop, signed_in: SignIn) -> None:
    answer = await scan(await signed_in("anders"), "<script>alert(1)</script>")
    assert "&lt;script&gt;alert" in answer.text and "<script>alert" not in answer.text


async def test_who_has_no_team_chooses_among_all_steps(shop: Shop, signed_in: SignIn) -> None:
    await people.put_person(shop.desk, shop.id, "ann", PersonTold("Ann", {}, None))
    text = (await (await signed_in("ann")).get("/staff/row")).text
    assert "btn--go" not in text and "/staff/row?step=packed" in text


async def test_one_persons_scan_is_never_sent_as_anothers(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    form = {"step": "packed", "code": "1001", "once": "a", "person": await shop.person_id("anders")}
    answer = await (await signed_in("lisa")).post("/staff/row", data=form)
    assert answer.status_code == 409 and await packed(shop) == 0


async def test_a_parcels_number_stands_for_its_order_unless_it_stands_for_several(
    shop: Shop, signed_in: SignIn
) -> None:
    for number in ("1001", "1002"):
        await shop.order(number)
    parcel = Parcel("p", "PostNord", "RR123456785SE")
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="lisa", parcel=parcel))
    anders = await signed_in("anders")
    assert (await scan(anders, "RR123456785SE", "a", step="shipped")).status_code == 303
    assert (await shop.row("1001")).state == "shipped"
    await steps.log_step(shop.desk, shop.id, "1002", StepToLog("packed", by="lisa", parcel=parcel))
    told = await heard(anders, "RR123456785SE", "b", step="shipped")
    assert told["kind"] == "refused" and "1001 och 1002" in told["said"].replace("1002 och 1001", "1001 och 1002")
    assert (await shop.row("1002")).state == "packed"
