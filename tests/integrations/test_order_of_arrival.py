"""Whatever order deliveries come in, and however often, the same is known in the end.

`Known` does what domain/incoming.py asks of whoever applies facts, and nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from storefront_trace.domain.incoming import (
    Incoming,
    IncomingLinesCancelled,
    IncomingOrder,
    IncomingRemoval,
    IncomingStep,
    IncomingStepTakenBack,
    already_told,
)
from storefront_trace.integrations import shopify, woocommerce
from tests.integrations.samples import ZONE, body, dump, raw

MIXED = settings(max_examples=100)


@dataclass
class Known:
    order: IncomingOrder | None = None
    live: dict[str, IncomingStep] = field(default_factory=dict)
    gone_for_good: set[str] = field(default_factory=set)
    cancelled: dict[str, int] = field(default_factory=dict)

    def apply(self, facts: tuple[Incoming, ...]) -> None:
        if facts and isinstance(facts[0], IncomingOrder) and self._is_old_news(facts[0]):
            return
        for fact in facts:
            self._apply(fact)

    def seen(self) -> tuple[object, ...]:
        """What has to be equal. Not `updated_at`, which says when a sender knew."""
        assert self.order is not None
        lines = {line.key: max(line.cancelled, self.cancelled.get(line.key, 0)) for line in self.order.lines}
        told = {key: (step.step, step.at, step.lines, step.parcel) for key, step in self.live.items()}
        return self.order, lines, told

    def _is_old_news(self, order: IncomingOrder) -> bool:
        known = self.order.updated_at if self.order else None
        return known is not None and order.updated_at is not None and order.updated_at < known

    def _apply(self, fact: Incoming) -> None:
        if isinstance(fact, IncomingOrder):
            self.order = fact
        elif isinstance(fact, IncomingStep):
            overtaken = any(fact.source_key.startswith(start) for start in self.gone_for_good)
            if not overtaken and not already_told(fact.source_key, self.live):
                self.live[fact.source_key] = fact
        elif isinstance(fact, IncomingStepTakenBack):
            self.live = {key: step for key, step in self.live.items() if not key.startswith(fact.takes_back)}
            if fact.final:
                self.gone_for_good.add(fact.takes_back)
        elif isinstance(fact, IncomingLinesCancelled):
            for key, count in fact.lines:
                self.cancelled[key] = max(self.cancelled.get(key, 0), count)
        else:
            assert isinstance(fact, IncomingRemoval)


SHOPIFY = [
    ("orders/create", raw("shopify/order")),
    ("fulfillments/create", raw("shopify/fulfillment")),
    ("fulfillments/create", raw("shopify/fulfillment_gift_card")),
    ("fulfillment_events/create", raw("shopify/fulfillment_event")),
    ("refunds/create", raw("shopify/refund_cancelled")),
    ("refunds/create", raw("shopify/refund_returned")),
    ("orders/updated", raw("shopify/order_delivered")),
]
PACKED_AGAIN = [
    ("orders/create", raw("shopify/order")),
    ("fulfillments/create", raw("shopify/fulfillment")),
    ("fulfillments/update", dump(body("shopify/fulfillment", shipment_status="in_transit"))),
    ("fulfillments/update", raw("shopify/fulfillment_cancelled")),
    ("fulfillment_events/create", raw("shopify/fulfillment_event")),
    ("fulfillments/create", dump(body("shopify/fulfillment", id=5550009, admin_graphql_api_id=None))),
]


def modified(minute: int, name: str = "woocommerce/order_processing", **changes: object) -> bytes:
    return dump(body(name, date_modified_gmt=f"2026-11-20T10:{minute:02}:00", **changes))


WOOCOMMERCE = [
    ("order.created", modified(0, status="pending", date_paid=None, date_paid_gmt=None)),
    ("order.updated", modified(1, status="on-hold")),
    ("order.updated", modified(2, status="cancelled")),
    ("order.updated", modified(3)),
    ("order.updated", modified(4, "woocommerce/order_completed", meta_data=[])),
    ("order.updated", modified(5, "woocommerce/order_completed")),
]


@MIXED
@given(st.permutations(SHOPIFY + SHOPIFY[2:5]))
def test_shopify_deliveries_mean_the_same_in_any_order(deliveries: list[tuple[str, bytes]]) -> None:
    assert told(shopify.parse, deliveries).seen() == told(shopify.parse, SHOPIFY).seen()


@MIXED
@given(st.permutations(PACKED_AGAIN + PACKED_AGAIN[1:4]))
def test_a_cancelled_parcel_stays_away_in_any_order(deliveries: list[tuple[str, bytes]]) -> None:
    found = told(shopify.parse, deliveries)
    assert found.seen() == told(shopify.parse, PACKED_AGAIN).seen()
    assert set(found.live) == {"order:6123456789012:received", "fulfillment:5550009:shipped"}


@MIXED
@given(st.permutations(WOOCOMMERCE + WOOCOMMERCE[2:4]))
def test_woocommerce_deliveries_mean_the_same_in_any_order(deliveries: list[tuple[str, bytes]]) -> None:
    found = told(woocommerce.parse, deliveries)
    assert found.seen() == told(woocommerce.parse, WOOCOMMERCE).seen()
    assert sorted(step.step for step in found.live.values()) == ["received", "shipped", "shipped"]


def test_pieces_cancelled_by_a_refund_count_once() -> None:
    twice = told(shopify.parse, [*SHOPIFY, SHOPIFY[4], SHOPIFY[6]])
    assert twice.seen()[1] == {"14123456789011": 0, "14123456789012": 1, "14123456789013": 0}
    early = told(shopify.parse, [SHOPIFY[4], SHOPIFY[0]])
    assert early.seen()[1] == {"14123456789011": 0, "14123456789012": 1, "14123456789013": 0}


def told(parse: object, deliveries: list[tuple[str, bytes]]) -> Known:
    assert callable(parse)
    known = Known()
    for topic, sent in deliveries:
        known.apply(parse(topic, sent, zone=ZONE))
    return known
