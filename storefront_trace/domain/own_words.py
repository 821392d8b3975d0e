"""What a person says of themselves to every customer, in which languages they answer, and what they often write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from storefront_trace.domain.errors import N_, Invalid
from storefront_trace.domain.people import LONGEST_ROLE
from storefront_trace.domain.shop import LANGUAGES
from storefront_trace.domain.texts import hidden_at, label_within, words_within

LONGEST_LINE, MOST_PHRASES, LONGEST_PHRASE = 140, 12, 200


@dataclass(frozen=True, slots=True)
class OwnWords:
    """Checked; made by `check_own_words`. What was left empty is not there."""

    roles: Mapping[str, str]
    greeting: Mapping[str, str]
    languages: tuple[str, ...]
    phrases: tuple[str, ...]


def check_own_words(
    roles: Mapping[str, str], greeting: Mapping[str, str], languages: Sequence[str], phrases: str
) -> OwnWords:
    """From what a form sent; `phrases` has one on each line. Raises Invalid with the fields "role-sv", "greeting-sv",
    "languages" or "phrases"."""
    if not set(languages) <= set(LANGUAGES):
        raise _invalid("languages", N_("We do not speak that language yet."))
    return OwnWords(
        {key: text for key, text in ((key, _label(roles, key, "role", LONGEST_ROLE)) for key in LANGUAGES) if text},
        {key: text for key, text in ((key, _line(greeting, key)) for key in LANGUAGES) if text},
        tuple(key for key in LANGUAGES if key in languages),
        tuple(_phrases(phrases)),
    )


def answers_in(languages: Iterable[str] | None, language: str) -> bool:
    """Who has not said is not known to."""
    return language in (languages or ())


def _label(texts: Mapping[str, str], key: str, field: str, most: int) -> str:
    text = texts.get(key, "").strip()
    return label_within(text, most, field=f"{field}-{key}") if text else ""


def _line(texts: Mapping[str, str], key: str) -> str:
    """One line, in which emoji may be joined."""
    words = " ".join(words_within(texts.get(key, ""), LONGEST_LINE, field=f"greeting-{key}").split())
    return "" if all(hidden_at(char) is not None for char in words) else words


def _phrases(text: str) -> list[str]:
    most = MOST_PHRASES * (LONGEST_PHRASE + 1)
    lines = (line.strip() for line in words_within(text, most, field="phrases").split("\n"))
    found = list(dict.fromkeys(line for line in lines if line))
    if len(found) > MOST_PHRASES:
        raise _invalid("phrases", N_("Write at most %(most)s lines."), most=MOST_PHRASES)
    if any(len(line) > LONGEST_PHRASE for line in found):
        raise _invalid("phrases", N_("Write at most %(most)s characters on each line."), most=LONGEST_PHRASE)
    return found


def _invalid(field: str, message: str, **params: object) -> Invalid:
    return Invalid(message, errors=[(field, message)], params=params)
