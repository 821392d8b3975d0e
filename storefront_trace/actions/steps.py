"""Logging a step. Every way in (page, API, webhook, import) ends here; corrections.py takes one back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from storefront_trace.actions import trail
from storefront_trace.actions.desk import Desk
from storefront_trace.domain.clock import DAY, MINUTE, now_micros
from storefront_trace.domain.errors import N_, Conflict, Invalid
from storefront_trace.domain.forgotten import is_forgotten, plain_parcel
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.moments import Moment, to_micros
from storefront_trace.domain.orders import Event, Line, OrderState, Parcel
from storefront_trace.domain.parcels import parcel_meant
from storefront_trace.domain.replay import replay
from storefront_trace.domain.shop import Cast, ShopStep
from storefront_trace.domain.timeline import SHOP_SYSTEMS
from storefront_trace.domain.turns import OutOfTurn, out_of_turn
from storefront_trace.storage import events, locked, orders
from storefront_trace.storage.database import Connection
from storefront_trace.storage.locked import Whole
from storefront_trace.storage.orders import OrderRow

AHEAD = 10 * MINUTE
# So long before its order a step may be: a day says nothing of the hour, and clocks differ.
BEFORE = DAY
TOO_OLD = N_("That is before the order was placed. Look at the day and the year.")
TAKEN_AWAY = N_("This step has been taken away. Choose another one.")
NOTE_LENGTH = 1000


@dataclass(frozen=True)
class StepToLog:
    """`by` and `hand_to` are handles; `hand_to` may also name a team. Without `by` the step belongs to its team.

    `lines` are (line key, quantity or None for all of it); none means the whole order. `source` with `source_key`
    names the fact: told again, it changes nothing. A `parcel` without a key is looked for among those there are.
    `as_owner`: somebody who may log every step logs it on our own pages. `earlier` are the ids of the events that it
    takes the place of. `until` and `promise` are ISO days, of a pause: when
    its lines come, or the order goes on, and what is promised instead (first day, last day).
    """

    step: str
    by: str | None = None
    at: Moment | None = None
    note: str | None = None
    hand_to: str | None = None
    lines: tuple[tuple[str, int | None], ...] = ()
    parcel: Parcel | None = None
    photo: str | None = None
    photo_size: tuple[int, int] | None = None
    source: str = "staff"
    source_key: str | None = None
    device: str | None = None
    carrier_scan: bool = False
    as_owner: bool = False
    earlier: tuple[str, ...] = ()
    until: str | None = None
    promise: tuple[str, str] | None = None


Tell = Callable[[list[Line], list[Parcel]], StepToLog]
Minds = Callable[[OutOfTurn], bool]


@dataclass(frozen=True)
class LoggedStep:
    """`before` is the order's row as it stood before the event was appended; `again`: nothing was."""

    event: Event
    before: OrderRow
    state: OrderState
    again: bool = False

    @cached_property
    def order(self) -> OrderRow:
        """As it stands since."""
        return self.before if self.again else trail.order_after(self.before, self.state, self.event.recorded_at)


class NotTheirs(Conflict):
    """The step is logged by another team alone. The staff's pages say it with names: see web/staff/turns.py."""

    def __init__(self, step: ShopStep) -> None:
        super().__init__(N_("Another team logs this step. Ask somebody of that team, or the owner."))
        self.step = step


class OutOfItsTurn(Exception):
    """Nothing was logged: somebody is asked first, or told why not."""

    def __init__(self, row: OrderRow, step: str, turn: OutOfTurn) -> None:
        super().__init__(turn.kind)
        self.row, self.step, self.turn = row, step, turn


async def log_step(desk: Desk, shop_id: str, number: str, told: StepToLog) -> LoggedStep:
    """Appends the step; with a `source_key` told before it returns what was logged then (`again`)."""

    async def job(conn: Connection) -> LoggedStep:
        cast, found = await trail.lock_whole(desk, conn, shop_id, number)
        return await log_step_in(conn, cast, found.row, told, known=found)

    return await desk.db.write_together(job, locked.ahead(shop_id, number))


async def log_on_things(desk: Desk, shop_id: str, number: str, tell: Tell, *, minds: Minds | None = None) -> LoggedStep:
    """`log_step` of what `tell` says of the order's things as they are once it is locked: all in one turn. A step that
    is out of its turn in a way that `minds` says to mind raises `OutOfItsTurn`."""

    async def job(conn: Connection) -> LoggedStep:
        cast, found = await trail.lock_whole(desk, conn, shop_id, number)
        told = tell(found.lines, found.parcels)
        turn = _turn(cast, found.events, told) if minds else None
        if minds and turn is not None and minds(turn):
            raise OutOfItsTurn(found.row, told.step, turn)
        return await log_step_in(conn, cast, found.row, told, known=found)

    return await desk.db.write_together(job, locked.ahead(shop_id, number))


async def check_step(desk: Desk, shop_id: str, number: str, told: StepToLog) -> OutOfTurn | None:
    """Raises what `log_step` would refuse, and writes nothing: for work that should not be done in vain. Returns what
    is odd about it, which `log_step` does not mind."""

    async def job(conn: Connection) -> OutOfTurn | None:
        cast = await desk.casts.get(conn, shop_id)
        row = await orders.get_order(conn, shop_id, number)
        return _turn(cast, await events.list_events(conn, shop_id, row.id), told)

    return await desk.db.read_together(job)


async def log_step_in(
    conn: Connection,
    cast: Cast,
    row: OrderRow,
    told: StepToLog,
    *,
    known: Whole | None = None,
) -> LoggedStep:
    """`log_step` inside the caller's `db.write()`, with the order's row locked. `known` is what they have read of it
    since."""
    past = known.events if known else await events.list_events(conn, cast.shop.id, row.id)
    before = next((e for e in past if _same_fact(e, told)), None)
    if before is not None:
        return LoggedStep(before, row, replay(past, cast.rules), again=True)
    done = await trail.append(conn, cast, row.id, past, new_event(cast, past, told), known=known)
    return LoggedStep(done.events[-1], row, done.state)


def _turn(cast: Cast, past: list[Event], told: StepToLog) -> OutOfTurn | None:
    """What is odd about it; nothing is about what was logged before (its `source_key`)."""
    new = new_event(cast, past, told)
    if any(_same_fact(event, told) for event in past):
        return None
    return out_of_turn(new, past, replay(past, cast.rules), cast.standing)


def _same_fact(event: Event, told: StepToLog) -> bool:
    return told.source_key is not None and event.source == told.source and event.source_key == told.source_key


def new_event(cast: Cast, past: list[Event], told: StepToLog) -> Event:
    """Checked against the shop and the order's facts in `past`, recorded now, not written anywhere yet."""
    step = cast.steps.get(told.step)
    if step is None:
        raise Invalid("There is no such step.", errors=[("step", "Use one of the shop's steps.")])
    now = now_micros()
    person_id = worker_id(cast, told.by)
    _check_theirs(cast, step, person_id, told)
    hand_person, hand_team = _receiver(cast, told.hand_to)
    lines = _lines(past, step, told)
    return Event(
        id=new_id(),
        seq=len(past) + 1,
        kind="step",
        at=_instant(past, step, told, now),
        recorded_at=now,
        zone=told.at.zone if told.at else cast.shop.zone,
        precision=told.at.precision if told.at else "second",
        step=step.key,
        position=step.position,
        effect=step.effect,
        person_id=person_id,
        team=_team_of(cast, step, person_id, told),
        hand_person_id=hand_person,
        hand_team=hand_team,
        note=short_text(told.note, NOTE_LENGTH, "note"),
        photo=told.photo,
        photo_size=told.photo_size,
        lines=lines,
        parcel=_parcel(past, told.parcel, lines),
        source=told.source,
        source_key=told.source_key,
        device=told.device,
        earlier=told.earlier,
        until=told.until if step.effect == "pause" else None,
        promise=told.promise if step.effect == "pause" else None,
    )


def _check_theirs(cast: Cast, step: ShopStep, person_id: str | None, told: StepToLog) -> None:
    """On our own pages; who sends steps from elsewhere has settled that there."""
    person = cast.people.get(person_id or "")
    if told.source == "staff" and not told.as_owner and person is not None and not step.is_for(person):
        raise NotTheirs(step)


def _instant(past: Sequence[Event], step: ShopStep, told: StepToLog, now: int) -> int:
    instant = to_micros(told.at.instant) if told.at else now
    ahead = DAY if told.at and told.at.precision == "day" else AHEAD
    if instant > now + ahead:
        raise Invalid("A step cannot happen in the future.", errors=[("at", "Send a time that has been.")])
    if instant < _placed(past, told.source) - BEFORE:
        raise Invalid(TOO_OLD, errors=[("at", TOO_OLD)])
    if step.gone_at is not None and instant >= step.gone_at:
        raise Invalid(TAKEN_AWAY, errors=[("step", TAKEN_AWAY)])
    return instant


def _placed(past: Sequence[Event], source: str) -> int:
    """When the order was placed, 0 where nobody has said: it came in without a day, and stands on the one that it came
    in on. What a shop system says of its own orders is taken as it is: refused, it would only be sent again."""
    facts = max((e for e in past if e.facts is not None), key=lambda e: e.seq, default=None)
    if facts is None or facts.facts is None or source.split(":")[0] in SHOP_SYSTEMS:
        return 0
    unsaid = any(e.seq == 1 and e.recorded_at == facts.facts.placed_at for e in past)
    return 0 if unsaid else facts.facts.placed_at


def worker_id(cast: Cast, handle: str | None) -> str | None:
    """Of a person who works here still, by handle; nobody's handle is nobody's id."""
    if handle is None:
        return None
    person = cast.person_by_handle(handle)
    if person is None or person.left_at is not None:
        raise Invalid("Nobody who works here has that handle.", errors=[("by", "Use the handle of a person.")])
    return person.id


def _team_of(cast: Cast, step: ShopStep, person_id: str | None, told: StepToLog) -> str | None:
    """The team the work counts for. Somebody without a team is in none, whoever else does such steps: a customer would
    read a team that had no part in it. A carrier's scan belongs to nobody here."""
    if person_id is not None:
        return cast.people[person_id].team
    return None if told.carrier_scan else step.team


def _receiver(cast: Cast, hand_to: str | None) -> tuple[str | None, str | None]:
    if not hand_to:
        return None, None
    found = cast.receiver(hand_to)
    if found is None:
        raise Invalid("There is nobody to hand over to.", errors=[("hand_to", "Use the handle of a person or a team.")])
    return found


def _lines(past: list[Event], step: ShopStep, told: StepToLog) -> tuple[tuple[str, int | None], ...]:
    """What goes by mail is not what goes in the parcel: such a step is about those lines alone, said or not."""
    facts = max((e for e in past if e.facts is not None), key=lambda e: e.seq).facts
    lines = facts.lines if facts else ()
    known = {line.key for line in lines}
    if step.methods == ("digital",) and not told.lines:
        light = tuple((line.key, None) for line in lines if not line.shippable)
        if lines and not light:
            raise Invalid("Nothing in this order goes by mail.", errors=[("step", "Use a step of parcels.")])
        return light
    unknown = [key for key, _ in told.lines if key not in known]
    if unknown:
        raise Invalid("The order has no such line.", errors=[("lines", "Use the keys of the order's own lines.")])
    return tuple(dict(told.lines).items())


def _parcel(past: Sequence[Event], told: Parcel | None, lines: Sequence[tuple[str, int | None]]) -> Parcel | None:
    """With an empty key it has yet to be found which one is meant."""
    if told is not None and is_forgotten(past):
        told = plain_parcel(told, past)
    if told is None or told.key:
        return told
    return parcel_meant(replay(past).parcels, told, [key for key, _ in lines])


def short_text(text: str | None, most: int, name: str) -> str | None:
    """Without the spaces around it, None when nothing is left; too long is refused, about the field `name`."""
    text = (text or "").strip()
    if len(text) > most:
        raise Invalid("That is too long.", errors=[(name, "Use at most %(most)s characters.")], params={"most": most})
    return text or None
