"""`/t/{token}/live`: tells open pages that there is something new. It carries the version; the page fetches itself.

Thousands look at the same time, so a viewer is one task that waits for its visitor to go, and a place for one message.
What is new is found by `web/customer/watch.py`.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from contextlib import suppress
from itertools import cycle

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from storefront_trace.domain.errors import TooMany
from storefront_trace.domain.links import token_hash
from storefront_trace.web.customer.track import missed, open_order

MOST_VIEWERS = 10_000
MOST_PER_ORDER = 200
BEATS = 20
# A page that hears nothing for some beats knows that its connection is dead, which a browser alone finds out much
# later: after a laptop's sleep, say. A comment would be heard by the proxies only.
BEAT = b"event: beat\ndata:\n\n"
END = b""
KEPT = ("type", "method", "http_version", "client", "path", "query_string", "viewer", "app")
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class Viewer:
    """One open page. Telling it never waits: versions only grow, so the newest is all that a slow reader needs."""

    __slots__ = ("_message", "_send", "_sending", "beat", "hashed", "shop_id", "version")

    def __init__(self, shop_id: str, hashed: str, version: int) -> None:
        """`version` is the one that the page shows."""
        self.shop_id, self.hashed, self.version = shop_id, hashed, version
        self.beat = 0
        self._message: bytes | None = None
        self._send: Send | None = None
        self._sending: asyncio.Task[None] | None = None

    def tell(self, version: int, message: bytes) -> None:
        if version > self.version:
            self.version = version
            self.put(message)

    def put(self, message: bytes) -> None:
        """END ends the stream, and nothing comes after it."""
        if self._message == END or (message == BEAT and self._message is not None):
            return
        self._message = message
        if self._send is not None and self._sending is None:
            self._sending = asyncio.create_task(self._work(self._send))

    async def open(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        # Browsers that lose us come back at different times, not all in one second.
        first = f"retry: {random.randint(1000, 10000)}\n\n".encode()
        await send({"type": "http.response.body", "body": first, "more_body": True})

    def begin(self, send: Send) -> None:
        """With the server's own `send`: the handler's is wrapped in all that stands around it."""
        self._send = send
        if self._message is not None:
            self._sending = asyncio.create_task(self._work(send))

    def close(self) -> None:
        if self._sending is not None:
            self._sending.cancel()

    async def _work(self, send: Send) -> None:
        """Until nothing is waiting. Who does not read is waited for here, and by nobody else; see serve.py for how
        long."""
        with suppress(Exception):  # who cannot be written to has gone, which `receive` says as well
            while self._message is not None:
                message, self._message = self._message, None
                await send({"type": "http.response.body", "body": message, "more_body": message != END})
                if message == END:
                    self._message = END
                    return
        self._sending = None


class LiveHub:
    """Who is looking at which order in this process."""

    def __init__(self) -> None:
        self._viewers: dict[str, set[Viewer]] = {}
        self._beats: list[set[Viewer]] = [set() for _ in range(BEATS)]
        self._turns: Iterator[int] = cycle(range(BEATS))
        self._ended = False
        self.count = 0

    def join(self, viewer: Viewer) -> None:
        if self.count >= MOST_VIEWERS or len(self._viewers.get(viewer.hashed, ())) >= MOST_PER_ORDER:
            raise TooMany("Many people are looking just now. The page works without live news.", retry_after=30)
        self._viewers.setdefault(viewer.hashed, set()).add(viewer)
        viewer.beat = min(range(BEATS), key=lambda place: len(self._beats[place]))
        self._beats[viewer.beat].add(viewer)
        self.count += 1
        if self._ended:
            viewer.put(END)

    def leave(self, viewer: Viewer) -> None:
        viewers = self._viewers.get(viewer.hashed, set())
        if viewer in viewers:
            viewers.discard(viewer)
            self._beats[viewer.beat].discard(viewer)
            self.count -= 1
        if not viewers:
            self._viewers.pop(viewer.hashed, None)
        viewer.close()

    def tell(self, hashed: str, version: int) -> None:
        message = event(version)
        for viewer in self._viewers.get(hashed, ()):
            viewer.tell(version, message)

    def watched(self) -> list[str]:
        return list(self._viewers)

    def shops(self) -> set[str]:
        return {viewer.shop_id for viewers in self._viewers.values() for viewer in viewers}

    def beat(self) -> None:
        """To a twentieth of the viewers each time, so that the requests between have room."""
        for viewer in self._beats[next(self._turns)]:
            viewer.put(BEAT)

    def end(self) -> None:
        """Ends every stream, and those that are opened afterwards."""
        self._ended = True
        for viewers in self._viewers.values():
            for viewer in viewers:
                viewer.put(END)


class Stream(Response):
    """Only begins: the rest is `Streams`' work."""

    def __init__(self, viewer: Viewer) -> None:
        self.background = None
        self._viewer = viewer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["viewer"] = self._viewer
        await self._viewer.open(send)


class Streams:
    """Outermost of all. Here a stream waits until its viewer goes or the server stops: were it in the handler, whatever
    stands around that would be kept for each of thousands of viewers, which is half of what one costs."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
            if "viewer" in scope:
                scope["headers"].clear()
                _forget(scope)
                scope["viewer"].begin(send)
                while (await receive())["type"] != "http.disconnect":
                    pass
        finally:
            if "viewer" in scope:
                scope["app"].state.live.leave(scope["viewer"])


def _forget(scope: Scope) -> None:
    """What a request brings and gathers on its way weighs more than its viewer. The server itself asks for some of it
    with each message that it sends."""
    kept = {name: scope[name] for name in KEPT if name in scope}
    scope.clear()
    scope.update(kept)


async def show_live(request: Request) -> Response:
    order, _ = await open_order(request)
    known = _number(request.headers.get("last-event-id") or request.query_params.get("since"))
    hub: LiveHub = request.app.state.live
    viewer = Viewer(order.shop_id, token_hash(request.path_params["token"]), order.version if known is None else known)
    hub.join(viewer)
    try:
        # Once more: what came between the reading and the joining, nobody else would tell.
        now = await request.app.state.reader.version(viewer.hashed)
        if now is None:
            raise missed(request)
    except BaseException:
        hub.leave(viewer)
        raise
    viewer.tell(now.version, event(now.version))
    return Stream(viewer)


def event(version: int) -> bytes:
    return f'event: update\nid: {version}\ndata: {{"version":{version}}}\n\n'.encode()


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else None
