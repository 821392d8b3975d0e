"""The fast lane: a page that is kept, and still right, is answered before anything else is built for the request."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qs

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from storefront_trace.domain.clock import now_micros
from storefront_trace.web.customer.cache import KeptPage
from storefront_trace.web.languages import choose, spoken

PREFIX = "/t/"
LENGTH = len(PREFIX) + 43
MOST_READ = 200
NO_BODY = b""


class Ask(NamedTuple):
    """The headers that an answer from the cache hangs on."""

    host: bytes
    language: bytes
    encoding: bytes
    match: bytes


def ask_of(scope: Scope) -> Ask:
    host = language = encoding = match = b""
    for name, value in scope["headers"]:
        if name == b"host":
            host = value
        elif name == b"accept-language":
            language = value
        elif name == b"accept-encoding":
            encoding = value
        elif name == b"if-none-match":
            match = value
    return Ask(host, language, encoding, match)


def page_key(query: bytes, accept: bytes) -> str:
    """What the page's language hangs on before the order is known; visitors with the same answer share a page. No more
    is read of what a stranger sends than is kept of it."""
    return _page_key(query[:MOST_READ], accept[:MOST_READ])


def asked_language(query: bytes) -> str | None:
    """`?lang=`, read in the one way that the key of a kept page is made of."""
    return parse_qs(query[:MOST_READ].decode("latin-1")).get("lang", [None])[0] if query else None


@lru_cache(maxsize=1000)
def _page_key(query: bytes, accept: bytes) -> str:
    asked = asked_language(query)
    header = accept.decode("latin-1")
    if spoken(asked):
        return f" {spoken(asked)}?"  # its links ask for that language, too
    first, second = choose(asked, header, "sv"), choose(asked, header, "en")
    return f" {first}" if first == second else " -"


class KeptPages:
    """Outermost of all. Whatever is not a page known to be right goes the whole way."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and len(scope["path"]) == LENGTH and scope["path"].startswith(PREFIX):
            asked = ask_of(scope)
            page = _kept(scope, asked)
            if page is not None:
                scope["app"].state.visits.note(page, scope, now_micros())
                await answer(page, asked, scope["method"], send)
                return
        await self.app(scope, receive, send)


def _kept(scope: Scope, asked: Ask) -> KeptPage | None:
    if scope["method"] not in ("GET", "HEAD"):
        return None
    state = scope["app"].state
    key = (scope["path"][len(PREFIX) :], "html" + page_key(scope["query_string"], asked.language))
    page: KeptPage | None = state.page_cache.get(key)
    if page is None or page.seen is None or page.host != asked.host or now_micros() >= page.until:
        return None
    return page if page.seen == state.reader.data_version() else None


async def answer(page: KeptPage, asked: Ask, method: str, send: Send) -> None:
    status = 200
    if asked.match and page.etag in asked.match:
        status, headers, body = 304, page.headers, NO_BODY
    else:
        headers, body = page.packed() if b"gzip" in asked.encoding else page.plain()
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": NO_BODY if method == "HEAD" else body})


class Prepared(Response):
    """An answer whose bytes are ready: nothing is built but the two messages."""

    def __init__(self, page: KeptPage, asked: Ask) -> None:
        self.status_code = 200
        self.background = None
        self.page, self._asked = page, asked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await answer(self.page, self._asked, scope["method"], send)
