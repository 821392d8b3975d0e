from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from storefront_trace.actions import steps
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.domain.orders import Parcel
from storefront_trace.storage import orders, shops
from storefront_trace.storage import people as person_rows
from tests.people import Shop

SignIn = Any
MUGS, LAMP = IncomingLine("1", "Skrattande mugg", 2), IncomingLine("2", "Lampa", 1)
PAGE = "/staff/orders/1001/pause/ordered"


@pytest.fixture(autouse=True)
def monday() -> Any:
    with time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=UTC), tick=True):
        yield


async def ordered(shop: Shop) -> None:
    await shop.order(lines=(MUGS, LAMP), promise_from=date(2026, 11, 25), promise_to=date(2026, 11, 26))
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("received", by="jocke"))


async def test_the_page_asks_which_things_until_when_why_and_who(shop: Shop, signed_in: SignIn) -> None:
    await ordered(shop)
    anders = await signed_in("anders")
    assert 'href="/staff/orders/1001/pause/delayed"' in (await anders.get("/staff/orders/1001")).text
    text = (await anders.get(PAGE + "?lang=en")).text
    assert "Skrattande mugg" in text and 'name="count-1"' in text and 'name="count-2"' not in text
    assert 'type="date" id="until"' in text and 'min="2026-11-23"' in text and "Lisa" in text
    assert "Vår leverantör är sen med den" in text  # as Karin will read it


async def test_what_is_out_of_stock_waits_until_its_day_and_comes_back_to_whoever_gets_it(
    shop: Shop, signed_in: SignIn
) -> None:
    await ordered(shop)
    anders, lisa = await signed_in("anders"), await signed_in("lisa")
    data = {"lines": ["1", "2"], "count-1": "2", "until": "2026-12-02", "hand_to": "lisa", "note": "Kommer på onsdag."}
    answer = await anders.post(PAGE, data=data)
    assert answer.headers["location"].startswith("/staff?done=")
    row = await shop.row()
    assert (row.waiting_person_id, row.waiting_until) == (await shop.person_id("lisa"), "2026-12-02")
    assert 'id="order-1001"' not in (await lisa.get("/staff")).text
    with time_machine.travel(datetime(2026, 12, 2, 8, tzinfo=UTC), tick=True):
        lisa = await signed_in("lisa")
        assert 'id="order-1001"' in (await lisa.get("/staff")).text
        await lisa.post("/staff/orders/1001/log", data={"step": "packed"})
    told = (await lisa.get(f"/t/{await shop.token()}.json")).json()
    assert [(line["backordered"], line["expected"]) for line in told["lines"]] == [(0, None), (0, None)]


async def test_the_customer_reads_the_day_of_what_is_missing_and_why(shop: Shop, signed_in: SignIn) -> None:
    await ordered(shop)
    anders = await signed_in("anders")
    await anders.post(PAGE, data={"lines": ["2"], "until": "2026-12-02", "phrase": "Vi väntar på lampan."})
    told = (await anders.get(f"/t/{await shop.token()}.json")).json()
    assert [(line["backordered"], line["expected"]) for line in told["lines"]] == [(0, None), (1, "2026-12-02")]
    assert told["events"][-1]["note"] == "Vi väntar på lampan."
    assert (await shop.row()).waiting_team == "warehouse"  # the mugs are there


async def test_a_delay_has_a_reason_and_a_new_day(shop: Shop, signed_in: SignIn) -> None:
    await ordered(shop)
    anders = await signed_in("anders")
    data = {"phrase": ["Det är snökaos."], "note": "Förlåt!", "promise": "2026-12-04"}
    await anders.post("/staff/orders/1001/pause/delayed", data=data)
    token = await shop.token()
    told = (await anders.get(f"/t/{token}.json")).json()
    assert told["order"]["state"] == "delayed" and told["order"]["promise"]["to"] == "2026-12-04"
    assert told["events"][-1]["note"] == "Förlåt! Det är snökaos."
    [event] = [event for event in await shop.events() if event.step == "delayed"]
    await anders.post("/staff/orders/1001/undo", data={"event": event.id})
    told = (await anders.get(f"/t/{token}.json")).json()
    assert told["order"]["promise"]["to"] == "2026-11-26"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"until": "2026-11-22"}, "still ahead"),
        ({"until": "2026-11-23"}, "still ahead"),
        ({"promise": "2026-11-22"}, "still ahead"),
        ({"until": "2028-12-24"}, "within the next two years"),
        ({"until": "2026-12-02", "promise": "2026-12-01"}, "It comes later than that"),
        ({"promise": "soon"}, "2026-12-24"),
        ({"lines": "1", "count-1": "3"}, "as many as are left"),
    ],
)
async def test_what_cannot_be_is_refused_and_what_was_filled_in_stands(
    shop: Shop, signed_in: SignIn, data: dict[str, str], says: str
) -> None:
    await ordered(shop)
    anders = await signed_in("anders")
    answer = await anders.post(PAGE + "?lang=en", data={"note": "Snart!", "hand_to": "lisa", **data})
    assert answer.status_code == 422 and says in answer.text
    assert "Snart!" in answer.text and 'value="lisa" checked' in answer.text
    assert len(await shop.events()) == 2


async def test_ones_own_phrases_are_one_tap_away_in_the_note(shop: Shop, signed_in: SignIn) -> None:
    await ordered(shop)
    async with shop.desk.db.write() as conn:
        anders = await person_rows.get_person(conn, shop.id, "anders")
        await person_rows.update_person(conn, shop.id, anders.id, phrases=["Dubbelt bubbelplast", "Hälsa katten"])
        await shops.update_generation(conn, shop.id)
    client = await signed_in("anders")
    assert 'name="phrase" value="Hälsa katten"' in (await client.get("/staff/orders/1001")).text
    data = {"step": "picked", "note": "Hej!", "phrase": ["Hälsa katten", "Dubbelt bubbelplast"]}
    await client.post("/staff/orders/1001/log", data=data)
    assert (await shop.events())[-1].note == "Hej! Hälsa katten Dubbelt bubbelplast"


async def test_of_several_parcels_a_step_is_about_the_one_that_was_chosen(shop: Shop, signed_in: SignIn) -> None:
    await ordered(shop)
    for key, line in (("a", ("1", 2)), ("b", ("2", 1))):
        sent = StepToLog("shipped", by="anders", lines=(line,), parcel=Parcel(key, "PostNord", f"{key}-1"))
        await steps.log_step(shop.desk, shop.id, "1001", sent)
    anders = await signed_in("anders")
    text = (await anders.get("/staff/orders/1001?lang=en")).text
    assert "Which parcel" in text and "PostNord b-1" in text and "Lampa" in text
    await anders.post("/staff/orders/1001/log", data={"step": "delivered", "parcel": "b"})
    async with shop.desk.db.read() as conn:
        parcels = await orders.list_parcels(conn, shop.id, (await shop.row()).id)
    assert {parcel.key: parcel.state for parcel in parcels} == {"a": "shipped", "b": "delivered"}


async def test_what_has_left_since_it_was_ticked_does_not_delay_the_rest(shop: Shop, signed_in: SignIn) -> None:
    await ordered(shop)
    anders = await signed_in("anders")
    lamp = StepToLog("shipped", by="lisa", lines=(("2", None),), parcel=Parcel("1"))
    await steps.log_step(shop.desk, shop.id, "1001", lamp)
    before = len(await shop.events())
    for lines in (["2"], ["9"], ["1", "2"]):
        answer = await anders.post(PAGE + "?lang=en", data={"lines": lines, "until": "2026-12-02", "note": "Slut."})
        assert answer.status_code == 409 and "has left or come meanwhile" in answer.text and "Slut." in answer.text
    assert len(await shop.events()) == before


async def test_a_reply_that_was_lost_is_given_again_whatever_has_left_since(shop: Shop, signed_in: SignIn) -> None:
    await ordered(shop)
    anders = await signed_in("anders")
    data = {"lines": ["2"], "until": "2026-12-02", "note": "Slut.", "once": "0" * 32}
    first = await anders.post(PAGE, data=data)
    lamp = StepToLog("shipped", by="lisa", lines=(("2", None),), parcel=Parcel("1"))
    await steps.log_step(shop.desk, shop.id, "1001", lamp)
    assert (await anders.post(PAGE, data=data)).headers["location"] == first.headers["location"]


@pytest.mark.parametrize("count", ["0000019", "000001" + "0" * 5000, "1e3", "3"])
async def test_more_pieces_than_there_are_cannot_be_missing(shop: Shop, signed_in: SignIn, count: str) -> None:
    await ordered(shop)
    answer = await (await signed_in("anders")).post(PAGE, data={"lines": ["1"], "count-1": count})
    assert answer.status_code == 422


async def test_nobody_is_told_of_a_delay_without_a_word_why(shop: Shop, signed_in: SignIn) -> None:
    await ordered(shop)
    anders, delayed = await signed_in("anders"), "/staff/orders/1001/pause/delayed"
    answer = await anders.post(f"{delayed}?lang=en", data={"until": "2026-12-02", "note": "  "})
    assert answer.status_code == 422 and "Tap a reason or write one" in answer.text
    assert 'value="2026-12-02"' in answer.text and (await shop.row()).state == "received"
    answer = await anders.post(delayed, data={"phrase": "Vår leverantör är sen med den. Vi ligger på dem."})
    assert answer.status_code == 303 and (await shop.row()).state == "delayed"


async def test_a_reason_in_the_customers_language_says_in_ones_own_what_it_means(shop: Shop, signed_in: SignIn) -> None:
    await ordered(shop)
    anders = await signed_in("anders")
    text = (await anders.get(PAGE + "?lang=en")).text
    assert 'value="Vår leverantör är sen med den. Vi ligger på dem."' in text
    assert "<small>Our supplier is late with it. We keep asking them.</small>" in text
    assert "<small>Vår leverantör" not in (await anders.get(PAGE + "?lang=sv")).text
