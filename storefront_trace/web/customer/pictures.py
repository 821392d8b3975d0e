"""`/t/{token}/card.png` for link previews and `/t/{token}/strip.png` for a shop's own mails.

A picture belongs to the mail or the chat it stands in, so its language is `?lang=`, then the order's, then the shop's;
what fetches it is mostly a proxy, whose Accept-Language says nothing of the reader.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from typing import NamedTuple

import anyio.to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import TooMany
from storefront_trace.domain.shop import Cast
from storefront_trace.domain.tracked import TrackOrder
from storefront_trace.photos.files import MediaStore
from storefront_trace.photos.worker import CardWorker
from storefront_trace.storage.trackread import PageVersion
from storefront_trace.web.customer.cache import KeptPage
from storefront_trace.web.customer.sheet import sheet_of
from storefront_trace.web.customer.track import hashed, open_order, turns_at
from storefront_trace.web.customer.words import words_for
from storefront_trace.web.files import IN_MAILS
from storefront_trace.web.languages import AVAILABLE, choose

MOST_OF_ONE_ORDER = 3
"""Drawings that wait at once: whoever has one link, in many languages, must not keep those of the others waiting."""
MOST_BYTES = 16 * 1024 * 1024
"""Of pictures kept: some six hundred."""
# As stored by photos/pictures.py, in the size to draw from.
RENDITIONS = {"logo": (320, "png"), "portrait": (588, "webp"), "face": (588, "webp")}
# Asked for anew each time it is looked at: the order moves on, and a person may choose not to be shown.
HEADERS = {"Content-Type": "image/png", "Cache-Control": "private, no-cache, max-age=0", **IN_MAILS}


class _Wanted(NamedTuple):
    token: str
    shape: str
    language: str | None

    @property
    def key(self) -> tuple[str, str]:
        return self.token, f"{self.shape} {self.language or '-'}"


Drawing = dict[tuple[_Wanted, PageVersion], "asyncio.Task[KeptPage]"]


async def show_card(request: Request) -> Response:
    return await _show(request, "card")


async def show_strip(request: Request) -> Response:
    return await _show(request, "strip")


async def _show(request: Request, shape: str) -> Response:
    asked = request.query_params.get("lang")
    wanted = _Wanted(request.path_params["token"], shape, asked if asked in AVAILABLE else None)
    kept = request.app.state.picture_cache.get(wanted.key)
    if kept is None or now_micros() >= kept.until or await _moved(request, kept):
        kept = await _made(request, wanted)
    etag = kept.etag.decode()
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={**HEADERS, "ETag": etag})
    return Response(kept.body, headers={**HEADERS, "ETag": etag})


async def _moved(request: Request, kept: KeptPage) -> bool:
    found: PageVersion | None = await request.app.state.reader.version(hashed(request))
    return found != kept.stands


async def _made(request: Request, wanted: _Wanted) -> KeptPage:
    """A mail to many asks for the same picture many times at once; and whoever goes away must not stop it."""
    order, cast = await open_order(request)
    stands = PageVersion(order.shop_id, order.id, order.version, order.generation, order.revoked_at)
    kept: KeptPage | None = request.app.state.picture_cache.get(wanted.key)
    if kept is not None and kept.stands == stands and now_micros() < kept.until:
        return kept
    drawing: Drawing = request.app.state.drawing
    task = drawing.get((wanted, stands))
    if task is None:
        if sum(other.order_id == order.id for _, other in drawing) >= MOST_OF_ONE_ORDER:
            raise TooMany(CardWorker.busy, retry_after=5)
        task = drawing[wanted, stands] = asyncio.create_task(_drawn(request.app, order, cast, wanted, stands))
        task.add_done_callback(lambda done: _forget(drawing, (wanted, stands), done))
    return await asyncio.shield(task)


def _forget(drawing: Drawing, key: tuple[_Wanted, PageVersion], done: asyncio.Task[KeptPage]) -> None:
    drawing.pop(key, None)
    if not done.cancelled():
        done.exception()  # seen, even when all who waited have gone


async def _drawn(app: Starlette, order: TrackOrder, cast: Cast, wanted: _Wanted, stands: PageVersion) -> KeptPage:
    state, now = app.state, now_micros()
    language = choose(wanted.language, "", order.locale, cast.shop.locale)
    sheet, pictures = sheet_of(order, words_for(cast, language, state.pages), wanted.shape, now)
    found = await anyio.to_thread.run_sync(_read, state.media, pictures)
    png: bytes = await state.card_worker.draw(replace(sheet, pictures=found))
    etag = f'"{hashlib.sha256(png).hexdigest()[:20]}"'.encode()
    kept = KeptPage(stands, turns_at(order, cast, now), etag, b"", png, [], None)
    state.picture_cache.put(wanted.key, kept)
    return kept


def _read(media: MediaStore, pictures: list[tuple[str, str]]) -> tuple[tuple[str, bytes], ...]:
    """An initial is its own letter."""
    found = []
    for kind, what in pictures:
        path = media.path(what, *RENDITIONS[kind]) if kind in RENDITIONS else None
        if path is not None or kind not in RENDITIONS:
            found.append((kind, path.read_bytes() if path is not None else what.encode()))
    return tuple(found)
