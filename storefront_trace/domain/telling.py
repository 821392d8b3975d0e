"""Which of an order's events tell the same, so that it is told on once: a shop system that knows more later takes its
step back and tells it anew, and a carrier scans a parcel several times while the page shows one step."""

from __future__ import annotations

from collections.abc import Sequence

from storefront_trace.domain.orders import Event, taken_back


def first_telling(past: Sequence[Event], new: Event) -> Event | None:
    """The event that told of the same step first; None when this one is no news, since later ones have come already."""
    if not new.by_carrier:
        return _refined(past, new)
    gone = taken_back(past)
    scans = [
        e for e in past if e.kind == "step" and e.by_carrier and e.id not in gone and parcel_of(e) == parcel_of(new)
    ]
    if any(scan.at > new.at for scan in scans):
        return None
    first = new
    for scan in sorted(scans, key=_place, reverse=True):
        if scan.step != new.step:
            break
        first = scan
    return _refined(past, first)


def still_told(past: Sequence[Event], first: Event, fallen: Event) -> Event | None:
    """The last scan before the fallen one that told the same of the parcel: what waits is about that one again."""
    if not fallen.by_carrier:
        return None
    gone = taken_back(past)
    scans = (
        e for e in past if e.by_carrier and (e.kind, e.step, parcel_of(e)) == ("step", fallen.step, parcel_of(fallen))
    )
    told = [scan for scan in scans if scan.id not in gone and _place(first) <= _place(scan) < _place(fallen)]
    return max(told, key=_place, default=None)


def stands_otherwise(past: Sequence[Event], fallen: Event) -> bool:
    """While another event says the same, what was mailed is true."""
    gone = {*taken_back(past), fallen.id}
    return any(is_same(event, fallen) for event in past if event.id not in gone)


def told_as_one(event: Event, other: Event) -> bool:
    """Whether a mail about the one has told of the other."""
    return event.id == other.id or event.id in other.earlier or is_same(event, other)


def is_same(event: Event, other: Event) -> bool:
    """The same step by the same person with the same things, handed over to the same; of a carrier the same step of the
    same parcel. The note and the moment are not compared: whoever logs a step anew does it later, and often to add a
    word, and the page has both. No mail is sent for that alone."""
    if (event.kind, event.step, event.by_carrier) != ("step", other.step, other.by_carrier):
        return False
    if parcel_of(event) != parcel_of(other):
        return False
    return event.by_carrier or (
        named(event) == named(other) and _carrier(event) == _carrier(other) and event.lines == other.lines
    )


def named(event: Event) -> tuple[str | None, str | None]:
    """Whom a sentence about it names: who did it, and who has it now."""
    return event.person_id or event.team, event.hand_person_id or event.hand_team


def parcel_of(event: Event) -> str | None:
    return event.parcel.key if event.parcel else None


def _carrier(event: Event) -> str | None:
    return event.parcel.carrier if event.parcel else None


def _refined(past: Sequence[Event], told: Event) -> Event:
    return next((e for e in past if e.id in told.earlier), told)


def _place(event: Event) -> tuple[int, int, int]:
    return event.at, event.position, event.seq
