from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.incoming import (
    IncomingLinesCancelled,
    IncomingRemoval,
    IncomingStepTakenBack,
    already_told,
)
from storefront_trace.integrations import shopify
from tests.integrations.samples import ZONE, body, cancelled_lines, dump, keys, order, raw, steps, taken_back


def parse(topic: str, told: dict[str, Any] | bytes) -> tuple[Any, ...]:
    return shopify.parse(topic, told if isinstance(told, bytes) else dump(told), zone=ZONE)


def test_an_order_tells_its_facts_and_that_it_was_received() -> None:
    facts = parse("orders/create", raw("shopify/order"))
    found = order(facts)
    assert (found.number, found.external_id, found.locale) == ("RT-1001", "6123456789012", "sv-SE")
    assert (found.promise_from, found.promise_to, found.cancelled_at, found.test) == (None, None, None, False)
    assert found.lines[0].variant == "Gul"
    received = steps(facts)["received"]
    assert received.source_key == "order:6123456789012:received"
    assert (received.at, received.zone, received.precision) == (found.placed_at, ZONE, "second")
    assert not received.carrier_scan
    assert (received.external_order_id, received.number) == (found.external_id, found.number)


def test_nobody_is_named_for_what_a_webhook_tells() -> None:
    told = raw("shopify/order_delivered")
    assert b"attributed_staffs" in told and b"777000111" in told
    for step in steps(parse("orders/updated", told)).values():
        assert step.by is None and step.hand_to is None and step.note is None


@pytest.mark.parametrize("topic", sorted(shopify.ORDER_TOPICS))
def test_every_topic_with_an_order_body_reads_the_same(topic: str) -> None:
    assert parse(topic, raw("shopify/order")) == parse("orders/create", raw("shopify/order"))


def test_unknown_topics_say_nothing_and_are_not_even_read() -> None:
    assert parse("products/create", b"\xff") == ()
    assert parse("", b"\xff") == ()


def test_a_cancelled_order_is_cancelled_when_shopify_says() -> None:
    facts = parse("orders/cancelled", body("shopify/order", cancelled_at="2026-11-19T16:00:00+01:00"))
    assert list(steps(facts)) == ["received", "cancelled"]
    assert steps(facts)["cancelled"].at == order(facts).cancelled_at == datetime(2026, 11, 19, 15, tzinfo=UTC)
    assert steps(facts)["cancelled"].lines == ()


def test_a_deleted_order_is_removed() -> None:
    assert parse("orders/delete", {"id": 6123456789012}) == (
        IncomingRemoval("6123456789012", "order:6123456789012:removed"),
    )


@pytest.mark.parametrize(
    ("status", "number", "shipped"),
    [
        ("success", "SYNTH0001SE", True),
        ("success", None, True),
        ("open", "SYNTH0001SE", True),
        ("pending", "SYNTH0001SE", True),
        ("open", None, False),
        ("pending", None, False),
        (None, None, False),
        ("a_status_of_next_year", None, False),
        ("cancelled", "SYNTH0001SE", False),
        ("failure", "SYNTH0001SE", False),
        ("error", None, False),
    ],
)
def test_a_fulfilment_ships_when_it_succeeded_or_can_be_tracked(
    status: str | None, number: str | None, shipped: bool
) -> None:
    numbers = [number] if number else []
    untracked = {"tracking_url": None, "tracking_urls": []}
    told = body("shopify/fulfillment", status=status, tracking_number=number, tracking_numbers=numbers, **untracked)
    facts = parse("fulfillments/update", told)
    assert list(steps(facts)) == (["shipped"] if shipped else [])
    assert taken_back(facts) == (["fulfillment:5550001:"] if status in ("cancelled", "failure", "error") else [])


def test_a_shipped_parcel_knows_its_carrier_number_link_and_lines() -> None:
    shipped = steps(parse("fulfillments/create", raw("shopify/fulfillment")))["shipped"]
    assert shipped.parcel is not None
    assert (shipped.parcel.key, shipped.parcel.carrier) == ("fulfillment:5550001", "PostNord")
    assert shipped.parcel.tracking_number == "SYNTH0001SE"
    assert shipped.parcel.tracking_url == "https://tracking.example/SYNTH0001SE"
    assert shipped.lines == shipped.parcel.lines == (("14123456789011", 2),)
    assert (shipped.external_order_id, shipped.number) == ("6123456789012", "RT-1001")
    assert not shipped.carrier_scan


@pytest.mark.parametrize(
    ("name", "number"),
    [("#RT-1001.1", "RT-1001"), ("#1001.12", "1001"), ("#A.B.2", "A.B"), ("#1001", None), ("", None), (None, None)],
)
def test_a_fulfilments_name_gives_the_orders_number(name: str | None, number: str | None) -> None:
    assert steps(parse("fulfillments/create", body("shopify/fulfillment", name=name)))["shipped"].number == number


def test_lines_that_are_not_shipped_are_left_out_of_a_parcel() -> None:
    told = body("shopify/fulfillment")
    told["line_items"].append(body("shopify/fulfillment_gift_card")["line_items"][0])
    assert steps(parse("fulfillments/create", told))["shipped"].lines == (("14123456789011", 2),)


def test_what_was_taken_back_stays_taken_back() -> None:
    (fact,) = parse("fulfillments/update", raw("shopify/fulfillment_cancelled"))
    assert isinstance(fact, IncomingStepTakenBack) and fact.final
    assert fact.at == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert fact.source_key == "fulfillment:5550001:cancelled"


@pytest.mark.parametrize(
    ("status", "step"),
    [("in_transit", "in_transit"), ("out_for_delivery", "out_for_delivery"), ("delivered", "delivered"),
     ("failure", "delayed"), ("confirmed", None), ("label_printed", None), ("new_one", None), (None, None)],
)  # fmt: skip
def test_a_fulfilments_shipment_status_is_the_carriers_word(status: str | None, step: str | None) -> None:
    told = body("shopify/fulfillment", shipment_status=status, updated_at="2026-11-21T13:40:00+01:00")
    facts = parse("fulfillments/update", told)
    assert list(steps(facts)) == ["shipped", *([step] if step else [])]
    if step:
        scan = steps(facts)[step]
        assert scan.carrier_scan and scan.at == datetime(2026, 11, 21, 12, 40, tzinfo=UTC)


def test_the_status_and_the_scan_of_one_delivery_are_one_fact() -> None:
    status = parse("fulfillments/update", body("shopify/fulfillment", shipment_status="delivered"))
    scan = parse("fulfillment_events/create", body("shopify/fulfillment_event", status="delivered"))
    assert keys(scan) == [steps(status)["delivered"].source_key]


def test_a_scan_says_more_than_the_status_that_repeats_it() -> None:
    status = steps(parse("fulfillments/update", body("shopify/fulfillment", shipment_status="in_transit")))[
        "in_transit"
    ]
    scans = keys(parse("fulfillment_events/create", body("shopify/fulfillment_event", status="in_transit")))
    assert already_told(status.source_key, scans)
    assert not already_told(scans[0], [status.source_key])
    assert not already_told("fulfillment:5550001:in", scans)


def test_scans_of_one_day_are_one_fact_and_of_two_days_two() -> None:
    def scanned(at: str, event: int) -> list[str]:
        told = body("shopify/fulfillment_event", status="in_transit", happened_at=at, id=event)
        return keys(parse("fulfillment_events/create", told))

    assert scanned("2026-11-20T21:00:00+01:00", 1) == scanned("2026-11-20T23:00:00+01:00", 2)
    assert scanned("2026-11-20T21:00:00+01:00", 1) != scanned("2026-11-21T21:00:00+01:00", 2)


def test_goods_that_came_back_are_returned_and_money_alone_is_not() -> None:
    facts = parse("refunds/create", raw("shopify/refund_returned"))
    assert steps(facts)["returned"].lines == (("14123456789011", 1),)
    assert keys(facts) == ["refund:9990001:returned"] and cancelled_lines(facts) == []


@pytest.mark.parametrize("kind", ["cancel", "no_restock", "legacy_restock", None, "new_one"])
def test_a_refund_without_a_return_only_cancels_pieces(kind: str | None) -> None:
    told = body("shopify/refund_cancelled")
    told["refund_line_items"][0]["restock_type"] = kind
    assert parse("refunds/create", told) == (
        IncomingLinesCancelled(
            "6123456789012",
            None,
            "refund:9990003:cancelled",
            datetime(2026, 11, 19, 14, tzinfo=UTC),
            (("14123456789012", 1),),
        ),
    )


def test_a_refund_of_money_alone_says_nothing() -> None:
    assert parse("refunds/create", body("shopify/refund_returned", refund_line_items=[])) == ()


def test_the_order_body_tells_all_that_the_single_webhooks_told() -> None:
    whole = parse("orders/updated", raw("shopify/order_delivered"))
    assert keys(whole) == [
        "order:6123456789012:received",
        "fulfillment:5550001:shipped",
        "fulfillment:5550001:delivered",
        "fulfillment:5550002:emailed",
        "refund:9990001:returned",
    ]
    single = parse("refunds/create", raw("shopify/refund_returned"))
    assert steps(single)["returned"].lines == steps(whole)["returned"].lines


def test_pieces_are_cancelled_when_taken_out_and_not_when_sent_and_paid_back() -> None:
    lines = order(parse("orders/updated", raw("shopify/order_delivered"))).lines
    assert [(line.quantity, line.cancelled) for line in lines] == [(2, 0), (1, 1), (1, 0)]
    kept = body("shopify/order_delivered")
    kept["refunds"][0]["refund_line_items"][0]["restock_type"] = "no_restock"
    assert [line.cancelled for line in order(parse("orders/updated", kept)).lines] == [0, 1, 0]


def test_a_line_edited_down_to_less_is_cancelled_without_any_refund() -> None:
    told = body("shopify/order")
    told["line_items"][0]["current_quantity"] = 1
    assert order(parse("orders/updated", told)).lines[0].cancelled == 1


def test_without_a_current_quantity_the_refunds_are_counted() -> None:
    told = body("shopify/order_delivered")
    for line in told["line_items"]:
        del line["current_quantity"]
    assert [line.cancelled for line in order(parse("orders/updated", told)).lines] == [0, 1, 0]


@pytest.mark.parametrize(
    ("topic", "told"),
    [
        ("orders/create", {"id": 1}),
        ("orders/create", {"name": "#1"}),
        ("orders/create", {"id": 1, "name": "#"}),
        ("orders/create", {"id": 1, "name": "#1", "line_items": [{"title": "no id"}]}),
        ("orders/create", {"id": 1, "name": "#1", "line_items": [{"id": 1, "quantity": 1}, {"id": 1, "quantity": 1}]}),
        ("orders/create", {"id": 1, "name": "#1", "line_items": {}}),
        ("orders/create", {"id": 1, "name": "#1", "created_at": "yesterday"}),
        ("orders/create", {"id": [], "name": "#1"}),
        ("orders/delete", {}),
        ("fulfillments/create", {"id": 1, "status": "success"}),
        ("fulfillments/create", {"id": 1, "order_id": 1, "status": "success", "line_items": [{"id": 1}]}),
        ("fulfillment_events/create", {"id": 1, "order_id": 1, "status": "delivered", "happened_at": "2026-11-19"}),
        ("fulfillment_events/create", {"id": 1, "order_id": 1, "fulfillment_id": 2, "status": "delivered"}),
        ("refunds/create", {"id": 1}),
    ],
)
def test_a_body_without_what_is_needed_is_refused(topic: str, told: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        parse(topic, told)


@pytest.mark.parametrize(
    ("kind", "status", "paid"), [("refund", "success", True), ("refund", "failure", False), ("void", "success", False)]
)
def test_money_that_went_back_is_a_step_of_its_own(kind: str, status: str, paid: bool) -> None:
    told = body("shopify/refund_returned", transactions=[{"kind": kind, "status": status, "amount": "149.00"}])
    found = steps(parse("refunds/create", told))
    assert ("refunded" in found, "returned" in found) == (paid, True)
    if paid:
        assert found["refunded"].lines == found["returned"].lines
    assert b"149.00" not in shopify.scrub(dump(told))
    assert steps(parse("refunds/create", shopify.scrub(dump(told)))).keys() == found.keys()


@pytest.mark.parametrize(
    ("category", "method"), [("local_pickup", "pickup"), ("local_delivery", "local"), ("something", None), (None, None)]
)
def test_how_an_order_comes_is_known_where_a_shipping_line_says_so(category: str | None, method: str | None) -> None:
    told = body("shopify/order", shipping_lines=[{"title": "Frakt", "delivery_category": category}])
    assert order(parse("orders/create", told)).method == method
    assert order(parse("orders/create", shopify.scrub(dump(told)))).method == method


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-11-25T00:00:00Z", "2026-11-25"),
        ("2026-11-25T00:00:00+01:00", "2026-11-25"),
        ("2026-11-24T23:00:00Z", "2026-11-25"),
        ("2026-11-25T18:00:00-05:00", "2026-11-25"),
    ],
)
def test_the_day_a_carrier_expects_is_the_day_it_meant(written: str, day: str) -> None:
    told = body("shopify/fulfillment_event", estimated_delivery_at=written)
    (found,) = steps(parse("fulfillment_events/create", shopify.scrub(dump(told)))).values()
    assert found.parcel is not None
    assert str(found.parcel.expected_from) == str(found.parcel.expected_to) == day
