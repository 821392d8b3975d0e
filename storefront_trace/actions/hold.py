"""An order changes hands without a step: somebody takes it on, gives it back, or passes it on with a line."""

from __future__ import annotations

from dataclasses import dataclass, replace

from storefront_trace.actions import trail
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.steps import NOTE_LENGTH, short_text
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.corrections import correction
from storefront_trace.domain.errors import N_, Conflict, Invalid, NotFound
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.moments import Moment, to_micros
from storefront_trace.domain.orders import Event, taken_back
from storefront_trace.domain.shop import Cast, Person
from storefront_trace.storage import events
from storefront_trace.storage.database import Connection
from storefront_trace.storage.orders import OrderRow

NOBODYS = N_("Nobody here has anything left to do with this order.")
THEIRS = N_("%(name)s has it now. Talk to each other, or take it over on the order's page.")
GONE = N_("It is not with you any more.")
CHOOSE = N_("Choose who gets it.")
SINCE = N_("Something has been done with this order since. Look at it first, and choose again.")


@dataclass(frozen=True)
class Deed:
    """Of whom (a handle), and on which device. `at` is when it happened, if not now; `once` is a key that the page has
    made: told again under it, nothing changes, whatever has happened since."""

    by: str
    device: str | None = None
    at: Moment | None = None
    once: str = ""

    @property
    def source_key(self) -> str | None:
        return key_of(self.once) if self.once else None


def key_of(once: str) -> str:
    return f"hold:{once}"


@dataclass(frozen=True)
class _Start:
    """`row` is locked."""

    cast: Cast
    row: OrderRow
    person: Person
    again: bool


async def take_order(desk: Desk, shop_id: str, number: str, deed: Deed, *, over: str = "") -> OrderRow:
    """Who does it is on it from now on. `over` is the handle of who had it when they decided that: of two who take it
    at once one gets it, and the other is told who. Taking what one has changes nothing."""
    async with desk.db.write() as conn:
        start = await _start(desk, conn, shop_id, number, deed)
        row, person = start.row, start.person
        if start.again or row.waiting_person_id == person.id:
            return row
        _check_free(start, over)
        return await _hand(conn, start, deed, (person.id, person.team))


async def hand_order(desk: Desk, shop_id: str, number: str, deed: Deed, *, to: str, words: str = "") -> OrderRow:
    """To a person (a handle) or a team (its key), with `words` for whoever gets it, which colleagues alone read."""
    async with desk.db.write() as conn:
        start = await _start(desk, conn, shop_id, number, deed)
        row = start.row
        if start.again:
            return row
        receiver = _receiver(start.cast, to)
        if receiver == (row.waiting_person_id, row.waiting_team) and not words.strip():
            return row
        return await _hand(conn, start, deed, receiver, short_text(words, NOTE_LENGTH, "note"))


async def give_back(desk: Desk, shop_id: str, number: str, deed: Deed) -> OrderRow:
    """What one has taken is where it was before; what one was handed is the team's that does the next step."""
    async with desk.db.write() as conn:
        start = await _start(desk, conn, shop_id, number, deed)
        row, person = start.row, start.person
        if start.again:
            return row
        if row.waiting_person_id != person.id:
            raise Conflict(GONE)
        past = await events.list_events(conn, shop_id, row.id)
        taken = next((e for e in past if e.id == row.holder_event_id and e.kind == "hand"), None)
        if taken is not None and taken.person_id == taken.hand_person_id == person.id:
            return await _undo(conn, start, deed, taken)
        step = start.cast.steps.get(row.next_step or "")
        team = (step.team if step else None) or person.team
        if team is None:
            raise Conflict(CHOOSE)
        return await _hand(conn, start, deed, (None, team))


async def call_off(desk: Desk, shop_id: str, number: str, event_id: str, deed: Deed) -> OrderRow:
    """What one has just done here did not happen: taken it, given it back, passed it on. Refused once somebody has done
    anything after it."""
    async with desk.db.write() as conn:
        start = await _start(desk, conn, shop_id, number, deed)
        row = start.row
        past = await events.list_events(conn, shop_id, row.id)
        told = next((e for e in past if e.id == event_id and e.kind in ("hand", "correction")), None)
        if told is None or told.person_id != start.person.id:
            raise NotFound(GONE)
        if start.again or told.id in taken_back(past):
            return row
        if told.kind == "correction":
            _check_free(start, "")
            return await _hand(conn, start, deed, (start.person.id, start.person.team))
        if row.holder_event_id != told.id:
            raise Conflict(SINCE)
        return await _undo(conn, start, deed, told)


async def _start(desk: Desk, conn: Connection, shop_id: str, number: str, deed: Deed) -> _Start:
    cast, row = await trail.lock_order(desk, conn, shop_id, number)
    person = cast.person_by_handle(deed.by)
    if person is None or person.left_at is not None:
        raise NotFound("We have no order with that number.")
    before = await events.find_event_by_source_key(conn, shop_id, "staff", deed.source_key) if deed.source_key else None
    if before is None and row.waiting_since is None:
        raise Conflict(NOBODYS)
    return _Start(cast, row, person, again=before is not None)


def _check_free(start: _Start, over: str) -> None:
    holder = start.cast.people.get(start.row.waiting_person_id or "")
    if holder is not None and holder.handle != over:
        raise Conflict(THEIRS, params={"name": holder.display_name})


async def _hand(
    conn: Connection, start: _Start, deed: Deed, to: tuple[str | None, str | None], words: str | None = None
) -> OrderRow:
    now, person = now_micros(), start.person
    new = Event(
        id=new_id(),
        seq=0,
        kind="hand",
        at=min(now, to_micros(deed.at.instant)) if deed.at else now,
        recorded_at=now,
        zone=deed.at.zone if deed.at else start.cast.shop.zone,
        precision="second",
        person_id=person.id,
        team=person.team,
        hand_person_id=to[0],
        hand_team=to[1],
        note=words,
        source="staff",
        source_key=deed.source_key,
        device=deed.device,
    )
    after = await _append(conn, start, new)
    if deed.at is not None and after.holder_event_id != new.id:
        raise Conflict(SINCE)  # what came late would change nothing, and nobody would know
    return after


async def _undo(conn: Connection, start: _Start, deed: Deed, told: Event) -> OrderRow:
    back = correction(told, start.person.id, now_micros(), zone=start.cast.shop.zone, source="staff")
    return await _append(conn, start, replace(back, source_key=deed.source_key))


async def _append(conn: Connection, start: _Start, new: Event) -> OrderRow:
    past = await events.list_events(conn, start.cast.shop.id, start.row.id)
    done = await trail.append(conn, start.cast, start.row.id, past, new)
    return trail.order_after(start.row, done.state, new.recorded_at)


def _receiver(cast: Cast, to: str) -> tuple[str | None, str | None]:
    found = cast.receiver(to)
    if found is None:
        raise Invalid(CHOOSE, errors=[("hand_to", CHOOSE)])
    return found
