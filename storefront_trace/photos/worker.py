"""One process beside the server that reads pictures, so that a broken or hostile one can only break that process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from pathlib import Path

from storefront_trace.domain.errors import N_, TooMany
from storefront_trace.photos import wire
from storefront_trace.photos.pictures import MAX_BYTES, PURPOSES, Processed
from storefront_trace.photos.refusals import Refused, refusal

log = logging.getLogger(__name__)

WALL_SECONDS = 10.0
IDLE_SECONDS = 60.0
MOST_WAITING = 8
PACKAGE_ROOT = Path(__file__).resolve().parents[2]
BUSY = N_("Many pictures are being saved right now. Wait a few seconds and try again.")


class PhotoWorker:
    """Belongs to one event loop. Starts its process at the first picture and ends it after a minute without one."""

    def __init__(self, *, wall_seconds: float = WALL_SECONDS, idle_seconds: float = IDLE_SECONDS) -> None:
        self._wall_seconds = wall_seconds
        self._idle_seconds = idle_seconds
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._closed = False
        self._process: asyncio.subprocess.Process | None = None
        self._idle: asyncio.TimerHandle | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None and _usable(self._process) else None

    async def process(self, data: bytes, purpose: str) -> Processed:
        """One picture at a time. Raises Invalid or TooLarge, which say what to do, and TooMany when eight wait already.

        `purpose` is a key of PURPOSES: ours, never the sender's. Cancelling ends the process; the next call starts one.
        """
        if purpose not in PURPOSES:
            raise ValueError(f"no such purpose: {purpose}")
        if len(data) > MAX_BYTES:
            raise refusal("bytes")
        await self._wait_for_turn()
        try:
            return await self._processed(data, purpose)
        finally:
            self._turn.release()

    async def close(self) -> None:
        """At once, also with a picture in hand: that call and all later ones raise RuntimeError."""
        self._closed = True
        self._kill()
        async with self._turn:  # whoever reads the answer now must stop before we drain the pipes
            await self._end()

    async def _wait_for_turn(self) -> None:
        if self._waiting >= MOST_WAITING:
            raise TooMany(BUSY, retry_after=5)
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1

    async def _processed(self, data: bytes, purpose: str) -> Processed:
        try:
            return await self._asked(data, purpose)
        except _Died as died:
            if died.signal == signal.SIGXCPU:
                raise refusal("heavy") from None
        # Most likely somebody else's fault (a short machine's OOM killer), so the person need not know. Once only:
        # the picture itself may be what kills it.
        try:
            return await self._asked(data, purpose)
        except _Died as died:
            raise refusal("heavy" if died.signal == signal.SIGXCPU else "broken") from None

    async def _asked(self, data: bytes, purpose: str) -> Processed:
        process = await self._started()
        try:
            async with asyncio.timeout(self._wall_seconds):
                return await _conversation(process, data, purpose)
        except Refused as refused:
            raise refusal(refused.code) from None
        except TimeoutError:
            await self._end()
            raise refusal("heavy") from None
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
        log.warning("photo worker ended with status %s while reading a picture", process.returncode)
        return _Died(-(process.returncode or 0))

    async def _started(self) -> asyncio.subprocess.Process:
        if self._idle is not None:
            self._idle.cancel()
        if not self._closed and (self._process is None or not _usable(self._process)):
            self._process = await _launched()
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


class _Died(Exception):
    def __init__(self, signal_number: int) -> None:
        super().__init__(signal_number)
        self.signal = signal_number


async def _launched() -> asyncio.subprocess.Process:
    # A new interpreter, not a fork: the server has threads. Our environment holds the secret key: it gets its own.
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-s", "-B", "-m", "storefront_trace.photos.worker_main"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"PYTHONPATH": str(PACKAGE_ROOT), "LANG": "C.UTF-8"},
    )


def _usable(process: asyncio.subprocess.Process) -> bool:
    return process.returncode is None and process.stdin is not None and not process.stdin.is_closing()


async def _conversation(process: asyncio.subprocess.Process, data: bytes, purpose: str) -> Processed:
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(wire.question(data, purpose))
    await process.stdin.drain()
    return await wire.read_answer(process.stdout, purpose)
