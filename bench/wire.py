"""A slow 4G between a browser and a server: for what the browser's own throttling does not reach, its workers.

Bytes come half of LATENCY_MS later and no faster than DOWN and UP, over all connections together; a new connection
costs two ways there and back, as with TLS 1.3.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bench.phone import DOWN, LATENCY_MS, UP

PIECE = 1460
AHEAD = 64
HANDSHAKES = 2
Pieces = asyncio.Queue[tuple[float, bytes]]


@dataclass
class Lane:
    """One direction, shared by all connections."""

    bytes_per_second: float
    free_at: float = 0

    def due(self, size: int) -> float:
        """When so many bytes have come through, by the loop's clock."""
        now = asyncio.get_running_loop().time()
        self.free_at = max(self.free_at, now) + size / self.bytes_per_second
        return self.free_at + LATENCY_MS / 2000


@dataclass
class SlowWire:
    """While `brings` is not set connections are made and nothing comes over them, as at the far end of a hall."""

    to: int
    port: int = 0
    up: bool = True
    brings: asyncio.Event = field(default_factory=asyncio.Event)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[SlowWire]:
        self._up, self._down = Lane(UP), Lane(DOWN)
        self.brings.set()
        async with await asyncio.start_server(self._called, "127.0.0.1", self.port) as server:
            self.port = server.sockets[0].getsockname()[1]
            yield self
            self.cut()

    def cut(self) -> None:
        """Ends every connection, and refuses new ones until `up` is set again."""
        self.up = False
        for one in list(self._open):
            one.transport.abort()

    async def _called(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.up:
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection("127.0.0.1", self.to)
        both = {writer, back}
        self._open |= both
        try:
            await asyncio.sleep(HANDSHAKES * LATENCY_MS / 1000)
            async with asyncio.TaskGroup() as group:
                for source, target, lane in ((reader, back, self._up), (there, writer, self._down)):
                    pieces: Pieces = asyncio.Queue(AHEAD)
                    group.create_task(self._take(source, pieces, lane))
                    group.create_task(self._bring(pieces, target))
        except* (OSError, asyncio.CancelledError):  # the browser has gone, or the bench is over
            pass
        finally:
            self._open -= both
            for one in both:
                one.transport.abort()

    async def _take(self, reader: asyncio.StreamReader, pieces: Pieces, lane: Lane) -> None:
        while data := await reader.read(PIECE):
            await pieces.put((lane.due(len(data)), data))
        await pieces.put((lane.due(0), b""))

    async def _bring(self, pieces: Pieces, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due, data = await pieces.get()
            await asyncio.sleep(due - loop.time())
            await self.brings.wait()
            if not data:
                raise ConnectionResetError
            writer.write(data)
            await writer.drain()
