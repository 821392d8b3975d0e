"""What real bodies held that nobody would expect, each with the number it has in the list of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from storefront_trace.integrations import shopify, woocommerce
from tests.integrations.samples import ZONE, body, dump, keys, order, raw, steps, taken_back


def test_surprise_01_ids_beyond_2_to_the_53_stay_exact() -> None:
    exact = shopify.parse("orders/create", dump(body("shopify/order", id=912345678901234567)), zone=ZONE)
    assert order(exact).external_id == "912345678901234567"
    rounded = shopify.parse("orders/create", raw("shopify/order_sample"), zone=ZONE)
    assert b"912345678901234600" in raw("shopify/order_sample")
    assert order(rounded).external_id == "912345678901234567"
    assert [line.key for line in order(rounded).lines] == ["712345678901234567"]
    woo = woocommerce.parse("order.created", dump(body("woocommerce/order_processing", id=2**53 + 1)), zone=ZONE)
    assert order(woo).external_id == "9007199254740993"


def test_surprise_01_another_objects_global_id_is_not_taken_for_this_one() -> None:
    other = body("shopify/order", id=912345678901234567, admin_graphql_api_id="gid://shopify/Order/912345678901999999")
    assert order(shopify.parse("orders/create", dump(other), zone=ZONE)).external_id == "912345678901234567"


def test_surprise_02_an_order_without_any_customer_is_still_an_order() -> None:
    facts = shopify.parse("orders/create", raw("shopify/order_bare"), zone=ZONE)
    assert (order(facts).customer_first_name, order(facts).customer_email, order(facts).locale) == (None, None, None)
    assert order(facts).number == "RT-1002"
    assert list(steps(facts)) == ["received"]


def test_surprise_03_three_people_in_one_order_become_the_account_name_and_the_orders_own_address() -> None:
    told = body("shopify/order", email="order@example.org")
    told["customer"].update(first_name="Konto", email="account@example.org")
    told["shipping_address"]["first_name"] = "Mottagare"
    found = order(shopify.parse("orders/create", dump(told), zone=ZONE))
    assert (found.customer_first_name, found.customer_email) == ("Konto", "order@example.org")


def test_surprise_04_the_test_notification_never_opens_a_page_that_is_being_packed() -> None:
    facts = shopify.parse("orders/updated", raw("shopify/order_sample"), zone=ZONE)
    assert order(facts).test and order(facts).cancelled_at == datetime(2022, 1, 1, tzinfo=UTC)
    assert list(steps(facts)) == ["cancelled"]
    waiting = dump(body("shopify/order_sample", cancelled_at=None))
    assert shopify.parse("orders/create", waiting, zone=ZONE) == ()


def test_surprise_04_a_confirmed_test_order_is_shown_so_that_an_owner_can_try_it() -> None:
    facts = shopify.parse("orders/create", dump(body("shopify/order", test=True)), zone=ZONE)
    assert order(facts).test and list(steps(facts)) == ["received"]


def test_surprise_05_times_that_are_null_are_simply_not_known() -> None:
    told = body("shopify/order", processed_at=None, closed_at=None, updated_at=None)
    facts = shopify.parse("orders/create", dump(told), zone=ZONE)
    assert order(facts).updated_at is None
    assert order(facts).placed_at == datetime(2026, 11, 19, 13, 32, 8, tzinfo=UTC)
    nothing = shopify.parse("orders/create", dump({**told, "created_at": None}), zone=ZONE)
    assert order(nothing).placed_at is None and keys(nothing) == []


def test_surprise_06_the_same_product_twice_is_two_lines() -> None:
    lines = order(shopify.parse("orders/create", raw("shopify/order"), zone=ZONE)).lines
    mugs = [(line.key, line.quantity) for line in lines if line.sku == "MUG-1"]
    assert mugs == [("14123456789011", 2), ("14123456789012", 1)]


def test_surprise_07_a_cancelled_fulfilment_takes_its_parcel_back_and_ships_nothing() -> None:
    facts = shopify.parse("fulfillments/update", raw("shopify/fulfillment_cancelled"), zone=ZONE)
    assert keys(facts) == []
    assert taken_back(facts) == ["fulfillment:5550001:"]
    shipped = shopify.parse("fulfillments/create", raw("shopify/fulfillment"), zone=ZONE)
    assert keys(shipped)[0].startswith(taken_back(facts)[0])


def test_surprise_08_a_gift_card_is_not_shipped_but_sent_by_mail() -> None:
    (sent,) = steps(shopify.parse("fulfillments/create", raw("shopify/fulfillment_gift_card"), zone=ZONE)).values()
    assert (sent.step, len(sent.lines), sent.parcel, sent.carrier_scan) == ("emailed", 1, None, False)
    lines = order(shopify.parse("orders/create", raw("shopify/order"), zone=ZONE)).lines
    assert [line.shippable for line in lines] == [True, True, False]


@pytest.mark.parametrize(
    ("number", "numbers", "expected"),
    [
        (None, [], None),
        (None, ["A1"], "A1"),
        ("A1", [], "A1"),
        ("A1", ["A1"], "A1"),
        ("A1", ["A1", "B2"], "A1, B2"),
        ("", [""], None),
        (None, None, None),
    ],
)
def test_surprise_09_one_tracking_number_several_or_none(
    number: str | None, numbers: list[str] | None, expected: str | None
) -> None:
    told = body("shopify/fulfillment", tracking_number=number, tracking_numbers=numbers)
    parcel = steps(shopify.parse("fulfillments/create", dump(told), zone=ZONE))["shipped"].parcel
    assert parcel is not None and parcel.tracking_number == expected


SCANS = {
    "label_purchased": None,
    "label_printed": None,
    "confirmed": None,
    "ready_for_pickup": "ready_for_pickup",
    "carrier_picked_up": "in_transit",
    "in_transit": "in_transit",
    "out_for_delivery": "out_for_delivery",
    "attempted_delivery": "delayed",
    "delayed": "delayed",
    "failure": "delayed",
    "delivered": "delivered",
    "picked_up": "picked_up",
    "a_status_of_next_year": None,
    None: None,
}


@pytest.mark.parametrize(("status", "step"), SCANS.items())
def test_surprise_10_a_scan_is_one_of_our_steps_by_the_carrier_or_nothing(status: str | None, step: str | None) -> None:
    told = body("shopify/fulfillment_event", status=status)
    facts = shopify.parse("fulfillment_events/create", dump(told), zone=ZONE)
    assert list(steps(facts)) == ([step] if step else [])
    for scan in steps(facts).values():
        assert scan.carrier_scan and scan.note is None and scan.by is None
        assert scan.parcel is not None and scan.parcel.key == "fulfillment:5550001"


def test_surprise_11_shopify_times_have_an_offset_and_woocommerce_times_have_none() -> None:
    paris = order(shopify.parse("orders/create", raw("shopify/order"), zone=ZONE))
    assert (paris.placed_at, paris.zone) == (datetime(2026, 11, 19, 13, 32, 8, tzinfo=UTC), ZONE)
    moved = body("shopify/order", created_at="2026-11-19T09:32:08-04:00")
    assert order(shopify.parse("orders/create", dump(moved), zone=ZONE)).zone == "-04:00"
    woo = order(woocommerce.parse("order.created", raw("woocommerce/order_processing"), zone=ZONE))
    assert (woo.placed_at, woo.zone) == (datetime(2026, 11, 19, 13, 32, 8, tzinfo=UTC), ZONE)


def test_surprise_11_woocommerces_local_time_counts_when_there_is_no_other() -> None:
    told = body("woocommerce/order_processing", date_created_gmt=None, date_created="2026-07-19T14:32:08")
    found = order(woocommerce.parse("order.created", dump(told), zone=ZONE))
    assert found.placed_at == datetime(2026, 7, 19, 12, 32, 8, tzinfo=UTC)


def test_surprise_11_equal_local_and_utc_times_are_utc() -> None:
    told = body("woocommerce/order_processing", date_created="2026-11-19T13:32:08")
    found = order(woocommerce.parse("order.created", dump(told), zone=ZONE))
    assert found.placed_at == datetime(2026, 11, 19, 13, 32, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("billing", "shipping", "expected"),
    [
        ({"first_name": "Ada"}, {"first_name": ""}, "Ada"),
        ({"first_name": ""}, {"first_name": "Bo"}, "Bo"),
        ({"first_name": "", "last_name": "Cia Provsson"}, {"first_name": "", "last_name": ""}, "Cia"),
        ({"first_name": "", "last_name": "Provsson"}, {"first_name": "", "last_name": ""}, None),
        ({"first_name": "", "last_name": ""}, {"first_name": "", "last_name": ""}, None),
        ({"first_name": "  "}, {"first_name": None}, None),
        ({}, {}, None),
    ],
)
def test_surprise_12_empty_names_fall_back_and_end_at_none(
    billing: dict[str, str], shipping: dict[str, str], expected: str | None
) -> None:
    told = body("woocommerce/order_processing", billing={**billing, "email": ""}, shipping=shipping)
    found = order(woocommerce.parse("order.created", dump(told), zone=ZONE))
    assert (found.customer_first_name, found.customer_email) == (expected, None)


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ({"id": "", "src": ""}, None),
        ({"id": "88", "src": "https://shop.example/mugg.jpg"}, "https://shop.example/mugg.jpg"),
        ({"id": 88, "src": "javascript:alert(1)"}, None),
        ({"id": 88, "src": None}, None),
        (None, None),
        ([], None),
    ],
)
def test_surprise_13_an_image_may_be_an_object_full_of_nothing(image: object, expected: str | None) -> None:
    told = body("woocommerce/order_processing")
    told["line_items"][0]["image"] = image
    assert order(woocommerce.parse("order.created", dump(told), zone=ZONE)).lines[0].image_url == expected


def test_surprise_14_html_entities_in_names_are_read() -> None:
    lines = order(woocommerce.parse("order.created", raw("woocommerce/order_processing"), zone=ZONE)).lines
    assert [line.title for line in lines] == ["Skrattande mugg × 2 & fat", "Knorrig sked × 1"]


def test_surprise_15_links_to_another_host_are_neither_read_nor_kept() -> None:
    told = body("woocommerce/order_processing")
    without = {key: value for key, value in told.items() if key not in ("_links", "payment_url")}
    assert b"other.example" in dump(told)
    assert woocommerce.parse("order.created", dump(told), zone=ZONE) == woocommerce.parse(
        "order.created", dump(without), zone=ZONE
    )
    assert b"other.example" not in woocommerce.scrub(dump(told))


@pytest.mark.parametrize("name", ["shopify/order", "shopify/order_delivered", "shopify/fulfillment"])
def test_surprise_16_what_shopify_sends_too_much_of_is_dropped(name: str) -> None:
    kept = shopify.scrub(raw(name)).decode()
    for secret in ("203.0.113.77", "Synthetic/1.0", "synthetic-", "Låtsasgatan", "99999", "Testsson", "46700000000"):
        assert secret not in kept
    assert "777000111" not in kept and "59.1234" not in kept and "about somebody" not in kept


@pytest.mark.parametrize("name", ["order_processing", "order_completed"])
def test_surprise_16_what_woocommerce_sends_too_much_of_is_dropped(name: str) -> None:
    kept = woocommerce.scrub(raw(f"woocommerce/{name}")).decode()
    for secret in ("203.0.113.77", "Synthetic/1.0", "synthetic", "wc_order", "Låtsasgatan", "99999", "0700000000"):
        assert secret not in kept
    assert "stripe" not in kept and "attribution" not in kept and "Testsson" not in kept


def test_surprise_24_redacted_people_are_nobody() -> None:
    told = body("shopify/order", email=None, contact_email=None, phone=None)
    nobody = dict.fromkeys(told["customer"])
    told.update(customer=nobody, shipping_address=dict.fromkeys(told["shipping_address"]), billing_address=None)
    found = order(shopify.parse("orders/create", dump(told), zone=ZONE))
    assert (found.customer_first_name, found.customer_email) == (None, None)
    assert len(found.lines) == 3
