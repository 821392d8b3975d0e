"""Portraits in mails, chosen when they are looked at: who withdraws a picture is gone from old mails too."""

from __future__ import annotations

from pathlib import Path

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import NotFound
from storefront_trace.domain.timeline import Actor, photo_of, shown_for, timeline
from storefront_trace.web.customer.threads import answerer
from storefront_trace.web.customer.track import open_order
from storefront_trace.web.files import IN_MAILS, NO_PICTURE, SANDBOX

# JPEG, for Outlook knows neither WebP nor AVIF. Mail programs' own stores ask again each time, if they keep to this.
HEADERS = {"Cache-Control": "private, no-cache, max-age=0", **IN_MAILS, **SANDBOX}
WIDTH = 196


async def show_step_face(request: Request) -> Response:
    order, cast = await open_order(request)
    event_id = request.path_params["event"]
    shown = shown_for(timeline(order, cast, now_micros()), event_id)
    if shown is None and not any((one.kind, one.id) == ("step", event_id) for one in order.events):
        raise NotFound(NO_PICTURE)
    # A step that the page tells no more, taken back by the shop system say, leaves no hole in old mails.
    return await face_response(request, shown.actor if shown else Actor("team"), cast.shop.name)


async def show_answer_face(request: Request) -> Response:
    order, cast = await open_order(request)
    asked = next((one for one in order.questions if one.id == request.path_params["question"]), None)
    if asked is None or asked.answered_at is None:
        raise NotFound(NO_PICTURE)
    faded = timeline(order, cast, now_micros()).faded
    return await face_response(request, answerer(asked, cast, faded), cast.shop.name)


async def face_response(request: Request, actor: Actor, shop_name: str) -> Response:
    """The portrait if this person, or this team, has one that customers may see now; else a drawing."""
    person, team = actor.person, actor.team
    photo = photo_of(actor)
    path = request.app.state.media.path(photo, WIDTH, "jpg") if photo else None
    if path is not None:
        body = await anyio.to_thread.run_sync(Path.read_bytes, path)
    else:
        from storefront_trace.photos.drawings import drawing  # Pillow takes 4 MB, and few servers send mails

        key = person.id if person else team.key if team else "shop"
        name = person.display_name if person else shop_name
        body = await anyio.to_thread.run_sync(drawing, actor.kind, name, key)
    return Response(body, media_type="image/jpeg", headers=HEADERS)
