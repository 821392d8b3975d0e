"""A closed loop of connections against one server on loopback: as many answers as come in some seconds."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Result:
    requests: int
    seconds: float
    bad: int

    @property
    def rps(self) -> float:
        return self.requests / self.seconds


class _Client(asyncio.Protocol):
    """One keep-alive connection. It reads only what it must: the status, the length, and that the body has come."""

    def __init__(self, run: _Run) -> None:
        self.run = run
        self.left = 0
        self.head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        self.transport.write(next(self.run.requests))  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        if self.left == 0:
            self.head += data
            end = self.head.find(b"\r\n\r\n")
            if end < 0:
                return
            head, data, self.head = self.head[:end].lower(), self.head[end + 4 :], b""
            self.run.bad += not head.startswith(b"http/1.1 200")
            start = head.index(b"content-length:") + 15
            self.left = int(head[start : (head.find(b"\r\n", start) + 1 or len(head) + 1) - 1])
        self.left -= len(data)
        if self.left <= 0:
            self.left = 0
            self.run.answered()
            if not self.run.over:
                self.ask()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.run.over:
            self.run.bad += 1


class _Run:
    def __init__(self, requests: Iterator[bytes]) -> None:
        self.requests = requests
        self.count = self.bad = 0
        self.over = False

    def answered(self) -> None:
        self.count += 1


async def load(port: int, paths: Iterator[str], *, connections: int, seconds: float) -> Result:
    """`paths` must not end before the time does."""
    headers = f"Host: 127.0.0.1:{port}\r\nAccept-Language: sv\r\nAccept: text/html\r\n\r\n"
    run = _Run(f"GET {path} HTTP/1.1\r\n{headers}".encode() for path in paths)
    loop = asyncio.get_running_loop()
    clients = [await loop.create_connection(lambda: _Client(run), "127.0.0.1", port) for _ in range(connections)]
    started, before = loop.time(), run.count
    await asyncio.sleep(seconds)
    counted, took = run.count - before, loop.time() - started
    run.over = True
    for transport, _ in clients:
        transport.close()
    await asyncio.sleep(0.05)
    return Result(counted, took, run.bad)


@dataclass
class Posts:
    """Answers to POSTs and how long each took, in seconds."""

    seconds: float = 0.0
    good: int = 0
    bad: int = 0
    first_bad: bytes = b""
    times: list[float] = field(default_factory=list)

    @property
    def rps(self) -> float:
        return len(self.times) / self.seconds

    def percentile(self, share: int) -> float:
        """In milliseconds, the nearest rank."""
        return sorted(self.times)[max(0, math.ceil(len(self.times) * share / 100) - 1)] * 1000

    def add(self, took: float, head: bytes) -> None:
        """Only a redirect says that a step was logged."""
        self.times.append(took)
        if head.startswith(b"HTTP/1.1 303"):
            self.good += 1
        else:
            self.bad += 1
            self.first_bad = self.first_bad or head[:80]


async def post_in_a_loop(port: int, requests: Iterator[bytes], *, connections: int, seconds: float) -> Posts:
    """Each connection sends its next request when the one before is answered."""
    found, loop = Posts(), asyncio.get_running_loop()
    started = loop.time()

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (sent := loop.time()) - started < seconds:
            head = await _post(reader, writer, next(requests))
            found.add(loop.time() - sent, head)
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    found.seconds = loop.time() - started
    return found


async def post_at_rate(port: int, requests: Iterator[bytes], *, rate: int, connections: int, seconds: float) -> Posts:
    """An open loop: request n is due after n / rate seconds, whether those before are answered or not. Its time counts
    from when it was due, so that a server that stalls is not spared the requests that waited for it."""
    found, loop = Posts(), asyncio.get_running_loop()
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(connections):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    started = loop.time()

    async def one(due: float) -> None:
        reader, writer = await free.get()
        head = await _post(reader, writer, next(requests))
        found.add(loop.time() - due, head)
        free.put_nowait((reader, writer))

    running = []
    for n in range(int(rate * seconds)):
        due = started + n / rate
        await asyncio.sleep(max(0.0, due - loop.time()))
        running.append(asyncio.create_task(one(due)))
    await asyncio.gather(*running)
    found.seconds = loop.time() - started
    while not free.empty():
        free.get_nowait()[1].close()
    return found


async def _post(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> bytes:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    start = lower.index(b"content-length:") + 15
    await reader.readexactly(int(lower[start : lower.index(b"\r\n", start)]))
    return head
