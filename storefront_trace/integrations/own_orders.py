"""Orders as our own API takes them, in files: the body of `PUT /api/v1/orders/{number}` with its "number" inside.

"events" may stand beside the other fields, as in `POST /api/v1/orders/{number}/events`; a number of our own for them
is not needed, the same event in the file again is the same event.
"""

from __future__ import annotations

import hashlib
import re

from storefront_trace.domain.errors import N_, Invalid
from storefront_trace.domain.incoming import Incoming, IncomingLine, IncomingOrder, IncomingParcel, IncomingStep
from storefront_trace.domain.moments import to_micros
from storefront_trace.domain.orders import METHODS
from storefront_trace.integrations import bodies
from storefront_trace.integrations.strict_json import Body

_STEP = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


def is_ours(body: Body) -> bool:
    return "number" in body and "line_items" not in body


def facts(body: Body, *, zone: str) -> tuple[Incoming, ...]:
    order = read_order(body, read_lines(body), zone=zone)
    return (order, *(_event(each, order.number, zone) for each in bodies.parts(body, "events")))


def read_order(body: Body, lines: tuple[IncomingLine, ...], *, zone: str) -> IncomingOrder:
    """Refuses what the API would refuse: here a person can still mend the file."""
    number = bodies.text(body, "number", 65)
    if number is None or len(number) > 64:
        raise _missing("number", N_("An order needs a number of at most 64 characters."))
    placed = bodies.moment_local(body, "placed_at", zone=zone)
    if placed is None:
        raise _missing("placed_at", N_("Say when the order was placed, as in 2026-11-19T14:32:00+01:00."))
    customer, promise = bodies.part(body, "customer"), bodies.part(body, "promise")
    first, last = bodies.day(promise, "from"), bodies.day(promise, "to")
    if first and last and last < first:
        raise _missing("promise", N_("The promise ends before it begins."))
    return IncomingOrder(
        number=number.lstrip("#").strip() or number,
        external_id=None,
        placed_at=placed.instant,
        zone=placed.zone,
        precision=placed.precision,
        customer_first_name=bodies.text(customer, "first_name", 80),
        customer_email=_email(customer),
        locale=bodies.locale(customer, "locale"),
        lines=bodies.distinct(lines),
        promise_from=first or last,
        promise_to=last or first,
        method=_method(body),
    )


def read_lines(body: Body) -> tuple[IncomingLine, ...]:
    found = bodies.parts(body, "lines")
    if not found:
        raise _missing("lines", N_("An order needs at least one line."))
    return tuple(read_line(each, place) for place, each in enumerate(found, start=1))


def read_line(body: Body, place: int) -> IncomingLine:
    """`place` becomes the key of a line that has none, so keep the order of lines from file to file."""
    title = bodies.text(body, "title", 200)
    if title is None:
        raise _missing("title", N_("A line needs a title."))
    quantity = bodies.pieces(body, "quantity", 1)
    if quantity < 1:
        raise _missing("quantity", N_("A line needs a quantity of at least 1."))
    return IncomingLine(
        key=bodies.text(body, "key", 64) or str(place),
        title=title,
        quantity=quantity,
        variant=bodies.text(body, "variant", 120),
        sku=bodies.text(body, "sku", 80),
        image_url=bodies.address(body, "image_url"),
        backordered=min(quantity, bodies.pieces(body, "backordered")),
        expected=bodies.day(body, "expected"),
        shippable=body.get("shippable") is not False,
        cancelled=min(quantity, bodies.pieces(body, "cancelled")),
    )


def _method(body: Body) -> str | None:
    method = bodies.text(body, "method", 20)
    if method is not None and method not in METHODS:
        raise _missing("method", N_("The method is parcel, pickup, local or digital."))
    return method


def _email(customer: Body) -> str | None:
    found = bodies.email(customer, "email")
    if found is None and customer.get("email"):
        raise _missing("email", N_("That is not an e-mail address."))
    return found


def _event(body: Body, number: str, zone: str) -> IncomingStep:
    step = bodies.text(body, "step", 41)
    if step is None or not _STEP.fullmatch(step):
        raise _missing("step", N_("An event needs the key of a step, such as packed."))
    at = bodies.moment(body, "at", zone=zone)
    if at is None:
        raise _missing("at", N_("Say when the event happened, as in 2026-11-20T09:14:00+01:00."))
    lines, parcel, by = _event_lines(body), _parcel(bodies.part(body, "parcel")), bodies.text(body, "by", 64)
    told = repr((step, to_micros(at.instant), by, lines, (parcel.key or parcel.tracking_number) if parcel else None))
    return IncomingStep(
        external_order_id=None,
        number=number,
        step=step,
        at=at.instant,
        zone=at.zone,
        precision=at.precision,
        source_key=f"order:{number}:{step}:{hashlib.sha256(told.encode()).hexdigest()[:24]}",
        lines=lines,
        parcel=parcel,
        note=bodies.text(body, "note", 1000),
        by=by,
        hand_to=bodies.text(body, "hand_to", 64),
    )


def _event_lines(body: Body) -> tuple[tuple[str, int | None], ...]:
    """["1", "2"] is all of these lines; [{"key": "1", "quantity": 2}] is some of one."""
    found = body.get("lines") or []
    if not isinstance(found, list) or len(found) > bodies.MOST_LINES:
        raise _missing("lines", N_("The lines of an event are a list of line keys."))
    return tuple(_event_line(each) for each in found)


def _event_line(value: object) -> tuple[str, int | None]:
    body = value if isinstance(value, dict) else {"key": value}
    key = bodies.text(body, "key", 64)
    if key is None:
        raise _missing("lines", N_("The lines of an event are a list of line keys."))
    return key, bodies.pieces(body, "quantity") or None


def _parcel(body: Body) -> IncomingParcel | None:
    number = bodies.text(body, "tracking_number", 60)
    key, carrier = bodies.text(body, "key", 64) or "", bodies.text(body, "carrier", 80)
    if not (key or number or carrier):
        return None
    lines = tuple((line, count or 1) for line, count in _event_lines(body))
    expected = bodies.part(body, "expected")
    return IncomingParcel(
        key,
        carrier,
        number,
        bodies.address(body, "tracking_url"),
        lines,
        bodies.day(expected, "from"),
        bodies.day(expected, "to"),
    )


def _missing(field: str, message: str) -> Invalid:
    return Invalid(message, errors=[(field, message)])
