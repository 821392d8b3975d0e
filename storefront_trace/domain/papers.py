"""What a shop's papers about people's data are made of, and what the shop alone can say of itself in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from storefront_trace.domain.errors import N_, Invalid
from storefront_trace.domain.texts import label_within

PAPERS = ("notice", "record", "balance", "dpia")
# What the form asks for, and how long each may be. All but NEEDED may stay empty.
FIELDS = {"controller": 120, "address": 200, "contact": 120, "dpo": 120, "host": 200, "mailer": 200, "authority": 160}
NEEDED = ("controller", "address", "contact", "host")
LONGEST_NAME = 80
# Where there is one authority for the whole country; in Germany each state has its own.
AUTHORITIES = {
    "SE": "Integritetsskyddsmyndigheten (IMY), imy.se",
    "FI": "Tietosuojavaltuutetun toimisto, tietosuoja.fi",
    "DK": "Datatilsynet, datatilsynet.dk",
    "NO": "Datatilsynet, datatilsynet.no",
}
KEPT = "@kept"
_MARKS = {"# ": "title", "## ": "heading", "- ": "item", "| ": "row"}
WRONG_DAY = N_("Write the day as 2026-11-20, and not one that is still to come.")


@dataclass(frozen=True, slots=True)
class Block:
    """`kind` is title, heading, text, item or row; a row has a `term` before its text."""

    kind: str
    text: str
    term: str = ""


def parse(text: str, kept: Iterable[Block] = ()) -> Iterator[Block]:
    """A paper as it is written in templates/papers: each line is one block, `@kept` stands for what is kept."""
    for line in map(str.strip, text.splitlines()):
        if line == KEPT:
            yield from kept
        elif line:
            mark = next((mark for mark in _MARKS if line.startswith(mark)), "")
            words = line.removeprefix(mark).strip()
            kind = _MARKS.get(mark, "text")
            term, _, rest = words.partition(" | ") if kind == "row" else ("", "", words)
            yield Block(kind, rest.strip(), term.strip())


def check_papers(typed: Mapping[str, str]) -> dict[str, str]:
    """What was left empty is not there. Raises Invalid."""
    given = {name: typed.get(name, "").strip() for name in FIELDS}
    return {name: label_within(text, FIELDS[name], field=name) for name, text in given.items() if text}


def check_agreed(name: str, day: str, *, today: str) -> tuple[str, str]:
    """Who agreed for the employees, and on which day. Raises Invalid."""
    name = label_within(name, LONGEST_NAME, field="agreed")
    try:
        agreed = date.fromisoformat(day.strip()).isoformat()
    except ValueError:
        agreed = ""
    if not "2000" < agreed <= today:
        raise Invalid(WRONG_DAY, errors=[("day", WRONG_DAY)])
    return name, agreed


def missing(papers: Mapping[str, str] | None) -> list[str]:
    return [name for name in NEEDED if not (papers or {}).get(name)]


def agreed_by(history: Sequence[Mapping[str, Any]] | None) -> tuple[str, str] | None:
    """(name, day) of who agreed to the view of each person as it is now."""
    last = history[-1] if history else None
    return (last["name"], last["day"]) if last and last.get("name") else None
