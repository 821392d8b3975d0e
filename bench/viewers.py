"""The other end of the live streams, in a process of its own: `python bench/viewers.py PORT SLOW < paths`.

Opens a page and then its stream, as browsers do, per path it reads from stdin, then SLOW more which never take a byte.
Says on stdout, one JSON array each, what happened: ["held", how many answered, seconds], ["update", path, id, when] and
["ended", how many, when]. `when` is CLOCK_MONOTONIC, which the processes of one machine share.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import time

import uvloop

AT_ONCE = 100
LARGE = "/static/any/fonts/inter-5.3.0-latin-ext.woff2"
LIKE_A_BROWSER = """\
Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r
Accept-Encoding: gzip, deflate, br, zstd\r
Accept-Language: sv-SE,sv;q=0.9,en;q=0.8\r
User-Agent: Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile\r
Sec-Fetch-Site: same-origin\r
Sec-Fetch-Mode: cors\r
Sec-Fetch-Dest: empty\r
"""


class Viewer(asyncio.Protocol):
    """Opens the page, then the stream on the same connection, and reads events."""

    open = 0
    held = 0

    def __init__(self, port: int, path: str) -> None:
        self.path = path
        self.answered = asyncio.Event()
        self._headers = f" HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{LIKE_A_BROWSER}\r\n".encode()
        self._read = b""
        self._page: int | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        Viewer.open += 1
        self._transport = transport
        self._ask(self.path.split("/live")[0])

    def _ask(self, path: str) -> None:
        self._transport.write(b"GET " + path.encode() + self._headers)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self._read += data
        if self._page is None and b"\r\n\r\n" in self._read:
            head, self._read = self._read.split(b"\r\n\r\n", 1)
            self._page = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        if self._page:
            if len(self._read) < self._page:
                return
            self._page, self._read = 0, b""
            self._ask(self.path)
        if not self.answered.is_set() and b"retry:" in self._read:
            Viewer.held += self._read.startswith(b"HTTP/1.1 200")
            self.answered.set()
        while b"\n\n" in self._read:
            event, self._read = self._read.split(b"\n\n", 1)
            if b"event: update" in event:
                number = int(event.split(b"id: ")[1].split(b"\n")[0])
                tell("update", self.path, number, time.monotonic())

    def connection_lost(self, error: Exception | None) -> None:
        Viewer.open -= 1
        self.answered.set()
        if not Viewer.open:
            tell("ended", Viewer.held, time.monotonic())


def tell(*what: object) -> None:
    print(json.dumps(what), flush=True)


async def hold(port: int, slow: int, paths: list[str]) -> None:
    loop = asyncio.get_running_loop()
    started = time.monotonic()
    for first in range(0, len(paths), AT_ONCE):
        opened = [
            await loop.create_connection(lambda path=path: Viewer(port, path), "127.0.0.1", port)  # type: ignore[misc]
            for path in paths[first : first + AT_ONCE]
        ]
        async with asyncio.timeout(30):
            await asyncio.gather(*(viewer.answered.wait() for _, viewer in opened))
    deaf = [unread(port, paths[place % len(paths)], full=place % 2 == 0) for place in range(slow)]
    tell("held", Viewer.held, time.monotonic() - started)
    while await loop.run_in_executor(None, sys.stdin.readline):
        pass
    for one in deaf:
        one.close()


def unread(port: int, path: str, *, full: bool) -> socket.socket:
    """Asks, and never reads. `full`: has asked for so much before, on the same connection, that nothing more fits."""
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    one.connect(("127.0.0.1", port))
    for asked in [LARGE] * (15 if full else 0) + [path]:
        one.sendall(f"GET {asked} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    return one


if __name__ == "__main__":
    wanted = iter(sys.stdin.readline, "\n")  # an empty line ends the list; the end of stdin ends everything
    uvloop.run(hold(int(sys.argv[1]), int(sys.argv[2]), [line.strip() for line in wanted]))
