"""What Shopify says of parcels and of money given back: fulfilments, carriers' scans, refunds.

| Shopify says | we say |
|---|---|
| fulfilment `success`, or any other that is alive and has tracking | `shipped`, with its lines and parcel |
| fulfilment `pending` or `open` without tracking | nothing yet |
| fulfilment `cancelled`, `error`, `failure` | whatever was said of this parcel is taken back, for good |
| fulfilment of gift cards alone | `emailed`, those lines |
| fulfilment of other things that are not shipped | nothing |
| scan `carrier_picked_up`, `in_transit` | `in_transit` |
| scan `out_for_delivery` | `out_for_delivery` |
| scan `ready_for_pickup` (over our counter, or at a carrier's agent) | `ready_for_pickup` |
| scan `delivered` | `delivered` |
| scan `picked_up` | `picked_up` |
| scan `delayed`, `attempted_delivery`, `failure` | `delayed` |
| scan `label_purchased`, `label_printed`, `confirmed`, anything new | nothing: no work was seen |
| refund with `restock_type` `return` | `returned`, those lines |
| refund with any other `restock_type` | those pieces are cancelled, unless they had left already |
| refund with a transaction by which money went back | `refunded`, those lines, beside the above |

Scans count once a day and parcel, `delivered` and `picked_up` once. A fulfilment's `shipment_status` says the same
more vaguely (its time is the fulfilment's last change), so its key is the beginning of the scans' keys: see
`already_told`.
A carrier's own words are never shown: they name whoever took the parcel in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.incoming import (
    Incoming,
    IncomingLinesCancelled,
    IncomingParcel,
    IncomingStep,
    IncomingStepTakenBack,
)
from storefront_trace.domain.moments import Moment
from storefront_trace.integrations import bodies
from storefront_trace.integrations.strict_json import Body

SCANS: Mapping[str, str] = {
    "carrier_picked_up": "in_transit",
    "in_transit": "in_transit",
    "out_for_delivery": "out_for_delivery",
    "ready_for_pickup": "ready_for_pickup",
    "delivered": "delivered",
    "picked_up": "picked_up",
    "delayed": "delayed",
    "attempted_delivery": "delayed",
    "failure": "delayed",
}
DEAD = frozenset({"cancelled", "error", "failure"})

_GID = re.compile(r"gid://shopify/([A-Za-z]+)/(\d{1,40})(?:\?.{0,200})?", re.ASCII)
_LARGEST_EXACT = 2**53


@dataclass(frozen=True, slots=True)
class Parent:
    """The order that a body belongs to. `known` is when the sender's knowledge of it was written down."""

    order_id: str | None
    number: str | None
    known: Moment | None = None


def exact_id(body: Body, kind: str) -> str:
    """The id; where a tool that counts in floats has rounded it on its way, the digits of the global id instead."""
    found = bodies.needed_id(body)
    gid = body.get("admin_graphql_api_id")
    written = _GID.fullmatch(gid) if isinstance(gid, str) else None
    if written is None or written[1] != kind or not found.isdigit() or int(found) <= _LARGEST_EXACT:
        return found
    return written[2] if float(int(written[2])) == float(int(found)) else found


def parent_of(body: Body) -> Parent:
    """A fulfilment is called "#1001.1"; scans and refunds have the order's id alone."""
    name = bodies.text(body, "name", 64) or ""
    number, dot, serial = name.lstrip("#").rpartition(".")
    return Parent(bodies.needed_id(body, "order_id"), number.strip() or None if dot and serial.isdigit() else None)


def fulfillment_facts(body: Body, parent: Parent, *, zone: str) -> tuple[Incoming, ...]:
    key = f"fulfillment:{exact_id(body, 'Fulfillment')}"
    status = bodies.text(body, "status", 40)
    updated = bodies.moment(body, "updated_at", zone=zone) or parent.known
    if status in DEAD:
        at = updated.instant if updated else None
        return (IncomingStepTakenBack(parent.order_id, parent.number, f"{key}:cancelled", f"{key}:", at, final=True),)
    cards = _gift_cards(body)
    if cards:
        return _emailed(body, parent, key, cards, updated, zone)
    lines = _sent_lines(body)
    parcel = _parcel(body, key, lines)
    if not lines or not (status == "success" or parcel.tracking_number or parcel.tracking_url):
        return ()
    made = bodies.moment(body, "created_at", zone=zone) or updated
    if made is None:
        raise Invalid("The fulfilment does not say when it happened.")
    found = [_step(parent, "shipped", made, key, parcel, updated)]
    scan = SCANS.get((bodies.text(body, "shipment_status", 40) or "").lower())
    if scan is not None:
        found.append(_step(parent, scan, updated or made, key, parcel, updated, carrier=True))
    return tuple(found)


def fulfillment_event_facts(body: Body, *, zone: str) -> tuple[Incoming, ...]:
    parent = parent_of({"order_id": body.get("order_id")})
    key = f"fulfillment:{bodies.needed_id(body, 'fulfillment_id')}"
    step = SCANS.get((bodies.text(body, "status", 40) or "").lower())
    if step is None:
        return ()
    at = bodies.moment(body, "happened_at", zone=zone) or bodies.moment(body, "created_at", zone=zone)
    if at is None:
        raise Invalid("The scan does not say when it happened.")
    day = "" if step in ("delivered", "picked_up") else f":{at.instant:%Y-%m-%d}"
    expected = bodies.expected_day(body, "estimated_delivery_at", zone=zone)
    parcel = IncomingParcel(key, expected_from=expected, expected_to=expected)
    return (_step(parent, step, at, key, parcel, None, carrier=True, day=day),)


def refund_facts(body: Body, parent: Parent, *, zone: str, counted: bool = False) -> tuple[Incoming, ...]:
    """`counted`: the order's lines say already what was cancelled."""
    key = f"refund:{exact_id(body, 'Refund')}"
    at = bodies.moment(body, "processed_at", zone=zone) or bodies.moment(body, "created_at", zone=zone)
    gone, back = _refunded_lines(body)
    found: list[Incoming] = []
    if gone and not counted:
        when = at.instant if at else None
        found.append(
            IncomingLinesCancelled(parent.order_id, parent.number, f"{key}:cancelled", when, tuple(gone.items()))
        )
    if back:
        found.append(_about_lines(parent, key, "returned", at or parent.known, back))
    if _is_paid_back(body):
        found.append(_about_lines(parent, key, "refunded", at or parent.known, {**gone, **back}))
    return tuple(found)


def refunded(order: Body) -> tuple[dict[str, int], dict[str, int]]:
    """All refunds inside an order, by line: (pieces that did not come back, pieces that did)."""
    gone: dict[str, int] = {}
    back: dict[str, int] = {}
    for refund in bodies.parts(order, "refunds"):
        for total, one in zip((gone, back), _refunded_lines(refund), strict=True):
            for key, count in one.items():
                total[key] = total.get(key, 0) + count
    return gone, back


def sent(order: Body) -> dict[str, int]:
    """Pieces of each line in fulfilments that stand."""
    total: dict[str, int] = {}
    for fulfillment in bodies.parts(order, "fulfillments"):
        if bodies.text(fulfillment, "status", 40) not in DEAD:
            for key, count in _sent_lines(fulfillment):
                total[key] = total.get(key, 0) + count
    return total


def shippable(line: Body) -> bool:
    return line.get("requires_shipping") is not False and line.get("gift_card") is not True


def _sent_lines(body: Body) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = {}
    for line in bodies.parts(body, "line_items"):
        if shippable(line):
            key = exact_id(line, "LineItem")
            counts[key] = counts.get(key, 0) + bodies.pieces(line, "quantity", 1)
    return tuple((key, count) for key, count in counts.items() if count > 0)


def _parcel(body: Body, key: str, lines: tuple[tuple[str, int], ...]) -> IncomingParcel:
    """One parcel even when it has several numbers: nobody says which of its lines travel under which."""
    many = body.get("tracking_numbers")
    numbers = [bodies.clean(each, 60) for each in many if isinstance(each, str)] if isinstance(many, list) else []
    urls = body.get("tracking_urls")
    links = [bodies.address({"url": each}, "url") for each in urls] if isinstance(urls, list) else []
    written = ", ".join(dict.fromkeys(number for number in numbers if number))
    return IncomingParcel(
        key=key,
        carrier=bodies.text(body, "tracking_company", 80),
        tracking_number=written[:200] or bodies.text(body, "tracking_number", 60),
        tracking_url=bodies.address(body, "tracking_url") or next((link for link in links if link), None),
        lines=lines,
    )


def _refunded_lines(body: Body) -> tuple[dict[str, int], dict[str, int]]:
    gone: dict[str, int] = {}
    back: dict[str, int] = {}
    for line in bodies.parts(body, "refund_line_items"):
        inside = bodies.part(line, "line_item")
        key = exact_id(inside, "LineItem") if "id" in inside else bodies.needed_id(line, "line_item_id")
        total = back if line.get("restock_type") == "return" else gone
        total[key] = total.get(key, 0) + bodies.pieces(line, "quantity")
    return {k: n for k, n in gone.items() if n > 0}, {k: n for k, n in back.items() if n > 0}


def _is_paid_back(refund: Body) -> bool:
    """A refund without a transaction only takes things off the list: of an order nobody has paid yet, say."""
    done = bodies.parts(refund, "transactions")
    return any(bodies.text(one, "kind", 20) == "refund" and bodies.text(one, "status", 20) == "success" for one in done)


def _gift_cards(body: Body) -> tuple[tuple[str, int], ...]:
    """The lines of a fulfilment of gift cards alone; of a service nobody knows how it came."""
    lines = bodies.parts(body, "line_items")
    if not lines or not all(line.get("gift_card") is True for line in lines):
        return ()
    return tuple({exact_id(line, "LineItem"): bodies.pieces(line, "quantity", 1) for line in lines}.items())


def _emailed(
    body: Body, parent: Parent, key: str, cards: tuple[tuple[str, int], ...], updated: Moment | None, zone: str
) -> tuple[Incoming, ...]:
    at = bodies.moment(body, "created_at", zone=zone) or updated
    if bodies.text(body, "status", 40) != "success" or at is None:
        return ()
    return (replace(_about_lines(parent, key, "emailed", at, dict(cards)), updated_at=_instant(updated)),)


def _instant(at: Moment | None) -> datetime | None:
    return at.instant if at else None


def _about_lines(parent: Parent, key: str, step: str, at: Moment | None, lines: Mapping[str, int]) -> IncomingStep:
    if at is None:
        raise Invalid("The refund does not say when it happened.")
    return IncomingStep(
        external_order_id=parent.order_id,
        number=parent.number,
        step=step,
        at=at.instant,
        zone=at.zone,
        precision=at.precision,
        source_key=f"{key}:{step}",
        lines=tuple(lines.items()),
    )


def _step(
    parent: Parent,
    step: str,
    at: Moment,
    key: str,
    parcel: IncomingParcel,
    updated: Moment | None,
    *,
    carrier: bool = False,
    day: str = "",
) -> IncomingStep:
    return IncomingStep(
        external_order_id=parent.order_id,
        number=parent.number,
        step=step,
        at=at.instant,
        zone=at.zone,
        precision=at.precision,
        source_key=f"{key}:{step}{day}",
        lines=parcel.lines,
        parcel=parcel,
        carrier_scan=carrier,
        updated_at=updated.instant if updated else None,
    )
