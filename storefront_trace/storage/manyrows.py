"""A statement that writes one row as one that writes many, in SQLite's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import count
from typing import TypeVar

Row = TypeVar("Row")
# A statement each for 1, 2, 4, … rows, so that the driver's cache holds them all.
MOST = 64
_INSERT = re.compile(r"(INSERT INTO .+ VALUES )(\([?, ]+\))(.*)", re.DOTALL)
_UPDATE = re.compile(r"(UPDATE .+ SET .+?)\s+(WHERE .+)", re.DOTALL)


def portions(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """As few as can be, each of a power of two."""
    begin = 0
    while begin < len(rows):
        size = min(MOST, 1 << (len(rows) - begin).bit_length() - 1)
        yield rows[begin : begin + size]
        begin += size


@lru_cache(maxsize=1000)
def many_rows(sql: str, n: int) -> str:
    """`sql` with so many rows of its values, one after the other: an INSERT of one row, or an UPDATE by a key."""
    if n == 1:
        return sql
    if insert := _INSERT.fullmatch(sql):
        head, row, rest = insert.groups()
        return f"{head}{', '.join([row] * n)}{rest}"
    update = _UPDATE.fullmatch(sql)
    if update is None:
        raise ValueError("This is neither an INSERT of one row nor an UPDATE.")
    place = count(1)
    what, which = (re.sub(r"\?", lambda _: f"many.column{next(place)}", part) for part in update.groups())
    row = f"({', '.join('?' * sql.count('?'))})"
    return f"{what} FROM (VALUES {', '.join([row] * n)}) AS many {which}"
