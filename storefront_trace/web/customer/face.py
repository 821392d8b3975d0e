"""How somebody stands on a customer's page, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup

from storefront_trace.domain.shop import Person
from storefront_trace.web.customer.holed import Holed
from storefront_trace.web.languages import catalogue
from storefront_trace.web.wording import language_text, listed

LONG_NAME = 9


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One object for one somebody: compared by identity. `role` stands alone; `place` is the same inside a sentence,
    and empty when it is not known in the reader's language. What is called safe is escaped for HTML. `react`,
    `calm` and `better` lack the step's feedback URL, `form`; `steps` are plain steps (see chain.py), `helper` is one of
    those who helped (see after.py)."""

    kind: str
    name: str
    role: str
    place: str
    in_sentence: str
    portrait: Mapping[str, str | None] | None
    photo_url: str | None
    visibility: str
    safe_name: str
    safe_place: str
    safe_in_sentence: str
    thank: str
    wrote: str
    stamp: Markup
    head: Markup
    react: Holed
    calm: Holed
    better: Holed
    steps: dict[Any, Holed] = field(default_factory=dict)
    helper: list[Holed] = field(default_factory=list)
    # Of a person: their line to everybody in the reader's language, and in which languages they answer; may be "".
    greeting: str = ""
    answers: str = ""

    @property
    def called(self) -> str:
        """Inside a sentence: a team has no capital there."""
        return self.in_sentence if self.kind == "team" else self.name


def with_own_words(face: Face, person: Person, language: str) -> Face:
    """What the person lets every customer read who may know who they are. Never put into another language for them."""
    spoken = [language_text(one, language) for one in person.languages or ()]
    text = catalogue(language).say(
        "%(name)s answers in %(languages)s.", name=face.name, languages=listed(spoken, language)
    )
    return replace(face, greeting=(person.greeting or {}).get(language, ""), answers=text if spoken else "")
