"""How the present state of an order follows from its events.

`replay` is the only place that says what an order's events mean. The rows of an order (state, holder, version, shipped
counts, parcels) are always what `replay` makes of all its events, so they can be made again from nothing. It looks at
events as a set: the same events in another order of arrival give the same state, apart from the facts, where the
latest recorded word counts. A late "packed" therefore never undoes "delivered".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from storefront_trace.domain.orders import (
    DELIVERED,
    FINAL_STATES,
    SHIPPED,
    START,
    Event,
    Facts,
    Line,
    OrderState,
    Parcel,
    Step,
)


def replay(events: Sequence[Event], steps: Iterable[Step] = ()) -> OrderState:
    """`events` of one order in any order, at least one of them with facts. `steps` are the shop's present ones."""
    corrected = frozenset(e.corrects for e in events if e.kind == "correction" and e.corrects)
    live = sorted((e for e in events if e.kind == "step" and e.id not in corrected), key=_moment_of)
    facts = _latest_facts(events)
    parcels = _parcels(live, facts)
    lines = _shipped_lines(facts, live, parcels)
    reached, done = _progress(live, lines, parcels)
    state = _state(live, reached, done)
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
    return _with_next(_with_holder(order, live), live, sorted(steps, key=lambda s: (s.position, s.key)))


def covers(event: Event, line: Line) -> bool:
    """A step without lines, and not about one parcel, is about the whole order."""
    return not event.lines or any(key == line.key for key, _ in event.lines)


def _moment_of(event: Event) -> tuple[int, int, str, str, str]:
    """Sorts by when it happened, ties by progress; nothing here depends on the order of arrival."""
    handed = event.hand_person_id or event.hand_team or ""
    return (event.at, event.position, event.step or "", event.person_id or event.team or "", handed)


def _latest_facts(events: Sequence[Event]) -> Facts:
    told = [e for e in events if e.facts is not None]
    latest = max(told, key=lambda e: e.seq).facts
    assert latest is not None
    return latest


def _parcels(live: Sequence[Event], facts: Facts) -> tuple[Parcel, ...]:
    """One parcel per key; later news fills in what earlier news left out, and its state only moves forward."""
    found: dict[str, Parcel] = {}
    reached: dict[str, int] = {}
    quantities = {line.key: max(0, line.open_quantity - line.backordered) for line in facts.lines if line.shippable}
    for event in live:
        if event.parcel is None:
            continue
        key = event.parcel.key
        old = found.get(key, Parcel(key))
        told = event.parcel.lines or event.lines if event.effect == "advance" else ()
        contents = tuple((k, quantities.get(k, 1) if n is None else n) for k, n in told if k in quantities)
        found[key] = replace(
            old,
            carrier=event.parcel.carrier or old.carrier,
            tracking_number=event.parcel.tracking_number or old.tracking_number,
            tracking_url=event.parcel.tracking_url or old.tracking_url,
            lines=_most_of_each(old.lines, contents),
            state=event.step if event.position >= reached.get(key, 0) and event.step else old.state,
        )
        reached[key] = max(reached.get(key, 0), event.position)
    return tuple(_filled(parcel, tuple(found.values()), quantities) for parcel in found.values())


def _most_of_each(*told: Sequence[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Two tellings of what is in one parcel add up to the larger count of each line: one of them knew less."""
    most: dict[str, int] = {}
    for key, amount in (pair for some in told for pair in some):
        most[key] = max(amount, most.get(key, 0))
    return tuple(most.items())


def _contents_known_since(live: Sequence[Event]) -> dict[str, int]:
    """When it was first told what is in a parcel. A step before that, without lines, was about all there was."""
    known: dict[str, int] = {}
    for event in live:
        if event.parcel is not None and event.effect == "advance" and (event.parcel.lines or event.lines):
            known.setdefault(event.parcel.key, event.at)
    return known


def _filled(parcel: Parcel, parcels: tuple[Parcel, ...], quantities: Mapping[str, int]) -> Parcel:
    """The only parcel of an order, when nobody said what is in it, holds everything that was not left waiting."""
    if parcel.lines or len(parcels) > 1:
        return parcel
    return replace(parcel, lines=tuple((key, n) for key, n in quantities.items() if n > 0))


def _shipped_lines(facts: Facts, live: Sequence[Event], parcels: Sequence[Parcel]) -> tuple[Line, ...]:
    """How many of each line have left. Two parcels add up; several steps about one parcel do not."""
    sent: dict[str, dict[str, int]] = {line.key: {} for line in facts.lines}
    contents = {parcel.key: dict(parcel.lines) for parcel in parcels}
    since = _contents_known_since(live)
    for event in live:
        if event.position < SHIPPED or event.effect != "advance":
            continue
        parcel = event.parcel.key if event.parcel else ""
        inside = contents.get(parcel, {}) if event.at >= since.get(parcel, 0) else {}
        for line in facts.lines:
            if not line.shippable or not (line.key in inside if inside else covers(event, line)):
                continue
            told = dict(event.lines).get(line.key)
            default = max(0, line.open_quantity - line.backordered)
            amount = inside.get(line.key, default) if told is None else told
            sent[line.key][parcel] = max(sent[line.key].get(parcel, 0), amount)
    return tuple(replace(line, shipped=min(line.open_quantity, sum(sent[line.key].values()))) for line in facts.lines)


def _progress(live: Sequence[Event], lines: Sequence[Line], parcels: Sequence[Parcel]) -> tuple[int, int]:
    """(the furthest anything has come, how far everything has come), as step positions."""
    advanced = [e for e in live if e.effect == "advance"]
    reached = max((e.position for e in advanced), default=0)
    waiting = [line for line in lines if line.shippable and line.open_quantity > 0]
    if not waiting:
        return reached, reached
    return reached, min(_line_progress(line, advanced, parcels) for line in waiting)


def _line_progress(line: Line, advanced: Sequence[Event], parcels: Sequence[Parcel]) -> int:
    """A line in two parcels has come as far as the slower of them; a parcel takes all that is in it along."""
    inside = [parcel for parcel in parcels if any(key == line.key for key, _ in parcel.lines)]
    elsewhere = {parcel.key for parcel in parcels if parcel.lines} - {parcel.key for parcel in inside}
    since = _contents_known_since(advanced)
    about = [
        e
        for e in advanced
        if covers(e, line) and not (e.parcel and e.parcel.key in elsewhere and e.at >= since.get(e.parcel.key, 0))
    ]
    if line.shipped < line.open_quantity:
        return max((e.position for e in about if e.position < SHIPPED), default=0)
    whole = max((e.position for e in about if e.parcel is None), default=0)
    each = [
        max((e.position for e in advanced if e.parcel and e.parcel.key == parcel.key), default=0) for parcel in inside
    ]
    return max(whole, min(each, default=max((e.position for e in about), default=0)))


def _state(live: Sequence[Event], reached: int, done: int) -> str:
    if not live:
        return START
    for effect in ("cancel", "return"):
        ended = [e for e in live if e.effect == effect and not e.lines]
        if ended:
            return ended[-1].step or effect
    if done >= DELIVERED:
        return _furthest(live, limit=None)
    latest = live[-1]
    if latest.effect == "pause" and not latest.lines and latest.step:
        return latest.step
    return _furthest(live, limit=DELIVERED if reached >= DELIVERED else None)


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
    nothing_travels = bool(lines) and not any(line.shippable for line in lines)
    home = SHIPPED if nothing_travels else DELIVERED
    came = [e for e in live if e.effect == "advance" and e.position >= home]
    ended = max((e.at for e in live if e.effect in ("cancel", "return") and not e.lines), default=None)
    if ended is not None:
        came = [e for e in came if e.at <= ended]
    elif not nothing_travels and not any(e.step == state for e in came):
        return None
    return max((e.at for e in came), default=None)


def _with_holder(order: OrderState, live: Sequence[Event]) -> OrderState:
    """Who has it now: whom it was handed to last, else who did the last thing. A carrier is never it."""
    handled = [e for e in live if not e.by_carrier]
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


def _with_next(order: OrderState, live: Sequence[Event], steps: Sequence[Step]) -> OrderState:
    """Which step comes next, and whose turn it is: whom it was handed to, else the team that does that step."""
    if order.state in FINAL_STATES:
        return order
    ahead = [s for s in steps if s.effect == "advance" and s.position > order.position]
    if order.position >= SHIPPED:
        ahead = [s for s in ahead if s.position >= DELIVERED]
    following = ahead[0] if ahead else None
    order = replace(order, next_step=following.key if following else None)
    if order.position >= SHIPPED or following is None:
        return order
    handled = [e for e in live if not e.by_carrier]
    last = handled[-1] if handled else None
    if last is None or last.hand_person_id is None:  # who was asked by name is asked to do something now
        order = replace(order, waiting_until=_goods_come(order.lines))
    if last is not None and (last.hand_person_id or last.hand_team):
        return replace(order, waiting_person_id=last.hand_person_id, waiting_team=last.hand_team, waiting_since=last.at)
    since = last.at if last is not None else order.facts.placed_at
    return replace(order, waiting_team=following.team or order.holder_team, waiting_since=since)


def _goods_come(lines: Sequence[Line]) -> str | None:
    """The first day on which somebody can go on with an order of which all that is left is on its way here."""
    left = [line for line in lines if line.shippable and line.shipped < line.open_quantity]
    if any(line.expected is None or line.backordered < line.open_quantity - line.shipped for line in left):
        return None
    return min((line.expected for line in left if line.expected), default=None)
