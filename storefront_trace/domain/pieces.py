"""How many pieces of each line have been called off, have left, and have come back.

A step that names lines with a count is about so many of them; with None, or without lines, about all there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from storefront_trace.domain.orders import DELIVERED, SHIPPED, Event, Line, Parcel
from storefront_trace.domain.parcels import contents_known_since, rounds, unshipped
from storefront_trace.domain.tracked import TrackEvent, TrackLine, TrackOrder, TrackParcel

_NONE: frozenset[str] = frozenset()


def covers(event: Event | TrackEvent, line: Line | TrackLine) -> bool:
    """A step without lines, and not about one parcel, is about the whole order."""
    return not event.lines or any(key == line.key for key, _ in event.lines)


def cancelled_lines(lines: Sequence[Line], live: Sequence[Event]) -> tuple[Line, ...]:
    """What the order's body counts and what people here have called off are the same pieces: the larger count holds."""
    fallen = [e for e in live if e.effect == "cancel" and e.lines]
    if not fallen:
        return tuple(lines)
    return tuple(
        replace(line, cancelled=min(line.quantity, max(line.cancelled, _named(line, fallen, line.quantity))))
        for line in lines
    )


def sent_lines(lines: Sequence[Line], live: Sequence[Event], parcels: Sequence[Parcel]) -> tuple[Line, ...]:
    """How many of each line have left. Two parcels add up; several steps about one parcel do not. What was exchanged
    has not left as long as it has not left again."""
    if not any(e.position >= SHIPPED and e.effect == "advance" for e in live):
        return tuple(line if line.shipped == 0 else replace(line, shipped=0) for line in lines)
    contents = {parcel.key: dict(parcel.lines) for parcel in parcels}
    since = contents_known_since(live)
    sent = [(line, _sent(line, live, contents, since)) for line in lines]
    return tuple(line if line.shipped == many else replace(line, shipped=many) for line, many in sent)


def returned_lines(lines: Sequence[Line], live: Sequence[Event]) -> tuple[Line, ...]:
    """Of an order that came back as a whole, what had left; when nobody said that anything had, all of it."""
    back = [e for e in live if e.effect == "return"]
    if not back:
        return tuple(lines)
    if all(e.lines for e in back):
        return tuple(replace(line, returned=_named(line, back, line.open_quantity)) for line in lines)
    whole = [line for line in lines if line.shippable] or lines
    left = any(line.shipped for line in whole)
    return tuple(
        replace(line, returned=line.shipped if left else line.open_quantity) if line in whole else line
        for line in lines
    )


def is_all_back(lines: Sequence[Line]) -> bool:
    """Whether every piece that could come back has. An order without lines tells nothing of that."""
    there = [line for line in lines if line.shippable and line.open_quantity]
    there = there or [line for line in lines if line.open_quantity]
    return bool(there) and all(line.returned >= line.open_quantity for line in there)


def _named(line: Line, events: Sequence[Event], everything: int) -> int:
    pieces = (everything if n is None else n for e in events for key, n in e.lines if key == line.key)
    return min(everything, sum(pieces))


def _sent(line: Line, live: Sequence[Event], contents: dict[str, dict[str, int]], since: dict[str, int]) -> int:
    if not line.shippable:
        return 0
    sent: dict[int, dict[str, int]] = {}
    swapped: list[int] = []
    for event, mine in zip(live, rounds(live, line.key), strict=True):
        if event.effect == "exchange" and covers(event, line):
            swapped.append(dict(event.lines).get(line.key) or line.open_quantity)
        if event.position < SHIPPED or event.effect != "advance":
            continue
        parcel = event.parcel.key if event.parcel else ""
        inside = contents.get(parcel, {}) if event.at >= since.get(parcel, 0) else {}
        if not (line.key in inside if inside else covers(event, line)):
            continue
        told = dict(event.lines).get(line.key)
        amount = inside.get(line.key, max(0, line.open_quantity - line.backordered)) if told is None else told
        parcels = sent.setdefault(mine, {})
        parcels[parcel] = max(parcels.get(parcel, 0), amount)
    return min(line.open_quantity, _balance(sent, swapped))


def loose(order: TrackOrder) -> list[tuple[TrackLine, int]]:
    """What has left without a parcel of its own."""
    if not any(line.shipped for line in order.lines):
        return []
    inside: dict[str, int] = {}
    for parcel in order.parcels:
        for key, amount in parcel.lines:
            inside[key] = inside.get(key, 0) + amount
    found = [(line, line.shipped - inside.get(line.key, 0)) for line in order.lines if line.shippable]
    return [(line, amount) for line, amount in found if amount > 0]


def exchanged(order: TrackOrder, live: Iterable[TrackEvent]) -> frozenset[str]:
    """The keys of lines that went out once and are to go out, or have gone out, again."""
    swaps = [event for event in live if event.effect == "exchange"]
    return frozenset(line.key for line in order.lines if any(covers(one, line) for one in swaps)) if swaps else _NONE


def went_before(order: TrackOrder, parcel: TrackParcel, swapped: frozenset[str]) -> frozenset[str]:
    """Of what was exchanged, that whose new piece is not the one in this parcel."""
    if not swapped:
        return swapped
    later = order.parcels[order.parcels.index(parcel) + 1 :]
    return swapped & ({key for one in later for key, _ in one.lines} | {line.key for line, _ in unshipped(order)})


def is_light_sent(order: TrackOrder, live: Iterable[TrackEvent]) -> bool:
    """Whether somebody said that the gift cards and the like have gone. A step about a parcel says nothing of what
    needs none, and the sending of an order in which something travels is about that."""
    travels = any(line.shippable for line in order.lines)
    light = [line for line in order.lines if not line.shippable]
    return any(_tells_of_light(event, light, DELIVERED if travels else SHIPPED) for event in live)


def _tells_of_light(event: TrackEvent, light: Sequence[TrackLine], whole: int) -> bool:
    position = event.position or 0
    if position < SHIPPED or event.effect != "advance":
        return False
    if event.lines:
        return any(covers(event, line) for line in light)
    return event.parcel_key is None and position >= whole


def _balance(sent: dict[int, dict[str, int]], swapped: Sequence[int]) -> int:
    """An exchange brings back no more than had left by then."""
    out = 0
    for place in range(len(swapped) + 1):
        out += sum(sent.get(place, {}).values())
        if place < len(swapped):
            out -= min(out, swapped[place])
    return out
