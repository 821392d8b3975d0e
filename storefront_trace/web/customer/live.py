"""`/t/{token}/live`: tells open pages that there is something new. It carries the version; the page fetches itself.

One watcher per process looks whether anything was committed (on SQLite PRAGMA data_version, some microseconds) and only
then asks for the versions of orders that somebody is looking at. So a step logged by another process is seen as well,
and nothing has to be sent between processes.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from storefront_trace.domain.errors import TooMany
from storefront_trace.domain.links import token_hash
from storefront_trace.storage.trackread import TrackReader
from storefront_trace.web.customer.track import open_order

LOOK_EVERY = 0.2
LOOK_EVERY_ASKING = 0.5  # where each look is a query
AFTER_TROUBLE = 2.0
HEARTBEAT = 20.0
SLOW = 10.0
MOST_VIEWERS = 10_000
MOST_PER_ORDER = 200
log = structlog.get_logger()


class LiveHub:
    """Who is looking at which order in this process, and the newest version known of it."""

    def __init__(self) -> None:
        self._viewers: dict[str, set[Viewer]] = {}
        self._versions: dict[str, int] = {}
        self.count = 0

    def join(self, hashed: str, version: int, viewer: Viewer) -> None:
        if self.count >= MOST_VIEWERS or len(self._viewers.get(hashed, ())) >= MOST_PER_ORDER:
            raise TooMany("Many people are looking just now. The page works without live news.", retry_after=30)
        self._viewers.setdefault(hashed, set()).add(viewer)
        self._versions[hashed] = max(version, self._versions.get(hashed, 0))
        self.count += 1

    def leave(self, hashed: str, viewer: Viewer) -> None:
        viewers = self._viewers.get(hashed, set())
        if viewer in viewers:
            viewers.discard(viewer)
            self.count -= 1
        if not viewers:
            self._viewers.pop(hashed, None)
            self._versions.pop(hashed, None)

    def tell(self, hashed: str, version: int) -> None:
        if hashed in self._viewers and version > self._versions[hashed]:
            self._versions[hashed] = version
            message = _event(version)
            for viewer in self._viewers[hashed]:
                viewer.put(message)

    def watched(self) -> list[str]:
        return list(self._viewers)

    def end(self) -> None:
        for viewers in self._viewers.values():
            for viewer in viewers:
                viewer.put(None)


class Viewer:
    """A mailbox for one message: versions only grow, so the newest one is all that a slow reader needs."""

    def __init__(self) -> None:
        self._message: bytes | None = b""
        self._there = asyncio.Event()

    def put(self, message: bytes | None) -> None:
        self._message = message
        self._there.set()

    async def get(self, seconds: float) -> bytes | None:
        """The newest message, a heartbeat after so long without one, or None at the end."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._there.wait(), seconds)
            self._there.clear()
            return self._message
        return b":\n\n"


async def watch(app: Starlette, stop: asyncio.Event) -> None:
    """Runs beside the requests until `stop`; ends every stream at once then.

    A database that does not answer for a while must not end it: the next look catches up, and nobody misses a state.
    """
    hub, reader = app.state.live, app.state.reader
    seen: int | None = None
    while not stop.is_set():
        pause = LOOK_EVERY if reader.data_version_known else LOOK_EVERY_ASKING
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)
        try:
            seen = await look(hub, reader, seen)
        except Exception as error:
            log.warning("live news wait", kind=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), AFTER_TROUBLE)
    hub.end()


async def look(hub: LiveHub, reader: TrackReader, seen: int | None) -> int | None:
    """Tells the viewers what is new since the commit numbered `seen`; returns the number of the newest."""
    watched = hub.watched()
    if not watched:
        return None
    now = reader.data_version()
    if now is None or now != seen:
        for hashed, version in (await reader.versions(watched)).items():
            hub.tell(hashed, version)
    return now


async def show_live(request: Request) -> Response:
    order, _ = await open_order(request)
    known = _number(request.headers.get("last-event-id") or request.query_params.get("since"))
    viewer = Viewer()
    hashed = token_hash(request.path_params["token"])
    request.app.state.live.join(hashed, order.version, viewer)
    if known is not None and known < order.version:
        viewer.put(_event(order.version))
    return Stream(request.app.state.live, hashed, viewer)


class Stream(Response):
    """Sends what is in the viewer's mailbox until the viewer goes, is too slow to take it, or the server stops."""

    def __init__(self, hub: LiveHub, hashed: str, viewer: Viewer) -> None:
        self.background = None
        self._hub, self._hashed, self._viewer = hub, hashed, viewer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        gone = asyncio.create_task(_gone(receive))
        writing = asyncio.create_task(self._write(send))
        try:
            await asyncio.wait({gone, writing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._hub.leave(self._hashed, self._viewer)
            for task in (gone, writing):
                task.cancel()
            await asyncio.gather(gone, writing, return_exceptions=True)

    async def _write(self, send: Send) -> None:
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        # Browsers that lose us come back at different times, not all in one second.
        await _send(send, f"retry: {random.randint(1000, 10000)}\n\n".encode())
        while (message := await self._viewer.get(HEARTBEAT)) is not None:
            await _send(send, message)
        await send({"type": "http.response.body", "body": b""})


async def _send(send: Send, body: bytes) -> None:
    message: Message = {"type": "http.response.body", "body": body, "more_body": True}
    await asyncio.wait_for(send(message), SLOW)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _event(version: int) -> bytes:
    return f'event: update\nid: {version}\ndata: {{"version":{version}}}\n\n'.encode()


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else None
