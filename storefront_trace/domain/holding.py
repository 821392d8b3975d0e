"""Who has an order now, and whose turn it is: the part of `replay` that looks ahead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from storefront_trace.domain.orders import DELIVERED, SHIPPED, Event, Facts, Line, Step


class Holder(NamedTuple):
    person_id: str | None = None
    team: str | None = None
    event_id: str | None = None
    since: int | None = None


class Turn(NamedTuple):
    """Which step comes next, whose turn it is and since when, and until when they can only wait."""

    step: str | None = None
    person_id: str | None = None
    team: str | None = None
    since: int | None = None
    until: str | None = None


NOBODY, OVER = Holder(), Turn()


def holder_of(handled: Sequence[Event]) -> Holder:
    """Who has it now: whom it was handed to last, else who did the last thing. A carrier is never it."""
    if not handled:
        return NOBODY
    last = handled[-1]
    handed = last.hand_person_id is not None or last.hand_team is not None
    person, team = (last.hand_person_id, last.hand_team) if handed else (last.person_id, last.team)
    return Holder(person, team, last.id, last.at)


def turn_of(
    position: int,
    come: int,
    facts: Facts,
    lines: Sequence[Line],
    handled: Sequence[Event],
    missing: Sequence[Event],
    steps: Iterable[Step],
    holder: Holder,
) -> Turn:
    """Whose turn it is: whom it was handed to, else the team that does the next step. `missing` are the words on goods
    that have yet to come, `come` is how far the others are."""
    way = facts.method
    ahead = [s for s in steps if s.position > come and s.effect == "advance" and s.is_on(way)]
    if position >= SHIPPED:  # a carrier may scan it or not; what our own people do next is known
        ahead = [s for s in ahead if s.position >= DELIVERED or way == "local"]
    ahead.sort(key=lambda s: (s.position, s.key))
    following = next((s for s in ahead if not _was_done_elsewhere(s, handled)), None)
    if following is None:
        return OVER
    if position >= SHIPPED:
        return Turn(following.key)
    goods = _goods_come(lines)
    if goods is None:  # somebody gets what is missing; the others go on with the rest
        handled = [e for e in handled if e not in missing]
    last = handled[-1] if handled else None
    waits = _wait_of(last, goods, missing)
    if waits is not None:
        word, until = waits
        return Turn(following.key, *_seen_to_by(word), word.at, until)
    since = next((e.at for e in reversed(handled) if not _is_taken(e)), facts.placed_at)
    if last is not None and last.hand_person_id is not None:  # who was asked by name is asked to do something now
        return Turn(following.key, last.hand_person_id, last.hand_team, since)
    if last is not None and last.hand_team:
        return Turn(following.key, None, last.hand_team, since, goods)
    return Turn(following.key, None, following.team or holder.team, since, goods)


def _was_done_elsewhere(step: Step, handled: Sequence[Event]) -> bool:
    """Whether it was done on the whole order before its place was moved; nobody does it twice. What was exchanged since
    begins anew."""
    for event in reversed(handled):
        if event.effect == "exchange":
            return False
        if event.step == step.key and event.position != step.position and not (event.lines or event.parcel):
            return True
    return False


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


def _goods_come(lines: Sequence[Line]) -> str | None:
    """The first day on which somebody can go on with an order of which all that is left is on its way here."""
    left = [line for line in lines if line.shippable and line.shipped < line.open_quantity]
    if any(line.expected is None or line.backordered < line.open_quantity - line.shipped for line in left):
        return None
    return min((line.expected for line in left if line.expected), default=None)
