"""How customers see a person: as that person chose, or less."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal

from storefront_trace.domain.errors import N_, Invalid
from storefront_trace.domain.texts import label_within

Visibility = Literal["team", "name", "photo"]

VISIBILITIES: tuple[Visibility, ...] = ("team", "name", "photo")  # from least to most
LONGEST_NAME, LONGEST_ROLE = 40, 60
# What stands in the database where the name of somebody forgotten was, and how our pages say that.
NAMELESS = "…"
FORGOTTEN = N_("Somebody who is forgotten")

_HANDLE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
# A role that has its preposition or its case already, and can follow a name as it is.
_FOLLOWS = {
    "fi": re.compile(r".*(st[aä]|lt[aä])", re.I),
    "de": re.compile(r"(aus|von|vom|im|in|am|an|beim|bei|zur|zum|für)\s.*", re.I),
}


def shown_as(
    chosen: Visibility | None,
    chosen_at: datetime | int | None,
    api_ceiling: Visibility | None,
    left_at: datetime | int | None,
    faded: bool,
) -> Visibility:
    """What a customer may see now. Ask again for every page: all five can change after the step was logged.

    Without a choice that has a date it is the team; of the two times only counts whether they are there. `api_ceiling`
    is what a connected system last sent: it lowers, never raises. Who has left, and whose name has faded on this
    order, is the team.
    """
    if chosen is None or chosen_at is None or left_at is not None or faded:
        return "team"
    return chosen if api_ceiling is None else min(chosen, api_ceiling, key=VISIBILITIES.index)


def parse_visibility(text: str) -> Visibility:
    for visibility in VISIBILITIES:
        if text == visibility:
            return visibility
    message = N_("Choose team, name or photo.")
    raise Invalid(message, errors=[("visibility", message)])


def check_handle(text: str) -> str:
    """The person's key in URLs and in the API. Refused, never mended: two systems would mend differently."""
    if _HANDLE.fullmatch(text) is None:
        message = N_("A handle has 1 to 40 small letters a-z, digits and hyphens, and starts with a letter or digit.")
        raise Invalid(message, errors=[("handle", message)])
    return text


def clean_display_name(text: str) -> str:
    """1 to 40 characters that can be seen, with a letter or digit among them, in NFC with single spaces."""
    name = label_within(text, LONGEST_NAME, field="display_name")
    if not any(char.isalnum() for char in name):
        message = N_("A name needs a letter.")
        raise Invalid(message, errors=[("display_name", message)])
    return name


def clean_role(text: str) -> str:
    """Where they work, in the form that its language wants (see step_texts/); "" means that none is shown."""
    return label_within(text, LONGEST_ROLE, field="role") if text.strip() else ""


def role_in_sentence(role: str, language: str) -> str:
    """A role as it stands after a name inside a sentence: "aus dem Lager", and a bare "Lager" in brackets."""
    fits = _FOLLOWS.get(language)
    return role if not role or fits is None or fits.fullmatch(role) else f"({role})"
