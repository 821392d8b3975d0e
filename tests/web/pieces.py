"""A slow way to a server: its pages come in pieces, and are drawn as far as they have come."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2

from tests.doors import open_door
from tests.patience import PATIENCE

PIECE = 1200  # bytes
KEPT = ("content-type", "content-security-policy")
PAUSE = 0.04  # seconds, in which a browser draws what it has


@asynccontextmanager
async def in_pieces(url: str) -> AsyncIterator[str]:
    """The address under which `url` answers so: to what is read only, from this machine (cookies know no port)."""
    with open_door() as (door, port):
        server = await asyncio.start_server(lambda reader, writer: _answer(url, reader, writer), sock=door)
        async with server:
            yield f"http://127.0.0.1:{port}"


async def _answer(url: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.closing(writer), contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        named = dict(line.split(": ", 1) for line in lines if line)
        if "event-stream" in named.get("Accept", ""):
            writer.write(b"HTTP/1.1 204 None\r\nconnection: close\r\n\r\n")  # no news, and never again
            return
        asked = {name: named[name] for name in ("Cookie", "Accept", "Accept-Language", "User-Agent") if name in named}
        async with httpx2.AsyncClient(timeout=PATIENCE) as client:
            told = await client.get(url + first.split(" ")[1], headers={**asked, "Accept-Encoding": "identity"})
        kept = [f"{name}: {told.headers[name]}" for name in KEPT if name in told.headers]
        writer.write("\r\n".join((f"HTTP/1.1 {told.status_code} Said", *kept, "connection: close", "", "")).encode())
        begin = (
            max(told.content.find(b"<body"), 0) if "text/html" in told.headers["content-type"] else len(told.content)
        )
        writer.write(told.content[:begin])
        for at in range(begin, len(told.content), PIECE):
            await asyncio.sleep(PAUSE)
            writer.write(told.content[at : at + PIECE])
            await writer.drain()
