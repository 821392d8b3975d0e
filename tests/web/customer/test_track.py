from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import httpx2
import pytest
import time_machine

from storefront_trace.actions import feedback, orders, people, shops
from storefront_trace.actions.corrections import correct_event
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.domain.moments import Moment
from storefront_trace.domain.orders import Parcel
from storefront_trace.storage import orders as order_rows
from tests.people import SOON_AFTER, Shop
from tests.web.customer.karin import SV, packed, text_of


async def test_the_page_says_who_has_the_order_and_who_did_what(shop: Shop, client: httpx2.AsyncClient) -> None:
    await packed(shop)
    page = await client.get(f"/t/{await shop.token()}", headers=SV)
    assert page.status_code == 200
    text = text_of(page.text)
    assert "Just nu är din beställning hos Lisa" in text
    assert (
        "Anders på lagret packade din beställning den 20 november kl. 9.14 och lämnade över till Lisa på lagret."
        in text
    )
    assert "Dubbelt bubbelplast" in text
    assert "torsdag 26 november" in text


async def test_what_stands_on_top_is_not_said_again_below_until_the_next_step(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    await packed(shop)
    url, sentence = f"/t/{await shop.token()}", "Anders på lagret packade din beställning den 20 november kl. 9.14"
    top, _, chain = text_of((await client.get(url, headers=SV)).text).partition("Från hand till hand")
    assert sentence in top and "Dubbelt bubbelplast" in top
    assert "Packad den 20 november kl. 9.14" in chain
    assert sentence not in chain and "Dubbelt bubbelplast" not in chain
    await log_step(shop.desk, shop.id, "1001", StepToLog("shipped", "lisa"))
    top, _, chain = text_of((await client.get(url, headers=SV)).text).partition("Från hand till hand")
    assert "Anders" not in top
    assert sentence in chain and "Dubbelt bubbelplast" in chain


async def test_an_unchanged_page_costs_a_304_and_a_new_step_a_new_page(shop: Shop, client: httpx2.AsyncClient) -> None:
    await packed(shop)
    url = f"/t/{await shop.token()}"
    first = await client.get(url)
    again = await client.get(url, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await log_step(shop.desk, shop.id, "1001", StepToLog("shipped", "lisa"))
    new = await client.get(url, headers={"If-None-Match": first.headers["etag"]})
    assert new.status_code == 200
    assert new.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize("dead", ["unknown", "malformed", "revoked", "rotated", "expired"])
@time_machine.travel(SOON_AFTER)
async def test_every_dead_link_gets_the_same_answer(shop: Shop, client: httpx2.AsyncClient, dead: str) -> None:
    await packed(shop)
    token = await shop.token()
    if dead == "revoked":
        await orders.revoke_links(shop.desk, shop.id, "1001")
    elif dead == "rotated":
        await orders.rotate_link(shop.desk, shop.id, "1001")
    elif dead == "expired":
        await log_step(shop.desk, shop.id, "1001", StepToLog("cancelled", None))
    else:
        token = "A" * 43 if dead == "unknown" else "not-a-token"
    travel = datetime(2027, 3, 1, tzinfo=UTC) if dead == "expired" else datetime(2026, 11, 22, tzinfo=UTC)
    with time_machine.travel(travel, tick=False):
        gone = await client.get(f"/t/{token}")
        other = await client.get(f"/t/{'B' * 42}A")
    assert (gone.status_code, gone.text) == (404, other.text)


async def test_the_language_is_asked_for_then_accepted_then_the_orders(shop: Shop, client: httpx2.AsyncClient) -> None:
    await packed(shop)
    url = f"/t/{await shop.token()}"
    assert '<html lang="sv">' in (await client.get(url)).text
    assert '<html lang="en">' in (await client.get(url, headers={"Accept-Language": "en-GB,en;q=0.9"})).text
    assert '<html lang="sv">' in (await client.get(f"{url}?lang=sv", headers={"Accept-Language": "en"})).text
    assert '<html lang="sv">' in (await client.get(url, headers={"Accept-Language": "ja"})).text


@time_machine.travel(SOON_AFTER)
async def test_the_facts_have_the_contracts_names(shop: Shop, client: httpx2.AsyncClient) -> None:
    step = await packed(shop)
    parcel = Parcel("RR1", "PostNord", "RR1", "https://tracking.example/RR1")
    await log_step(shop.desk, shop.id, "1001", StepToLog("shipped", "lisa", lines=(("1", None),), parcel=parcel))
    token = await shop.token()
    facts = (await client.get(f"/t/{token}.json", headers=SV)).json()
    assert facts["order"] == {
        "number": "1001",
        "state": "shipped",
        "placed_at": "2026-11-19T14:32:00+01:00",
        "method": "parcel",
        "promise": {"from": "2026-11-25", "to": "2026-11-26", "source": "shop"},
        "late": False,
        "collect": None,
        "version": 3,
    }
    assert facts["holder"] == {"name": "Lisa", "role": "lagret", "photo_url": None, "visibility": "photo"}
    assert facts["lines"][0] == {
        "title": "Skrattande mugg",
        "quantity": 2,
        "shipped": 2,
        "backordered": 0,
        "cancelled": 0,
        "returned": 0,
        "expected": None,
    }
    assert facts["parcels"] == [
        {
            "carrier": "PostNord",
            "tracking_number": "RR1",
            "tracking_url": "https://tracking.example/RR1",
            "expected": None,
            "lines": ["1"],
        }
    ]
    event = facts["events"][1]
    assert event["id"] == step
    assert event["at"] == "2026-11-20T09:14:00+01:00"
    assert event["sentence"] == (
        "Anders på lagret packade din beställning den 20 november kl. 9.14 och lämnade över till Lisa på lagret."
    )
    assert event["feedback_url"] == f"http://127.0.0.1:8000/t/{token}/steps/{step}/feedback"
    assert facts["next"] == {"step": "shipped", "expected": None}


async def test_parcels_are_numbered_as_they_came_on_the_page_in_the_facts_and_in_the_table(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    titles = {"z": "Mugg", "b": "Lampa", "m": "Vas"}
    await shop.order(lines=tuple(IncomingLine(key, title, 1) for key, title in titles.items()))
    for hour, key in enumerate(titles):
        at = Moment(datetime(2026, 11, 20, 8 + hour, tzinfo=UTC), "+01:00", "minute")
        parcel = Parcel(f"{key}-parcel", "PostNord", f"RR-{key}")
        told = StepToLog("shipped", "lisa", at, lines=((key, 1),), parcel=parcel)
        await log_step(shop.desk, shop.id, "1001", told)
    token, row = await shop.token(), await shop.row()
    async with shop.desk.db.read() as conn:
        kept = [parcel.tracking_number for parcel in await order_rows.list_parcels(conn, shop.id, row.id)]
    facts = (await client.get(f"/t/{token}.json", headers=SV)).json()
    page = text_of((await client.get(f"/t/{token}", headers=SV)).text)
    assert kept == ["RR-z", "RR-b", "RR-m"]
    assert [parcel["tracking_number"] for parcel in facts["parcels"]] == kept
    assert [line["title"] for line in facts["lines"]] == list(titles.values())
    places = [page.rindex(f"Paket {number}") for number in (1, 2, 3)]
    things = [page.rindex(title) for title in titles.values()]
    assert sorted([*places, *things]) == [place for both in zip(places, things, strict=True) for place in both]


async def test_a_correction_leaves_the_step_standing_marked(shop: Shop, client: httpx2.AsyncClient) -> None:
    step = await packed(shop)
    await correct_event(shop.desk, shop.id, "1001", step, by="olga", reason="Fel låda", source="staff")
    token = await shop.token()
    assert "Fel låda" in (await client.get(f"/t/{token}", headers=SV)).text
    events = (await client.get(f"/t/{token}.json")).json()["events"]
    assert [(e["step"], e["corrected"]) for e in events] == [("received", False), ("packed", True)]


async def test_whoever_takes_the_order_stands_in_place_of_its_coming_in(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order()
    token = await shop.token()
    assert "Orderteamet tog emot" in text_of((await client.get(f"/t/{token}", headers=SV)).text)
    await log_step(shop.desk, shop.id, "1001", StepToLog("received", "jocke", hand_to="anders"))
    text = text_of((await client.get(f"/t/{token}", headers=SV)).text)
    assert "Jocke på ordermottagningen tog emot" in text
    assert "Orderteamet tog emot" not in text


async def test_an_internal_step_leaves_the_last_visible_one_standing(shop: Shop, client: httpx2.AsyncClient) -> None:
    await packed(shop)
    async with shop.desk.db.read() as conn:
        step = (await shop.desk.casts.get(conn, shop.id)).steps["shipped"]
    await shops.put_step(shop.desk, shop.id, replace(step, key="checked", position=35, visible=False))
    await log_step(shop.desk, shop.id, "1001", StepToLog("checked", "sam"))
    text = text_of((await client.get(f"/t/{await shop.token()}", headers=SV)).text)
    assert "Anders på lagret packade din beställning" in text
    assert "Lagerteamet skickade" not in text


async def test_an_order_of_which_customers_see_no_step_yet_has_its_page(shop: Shop, client: httpx2.AsyncClient) -> None:
    async with shop.desk.db.read() as conn:
        step = (await shop.desk.casts.get(conn, shop.id)).steps["received"]
    await shops.put_step(shop.desk, shop.id, replace(step, visible=False))
    await shop.order()
    url = f"/t/{await shop.token()}"
    for path in (url, f"{url}.json", f"{url}/embed", f"{url}/card.png", f"{url}/strip.png"):
        assert (await client.get(path, headers=SV)).status_code == 200, path
    assert "Skrattande mugg" in text_of((await client.get(url, headers=SV)).text)


async def test_what_a_customer_or_a_colleague_writes_is_never_markup(shop: Shop, client: httpx2.AsyncClient) -> None:
    evil = "<script>alert(1)</script>{{7*7}}"
    await shop.order(customer_first_name=evil)
    step = (await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders", note=evil))).event.id
    row = await shop.row()
    await feedback.save_feedback(shop.desk, shop.id, row.id, step, Answer("thanks", words=evil))
    page = (await client.get(f"/t/{await shop.token()}")).text
    assert "<script>alert" not in page
    assert page.count("{{7*7}}") >= 2
    assert "&lt;script&gt;" in page


async def test_the_page_shows_no_address_and_no_mail(shop: Shop, client: httpx2.AsyncClient) -> None:
    await packed(shop)
    token = await shop.token()
    for url in (f"/t/{token}", f"/t/{token}.json"):
        assert "karin@example.com" not in (await client.get(url)).text


async def test_the_page_sets_no_cookie_and_loads_nothing_from_elsewhere(shop: Shop, client: httpx2.AsyncClient) -> None:
    await packed(shop)
    page = await client.get(f"/t/{await shop.token()}")
    assert "set-cookie" not in page.headers
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page.text)
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-robots-tag"].startswith("noindex")


async def test_somebody_without_a_team_is_called_by_the_shops_name_never_the_carriers(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    await people.choose_visibility(shop.desk, shop.id, await shop.person_id("olga"), "team", locale="sv")
    await shop.order()
    await log_step(shop.desk, shop.id, "1001", StepToLog("received", "jocke", hand_to="olga"))
    token = await shop.token()
    assert (await client.get(f"/t/{token}.json")).json()["holder"]["name"] == "Roliga Ting"
    text = text_of((await client.get(f"/t/{token}", headers=SV)).text)
    assert "lämnade den vidare till Roliga Ting." in text
    assert "Fraktbolaget" not in text
    assert "Olga" not in text
