"""Whom a customer's question goes to, who may answer it, and when it goes on: the person, the team, the owner.

A shop's limit is in its working time, and counts from when the question reached whoever it waits for. Instants are
microseconds since 1970, UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Literal, Protocol

from storefront_trace.domain.calendar import after_working, read_calendar
from storefront_trace.domain.clock import MINUTE
from storefront_trace.domain.errors import N_, Invalid
from storefront_trace.domain.moments import from_micros, to_micros
from storefront_trace.domain.orders import taken_back
from storefront_trace.domain.own_words import answers_in
from storefront_trace.domain.shop import LANGUAGES, Cast, Person, Shop
from storefront_trace.domain.texts import hidden_at, words_within

_AT = attrgetter("at", "seq")
Waits = Literal["person", "team", "owner"]
Limit = Callable[[int], int]
"""When the shop's limit is over that begins at this instant."""

LONGEST_WORDS = 2000
MOST_OPEN = 5
MOST_OF_ONE_ORDER = 50
# A question that colleagues pass on to each other is the owner's after so many limits, whoever has it then.
MOST_LIMITS = 4


class Happened(Protocol):
    """What is asked of an order's event, however it was read."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def step(self) -> str | None: ...
    @property
    def seq(self) -> int: ...
    @property
    def at(self) -> int: ...
    @property
    def person_id(self) -> str | None: ...
    @property
    def team(self) -> str | None: ...
    @property
    def hand_person_id(self) -> str | None: ...
    @property
    def hand_team(self) -> str | None: ...
    @property
    def corrects(self) -> str | None: ...


class Held(Protocol):
    """What is asked of an order."""

    @property
    def holder_person_id(self) -> str | None: ...
    @property
    def holder_team(self) -> str | None: ...
    @property
    def holder_event_id(self) -> str | None: ...


class Asked(Protocol):
    """What is asked of a question."""

    @property
    def person_id(self) -> str | None: ...
    @property
    def team(self) -> str | None: ...
    @property
    def to_team_at(self) -> int | None: ...
    @property
    def to_owner_at(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Way:
    """Where a question is, and when it goes on; the columns of its row."""

    person_id: str | None
    team: str | None
    due_at: int | None
    to_team_at: int | None = None
    to_owner_at: int | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """Which of the questions to a team come to this one of it. Those in the `closed` languages do not: colleagues
    answer in them. But `open` are (who was asked first, the language) where nobody else than who was asked does."""

    person_id: str
    team: str | None
    closed: frozenset[str] = frozenset()
    open: frozenset[tuple[str, str]] = frozenset()


def whom_to_ask(order: Held, events: Sequence[Happened], cast: Cast) -> tuple[Person | None, str | None]:
    """(the person, their team) who has the order, else who had it last: a carrier cannot answer.

    Without a person it is the team's: nobody is known by name, or who it was has left. (None, None) is the owner's.
    What happens inside the shop only is not told by whom a question goes to, either.
    """
    seen = [event for event in events if event.kind != "step" or _is_seen(event, cast)]
    # A page's events are without those that it changed hands by: only a step that is here can be a hidden one.
    held = not any(e.id == order.holder_event_id and e.kind == "step" and not _is_seen(e, cast) for e in events)
    found = _known(order.holder_person_id, order.holder_team, cast) if held else None
    if found is not None:
        return found
    for person_id, team in _hands(seen):
        found = _known(person_id, team, cast)
        if found is not None:
            return found
    return None, None


def limit_of(shop: Shop) -> Limit:
    """Counted in the shop's working time: at night and on holidays nobody is late with an answer."""
    calendar = read_calendar(shop.calendar, shop.zone)

    def over(since: int) -> int:
        try:
            return to_micros(after_working(calendar, from_micros(since), shop.question_minutes))
        except ValueError:  # a shop that never opens
            return since + shop.question_minutes * MINUTE

    return over


def first_way(person: Person | None, team: str | None, now: int, limit: Limit) -> Way:
    if person is not None:
        return Way(person.id, team, limit(now))
    if team is not None:
        return Way(None, team, limit(now), to_team_at=now)
    return Way(None, None, None, to_owner_at=now)


def next_way(asked: Asked, asked_at: int, now: int, limit: Limit, cast: Cast) -> Way:
    """Where it goes when nobody has answered in time, or whom it waited for has left."""
    way = Way(asked.person_id, asked.team, None, asked.to_team_at, asked.to_owner_at)
    others = works_somebody(cast, asked.team, but=asked.person_id)
    if waits_for(asked) == "person" and others and now < owners_at(asked_at, limit):
        return replace(way, to_team_at=now, due_at=min(limit(now), max(now, owners_at(asked_at, limit))))
    return replace(way, to_owner_at=way.to_owner_at if way.to_owner_at is not None else now)


def way_to(
    person: Person | None, team: str | None, asked_at: int, now: int, limit: Limit, *, by_owner: bool = False
) -> Way:
    """Passed on by hand. The owner gives it a whole limit; among colleagues its way to the owner gets no longer."""
    way = first_way(person, team, now, limit)
    if by_owner or way.due_at is None:
        return way
    return replace(way, due_at=min(way.due_at, max(now, owners_at(asked_at, limit))))


def owners_at(asked_at: int, limit: Limit) -> int:
    at = asked_at
    for _ in range(MOST_LIMITS):
        at = limit(at)
    return at


def waits_for(asked: Asked) -> Waits:
    if asked.to_owner_at is not None:
        return "owner"
    return "team" if asked.to_team_at is not None or asked.person_id is None else "person"


def waits_since(asked: Asked, asked_at: int) -> int:
    return asked.to_owner_at or asked.to_team_at or asked_at


def may_answer(asked: Asked, person: Person, *, as_owner: bool) -> bool:
    """The person asked, for as long as nobody has answered; the team once it is theirs, whoever of them it was put
    before; the owner always."""
    if as_owner or asked.person_id == person.id:
        return True
    return asked.to_team_at is not None and asked.team is not None and asked.team == person.team


def works_somebody(cast: Cast, team: str | None, *, but: str | None = None) -> bool:
    """Whether there is anybody in the team: a question to an empty one would wait for nothing."""
    here = (one for one in cast.people.values() if one.left_at is None and one.id != but)
    return team is not None and any(one.team == team for one in here)


def reach_of(person: Person, cast: Cast) -> Reach:
    """A team's question goes to those of it who answer in its language, and to all when none of them does. Found out
    once for each of the cast: every request of theirs asks."""
    kept: tuple[Person, Reach] | None = cast.reaches.get(person.id)
    if kept is None or kept[0] is not person:
        kept = cast.reaches[person.id] = person, _reach_of(person, cast)
    return kept[1]


def _reach_of(person: Person, cast: Cast) -> Reach:
    here = [one for one in _team(cast, person.team) if one.id != person.id]
    others = {language: [one.id for one in here if answers(one, language, cast)] for language in LANGUAGES}
    closed = frozenset(key for key, ids in others.items() if ids and not answers(person, key, cast))
    return Reach(
        person.id, person.team, closed, frozenset((ids[0], key) for key in closed if len(ids := others[key]) == 1)
    )


def is_for_some(asked: Asked, language: str, cast: Cast) -> bool:
    """Whether a team's question comes only to those of it who answer in its language. Who let it wait is not asked."""
    speak = [answers(one, language, cast) for one in _team(cast, asked.team) if one.id != asked.person_id]
    return any(speak) and not all(speak)


def speakers(asked: Asked, language: str, cast: Cast) -> list[Person]:
    """Of the team that it is now, who have said that they answer in its language, where others do not."""
    if waits_for(asked) != "team" or not is_for_some(asked, language, cast):
        return []
    here = [one for one in _team(cast, asked.team) if one.id != asked.person_id and answers_in(one.languages, language)]
    return sorted(here, key=lambda one: one.handle)


def answers(person: Person, language: str, cast: Cast) -> bool:
    """Who has not said in which languages answers in the shop's own: saying so must not cost the others their part."""
    return answers_in(person.languages or (cast.shop.locale,), language)


def check_words(text: str, *, field: str) -> str:
    """As the feedback's words, and never empty."""
    words = words_within(text, LONGEST_WORDS, field=field)
    if not words or all(hidden_at(char) is not None or char.isspace() for char in words):
        message = N_("Write a line first.")
        raise Invalid(message, errors=[(field, message)])
    return words


def _team(cast: Cast, team: str | None) -> list[Person]:
    return [one for one in cast.people.values() if team is not None and one.team == team and one.left_at is None]


def _is_seen(event: Happened, cast: Cast) -> bool:
    step = cast.steps.get(event.step or "")
    return step is not None and step.visible


def _known(person_id: str | None, team: str | None, cast: Cast) -> tuple[Person | None, str | None] | None:
    person = cast.people.get(person_id or "")
    if person is not None and person.left_at is None:
        return person, person.team if person.team in cast.teams else team
    teams = (key for key in (team, person.team if person else None) if key in cast.teams)
    return next(((None, key) for key in teams if works_somebody(cast, key)), None)


def _hands(events: Sequence[Happened]) -> Iterable[tuple[str | None, str | None]]:
    """Everybody who had it, the last one first. Nearly always the first answer is taken, so nothing is sorted before
    more is asked for: every page of an order that is home comes here."""
    fallen = taken_back(events)
    steps = (event for event in events if event.kind == "step" and (event.team or event.person_id))
    standing = [event for event in steps if event.id not in fallen]
    if not standing:
        return
    last = max(standing, key=_AT)
    yield last.hand_person_id, last.hand_team
    yield last.person_id, last.team
    for event in sorted(standing, key=_AT, reverse=True)[1:]:
        yield event.hand_person_id, event.hand_team
        yield event.person_id, event.team
