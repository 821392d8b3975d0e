"""Shopify: order webhooks, and the same bodies saved to files.

What we say of an order, and what we do not:
- `received` at `created_at`, for every order but the sample that the "send test notification" button sends (a test
  that was never confirmed): that one only ever says "cancelled", or nothing.
- `shipped`, `delivered` and so on come from fulfilments: see shopify_parcels.py.
- `user_id` and `attributed_staffs` are credit for a sale. They are not the person who packed, so nobody is named.
- How it comes: `delivery_category` of its shipping lines, where a shop still gets it: Shopify has taken it out of newer
  versions. Without it an order is a parcel, and a pick-up shows itself by its steps.
- No pictures (an order has none) and no promise (an order has none).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.incoming import Incoming, IncomingLine, IncomingOrder, IncomingRemoval, IncomingStep
from storefront_trace.domain.moments import Moment
from storefront_trace.integrations import bodies, shopify_kept, signatures
from storefront_trace.integrations.shopify_parcels import (
    Parent,
    exact_id,
    fulfillment_event_facts,
    fulfillment_facts,
    parent_of,
    refund_facts,
    refunded,
    sent,
    shippable,
)
from storefront_trace.integrations.strict_json import Body, read_object

ORDER_TOPICS = frozenset(
    {
        "orders/create",
        "orders/updated",
        "orders/cancelled",
        "orders/paid",
        "orders/fulfilled",
        "orders/partially_fulfilled",
    }
)
TOPICS = ORDER_TOPICS | {
    "orders/delete",
    "fulfillments/create",
    "fulfillments/update",
    "fulfillment_events/create",
    "refunds/create",
}

# The last that an app of theirs says. It tells of no order, so it is none of TOPICS.
UNINSTALLED = "app/uninstalled"

WAYS = {"pickup": "pickup", "local_pickup": "pickup", "local": "local", "local_delivery": "local"}

_DELIVERY_ID = re.compile(r"[A-Za-z0-9_-]{8,120}", re.ASCII)


def verify(secret: str | Sequence[str], headers: Mapping[str, str], raw: bytes) -> bool:
    given = signatures.header(headers, "X-Shopify-Hmac-Sha256")
    return signatures.signed(signatures.secrets_of(secret), given, raw)


def delivery_key(headers: Mapping[str, str], raw: bytes) -> str:
    """The id that stays the same when Shopify tries again; several subscriptions to one topic have several."""
    given = signatures.header(headers, "X-Shopify-Webhook-Id")
    return f"id:{given}" if _DELIVERY_ID.fullmatch(given) else signatures.body_key(topic(headers), raw)


def topic(headers: Mapping[str, str]) -> str:
    return signatures.header(headers, "X-Shopify-Topic").lower()[:80]


def is_ping(headers: Mapping[str, str], raw: bytes) -> bool:
    return False


def parse(topic: str, raw: bytes, *, zone: str) -> tuple[Incoming, ...]:
    """`zone` is the shop's, for times that were given in its own offset. Unknown topics say nothing."""
    if topic not in TOPICS:
        return ()
    return facts(topic, read_object(raw), zone=zone)


def facts(topic: str, body: Body, *, zone: str) -> tuple[Incoming, ...]:
    if topic in ORDER_TOPICS:
        return _order_facts(body, zone)
    if topic == "orders/delete":
        order_id = bodies.needed_id(body)
        return (IncomingRemoval(order_id, f"order:{order_id}:removed"),)
    if topic == "fulfillment_events/create":
        return fulfillment_event_facts(body, zone=zone)
    parent = parent_of(body)
    if topic == "refunds/create":
        return refund_facts(body, parent, zone=zone)
    return fulfillment_facts(body, parent, zone=zone)


def scrub(raw: bytes) -> bytes:
    """The body with what `parse` reads and nothing else: no address, phone, IP, payment or last name is ever stored."""
    return shopify_kept.scrub(raw)


def topic_of(body: Body) -> str | None:
    """What a saved body is, by its shape; None when it is not Shopify's."""
    gid = body.get("admin_graphql_api_id")
    kind = gid.split("/")[3] if isinstance(gid, str) and gid.count("/") == 4 else ""
    if kind == "FulfillmentEvent" or ("fulfillment_id" in body and "happened_at" in body):
        return "fulfillment_events/create"
    if kind == "Refund" or "refund_line_items" in body:
        return "refunds/create"
    if kind == "Fulfillment" or ("order_id" in body and "tracking_company" in body):
        return "fulfillments/update"
    if kind == "Order" or ("line_items" in body and ("order_number" in body or "financial_status" in body)):
        return "orders/updated"
    return None


def _order_facts(body: Body, zone: str) -> tuple[Incoming, ...]:
    sample = body.get("test") is True and body.get("confirmed") is False
    placed = bodies.moment(body, "created_at", zone=zone) or bodies.moment(body, "processed_at", zone=zone)
    updated = bodies.moment(body, "updated_at", zone=zone)
    cancelled = bodies.moment(body, "cancelled_at", zone=zone)
    if sample and cancelled is None:
        return ()
    order = _order(body, placed, updated, cancelled)
    parent = Parent(order.external_id, order.number, updated or placed)
    found: list[Incoming] = [order]
    if placed is not None and not sample:
        found.append(_step(parent, "received", placed))
    for fulfillment in bodies.parts(body, "fulfillments"):
        found.extend(fulfillment_facts(fulfillment, parent, zone=zone))
    for refund in bodies.parts(body, "refunds"):
        found.extend(refund_facts(refund, parent, zone=zone, counted=True))
    if cancelled is not None:
        found.append(_step(parent, "cancelled", cancelled))
    return tuple(found)


def _order(body: Body, placed: Moment | None, updated: Moment | None, cancelled: Moment | None) -> IncomingOrder:
    return IncomingOrder(
        number=_number(body),
        external_id=exact_id(body, "Order"),
        placed_at=placed.instant if placed else None,
        zone=placed.zone if placed else None,
        precision=placed.precision if placed else "second",
        customer_first_name=_first_name(body),
        customer_email=_email(body),
        locale=bodies.locale(body, "customer_locale"),
        lines=_lines(body),
        cancelled_at=cancelled.instant if cancelled else None,
        test=body.get("test") is True,
        updated_at=updated.instant if updated else None,
        method=_method(body),
    )


def _method(body: Body) -> str | None:
    found = {bodies.text(line, "delivery_category", 40) for line in bodies.parts(body, "shipping_lines")}
    ways = {WAYS.get(category or "", "") for category in found}
    return ways.pop() or None if len(ways) == 1 else None


def _number(body: Body) -> str:
    number = (bodies.text(body, "name", 64) or "").lstrip("#").strip() or bodies.text(body, "order_number", 64)
    if not number:
        raise Invalid("The order has no number.")
    return number


def _first_name(body: Body) -> str | None:
    people = (bodies.part(body, key) for key in ("customer", "shipping_address", "billing_address"))
    return next((name for person in people if (name := bodies.text(person, "first_name", 80))), None)


def _email(body: Body) -> str | None:
    """The order's own address first: it is where the shop's mails about this order go."""
    own = bodies.email(body, "email") or bodies.email(body, "contact_email")
    return own or bodies.email(bodies.part(body, "customer"), "email")


def _lines(body: Body) -> tuple[IncomingLine, ...]:
    gone, back = refunded(body)
    left = sent(body)
    found = (_line(each, gone, back, left) for each in bodies.parts(body, "line_items"))
    return bodies.distinct(tuple(line for line in found if line.quantity > 0))


def _line(body: Body, gone: Mapping[str, int], back: Mapping[str, int], left: Mapping[str, int]) -> IncomingLine:
    key = exact_id(body, "LineItem")
    quantity = bodies.pieces(body, "quantity")
    cancelled = gone.get(key, 0)
    if body.get("current_quantity") is not None:
        cancelled = quantity - bodies.pieces(body, "current_quantity") - back.get(key, 0)
    title = bodies.text(body, "title", 200) or bodies.text(body, "name", 200) or bodies.text(body, "sku", 200)
    return IncomingLine(
        key=key,
        title=title or key,
        quantity=quantity,
        variant=bodies.text(body, "variant_title", 120),
        sku=bodies.text(body, "sku", 80),
        shippable=shippable(body),
        # A refund for what was sent is money back. The thing itself is where it was.
        cancelled=max(0, min(cancelled, quantity - left.get(key, 0))),
    )


def _step(parent: Parent, step: str, at: Moment) -> IncomingStep:
    return IncomingStep(
        external_order_id=parent.order_id,
        number=parent.number,
        step=step,
        at=at.instant,
        zone=at.zone,
        precision=at.precision,
        source_key=f"order:{parent.order_id}:{step}",
        updated_at=parent.known.instant if parent.known else None,
    )
