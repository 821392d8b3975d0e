"""`/t/{token}/embed`: the order's page inside the shop's own, and on nobody else's; and the script that brings it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.domain.orders import FINAL_STATES
from storefront_trace.domain.shop import Cast
from storefront_trace.domain.timeline import helpers, timeline
from storefront_trace.domain.tracked import TrackOrder
from storefront_trace.web.customer.track import answer_kept
from storefront_trace.web.customer.view import track_page
from storefront_trace.web.customer.words import Words, words_for
from storefront_trace.web.files import IN_MAILS
from storefront_trace.web.frame import CSP, NOT_FRAMED
from storefront_trace.web.page import STATIC

MOST_FACES = 5
# Shops write the script's address into their pages once: it stays, and a newer script is there within the hour.
SCRIPT = (STATIC / "embed.js").read_bytes()
SCRIPT_HEADERS = {"Cache-Control": "public, max-age=3600", **IN_MAILS}


async def show_embed(request: Request) -> Response:
    response = await answer_kept(request, "embed", b"text/html; charset=utf-8", _render)
    request.scope["framed"] = True
    return response


async def show_script(request: Request) -> Response:
    return Response(SCRIPT, media_type="text/javascript", headers=SCRIPT_HEADERS)


def _render(request: Request, order: TrackOrder, cast: Cast, token: str, language: str, now: int) -> bytes:
    shops = " ".join(cast.shop.origins or ())
    request.scope["frame_headers"] = _framed_by(shops, request.scope.get("frame_headers", ()))
    words = words_for(cast, language, request.app.state.pages)
    template = request.app.state.pages.template(language, "customer/embed.html")
    shown = track_page(order, words, token, now)
    context = {"page": shown, "href": f"/t/{token}?lang={language}", "faces": _faces(order, words, now, shown["now"])}
    text: str = template.render({**context, "shops": shops})
    return text.encode()


def _framed_by(shops: str, headers: Any) -> list[tuple[bytes, bytes]]:
    """The safe headers, but for what says who may show us: without any address of the shop's it stays nobody."""
    if not shops:
        return list(headers)
    policy = CSP.replace("frame-ancestors 'none'", f"frame-ancestors {shops}").encode()
    kept = [one for one in headers if one[0] not in (b"content-security-policy", NOT_FRAMED[0])]
    return [*kept, (b"content-security-policy", policy)]


def _faces(order: TrackOrder, words: Words, now: int, top: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Everybody else who has had the order, each once; nobody when all of us are on top already."""
    line = timeline(order, words.cast, now)
    holder = words.face(line.holder) if line.holder and order.state not in FINAL_STATES else None
    helped = [words.face(who) for who, _ in helpers(line)]
    # By who they are, for two may have one name; of what is over only a portrait stands on top.
    found = [one for one in helped if one is not holder and (holder or not _is(one.portrait, top["portrait"]))]
    if top["family"] or all(one.kind == "carrier" for one in found):
        return []
    return [{"kind": one.kind, "name": one.name, "portrait": one.portrait} for one in found][-MOST_FACES:]


def _is(portrait: Any, on_top: Any) -> bool:
    return portrait is not None and portrait == on_top
