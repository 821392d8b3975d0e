"""Appending to an order's trail: the event and the rows that follow from it, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from storefront_trace.actions import asking, news
from storefront_trace.actions.desk import Desk
from storefront_trace.domain.errors import N_, Conflict
from storefront_trace.domain.orders import Event, Marker, OrderState
from storefront_trace.domain.replay import replay
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import derived, events, locked, marks
from storefront_trace.storage.database import Connection
from storefront_trace.storage.locked import Whole
from storefront_trace.storage.orders import OrderRow

# What a customer changes leaves a mark in the trail, which ends at events.MAX_EVENTS: the rest of it is for the steps.
MOST_MARKS = 1000
FULL = N_("This order has too many events to take another one.")


@dataclass(frozen=True)
class Trail:
    """All events of one order, and the state they give."""

    order_id: str
    events: tuple[Event, ...]
    state: OrderState


async def lock_order(desk: Desk, conn: Connection, shop_id: str, number: str) -> tuple[Cast, OrderRow]:
    """The order's row stays locked until the caller's transaction ends: what is appended to it comes one by one."""
    row, generation = await locked.lock_order(conn, shop_id, number)
    return await desk.casts.get(conn, shop_id, generation), row


async def lock_whole(desk: Desk, conn: Connection, shop_id: str, number: str) -> tuple[Cast, Whole]:
    """The same, with all that is known of the order."""
    found = await locked.lock_whole(conn, shop_id, number)
    return await desk.casts.get(conn, shop_id, found.generation), found


def order_after(row: OrderRow, state: OrderState, now: int) -> OrderRow:
    """The row as it stands once something was appended, which was recorded at `now`."""
    return replace(row, updated_at=now, **derived.derived_columns(state))


async def load(conn: Connection, cast: Cast, order_id: str) -> Trail:
    found = tuple(await events.list_events(conn, cast.shop.id, order_id))
    return Trail(order_id, found, replay(found, cast.rules))


async def append(
    conn: Connection,
    cast: Cast,
    order_id: str,
    past: Sequence[Event],
    new: Event,
    *,
    known: Whole | None = None,
) -> Trail:
    """Writes `new` with the next sequence number. The order's row must be locked by the caller, or new. `known` is the
    order as the caller has read it since."""
    if len(past) >= events.MAX_EVENTS:
        raise Conflict(FULL)
    new = new if new.seq == len(past) + 1 else replace(new, seq=len(past) + 1)
    await events.insert_event(conn, cast.shop.id, order_id, new)
    if new.kind == "correction" and new.corrects:  # without: it came before what it corrects, see actions/incoming.py
        await events.insert_correction(conn, cast.shop.id, order_id, new)
    found = (*past, new)
    state = replay(found, cast.rules)
    await derived.update_derived(conn, cast.shop.id, order_id, state, new.recorded_at, known=known)
    if known is None or known.followed:
        await news.tell(conn, cast, order_id, past, new)
    if new.kind == "step":
        await asking.ask_later(conn, cast, order_id, state, new.recorded_at)
    return Trail(order_id, found, state)


async def mark(conn: Connection, cast: Cast, order_id: str, past: Sequence[Event], now: int) -> None:
    """What a customer says is on the page, so it moves the page's version; what was said stays out of the trail.
    Refused long before the trail is full, whoever calls: the rest is for the steps."""
    if is_worn(past) or len(past) >= events.MAX_EVENTS:
        raise Conflict(FULL)
    await mark_or_renew(conn, cast, order_id, now, source="customer")


async def mark_or_renew(conn: Connection, cast: Cast, order_id: str, now: int, *, source: Marker) -> None:
    """For what must always be possible: an answer, and to be left alone. On a full trail all pages are made anew."""
    await marks.insert_mark(conn, cast.shop.id, order_id, now, zone=cast.shop.zone, source=source)


def is_worn(past: Sequence[Event]) -> bool:
    """Whether customers have changed the page so often that they no longer can. Our own answers do not count."""
    return sum(event.kind == "answer" and event.source == "customer" for event in past) >= MOST_MARKS


async def rebuild(conn: Connection, cast: Cast, order_id: str) -> OrderState:
    """Makes the order's rows again from its events alone."""
    trail = await load(conn, cast, order_id)
    await derived.update_derived(conn, cast.shop.id, order_id, trail.state, max(e.recorded_at for e in trail.events))
    return trail.state
