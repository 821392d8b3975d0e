"""How the present state of an order follows from its events.

`replay` is the only place that says what an order's events mean. The rows of an order (state, holder, version, shipped
counts, parcels) are always what `replay` makes of all its events, so they can be made again from nothing. It looks at
events as a set: the same events in another order of arrival give the same state, apart from the facts, where the
latest recorded word counts. A late "packed" therefore never undoes "delivered".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

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
    order = OrderState(
        version=len(events),
        state=state,
        position=done,
        facts=facts,
        lines=lines,
        parcels=parcels,
        corrected=corrected,
        delivered_at=_delivered_at(live, state, lines),
    )
    hands = [e for e in events if e.kind == "hand" and e.id not in corrected]
    handled = sorted([*_handled(live), *hands], key=_moment_of)
    ahead = sorted(steps, key=lambda s: (s.position, s.key))
    order = _with_next(_with_holder(order, handled), handled, missing, ahead, _come_here(order, live))
    return replace(order, due=_fair_day(order.facts)) if order.waiting_since is not None else order


def _moment_of(event: Event) -> tuple[int, int, str, str, str]:
    """Sorts by when it happened, ties by progress; nothing here depends on the order of arrival."""
    handed = event.hand_person_id or event.hand_team or ""
    return (event.at, event.position, event.step or "", event.person_id or event.team or "", handed)


def _progress(live: Sequence[Event], lines: Sequence[Line], parcels: Sequence[Parcel]) -> tuple[int, int]:
    """(the furthest anything has come, how far everything has come), as step positions."""
    reached = max((e.position for e in live if e.effect == "advance"), default=0)
    waiting = [line for line in lines if line.shippable and line.open_quantity > 0]
    if not waiting:
        return reached, reached
    return reached, min(_line_progress(line, live, parcels) for line in waiting)


def _come_here(order: OrderState, live: Sequence[Event]) -> int:
    """How far what can go on now has come: with the lamp out of stock, the mugs that are packed are to be shipped."""
    left = [line for line in order.lines if line.shippable and line.open_quantity - line.shipped > line.backordered]
    return min((_line_progress(line, live, order.parcels) for line in left), default=order.position)


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
    current = [e for e, place in zip(live, rounds(live), strict=True) if place == now and _is_on_the_way(e, lines)]
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


def _is_on_the_way(event: Event, lines: Sequence[Line]) -> bool:
    """Not money, and not a gift card that came by mail while the mug is still on its shelf."""
    if event.effect == "aside":
        return False
    travels = {line.key for line in lines if line.shippable}
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


def _with_holder(order: OrderState, handled: Sequence[Event]) -> OrderState:
    """Who has it now: whom it was handed to last, else who did the last thing. A carrier is never it."""
    if order.state in FINAL_STATES or not handled:
        return order
    last = handled[-1]
    handed = last.hand_person_id is not None or last.hand_team is not None
    return replace(
        order,
        holder_person_id=last.hand_person_id if handed else last.person_id,
        holder_team=last.hand_team if handed else last.team,
        holder_event_id=last.id,
        holder_since=last.at,
    )


def _handled(live: Sequence[Event]) -> list[Event]:
    """What somebody here did with the things themselves: money that goes back changes hands, the order does not."""
    return [e for e in live if not e.by_carrier and e.effect != "aside"]


def _with_next(
    order: OrderState, handled: Sequence[Event], missing: Sequence[Event], steps: Sequence[Step], come: int
) -> OrderState:
    """Which step comes next, and whose turn it is: whom it was handed to, else the team that does that step. `missing`
    are the words on goods that have yet to come, `come` is how far the others are."""
    if order.state in FINAL_STATES:
        return order
    way = order.facts.method
    ahead = [s for s in steps if s.effect == "advance" and s.position > come and s.is_on(way)]
    if order.position >= SHIPPED:  # a carrier may scan it or not; what our own people do next is known
        ahead = [s for s in ahead if s.position >= DELIVERED or way == "local"]
    following = ahead[0] if ahead else None
    order = replace(order, next_step=following.key if following else None)
    if order.position >= SHIPPED or following is None:
        return order
    goods = _goods_come(order.lines)
    if goods is None:  # somebody gets what is missing; the others go on with the rest
        handled = [e for e in handled if e not in missing]
    last = handled[-1] if handled else None
    waits = _wait_of(last, goods, missing)
    if waits is not None:
        word, until = waits
        person, team = _seen_to_by(word)
        return replace(order, waiting_person_id=person, waiting_team=team, waiting_since=word.at, waiting_until=until)
    if last is None or last.hand_person_id is None:  # who was asked by name is asked to do something now
        order = replace(order, waiting_until=goods)
    since = next((e.at for e in reversed(handled) if not _is_taken(e)), order.facts.placed_at)
    if last is not None and (last.hand_person_id or last.hand_team):
        return replace(order, waiting_person_id=last.hand_person_id, waiting_team=last.hand_team, waiting_since=since)
    return replace(order, waiting_team=following.team or order.holder_team, waiting_since=since)


def _wait_of(last: Event | None, goods: str | None, missing: Sequence[Event]) -> tuple[Event, str] | None:
    """(the word that says what is waited for, the day on which whoever sees to it goes on)."""
    if last is not None and last.effect == "pause" and last.until and not last.lines:
        return last, last.until
    first = min(missing, key=lambda e: e.until or "", default=None)
    if goods is None or first is None or (last is not None and last.at > first.at and last.hand_person_id):
        return None
    return first, goods


def _seen_to_by(word: Event) -> tuple[str | None, str | None]:
    """(person, team): whom it was passed on to, else who said it."""
    if word.hand_person_id or word.hand_team:
        return word.hand_person_id, word.hand_team
    return word.person_id, word.team


def _is_taken(event: Event) -> bool:
    """Who takes an order on has not made its wait begin anew."""
    return event.kind == "hand" and event.person_id is not None and event.person_id == event.hand_person_id


def _fair_day(facts: Facts) -> str:
    """By which an order has its place in a queue: without a promise it stands as if one had been given that shops
    usually keep, neither behind everybody for ever nor before those who were promised something."""
    return facts.promise_to or (from_micros(facts.placed_at) + FAIR_WAIT).date().isoformat()


def _goods_come(lines: Sequence[Line]) -> str | None:
    """The first day on which somebody can go on with an order of which all that is left is on its way here."""
    left = [line for line in lines if line.shippable and line.shipped < line.open_quantity]
    if any(line.expected is None or line.backordered < line.open_quantity - line.shipped for line in left):
        return None
    return min((line.expected for line in left if line.expected), default=None)
