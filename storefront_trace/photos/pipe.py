"""What the processes that draw pictures and write paper have in common: how each is asked, how it answers, its limits.

question: length, JSON, then what the JSON says follows
answer:   length, the file. Nothing at all when it could not be made: then the process has ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import struct
import sys
from asyncio import StreamReader
from collections.abc import Callable
from typing import Any, BinaryIO, TypeVar

from storefront_trace.photos.wire import Garbled

Asked = TypeVar("Asked")
LENGTH = struct.Struct(">I")
ADDRESS_SPACE = 1 << 30


def framed(data: bytes) -> bytes:
    return LENGTH.pack(len(data)) + data


def read_head(source: BinaryIO) -> dict[str, Any] | None:
    """None at the end of the pipe."""
    size = source.read(LENGTH.size)
    if len(size) < LENGTH.size:
        return None
    told: dict[str, Any] = json.loads(source.read(*LENGTH.unpack(size)))
    return told


async def read_file(source: StreamReader, starts: bytes, most: int) -> bytes:
    """Raises IncompleteReadError when the other side has died, Garbled when it does not keep to this page."""
    (length,) = LENGTH.unpack(await source.readexactly(LENGTH.size))
    if not 0 < length <= most:
        raise Garbled("impossible size")
    data = await source.readexactly(length)
    if not data.startswith(starts):
        raise Garbled(f"does not start with {starts!r}")
    return data


def answer_all(read: Callable[[BinaryIO], Asked | None], make: Callable[[Asked], bytes]) -> None:
    """A whole process's work: what is asked on stdin is answered on stdout, until stdin ends. What it needs from
    files should have been read before: memory is limited from here on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal reaches us too; the server tells us by EOF
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core would hold a person's picture
    os.nice(5)  # this may wait, a page may not
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while (asked := read(source)) is not None:
        sink.write(framed(make(asked)))
        sink.flush()
