"""The steps that a new shop starts with: their sentences, names and chips in English and Swedish.

A sentence has to be true whoever did the step and whichever value is missing, and no name in it is inflected. "role"
is a place in its definite form ("lagret", "the warehouse"), "when" has its preposition ("den 20 november kl. 9.14").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Effect = Literal["advance", "pause", "cancel", "return"]
Icon = Literal["chat", "check", "truck", "out", "house", "box", "clock", "mail", "hand", "search"]
ChipKind = Literal["thanks", "concern"]
Names = Mapping[str, str]

ICONS: tuple[Icon, ...] = ("chat", "check", "truck", "out", "house", "box", "clock", "mail", "hand", "search")
# Whose step it is when nobody logged it. The carrier's own name takes the place of this one where it is known.
CARRIER_TEAM = "carrier"

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Chip:
    key: str
    kind: ChipKind
    names: Names


@dataclass(frozen=True, slots=True)
class TeamDefinition:
    key: str
    names: Names


@dataclass(frozen=True, slots=True)
class StepDefinition:
    """`names` stand on a staff button (Packed), `next_names` at a step to come (Is packed).

    `position` orders the steps of the way to the customer; 0 is beside the way. `expected_minutes` is how long an order
    usually waits for this step after the one before.
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


def chips_for(keys: tuple[str, ...], kind: ChipKind) -> tuple[Chip, ...]:
    """The chips of a step that go with one choice, in the step's order. Unknown keys are left out."""
    return tuple(CHIPS[key] for key in keys if key in CHIPS and CHIPS[key].kind == kind)


def is_step_key(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


def team_in_sentence(name: str, language: str) -> str:
    """A team's name after another word: "passed it on to the warehouse team"."""
    return f"the {name[4:]}" if language == "en" and name.startswith("The ") else name


def _chip(key: str, kind: ChipKind, en: str, sv: str) -> tuple[str, Chip]:
    return key, Chip(key, kind, {"en": en, "sv": sv})


CHIPS: Mapping[str, Chip] = dict(
    (
        _chip("well_packed", "thanks", "well packed", "väl packat"),
        _chip("fast", "thanks", "fast", "snabbt"),
        _chip("kind", "thanks", "kind", "vänligt"),
        _chip("clear", "thanks", "clear", "tydligt"),
        _chip("careful", "thanks", "done with care", "omsorgsfullt"),
        _chip("on_time", "thanks", "on time", "i tid"),
        _chip("late", "concern", "it took long", "det tog tid"),
        _chip("damaged", "concern", "something was broken", "något var trasigt"),
        _chip("missing", "concern", "something was missing", "något saknades"),
        _chip("wrong_item", "concern", "the wrong thing", "fel sak"),
        _chip("unclear", "concern", "hard to understand", "svårt att förstå"),
        _chip("packaging", "concern", "the packaging", "förpackningen"),
    )
)

DEFAULT_TEAMS: tuple[TeamDefinition, ...] = (
    TeamDefinition("orders", {"en": "The order team", "sv": "Orderteamet"}),
    TeamDefinition("warehouse", {"en": "The warehouse team", "sv": "Lagerteamet"}),
    TeamDefinition(CARRIER_TEAM, {"en": "The carrier", "sv": "Fraktbolaget"}),
)

DEFAULT_STEPS: tuple[StepDefinition, ...] = (
    StepDefinition(
        key="received",
        position=10,
        effect="advance",
        icon="check",
        team="orders",
        names={"en": "Received", "sv": "Mottagen"},
        next_names={"en": "Is received", "sv": "Tas emot"},
        sentences={
            "en": "{name}[ from {role}] took your order {when}[ and passed it on to {to}].",
            "sv": "{name}[ på {role}] tog emot din beställning {when}[ och lämnade den vidare till {to}].",
        },
        expected_minutes=4 * 60,
        asks_feedback=True,
        visible=True,
        chips=("kind", "fast", "clear", "late", "unclear"),
    ),
    StepDefinition(
        key="picked",
        position=20,
        effect="advance",
        icon="search",
        team="warehouse",
        names={"en": "Picked", "sv": "Plockad"},
        next_names={"en": "Is picked", "sv": "Plockas"},
        sentences={
            "en": "{name}[ from {role}] picked the things for [{parcel}|your order] {when}"
            "[ and passed them on to {to}].",
            "sv": "{name}[ på {role}] plockade fram sakerna till [{parcel}|din beställning] {when}"
            "[ och lämnade dem vidare till {to}].",
        },
        expected_minutes=24 * 60,
        asks_feedback=True,
        visible=True,
        chips=("fast", "careful", "late", "missing", "wrong_item"),
    ),
    StepDefinition(
        key="packed",
        position=30,
        effect="advance",
        icon="box",
        team="warehouse",
        names={"en": "Packed", "sv": "Packad"},
        next_names={"en": "Is packed", "sv": "Packas"},
        # "lämnade över till" needs no pronoun: ett paket is "det", en beställning "den".
        sentences={
            "en": "{name}[ from {role}] packed [{parcel}|your order] {when}[ and passed it on to {to}].",
            "sv": "{name}[ på {role}] packade [{parcel}|din beställning] {when}[ och lämnade över till {to}].",
        },
        expected_minutes=4 * 60,
        asks_feedback=True,
        visible=True,
        chips=("well_packed", "careful", "fast", "damaged", "missing", "wrong_item", "packaging"),
    ),
    StepDefinition(
        key="shipped",
        position=40,
        effect="advance",
        icon="out",
        team="warehouse",
        names={"en": "Shipped", "sv": "Skickad"},
        next_names={"en": "Is sent", "sv": "Skickas"},
        # Without {to}: it is the carrier, who is named already.
        sentences={
            "en": "{name}[ from {role}] sent [{parcel}|your order][ with {carrier}] {when}.",
            "sv": "{name}[ på {role}] skickade [{parcel}|din beställning][ med {carrier}] {when}.",
        },
        expected_minutes=24 * 60,
        asks_feedback=True,
        visible=True,
        chips=("fast", "on_time", "late", "unclear"),
    ),
    StepDefinition(
        key="in_transit",
        position=50,
        effect="advance",
        icon="truck",
        team=CARRIER_TEAM,
        names={"en": "In transit", "sv": "På väg"},
        next_names={"en": "On its way to you", "sv": "På väg till dig"},
        # Not "fetched it from us": this comes from scans at every terminal, too.
        sentences={
            "en": "[{carrier}|The carrier] took charge of [{parcel}|your parcel] {when}."
            " From here we see where it is, but not who is driving.",
            "sv": "[{carrier}|Fraktbolaget] tog hand om [{parcel}|paketet] {when}."
            " Härifrån ser vi var det är, men inte vem som kör.",
        },
        expected_minutes=24 * 60,
        asks_feedback=False,
        visible=True,
        chips=(),
    ),
    StepDefinition(
        key="out_for_delivery",
        position=60,
        effect="advance",
        icon="truck",
        team=CARRIER_TEAM,
        names={"en": "Out for delivery", "sv": "Ute för leverans"},
        next_names={"en": "Out for delivery", "sv": "Körs ut till dig"},
        sentences={
            "en": "[{carrier}|The carrier] set out with [{parcel}|your parcel] {when} to deliver it to you.",
            "sv": "[{carrier}|Fraktbolaget] åkte ut med [{parcel}|paketet] {when} för att lämna det till dig.",
        },
        expected_minutes=24 * 60,
        asks_feedback=False,
        visible=True,
        chips=(),
    ),
    StepDefinition(
        key="delivered",
        position=70,
        effect="advance",
        icon="house",
        team=CARRIER_TEAM,
        names={"en": "Delivered", "sv": "Levererad"},
        next_names={"en": "At your home", "sv": "Hemma hos dig"},
        # {name}, not {carrier}: a shop's own driver or somebody at the counter hands parcels over, too.
        sentences={
            "en": "{name}[ from {role}] delivered [{parcel}|your parcel] to you {when}.",
            "sv": "{name}[ på {role}] lämnade [{parcel}|paketet] till dig {when}.",
        },
        expected_minutes=10 * 60,
        asks_feedback=True,
        visible=True,
        chips=("on_time", "kind", "well_packed", "late", "damaged", "missing", "packaging"),
    ),
    StepDefinition(
        key="delayed",
        position=0,
        effect="pause",
        icon="clock",
        team="orders",
        names={"en": "Delayed", "sv": "Försenad"},
        next_names={"en": "Is delayed", "sv": "Blir försenad"},
        sentences={
            "en": "{name}[ from {role}] let you know {when} that your order is delayed[, and passed it on to {to}].",
            "sv": "{name}[ på {role}] meddelade {when} att din beställning dröjer[, och lämnade den vidare till {to}].",
        },
        expected_minutes=0,
        asks_feedback=True,
        visible=True,
        chips=("clear", "kind", "late", "unclear"),
    ),
    StepDefinition(
        key="cancelled",
        position=0,
        effect="cancel",
        icon="chat",
        team="orders",
        names={"en": "Cancelled", "sv": "Avbruten"},
        next_names={"en": "Is cancelled", "sv": "Avbryts"},
        sentences={
            "en": "{name}[ from {role}] cancelled your order {when}.",
            "sv": "{name}[ på {role}] avbröt din beställning {when}.",
        },
        expected_minutes=0,
        asks_feedback=False,
        visible=True,
        chips=(),
    ),
    StepDefinition(
        key="returned",
        position=0,
        effect="return",
        icon="hand",
        team="warehouse",
        names={"en": "Returned", "sv": "Returnerad"},
        next_names={"en": "Your return arrives", "sv": "Returen kommer fram"},
        sentences={
            "en": "{name}[ from {role}] received your return {when}[ and passed it on to {to}].",
            "sv": "{name}[ på {role}] tog emot din retur {when}[ och lämnade den vidare till {to}].",
        },
        expected_minutes=0,
        asks_feedback=True,
        visible=True,
        chips=("fast", "kind", "clear", "late", "unclear"),
    ),
)
