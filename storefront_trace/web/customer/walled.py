"""Whether the shop may show a customer's thanks on its wall: asked once words were given, taken back at any time."""

from __future__ import annotations

from typing import Any

from storefront_trace.domain.errors import N_
from storefront_trace.domain.timeline import Shown
from storefront_trace.web.customer.words import Words

# To change what is asked is to ask anew: give domain/wall.py CUSTOMERS_WORDING another name then.
MAY = N_("May the shop show these words on its wall of thanks: on a screen in the shop, and on paper?")
YES = {"name": N_("Yes, with my first name"), "nameless": N_("Yes, without a name")}
SHOWS = {
    "name": N_("The shop may show these words on its wall of thanks, with your first name."),
    "nameless": N_("The shop may show these words on its wall of thanks, without a name."),
}


def wall_of(shown: Shown, form: str, words: Words) -> dict[str, Any] | None:
    """`form` is the step's feedback URL."""
    said = shown.feedback
    if said is None or not said.words:
        return None
    action = form.removesuffix("feedback") + "wall"
    if said.wall in SHOWS:
        back = [{"says": "no", "label": words.say("Take it back")}]
        return {"text": words.say(SHOWS[said.wall]), "action": action, "answers": back}
    if not shown.may_react:
        return None
    answers = [{"says": says, "label": words.say(label)} for says, label in YES.items()]
    return {"text": words.say(MAY), "action": action, "answers": answers}
