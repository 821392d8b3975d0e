"""Work of many requests in one turn of the driver's thread, and in one transaction.

A commit waits for the disk, and each crossing to the thread for the event loop: done one by one, 64 people logged 160
steps a second; SQLite's own limit is some thousands. While one batch is at work what is asked for gathers, and is done
in the next. A job that is refused takes nothing with it. It is answered when the whole batch is on the disk.

Jobs look before they write: one that is refused has nearly always written nothing, so there is nothing to undo. Only
when one fails in the middle of its writing is the batch taken back and done again, each job with a savepoint of its
own: with one, SQLite keeps a copy of each page that the job changes, which was a sixth of what logging a step cost.

Now and then the log's pages go into the file itself, which takes as long as several batches. SQLite does that within
the commit that makes the log long enough: everybody in it waited. Here it is done once they have their answers, while
the event loop writes these and reads what is asked next. In this thread still: two that do it at once can lose rows.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection as Connection

from storefront_trace.storage.prepared import Direct

Found = TypeVar("Found")
Job = Callable[[Connection], Awaitable[Found]]
Work = Callable[[Callable[[sqlite3.Connection], list[Any]]], Awaitable[list[Any]]]
# So that the first of a batch need not wait for the last of very many.
MOST = 64
# Changed rows between two checkpoints: of logged steps some thousand pages, as many as SQLite waits for by itself.
WORTH_A_CHECKPOINT = 200


class Together:
    """`work` runs a function in the driver's thread with its connection; `begin` is how a transaction starts."""

    def __init__(self, work: Work, begin: str) -> None:
        self._work, self._begin = work, begin
        self._asked: list[tuple[Job[Any], asyncio.Future[Any]]] = []
        self._turns: asyncio.Task[None] | None = None
        self._direct: tuple[sqlite3.Connection, Direct] | None = None
        self._changed = 0

    async def do(self, job: Job[Found]) -> Found:
        """The job may wait for nothing but its connection. Cancelled, it may still be done."""
        answer: asyncio.Future[Found] = asyncio.get_running_loop().create_future()
        self._asked.append((job, answer))
        if self._turns is None:
            self._turns = asyncio.create_task(self._take_turns())
        return await answer

    async def close(self) -> None:
        if self._turns is not None:
            await self._turns

    async def _take_turns(self) -> None:
        batch: list[tuple[Job[Any], asyncio.Future[Any]]] = []
        try:
            while self._asked:
                batch, self._asked = self._asked[:MOST], self._asked[MOST:]
                try:
                    done = await self._work(lambda conn, jobs=batch: self._run(conn, [job for job, _ in jobs]))  # type: ignore[misc]
                except Exception as error:
                    done = [error] * len(batch)
                for (_, answer), found in zip(batch, done, strict=True):
                    _settle(answer, found)
                batch = []
                if self._changed >= WORTH_A_CHECKPOINT:
                    self._changed = 0
                    with contextlib.suppress(Exception):  # who writes next is told what is wrong
                        await self._work(_checkpoint)
        finally:
            # However it ended, nobody waits for ever, and who asks next begins anew.
            left, self._asked, self._turns = [*batch, *self._asked], [], None
            for _, answer in left:
                answer.cancel()

    def _run(self, conn: sqlite3.Connection, jobs: list[Job[Any]]) -> list[Any]:
        """Of each job what it found, or the error that it ended with."""
        if self._direct is None or self._direct[0] is not conn:
            self._direct = conn, Direct(conn)
        door, before = cast(Connection, self._direct[1]), conn.total_changes
        try:
            done = _do_plainly(conn, door, self._begin, jobs)
            if done is None:
                conn.execute(self._begin)
                done = [_do_apart(conn, door, job) for job in jobs]
            conn.execute("COMMIT")
        except sqlite3.Error as error:
            raise _told(error) from None
        finally:
            if conn.in_transaction:
                conn.execute("ROLLBACK")
            self._changed += conn.total_changes - before
        return done


def _checkpoint(conn: sqlite3.Connection) -> list[Any]:
    return conn.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def _settle(answer: asyncio.Future[Any], found: Any) -> None:
    if answer.done():  # who asked has gone
        return
    if isinstance(found, BaseException):
        answer.set_exception(found)
    else:
        answer.set_result(found)


def _do_plainly(conn: sqlite3.Connection, door: Connection, begin: str, jobs: list[Job[Any]]) -> list[Any] | None:
    """None, and nothing done, when one of them failed after it had written something."""
    conn.execute(begin)
    done = []
    for job in jobs:
        before = conn.total_changes
        try:
            done.append(_finished(job(door)))
        except Exception as error:
            if not conn.in_transaction:  # a full disk ends the transaction, and all that was in it
                raise
            if conn.total_changes != before:
                conn.execute("ROLLBACK")
                return None
            done.append(_told(error) if isinstance(error, sqlite3.Error) else error)
    return done


def _do_apart(conn: sqlite3.Connection, door: Connection, job: Job[Any]) -> Any:
    conn.execute("SAVEPOINT job")
    try:
        found = _finished(job(door))
    except Exception as error:
        if not conn.in_transaction:
            raise
        conn.execute("ROLLBACK TO job")
        found = _told(error) if isinstance(error, sqlite3.Error) else error
    conn.execute("RELEASE job")
    return found


def _finished(work: Awaitable[Any]) -> Any:
    """Runs it to its end without an event loop: nothing that it may wait for waits."""
    steps = work.__await__()
    try:
        next(steps)
    except StopIteration as end:
        return end.value
    raise RuntimeError("A job waited for something else than its connection.")


def _told(error: sqlite3.Error) -> sa.exc.DBAPIError:
    """As the other connections tell it, and from where; without the values, which are people's names and addresses."""
    kind = sa.exc.IntegrityError if isinstance(error, sqlite3.IntegrityError) else sa.exc.OperationalError
    return kind("(of a batch)", None, error, hide_parameters=True).with_traceback(error.__traceback__)
