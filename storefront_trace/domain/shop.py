"""The shop and its cast: people, teams and the steps the shop defines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from storefront_trace.domain.calendar import Calendar, read_calendar
from storefront_trace.domain.chips import CHIPS, Chip
from storefront_trace.domain.orders import Step

Words = Mapping[str, str]
LANGUAGES = ("en", "sv", "nb", "da", "fi", "de")
LONGEST_PICKUP = 300


@dataclass(frozen=True)
class Shop:
    id: str
    name: str
    locale: str = "en"
    zone: str = "Europe/Stockholm"
    brand: str = "#1f6b52"
    logo: str | None = None
    fade_days: int = 30
    link_days: int = 60
    share_days: int = 14
    words_months: int = 12
    log_months: int = 24
    question_minutes: int = 240
    country: str | None = None
    calendar: Mapping[str, Any] | None = None
    pace: Mapping[str, Any] | None = None
    origins: tuple[str, ...] | None = None
    chips: list[dict[str, Any]] | None = None
    ask_hours: int | None = None
    pickup: str | None = None
    session_days: int = 30
    kiosk_minutes: int = 2
    any_order: bool = True
    needs_factor: bool = False
    starting: bool = False
    shape: str | None = None
    friday: bool = True
    per_person: bool = True
    agreed: list[dict[str, Any]] | None = None
    papers: Mapping[str, str] | None = None
    golive: Mapping[str, Any] | None = None
    generation: int = 1
    created_at: int = 0


@dataclass(frozen=True)
class Team:
    key: str
    names: Words
    photo: str | None = None
    position: int = 0


@dataclass(frozen=True)
class Person:
    """`visibility` is what the person chose, None when they have not been asked yet. See `people.shown_as`."""

    id: str
    handle: str
    display_name: str
    roles: Words
    team: str | None = None
    email: str | None = None
    photo: str | None = None
    visibility: str | None = None
    visibility_chosen_at: int | None = None
    visibility_ceiling: str | None = None
    own_roles: Words | None = None
    greeting: Words | None = None
    languages: tuple[str, ...] | None = None
    phrases: tuple[str, ...] | None = None
    left_at: int | None = None
    created_at: int = 0

    @cached_property
    def shown_roles(self) -> Words:
        """What they call their work, and where they have written nothing, what the owner calls it."""
        return {**self.roles, **(self.own_roles or {})}


@dataclass(frozen=True)
class ShopStep:
    key: str
    position: int
    effect: str
    icon: str
    team: str | None
    names: Words
    next_names: Words
    sentences: Words
    chips: tuple[str, ...] = ()
    expected_minutes: int | None = None
    methods: tuple[str, ...] | None = None
    asks_feedback: bool = True
    visible: bool = True
    logged_by: str | None = None
    gone_at: int | None = None

    @property
    def gone(self) -> bool:
        """Taken away: what was logged before keeps its words, and nothing more is logged."""
        return self.gone_at is not None

    @property
    def rule(self) -> Step:
        return Step(self.key, self.position, self.effect, self.team, self.visible, self.methods)

    def is_on(self, method: str) -> bool:
        """Whether orders that go this way go through it. None: all do."""
        return self.methods is None or method in self.methods

    def is_for(self, person: Person) -> bool:
        """Whether this person may log it. An owner may log everything."""
        return self.logged_by is None or self.logged_by == person.team


@dataclass(frozen=True)
class Cast:
    """What every page of a shop needs to name people and steps; read once per generation of the shop, then kept."""

    shop: Shop
    people: Mapping[str, Person]
    teams: Mapping[str, Team]
    steps: Mapping[str, ShopStep]
    own_chips: Mapping[str, Chip] = field(default_factory=dict)
    # The persons who only read: nothing is handed to them.
    readers: frozenset[str] = frozenset()
    # How somebody is shown, once found out: see domain/timeline.actor. Never handed on to a copy with other people.
    actors: dict[Any, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    # Which of a team's questions come to somebody, likewise: see domain/questions.reach_of.
    reaches: dict[Any, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    @cached_property
    def chips(self) -> Mapping[str, Chip]:
        """Everybody's and the shop's own, those taken away included: they stand behind what was said with them."""
        return {**CHIPS, **self.own_chips}

    @cached_property
    def calendar(self) -> Calendar:
        return read_calendar(self.shop.calendar, self.shop.zone)

    @cached_property
    def standing(self) -> tuple[ShopStep, ...]:
        """The steps that can be logged, by their place: those taken away are in `steps` alone, for what was logged."""
        here = (step for step in self.steps.values() if not step.gone)
        return tuple(sorted(here, key=lambda step: (step.position, step.key)))

    @cached_property
    def rules(self) -> tuple[Step, ...]:
        return tuple(step.rule for step in self.standing)

    @cached_property
    def steps_in_order(self) -> tuple[ShopStep, ...]:
        """As an order goes through them; those that have no place in it last."""
        return tuple(sorted(self.standing, key=lambda step: step.position == 0))

    @cached_property
    def _by_handle(self) -> Mapping[str, Person]:
        return {person.handle: person for person in self.people.values()}

    def person_by_handle(self, handle: str) -> Person | None:
        return self._by_handle.get(handle)

    def receiver(self, name: str) -> tuple[str | None, str | None] | None:
        """Whom work can be handed to by this handle of a person or key of a team: person's id and team, or the team."""
        person = self.person_by_handle(name)
        if person is not None and person.left_at is None:
            return person.id, person.team
        return (None, name) if name in self.teams else None


def in_language(words: Words, language: str, fallback: str = "en") -> str:
    """The text in that language, else in the fallback, else in English, else any; "" when there is none."""
    for key in (language, fallback, "en"):
        if words.get(key):
            return words[key]
    return next((text for text in words.values() if text), "")
