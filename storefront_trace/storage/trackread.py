"""The hot read: everything a tracking page shows, as one row of one statement, run on the driver's own connection.

The statement is written with the tables like every other and compiled once. Going through SQLAlchemy's async layer for
each page was measured at a third of the throughput, and on SQLite one thread hop for each page costs twice what the
query costs: so pages that are asked for at the same time are read in one hop. A second connection answers on the event
loop's own thread, in some microseconds, whether anything at all has been committed since a page was made (PRAGMA
data_version).
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from storefront_trace.domain.timeline import (
    TrackEvent,
    TrackFeedback,
    TrackLine,
    TrackOrder,
    TrackParcel,
    TrackReply,
)
from storefront_trace.storage.database import Database, sqlite_pragmas
from storefront_trace.storage.tables import event, feedback, line, order, parcel, reply, shop, tracking_link

# One turn of the thread reads at most so many pages, so that the first of them do not wait for the last.
BATCH = 16
MOST_VERSIONS = 500


class _row(GenericFunction[str]):
    """One JSON array of its arguments."""

    inherit_cache = True
    type = sa.Text()


class _rows(GenericFunction[str]):
    """A JSON array with one element per row; "[]" for none."""

    inherit_cache = True
    type = sa.Text()


class _json(GenericFunction[str]):
    """A column of JSON as JSON: on SQLite it is stored as text."""

    inherit_cache = True
    type = sa.Text()


@compiles(_json, "sqlite")
def _json_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"json({compiler.process(element.clauses, **kw)})"


@compiles(_json, "postgresql")
def _json_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return str(compiler.process(element.clauses, **kw))


@compiles(_row, "sqlite")
def _row_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"json_array({compiler.process(element.clauses, **kw)})"


@compiles(_row, "postgresql")
def _row_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"json_build_array({compiler.process(element.clauses, **kw)})"


@compiles(_rows, "sqlite")
def _rows_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **kw)})"


@compiles(_rows, "postgresql")
def _rows_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"coalesce(json_agg({compiler.process(element.clauses, **kw)}), '[]')::text"


class PageVersion(NamedTuple):
    """What a rendered page hangs on; it is stale when one of them has moved."""

    shop_id: str
    order_id: str
    version: int
    generation: int
    revoked_at: int | None


_PLAIN = TrackOrder._fields[3:22]
_NESTED: dict[str, tuple[type[Any], sa.Table]] = {
    "events": (TrackEvent, event),
    "lines": (TrackLine, line),
    "parcels": (TrackParcel, parcel),
    "feedback": (TrackFeedback, feedback),
    "replies": (TrackReply, reply),
}
_HASH = sa.bindparam("token_hash", "", type_=sa.String)


def _column(table: sa.Table, name: str) -> sa.ColumnElement[Any]:
    column = table.c[name]
    return _json(column) if isinstance(column.type, sa.JSON) else column


def _nested(kind: type[Any], table: sa.Table) -> sa.ScalarSelect[Any]:
    mine = [table.c.shop_id == order.c.shop_id, table.c.order_id == order.c.id]
    if table is event:
        mine.append(table.c.kind.in_(("step", "correction")))
    columns = [_column(table, name) for name in kind._fields]
    return sa.select(_rows(_row(*columns))).where(*mine).correlate(order).scalar_subquery()


_FROM = tracking_link.join(
    order, sa.and_(order.c.shop_id == tracking_link.c.shop_id, order.c.id == tracking_link.c.order_id)
).join(shop, shop.c.id == tracking_link.c.shop_id)
_PAGE = (
    sa.select(
        tracking_link.c.shop_id,
        shop.c.generation,
        tracking_link.c.revoked_at,
        *(order.c[name] for name in _PLAIN),
        *(_nested(*both).label(name) for name, both in _NESTED.items()),
    )
    .select_from(_FROM)
    .where(tracking_link.c.token_hash == _HASH)
)
# The same for several tokens as one JSON text: for each row that a thread steps to it waits for the interpreter lock,
# up to 5 ms while the event loop is busy rendering. So a batch is one row.
_HASHES = sa.bindparam("token_hash", "", type_=sa.String)
_PAGES = (
    sa.select(
        _rows(
            _row(
                tracking_link.c.token_hash,
                tracking_link.c.shop_id,
                shop.c.generation,
                tracking_link.c.revoked_at,
                *(order.c[name] for name in _PLAIN),
                *(_json(_nested(*both)) for both in _NESTED.values()),
            )
        )
    )
    .select_from(_FROM)
    .where(tracking_link.c.token_hash.in_(sa.select(sa.func.json_each(_HASHES).table_valued("value").c.value)))
)
_VERSION = (
    sa.select(
        tracking_link.c.shop_id,
        tracking_link.c.order_id,
        order.c.version,
        shop.c.generation,
        tracking_link.c.revoked_at,
    )
    .select_from(_FROM)
    .where(tracking_link.c.token_hash == _HASH)
)


class _Compiled:
    """A statement in the driver's own words, with its constants in place and room for the token's hash."""

    def __init__(self, statement: sa.Select[Any], for_sqlite: bool) -> None:
        dialect = sqlite.dialect() if for_sqlite else postgresql.asyncpg.dialect()  # type: ignore[no-untyped-call]
        compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        self.sql = str(compiled)
        names = list(compiled.positiontup or ())
        self._values = [self._constant(compiled, name) for name in names]
        self._place = names.index("token_hash")

    def _constant(self, compiled: Any, name: str) -> Any:
        process = compiled._bind_processors.get(name)
        return process(compiled.params[name]) if process else compiled.params[name]

    def values(self, token_hash: str) -> list[Any]:
        values = self._values.copy()
        values[self._place] = token_hash
        return values


class _Batches:
    """One thread with one connection. While it reads, what is asked for gathers, and is read in its next turn."""

    def __init__(self, path: str) -> None:
        self._conn = _connect(path)
        self._query = _Compiled(_PAGES, for_sqlite=True)
        self._thread = ThreadPoolExecutor(1, "trackread")
        self._asked: list[tuple[str, asyncio.Future[Any]]] = []
        self._turn: asyncio.Task[None] | None = None

    async def row(self, token_hash: str) -> Any:
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._asked.append((token_hash, answer))
        if self._turn is None:
            self._turn = asyncio.create_task(self._work())
        return await answer

    async def close(self) -> None:
        if self._turn is not None:
            await self._turn
        self._thread.shutdown()
        self._conn.close()

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._asked:
            batch, self._asked = self._asked[:BATCH], self._asked[BATCH:]
            hashes = json.dumps([token_hash for token_hash, _ in batch])
            try:
                text = await loop.run_in_executor(self._thread, self._read, hashes)
            except Exception as error:
                for _, answer in batch:
                    if not answer.done():
                        answer.set_exception(error)
                continue
            rows = {row[0]: row[1:] for row in json.loads(text)}
            for token_hash, answer in batch:
                if not answer.done():  # done: who asked has gone
                    answer.set_result(rows.get(token_hash))
        self._turn = None

    def _read(self, hashes: str) -> str:
        text: str = self._conn.execute(self._query.sql, self._query.values(hashes)).fetchone()[0]
        return text


def _connect(path: str) -> sqlite3.Connection:
    conn = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in sqlite_pragmas(query_only=True):
        conn.execute(f"PRAGMA {pragma}")
    return conn


class TrackReader:
    """Open it once per process. On SQLite it holds two connections that cannot write."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._page = _Compiled(_PAGE, db.sqlite)
        self._version = _Compiled(_VERSION, db.sqlite)
        self._batches: _Batches | None = None
        self._sync: sqlite3.Connection | None = None

    async def open(self) -> None:
        if self._db.path is None:
            return
        self._sync = _connect(self._db.path)
        self._batches = _Batches(self._db.path)

    async def close(self) -> None:
        if self._batches is not None:
            await self._batches.close()
        if self._sync is not None:
            self._sync.close()

    def data_version(self) -> int | None:
        """A number that moves with every commit of anybody else; None where the database has no such thing."""
        if self._sync is None:
            return None
        return int(self._sync.execute("PRAGMA data_version").fetchone()[0])

    @property
    def data_version_known(self) -> bool:
        return self._sync is not None

    async def versions(self, token_hashes: list[str]) -> dict[str, int]:
        """The orders' versions by token hash, for many at once; a token that is not there is left out."""
        found: dict[str, int] = {}
        for first in range(0, len(token_hashes), MOST_VERSIONS):
            some = token_hashes[first : first + MOST_VERSIONS]
            query = sa.select(tracking_link.c.token_hash, order.c.version).select_from(_FROM)
            async with self._db.read() as conn:
                rows = await conn.execute(query.where(tracking_link.c.token_hash.in_(some)))
                found.update((row.token_hash, row.version) for row in rows)
        return found

    async def version(self, token_hash: str) -> PageVersion | None:
        """None for a token that is not there. Some 15 µs on SQLite, on the event loop's own thread."""
        if self._sync is not None:
            row = self._sync.execute(self._version.sql, self._version.values(token_hash)).fetchone()
        else:
            row = await self._postgresql_row(self._version, token_hash)
        return PageVersion(*row) if row else None

    async def order(self, token_hash: str) -> TrackOrder | None:
        """None for a token that is not there; a revoked link is found, with `revoked_at`."""
        if self._batches is not None:
            row = await self._batches.row(token_hash)
        else:
            row = await self._postgresql_row(self._page, token_hash)
        return _order(row) if row else None

    async def _postgresql_row(self, query: _Compiled, token_hash: str) -> Any:
        async with self._db.read() as conn:
            raw = await conn.get_raw_connection()
            assert raw.driver_connection is not None
            return await raw.driver_connection.fetchrow(query.sql, *query.values(token_hash))


def _order(row: Any) -> TrackOrder:
    """From a row of columns, where what is nested is text still, or from one that was JSON as a whole."""
    plain = row[:22]
    nested = [
        [kind(*item) for item in (json.loads(found) if isinstance(found, str) else found)]
        for (kind, _), found in zip(_NESTED.values(), row[22:], strict=True)
    ]
    whole = TrackOrder(*plain, *nested)
    for things in (whole.lines, whole.parcels):
        things.sort(key=lambda one: one.position)  # parcels are numbered as they came, and keys say nothing of that
    return whole
