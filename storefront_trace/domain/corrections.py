"""Who may take a step back, and the event that does it."""

from __future__ import annotations

from storefront_trace.domain.ids import new_id
from storefront_trace.domain.orders import Event
from storefront_trace.domain.shop import Person


def may_correct(event: Event, person: Person, *, as_owner: bool) -> bool:
    """One's own, and the team's; the owner every step. The order's own coming in is nobody's to take back."""
    if event.kind != "step" or event.seq == 1:
        return False
    return as_owner or event.person_id == person.id or (event.team is not None and event.team == person.team)


def correction(
    of: Event, person_id: str | None, now: int, *, zone: str, source: str, reason: str | None = None
) -> Event:
    """Of a step or a hand-over, recorded at `now` (microseconds), not in the trail yet (sequence number 0)."""
    return Event(
        id=new_id(),
        seq=0,
        kind="correction",
        at=now,
        recorded_at=now,
        zone=zone,
        person_id=person_id,
        corrects=of.id,
        reason=reason,
        source=source,
    )
