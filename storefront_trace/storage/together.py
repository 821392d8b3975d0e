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

SQLite keeps a copy of each page that a statement of many rows changes, should one of the rows be refused. From 64 KiB
on that goes into a file of its own, which was a sixth of the writer's time: while a batch is at work it is memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection as Connection

from storefront_trace.storage.prepared import Direct, Undone

Found = TypeVar("Found")
Job = Callable[[Connection], Awaitable[Found]]
Work = Callable[[Callable[[sqlite3.Connection], list[Any]]], Awaitable[list[Any]]]
# So that the first of a batch need not wait for the last of very many; and with twice as many people at it, one half is
# written while the event loop answers the other.
MOST = 32
# Jobs whose rows SQLite may want to copy into a file: fewer need none.
MANY = 4
# Until somebody else may have the connection.
BATCHES = 4
# Changed rows between two checkpoints: of logged steps some thousand pages, as many as SQLite waits for by itself.
WORTH_A_CHECKPOINT = 200


class Ahead(NamedTuple):
    """What a job begins with: `read` finds it for those of many jobs at once, by their keys. Whoever writes what it
    reads names the same key, or none."""

    read: Callable[[Connection, Sequence[Any]], Awaitable[dict[Any, Any]]]
    key: Hashable


class Asked(NamedTuple):
    job: Job[Any]
    ahead: Ahead | None
    answer: asyncio.Future[Any]


class Together:
    """`work` runs a function in the driver's thread with its connection; `begin` is how a transaction starts."""

    def __init__(self, work: Work, begin: str) -> None:
        self._work, self._begin = work, begin
        self._asked: deque[Asked] = deque()
        self._at_work: list[Asked] = []
        self._turns: asyncio.Task[None] | None = None
        self._direct: tuple[sqlite3.Connection, Direct] | None = None
        self._changed = 0

    async def do(self, job: Job[Found], ahead: Ahead | None = None) -> Found:
        """The job may wait for nothing but its connection. Cancelled, it may still be done."""
        answer: asyncio.Future[Found] = asyncio.get_running_loop().create_future()
        self._asked.append(Asked(job, ahead, answer))
        if self._turns is None:
            self._turns = asyncio.create_task(self._take_turns())
        return await answer

    async def close(self) -> None:
        if self._turns is not None:
            await self._turns

    async def _take_turns(self) -> None:
        turn = partial(self._take_some, asyncio.get_running_loop())
        try:
            while self._asked:
                try:
                    await self._work(turn)
                except Exception as error:
                    batch = self._at_work or self._next_batch()
                    _settle(batch, [error] * len(batch))
        finally:
            # However it ended, nobody waits for ever, and who asks next begins anew.
            left, self._at_work, self._turns = [*self._at_work, *self._asked], [], None
            self._asked.clear()
            for one in left:
                one.answer.cancel()

    def _take_some(self, loop: asyncio.AbstractEventLoop, conn: sqlite3.Connection) -> list[Any]:
        """In the driver's thread, which does not wait for the event loop between two batches: that is busy with the
        answers to the one before."""
        in_memory = False
        try:
            for _ in range(BATCHES):
                self._at_work = batch = self._next_batch()
                if not batch:
                    break
                if len(batch) >= MANY and not in_memory:
                    in_memory = bool(conn.execute("PRAGMA temp_store=MEMORY"))
                self._do_batch(loop, conn, batch)
        finally:  # what else is done here, a VACUUM say, may be larger than the machine's memory
            if in_memory:
                conn.execute("PRAGMA temp_store=DEFAULT")
        return []

    def _do_batch(self, loop: asyncio.AbstractEventLoop, conn: sqlite3.Connection, batch: list[Asked]) -> None:
        try:
            done = self._run(conn, batch)
        except Exception as error:
            done = [error] * len(batch)
        loop.call_soon_threadsafe(_settle, batch, done)
        self._at_work = []
        if self._changed >= WORTH_A_CHECKPOINT:
            self._changed = 0
            with contextlib.suppress(sqlite3.Error):  # who writes next is told what is wrong
                _checkpoint(conn)

    def _next_batch(self) -> list[Asked]:
        return [self._asked.popleft() for _ in range(min(MOST, len(self._asked)))]

    def _run(self, conn: sqlite3.Connection, batch: list[Asked]) -> list[Any]:
        """Of each job what it found, or the error that it ended with."""
        if self._direct is None or self._direct[0] is not conn:
            self._direct = conn, Direct(conn)
        door, before = self._direct[1], conn.total_changes
        try:
            done = _do_plainly(conn, door, self._begin, batch)
            if done is None:
                door.begin_anew(gathers=False)
                conn.execute(self._begin)
                done = [_do_apart(conn, door, one.job) for one in batch]
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


def _settle(batch: list[Asked], done: Sequence[Any]) -> None:
    for one, found in zip(batch, done, strict=True):
        if one.answer.done():  # who asked has gone
            continue
        if isinstance(found, BaseException):
            one.answer.set_exception(found)
        else:
            one.answer.set_result(found)


def _do_plainly(conn: sqlite3.Connection, door: Direct, begin: str, batch: list[Asked]) -> list[Any] | None:
    """None, and nothing done, when one of them failed after it had written something."""
    door.begin_anew(gathers=True)
    conn.execute(begin)
    door.known = _read_ahead(door, [one.ahead for one in batch if one.ahead is not None])
    done, failed = [], False
    for one in batch:
        before = door.changes
        try:
            done.append(_finished(one.job(_open(door))))
        except Exception as error:
            if not conn.in_transaction:  # a full disk ends the transaction, and all that was in it
                raise
            failed = door.changes != before
            done.append(_told(error) if isinstance(error, sqlite3.Error) else error)
        if failed or door.undone:
            break
        _forget(door, one, wrote=door.changes != before)
    if not (failed or door.undone or not _all_written(conn, door)):
        return done
    conn.execute("ROLLBACK")
    return None


def _read_ahead(door: Direct, asked: list[Ahead]) -> dict[Any, Any]:
    """In one go what several jobs of the same kind begin with."""
    found: dict[Any, Any] = {}
    for read in {one.read for one in asked}:
        keys = list(dict.fromkeys(one.key for one in asked if one.read is read))
        if len(keys) > 1:
            with contextlib.suppress(
                ValueError, sqlite3.Error
            ):  # then each reads for itself, and is told what is wrong
                found |= _finished(read(_open(door), keys))
    return found


def _forget(door: Direct, one: Asked, *, wrote: bool) -> None:
    """What was read ahead and may have changed since."""
    if one.ahead is not None:
        door.known.pop(one.ahead.key, None)
    elif wrote:
        door.known.clear()


def _all_written(conn: sqlite3.Connection, door: Direct) -> bool:
    try:
        door.write_gathered()
    except (sqlite3.Error, Undone):
        if not conn.in_transaction:
            raise
        return False
    return True


def _do_apart(conn: sqlite3.Connection, door: Direct, job: Job[Any]) -> Any:
    conn.execute("SAVEPOINT job")
    try:
        found = _finished(job(_open(door)))
    except Exception as error:
        if not conn.in_transaction:
            raise
        conn.execute("ROLLBACK TO job")
        found = _told(error) if isinstance(error, sqlite3.Error) else error
    conn.execute("RELEASE job")
    return found


def _open(door: Direct) -> Connection:
    """As it looks to jobs."""
    return cast(Connection, door)


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
