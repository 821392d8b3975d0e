"""/owner/kiosks: the tablets that several people share."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import kiosks as actions
from storefront_trace.actions import shops
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.errors import N_, Conflict, Invalid
from storefront_trace.domain.shop import Cast
from storefront_trace.photos import codes
from storefront_trace.storage import kiosks as rows
from storefront_trace.storage.kiosks import Kiosk
from storefront_trace.web.forms import read_form
from storefront_trace.web.owner.base import alphabetical, frame, language_of, refusals, saved, show, texts
from storefront_trace.web.owner.forms import text_of
from storefront_trace.web.wording import moment_text, recent_text, tied, wait_text

PATH = "/owner/kiosks"
MINUTES = (1, 2, 3, 5, 10, 15, 30)
WRONG_MINUTES = N_("Choose one of the times.")


async def show_kiosks(request: Request) -> Response:
    return await _page(request)


async def post_kiosk(request: Request) -> Response:
    """The field `name`. Answers with the link itself: it stands nowhere else."""
    cast: Cast = request.state.cast
    async with read_form(request) as form:
        name = text_of(form, "name")
    try:
        made, token = await actions.make_kiosk(request.app.state.desk, cast.shop.id, name)
    except (Invalid, Conflict) as error:
        return await _page(request, refusals(request, error, {}, "name"), name)
    link = f"{request.app.state.settings.public_url}/kiosk/open/{token}"
    until = moment_text(now_micros() + actions.LINK_DAYS * DAY, cast.shop.zone, "minute", language_of(request))
    new = {"name": made.name, "link": link, "code": await asyncio.to_thread(codes.svg, link), "until": tied(until)}
    return await _page(request, new=new)


async def post_minutes(request: Request) -> Response:
    """The field `minutes`: how long without a tap until the portraits come back."""
    cast: Cast = request.state.cast
    async with read_form(request) as form:
        text = text_of(form, "minutes")
    if text not in map(str, {*MINUTES, cast.shop.kiosk_minutes}):
        return await _page(request, {"minutes": texts(request).gettext(WRONG_MINUTES)})
    await shops.set_face(request.app.state.desk, cast.shop.id, kiosk_minutes=int(text))
    return saved(PATH)


async def post_end(request: Request) -> Response:
    await actions.end_kiosk(request.app.state.desk, request.state.cast.shop.id, request.path_params["kiosk"])
    return saved(PATH, "tablet-ended")


async def _page(
    request: Request, errors: dict[str, str] | None = None, name: str = "", new: dict[str, Any] | None = None
) -> Response:
    cast, say = request.state.cast, texts(request)
    async with request.app.state.desk.db.read() as conn:
        found = await rows.list_kiosks(conn, cast.shop.id)
    found.sort(key=lambda one: alphabetical(one.name, language_of(request)))
    minutes = cast.shop.kiosk_minutes
    context = {
        "kiosks": [_row(request, one) for one in found],
        "new": new,
        "name": name,
        "minutes": [
            {"value": one, "label": wait_text(one, language_of(request))} for one in sorted({*MINUTES, minutes})
        ],
        "chosen": minutes,
        "action": PATH,
        "minutes_action": f"{PATH}/minutes",
    }
    return show(request, "kiosks", frame(request, say.gettext("Shared tablets"), "people", errors) | context)


def _row(request: Request, one: Kiosk) -> dict[str, Any]:
    say, zone = texts(request), request.state.cast.shop.zone
    state = say.gettext("Its link has not been opened yet")
    if one.opened_at is not None:
        used = recent_text(one.seen_at, zone, "minute", language_of(request), now=now_micros())
        state = say.say("Last used %(when)s", when=tied(used))
    return {"id": one.id, "name": one.name, "state": state, "end_action": f"{PATH}/{one.id}/end"}
