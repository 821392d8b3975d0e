"""The page behind the link that a customer receives, and the same facts as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.errors import NotFound
from storefront_trace.domain.links import looks_like_token, token_hash
from storefront_trace.domain.moments import from_micros, next_midnight, to_micros
from storefront_trace.domain.shop import Cast
from storefront_trace.domain.timeline import TrackOrder
from storefront_trace.storage.trackread import PageVersion
from storefront_trace.web.customer.cache import KeptPage
from storefront_trace.web.customer.facts import track_facts
from storefront_trace.web.customer.view import track_page
from storefront_trace.web.languages import choose
from storefront_trace.web.limits import visitor

# One text for a link that never was, has expired or was revoked: the difference is nobody's business.
NO_ORDER = "There is no order behind this link. It may be misspelt, or too old."
Render = Callable[[Request, TrackOrder, Cast, str, str, int], bytes]


async def show_order(request: Request) -> Response:
    return await _answer(request, "html", b"text/html; charset=utf-8", _render_page)


async def show_facts(request: Request) -> Response:
    return await _answer(request, "json", b"application/json", _render_facts)


async def open_order(request: Request) -> tuple[TrackOrder, Cast]:
    """The order behind the token, with its shop's cast; a dead link raises NotFound like one that never was."""
    hashed = _hashed(request)
    found = await request.app.state.reader.order(hashed)
    if found is None or found.revoked_at is not None:
        raise missed(request)
    async with request.app.state.desk.db.read() as conn:
        cast = await request.app.state.desk.casts.get(conn, found.shop_id)
    if _ended(found, cast, now_micros()):
        raise missed(request)
    return found, cast


def missed(request: Request) -> NotFound:
    """Counts the miss: who guesses tokens is slowed down."""
    request.app.state.limits.hit("token-miss", visitor(request))
    return NotFound(NO_ORDER)


def link_end(order: TrackOrder, cast: Cast) -> int | None:
    """When the link dies: some time after the order came home, or ended otherwise."""
    if order.delivered_at is not None:
        return order.delivered_at + cast.shop.link_days * DAY
    return order.updated_at + cast.shop.link_days * DAY if order.state in ("cancelled", "returned") else None


async def _answer(request: Request, form: str, kind: bytes, render: Render) -> Response:
    token = request.path_params["token"]
    asked = choose_key(request)
    key = (token, f"{form} {asked}")
    state = request.app.state
    page = state.page_cache.get(key)
    now = now_micros()
    seen = state.reader.data_version()
    if page is not None and now < page.until:
        if page.seen is not None and page.seen == seen:
            return Prepared(page, request)
        if await state.reader.version(_hashed(request)) == page.stands:
            page.seen = seen
            return Prepared(page, request)
    page = await _made(request, token, form, kind, render, now, seen)
    state.page_cache.put(key, page)
    return Prepared(page, request)


async def _made(
    request: Request, token: str, form: str, kind: bytes, render: Render, now: int, seen: int | None
) -> KeptPage:
    order, cast = await _read(request)
    language = choose(
        request.query_params.get("lang"),
        request.headers.get("accept-language", ""),
        order.locale,
        cast.shop.locale,
    )
    body = render(request, order, cast, token, language, now)
    stands = PageVersion(order.shop_id, order.id, order.version, order.generation, order.revoked_at)
    until = _until(order, cast, now)
    etag = f'W/"{order.version}.{order.generation}.{until // 1_000_000:x}.{form}.{language}"'.encode()
    headers = [
        (b"content-type", kind),
        (b"cache-control", b"private, no-cache"),
        (b"vary", b"Accept-Encoding, Accept-Language"),
        (b"content-language", language.encode()),
        (b"etag", etag),
    ]
    return KeptPage(stands, until, etag, body, headers, seen)


async def _read(request: Request) -> tuple[TrackOrder, Cast]:
    """Like `open_order`, with the cast that is already here when its generation is the one just read."""
    found = await request.app.state.reader.order(_hashed(request))
    if found is None or found.revoked_at is not None:
        raise missed(request)
    desk = request.app.state.desk
    cast = desk.casts.at_generation(found.shop_id, found.generation)
    if cast is None:
        async with desk.db.read() as conn:
            cast = await desk.casts.get(conn, found.shop_id)
    if _ended(found, cast, now_micros()):
        raise missed(request)
    return found, cast


def choose_key(request: Request) -> str:
    """What the language hangs on before the order is known: two visitors with the same answer share a page."""
    asked = request.query_params.get("lang") if request.scope["query_string"] else None
    return choose(asked, request.headers.get("accept-language", ""), None) if _asks(request, asked) else ""


def _asks(request: Request, asked: str | None) -> bool:
    """Whether this visitor says anything about languages that we have."""
    accept = request.headers.get("accept-language", "")
    return choose(asked, accept, "sv") == choose(asked, accept, "en")


def _hashed(request: Request) -> str:
    token = request.path_params["token"]
    if not looks_like_token(token):
        raise missed(request)
    return token_hash(token)


def _ended(order: TrackOrder, cast: Cast, now: int) -> bool:
    end = link_end(order, cast)
    return end is not None and now >= end


def _until(order: TrackOrder, cast: Cast, now: int) -> int:
    turns = [to_micros(next_midnight(from_micros(now), cast.shop.zone))]
    end = link_end(order, cast)
    if end is not None:
        turns.append(end)
    if order.delivered_at is not None:
        turns.append(order.delivered_at + cast.shop.fade_days * DAY)
    # An answer can be edited for two weeks; the page then stops offering it.
    turns += [said.created_at + 14 * DAY for said in order.feedback]
    return min(turn for turn in turns if turn > now)


def _render_page(request: Request, order: TrackOrder, cast: Cast, token: str, language: str, now: int) -> bytes:
    template = request.app.state.pages.template(language, "customer/track.html")
    text: str = template.render({"page": track_page(order, cast, token, language, now)})
    return text.encode()


def _render_facts(request: Request, order: TrackOrder, cast: Cast, token: str, language: str, now: int) -> bytes:
    public = request.app.state.settings.public_url
    facts: dict[str, Any] = track_facts(order, cast, token, language, now, public)
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()


class Prepared(Response):
    """An answer whose bytes are ready: nothing is built but the two messages."""

    def __init__(self, page: KeptPage, request: Request) -> None:
        self.status_code = 200
        self.background = None
        self._body = page.body
        self._out = page.headers
        asked = accepts = b""
        for name, value in request.scope["headers"]:
            if name == b"if-none-match":
                asked = value
            elif name == b"accept-encoding":
                accepts = value
        if asked and page.etag in asked:
            self.status_code, self._body = 304, b""
        elif b"gzip" in accepts:
            self._body = page.gzipped()
            self._out = [*page.headers, (b"content-encoding", b"gzip")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = self._out
        if self.status_code == 200:
            headers = [*headers, (b"content-length", str(len(self._body)).encode())]
        await send({"type": "http.response.start", "status": self.status_code, "headers": headers})
        body = b"" if scope["method"] == "HEAD" else self._body
        await send({"type": "http.response.body", "body": body})
