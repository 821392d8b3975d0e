"""How the present state of an order follows from its events.

`replay` is the only place that says what an order's events mean. The rows of an order (state, holder, version, shipped
counts, parcels) are always what `replay` makes of all its events, so they can be made again from nothing. It looks at
events as a set: the same events in another order of arrival give the same state, apart from the facts, where the
latest recorded word counts. A late "packed" therefore never undoes "delivered".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta

from storefront_trace.domain.holding import NOBODY, OVER, holder_of, turn_of
from storefront_trace.domain.moments import from_micros
from storefront_trace.domain.orders import (
    DELIVERED,
    FINAL_STATES,
    RECEIVED,
    SHIPPED,
    START,
    Event,
    Facts,
    Line,
    OrderState,
    Parcel,
    Step,
    taken_back,
)
from storefront_trace.domain.parcels import contents_known_since, parcels_of, rounds
from storefront_trace.domain.pauses import told_since
from storefront_trace.domain.pieces import cancelled_lines, covers, is_all_back, returned_lines, sent_lines

# The fifth day after the order was placed. Migration 0003 counts the same for the orders that were there before.
FAIR_WAIT = timedelta(days=5)


def replay(events: Sequence[Event], steps: Iterable[Step] = ()) -> OrderState:
    """`events` of one order in any order, at least one of them with facts. `steps` are the shop's present ones."""
    corrected = taken_back(events)
    live = sorted((e for e in events if e.kind == "step" and e.id not in corrected), key=_moment_of)
    facts, missing = told_since(events, live)
    lines = cancelled_lines(facts.lines, live)
    parcels = parcels_of(live, lines)
    lines = returned_lines(sent_lines(lines, live, parcels), live)
    reached, done = _progress(live, lines, parcels)
    state = _state(live, lines, reached, done)
    hands = [e for e in events if e.kind == "hand" and e.id not in corrected]
    handled = sorted([*_handled(live), *hands], key=_moment_of)
    holder, turn = NOBODY, OVER
    if state not in FINAL_STATES:
        holder = holder_of(handled)
        come = _come_here(lines, live, parcels, done)
        turn = turn_of(done, come, facts, lines, handled, missing, steps, holder)
    return OrderState(
        version=len(events),
        state=state,
        position=done,
        facts=facts,
        holder_person_id=holder.person_id,
        holder_team=holder.team,
        holder_event_id=holder.event_id,
        holder_since=holder.since,
        next_step=turn.step,
        waiting_person_id=turn.person_id,
        waiting_team=turn.team,
        waiting_since=turn.since,
        waiting_until=turn.until,
        due=_fair_day(facts) if turn.since is not None else None,
        delivered_at=_delivered_at(live, state, lines),
        lines=lines,
        parcels=parcels,
        corrected=corrected,
    )


def _moment_of(event: Event) -> tuple[int, int, str, str, str]:
    """Sorts by when it happened, ties by progress; nothing here depends on the order of arrival."""
    handed = event.hand_person_id or event.hand_team or ""
    return (event.at, event.position, event.step or "", event.person_id or event.team or "", handed)


def _progress(live: Sequence[Event], lines: Sequence[Line], parcels: Sequence[Parcel]) -> tuple[int, int]:
    """(the furthest anything has come, how far everything has come), as step positions."""
    reached = max((e.position for e in live if e.effect == "advance"), default=0)
    waiting = [line for line in lines if line.shippable and line.open_quantity > 0]
    return reached, _slowest(waiting, live, parcels, otherwise=reached)


def _come_here(lines: Sequence[Line], live: Sequence[Event], parcels: Sequence[Parcel], done: int) -> int:
    """How far what can go on now has come: with the lamp out of stock, the mugs that are packed are to be shipped."""
    left = [line for line in lines if line.shippable and line.open_quantity - line.shipped > line.backordered]
    return _slowest(left, live, parcels, otherwise=done)


def _slowest(some: Sequence[Line], live: Sequence[Event], parcels: Sequence[Parcel], *, otherwise: int) -> int:
    """How far all of these have come; `otherwise` without any."""
    if not some:
        return otherwise
    if any(e.lines or e.parcel is not None or e.effect == "exchange" for e in live):
        return min(_line_progress(line, live, parcels) for line in some)
    # Nearly always: nobody has told them apart.
    waits = any(line.shipped < line.open_quantity for line in some)
    return max((e.position for e in live if e.effect == "advance" and not (waits and e.position >= SHIPPED)), default=0)


def _line_progress(line: Line, live: Sequence[Event], parcels: Sequence[Parcel]) -> int:
    """A line in two parcels has come as far as the slower of them; a parcel takes all that is in it along. What was
    exchanged begins anew, as an order that has been taken."""
    mine = rounds(live, line.key)
    now = sum(e.effect == "exchange" and covers(e, line) for e in live)
    advanced = [e for e, place in zip(live, mine, strict=True) if e.effect == "advance" and place == now]
    start = RECEIVED if now else 0
    here = {e.parcel.key for e in advanced if e.parcel}
    inside = [p for p in parcels if any(key == line.key for key, _ in p.lines) and (p.key in here or not now)]
    elsewhere = {parcel.key for parcel in parcels if parcel.lines} - {parcel.key for parcel in inside}
    since = contents_known_since(advanced)
    about = [
        e
        for e in advanced
        if covers(e, line) and not (e.parcel and e.parcel.key in elsewhere and e.at >= since.get(e.parcel.key, 0))
    ]
    if line.shipped < line.open_quantity:
        return max((e.position for e in about if e.position < SHIPPED), default=start)
    whole = max((e.position for e in about if e.parcel is None), default=start)
    each = [
        max((e.position for e in advanced if e.parcel and e.parcel.key == parcel.key), default=start)
        for parcel in inside
    ]
    return max(whole, min(each, default=max((e.position for e in about), default=start)))


def _state(live: Sequence[Event], lines: Sequence[Line], reached: int, done: int) -> str:
    if not live:
        return START
    ended = _ended(live, lines, reached)
    if ended is not None:
        return ended
    if done >= _home(lines):
        return _furthest(live, limit=None)
    exchanged = [e for e in live if e.effect == "exchange"]
    now = len(exchanged)
    travels = {line.key for line in lines if line.shippable}
    here = [e for e, place in zip(live, rounds(live), strict=True) if place == now] if exchanged else live
    current = [e for e in here if _is_on_the_way(e, travels)]
    latest = current[-1] if current else None
    if latest is not None and latest.effect == "pause" and not latest.lines and latest.step:
        return latest.step
    if exchanged and not any(e.effect == "advance" for e in current):
        return exchanged[-1].step or START
    return _furthest(current, limit=DELIVERED if reached >= DELIVERED else None)


def _ended(live: Sequence[Event], lines: Sequence[Line], reached: int) -> str | None:
    """Called off or sent back as a whole, or line by line until nothing was left."""
    for effect in ("cancel", "return"):
        ended = [e for e in live if e.effect == effect]
        whole = [e for e in ended if not e.lines]
        if whole:
            return whole[-1].step or effect
        if ended and (is_all_back(lines) if effect == "return" else _is_called_off(lines)):
            return ended[-1].step or effect
    return "cancelled" if _is_called_off(lines) and reached < SHIPPED else None


def _is_called_off(lines: Sequence[Line]) -> bool:
    return bool(lines) and not any(line.open_quantity for line in lines)


def _is_on_the_way(event: Event, travels: Collection[str]) -> bool:
    """Not money, and not a gift card that came by mail while the mug is still on its shelf. `travels` are the keys of
    the lines that do."""
    if event.effect == "aside":
        return False
    return not event.lines or not travels or any(key in travels for key, _ in event.lines)


def _furthest(live: Sequence[Event], limit: int | None) -> str:
    """The step that got furthest. While a part is still on its way, "delivered" is not said of the whole."""
    advanced = [e for e in live if e.effect == "advance" and (limit is None or e.position < limit)]
    if not advanced:
        return START if limit is None else "shipped"
    return max(advanced, key=lambda e: (e.position, e.at, e.step or "")).step or START


def _delivered_at(live: Sequence[Event], state: str, lines: Sequence[Line]) -> int | None:
    """When the last of it came home. Gift cards and the like are with the customer as soon as they have been sent.

    A return later does not undo it; what is delivered after a return or a cancellation has come home to the shop.
    """
    home = _home(lines)
    came = [e for e in live if e.effect == "advance" and e.position >= home]
    ended = max((e.at for e in live if e.effect in ("cancel", "return") and not e.lines), default=None)
    if ended is not None:
        came = [e for e in came if e.at <= ended]
    elif home == DELIVERED and not any(e.step == state for e in came):
        return None
    return max((e.at for e in came), default=None)


def _home(lines: Sequence[Line]) -> int:
    """How far an order has to come until the customer has it: what needs no parcel is hers once it is sent."""
    wanted = [line for line in lines if line.open_quantity > 0]
    return SHIPPED if wanted and not any(line.shippable for line in wanted) else DELIVERED


def _handled(live: Sequence[Event]) -> list[Event]:
    """What somebody here did with the things themselves: money that goes back changes hands, the order does not."""
    return [e for e in live if not e.by_carrier and e.effect != "aside"]


def _fair_day(facts: Facts) -> str:
    """By which an order has its place in a queue: without a promise it stands as if one had been given that shops
    usually keep, neither behind everybody for ever nor before those who were promised something."""
    return facts.promise_to or (from_micros(facts.placed_at) + FAIR_WAIT).date().isoformat()
