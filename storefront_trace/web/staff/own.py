"""The form of my own words on /staff/me: what my work is called, my line to customers, my languages, my phrases."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import FormData

from storefront_trace.domain.own_words import LONGEST_LINE, LONGEST_PHRASE, MOST_PHRASES
from storefront_trace.domain.people import LONGEST_ROLE
from storefront_trace.domain.shop import LANGUAGES
from storefront_trace.web.forms import text_of
from storefront_trace.web.languages import NAMES
from storefront_trace.web.staff.visit import Context, Visit
from storefront_trace.web.wording import language_text

MOST_FIELDS = 3 * len(LANGUAGES) + 6


@dataclass(frozen=True)
class Typed:
    roles: dict[str, str]
    greeting: dict[str, str]
    languages: list[str]
    phrases: str


def typed_in(form: FormData) -> Typed:
    return Typed(
        {key: text_of(form, f"role-{key}") for key in LANGUAGES},
        {key: text_of(form, f"greeting-{key}") for key in LANGUAGES},
        [key for key in form.getlist("languages") if isinstance(key, str)],
        text_of(form, "phrases"),
    )


def own_context(visit: Visit, typed: Typed | None) -> Context:
    """One's own language and the shop's first: they are written most."""
    person = visit.person
    known = typed or Typed(
        dict(person.own_roles or {}),
        dict(person.greeting or {}),
        list(person.languages or ()),
        "\n".join(person.phrases or ()),
    )
    first = list(dict.fromkeys((visit.cast.shop.locale, visit.language, *LANGUAGES)))
    fields = [_fields(visit, known, key) for key in first if key in LANGUAGES]
    written = [key for key in first if known.roles.get(key) or known.greeting.get(key)]
    return {
        "action": "/staff/me/words",
        "fields": [one for one in fields if one["lang"] in (first[0], visit.language, *written)],
        "more": [one for one in fields if one["lang"] not in (first[0], visit.language, *written)],
        "languages": [
            {"lang": key, "label": language_text(key, visit.language), "on": key in known.languages}
            for key in first
            if key in LANGUAGES
        ],
        "phrases": known.phrases,
        "most": {"role": LONGEST_ROLE, "line": LONGEST_LINE, "phrase": LONGEST_PHRASE, "phrases": MOST_PHRASES},
    }


def _fields(visit: Visit, known: Typed, key: str) -> Context:
    return {
        "lang": key,
        "name": NAMES[key],
        "role": known.roles.get(key, ""),
        "owners": visit.person.roles.get(key, ""),
        "greeting": known.greeting.get(key, ""),
    }
