"""What has not happened yet to an order, with its days where somebody stands for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from storefront_trace.domain.orders import DELIVERED, SHIPPED, taken_back
from storefront_trace.domain.parcels import in_no_parcel, in_parts, reached
from storefront_trace.domain.promise import Expected, Outlook, stock_day
from storefront_trace.domain.shop import Cast, ShopStep
from storefront_trace.domain.steps import EVERY_SHOPS
from storefront_trace.domain.tracked import TrackLine, TrackOrder


class Ahead(NamedTuple):
    """Something that has not happened. `kind`: step, restock (a line comes in), rest (what is left is packed and sent),
    send (a packed parcel is sent), parcel (a parcel comes home). `source` says whose word the days are: see
    domain/promise.py."""

    kind: str
    step: ShopStep | None = None
    line: TrackLine | None = None
    parcel_number: int | None = None
    day_from: str | None = None
    day_to: str | None = None
    source: str = "shop"
    carrier: str | None = None


def what_is_left(order: TrackOrder, cast: Cast, found: Outlook) -> Iterable[Ahead]:
    """Of an order that is underway, in the order in which it happens."""
    several = in_parts(order, cast)
    for place, parcel in enumerate(order.parcels, 1):
        if several and reached(parcel, cast) < SHIPPED:
            yield Ahead("send", parcel_number=place)
        if several and reached(parcel, cast) < DELIVERED:
            yield _with_days(Ahead("parcel", parcel_number=place), found.parcels.get(parcel.key))
    waiting = [line for line in order.lines if line.backordered > 0 and line.expected]
    for line in sorted(waiting, key=lambda one: (one.expected, one.position)):
        day = stock_day(line, found.today)
        yield Ahead("restock", line=line, day_from=day, day_to=day)
    if several:
        if order.position < SHIPPED and in_no_parcel(order, cast):
            yield Ahead("rest", parcel_number=len(order.parcels) + 1)
            yield Ahead("parcel", parcel_number=len(order.parcels) + 1)
        return
    left = order.position < SHIPPED
    for step in cast.standing:
        if step.effect != "advance" or not step.visible or step.position <= order.position:
            continue
        if not step.is_on(order.method) or (step.key not in EVERY_SHOPS and _is_done(order, step)):
            continue
        if step.position >= DELIVERED:
            if order.lines and not any(line.shippable for line in order.lines):
                return  # gift cards come by mail: nobody brings them home
            home = found.order
            later = home is not None and any((line.expected or "") > home.day_to for line in waiting)
            yield _with_days(Ahead("step", step), None if later else home)
            return
        if (left and step.position <= SHIPPED) or order.method != "parcel":
            yield Ahead("step", step)


def _is_done(order: TrackOrder, step: ShopStep) -> bool:
    """A step of the shop's own may have been moved since it was logged on the whole order, which goes on from there."""
    done = [e for e in order.events if e.kind == "step"]
    swapped = max((e.seq for e in done if e.effect == "exchange"), default=0)
    fallen = taken_back(order.events)
    return any(
        e.step == step.key and e.seq > swapped and e.id not in fallen and not (e.lines or e.parcel_key) for e in done
    )


def _with_days(ahead: Ahead, days: Expected | None) -> Ahead:
    if days is None:
        return ahead
    return ahead._replace(day_from=days.day_from, day_to=days.day_to, source=days.source, carrier=days.carrier)
