"""An order's parcels, as its events tell of them: which things are in which, and how far each has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from storefront_trace.domain.orders import HOME_STATES, SHIPPED, Event, Line, Parcel
from storefront_trace.domain.shop import Cast
from storefront_trace.domain.tracked import TrackLine, TrackOrder, TrackParcel


def parcels_of(live: Sequence[Event], lines: Sequence[Line]) -> tuple[Parcel, ...]:
    """One parcel per key; later news fills in what earlier news left out, and its state only moves forward."""
    if all(event.parcel is None for event in live):
        return ()
    found: dict[str, Parcel] = {}
    reached: dict[str, int] = {}
    quantities = {line.key: max(0, line.open_quantity - line.backordered) for line in lines if line.shippable}
    for event in live:
        if event.parcel is None:
            continue
        key = event.parcel.key
        old = found.get(key, Parcel(key))
        told = event.parcel.lines or event.lines if event.effect == "advance" else ()
        contents = tuple((k, quantities.get(k, 1) if n is None else n) for k, n in told if k in quantities)
        found[key] = replace(
            _addressed(old, event.parcel),
            lines=_most_of_each(old.lines, contents),
            state=event.step if event.position >= reached.get(key, 0) and event.step else old.state,
        )
        reached[key] = max(reached.get(key, 0), event.position)
    return tuple(_filled(parcel, live, quantities) for parcel in found.values())


def parcel_meant(known: Sequence[Parcel], told: Parcel, lines: Sequence[str] = ()) -> Parcel:
    """`told` with the key of the parcel that it means; told with a key it means that one. `lines` are the keys of the
    lines that the step names.

    The same number is the same parcel. A number that comes later belongs to the one parcel that has none yet, unless
    that one goes with another carrier or holds other things. A carrier alone means its one parcel that is still to
    arrive. Whatever is left is a parcel of its own: two that are one can be seen and mended, one that is two hides
    where half of the things are.
    """
    if told.key:
        return told
    number, carrier = told.tracking_number, told.carrier
    same = [parcel for parcel in known if number and parcel.tracking_number == number]
    if not same:
        fits = [parcel for parcel in known if _can_hold(parcel, lines) and parcel.state not in HOME_STATES]
        same = [p for p in fits if p.tracking_number is None and carrier in (None, p.carrier or carrier)]
        same = same if number else [p for p in fits if carrier is not None and p.carrier == carrier] or same
    if len(same) == 1 or (same and number and same[0].tracking_number == number):
        return replace(told, key=same[0].key)
    return replace(told, key=_new_key([parcel.key for parcel in known], number or carrier or "parcel"))


def things_in(parcel: TrackParcel, lines: Mapping[str, TrackLine]) -> list[tuple[TrackLine, int]]:
    return [(lines[key], amount) for key, amount in parcel.lines if key in lines]


def unshipped(order: TrackOrder) -> list[tuple[TrackLine, int]]:
    """What has not left yet, of each line that will."""
    found = [(line, line.quantity - line.cancelled - line.shipped) for line in order.lines if line.shippable]
    return [(line, amount) for line, amount in found if amount > 0]


def in_no_parcel(order: TrackOrder, cast: Cast) -> list[tuple[TrackLine, int]]:
    """Of what has not left, what is not packed in a parcel that waits to leave."""
    packed: dict[str, int] = {}
    for parcel in order.parcels:
        if reached(parcel, cast) < SHIPPED:
            for key, amount in parcel.lines:
                packed[key] = packed.get(key, 0) + amount
    found = [(line, amount - packed.get(line.key, 0)) for line, amount in unshipped(order)]
    return [(line, amount) for line, amount in found if amount > 0]


def count_parcels(order: TrackOrder, cast: Cast) -> int:
    """As far as can be seen now: what is in no parcel yet, beside others, is going to be one more."""
    return len(order.parcels) + bool(order.parcels and in_no_parcel(order, cast))


def in_parts(order: TrackOrder, cast: Cast) -> bool:
    """Whether the order comes in more than one parcel."""
    return count_parcels(order, cast) > 1


def is_sent_on(order: TrackOrder, cast: Cast) -> bool:
    """Whether all of it has left us with a carrier: whoever had it last does not have it any more."""
    places = [reached(parcel, cast) for parcel in order.parcels]
    if order.position < SHIPPED or any(place < SHIPPED for place in places) or unshipped(order):
        return False
    return order.method == "parcel" or (order.method == "local" and any(parcel.carrier for parcel in order.parcels))


def reached(parcel: TrackParcel, cast: Cast) -> int:
    """How far a parcel has come, as the position of its step."""
    step = cast.steps.get(parcel.state)
    return step.position if step is not None else 0


def contents_known_since(live: Sequence[Event]) -> dict[str, int]:
    """When it was first told what is in a parcel. A step before that, without lines, was about all there was."""
    known: dict[str, int] = {}
    for event in live:
        if event.parcel is not None and event.effect == "advance" and (event.parcel.lines or event.lines):
            known.setdefault(event.parcel.key, event.at)
    return known


def rounds(live: Sequence[Event], line: str | None = None) -> list[int]:
    """For each event how many exchanges, of this line or of any, came before it: the same thing then goes out once
    more. A parcel belongs to the round in which it was first heard of, so that late news of the old one stays there."""
    found: list[int] = []
    first: dict[str, int] = {}
    now = 0
    for event in live:
        mine = first.setdefault(event.parcel.key, now) if event.parcel is not None else now
        found.append(mine)
        now += event.effect == "exchange" and (line is None or not event.lines or line in dict(event.lines))
    return found


def _addressed(old: Parcel, told: Parcel) -> Parcel:
    """A link, and a day, were one carrier's for one number: when either is corrected, they do not outlive it."""
    moved = _differs(told.carrier, old.carrier) or _differs(told.tracking_number, old.tracking_number)
    kept = Parcel(old.key) if moved else old
    return replace(
        old,
        carrier=told.carrier or old.carrier,
        tracking_number=told.tracking_number or old.tracking_number,
        tracking_url=told.tracking_url or kept.tracking_url,
        expected_from=told.expected_from or kept.expected_from,
        expected_to=told.expected_to or kept.expected_to,
    )


def _differs(told: str | None, known: str | None) -> bool:
    return told is not None and known is not None and told != known


def _can_hold(parcel: Parcel, lines: Sequence[str]) -> bool:
    return not lines or not parcel.lines or any(key in lines for key, _ in parcel.lines)


def _new_key(taken: Sequence[str], wanted: str) -> str:
    places = (wanted, *(f"{wanted}-{place}" for place in range(2, len(taken) + 3)))
    return next(key for key in places if key not in taken)


def _most_of_each(*told: Sequence[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Two tellings of what is in one parcel add up to the larger count of each line: one of them knew less."""
    most: dict[str, int] = {}
    for key, amount in (pair for some in told for pair in some):
        most[key] = max(amount, most.get(key, 0))
    return tuple(most.items())


def _filled(parcel: Parcel, live: Sequence[Event], quantities: Mapping[str, int]) -> Parcel:
    """The only parcel of an order, when nobody said what is in it, holds everything that was not left waiting; the only
    one after an exchange what was exchanged."""
    if parcel.lines:
        return parcel
    parcels = {event.parcel.key: mine for event, mine in zip(live, rounds(live), strict=True) if event.parcel}
    mine = parcels[parcel.key]
    if list(parcels.values()).count(mine) > 1:
        return parcel
    inside = quantities
    if mine:
        exchange = [event for event in live if event.effect == "exchange"][mine - 1]
        some = dict(exchange.lines)
        inside = {key: some.get(key) or n for key, n in quantities.items() if not some or key in some}
    return replace(parcel, lines=tuple((key, n) for key, n in inside.items() if n > 0))
