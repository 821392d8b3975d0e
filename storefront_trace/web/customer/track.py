"""The page behind the link that a customer receives, and the same facts as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.domain.calendar import closes_next
from storefront_trace.domain.clock import MINUTE, now_micros
from storefront_trace.domain.errors import N_, NotFound
from storefront_trace.domain.feedback import shares_at
from storefront_trace.domain.lifetimes import asked_until, edit_ends_at, link_ends_at, names_fade_at
from storefront_trace.domain.links import looks_like_token, token_hash
from storefront_trace.domain.moments import from_micros, next_midnight, to_micros
from storefront_trace.domain.orders import FINAL_STATES, SHIPPED
from storefront_trace.domain.shop import Cast
from storefront_trace.domain.tracked import TrackOrder
from storefront_trace.storage.trackread import PageVersion
from storefront_trace.web.customer.around import page_html
from storefront_trace.web.customer.cache import KeptPage
from storefront_trace.web.customer.facts import track_facts
from storefront_trace.web.customer.kept import Ask, Prepared, ask_of, asked_language, page_key
from storefront_trace.web.customer.notice import is_sample
from storefront_trace.web.customer.view import track_page
from storefront_trace.web.customer.words import words_for
from storefront_trace.web.errors import Opened
from storefront_trace.web.languages import choose, spoken
from storefront_trace.web.limits import visitor

# One text for a link that never was, has expired or was revoked: the difference is nobody's business.
QUARTER = 15 * MINUTE
NO_ORDER = N_("There is no order behind this link. It may be misspelt, or too old.")
Render = Callable[[Request, TrackOrder, Cast, str, str, int], bytes]


async def show_order(request: Request) -> Response:
    answer = await answer_kept(request, "html", b"text/html; charset=utf-8", _render_page)
    request.app.state.visits.note(answer.page, request.scope, now_micros())
    return answer


async def show_facts(request: Request) -> Response:
    return await answer_kept(request, "json", b"application/json", _render_facts)


async def open_order(request: Request) -> tuple[TrackOrder, Cast]:
    """The order behind the token, with its shop's cast: the one already here when its generation is the one just read.
    A dead link raises NotFound like one that never was."""
    found = await request.app.state.reader.order(hashed(request))
    if found is None or found.revoked_at is not None:
        raise missed(request)
    desk = request.app.state.desk
    cast = desk.casts.at_generation(found.shop_id, found.generation)
    if cast is None:
        async with desk.db.read() as conn:
            cast = await desk.casts.get(conn, found.shop_id)
    if _ended(found, cast, now_micros()):
        raise missed(request)
    request.state.opened = Opened(found.number, found.locale, cast.shop)
    return found, cast


def missed(request: Request) -> NotFound:
    """Counts the miss: who guesses tokens is slowed down."""
    request.app.state.limits.hit("token-miss", visitor(request))
    return NotFound(NO_ORDER)


def link_end(order: TrackOrder, cast: Cast) -> int | None:
    return link_ends_at(order, order.lines, cast.shop)


async def answer_kept(request: Request, form: str, kind: bytes, render: Render) -> Prepared:
    token = request.path_params["token"]
    asked = ask_of(request.scope)
    key = (token, form + page_key(request.scope["query_string"], asked.language))
    state = request.app.state
    page = state.page_cache.get(key)
    now = now_micros()
    seen = state.reader.data_version()
    if page is not None and now < page.until:
        if await state.reader.version(hashed(request)) == page.stands:
            page.seen = seen
            return Prepared(page, asked)
    page = await _made(request, asked, form, kind, render, now, seen)
    state.page_cache.put(key, page)
    return Prepared(page, asked)


async def _made(
    request: Request, asked: Ask, form: str, kind: bytes, render: Render, now: int, seen: int | None
) -> KeptPage:
    order, cast = await open_order(request)
    wanted = asked_language(request.scope["query_string"])
    language = choose(wanted, asked.language.decode("latin-1"), order.locale, cast.shop.locale)
    body = render(request, order, cast, request.path_params["token"], language, now)
    stands = PageVersion(order.shop_id, order.id, order.version, order.generation, order.revoked_at)
    until = turns_at(order, cast, now)
    turn = f"{order.version}.{order.generation}.{until // 1_000_000:x}"
    etag = f'W/"{turn}.{form}.{language}.{request.app.state.pages.version}"'.encode()
    headers = [
        (b"content-type", kind),
        (b"cache-control", b"private, no-cache"),
        (b"vary", b"Accept-Encoding, Accept-Language"),
        (b"content-language", language.encode()),
        (b"etag", etag),
        *request.scope.get("frame_headers", ()),
    ]
    return KeptPage(stands, until, etag, asked.host, body, headers, seen, is_sample(order))


def hashed(request: Request) -> str:
    token = request.path_params["token"]
    if not looks_like_token(token):
        raise missed(request)
    return token_hash(token)


def _ended(order: TrackOrder, cast: Cast, now: int) -> bool:
    end = link_end(order, cast)
    return end is not None and now >= end


def turns_at(order: TrackOrder, cast: Cast, now: int) -> int:
    """When the page turns by itself: a day is over, the shop closes, names fade, the link ends, an answer can no longer
    be changed."""
    turns = [_midnight(now // QUARTER, cast.shop.zone), link_end(order, cast), _closing(order, cast, now)]
    turns.append(names_fade_at(order, order.lines, cast.shop))
    turns.append(asked_until(order.delivered_at) if order.delivered_at is not None else None)
    turns += [edit_ends_at(said.created_at) for said in order.feedback]
    turns += [_shared_at(said.concern_at, cast) for said in order.feedback if said.concern_at is not None]
    return min(turn for turn in turns if turn is not None and turn > now)


def _shared_at(concern_at: int, cast: Cast) -> int:
    return to_micros(shares_at(from_micros(concern_at), cast.shop.share_days))


def _closing(order: TrackOrder, cast: Cast, now: int) -> int | None:
    """What has not been sent by then is not sent today, so our own estimate moves on."""
    if order.position >= SHIPPED or order.state in FINAL_STATES or not cast.shop.pace:
        return None
    closes = closes_next(cast.calendar, from_micros(now))
    return to_micros(closes) if closes is not None else None


@lru_cache(maxsize=100)
def _midnight(quarter: int, zone: str) -> int:
    """The end of the day that this quarter of an hour (counted since 1970) is in: no zone's day ends within one."""
    return to_micros(next_midnight(from_micros(quarter * QUARTER), zone))


def _render_page(request: Request, order: TrackOrder, cast: Cast, token: str, language: str, now: int) -> bytes:
    words = words_for(cast, language, request.app.state.pages)
    card = f"{request.app.state.settings.public_url}/t/{token}/card.png?lang={language}"
    text = page_html(track_page(order, words, token, now, request.app.state.offers), words, card)
    asked = spoken(asked_language(request.scope["query_string"]))
    return (keep_language(text, token, language) if asked else text).encode()


def keep_language(page: str, token: str, language: str) -> str:
    """Who chose a language on the page keeps it behind each of its links and forms."""
    return re.sub(rf'((?:href|action)="/t/{token}[^"?#]*)(\??)', lambda found: _asking(found, language), page)


def _asking(found: re.Match[str], language: str) -> str:
    more = "&amp;" if found[2] else ""
    return f"{found[1]}?lang={language}{more}"


def _render_facts(request: Request, order: TrackOrder, cast: Cast, token: str, language: str, now: int) -> bytes:
    words = words_for(cast, language, request.app.state.pages)
    public = request.app.state.settings.public_url
    facts: dict[str, Any] = track_facts(order, words, token, now, public)
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
