"""WooCommerce: order webhooks, and the same bodies saved to files.

| status | we say |
|---|---|
| `pending`, `failed`, `checkout-draft`, `auto-draft`, unpaid | nothing: nobody should pack what may never be paid |
| `processing`, `on-hold`, any status a plugin made up | `received`, when the order was made |
| `partial-shipped` (a plugin's) | `received`; `shipped` for parcels whose lines are known |
| `completed`, `shipped` (a plugin's) | `received`, `shipped`; never `delivered`: the shop is done, the carrier is not |
| either of them, when the order is fetched in the shop | `received`, `ready_for_pickup` |
| `delivered` (a plugin's, from the carrier) | `received`, `shipped`, `delivered` |
| `cancelled` | `received`, `cancelled` |
| `refunded` | as `cancelled` when it was never completed; else money went back and the parcel did not |
| `trash`, topic `order.deleted` | the order is removed; `order.restored` takes that back |

An order that comes back from `cancelled` takes the "cancelled" back, one that comes back from `completed` the
"shipped". A `date_completed` counts as shipped under `refunded`, `cancelled` and plugins' statuses too. Times: `*_gmt`
is UTC without saying so, the others are the shop's wall clock.
`_links` and `payment_url` point to whatever host WordPress believes it has: never followed, never kept.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.incoming import (
    Incoming,
    IncomingLine,
    IncomingOrder,
    IncomingRemoval,
    IncomingStep,
    IncomingStepTakenBack,
)
from storefront_trace.domain.moments import Moment, to_micros
from storefront_trace.integrations import bodies, signatures, woocommerce_kept
from storefront_trace.integrations.strict_json import Body, read_object
from storefront_trace.integrations.woocommerce_parcels import meta, parcels, shipped_on

ORDER_TOPICS = frozenset({"order.created", "order.updated", "order.restored"})
TOPICS = ORDER_TOPICS | {"order.deleted"}

# How an order comes, by its shipping lines; every other method is a parcel.
WAYS = {"local_pickup": "pickup", "pickup_location": "pickup", "local_delivery": "local"}
UNPAID = frozenset({"pending", "failed", "checkout-draft", "auto-draft"})
SENT = frozenset({"completed", "shipped", "delivered"})
# WooCommerce leaves `date_completed` standing when an order is opened again.
OPEN = frozenset({"pending", "failed", "processing", "on-hold", "partial-shipped"})

_PING = re.compile(rb"webhook_id=\d{1,20}")
# What WordPress's wp_specialchars_decode(ENT_QUOTES) decodes, once; html.unescape would decode "&copy" in a secret too.
_ENTITY = re.compile(r"&(?:(lt|gt|amp|quot)|#0*(39|34|60|62|38)|#[xX]0*(27|22|3[cCeE]|26));")
_ENTITIES = {
    "lt": "<", "gt": ">", "amp": "&", "quot": '"',
    "39": "'", "34": '"', "60": "<", "62": ">", "38": "&",
    "27": "'", "22": '"', "3c": "<", "3e": ">", "26": "&",
}  # fmt: skip


def verify(secret: str | Sequence[str], headers: Mapping[str, str], raw: bytes) -> bool:
    """WordPress signs with the decoded secret: one stored as "a&amp;b" signs as "a&b"."""
    given = signatures.header(headers, "X-WC-Webhook-Signature")
    return signatures.signed([_decoded(each) for each in signatures.secrets_of(secret)], given, raw)


def delivery_key(headers: Mapping[str, str], raw: bytes) -> str:
    """Never X-WC-Webhook-Delivery-ID: it is a hash of the webhook and the second, so two orders can share one."""
    return signatures.body_key(topic(headers), raw)


def topic(headers: Mapping[str, str]) -> str:
    return signatures.header(headers, "X-WC-Webhook-Topic").lower()[:80]


def is_ping(headers: Mapping[str, str], raw: bytes) -> bool:
    """What a new webhook sends first: a form, without signature. Answer 200 and do nothing; it proves nothing."""
    unsigned = not signatures.header(headers, "X-WC-Webhook-Signature")
    return unsigned and not topic(headers) and len(raw) < 64 and _PING.fullmatch(raw.strip()) is not None


def parse(topic: str, raw: bytes, *, zone: str) -> tuple[Incoming, ...]:
    """`zone` is the shop's. Unknown topics say nothing."""
    if topic not in TOPICS:
        return ()
    return facts(topic, read_object(raw), zone=zone)


def facts(topic: str, body: Body, *, zone: str) -> tuple[Incoming, ...]:
    order_id = bodies.needed_id(body)
    if topic == "order.deleted":
        return (IncomingRemoval(order_id, _key(order_id, "removed")),)
    modified = _when(body, "date_modified", zone)
    status = (bodies.text(body, "status", 40) or "").lower().removeprefix("wc-")
    if status == "trash":
        return (IncomingRemoval(order_id, _key(order_id, "removed"), modified.instant if modified else None),)
    if status in UNPAID and _when(body, "date_paid", zone) is None:
        return ()
    order, steps = _order_facts(body, order_id, status, modified, zone)
    restored = [_taken_back(order, "removed")] if topic == "order.restored" else []
    return (order, *restored, *steps)


def scrub(raw: bytes) -> bytes:
    """The body with what `parse` reads and nothing else: no address, phone, IP, browser, order key or payment."""
    return woocommerce_kept.scrub(raw)


def topic_of(body: Body) -> str | None:
    """What a saved body is, by its shape; None when it is not WooCommerce's."""
    known = {"date_created", "date_created_gmt", "order_key", "billing"} & body.keys()
    return "order.updated" if "line_items" in body and "status" in body and known else None


def _order_facts(
    body: Body, order_id: str, status: str, modified: Moment | None, zone: str
) -> tuple[IncomingOrder, list[Incoming]]:
    placed = _when(body, "date_created", zone)
    completed = _when(body, "date_completed", zone) if status not in OPEN else None
    ended = status == "cancelled" or (status == "refunded" and completed is None)
    gone = modified or placed if ended else None
    order = _order(body, order_id, placed, modified, gone)
    found: list[Incoming] = []
    if placed is not None:
        found.append(_step(order, "received", placed))
    left = completed or ((modified or placed) if status in SENT else None)
    found.extend(_shipped(body, order, left, zone))
    if status == "delivered" and (arrived := modified or placed):
        found.append(replace(_step(order, "delivered", arrived), carrier_scan=True))
    if ended:
        if gone is None:
            raise Invalid("The order does not say when it was cancelled.")
        found.append(_step(order, "cancelled", gone))
    else:
        found.append(_taken_back(order, "cancelled"))
    return order, found


def _order(
    body: Body, order_id: str, placed: Moment | None, modified: Moment | None, cancelled: Moment | None
) -> IncomingOrder:
    return IncomingOrder(
        number=(bodies.text(body, "number", 64) or order_id).lstrip("#").strip() or order_id,
        external_id=order_id,
        placed_at=placed.instant if placed else None,
        zone=placed.zone if placed else None,
        precision=placed.precision if placed else "second",
        customer_first_name=_first_name(body),
        customer_email=bodies.email(bodies.part(body, "billing"), "email"),
        locale=bodies.locale({"locale": meta(body, "wpml_language")}, "locale"),
        lines=bodies.distinct(tuple(line for each in bodies.parts(body, "line_items") if (line := _line(each)))),
        cancelled_at=cancelled.instant if cancelled else None,
        updated_at=modified.instant if modified else None,
        method=_method(body),
    )


def _method(body: Body) -> str | None:
    """None for an order without a shipping line, and for one that comes in several ways."""
    found = {bodies.text(line, "method_id", 60) for line in bodies.parts(body, "shipping_lines")}
    ways = {WAYS.get(method or "", "parcel") for method in found}
    return ways.pop() if len(ways) == 1 else None


def _line(body: Body) -> IncomingLine | None:
    key = bodies.needed_id(body)
    quantity = bodies.pieces(body, "quantity")
    if quantity == 0:
        return None
    backordered = str(meta(body, "Backordered") or "")
    return IncomingLine(
        key=key,
        title=_plain(body, "name", 200) or bodies.text(body, "sku", 200) or key,
        quantity=quantity,
        sku=bodies.text(body, "sku", 80),
        image_url=bodies.address(bodies.part(body, "image"), "src"),
        backordered=min(quantity, int(backordered)) if re.fullmatch("[0-9]{1,7}", backordered) else 0,
    )


def _shipped(body: Body, order: IncomingOrder, left: Moment | None, zone: str) -> list[Incoming]:
    """One step for each parcel; one for the order when there is none. A parcel added later replaces the latter.

    Before the order is completed, a parcel counts only when it says what is in it: otherwise a step about it would
    claim that everything has left.
    """
    known = {line.key for line in order.lines}
    all_parcels = parcels(body, known)
    found: list[Incoming] = []
    for parcel, item in all_parcels:
        at = shipped_on(item, zone) or left
        if at is not None and (left is not None or parcel.lines):
            step = replace(_step(order, "shipped", at), lines=parcel.lines, parcel=parcel)
            found.append(replace(step, source_key=_key(order.external_id, f"{parcel.key}:shipped")))
    if left is not None and not found:
        return [_left(order, left)]
    taken_back = (
        [_taken_back(order, "shipped")] if found else [_taken_back(order, "shipped"), _taken_back(order, "parcel:")]
    )
    return [*taken_back, *found]


def _step(order: IncomingOrder, step: str, at: Moment) -> IncomingStep:
    return IncomingStep(
        external_order_id=order.external_id,
        number=order.number,
        step=step,
        at=at.instant,
        zone=at.zone,
        precision=at.precision,
        source_key=_key(order.external_id, step),
        updated_at=order.updated_at,
    )


def _left(order: IncomingOrder, left: Moment) -> IncomingStep:
    """Over the counter the shop is done when the order can be fetched. Whether it was, nobody has said."""
    step = _step(order, "ready_for_pickup" if order.method == "pickup" else "shipped", left)
    return replace(step, source_key=_key(order.external_id, "shipped"))


def _taken_back(order: IncomingOrder, what: str) -> IncomingStepTakenBack:
    """Not final: the same may be said again tomorrow. Newer order bodies decide."""
    key = _key(order.external_id, what)
    told = f"{key}:not:{to_micros(order.updated_at) if order.updated_at else 0}"
    return IncomingStepTakenBack(order.external_id, order.number, told, key, order.updated_at, final=False)


def _key(order_id: str | None, what: str) -> str:
    return f"order:{order_id}:{what}"


def _when(body: Body, key: str, zone: str) -> Moment | None:
    return bodies.moment_utc(body, f"{key}_gmt", zone=zone) or bodies.moment_local(body, key, zone=zone)


def _first_name(body: Body) -> str | None:
    """Who ordered, else who gets it. Some shops have one field for the name, and it is the last one."""
    people = [bodies.part(body, "billing"), bodies.part(body, "shipping")]
    for person in people:
        if name := _plain(person, "first_name", 80):
            return name
    whole = (_plain(people[0], "last_name", 120) or _plain(people[1], "last_name", 120) or "").split()
    return whole[0][:80] if len(whole) > 1 else None


def _plain(body: Body, key: str, longest: int) -> str | None:
    """WordPress stores names escaped for HTML, or not, as its plugins please."""
    value = bodies.text(body, key, longest)
    return bodies.clean(html.unescape(value), longest) if value else None


def _decoded(secret: str) -> str:
    return _ENTITY.sub(lambda found: _ENTITIES[(found[1] or found[2] or found[3]).lower()], secret)
