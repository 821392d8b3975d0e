"""An order's parcels, as its events tell of them: which things are in which, and how far each has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from storefront_trace.domain.orders import Event, Line, Parcel


def parcels_of(live: Sequence[Event], lines: Sequence[Line]) -> tuple[Parcel, ...]:
    """One parcel per key; later news fills in what earlier news left out, and its state only moves forward."""
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
            old,
            carrier=event.parcel.carrier or old.carrier,
            tracking_number=event.parcel.tracking_number or old.tracking_number,
            tracking_url=event.parcel.tracking_url or old.tracking_url,
            lines=_most_of_each(old.lines, contents),
            state=event.step if event.position >= reached.get(key, 0) and event.step else old.state,
            expected_from=event.parcel.expected_from or old.expected_from,
            expected_to=event.parcel.expected_to or old.expected_to,
        )
        reached[key] = max(reached.get(key, 0), event.position)
    return tuple(_filled(parcel, live, quantities) for parcel in found.values())


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
