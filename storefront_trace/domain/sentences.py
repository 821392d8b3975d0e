"""Sentences that a shop writes for its steps: "{name}[ på {role}] packade [{parcel}|din beställning] {when}."

`{placeholder}` stands for a value. `[a part]` is dropped when a value inside it is empty; `[a part|another]` then shows
the other. `{{ }} [[ ]]` are the characters themselves, and so is `||` inside brackets.

Never str.format, `%` or Jinja: an owner's text would reach into objects ("{name.__class__}"). Values are put in as they
are and nothing escapes them here: the page escapes every part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache

from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.texts import hidden_at

PLACEHOLDERS = ("name", "role", "when", "to", "parcel", "carrier", "number", "shop")
ALWAYS_KNOWN = frozenset(("name", "when", "number", "shop"))
LONGEST = 300

_MARK = re.compile(r"\{\{|\}\}|\[\[|\]\]|\|\||\{[^{}\[\]|]*\}|[{}\[\]|]|[^{}\[\]|]+")
_LITERALS = {"{{": "{", "}}": "}", "[[": "[", "]]": "]"}
TEXT = "text"
# The same in the languages of those who write the sentences.
_WORDS = {
    "name": "namn navn nimi person who",
    "role": "roll rolle rooli team place",
    "when": "när når hvornår milloin wann time date day tid datum",
    "to": "till til kenelle an next receiver",
    "parcel": "paket pakke paketti package box",
    "carrier": "transportör transportør fragtfører kuljettaja paketdienst courier",
    "number": "nummer numero order ordernummer bestellnummer",
    "shop": "butik butikk kauppa laden store",
}
_MEANT = {word: name for name, words in _WORDS.items() for word in (name, *words.split())}


@dataclass(frozen=True, slots=True)
class Part:
    """Words (`kind` "text"), or the place of a value (`kind` is its name)."""

    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Bracket:
    """`parts` when all its values are there, else `otherwise`."""

    parts: tuple[Part, ...]
    otherwise: tuple[Part, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """Made by `parse`. A value that is missing counts as empty."""

    source: str
    parts: tuple[Part | Bracket, ...]
    # Values outside brackets that are not always known: without one of them the sentence has a hole.
    unguarded: frozenset[str] = field(default=frozenset())

    def complete(self, values: Mapping[str, str]) -> bool:
        """Whether no value outside brackets is empty. If not, show the step's default sentence instead."""
        return all(values.get(name) for name in self.unguarded)

    def render(self, values: Mapping[str, str]) -> str:
        """Plain text; escape it for HTML as a whole."""
        return "".join([text for _, text in self.render_parts(values)])

    def render_parts(self, values: Mapping[str, str]) -> list[tuple[str, str]]:
        """(kind, text) in order, kind being "text" or a placeholder's name; no part is empty. Escape each text."""
        shown: list[tuple[str, str]] = []
        for part in self.parts:
            if isinstance(part, Part):
                _show(part, values, shown)
                continue
            for inner in part.parts if all([values.get(name) for name in part.needs]) else part.otherwise:
                _show(inner, values, shown)
        _one_full_stop(shown)
        return shown


@lru_cache(maxsize=4096)
def parse(text: str) -> Sentence:
    """Raises Invalid with the position (from 1) of what cannot be read."""
    if not text.strip():
        raise Invalid("Write a sentence.")
    if len(text) > LONGEST:
        raise Invalid("The sentence may have %(most)s characters.", params={"most": LONGEST})
    hidden = hidden_at(text)
    if hidden is not None:
        raise _refused("Character %(position)s cannot be seen. Remove it.", hidden)
    parts = tuple(_read(_marks(text)))
    unguarded = [part.kind for part in parts if isinstance(part, Part) and part.kind != TEXT]
    return Sentence(text, parts, frozenset(unguarded) - ALWAYS_KNOWN)


def _show(part: Part, values: Mapping[str, str], shown: list[tuple[str, str]]) -> None:
    text = part.text if part.kind == TEXT else values.get(part.kind, "")
    if text:
        shown.append((part.kind, text))


def _one_full_stop(shown: list[tuple[str, str]]) -> None:
    """A value may bring its own full stop to the end ("… Inc.")."""
    if len(shown) > 1 and shown[-1] == (TEXT, ".") and shown[-2][1].endswith("."):
        shown.pop()


def _marks(text: str) -> Iterator[tuple[str, int]]:
    return ((match[0], match.start()) for match in _MARK.finditer(text))


def _read(marks: Iterator[tuple[str, int]]) -> Iterator[Part | Bracket]:
    words = ""
    for mark, at in marks:
        if mark == "[" or _is_slot(mark):
            if words:
                yield Part(TEXT, words)
            words = ""
            yield _read_bracket(marks, at) if mark == "[" else _slot(mark, at)
        else:
            words += mark if mark in ("|", "||") else _words(mark, at)
    if words:
        yield Part(TEXT, words)


def _read_bracket(marks: Iterator[tuple[str, int]], start: int) -> Bracket:
    halves: list[list[Part]] = [[]]
    for mark, at in marks:
        if mark == "]":
            return _bracket(halves, start)
        if mark == "[":
            raise _refused("Brackets cannot stand inside brackets (character %(position)s).", at)
        if mark == "|":
            halves.append([])
        else:
            halves[-1].append(_slot(mark, at) if _is_slot(mark) else Part(TEXT, _words(mark, at, inside=True)))
    raise _refused("The bracket at character %(position)s is not closed with ].", start)


def _bracket(halves: list[list[Part]], start: int) -> Bracket:
    needs = tuple(part.kind for part in halves[0] if part.kind != TEXT)
    if len(halves) > 2:
        raise _refused("The bracket at character %(position)s has more than one |. Write || for the character.", start)
    if not needs:
        raise _refused("The bracket at character %(position)s has no {placeholder}. Write [[ for the character.", start)
    otherwise = tuple(halves[1]) if len(halves) == 2 else ()
    if any(part.kind not in ALWAYS_KNOWN and part.kind != TEXT for part in otherwise):
        raise _refused("What stands after | must always be known (bracket at character %(position)s).", start)
    return Bracket(tuple(halves[0]), otherwise, needs)


def _is_slot(mark: str) -> bool:
    return len(mark) > 1 and mark[0] == "{" and mark[-1] == "}"


def _slot(mark: str, at: int) -> Part:
    name = mark[1:-1]
    if name in PLACEHOLDERS:
        return Part(name)
    told = {"wrong": name[:30], "known": ", ".join(f"{{{known}}}" for known in PLACEHOLDERS)}
    meant = _meant(name)
    if meant is not None:
        raise _refused(
            "There is no {%(wrong)s} (character %(position)s). Do you mean {%(meant)s}? All there are: %(known)s.",
            at,
            meant=meant,
            **told,
        )
    raise _refused(
        "There is no {%(wrong)s} (character %(position)s). Use one of %(known)s, or {{ for the character.", at, **told
    )


def _meant(name: str) -> str | None:
    """What somebody has in mind who writes {namn} or {time}."""
    word = name.strip().casefold()
    if word in _MEANT:
        return _MEANT[word]
    near = get_close_matches(word, (*PLACEHOLDERS, *_MEANT), 1, 0.7)
    return _MEANT.get(near[0], near[0]) if near else None


def _words(mark: str, at: int, *, inside: bool = False) -> str:
    if mark in ("{", "}", "]"):
        raise _refused("Character %(position)s stands alone. Write it twice to show it.", at)
    if mark == "||" and inside:
        return "|"
    return _LITERALS.get(mark, mark)


def _refused(message: str, at: int, **params: str) -> Invalid:
    return Invalid(message, params={"position": at + 1, **params})
