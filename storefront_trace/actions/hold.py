"""An order changes hands without a step: somebody takes it on, gives it back, or passes it on with a line."""

from __future__ import annotations

from storefront_trace.actions import trail
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.steps import NOTE_LENGTH, short_text
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.corrections import correction
from storefront_trace.domain.errors import N_, Conflict, Invalid, NotFound
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.orders import Event
from storefront_trace.domain.shop import Cast, Person
from storefront_trace.storage import events
from storefront_trace.storage.database import Connection
from storefront_trace.storage.orders import OrderRow

NOBODYS = N_("Nobody here has anything left to do with this order.")
THEIRS = N_("%(name)s has it now. Talk to each other, or take it over on the order's page.")
GONE = N_("It is not with you any more.")
CHOOSE = N_("Choose who gets it.")


async def take_order(desk: Desk, shop_id: str, number: str, *, by: str, over: str = "", device: str | None) -> OrderRow:
    """The person `by` (a handle) is on it from now on. `over` is the handle of who had it when they decided that: of
    two who take it at once one gets it, and the other is told who. Taking what one has changes nothing."""
    async with desk.db.write() as conn:
        cast, row, person = await _start(desk, conn, shop_id, number, by)
        if row.waiting_person_id == person.id:
            return row
        holder = cast.people.get(row.waiting_person_id or "")
        if holder is not None and holder.handle != over:
            raise Conflict(THEIRS, params={"name": holder.display_name})
        return await _hand(conn, cast, row, person, (person.id, person.team), None, device)


async def hand_order(
    desk: Desk, shop_id: str, number: str, *, by: str, to: str, words: str = "", device: str | None
) -> OrderRow:
    """To a person (a handle) or a team (its key), with `words` for whoever gets it. The customer reads them too."""
    async with desk.db.write() as conn:
        cast, row, person = await _start(desk, conn, shop_id, number, by)
        receiver = _receiver(cast, to)
        if receiver == (row.waiting_person_id, row.waiting_team) and not words.strip():
            return row
        return await _hand(conn, cast, row, person, receiver, short_text(words, NOTE_LENGTH, "note"), device)


async def give_back(desk: Desk, shop_id: str, number: str, *, by: str, device: str | None) -> OrderRow:
    """What one has taken is where it was before; what one was handed is the team's that does the next step."""
    async with desk.db.write() as conn:
        cast, row, person = await _start(desk, conn, shop_id, number, by)
        if row.waiting_person_id != person.id:
            raise Conflict(GONE)
        past = await events.list_events(conn, shop_id, row.id)
        taken = next((e for e in past if e.id == row.holder_event_id and e.kind == "hand"), None)
        if taken is not None and taken.person_id == taken.hand_person_id == person.id:
            back = correction(taken, person.id, now_micros(), zone=cast.shop.zone, source="staff")
            return await _append(conn, cast, row, back)
        step = cast.steps.get(row.next_step or "")
        team = (step.team if step else None) or person.team
        if team is None:
            raise Conflict(CHOOSE)
        return await _hand(conn, cast, row, person, (None, team), None, device)


async def _start(desk: Desk, conn: Connection, shop_id: str, number: str, by: str) -> tuple[Cast, OrderRow, Person]:
    cast, row = await trail.lock_order(desk, conn, shop_id, number)
    person = cast.person_by_handle(by)
    if person is None or person.left_at is not None:
        raise NotFound("We have no order with that number.")
    if row.waiting_since is None:
        raise Conflict(NOBODYS)
    return cast, row, person


async def _hand(
    conn: Connection,
    cast: Cast,
    row: OrderRow,
    by: Person,
    to: tuple[str | None, str | None],
    words: str | None,
    device: str | None,
) -> OrderRow:
    now = now_micros()
    new = Event(
        id=new_id(),
        seq=0,
        kind="hand",
        at=now,
        recorded_at=now,
        zone=cast.shop.zone,
        precision="second",
        person_id=by.id,
        team=by.team,
        hand_person_id=to[0],
        hand_team=to[1],
        note=words,
        source="staff",
        device=device,
    )
    return await _append(conn, cast, row, new)


async def _append(conn: Connection, cast: Cast, row: OrderRow, new: Event) -> OrderRow:
    past = await events.list_events(conn, cast.shop.id, row.id)
    await trail.append(conn, cast, row.id, past, new)
    return await trail.order_after(conn, cast, row)


def _receiver(cast: Cast, to: str) -> tuple[str | None, str | None]:
    found = cast.receiver(to)
    if found is None:
        raise Invalid(CHOOSE, errors=[("hand_to", CHOOSE)])
    return found
