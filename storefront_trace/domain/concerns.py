"""How a concern is taken care of: looked into, talked over, closed. The talk is a help for both, never a verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Literal

from storefront_trace.domain.calendar import Calendar, working_minutes
from storefront_trace.domain.errors import N_
from storefront_trace.domain.texts import words_within

Stage = Literal["new", "looking", "talked", "closed"]

STAGES: tuple[Stage, ...] = ("new", "looking", "talked", "closed")
LONGEST_NOTE = 1000
# Fewer answers than these have no median: one slow day would be the figure.
TIMED_FROM = 5
# The owner is told so many days before a concern is shared by itself.
WARNED_DAYS = 2

# In the order of the talk: key, question, what helps to answer it. What they take with them is the person's own to
# write (`takeaways`). After "situation, behaviour, impact", with the intent first and their view before the effect.
PROMPTS: tuple[tuple[str, str, str], ...] = (
    ("intent", N_("What you want with the talk"), N_("To help, and to hear. Not to find out who.")),
    (
        "thing",
        N_("The thing itself"),
        N_("What happened, and when. Nothing about what somebody is like."),
    ),
    ("view", N_("How they see it"), N_("Ask, and listen to the end. What stood in the way? Did they know how?")),
    ("effect", N_("What it led to"), N_("For the customer, and for the next colleague in the chain.")),
    ("next", N_("The next step"), N_("What the shop does, what they do, and the day when you look at it again.")),
)
# The same, as the person reads it whom the talk was with.
READ_AS = {
    "intent": N_("What the talk was meant to give"),
    "thing": N_("The thing itself"),
    "view": N_("How you see it"),
    "effect": N_("What it led to"),
    "next": N_("The next step"),
}


@dataclass(frozen=True, slots=True)
class Pace:
    """How soon customers had their first answer, in minutes of working time; `median` is None for few."""

    answered: int
    median: int | None
    in_time: int


def stage_of(looking_at: object, talked_at: object, done_at: object) -> Stage:
    """From the instants of a concern, None where it has not got so far. Closed is closed, talked over or not."""
    if done_at is not None:
        return "closed"
    if talked_at is not None:
        return "talked"
    return "looking" if looking_at is not None else "new"


def check_notes(typed: Mapping[str, str]) -> dict[str, str]:
    """What was noted of a talk, by the keys of PROMPTS; whatever is empty is left out, other keys too.

    Raises Invalid with the key as its field when a note is longer than 1000 characters.
    """
    notes = {key: words_within(typed.get(key, ""), LONGEST_NOTE, field=key) for key, _, _ in PROMPTS}
    return {key: words for key, words in notes.items() if words}


def is_late(calendar: Calendar, since: datetime, now: datetime) -> bool:
    """Whether a customer has waited for the first answer longer than the aim: one working day."""
    return working_minutes(calendar, since, now) > calendar.length


def pace(calendar: Calendar, answers: Sequence[tuple[datetime, datetime]]) -> Pace:
    """From (when the concern came, its first answer) of those that were answered."""
    waits = [working_minutes(calendar, came, answered) for came, answered in answers]
    in_time = sum(wait <= calendar.length for wait in waits)
    return Pace(len(waits), round(median(waits)) if len(waits) >= TIMED_FROM else None, in_time)
