"""What a customer says of a step, and who may read it when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from storefront_trace.domain.chips import CHIPS, Chip
from storefront_trace.domain.errors import N_, Invalid
from storefront_trace.domain.texts import words_within

Choice = Literal["thanks", "concern"]

CHOICES: tuple[Choice, ...] = ("thanks", "concern")
SHARE_DAYS = 14
MOST_CHIPS = 5
LONGEST_WORDS = 2000


@dataclass(frozen=True, slots=True)
class Answer:
    """Checked; made by `check_answer`."""

    choice: Choice
    chips: tuple[str, ...] = ()
    words: str = ""


def check_answer(
    choice: str, chips: Sequence[str], words: str, *, allowed: Sequence[str], known: Mapping[str, Chip] = CHIPS
) -> Answer:
    """From what a form sent. `allowed` are the step's chips, of both kinds; `known` those of the shop.

    Chips of the other choice are dropped: without scripts both sets stand on the page and some may be left ticked.
    Raises Invalid with the fields `choice`, `chips` or `words`.
    """
    chosen = parse_choice(choice)
    picked = tuple(dict.fromkeys(chips))
    if not set(picked) <= set(allowed):
        raise _invalid("chips", N_("Choose among the words below."))
    fitting = tuple(chip for chip in picked if chip not in known or known[chip].kind == chosen)
    if len(fitting) > MOST_CHIPS:
        raise _invalid("chips", N_("Choose at most %(most)s."), most=MOST_CHIPS)
    return Answer(chosen, fitting, words_within(words, LONGEST_WORDS, field="words"))


def parse_choice(text: str) -> Choice:
    for choice in CHOICES:
        if text == choice:
            return choice
    raise _invalid("choice", N_("Choose one: thanks, or could be better."))


def shares_at(created_at: datetime, days: int = SHARE_DAYS) -> datetime:
    """When the person sees a concern at the latest: a shop may set fewer days than 14, never more.

    `created_at` is when it became a concern: thanks changed into one must leave the owner as many days.
    """
    return created_at + timedelta(days=min(days, SHARE_DAYS))


def shared_with_person(
    choice: Choice,
    shared_at: datetime | None,
    created_at: datetime,
    now: datetime,
    outside_control: bool,
    days: int = SHARE_DAYS,
) -> bool:
    """Whether the person who did the step may see it now. `created_at` and `days` as in `shares_at`.

    Thanks at once; a concern when the owner shared it, or after 14 days; never what was outside the person's control.
    """
    if outside_control:
        return False
    return choice == "thanks" or shared_at is not None or now >= shares_at(created_at, days)


def _invalid(field: str, message: str, **params: object) -> Invalid:
    return Invalid(message, errors=[(field, message)], params=params)
