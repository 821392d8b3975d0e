from __future__ import annotations

from typing import Any

import httpx2
import pytest
import sqlalchemy as sa

from storefront_trace.actions import orders
from storefront_trace.config import Settings
from storefront_trace.storage import events
from tests.api.callers import ORDER, Machine, machine
from tests.people import Shop


@pytest.fixture
async def api(client: httpx2.AsyncClient, shop: Shop) -> Machine:
    return await machine(client, shop)


async def test_an_order_is_created_once_and_then_updated(api: Machine, settings: Settings) -> None:
    made = await api("PUT", "/orders/1001", ORDER)
    again = await api("PUT", "/orders/1001", ORDER)
    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json() == again.json()
    order = made.json()
    assert (order["number"], order["state"], order["version"]) == ("1001", "received", 1)
    assert order["tracking_url"].startswith(f"{settings.public_url}/t/")
    assert order["placed_at"] == "2026-11-19T14:32:00+01:00"
    assert order["promise"] == {"from": "2026-11-25", "to": "2026-11-26"}
    assert order["customer"] == {"first_name": "Karin", "email": "karin@example.com", "locale": "sv"}
    assert order["holder"] == {"person": None, "team": "orders"}
    assert made.headers["cache-control"] == "no-store"


async def test_a_changed_order_has_a_higher_version(api: Machine) -> None:
    await api("PUT", "/orders/1001", ORDER)
    changed = await api("PUT", "/orders/1001", {**ORDER, "promise": None})
    assert (changed.json()["version"], changed.json()["promise"]) == (2, None)


async def test_lines_come_back_as_they_went_in(api: Machine) -> None:
    lines = (await api("PUT", "/orders/1001", ORDER)).json()["lines"]
    assert [(line["key"], line["title"], line["quantity"], line["backordered"]) for line in lines] == [
        ("1", "Skrattande mugg", 2, 0),
        ("2", "Igelkottslampa", 1, 1),
    ]
    assert (lines[0]["shipped"], lines[1]["expected"]) == (0, "2026-12-02")


async def test_the_tracking_url_opens_the_orders_page(api: Machine, client: httpx2.AsyncClient) -> None:
    url = (await api("PUT", "/orders/1001", ORDER)).json()["tracking_url"]
    assert (await client.get(url)).status_code == 200


async def test_a_revoked_link_leaves_no_url(api: Machine, shop: Shop) -> None:
    await api("PUT", "/orders/1001", ORDER)
    await orders.revoke_links(shop.desk, shop.id, "1001")
    assert (await api("GET", "/orders/1001")).json()["tracking_url"] is None


async def test_an_order_without_customer_or_time_is_fine(api: Machine) -> None:
    made = await api("PUT", "/orders/A 7_b", {"lines": [{"key": "1", "title": "Mugg"}]})
    assert made.status_code == 201
    assert made.json()["customer"] == {"first_name": None, "email": None, "locale": None}


async def test_a_logged_step_says_who_and_where_it_left_the_order(api: Machine) -> None:
    await api("PUT", "/orders/1001", ORDER)
    told = {
        "step": "packed",
        "by": "anders",
        "at": "2026-11-20T09:14:00+01:00",
        "note": "Dubbelt bubbelplast",
        "hand_to": "lisa",
        "lines": ["1"],
        "parcel": {"carrier": "PostNord", "tracking_number": "00370"},
    }
    logged = await api("POST", "/orders/1001/events", told)
    assert logged.status_code == 201
    event = logged.json()
    assert event["order"] == {"number": "1001", "state": "packed", "version": 2}
    assert {key: event[key] for key in ("step", "by", "at", "note", "hand_to", "team", "precision")} == {
        "step": "packed",
        "by": "anders",
        "at": "2026-11-20T09:14:00+01:00",
        "note": "Dubbelt bubbelplast",
        "hand_to": "lisa",
        "team": "warehouse",
        "precision": "second",
    }
    order = (await api("GET", "/orders/1001")).json()
    assert [e["step"] for e in order["events"]] == ["received", "packed"]
    assert order["events"][1]["id"] == event["id"]
    assert order["holder"] == {"person": "lisa", "team": "warehouse"}
    assert [parcel["tracking_number"] for parcel in order["parcels"]] == ["00370"]


async def test_a_step_without_a_person_belongs_to_its_team(api: Machine) -> None:
    await api("PUT", "/orders/1001", ORDER)
    event = (await api("POST", "/orders/1001/events", {"step": "picked"})).json()
    assert (event["by"], event["team"]) == (None, "warehouse")


async def test_some_of_a_line_can_be_shipped(api: Machine) -> None:
    await api("PUT", "/orders/1001", ORDER)
    await api("POST", "/orders/1001/events", {"step": "shipped", "lines": [{"key": "1", "quantity": 1}]})
    assert (await api("GET", "/orders/1001")).json()["lines"][0]["shipped"] == 1


async def test_an_instant_keeps_its_zone_and_a_day_is_a_day(api: Machine, shop: Shop) -> None:
    await api("PUT", "/orders/1001", ORDER)
    await api("POST", "/orders/1001/events", {"step": "picked", "at": "2026-11-20T09:14+01:00"})
    await api("POST", "/orders/1001/events", {"step": "packed", "at": "2026-11-20T03:14:00-05:00"})
    day = await api("POST", "/orders/1001/events", {"step": "delayed", "at": "2026-11-20[Europe/Stockholm]"})
    assert [(e.zone, e.precision) for e in await shop.events()][1:] == [
        ("Europe/Stockholm", "minute"),
        ("-05:00", "second"),
        ("Europe/Stockholm", "day"),
    ]
    assert (day.json()["at"], day.json()["precision"]) == ("2026-11-20", "day")


async def test_a_correction_marks_the_step_and_takes_the_order_back(api: Machine) -> None:
    await api("PUT", "/orders/1001", ORDER)
    packed = (await api("POST", "/orders/1001/events", {"step": "packed", "by": "anders"})).json()
    where = f"/orders/1001/events/{packed['id']}/correction"
    first, second = await api("POST", where), await api("POST", where, {"by": "anders", "reason": "Fel order"})
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert first.json()["event"] == packed["id"]
    assert first.json()["order"] == {"number": "1001", "state": "received", "version": 3}
    found = (await api("GET", "/orders/1001")).json()["events"]
    assert [(e["step"], e["corrected"]) for e in found] == [("received", False), ("packed", True)]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lines": []}, "lines"),
        ({"lines": [{"key": "1", "title": "x", "quantity": 0}]}, "lines.0.quantity"),
        ({"lines": [{"key": "1", "title": "x", "quantity": "2"}]}, "lines.0.quantity"),
        ({"lines": [{"key": "1", "title": "x", "quantity": 2**63}]}, "lines.0.quantity"),
        ({"lines": [{"key": "1", "title": "x", "backordered": 2}]}, "lines.0.backordered"),
        ({"lines": [{"key": "1", "title": "\u202e"}]}, "lines.0.title"),
        ({"lines": [{"key": "1", "title": "\u0958" * 200}]}, "lines.0.title"),  # twice as long in NFC
        ({"lines": [{"key": "\u0958" * 64, "title": "x"}]}, "lines.0.key"),
        ({"lines": [{"key": "1", "title": "x"}] * 2}, "lines"),
        ({"lines": [{"key": "1", "title": "x", "image_url": "javascript:alert(1)"}]}, "lines.0.image_url"),
        ({"lines": [{"key": "1", "title": "x", "expected": "2026-02-30"}]}, "lines.0.expected"),
        ({"placed_at": "2026-11-19T14:32:00"}, "placed_at"),
        ({"placed_at": "2026-11-19"}, "placed_at"),
        ({"customer": {"email": "karin@example.com\r\nBcc: all@example.com"}}, "customer.email"),
        ({"promise": {"from": "2026-11-26", "to": "2026-11-25"}}, "promise.to"),
        ({"prommise": None}, "prommise"),
        ({"number": "1002"}, "number"),
    ],
)
async def test_an_order_that_breaks_a_rule_is_refused_with_the_field(
    api: Machine, change: dict[str, Any], field: str
) -> None:
    refused = await api("PUT", "/orders/1001", {**ORDER, **change})
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == [field]
    assert (await api("GET", "/orders/1001")).status_code == 404


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"step": "juggled"}, "step"),
        ({"step": "packed", "by": "nobody"}, "by"),
        ({"step": "packed", "by": "nora"}, "by"),
        ({"step": "packed", "at": "2026-11-20T09:14:00"}, "at"),
        ({"step": "packed", "at": "2099-11-20T09:14:00Z"}, "at"),
        ({"step": "packed", "hand_to": "nowhere"}, "hand_to"),
        ({"step": "packed", "lines": ["9"]}, "lines"),
        ({"step": "packed", "note": "\u0958" * 1000}, "note"),
        ({"step": "packed", "parcel": {}}, "parcel"),
        ({"step": "packed", "parcel": {"carrier": "x", "tracking_url": "javascript:1"}}, "parcel.tracking_url"),
        ({}, "step"),
    ],
)
async def test_a_step_that_breaks_a_rule_is_refused_with_the_field(
    api: Machine, shop: Shop, told: dict[str, Any], field: str
) -> None:
    await api("PUT", "/orders/1001", ORDER)
    refused = await api("POST", "/orders/1001/events", told)
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == [field]
    assert len(await shop.events()) == 1


async def test_what_is_not_there_is_404(api: Machine) -> None:
    await api("PUT", "/orders/1001", ORDER)
    found = [
        await api("GET", "/orders/9999"),
        await api("POST", "/orders/9999/events", {"step": "packed"}),
        await api("POST", "/orders/1001/events/nothing/correction"),
    ]
    assert [answer.status_code for answer in found] == [404, 404, 404]


async def test_orders_are_listed_page_by_page_and_by_state(api: Machine) -> None:
    for number in ("1", "2", "3"):
        await api("PUT", f"/orders/{number}", ORDER)
    await api("POST", "/orders/2/events", {"step": "packed"})
    first = (await api("GET", "/orders?limit=2")).json()
    rest = (await api("GET", f"/orders?limit=2&cursor={first['next_cursor']}")).json()
    assert [item["number"] for item in (*first["items"], *rest["items"])] == ["1", "3", "2"]
    assert rest["next_cursor"] is None
    packed = (await api("GET", "/orders", params={"state": "packed", "updated_since": "2026-01-01T00:00:00Z"})).json()
    assert [item["number"] for item in packed["items"]] == ["2"]
    assert (await api("GET", "/orders", params={"updated_since": "2100-01-01T00:00:00Z"})).json()["items"] == []


@pytest.mark.parametrize(
    "query", ["cursor=garbage", "limit=0", "limit=101", "limit=5.0", "stat=packed", "limit=1&limit=2"]
)
async def test_a_query_that_cannot_be_understood_is_refused(api: Machine, query: str) -> None:
    assert (await api("GET", f"/orders?{query}")).status_code == 422


async def test_another_shops_token_sees_and_changes_nothing(
    api: Machine, client: httpx2.AsyncClient, shop: Shop
) -> None:
    await api("PUT", "/orders/1001", ORDER)
    event = (await shop.events())[0].id
    nora = await machine(client, shop, other_shop=True)
    assert (await nora("GET", "/orders")).json() == {"items": [], "next_cursor": None}
    assert (await nora("GET", "/orders/1001")).status_code == 404
    assert (await nora("POST", "/orders/1001/events", {"step": "packed"})).status_code == 404
    assert (await nora("POST", f"/orders/1001/events/{event}/correction")).status_code == 404
    assert (await nora("PUT", "/orders/1001", ORDER)).status_code == 201
    async with shop.desk.db.read() as conn:
        assert len(await events.list_events(conn, shop.id, (await shop.row()).id)) == 1


async def test_a_page_of_orders_takes_as_many_queries_as_one_order(api: Machine, shop: Shop) -> None:
    """And each order says there what it says by itself."""
    for number in ("1001", "1002", "1003"):
        await api("PUT", f"/orders/{number}", ORDER)
        await api("POST", f"/orders/{number}/events", {"step": "packed", "by": "anders", "lines": ["1"]})
    await api("POST", "/orders/1002/events", {"step": "shipped", "parcel": {"tracking_number": "SE1"}})
    asked: list[str] = []
    engine = shop.desk.db._reader.sync_engine
    sa.event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    one = (await api("GET", "/orders?limit=1")).json()["items"]
    count = len(asked)
    page = (await api("GET", "/orders")).json()["items"]
    assert (len(one), len(page), len(asked)) == (1, 3, 2 * count)
    assert page == [(await api("GET", f"/orders/{order['number']}")).json() for order in page]


async def test_a_number_that_comes_after_the_carrier_makes_no_second_parcel(api: Machine) -> None:
    await api("PUT", "/orders/1001", ORDER)
    await api("POST", "/orders/1001/events", {"step": "shipped", "parcel": {"carrier": "PostNord"}})
    days = {"from": "2026-11-24", "to": "2026-11-25"}
    parcel = {"carrier": "PostNord", "tracking_number": "RR1", "expected": days}
    await api("POST", "/orders/1001/events", {"step": "in_transit", "parcel": parcel})
    (shown,) = (await api("GET", "/orders/1001")).json()["parcels"]
    assert (shown["carrier"], shown["tracking_number"], shown["expected"]) == ("PostNord", "RR1", days)
    backwards = {**parcel, "expected": {"from": "2026-11-25", "to": "2026-11-24"}}
    assert (await api("POST", "/orders/1001/events", {"step": "in_transit", "parcel": backwards})).status_code == 422


async def test_how_an_order_comes_is_told_and_answered(api: Machine) -> None:
    assert (await api("PUT", "/orders/1001", ORDER)).json()["method"] == "parcel"
    assert (await api("PUT", "/orders/1001", {**ORDER, "method": "pickup"})).json()["method"] == "pickup"
    assert (await api("PUT", "/orders/1001", {**ORDER, "method": "drone"})).status_code == 422
    card = {**ORDER, "lines": [{"key": "1", "title": "Presentkort", "shippable": False}]}
    assert (await api("PUT", "/orders/1002", card)).json()["method"] == "digital"
