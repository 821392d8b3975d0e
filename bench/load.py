"""A closed loop of connections against one server on loopback: as many answers as come in some seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass


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
