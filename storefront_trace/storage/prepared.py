"""Statements that are compiled once, and a connection that runs them on the driver itself.

Building a statement, finding it among those compiled before and crossing to the driver's thread was measured at some
1.2 ms of the event loop for each of the fifteen statements that logging a step needs, where SQLite itself takes ten
microseconds. A statement given to `prepared` runs anywhere; on a `Direct` connection it costs next to nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain
from operator import itemgetter
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storefront_trace.storage.manyrows import many_rows, portions

DIALECT = sqlite.dialect()
Statement = TypeVar("Statement", bound=sa.Executable)
Process = Callable[[Any], Any]
_KNOWN: dict[int, Prepared] = {}


def prepared(statement: Statement, *, columns: Iterable[str] | None = None) -> Statement:
    """For a constant of a module, with `bindparam`s for what changes. Read its rows by position: on a `Direct`
    connection they are plain tuples. `columns` are those that an INSERT or UPDATE is given each time."""
    _KNOWN[id(statement)] = Prepared(statement, None if columns is None else list(columns))
    return statement


class Prepared:
    def __init__(self, statement: sa.Executable, columns: list[str] | None) -> None:
        self.statement = statement  # kept, or its id would be somebody else's one day
        self.columns = columns
        self.sql = ""

    def given(self, values: Mapping[str, Any]) -> Sequence[Any]:
        """The values as the driver takes them, in the statement's order."""
        if not self.sql:
            self._compile()
        if values.keys() != self._needed:  # NULL is a value like others, and is given like others
            self._check(values.keys())
        given = self._pick({**self._constants, **values} if self._constants else values)
        return _processed(given, self._writers) if self._writers else given

    def run(self, conn: sqlite3.Connection, values: Mapping[str, Any]) -> Rows:
        given = self.given(values)
        cursor = conn.execute(self.sql, given)
        found = cursor.fetchall() if self._reads else []
        if self._readers:
            found = [_processed(row, self._readers) for row in found]
        return Rows(found, cursor.rowcount)

    def _check(self, given: Set[str]) -> None:
        if unknown := given - self._needed - self._constants.keys():
            raise ValueError(f"The statement was not prepared for {sorted(unknown)}.")
        if missing := self._needed - given:
            raise ValueError(f"The statement needs {sorted(missing)}.")

    def _compile(self) -> None:
        compiled: Any = self.statement.compile(dialect=DIALECT, column_keys=self.columns)  # type: ignore[attr-defined]
        names = tuple(compiled.positiontup or ())
        self._needed = {name for name in names if compiled.binds[name].required}
        self._constants = {name: compiled.params.get(name) for name in names if name not in self._needed}
        self._pick = _picker(names)
        processors = compiled._bind_processors
        self._writers = [(place, processors[name]) for place, name in enumerate(names) if name in processors]
        columns = compiled._result_columns
        self._reads = bool(columns)
        self._readers = [
            (place, process) for place, column in enumerate(columns) if (process := _reader(column.type)) is not None
        ]
        self.sql = str(compiled)


def _picker(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """Of values by name those of these names, in their order."""
    return itemgetter(*names) if len(names) > 1 else lambda values: [values[name] for name in names]


def _processed(row: Sequence[Any], processes: Sequence[tuple[int, Process]]) -> tuple[Any, ...]:
    """With what the driver does not know itself, JSON say, made of or into what it knows."""
    values = list(row)
    for place, process in processes:
        values[place] = process(values[place])
    return tuple(values)


def _reader(kind: Any) -> Process | None:
    found: Process | None = kind.dialect_impl(DIALECT).result_processor(DIALECT, None)
    return found


class Rows:
    """Of a result as much as our own functions ask for."""

    def __init__(self, found: Sequence[tuple[Any, ...]], rowcount: int) -> None:
        self._found, self.rowcount = found, rowcount

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self._found)

    def first(self) -> tuple[Any, ...] | None:
        return self._found[0] if self._found else None

    def scalar_one(self) -> Any:
        [row] = self._found
        return row[0]

    def scalar_one_or_none(self) -> Any:
        return self.scalar_one() if self._found else None


class Undone(Exception):
    """What was to be written together was not, not all of it: whoever began the transaction takes it back."""


class Direct:
    """Looks like the other connections to what is given one, and never waits: what it is given to runs to its end in
    one go, in the driver's thread. Statements that are not prepared are compiled each time anew."""

    dialect = DIALECT

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        # Its transactions are ours: it begins and ends none, and gives nothing back.
        engine = sa.create_engine(
            "sqlite://",
            creator=lambda: conn,
            poolclass=sa.StaticPool,
            pool_reset_on_return=None,
            hide_parameters=True,
        )
        self._other = engine.connect()
        self.gathers = self.undone = False
        self.known: dict[Any, Any] = {}
        """By what a job begins with, what was read ahead for it."""
        self._gathered: dict[Prepared, list[Sequence[Any]]] = {}
        self._changes = 0

    @property
    def changes(self) -> int:
        """How many rows were written, or are to be, since it was made."""
        return self._changes + self._conn.total_changes

    async def execute(self, statement: Any, values: Any = None) -> Any:
        if self._gathered:
            self.write_gathered()
        known = _KNOWN.get(id(statement))
        if known is None or isinstance(values, list):
            return self._other.execute(statement, values)
        return known.run(self._conn, values or {})

    def gather(self, statement: Any, values: Mapping[str, Any]) -> None:
        """To be written before anything else is done here."""
        one = _KNOWN[id(statement)]
        self._gathered.setdefault(one, []).append(one.given(values))
        self._changes += 1

    def write_gathered(self) -> None:
        """Raises Undone when one of the rows could not be written; `undone` says so to who does not hear it."""
        gathered, self._gathered, self.undone = self._gathered, {}, True
        for one, rows in gathered.items():
            for some in portions(rows):
                done = self._conn.execute(many_rows(one.sql, len(some)), list(chain.from_iterable(some)))
                self._changes -= len(some)
                if done.rowcount != len(some):
                    raise Undone
        self.undone = False

    def begin_anew(self, *, gathers: bool) -> None:
        self.gathers, self.undone, self.known, self._gathered, self._changes = gathers, False, {}, {}, 0


def read_ahead(conn: AsyncConnection, key: Any) -> Any:
    """What was read for several jobs at once, if it still holds: each takes its own, once."""
    door: object = conn
    return door.known.pop(key, None) if isinstance(door, Direct) else None


def known_of(conn: AsyncConnection, key: Any) -> Any:
    """What was read for all of them, and stays as it is: of what nobody writes meanwhile."""
    door: object = conn
    return door.known.get(key) if isinstance(door, Direct) else None


async def write_one(conn: AsyncConnection, statement: Any, values: Mapping[str, Any]) -> bool:
    """Writes one row by its key, and says whether it did. The statement is prepared, an INSERT of one row or an UPDATE.

    On a `Direct` connection that gathers it is written with those of other jobs, in one statement, before anything is
    read: each by itself gives the interpreter's lock away twice, and waits for it while the event loop is busy. If one
    of them is not written after all, all of it is done again, one by one."""
    door: object = conn
    if isinstance(door, Direct) and door.gathers:
        door.gather(statement, values)
        return True
    return bool((await conn.execute(statement, values)).rowcount)
