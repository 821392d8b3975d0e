from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.incoming import IncomingRemoval
from storefront_trace.integrations import woocommerce
from tests.integrations.samples import ZONE, body, dump, keys, order, raw, removals, steps, taken_back

SHIPPED_AT = datetime(2026, 11, 20, 8, 14, tzinfo=UTC)


def parse(topic: str, told: dict[str, Any] | bytes) -> tuple[Any, ...]:
    return woocommerce.parse(topic, told if isinstance(told, bytes) else dump(told), zone=ZONE)


def untracked(**changes: Any) -> dict[str, Any]:
    return body("woocommerce/order_completed", meta_data=[], **changes)


def test_a_paid_order_tells_its_facts_and_that_it_was_received() -> None:
    facts = parse("order.created", raw("woocommerce/order_processing"))
    found = order(facts)
    assert (found.number, found.external_id, found.locale) == ("RT-731", "731", "sv")
    assert (found.customer_first_name, found.customer_email) == ("Provkund", "prov.kund@example.org")
    assert [(line.key, line.quantity, line.backordered) for line in found.lines] == [("11", 2, 0), ("12", 1, 1)]
    assert list(steps(facts)) == ["received"]
    assert steps(facts)["received"].source_key == "order:731:received"


STATUSES = {
    "pending": None,
    "failed": None,
    "checkout-draft": None,
    "auto-draft": None,
    "on-hold": ["received"],
    "processing": ["received"],
    "a-plugins-own": ["received"],
    "partial-shipped": ["received"],
    "completed": ["received", "shipped"],
    "wc-completed": ["received", "shipped"],
    "shipped": ["received", "shipped"],
    "delivered": ["received", "shipped", "delivered"],
    "cancelled": ["received", "cancelled"],
    "refunded": ["received", "cancelled"],
}


@pytest.mark.parametrize(("status", "expected"), STATUSES.items())
def test_each_status_says_what_was_really_done(status: str, expected: list[str] | None) -> None:
    told = body("woocommerce/order_processing", status=status, date_paid=None, date_paid_gmt=None)
    facts = parse("order.updated", told)
    assert list(steps(facts)) == (expected or [])
    assert bool(facts) is (expected is not None)
    assert "delivered" not in steps(facts) or steps(facts)["delivered"].carrier_scan


@pytest.mark.parametrize("status", ["pending", "failed"])
def test_an_order_that_was_paid_is_received_whatever_its_status_says(status: str) -> None:
    assert list(steps(parse("order.updated", body("woocommerce/order_processing", status=status)))) == ["received"]


def test_a_completed_order_is_shipped_when_it_was_completed_and_not_delivered() -> None:
    facts = parse("order.updated", untracked())
    assert steps(facts)["shipped"].at == SHIPPED_AT
    assert keys(facts) == ["order:731:received", "order:731:shipped"]
    assert not steps(facts)["shipped"].carrier_scan


def test_money_back_after_completion_leaves_the_parcel_where_it_is() -> None:
    facts = parse("order.updated", untracked(status="refunded"))
    assert list(steps(facts)) == ["received", "shipped"]
    assert order(facts).cancelled_at is None


def test_an_order_opened_again_takes_its_shipping_and_cancelling_back() -> None:
    facts = parse("order.updated", untracked(status="processing"))
    assert list(steps(facts)) == ["received"]
    assert taken_back(facts) == ["order:731:shipped", "order:731:parcel:", "order:731:cancelled"]
    assert "order:731:shipped" in keys(parse("order.updated", untracked()))


def test_a_cancelled_order_takes_nothing_back_of_its_own() -> None:
    facts = parse("order.updated", body("woocommerce/order_processing", status="cancelled"))
    assert "order:731:cancelled" not in taken_back(facts)
    assert order(facts).cancelled_at == steps(facts)["cancelled"].at


def test_tracking_metadata_becomes_parcels() -> None:
    facts = parse("order.updated", raw("woocommerce/order_completed"))
    shipped = [fact for fact in facts if getattr(fact, "step", "") == "shipped"]
    first, second = (fact.parcel for fact in shipped)
    assert (first.carrier, first.tracking_number) == ("PostNord & co", "SYNTH0002SE")
    assert first.tracking_url == "https://tracking.example/SYNTH0002SE"
    assert first.lines == shipped[0].lines == (("11", 2),)
    assert (second.carrier, second.tracking_number, second.tracking_url) == ("Budfirman", "SYNTH-3", None)
    assert second.lines == ()
    assert shipped[0].source_key == "order:731:parcel:d41d8cd98f00b204e9800998ecf8427e:shipped"


def test_a_shipping_date_is_a_day_in_the_shops_zone_and_not_an_instant() -> None:
    shipped = steps(parse("order.updated", raw("woocommerce/order_completed")))["shipped"]
    assert (shipped.at, shipped.precision) == (datetime(2026, 11, 19, 23, tzinfo=UTC), "day")
    told = body("woocommerce/order_completed")
    told["meta_data"][-1]["value"][1]["date_shipped"] = "1795165440"
    exact = steps(parse("order.updated", told))["shipped"]
    assert (exact.at, exact.precision) == (datetime(2026, 11, 20, 9, 4, tzinfo=UTC), "second")


def test_a_parcel_added_after_completion_replaces_the_parcel_nobody_knew() -> None:
    before = parse("order.updated", untracked())
    after = parse("order.updated", raw("woocommerce/order_completed"))
    assert set(keys(before)) & set(keys(after)) == {"order:731:received"}
    assert "order:731:shipped" in taken_back(after)


def test_before_completion_only_a_parcel_that_says_what_is_in_it_counts() -> None:
    facts = parse("order.updated", body("woocommerce/order_completed", status="partial-shipped"))
    assert [fact.lines for fact in facts if getattr(fact, "step", "") == "shipped"] == [(("11", 2),)]


@pytest.mark.parametrize(
    "value",
    ["", None, "a:1:{i:0;a:0:{}}", [], {}, [None, 7, "x"], [{"tracking_number": ""}], [{"tracking_id": "only"}], 5],
)
def test_tracking_metadata_of_any_other_shape_is_no_parcel(value: object) -> None:
    told = body("woocommerce/order_completed")
    told["meta_data"][-1]["value"] = value
    assert keys(parse("order.updated", told)) == ["order:731:received", "order:731:shipped"]


def test_tracking_metadata_may_be_an_object_with_numbers_for_keys() -> None:
    told = body("woocommerce/order_completed")
    items = told["meta_data"][-1]["value"]
    listed = parse("order.updated", told)
    told["meta_data"][-1]["value"] = {"0": items[0], "2": items[1]}
    assert parse("order.updated", told) == listed
    assert woocommerce.parse("order.updated", woocommerce.scrub(dump(told)), zone=ZONE) == listed


def test_a_deleted_order_has_an_id_and_nothing_else() -> None:
    assert parse("order.deleted", raw("woocommerce/order_deleted")) == (IncomingRemoval("731", "order:731:removed"),)


def test_an_order_in_the_bin_is_removed_and_a_restored_one_is_back() -> None:
    binned = removals(parse("order.updated", body("woocommerce/order_processing", status="trash")))
    assert [fact.source_key for fact in binned] == ["order:731:removed"]
    assert binned[0].at == datetime(2026, 11, 19, 13, 32, 9, tzinfo=UTC)
    restored = parse("order.restored", raw("woocommerce/order_processing"))
    assert taken_back(restored)[0] == "order:731:removed"
    assert order(restored).number == "RT-731"
    assert "order:731:removed" not in taken_back(parse("order.updated", raw("woocommerce/order_processing")))


def test_other_topics_say_nothing() -> None:
    for topic in ("product.created", "action.woocommerce_new_order", ""):
        assert parse(topic, b"\xff") == ()


def test_an_order_without_a_number_is_known_by_its_id() -> None:
    for number in (None, "", "#"):
        assert order(parse("order.created", body("woocommerce/order_processing", number=number))).number == "731"


@pytest.mark.parametrize(
    "changes",
    [
        {"id": None},
        {"id": {}},
        {"line_items": {"0": {}}},
        {"line_items": [{"name": "no id"}]},
        {"line_items": [{"id": 1, "quantity": "lots"}]},
        {"date_created_gmt": "the day before yesterday"},
        {"date_created_gmt": 5},
    ],
)
def test_a_body_without_what_is_needed_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        parse("order.updated", body("woocommerce/order_processing", **changes))


def test_a_line_of_nothing_is_no_line() -> None:
    told = body("woocommerce/order_processing")
    told["line_items"][0]["quantity"] = 0
    assert [line.key for line in order(parse("order.updated", told)).lines] == ["12"]


@pytest.mark.parametrize(
    ("ways", "method", "left"),
    [
        (["flat_rate"], "parcel", "shipped"),
        (["local_pickup"], "pickup", "ready_for_pickup"),
        (["pickup_location"], "pickup", "ready_for_pickup"),
        (["flat_rate", "local_pickup"], None, "shipped"),
        ([], None, "shipped"),
    ],
)
def test_what_is_fetched_in_the_shop_is_ready_when_the_shop_is_done(
    ways: list[str], method: str | None, left: str
) -> None:
    told = body("woocommerce/order_completed", shipping_lines=[{"method_id": way} for way in ways], meta_data=[])
    found = woocommerce.parse("order.updated", woocommerce.scrub(dump(told)), zone=ZONE)
    assert order(found).method == method
    assert left in steps(found) and len({"shipped", "ready_for_pickup"} & steps(found).keys()) == 1
