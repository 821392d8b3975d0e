"""The steps that a new shop starts with, and their teams. What they are called and say is in step_texts/."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from storefront_trace.domain.shop import ShopStep, Team
from storefront_trace.domain.step_texts import Names, step_texts, team_names

Effect = Literal["advance", "pause", "cancel", "return", "exchange", "aside"]
Icon = Literal["chat", "check", "truck", "out", "house", "box", "clock", "mail", "hand", "search"]

ICONS: tuple[Icon, ...] = ("chat", "check", "truck", "out", "house", "box", "clock", "mail", "hand", "search")
# Whose step it is when nobody logged it. The carrier's own name takes the place of this one where it is known.
CARRIER_TEAM = "carrier"

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_ARTICLES = {"en": ("The",), "de": ("Der", "Die", "Das")}


@dataclass(frozen=True, slots=True)
class TeamDefinition:
    key: str
    names: Names


@dataclass(frozen=True, slots=True)
class StepDefinition:
    """`names` stand on a staff button (Packed), `next_names` at a step to come (Is packed).

    `position` orders the steps of the way to the customer; 0 is beside the way. `expected_minutes` is how long an order
    usually waits for this step after the one before. `methods` are the ways to the customer (METHODS in orders.py) that
    the step is part of; None: all of them.
    """

    key: str
    position: int
    effect: Effect
    icon: Icon
    team: str
    names: Names
    next_names: Names
    sentences: Names
    expected_minutes: int
    asks_feedback: bool
    visible: bool
    chips: tuple[str, ...]
    methods: tuple[str, ...] | None = None


def is_step_key(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


def team_in_sentence(name: str, language: str) -> str:
    """A team's name after another word: "passed it on to the warehouse team"."""
    article = name.partition(" ")[0]
    return name[0].lower() + name[1:] if article in _ARTICLES.get(language, ()) else name


DEFAULT_TEAMS: tuple[TeamDefinition, ...] = tuple(
    TeamDefinition(key, team_names(key)) for key in ("orders", "warehouse", CARRIER_TEAM)
)


def _step(
    key: str,
    position: int,
    icon: Icon,
    team: str,
    minutes: int,
    chips: str = "",
    effect: Effect = "advance",
) -> StepDefinition:
    """Asks for feedback when it offers chips."""
    names, next_names, sentences = step_texts(key)
    return StepDefinition(
        key=key,
        position=position,
        effect=effect,
        icon=icon,
        team=team,
        names=names,
        next_names=next_names,
        sentences=sentences,
        expected_minutes=minutes,
        asks_feedback=bool(chips),
        visible=True,
        chips=tuple(chips.split()),
    )


_HOUR, _DAY = 60, 24 * 60

DEFAULT_STEPS: tuple[StepDefinition, ...] = (
    _step("received", 10, "check", "orders", 4 * _HOUR, "kind fast clear late unclear"),
    _step("picked", 20, "search", "warehouse", _DAY, "fast careful late missing wrong_item"),
    _step("packed", 30, "box", "warehouse", 4 * _HOUR, "well_packed careful fast damaged missing wrong_item packaging"),
    # Its sentence has no {to}: that is the carrier, who is named already.
    _step("shipped", 40, "out", "warehouse", _DAY, "fast on_time late unclear"),
    # Not "fetched it from us": this comes from scans at every terminal, too.
    _step("in_transit", 50, "truck", CARRIER_TEAM, _DAY),
    _step("out_for_delivery", 60, "truck", CARRIER_TEAM, _DAY),
    # By {name}, not {carrier}: a shop's own driver or somebody at the counter hands parcels over, too.
    _step(
        "delivered", 70, "house", CARRIER_TEAM, 10 * _HOUR, "on_time kind well_packed late damaged missing packaging"
    ),
    _step("delayed", 0, "clock", "orders", 0, "clear kind late unclear", "pause"),
    _step("cancelled", 0, "chat", "orders", 0, "", "cancel"),
    _step("returned", 0, "hand", "warehouse", 0, "fast kind clear late unclear", "return"),
)


def completed_step(step: ShopStep) -> ShopStep:
    """With our own words in the languages that the shop has not written: a Finnish reader of a Swedish shop reads
    Finnish."""
    texts = _TEXTS.get(step.key)
    if texts is None:
        return step
    return replace(
        step,
        names={**texts.names, **_written(step.names)},
        next_names={**texts.next_names, **_written(step.next_names)},
        sentences={**texts.sentences, **_written(step.sentences)},
    )


def completed_team(team: Team) -> Team:
    """As `completed_step`, unless the shop has given the team a name of its own."""
    ours, own = _TEAMS.get(team.key, {}), _written(team.names)
    if not ours or any(ours.get(language) != name for language, name in own.items()):
        return team
    return replace(team, names={**ours, **own})


def _written(names: Names) -> Names:
    return {language: text for language, text in names.items() if text}


_TEXTS = {step.key: step for step in DEFAULT_STEPS}
_TEAMS = {team.key: team.names for team in DEFAULT_TEAMS if team.key != CARRIER_TEAM}
