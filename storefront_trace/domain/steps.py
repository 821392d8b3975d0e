"""The steps that a new shop starts with, and their teams. What they are called and say is in step_texts/."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, get_args

from storefront_trace.domain.shop import ShopStep, Team
from storefront_trace.domain.step_texts import Names, step_texts, team_names

Effect = Literal["advance", "pause", "cancel", "return", "exchange", "aside"]
Icon = Literal[
    "chat",
    "check",
    "truck",
    "out",
    "house",
    "box",
    "clock",
    "mail",
    "hand",
    "search",
    "sent",
    "basket",
    "bell",
    "cross",
    "pin",
    "bag",
    "return",
    "swap",
    "coins",
    "list",
    "gift",
    "tool",
]

ICONS: tuple[Icon, ...] = get_args(Icon)
# Whose step it is when nobody logged it. The carrier's own name takes the place of this one where it is known.
CARRIER_TEAM = "carrier"

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
# Where a common noun is small inside a sentence and has no article before it.
_SMALL = ("sv", "nb", "da", "fi")
_ARTICLES = {"en": ("The",), "de": ("Der", "Die", "Das")}


@dataclass(frozen=True, slots=True)
class TeamDefinition:
    key: str
    names: Names


@dataclass(frozen=True, slots=True)
class StepDefinition:
    """`names` stand on a staff button (Packed), `next_names` at a step to come (To be packed).

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
    """A team's name after another word: "passed it on to the warehouse team", "lämnade över till lagerteamet".

    Not for a shop's, a carrier's or a person's own name. A capital within tells that it is one: "Team Blå".
    """
    if language in _SMALL:
        return name if any(one.isupper() for one in name[1:]) else name[:1].lower() + name[1:]
    article = name.partition(" ")[0]
    return name[0].lower() + name[1:] if article in _ARTICLES.get(language, ()) else name


def standing_alone(role: str, language: str) -> str:
    """A role or a team's name below somebody's: "Lagerteam", "warehouse", where a sentence has an article before it."""
    article, _, rest = role.partition(" ")
    return rest if rest and article.capitalize() in _ARTICLES.get(language, ()) else role


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
    ways: str = "",
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
        methods=tuple(ways.split()) or None,
    )


_HOUR, _DAY = 60, 24 * 60
_CARRIED = "parcel pickup local"

DEFAULT_STEPS: tuple[StepDefinition, ...] = (
    _step("received", 10, "check", "orders", 4 * _HOUR, "kind fast clear late unclear"),
    _step("picked", 20, "basket", "warehouse", _DAY, "fast careful late missing wrong_item", ways=_CARRIED),
    _step(
        "packed",
        30,
        "box",
        "warehouse",
        4 * _HOUR,
        "well_packed careful fast damaged missing wrong_item packaging",
        ways=_CARRIED,
    ),
    # Gift cards and the like. In an order with other things it is about those of its lines that need no parcel.
    _step("emailed", 40, "mail", "orders", 4 * _HOUR, "fast kind clear late unclear", ways="digital"),
    # Its sentence has no {to}: that is the carrier, who is named already.
    _step("shipped", 40, "sent", "warehouse", _DAY, "fast on_time late unclear", ways="parcel"),
    # Not "fetched it from us": this comes from scans at every terminal, too.
    _step("in_transit", 50, "truck", CARRIER_TEAM, _DAY, ways="parcel"),
    # By {name}, not {carrier}: a shop's own people bring things to the door, too. Nobody in the shop has done it when
    # nobody says so, hence no team.
    _step("out_for_delivery", 60, "pin", CARRIER_TEAM, _DAY, ways="parcel local"),
    # In the shop; a carrier's agent says it of parcels.
    _step("ready_for_pickup", 65, "bag", "orders", 4 * _HOUR, "fast clear late unclear", ways="pickup"),
    _step("picked_up", 70, "hand", "orders", _DAY, "kind well_packed late damaged missing packaging", ways="pickup"),
    _step(
        "delivered",
        70,
        "house",
        CARRIER_TEAM,
        10 * _HOUR,
        "on_time kind well_packed late damaged missing packaging",
        ways="parcel local",
    ),
    _step("delayed", 0, "clock", "orders", 0, "clear kind late unclear", "pause"),
    _step("cancelled", 0, "cross", "orders", 0, "", "cancel"),
    _step("returned", 0, "return", "warehouse", 0, "fast kind clear late unclear", "return"),
    # The same things go out once more; what is swapped for another thing comes back as "returned", and the other thing
    # is a new line of the order.
    _step("exchanged", 0, "swap", "orders", 0, "kind fast clear late unclear", "exchange"),
    # Money goes back: the order is where it was, with whom it was.
    _step("refunded", 0, "coins", "orders", 0, "fast kind clear late unclear", "aside"),
)

# What a new shop begins with beside those: its own from the first day, to change like any that it adds. A shop that is
# older than one of these may have another step by that key, or want none; it is left alone.
FIRST_STEPS: tuple[StepDefinition, ...] = (
    # Something is out of stock, and somebody is getting it.
    _step("ordered", 0, "list", "orders", 0, "clear kind fast late unclear", "pause"),
)


# Their place never moves: shop systems and carriers tell of them, and what an order is follows from it.
EVERY_SHOPS = frozenset(step.key for step in DEFAULT_STEPS)
# Of those the ones that only people log: a shop may do without.
MAY_GO = frozenset(("picked", "packed"))


def may_be_taken_away(key: str) -> bool:
    return key not in EVERY_SHOPS or key in MAY_GO


def default_steps() -> tuple[ShopStep, ...]:
    """The steps as a shop has them that has changed nothing."""
    return tuple(_shop_step(step) for step in DEFAULT_STEPS)


def first_steps() -> tuple[ShopStep, ...]:
    return tuple(_shop_step(step) for step in (*DEFAULT_STEPS, *FIRST_STEPS))


def completed_steps(stored: Iterable[ShopStep]) -> dict[str, ShopStep]:
    """In their order, with those that came into the product after the shop did: one that was taken away is still
    stored, so one that is missing is new."""
    found = {step.key: completed_step(step) for step in stored}
    found |= {step.key: step for step in default_steps() if step.key not in found}
    return {step.key: step for step in sorted(found.values(), key=lambda step: (step.position, step.key))}


def completed_step(step: ShopStep) -> ShopStep:
    """With our own words in the languages that the shop has not written: a Finnish reader of a Swedish shop reads
    Finnish. With the ways to the customer of ours when it was stored before there were any."""
    texts = _TEXTS.get(step.key)
    if texts is None:
        return step
    return replace(
        step,
        methods=texts.methods if step.methods is None else step.methods,
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


def _shop_step(step: StepDefinition) -> ShopStep:
    return ShopStep(
        key=step.key,
        position=step.position,
        effect=step.effect,
        icon=step.icon,
        team=None if step.team == CARRIER_TEAM else step.team,
        names=dict(step.names),
        next_names=dict(step.next_names),
        sentences=dict(step.sentences),
        chips=step.chips,
        expected_minutes=step.expected_minutes,
        asks_feedback=step.asks_feedback,
        visible=step.visible,
        methods=step.methods,
    )


def _written(names: Names) -> Names:
    return {language: text for language, text in names.items() if text}


_TEXTS = {step.key: step for step in DEFAULT_STEPS}
_TEAMS = {team.key: team.names for team in DEFAULT_TEAMS if team.key != CARRIER_TEAM}
