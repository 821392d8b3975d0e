"""Words that are one tap away: a person's own, and reasons for a delay in the customer's language."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.datastructures import FormData

from storefront_trace.domain.errors import N_
from storefront_trace.domain.own_words import LONGEST_PHRASE, MOST_PHRASES
from storefront_trace.storage.orders import OrderRow
from storefront_trace.web.forms import texts_of
from storefront_trace.web.languages import catalogue
from storefront_trace.web.staff.visit import Visit

REASONS = (
    N_("Our supplier is late with it. We keep asking them."),
    N_("We found a flaw in it and are getting you another one."),
    N_("We have more orders than usual, and want to pack yours with care."),
    N_("The carrier could not fetch it today."),
)


def own_phrases(visit: Visit) -> list[str]:
    return [phrase for phrase in visit.person.phrases or () if phrase][:MOST_PHRASES]


def reasons(visit: Visit, row: OrderRow) -> list[tuple[str, str]]:
    """As the customer will read them: in their language, the shop's when nobody knows it; and what that says, in the
    reader's, "" when it is the same or one's own words."""
    theirs = catalogue(row.locale or visit.cast.shop.locale)
    told = [(theirs.gettext(text), visit.say(text)) for text in REASONS]
    return [
        *((text, "") for text in own_phrases(visit)),
        *((text, mean if mean != text else "") for text, mean in told),
    ]


def with_phrases(note: str, chosen: Iterable[str]) -> str:
    """What was written, then what was tapped and does not stand in it already."""
    note = note.strip()
    for phrase in chosen:
        if phrase and phrase not in note:
            note = f"{note} {phrase}".strip()
    return note


def chosen(form: FormData) -> list[str]:
    return [text[:LONGEST_PHRASE] for text in texts_of(form, "phrase")][:MOST_PHRASES]
