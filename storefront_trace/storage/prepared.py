"""Statements that are compiled once, and a connection that runs them on the driver itself.

Building a statement, finding it among those compiled before and crossing to the driver's thread was measured at some
1.2 ms of the event loop for each of the fifteen statements that logging a step needs, where SQLite itself takes ten
microseconds. A statement given to `prepared` runs anywhere; on a `Direct` connection it costs next to nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from operator import itemgetter
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

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

    def run(self, conn: sqlite3.Connection, values: Mapping[str, Any]) -> Rows:
        if not self.sql:
            self._compile()
        if values.keys() != self._needed:  # NULL is a value like others, and is given like others
            self._check(values.keys())
        given = self._pick({**self._constants, **values} if self._constants else values)
        if self._writers:
            given = _processed(given, self._writers)
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

    async def execute(self, statement: Any, values: Any = None) -> Any:
        known = _KNOWN.get(id(statement))
        if known is None or isinstance(values, list):
            return self._other.execute(statement, values)
        return known.run(self._conn, values or {})
