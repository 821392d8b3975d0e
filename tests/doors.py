"""Ports of this machine's own, for servers that the tests start."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

# Below those that the system gives to whoever asks for any: it would give ours away before the server opens its door.
FIRST, LAST = 10_000, 30_000
NUMBERS = count(os.getpid() * 37)


@contextmanager
def open_door() -> Iterator[tuple[socket.socket, int]]:
    """Somebody listens from now on: who comes before the server is ready waits, and nobody else gets the port."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield door, door.getsockname()[1]


def free_port() -> int:
    """For a process that opens its door itself."""
    while True:
        port = FIRST + next(NUMBERS) % (LAST - FIRST)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
