"""A phone takes back what it has sent and does not know to have arrived."""

from __future__ import annotations

from storefront_trace.actions import trail
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.steps import worker_id
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import NotFound
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.orders import WITHDRAWN, Event
from storefront_trace.storage import events


async def withdraw(desk: Desk, shop_id: str, number: str, source_key: str, *, by: str) -> Event | None:
    """The event that was told under this key, for the caller to take back. None when there is none: then there never
    will be one, for the request may still be on its way, or wait for its turn to write. What says so is an event of its
    own, under the same key: whoever looks for the key finds it, and the trail says what happened."""
    async with desk.db.write() as conn:
        try:
            cast, row = await trail.lock_order(desk, conn, shop_id, number)
        except NotFound:  # where there is no order nothing is logged, however late it comes
            return None
        told = await events.find_event_by_source_key(conn, shop_id, "staff", source_key)
        if told is not None:
            order_id, event = told
            return event if order_id == row.id and event.kind != WITHDRAWN else None
        past, now = await events.list_events(conn, shop_id, row.id), now_micros()
        new = Event(
            id=new_id(),
            seq=0,
            kind=WITHDRAWN,
            at=now,
            recorded_at=now,
            zone=cast.shop.zone,
            precision="second",
            person_id=worker_id(cast, by),
            source="staff",
            source_key=source_key,
        )
        if len(past) < events.MAX_EVENTS:  # a full trail takes no step either
            await trail.append(conn, cast, row.id, past, new)
        return None
