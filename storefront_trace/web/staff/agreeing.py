"""What I read where I agree to something, as it stands on the page: it is kept with my answer. A change of one of these
texts is a new WORDING in actions/consents.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from starlette.datastructures import FormData

from storefront_trace.actions.consents import Agreed
from storefront_trace.domain.errors import N_
from storefront_trace.web.languages import AVAILABLE
from storefront_trace.web.staff.seen import ways
from storefront_trace.web.staff.visit import Visit

SEEN = N_(
    "It takes effect at once, on older pages too. Change it whenever you like. What you agree to is noted with its "
    "day: you and the owner see what you have agreed to, since when, and until when."
)
PICTURE = N_("Head and shoulders, with light from the front. Customers see it only if you choose so above.")
LINE = N_(
    "Your line stands under your name while you have somebody's order and have written nothing about it. Customers "
    "read it in the languages you write, and only if you show your name."
)
FRIDAY = N_(
    "On Friday afternoon, what customers thanked you for in the week: to you alone, and in no week without thanks."
)


def as_read(visit: Visit, form: FormData) -> Visit:
    """In the language that the page was in: `?lang=` may have chosen it, and the form leads elsewhere."""
    language = form.get("read_in")
    return replace(visit, language=language) if isinstance(language, str) and language in AVAILABLE else visit


def seen_text(visit: Visit, value: str) -> str:
    """Of the button that was pressed, and of what stands below the three."""
    way = next((one for one in ways(visit) if one["value"] == value), None)
    return seen_words(visit.say, way["title"] if way else "", way["detail"] if way else "")


def seen_words(say: Callable[[str], str], title: str, detail: str) -> str:
    """Both are said already."""
    return " ".join((*(f"{part}." for part in (title, detail) if part), say(SEEN)))


def agreed_to(visit: Visit, text: str) -> Agreed:
    return Agreed(visit.say(text), visit.language)
