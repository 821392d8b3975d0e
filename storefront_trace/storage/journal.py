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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What a line says when an older database has come back; all others are told in actions/.
RESTORED = "restored"


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
        return read_endings(self.path)

    def take_over(self, other: Path) -> None:
        """Whatever stands in `other` and not here."""
        known = {ending.id for ending in self.read()}
        missing = [ending for ending in read_endings(other) if ending.id not in known]
        if missing:
            self.append(missing)


def read_endings(path: Path) -> list[Ending]:
    if not path.exists():
        return []
    found = [_read(line) for line in path.read_bytes().split(b"\n") if line]
    return [ending for ending in found if ending is not None]


def _read(line: bytes) -> Ending | None:
    try:
        told = dict(json.loads(line))
        return Ending(str(told.pop("id")), str(told.pop("shop")), int(told.pop("at")), str(told.pop("do")), told)
    except (ValueError, TypeError, KeyError):
        return None


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
