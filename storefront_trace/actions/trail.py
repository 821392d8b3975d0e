"""Appending to an order's trail: the event and the rows that follow from it, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from storefront_trace.actions import asking, news
from storefront_trace.domain.errors import Conflict
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.orders import Event, OrderState
from storefront_trace.domain.replay import replay
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import events, orders
from storefront_trace.storage.database import Connection


@dataclass(frozen=True)
class Trail:
    """All events of one order, and the state they give."""

    order_id: str
    events: tuple[Event, ...]
    state: OrderState


async def load(conn: Connection, cast: Cast, order_id: str) -> Trail:
    found = tuple(await events.list_events(conn, cast.shop.id, order_id))
    return Trail(order_id, found, replay(found, cast.rules))


async def append(conn: Connection, cast: Cast, order_id: str, past: Sequence[Event], new: Event) -> Trail:
    """Writes `new` with the next sequence number. The order's row must be locked by the caller, or new."""
    if len(past) >= events.MAX_EVENTS:
        raise Conflict("This order has too many events to take another one.")
    new = replace(new, seq=len(past) + 1)
    await events.insert_event(conn, cast.shop.id, order_id, new)
    if new.kind == "correction" and new.corrects:  # without: it came before what it corrects, see actions/incoming.py
        await events.insert_correction(conn, cast.shop.id, order_id, new)
    found = (*past, new)
    state = replay(found, cast.rules)
    await orders.update_derived(conn, cast.shop.id, order_id, state, new.recorded_at)
    await news.tell(conn, cast, order_id, past, new)
    if new.kind == "step":
        await asking.ask_later(conn, cast, order_id, state, new.recorded_at)
    return Trail(order_id, found, state)


async def mark(conn: Connection, cast: Cast, order_id: str, past: Sequence[Event], now: int) -> None:
    """The page shows answers, replies and questions, so they move its version; what was said stays out of the trail."""
    new = Event(id=new_id(), seq=0, kind="answer", at=now, recorded_at=now, zone=cast.shop.zone, source="customer")
    await append(conn, cast, order_id, past, new)


async def rebuild(conn: Connection, cast: Cast, order_id: str) -> OrderState:
    """Makes the order's rows again from its events alone."""
    trail = await load(conn, cast, order_id)
    await orders.update_derived(conn, cast.shop.id, order_id, trail.state, max(e.recorded_at for e in trail.events))
    return trail.state
