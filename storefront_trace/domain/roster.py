"""A list of people as it was pasted: rows of a spreadsheet, lines of a mail, or what stands in its To field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from storefront_trace.domain.errors import N_, DomainError
from storefront_trace.domain.people import clean_display_name, clean_role

MOST_PEOPLE = 200
LONGEST_LIST = 20_000
TWICE = N_("The same address stands in line %(line)s already.")
KNOWN = N_("%(name)s with this address works here already.")
SAME_NAME = N_("There is a %(name)s already. Write their address, too, or another name.")
NO_NAME = N_("There is no name in this line.")
TWO_ADDRESSES = N_("There are two addresses in this line. Give each person a line.")
NO_ADDRESS = N_("“%(text)s” is not an e-mail address.")

_ADDRESS = re.compile(r"[^@\s<>,;\"]{1,64}@[^@\s<>,;\"]+\.[^@\s<>,;\"]+")
# As some mail programs write a receiver: "Berg, Anders" <anders@example.com>.
# Neither expression may begin two repeats on the same letter: a line has up to 20,000, and whoever pastes waits.
_SURNAME_FIRST = re.compile(r'"([^",<>]+),\s*([^",<>\s][^",<>]*)"(?=\s*<)')
_IN_BRACKETS = re.compile(r"<[^<>]*>")
# An address that was written so that no machine reads it: kalle(at)example.com.
_AT = re.compile(r"@|[(\[{<]\s*at\s*[)\]}>]", re.IGNORECASE)
_SEPARATORS = ("\t", ";", ",")
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,3}[.)])\s+")
# What a column is called where the first line says so.
_HEADS = frozenset(
    "name namn navn nimi first förnavn fornavn fornamn etunimi vorname namen e-mail email mail e-post epost sähköposti "
    "address adress adresse osoite role roll rolle rooli job jobb tehtävä team tiimi e-postadress e-postadresse "
    "e-mailadresse e-mail-adresse".split()
)


@dataclass(frozen=True)
class Row:
    """`line` counts from 1, as the list was pasted. With an `error` (its values in `params`) nobody is made of it."""

    line: int
    text: str
    name: str = ""
    email: str = ""
    role: str = ""
    error: str | None = None
    params: Mapping[str, object] | None = None


def read_list(text: str, known: Mapping[str, str]) -> list[Row]:
    """A row for each person and for each line that was not understood. `known`: the names of who works here, by their
    folded address, and by the folded name itself: of who has no address in the list, the name must tell them apart."""
    rows = [row for line, part in _parts(text) if (row := _row(line, part)) is not None]
    return _told_apart(rows[:MOST_PEOPLE], known)


def left_over(text: str, lines: Iterable[int]) -> str:
    """What of the list is still to be mended: these lines as they were written."""
    wanted = set(lines)
    return "\n".join(part for line, part in _parts(text) if line in wanted)


def count_of(text: str) -> int:
    return sum(1 for _ in _parts(text))


def _parts(text: str) -> list[tuple[int, str]]:
    """(line, one person's part of it): "Anders <a@…>, Lisa <l@…>" is a line of two."""
    found: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        line = _SURNAME_FIRST.sub(r"\2 \1", _BULLET.sub("", line).strip())
        several = sum("@" in address for address in _IN_BRACKETS.findall(line)) > 1
        parts = re.split(r"(?<=>)\s*[,;]\s*", line) if several else [line]
        found += [(number, part.strip(" ,;")) for part in parts if part.strip(" ,;\t")]
    if found and _is_head(found[0][1]):
        del found[0]
    return found


def _is_head(line: str) -> bool:
    cells = [cell.casefold() for cell in _cells(line) if cell]
    return bool(cells) and "@" not in line and all(cell.split()[0] in _HEADS for cell in cells)


def _cells(line: str) -> list[str]:
    separator = next((one for one in _SEPARATORS if one in line), None)
    return [cell.strip(" \t,;\"'") for cell in (line.split(separator) if separator else [line])]


def _row(line: int, part: str) -> Row | None:
    addresses = _ADDRESS.findall(part)
    if len(addresses) > 1:
        return Row(line, part, error=TWO_ADDRESSES)
    email = addresses[0] if addresses else ""
    rest = _IN_BRACKETS.sub(lambda found: "\t" if "@" in found[0] else found[0], part) if "<" in part else part
    cells = [cell for cell in _cells(_apart(rest, email)) if cell]
    wrong = next((found for cell in cells if (found := _like_an_address(cell))), None)
    if wrong is not None:
        return Row(line, part, error=NO_ADDRESS, params={"text": wrong[:60]})
    if not cells:
        return Row(line, part, email=email, error=NO_NAME)
    return _checked(Row(line, part, _first_name(cells[0]), email, cells[1] if len(cells) > 1 else ""))


def _first_name(cell: str) -> str:
    """The first word: it is a first name that people agree to show, so nobody's surname comes from a list."""
    return next(iter(cell.split()), cell)


def _like_an_address(cell: str) -> str | None:
    """What in it must not stand on a card as a place of work."""
    words = cell.split()
    at = next((word for word in words if _AT.search(word)), cell if _AT.search(cell) else None)
    return at or next((word for word in words if _is_host(word)), None)


def _is_host(word: str) -> bool:
    """kalle.example.com, and no initials as in J.R.R."""
    *before, last = word.split(".")
    return len(before) > 1 and all(before) and last.isalpha() and 2 <= len(last) <= 6


def _apart(rest: str, email: str) -> str:
    """Without the address; where that stood between spaces alone, a column begins: "Anders a@example.com lagret"."""
    if not email or email not in rest:
        return rest
    if any(one in rest for one in _SEPARATORS):
        return rest.replace(email, "", 1)
    return rest.replace(email, "\t", 1)


def _checked(row: Row) -> Row:
    try:
        name, role = clean_display_name(row.name), clean_role(row.role)
    except DomainError as error:
        text = error.field_errors[0][1] if error.field_errors else error.message
        return Row(row.line, row.text, row.name, row.email, row.role, text, error.params)
    return Row(row.line, row.text, name, row.email, role)


def _told_apart(rows: Sequence[Row], known: Mapping[str, str]) -> list[Row]:
    seen: dict[str, int] = {}
    told: list[Row] = []
    for row in rows:
        key = (row.email or row.name).casefold()
        if row.error is None and not row.email and (key in known or key in seen):
            row = Row(row.line, row.text, row.name, "", row.role, SAME_NAME, {"name": row.name})
        elif row.error is None and key in known:
            row = Row(row.line, row.text, row.name, row.email, row.role, KNOWN, {"name": known[key]})
        elif row.error is None and key in seen:
            row = Row(row.line, row.text, row.name, row.email, row.role, TWICE, {"line": seen[key]})
        elif row.error is None and key:
            seen[key] = row.line
        told.append(row)
    return told
