from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from storefront_trace.actions import feedback, people, steps
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.people import PersonTold
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.domain.orders import Parcel
from tests.people import Shop

SignIn = Any


async def wait_for_anders(shop: Shop, number: str, **changes: object) -> None:
    await shop.order(number, **changes)
    await steps.log_step(shop.desk, shop.id, number, StepToLog("received", by="jocke", hand_to="anders"))


async def thank(shop: Shop, by: str | None, words: str, number: str = "1001") -> None:
    order_id = await shop.order(number)
    logged = await steps.log_step(shop.desk, shop.id, number, StepToLog("packed", by=by))
    await feedback.save_feedback(shop.desk, shop.id, order_id, logged.event.id, Answer("thanks", words=words))


async def test_the_queue_holds_what_waits_for_me_or_my_team(shop: Shop, signed_in: SignIn) -> None:
    await wait_for_anders(shop, "1001")
    await shop.order("1002", customer_first_name="Leila")
    await steps.log_step(shop.desk, shop.id, "1002", StepToLog("received", by="jocke"))
    await shop.order("1003", customer_first_name="Oskar")
    await steps.log_step(shop.desk, shop.id, "1003", StepToLog("delayed", by="anders", hand_to="jocke"))
    anders, lisa = await signed_in("anders"), await signed_in("lisa")
    mine, hers = (await anders.get("/staff?lang=sv")).text, (await lisa.get("/staff?lang=sv")).text
    assert "order-1001" in mine and "order-1002" in mine and "order-1003" not in mine
    assert "order-1001" not in hers and "order-1002" in hers
    assert "2 ordrar" in mine


async def test_what_waits_for_goods_is_in_no_queue_before_they_come(shop: Shop, signed_in: SignIn) -> None:
    come = datetime.now(UTC).date() + timedelta(days=9)
    lamp = IncomingLine("2", "Lampa", 1, backordered=1, expected=come)
    await wait_for_anders(shop, "1001", lines=(IncomingLine("1", "Mugg", 1), lamp))
    await shop.order("1002", lines=(lamp,), customer_first_name="Leila")
    await steps.log_step(shop.desk, shop.id, "1002", StepToLog("received", by="jocke"))
    anders = await signed_in("anders")
    now = (await anders.get("/staff?lang=sv")).text
    assert "order-1001" in now and "order-1002" not in now and "1 order" in now
    assert "1002" in (await anders.get("/staff?q=leila")).text
    with time_machine.travel(datetime.now(UTC) + timedelta(days=9), tick=False):
        assert "order-1002" in (await (await signed_in("anders")).get("/staff?lang=sv")).text
    await shop.order("1002", lines=(IncomingLine("2", "Lampa", 1),))
    assert "order-1002" in (await anders.get("/staff")).text


async def test_the_first_order_is_open_and_its_next_step_guessed(shop: Shop, signed_in: SignIn) -> None:
    await wait_for_anders(shop, "1002", promise_to=date(2026, 11, 30))
    await wait_for_anders(shop, "1001", promise_to=date(2026, 11, 26))
    text = (await (await signed_in("anders")).get("/staff")).text
    assert text.count('<details class="order"') == 2
    assert 'id="order-1001" open' in text and 'id="order-1002" open' not in text
    assert 'class="btn btn--primary btn--go" name="step" value="picked"' in text


async def test_the_address_without_a_slash_is_the_queue_itself(shop: Shop, signed_in: SignIn) -> None:
    assert (await (await signed_in("anders")).get("/staff")).status_code == 200


async def test_whoever_is_signed_out_is_led_to_the_sign_in(shop: Shop, client: Any) -> None:
    for url in ("/staff", "/staff/me", "/staff/orders/1001", "/staff/thanks"):
        answer = await client.get(url)
        assert (answer.status_code, answer.headers["location"]) == (303, "/signin")


async def test_a_long_queue_comes_in_pages_with_short_forms_below(shop: Shop, signed_in: SignIn) -> None:
    for number in range(1001, 1023):
        await shop.order(str(number))
        await steps.log_step(shop.desk, shop.id, str(number), StepToLog("received", by="jocke"))
    anders = await signed_in("anders")
    first, second = (await anders.get("/staff")).text, (await anders.get("/staff?page=2")).text
    assert first.count('<details class="order"') == 20 and 'href="/staff?page=2"' in first
    assert second.count('<details class="order"') == 2 and 'href="/staff?page=1"' in second
    assert first.count('<legend class="label-row">') == 5
    assert (await anders.get("/staff?page=nonsense")).text.count('<details class="order"') == 20


@pytest.mark.parametrize("typed", ["1001", "%231001", "+1001+"])
async def test_an_exact_number_leads_straight_to_the_order(shop: Shop, signed_in: SignIn, typed: str) -> None:
    await shop.order()
    answer = await (await signed_in("anders")).get(f"/staff?q={typed}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/orders/1001?scanned=1")


async def test_our_slip_and_a_parcels_number_lead_from_the_search_box_to_their_order(
    shop: Shop, signed_in: SignIn
) -> None:
    await shop.order()
    parcel = Parcel("p", "PostNord", "RR123456785SE")
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="lisa", parcel=parcel))
    anders = await signed_in("anders")
    for code in ("http://127.0.0.1:8000/staff/scan?code=1001", "rr 123456785 se"):
        answer = await anders.get("/staff", params={"q": code})
        assert (answer.status_code, answer.headers["location"]) == (303, "/staff/orders/1001?scanned=1"), code
    elsewhere = await anders.get("/staff", params={"q": "https://elsewhere.example/staff/scan?code=1001", "lang": "en"})
    assert elsewhere.status_code == 200 and "Look at the label again" in elsewhere.text


async def test_a_first_name_finds_its_orders(shop: Shop, signed_in: SignIn) -> None:
    await shop.order("1001")
    await shop.order("1002", customer_first_name="Leila")
    text = (await (await signed_in("anders")).get("/staff?q=kar&lang=en")).text
    assert "order-1001" in text and "order-1002" not in text and "1 order" in text


async def test_a_search_that_finds_nothing_says_what_to_do(shop: Shop, signed_in: SignIn) -> None:
    text = (await (await signed_in("anders")).get("/staff?q=%3Cscript%3E" + "x" * 500)).text
    assert "&lt;script&gt;" in text and "<script>" not in text
    assert "Look at the label again" in (await (await signed_in("anders")).get("/staff?q=zzz&lang=en")).text


async def test_nora_finds_nothing_of_this_shop(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    answer = await (await signed_in("nora")).get("/staff?q=1001")
    assert answer.status_code == 303 and answer.headers["location"] == "/staff/welcome"
    nora = await signed_in("nora")
    await nora.post("/staff/welcome/later")
    answer = await nora.get("/staff?q=1001")
    assert answer.status_code == 200 and "order-1001" not in answer.text


async def test_thanks_stand_on_top_with_the_customers_name(shop: Shop, signed_in: SignIn) -> None:
    await thank(shop, "anders", "Vilket fint paket!")
    text = (await (await signed_in("anders")).get("/staff?lang=sv")).text
    assert "Hej Anders!" in text and "Dagens tack, från Karin:" in text
    assert '<q class="voice">Vilket fint paket!</q>' in text


async def test_thanks_to_the_team_reach_everybody_in_it(shop: Shop, signed_in: SignIn) -> None:
    await thank(shop, None, "Snabbt!")
    assert "Snabbt!" in (await (await signed_in("lisa")).get("/staff")).text
    assert "Snabbt!" not in (await (await signed_in("jocke")).get("/staff")).text


async def test_a_long_text_is_read_whole_elsewhere_and_never_trimmed(shop: Shop, signed_in: SignIn) -> None:
    await thank(shop, "anders", "Tack " * 100)
    anders = await signed_in("anders")
    assert "Tack Tack" not in (await anders.get("/staff")).text
    assert "Tack " * 99 in (await anders.get("/staff/thanks")).text


async def test_my_last_step_can_be_undone_from_the_queue(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    anders = await signed_in("anders")
    answer = await anders.post("/staff/orders/1001/log", data={"step": "packed"})
    text = (await anders.get(answer.headers["location"] + "&lang=sv")).text
    event = (await shop.events())[-1].id
    assert 'action="/staff/orders/1001/undo"' in text and f'name="event" value="{event}"' in text
    assert "1001: Packad" in text and "Karin kan se det nu" in text
    await anders.post("/staff/orders/1001/undo", data={"event": event})
    assert "/undo" not in (await anders.get("/staff")).text


async def test_what_others_told_of_me_is_not_mine_to_undo_from_the_queue(shop: Shop, signed_in: SignIn) -> None:
    """An import, or another system, just told of it; nobody has tapped anything here."""
    await shop.order()
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="anders", source="import"))
    assert "/undo" not in (await (await signed_in("anders")).get("/staff")).text


async def test_what_a_colleague_wrote_is_read_and_ones_own_words_are_not(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    told = StepToLog("received", by="jocke", hand_to="anders", note="Det är en present.")
    await steps.log_step(shop.desk, shop.id, "1001", told)
    assert "Jocke skrev:" in (await (await signed_in("anders")).get("/staff?lang=sv")).text
    assert "Jocke skrev:" not in (await (await signed_in("jocke")).get("/staff/orders/1001?lang=sv")).text


async def test_an_order_can_be_passed_to_colleagues_and_not_to_who_has_left(shop: Shop, signed_in: SignIn) -> None:
    await wait_for_anders(shop, "1001")
    await people.put_person(shop.desk, shop.id, "elias", PersonTold("Elias", {}, "warehouse"))
    await people.end_employment(shop.desk, shop.id, "lisa")
    text = (await (await signed_in("anders")).get("/staff")).text
    assert 'name="hand_to" value="elias"' in text and 'name="hand_to" value="sam"' in text
    assert 'name="hand_to" value="lisa"' not in text and 'name="hand_to" value="anders"' not in text
    assert 'name="hand_to" value="orders"' in text


async def test_what_is_late_says_so_in_words(shop: Shop, signed_in: SignIn) -> None:
    await wait_for_anders(shop, "1001", promise_to=date(2026, 11, 17))
    await wait_for_anders(shop, "1002", promise_to=date(2026, 11, 23))
    await wait_for_anders(shop, "1003", promise_to=date(2026, 11, 25))
    with time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=UTC), tick=False):
        text = (await (await signed_in("anders")).get("/staff?lang=en")).text
    first, second, third = text.split('<details class="order"')[1:]
    assert "was promised for Tuesday 17 November" in first
    assert "promised for today" in second
    assert "promised" not in third.partition("</summary>")[0]


async def test_what_a_colleague_has_stands_apart_as_theirs(shop: Shop, signed_in: SignIn) -> None:
    await wait_for_anders(shop, "1001")
    await shop.order("1002")
    await steps.log_step(shop.desk, shop.id, "1002", StepToLog("received", by="jocke"))
    lisa = await signed_in("lisa")
    text = (await lisa.get("/staff?lang=en")).text
    waiting, _, theirs = text.partition('<details class="theirs">')
    assert "order-1002" in waiting and "order-1001" not in waiting
    assert "/staff/orders/1001" in theirs and "Anders has it" in theirs
    assert "Anders has it" in (await lisa.get("/staff?q=kar&lang=en")).text
    assert '<details class="theirs">' not in (await (await signed_in("anders")).get("/staff")).text
