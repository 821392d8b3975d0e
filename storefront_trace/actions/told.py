"""What a sender has told of an order before, read from the order's events. Plain functions for actions/incoming.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.incoming import IncomingOrder, IncomingParcel, IncomingStep, stamped
from storefront_trace.domain.moments import Moment, to_micros
from storefront_trace.domain.orders import SHIPPED, Event, Facts, Line, Parcel, taken_back
from storefront_trace.domain.shop import Cast

# The reason of a `facts` event whose lines say how many pieces the order's body calls cancelled.
COUNTED = "counted"


@dataclass(frozen=True)
class NewStep:
    """The key to log it under, what has to be taken back before, and what told of the same step before."""

    source_key: str
    replaced: tuple[Event, ...] = ()
    before: tuple[Event, ...] = ()

    @property
    def earlier(self) -> tuple[str, ...]:
        """Their ids and, where one kind of telling took another's place, those of what it had taken the place of."""
        return tuple(dict.fromkeys(one for event in self.before for one in (*event.earlier, event.id)))


def base_key(event: Event) -> str:
    """The sender's key of the fact, without our stamp."""
    return stamped(event.source_key or "")[0]


def compare(cast: Cast, past: Sequence[Event], fact: IncomingStep, step: StepToLog) -> NewStep | None:
    """None when it is known, or older than what is known."""
    if fact.carrier_scan and fact.updated_at is None:
        return _compare_scan(past, fact, step)
    if fact.carrier_scan and _has_exact_scan(past, step.source, fact.source_key):
        return None
    variants = [e for e in _steps(past, step.source) if base_key(e) == fact.source_key]
    stamp = to_micros(fact.updated_at) if fact.updated_at else None
    key = fact.source_key if stamp is None else f"{fact.source_key}@{stamp}.{len(variants)}"
    if not variants:
        return NewStep(key)
    if stamp is None or _was_refused(past, variants, step.source):
        return None
    standing = [e for e in live(past, step.source) if base_key(e) == fact.source_key]
    if not standing:
        return NewStep(key, before=tuple(variants)) if stamp > max(_stamp(e) for e in variants) else None
    if fact.carrier_scan or stamp < _newest(past, fact, step.source) or _same(cast, standing[-1], step):
        return None
    return NewStep(key, tuple(standing), tuple(variants))


def is_overtaken(past: Sequence[Event], source: str, key: str) -> bool:
    """Whether it was taken back for good before it came."""
    marks = (e.reason for e in past if e.kind == "correction" and e.corrects is None and e.source == source)
    return any(key.startswith(mark) for mark in marks if mark)


def live(past: Sequence[Event], source: str) -> list[Event]:
    """This sender's steps that have not been taken back."""
    fallen = taken_back(past)
    return [e for e in _steps(past, source) if e.id not in fallen]


def latest_facts(past: Sequence[Event]) -> Facts:
    facts = max((e for e in past if e.facts is not None), key=lambda e: e.seq).facts
    assert facts is not None
    return facts


def counted(past: Sequence[Event]) -> dict[str, int]:
    """Pieces of each line that the order's latest body says are cancelled, without those that only refunds say."""
    bodies = [e for e in past if e.facts is not None and (e.reason == COUNTED or not e.source_key)]
    latest = max(bodies, key=lambda e: e.seq)
    if latest.reason == COUNTED:
        return {key: count for key, count in latest.lines if count}
    assert latest.facts is not None
    return {line.key: line.cancelled for line in latest.facts.lines if line.cancelled}


def refunded(past: Sequence[Event], line: Line) -> int:
    """Pieces of the line in all refunds, as far as they had not left."""
    marks = [e for e in past if e.kind == "facts" and e.source_key and e.lines]
    pieces = sum(count or 0 for e in marks for key, count in e.lines if key == line.key)
    return min(pieces, max(0, line.quantity - _sent(past, line.key)))


def step_to_log(fact: IncomingStep, source: str) -> StepToLog:
    return StepToLog(
        step=fact.step,
        by=fact.by,
        at=Moment(fact.at, fact.zone, fact.precision),
        note=fact.note,
        hand_to=fact.hand_to,
        lines=fact.lines,
        parcel=_parcel(fact.parcel) if fact.parcel else None,
        source=source,
        source_key=fact.source_key,
        carrier_scan=fact.carrier_scan,
    )


def fitted(order: IncomingOrder) -> IncomingOrder:
    """What is longer than our columns: a text is cut, an address is left out."""
    lines = tuple(
        replace(line, sku=line.sku[:64] if line.sku else None, image_url=_address(line.image_url))
        for line in order.lines
    )
    return replace(order, lines=lines)


def _compare_scan(past: Sequence[Event], fact: IncomingStep, step: StepToLog) -> NewStep | None:
    """A carrier's own scan takes the place of the parcel's status, which says the same with a vaguer time."""
    if any(e.source_key == fact.source_key for e in _steps(past, step.source)):
        return None
    status = f"{fact.parcel.key}:{fact.step}" if fact.parcel else fact.source_key
    vague = [e for e in live(past, step.source) if base_key(e) == status and e.source_key != status]
    return NewStep(fact.source_key, tuple(vague), tuple(vague))


def _has_exact_scan(past: Sequence[Event], source: str, status: str) -> bool:
    keys = [e.source_key or "" for e in _steps(past, source)]
    return any(key == status or key.startswith(f"{status}:") for key in keys)


def _was_refused(past: Sequence[Event], variants: Sequence[Event], source: str) -> bool:
    """A person took it back: the sender does not put it there again."""
    ids = {e.id for e in variants}
    return any(e.kind == "correction" and e.corrects in ids and e.source != source for e in past)


def _newest(past: Sequence[Event], fact: IncomingStep, source: str) -> int:
    """The sender's clock at the latest word on this fact, or on the parcel that it is about."""
    about = [e for e in _steps(past, source) if base_key(e) == fact.source_key or _is_about(e, fact.parcel)]
    return max((_stamp(e) for e in about), default=0)


def _is_about(event: Event, parcel: IncomingParcel | None) -> bool:
    return parcel is not None and event.parcel is not None and event.parcel.key == parcel.key


def _same(cast: Cast, event: Event, step: StepToLog) -> bool:
    """Whoever has left since is still who it was. A handle that nobody has is another one than was said before: logging
    it says that nobody has it."""
    by = cast.person_by_handle(step.by) if step.by else None
    to = cast.person_by_handle(step.hand_to) if step.hand_to else None
    return (
        sorted(event.lines, key=str) == sorted(step.lines, key=str)
        and event.parcel == step.parcel
        and event.person_id == (by.id if by else step.by)
        and event.hand_person_id == (to.id if to else None)
        and (to is not None or event.hand_team == step.hand_to)
        and (event.note or "") == (step.note or "").strip()
    )


def _sent(past: Sequence[Event], line_key: str) -> int:
    """Pieces of the line in parcels that have left, as far as it was said how many."""
    fallen = taken_back(past)
    parcels: dict[str, int] = {}
    for event in past:
        if event.kind != "step" or event.id in fallen or event.effect != "advance" or event.position < SHIPPED:
            continue
        inside = event.parcel.lines if event.parcel and event.parcel.lines else event.lines
        count = max((n or 0 for key, n in inside if key == line_key), default=0)
        parcel = event.parcel.key if event.parcel else ""
        parcels[parcel] = max(parcels.get(parcel, 0), count)
    return sum(parcels.values())


def _steps(past: Sequence[Event], source: str) -> list[Event]:
    return [e for e in past if e.kind == "step" and e.source == source and e.source_key]


def _stamp(event: Event) -> int:
    return stamped(event.source_key or "")[1]


def _parcel(parcel: IncomingParcel) -> Parcel:
    number = parcel.tracking_number[:80] if parcel.tracking_number else None
    return Parcel(
        key=parcel.key,
        carrier=parcel.carrier,
        tracking_number=number,
        tracking_url=_address(parcel.tracking_url),
        lines=parcel.lines,
        expected_from=_day(parcel.expected_from or parcel.expected_to),
        expected_to=_day(parcel.expected_to or parcel.expected_from),
    )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _address(url: str | None) -> str | None:
    return url if url and len(url) <= 500 else None
