from __future__ import annotations

from typing import Any

from storefront_trace.actions import corrections, steps
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.incoming import IncomingLine
from tests.people import Shop

SignIn = Any


async def test_a_long_story_comes_in_pages_newest_first(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    for n in range(45):
        await steps.log_step(shop.desk, shop.id, "1001", StepToLog("delayed", by="jocke", note=f"Rad {n}."))
    anders = await signed_in("anders")
    first = (await anders.get("/staff/orders/1001")).text.split('id="story"')[1]
    second = (await anders.get("/staff/orders/1001?page=2")).text.split('id="story"')[1]
    assert "Rad 44." in first and "Rad 5." in first and "Rad 4." not in first
    assert 'href="/staff/orders/1001?page=2"' in first
    assert "Rad 4." in second and "Rad 5." not in second and "page=3" not in second


async def test_what_people_write_is_text_and_never_markup(shop: Shop, signed_in: SignIn) -> None:
    await shop.order(customer_first_name="<b>Karin", lines=(IncomingLine("1", "<i>Mugg", 1), IncomingLine("2", "b", 1)))
    told = StepToLog("picked", by="jocke", note="<img src=x>", hand_to="anders", lines=(("1", 1),))
    await steps.log_step(shop.desk, shop.id, "1001", told)
    anders = await signed_in("anders")
    for url in ("/staff", "/staff/orders/1001"):
        text = (await anders.get(url)).text
        assert "<b>Karin" not in text and "<i>Mugg" not in text and "<img src=x>" not in text
        assert "&lt;b&gt;Karin" in text and "&lt;i&gt;Mugg" in text and "&lt;img src=x&gt;" in text


async def test_a_number_with_a_slash_can_be_opened_and_logged(shop: Shop, signed_in: SignIn) -> None:
    await shop.order("EU/1001 b")
    anders = await signed_in("anders")
    assert (await anders.get("/staff?q=EU/1001 b")).headers["location"] == "/staff/orders/EU%2F1001%20b?scanned=1"
    assert "EU/1001 b" in (await anders.get("/staff/orders/EU%2F1001%20b")).text
    answer = await anders.post("/staff/orders/EU%2F1001%20b/log", data={"step": "packed"})
    assert answer.status_code == 303
    event = (await shop.events("EU/1001 b"))[-1]
    undone = await anders.post("/staff/orders/EU%2F1001%20b/undo", data={"event": event.id})
    assert undone.headers["location"] == "/staff/orders/EU%2F1001%20b?undone=1"


async def test_an_unknown_number_is_a_page_with_a_way_on(shop: Shop, signed_in: SignIn) -> None:
    answer = await (await signed_in("anders")).get("/staff/orders/4711")
    assert answer.status_code == 404 and "text/html" in answer.headers["content-type"]


async def test_a_step_taken_back_stays_in_the_story_marked(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    logged = await steps.log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="anders"))
    await corrections.undo_step(shop.desk, shop.id, "1001", logged.event.id, by="anders")
    text = (await (await signed_in("lisa")).get("/staff/orders/1001?lang=en")).text
    assert "<del><b>Packed</b> <span>Anders, " in text and "Taken back by Anders" in text


async def test_the_customers_page_is_one_tap_away(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    assert f'href="/t/{await shop.token()}"' in (await (await signed_in("anders")).get("/staff/orders/1001")).text


async def test_the_pages_are_never_stored_and_tell_no_other_site(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    anders = await signed_in("anders")
    for url in ("/staff", "/staff/orders/1001", "/staff/me", "/staff/thanks"):
        answer = await anders.get(url)
        assert answer.headers["cache-control"] == "no-store"
        assert "<style" not in answer.text and " style=" not in answer.text and "<script>" not in answer.text


async def test_the_form_says_what_a_step_leaves_out(shop: Shop, signed_in: SignIn) -> None:
    missing = IncomingLine("2", "Mugg", 3, backordered=2)
    await shop.order("1001")
    await shop.order("1002", lines=(IncomingLine("1", "Ring", 1), missing))
    await shop.order("1003", lines=(IncomingLine("1", "Ring", 1),))
    await shop.order("1004", lines=(IncomingLine("1", "Lampa", 1, backordered=1),))
    anders, told = await signed_in("anders"), "Slut i lager: {}. Det du loggar gäller det som finns här."
    for number, things in (("1001", "Igelkottslampa"), ("1002", "2 × Mugg"), ("1003", None), ("1004", None)):
        text = (await anders.get(f"/staff/orders/{number}?lang=sv")).text
        assert ("Det du loggar gäller" in text) == (things is not None), number
        assert things is None or told.format(things) in text
