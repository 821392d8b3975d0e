"""From rows to the JSON of an order."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from storefront_trace.api import order_shapes as shapes
from storefront_trace.api.callers import Caller
from storefront_trace.domain.moments import Moment, Precision, from_micros, local
from storefront_trace.domain.orders import Event, Line, Method, Parcel, taken_back
from storefront_trace.storage import events, links, orders
from storefront_trace.storage.database import Connection
from storefront_trace.storage.links import TrackingLink
from storefront_trace.storage.orders import OrderRow

WIDEST = 1600


@dataclass(frozen=True)
class _Beside:
    """What stands in other tables about some orders, by order id: one query for each table, however many orders."""

    links: Mapping[str, TrackingLink]
    events: Mapping[str, list[Event]]
    lines: Mapping[str, list[Line]]
    parcels: Mapping[str, list[Parcel]]


async def show_orders(conn: Connection, caller: Caller, rows: Sequence[OrderRow]) -> list[shapes.OrderShown]:
    if not rows:
        return []
    shop_id, ids = caller.shop_id, [row.id for row in rows]
    beside = _Beside(
        links=await links.current_links(conn, shop_id, ids),
        events=await events.list_events_of(conn, shop_id, ids),
        lines=await orders.list_lines_of(conn, shop_id, ids),
        parcels=await orders.list_parcels_of(conn, shop_id, ids),
    )
    return [_show_order(caller, row, beside) for row in rows]


def show_moment(at: int, zone: str, precision: str) -> str:
    """ISO 8601 with the offset of its own zone. A day is a date: nobody said midnight."""
    moment = Moment(from_micros(at), zone, cast(Precision, precision))
    wall = local(moment)
    return wall.date().isoformat() if precision == "day" else wall.isoformat(timespec="seconds")


def show_event(caller: Caller, event: Event, corrected: Collection[str]) -> shapes.EventShown:
    return shapes.EventShown(
        id=event.id,
        step=event.step or "",
        at=show_moment(event.at, event.zone, event.precision),
        precision=cast(Precision, event.precision),
        by=caller.handle(event.person_id),
        team=event.team,
        note=event.note,
        hand_to=caller.handle(event.hand_person_id) or event.hand_team,
        lines=[shapes.LinePart(key=key, quantity=quantity) for key, quantity in event.lines],
        until=event.until,
        promise=_days(*event.promise) if event.promise else None,
        corrected=event.id in corrected,
        photo_url=caller.photo_url(event.photo, WIDEST),
    )


def _show_order(caller: Caller, row: OrderRow, beside: _Beside) -> shapes.OrderShown:
    past = beside.events.get(row.id, [])
    corrected = taken_back(past)
    return shapes.OrderShown(
        number=row.number,
        state=row.state,
        version=row.version,
        tracking_url=_tracking_url(caller, row, beside.links.get(row.id)),
        placed_at=show_moment(row.placed_at, row.placed_zone, row.placed_precision),
        promise=_days(row.promise_from, row.promise_to),
        method=cast(Method, row.method),
        customer=shapes.CustomerShown(first_name=row.first_name, email=row.email, locale=row.locale),
        holder=_holder(caller, row),
        lines=[_line(line) for line in beside.lines.get(row.id, [])],
        parcels=[_parcel(parcel) for parcel in beside.parcels.get(row.id, [])],
        events=[show_event(caller, event, corrected) for event in past if event.kind == "step"],
    )


def _tracking_url(caller: Caller, row: OrderRow, link: TrackingLink | None) -> str | None:
    token = caller.desk.link_token(caller.shop_id, row.id, link) if link is not None else None
    return caller.url(f"/t/{token}") if token else None


def _days(first: str | None, last: str | None) -> shapes.Days | None:
    return shapes.Days(from_=first, to=last) if first and last else None


def _holder(caller: Caller, row: OrderRow) -> shapes.Holder | None:
    if row.holder_person_id is None and row.holder_team is None:
        return None
    return shapes.Holder(person=caller.handle(row.holder_person_id), team=row.holder_team)


def _line(line: Line) -> shapes.LineShown:
    return shapes.LineShown(**{name: getattr(line, name) for name in shapes.LineShown.model_fields})


def _parcel(parcel: Parcel) -> shapes.ParcelShown:
    return shapes.ParcelShown(
        carrier=parcel.carrier,
        tracking_number=parcel.tracking_number,
        tracking_url=parcel.tracking_url,
        state=parcel.state,
        expected=_days(parcel.expected_from, parcel.expected_to),
        lines=[shapes.LinePart(key=key, quantity=quantity) for key, quantity in parcel.lines],
    )
