"""Orders in and out, steps logged and taken back."""

from __future__ import annotations

from datetime import date

from storefront_trace.actions import corrections, steps
from storefront_trace.actions import orders as order_actions
from storefront_trace.actions.idempotency import Turn
from storefront_trace.actions.steps import LoggedStep, StepToLog
from storefront_trace.api import order_shapes as shapes
from storefront_trace.api.callers import Caller
from storefront_trace.api.fields import parse_at, read_cursor, to_day, write_cursor
from storefront_trace.api.operations import Answer, operation
from storefront_trace.api.order_answers import show_event, show_moment, show_orders
from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.incoming import IncomingLine, IncomingOrder
from storefront_trace.domain.moments import to_micros
from storefront_trace.domain.orders import Parcel
from storefront_trace.storage import orders

SOURCE = "api"


@operation(
    "Put an order in, or what is new of it; the same again changes nothing",
    {201: shapes.OrderShown, 200: shapes.OrderShown},
    body=shapes.OrderBody,
    example=shapes.ORDER_EXAMPLE,
)
async def put_order(caller: Caller, number: str, body: shapes.OrderBody) -> Answer:
    done = await order_actions.put_order(caller.desk, caller.shop_id, _incoming(caller, number, body), source=SOURCE)
    return Answer(await _shown(caller, number), 201 if done.created else 200)


@operation("An order with its lines, parcels and steps", {200: shapes.OrderShown})
async def show_order(caller: Caller, number: str) -> Answer:
    return Answer(await _shown(caller, number))


@operation("Orders, least recently changed first", {200: shapes.OrderPage}, query=shapes.OrderQuery)
async def list_orders(caller: Caller, query: shapes.OrderQuery) -> Answer:
    limit = int(query.limit)
    since = to_micros(parse_at(query.updated_since).instant) if query.updated_since else None
    async with caller.desk.db.read() as conn:
        rows = await orders.list_orders(
            conn,
            caller.shop_id,
            state=query.state,
            updated_since=since,
            after=read_cursor(query.cursor),
            limit=limit + 1,
        )
        items = await show_orders(conn, caller, rows[:limit])
    last = rows[limit - 1] if len(rows) > limit else None
    return Answer(shapes.OrderPage(items=items, next_cursor=write_cursor(last.updated_at, last.id) if last else None))


@operation(
    "Log a step",
    {201: shapes.LoggedShown},
    body=shapes.EventBody,
    example=shapes.STEP_EXAMPLE,
    conflicts=True,
)
async def post_event(caller: Caller, number: str, body: shapes.EventBody, turn: Turn | None) -> Answer:
    told = StepToLog(
        step=body.step,
        by=body.by,
        at=parse_at(body.at, caller.zone) if body.at else None,
        note=body.note,
        hand_to=body.hand_to,
        lines=tuple((each, None) if isinstance(each, str) else (each.key, each.quantity) for each in body.lines),
        parcel=_parcel(body.parcel),
        until=body.until,
        promise=_instead(caller, body),
        source=caller.source,
        source_key=turn.source_key if turn else None,
    )
    done = await steps.log_step(caller.desk, caller.shop_id, number, told)
    shown = show_event(caller, done.event, done.state.corrected)
    return Answer(shapes.LoggedShown(**shown.model_dump(), order=_head(done)), 201)


@operation(
    "Take a step back: it stays, marked, and counts no more",
    {201: shapes.CorrectionShown, 200: shapes.CorrectionShown},
    body=shapes.CorrectionBody,
    example={"by": "anders", "reason": "Wrong order"},
    optional_body=True,
    conflicts=True,
)
async def post_correction(
    caller: Caller, number: str, id: str, body: shapes.CorrectionBody, turn: Turn | None
) -> Answer:
    """Idempotent by itself: an event falls only once, and `turn` only keeps the answer."""
    done = await corrections.correct_event(
        caller.desk, caller.shop_id, number, id, by=body.by, reason=body.reason, source=caller.source
    )
    event = done.event
    shown = shapes.CorrectionShown(
        id=event.id,
        event=id,
        at=show_moment(event.at, event.zone, event.precision),
        by=caller.handle(event.person_id),
        reason=event.reason,
        order=_head(done),
    )
    return Answer(shown, 200 if done.again else 201)


async def _shown(caller: Caller, number: str) -> shapes.OrderShown:
    async with caller.desk.db.read() as conn:
        return (await show_orders(conn, caller, [await orders.get_order(conn, caller.shop_id, number)]))[0]


def _incoming(caller: Caller, number: str, body: shapes.OrderBody) -> IncomingOrder:
    placed = parse_at(body.placed_at, caller.zone) if body.placed_at else None
    customer = body.customer or shapes.Customer()
    first, last = _days(body.promise, "promise")
    if len({line.key for line in body.lines}) != len(body.lines):
        raise Invalid("Two lines have the same key.", errors=[("lines", "Give each line a key of its own.")])
    return IncomingOrder(
        number=number,
        external_id=None,
        placed_at=placed.instant if placed else None,
        zone=placed.zone if placed else None,
        precision=placed.precision if placed else "second",
        customer_first_name=customer.first_name,
        customer_email=customer.email,
        locale=customer.locale.replace("_", "-") if customer.locale else None,
        lines=tuple(_line(place, line) for place, line in enumerate(body.lines)),
        promise_from=first,
        promise_to=last,
        method=body.method,
    )


def _line(place: int, line: shapes.LineBody) -> IncomingLine:
    for name in ("backordered", "cancelled"):
        if getattr(line, name) > line.quantity:
            raise Invalid(
                "A line counts more than was ordered.",
                errors=[(f"lines.{place}.{name}", "Send at most the line's quantity.")],
            )
    return IncomingLine(**{**line.model_dump(), "expected": to_day(line.expected)})


def _instead(caller: Caller, body: shapes.EventBody) -> tuple[str, str] | None:
    """What a pause promises. A step that goes on says nothing of days: it would be taken and forgotten."""
    step = caller.cast.steps.get(body.step)
    wrong = [name for name in ("until", "promise") if getattr(body, name) is not None]
    if wrong and step is not None and step.effect != "pause":
        raise Invalid(
            "This step does not make the order wait.",
            errors=[(name, "Send it with a step that pauses.") for name in wrong],
        )
    first, last = _days(body.promise, "promise")
    return (first.isoformat(), last.isoformat()) if first and last else None


def _parcel(told: shapes.ParcelBody | None) -> Parcel | None:
    if told is None:
        return None
    if not (told.tracking_number or told.carrier):
        raise Invalid(
            "The parcel has neither a tracking number nor a carrier.", errors=[("parcel", "Send at least one of them.")]
        )
    first, last = (day.isoformat() if day else None for day in _days(told.expected, "parcel.expected"))
    return Parcel("", told.carrier, told.tracking_number, told.tracking_url, expected_from=first, expected_to=last)


def _days(told: shapes.DaysBody | None, field: str) -> tuple[date | None, date | None]:
    if told is None:
        return None, None
    first, last = date.fromisoformat(told.from_), date.fromisoformat(told.to)
    if last < first:
        message = "The promise ends before it begins." if field == "promise" else "The days end before they begin."
        raise Invalid(message, errors=[(f"{field}.to", "Send the same day or a later one.")])
    return first, last


def _head(done: LoggedStep) -> shapes.OrderHead:
    return shapes.OrderHead(number=done.order.number, state=done.state.state, version=done.state.version)
