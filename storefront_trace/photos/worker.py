"""Processes beside the server: one reads strangers' pictures, so that a broken or hostile one can only break that
process, others draw status pictures and write slips, so that no page waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from asyncio import StreamReader
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import ClassVar, TypeVar

from storefront_trace.domain.errors import N_, TooMany
from storefront_trace.photos import documents, sheets, slips, wire
from storefront_trace.photos.documents import Document
from storefront_trace.photos.pictures import MAX_BYTES, PURPOSES, Crop, Processed
from storefront_trace.photos.refusals import Refused, refusal
from storefront_trace.photos.sheets import Sheet
from storefront_trace.photos.slips import Batch

log = logging.getLogger(__name__)

WALL_SECONDS = 10.0
IDLE_SECONDS = 60.0
MOST_WAITING = 8
PACKAGE_ROOT = Path(__file__).resolve().parents[2]
BUSY = N_("Many pictures are being saved right now. Wait a few seconds and try again.")


T = TypeVar("T")
Read = Callable[[StreamReader], Awaitable[T]]


class Worker:
    """Belongs to one event loop. Starts its process at the first question and ends it after a minute without one."""

    module: ClassVar[str]
    most_waiting: ClassVar[int] = MOST_WAITING
    wall_seconds: ClassVar[float] = WALL_SECONDS
    busy: ClassVar[str] = BUSY

    def __init__(self, *, wall_seconds: float | None = None, idle_seconds: float = IDLE_SECONDS) -> None:
        self._wall_seconds = wall_seconds or self.wall_seconds
        self._idle_seconds = idle_seconds
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._closed = False
        self._process: asyncio.subprocess.Process | None = None
        self._idle: asyncio.TimerHandle | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None and _usable(self._process) else None

    async def ask(self, question: bytes, read: Read[T]) -> T:
        """One question at a time. Raises TooMany when too many wait already, and what `failure` makes of a process that
        died or took too long. Cancelling ends the process; the next call starts one."""
        await self._wait_for_turn()
        try:
            return await self._answered(question, read)
        finally:
            self._turn.release()

    def failure(self, code: str) -> Exception:
        return refusal(code)

    async def close(self) -> None:
        """At once, also with a picture in hand: that call and all later ones raise RuntimeError."""
        self._closed = True
        self._kill()
        async with self._turn:  # whoever reads the answer now must stop before we drain the pipes
            await self._end()

    async def _wait_for_turn(self) -> None:
        if self._waiting >= self.most_waiting:
            raise TooMany(self.busy, retry_after=5)
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1

    async def _answered(self, question: bytes, read: Read[T]) -> T:
        try:
            return await self._asked(question, read)
        except _Died as died:
            if died.signal == signal.SIGXCPU:
                raise self.failure("heavy") from None
        # Most likely somebody else's fault (a short machine's OOM killer), so the person need not know. Once only:
        # the picture itself may be what kills it.
        try:
            return await self._asked(question, read)
        except _Died as died:
            raise self.failure("heavy" if died.signal == signal.SIGXCPU else "broken") from None

    async def _asked(self, question: bytes, read: Read[T]) -> T:
        process = await self._started()
        try:
            async with asyncio.timeout(self._wall_seconds):
                return await _conversation(process, question, read)
        except Refused as refused:
            raise self.failure(refused.code) from None
        except TimeoutError:
            await self._end()
            raise self.failure("heavy") from None
        except (asyncio.IncompleteReadError, ConnectionError):
            # Let it be reaped before _end() kills it: kill() would collect its status and the event loop lose it.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), 1)
            raise await self._death(process) from None
        except wire.Garbled:
            raise await self._death(process) from None
        except BaseException:  # cancelled in the middle: the rest of the answer would be the next caller's
            await self._end()
            raise
        finally:
            self._rest()

    async def _death(self, process: asyncio.subprocess.Process) -> Exception:
        await self._end()
        if self._closed:
            return RuntimeError("the photo worker is closed")
        log.warning("%s ended with status %s while at work", self.module, process.returncode)
        return _Died(-(process.returncode or 0))

    async def _started(self) -> asyncio.subprocess.Process:
        if self._idle is not None:
            self._idle.cancel()
        if not self._closed and (self._process is None or not _usable(self._process)):
            self._process = await _launched(self.module)
        if self._closed or self._process is None:  # perhaps while it was starting
            await self._end()
            raise RuntimeError("the photo worker is closed")
        return self._process

    def _rest(self) -> None:
        if self._process is not None:
            self._idle = asyncio.get_running_loop().call_later(self._idle_seconds, self._retire)

    def _retire(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    async def _end(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        self._kill()
        process, self._process = self._process, None
        if process is not None:
            await process.communicate()  # also closes the pipes; wait() alone leaves them to the garbage collector

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            if self._process is not None and self._process.returncode is None:
                self._process.kill()


class PhotoWorker(Worker):
    """Reads what people send."""

    module = "storefront_trace.photos.worker_main"

    async def process(self, data: bytes, purpose: str, crop: Crop | None = None) -> Processed:
        """Raises Invalid or TooLarge, which say what to do, and TooMany when eight wait already.

        `purpose` is a key of PURPOSES: ours, never the sender's.
        """
        if purpose not in PURPOSES:
            raise ValueError(f"no such purpose: {purpose}")
        if len(data) > MAX_BYTES:
            raise refusal("bytes")
        return await self.ask(wire.question(data, purpose, crop), lambda source: wire.read_answer(source, purpose))


class CardWorker(Worker):
    """Draws status pictures. Its own process, since a mail to a thousand customers must not keep staff from sending a
    photo."""

    module = "storefront_trace.photos.cards_main"
    most_waiting = 64
    wall_seconds = 30.0
    busy = N_("Many pictures are being drawn right now. Wait a few seconds and try again.")

    async def draw(self, sheet: Sheet) -> bytes:
        """A PNG. Raises TooMany when 64 wait already."""
        return await self.ask(sheets.question(sheet), sheets.read_answer)

    def failure(self, code: str) -> Exception:
        if code == "heavy":  # a machine that is too busy; our own pictures are never too heavy
            return TooMany(self.busy, retry_after=30)
        return RuntimeError(f"a status picture could not be drawn: {code}")


class SlipWorker(Worker):
    """Writes slips and labels as PDF. A day's batch takes a second or two."""

    module = "storefront_trace.photos.slips_main"
    wall_seconds = 60.0
    busy = N_("Many slips are being written right now. Wait a few seconds and try again.")

    async def write(self, batch: Batch) -> bytes:
        """A PDF. Raises TooMany when eight wait already."""
        return await self.ask(slips.question(batch), slips.read_answer)

    def failure(self, code: str) -> Exception:
        if code == "heavy":
            return TooMany(self.busy, retry_after=30)
        return RuntimeError(f"slips could not be written: {code}")


class DocumentWorker(Worker):
    """Writes a shop's papers as PDF."""

    module = "storefront_trace.photos.documents_main"
    busy = N_("Many papers are being written right now. Wait a few seconds and try again.")

    async def write(self, document: Document) -> bytes:
        """A PDF. Raises TooMany when eight wait already."""
        return await self.ask(documents.question(document), documents.read_answer)

    def failure(self, code: str) -> Exception:
        if code == "heavy":
            return TooMany(self.busy, retry_after=30)
        return RuntimeError(f"a paper could not be written: {code}")


class _Died(Exception):
    def __init__(self, signal_number: int) -> None:
        super().__init__(signal_number)
        self.signal = signal_number


async def _launched(module: str) -> asyncio.subprocess.Process:
    # A new interpreter, not a fork: the server has threads. Our environment holds the secret key: it gets its own.
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-s", "-B", "-m", module),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": str(PACKAGE_ROOT), "LANG": "C.UTF-8"},
    )


def _usable(process: asyncio.subprocess.Process) -> bool:
    return process.returncode is None and process.stdin is not None and not process.stdin.is_closing()


async def _conversation(process: asyncio.subprocess.Process, question: bytes, read: Read[T]) -> T:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(question)
    await process.stdin.drain()
    return await read(process.stdout)
