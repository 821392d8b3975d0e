"""Opens the database. `read()` and `write()` are the only doors.

Measured traps that this file is for: with SQLAlchemy's and aiosqlite's defaults, four tasks that read and then write
kept 15 of 60 increments without an error; a deferred transaction that turns into a writing one fails at once with
SQLITE_BUSY_SNAPSHOT, whatever the timeout; SQLite before 3.51.3 can lose rows when two connections checkpoint at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError as DatabaseError
from sqlalchemy.ext.asyncio import AsyncConnection as Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storefront_trace.storage.together import Ahead, Found, Job, Together
from storefront_trace.storage.veil import veil

__all__ = ["Ahead", "Connection", "Database", "DatabaseError", "Job", "sqlite_is_affected"]

READERS = 4
# Of the log, after which a commit brings it into the file: what is written together does so earlier, after its answers.
LONGEST_LOG = "wal_autocheckpoint=4000"


# Told whether it is certain that nothing was kept: when the commit itself fails, the answer may be all that was lost.
Undo = Callable[[bool], Awaitable[None]]


class Database:
    """Two doors to one database. On SQLite all writing goes through one connection, which waits for its turn."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.sqlite = make_url(url).get_backend_name() == "sqlite"
        self._threads: ThreadPoolExecutor | None = None
        self._look: sqlite3.Connection | None = None
        self._undos: dict[int, list[Undo]] = {}
        self._written = Together(self._in_writers_thread, "BEGIN IMMEDIATE")
        self._looked = Together(self._in_readers_thread, "BEGIN")
        if self.sqlite:
            self._writer = _sqlite_engine(url, "BEGIN IMMEDIATE", size=1, query_only=False)
            self._reader = _sqlite_engine(url, "BEGIN", size=READERS, query_only=True)
        else:
            self._writer = self._reader = create_async_engine(
                url, pool_size=10, max_overflow=10, pool_timeout=20, hide_parameters=True
            )

    @property
    def path(self) -> str | None:
        return make_url(self.url).database if self.sqlite else None

    async def close(self) -> None:
        await self._written.close()
        await self._looked.close()
        if self._threads is not None:
            self._threads.shutdown()
        if self._look is not None:
            self._look.close()
        await self._reader.dispose()
        await self._writer.dispose()

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[Connection]:
        """A consistent view; on SQLite the connection refuses to write."""
        async with self._reader.connect() as conn:
            yield conn

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[Connection]:
        """One transaction, committed on leaving, rolled back on any error or cancellation.

        On SQLite it holds the write lock from its first line, so what it reads cannot go stale: keep slow work
        (pictures, network, hashing passwords) outside. On PostgreSQL lock the rows you read before you change them.
        """
        undos: list[Undo] = []
        certain = True
        try:
            async with self._writer.connect() as conn:
                self._undos[id(conn)] = undos
                try:
                    async with conn.begin():
                        with veil(False):
                            yield conn
                        certain = False
                finally:
                    del self._undos[id(conn)]
        except BaseException:
            for undo in undos:
                await undo(certain)
            raise

    def when_undone(self, conn: Connection, undo: Undo) -> None:
        """What to do outside of the database when the `write` that gave this connection is rolled back. After it, so
        that it waits for nobody; it must not raise."""
        if (undos := self._undos.get(id(conn))) is not None:
            undos.append(undo)

    async def write_together(self, job: Job[Found], ahead: Ahead | None = None) -> Found:
        """As `write`, in one transaction with what others ask for at the same time: for what comes often and is small.

        The job is given the connection and waits for nothing else; on SQLite it runs in another thread. What it raises
        undoes its own work alone. What it begins with is read `ahead`, for all of them at once.
        """
        if self.sqlite:
            return await self._written.do(job, ahead)
        async with self.write() as conn:
            return await job(conn)

    async def read_together(self, job: Job[Found], ahead: Ahead | None = None) -> Found:
        """As `read`, in one turn of a thread with what others ask for at the same time. The same rules as above."""
        if self.sqlite:
            return await self._looked.do(job, ahead)
        async with self.read() as conn:
            return await job(conn)

    async def _in_writers_thread(self, work: Callable[[sqlite3.Connection], list[Any]]) -> list[Any]:
        """On the one connection that writes, when its turn has come."""
        async with self._writer.connect() as conn:
            driver: Any = (await conn.get_raw_connection()).driver_connection
            done: list[Any] = await driver._execute(work, driver._conn)
            return done

    async def _in_readers_thread(self, work: Callable[[sqlite3.Connection], list[Any]]) -> list[Any]:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(1, "reader")
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._with_reader, work)

    def _with_reader(self, work: Callable[[sqlite3.Connection], list[Any]]) -> list[Any]:
        if self._look is None:
            assert self.path is not None
            conn = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
            for pragma in sqlite_pragmas(query_only=True):
                conn.execute(f"PRAGMA {pragma}")
            self._look = conn
        return work(self._look)

    async def forget_freed_pages(self) -> None:
        """Writes an SQLite file anew: what was erased still stands in its free pages and in the log until then. On the
        connection that writes, for two that checkpoint at once can lose rows; who writes meanwhile waits, some seconds
        where there are many orders. PostgreSQL does it by itself in time."""

        def rewrite(conn: sqlite3.Connection) -> list[Any]:
            conn.execute("VACUUM")
            return conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

        if self.sqlite:
            await self._in_writers_thread(rewrite)

    async def is_alive(self) -> bool:
        async with self.read() as conn:
            return bool((await conn.execute(sa.text("SELECT 1"))).scalar_one())


def _sqlite_engine(url: str, begin: str, *, size: int, query_only: bool) -> AsyncEngine:
    # Parameters are names, addresses and hashes of tokens: errors, which end in logs, must not carry them.
    engine = create_async_engine(url, pool_size=size, max_overflow=0, pool_timeout=20, hide_parameters=True)

    def prepare(dbapi: Any, _record: Any) -> None:
        dbapi.isolation_level = None  # SQLAlchemy, not the driver, says when a transaction begins
        cursor = dbapi.cursor()
        for pragma in (*sqlite_pragmas(query_only=query_only), LONGEST_LOG):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def start(conn: sa.Connection) -> None:
        conn.exec_driver_sql(begin)

    sa.event.listen(engine.sync_engine, "connect", prepare)
    sa.event.listen(engine.sync_engine, "begin", start)
    return engine


def sqlite_pragmas(*, query_only: bool) -> tuple[str, ...]:
    return (
        "busy_timeout=5000",
        "journal_mode=WAL",
        "synchronous=FULL",  # NORMAL may take back committed rows when the power goes: a 2xx would then be a lie
        "foreign_keys=ON",
        "mmap_size=268435456",
        "cache_size=-16000",
        f"query_only={'ON' if query_only else 'OFF'}",
    )


def sqlite_is_affected(version: str = sqlite3.sqlite_version) -> bool:
    """Whether this SQLite has the WAL-reset race (3.7.0 to 3.51.2, mended in 3.51.3, 3.50.7 and 3.44.6)."""
    found = tuple(int(part) for part in version.split("."))
    mended = found >= (3, 51, 3) or (3, 50, 7) <= found < (3, 51) or (3, 44, 6) <= found < (3, 45)
    return not mended
