"""Taking a step back: the event stays, marked, and a correction stands after it in the trail."""

from __future__ import annotations

from storefront_trace.actions import trail
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.steps import LoggedStep, short_text, worker_id
from storefront_trace.domain.clock import MINUTE, now_micros
from storefront_trace.domain.corrections import correction, may_correct
from storefront_trace.domain.errors import N_, Conflict, Invalid, NotAllowed, NotFound
from storefront_trace.domain.orders import Event
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import events
from storefront_trace.storage.database import Connection
from storefront_trace.storage.orders import OrderRow

UNDO = 10 * MINUTE
SAY_WHY = N_("Say in a few words why it is corrected.")
NOT_YOURS = N_("Only who logged this step, their team or the owner can correct it.")


async def correct_event(
    desk: Desk, shop_id: str, number: str, event_id: str, *, by: str | None, reason: str | None = None, source: str
) -> LoggedStep:
    """By anybody and at any time: the caller answers for whether they may. Told again it changes nothing."""
    async with desk.db.write() as conn:
        cast, row = await trail.lock_order(desk, conn, shop_id, number)
        return await correct_event_in(conn, cast, row, event_id, by=by, reason=reason, source=source)


async def undo_step(desk: Desk, shop_id: str, number: str, event_id: str, *, by: str) -> LoggedStep:
    """A person takes back what they logged themselves in the last ten minutes."""
    async with desk.db.write() as conn:
        cast, row = await trail.lock_order(desk, conn, shop_id, number)
        event = _step_event(await events.list_events(conn, shop_id, row.id), event_id)
        person = cast.person_by_handle(by)
        if person is None or event.person_id != person.id:
            raise NotAllowed("Only the person who logged this step can take it back here.")
        if now_micros() - event.recorded_at > UNDO:
            raise Conflict("That was more than ten minutes ago. Correct it on the order's page, and say why.")
        return await correct_event_in(conn, cast, row, event_id, by=by, reason=None, source="staff")


async def correct_step(
    desk: Desk, shop_id: str, number: str, event_id: str, *, by: str, reason: str, as_owner: bool
) -> LoggedStep:
    """A person takes back a step of their own or their team's, whenever it was, and says why: the customer reads it."""
    async with desk.db.write() as conn:
        cast, row = await trail.lock_order(desk, conn, shop_id, number)
        event = _step_event(await events.list_events(conn, shop_id, row.id), event_id)
        person = cast.person_by_handle(by)
        if person is None or not may_correct(event, person, as_owner=as_owner):
            raise NotAllowed(NOT_YOURS)
        if not reason.strip():
            raise Invalid(SAY_WHY, errors=[("reason", SAY_WHY)])
        return await correct_event_in(conn, cast, row, event_id, by=by, reason=reason, source="staff")


async def correct_event_in(
    conn: Connection, cast: Cast, row: OrderRow, event_id: str, *, by: str | None, reason: str | None, source: str
) -> LoggedStep:
    """`correct_event` inside the caller's `db.write()`, with the order's row locked."""
    past = await events.list_events(conn, cast.shop.id, row.id)
    target = _step_event(past, event_id)
    done = next((e for e in past if e.kind == "correction" and e.corrects == event_id), None)
    if done is not None:
        return LoggedStep(done, row, (await trail.load(conn, cast, row.id)).state, again=True)
    person, why = worker_id(cast, by), short_text(reason, 500, "reason")
    new = correction(target, person, now_micros(), zone=cast.shop.zone, source=source, reason=why)
    result = await trail.append(conn, cast, row.id, past, new)
    return LoggedStep(result.events[-1], row, result.state)


def _step_event(past: list[Event], event_id: str) -> Event:
    event = next((e for e in past if e.id == event_id and e.kind == "step"), None)
    if event is None:
        raise NotFound("This order has no such step.")
    return event
