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

from storefront_trace.domain.tracked import PLAIN, TrackOrder
from storefront_trace.storage.database import Database, sqlite_pragmas
from storefront_trace.storage.tables import order, tracking_link
from storefront_trace.storage.trackquery import FROM, NESTED, PAGE, PAGE_VERSION, PAGES, VERSION, Compiled, compiled

# One turn of the thread reads at most so many pages, so that the first of them do not wait for the last.
BATCH = 32
MOST_CHANGED = 1000
# In a file with a million orders a page takes half as long with them; in a small one they take no memory.
LARGE = ("mmap_size=2147418112", "cache_size=-64000")


class PageVersion(NamedTuple):
    """What a rendered page hangs on; it is stale when one of them has moved."""

    shop_id: str
    order_id: str
    version: int
    generation: int
    revoked_at: int | None


class _Batches:
    """One thread with one connection. While it reads, what is asked for gathers, and is read in its next turn."""

    def __init__(self, path: str) -> None:
        self._conn = _connect(path)
        self._query = compiled(PAGES, for_sqlite=True)
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
    for pragma in (*sqlite_pragmas(query_only=True), *LARGE):
        conn.execute(f"PRAGMA {pragma}")
    return conn


class TrackReader:
    """Open it once per process. On SQLite it holds two connections that cannot write."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._page = compiled(PAGE, for_sqlite=db.sqlite)
        self._version = compiled(VERSION, for_sqlite=db.sqlite)
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
        """The orders' versions by token hash, for some hundreds at once; a token that is not there is left out."""
        query = sa.select(tracking_link.c.token_hash, PAGE_VERSION).select_from(FROM)
        return await self._versions(query.where(tracking_link.c.token_hash.in_(token_hashes)))

    async def changed(self, shop_ids: set[str], since: int) -> dict[str, int]:
        """The versions, by token hash, of orders that were recorded as changed since then, the newest of them at
        most: who misses one must ask for it by name."""
        newest = (
            sa.select(order.c.shop_id, order.c.id, PAGE_VERSION)
            .where(order.c.shop_id.in_(sorted(shop_ids)), order.c.updated_at >= since)
            .order_by(order.c.updated_at.desc())
            .limit(MOST_CHANGED)
            .subquery()
        )
        links = sa.and_(tracking_link.c.shop_id == newest.c.shop_id, tracking_link.c.order_id == newest.c.id)
        query = sa.select(tracking_link.c.token_hash, newest.c.version)
        return await self._versions(query.select_from(newest.join(tracking_link, links)))

    async def _versions(self, query: sa.Select[Any]) -> dict[str, int]:
        async with self._db.read() as conn:
            return {row[0]: row[1] for row in await conn.execute(query)}

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

    async def _postgresql_row(self, query: Compiled, token_hash: str) -> Any:
        async with self._db.read() as conn:
            raw = await conn.get_raw_connection()
            assert raw.driver_connection is not None
            return await raw.driver_connection.fetchrow(query.sql, *query.values(token_hash))


def _order(row: Any) -> TrackOrder:
    """From a row of columns, where what is nested is text still, or from one that was JSON as a whole."""
    plain = row[:PLAIN]
    nested = [
        [kind(*item) for item in (json.loads(found) if isinstance(found, str) else found)]
        for (kind, _), found in zip(NESTED.values(), row[PLAIN:], strict=True)
    ]
    whole = TrackOrder(*plain, *nested)
    for things in (whole.lines, whole.parcels):
        things.sort(key=lambda one: one.position)  # parcels are numbered as they came, and keys say nothing of that
    return whole
