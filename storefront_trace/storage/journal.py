"""The journal of endings: a file beside the database that a restore does not set back.

Whatever must never come back is written here before it is done in the database: who was forgotten, which links and
devices were shut out. A backup of the database is older than that; when it comes back, what stands here and not yet in
the database is carried out again (actions/endings.py). A line has ids and keyed hashes, never what was erased.

A line is on disk when `append` returns. Written whole in one go behind a line's end of its own, so that what a power
cut left of another line harms nobody: what cannot be read has never been promised.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What a line says when an older database has come back; when the file before this one was missed (`mark`: a line of
# it), where what the database still knew follows; and when what the line `line` says was rolled back. All others are
# told in actions/.
RESTORED, LOST, UNDONE = "restored", "lost", "undone"
TAIL = 64 * 1024


@dataclass(frozen=True)
class Ending:
    """`do` is one of actions/endings.py; `at` when."""

    id: str
    shop: str
    at: int
    do: str
    told: Mapping[str, Any]

    def to_line(self) -> bytes:
        told = {"id": self.id, "shop": self.shop, "at": self.at, "do": self.do, **self.told}
        return b"\n" + json.dumps(told, separators=(",", ":")).encode() + b"\n"


def is_whole(ending: Ending) -> bool:
    """Whether it can be carried out. What this version does not know is left to the one that wrote it."""
    return (
        _is_moment(ending.at)
        and all(_is_text(text) for text in (ending.id, ending.shop, ending.do))
        and len(ending.id) <= 32
        and all(is_right(ending.told.get(name)) for name, is_right in FORMS.get(ending.do, {}).items())
    )


def _is_moment(told: object) -> bool:
    return isinstance(told, int) and 0 <= told < 2**63


def _is_text(told: object) -> bool:
    return isinstance(told, str) and len(told) <= 200 and told.isprintable()


def _is_text_or_none(told: object) -> bool:
    return told is None or _is_text(told)


def _are_texts(told: object) -> bool:
    return isinstance(told, list) and all(_is_text(one) for one in told)


def _are_texts_or_none(told: object) -> bool:
    return told is None or _are_texts(told)


def _is_number(told: object) -> bool:
    return isinstance(told, int) and abs(told) < 2**63


def _is_link(told: object) -> bool:
    return isinstance(told, int) and 0 <= told < 2**31 - 1


FORMS: Mapping[str, Mapping[str, Callable[[object], bool]]] = {
    "customer": {"orders": _are_texts, "to": _are_texts_or_none, "mail": _is_text_or_none},
    "past": {"orders": _are_texts},
    "words": {"before": _is_number},
    "person": {"person": _is_text, "to": _are_texts_or_none},
    "left": {"person": _is_text},
    "lowered": {"person": _is_text, "visibility": _is_text},
    "portrait": {"person": _is_text, "photo": _is_text},
    "role": {"account": _is_text, "role": _is_text, "manages": _is_text_or_none},
    "links": {"order": _is_text, "upto": _is_link, "renew": _is_number},
    "stopped": {"follower": _is_text, "why": _is_text},
    "silence": {"digest": _is_text},
    "allow": {"digests": _are_texts},
    "passkeys": {"account": _is_text},
    "passkey": {"account": _is_text, "passkey": _is_text},
    "factor": {"account": _is_text},
    "keys": {"account": _is_text},
    "token": {"token": _is_text},
    "connection": {"connection": _is_text},
    "wall": {"feedback": _is_text, "by_person": _is_number},
    "screen": {"screen": _is_text},
    "view": {},
    LOST: {"mark": _is_text},
    UNDONE: {"line": _is_text},
}


@dataclass(frozen=True)
class Written:
    """All lines in the order in which they were written, and the numbers of those in the file that nobody can read."""

    endings: list[Ending]
    odd: list[int]


class Journal:
    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, endings: Sequence[Ending]) -> None:
        """OSError when it is not on disk for certain: then it must not be done."""
        lines = b"".join(ending.to_line() for ending in endings)
        new = not self.path.exists()
        file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            if os.write(file, lines) != len(lines):
                raise OSError(f"{self.path} could not be written: is the disk full?")
            os.fsync(file)
        finally:
            os.close(file)
        if new:
            _sync(self.path.parent)

    def read(self) -> list[Ending]:
        """All of them, in the order in which they were written."""
        return self.look().endings

    def look(self) -> Written:
        return _look(self.path)

    def holds(self, line: str) -> bool:
        """Most often it is the last one: the whole file is read only when it is not among the last."""
        try:
            with self.path.open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL))
                if _stands_in(file.read(), line):
                    return True
                file.seek(0)
                return _stands_in(file.read(), line)
        except FileNotFoundError:
            return False

    def take_over(self, other: Path) -> None:
        """Whatever stands in `other` and not here."""
        known = {ending.id for ending in self.read()}
        missing = [ending for ending in _look(other).endings if ending.id not in known]
        if missing:
            self.append(missing)


def _look(path: Path) -> Written:
    if not path.exists():
        return Written([], [])
    found = [(at, _read(line)) for at, line in enumerate(path.read_bytes().split(b"\n"), 1) if line]
    return Written([one for _, one in found if one is not None], [at for at, one in found if one is None])


def _stands_in(text: bytes, line: str) -> bool:
    mentions = [_read(one) for one in text.split(b"\n") if line.encode() in one]
    return any(one is not None and one.id == line for one in mentions)


def _read(line: bytes) -> Ending | None:
    """None for what has been cut off, or is not of the form that its kind has: one line never stops a start."""
    try:
        told = dict(json.loads(line))
        ending = Ending(told.pop("id"), told.pop("shop"), told.pop("at"), told.pop("do"), told)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return ending if is_whole(ending) else None


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
