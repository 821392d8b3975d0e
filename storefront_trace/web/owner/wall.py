"""/owner/wall: what hangs on the wall of thanks, what could, and the screens that show it."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import wall as actions
from storefront_trace.actions.readings import note_said
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import Conflict, Invalid
from storefront_trace.domain.shop import Cast
from storefront_trace.domain.wall import MOST, sheets
from storefront_trace.photos import codes
from storefront_trace.storage import wall
from storefront_trace.storage.feedback import Feedback
from storefront_trace.storage.wall import Screen
from storefront_trace.web.forms import read_form
from storefront_trace.web.hung import Hung, hung
from storefront_trace.web.milestones import milestone_text, read_milestone
from storefront_trace.web.owner.base import frame, language_of, refusals, saved, show, texts
from storefront_trace.web.owner.forms import text_of
from storefront_trace.web.owner.leaves import leaf_of
from storefront_trace.web.wording import recent_text, tied

PATH = "/owner/wall"
READY = 20
_PLACE = re.compile(r"([0-9]{1,18})-([0-9a-f]{32})", re.ASCII)


async def show_wall(request: Request) -> Response:
    """`?page=` leafs through what hangs, `?ready=` through what could."""
    return await _page(request)


async def show_print(request: Request) -> Response:
    cast, language = request.state.cast, language_of(request)
    async with request.app.state.desk.db.read() as conn:
        found = await wall.list_hung(conn, cast.shop.id, now_micros(), limit=MOST)
        news = await read_milestone(conn, cast)
    await note_said(request.app.state.desk, cast.shop, request.state.person.id, found)
    context = {
        "sheets": [[hung(cast, said, language) for said in sheet] for sheet in sheets(found, lambda one: one.words)],
        "milestone": milestone_text(cast, news, language),
    }
    return show(request, "wall_print", frame(request, texts(request).gettext("The wall of thanks"), "today") | context)


async def post_up(request: Request) -> Response:
    shop_id: str = request.state.cast.shop.id
    try:
        await actions.put_up(request.app.state.desk, shop_id, request.path_params["feedback"])
    except Conflict as error:
        return await _page(request, refusals(request, error, {}, "ready"))
    return saved(PATH, "hung")


async def post_down(request: Request) -> Response:
    await actions.take_down(request.app.state.desk, request.state.cast.shop.id, request.path_params["feedback"])
    return saved(PATH, "unhung")


async def post_screen(request: Request) -> Response:
    """The field `name`. Answers with the link itself: it stands nowhere else."""
    cast: Cast = request.state.cast
    async with read_form(request) as form:
        name = text_of(form, "name")
    try:
        made, token = await actions.make_screen(request.app.state.desk, cast.shop.id, name)
    except (Invalid, Conflict) as error:
        return await _page(request, refusals(request, error, {}, "name"), name)
    link = f"{request.app.state.settings.public_url}/wall/{token}"
    new = {"name": made.name, "link": link, "code": await asyncio.to_thread(codes.svg, link)}
    return await _page(request, new=new)


async def post_end(request: Request) -> Response:
    await actions.end_screen(request.app.state.desk, request.state.cast.shop.id, request.path_params["screen"])
    return saved(PATH, "screen-ended")


async def _page(
    request: Request, errors: dict[str, str] | None = None, name: str = "", new: dict[str, Any] | None = None
) -> Response:
    cast, language, now = request.state.cast, language_of(request), now_micros()
    async with request.app.state.desk.db.read() as conn:
        found = await wall.list_hung(conn, cast.shop.id, now, limit=MOST)
        after = _place(request.query_params.get("ready", ""))
        ready = await wall.list_ready(conn, cast.shop.id, now, after=after, limit=READY + 1)
        screens = await wall.list_screens(conn, cast.shop.id)
        news = await read_milestone(conn, cast)
    leaf = leaf_of(request, found)
    await note_said(request.app.state.desk, cast.shop, request.state.person.id, [*leaf.items, *ready[:READY]])
    context = {
        "hung": [_up(cast, said, language) for said in leaf.items],
        "before": leaf.before,
        "after": leaf.after,
        "ready": [{**hung(cast, said, language), "up_action": f"{PATH}/{said.id}/up"} for said in ready[:READY]],
        "older": f"{PATH}?ready={ready[READY - 1].created_at}-{ready[READY - 1].id}" if len(ready) > READY else None,
        "screens": [_screen(request, one) for one in screens],
        "milestone": milestone_text(cast, news, language),
        "new": new,
        "name": name,
        "action": f"{PATH}/screens",
    }
    return show(
        request, "wall", frame(request, texts(request).gettext("The wall of thanks"), "today", errors) | context
    )


def _up(cast: Cast, said: Feedback, language: str) -> Hung:
    one = hung(cast, said, language)
    return {**one, "down_action": f"{PATH}/{said.id}/down", "long": one["size"] == "page"}


def _screen(request: Request, one: Screen) -> dict[str, str]:
    made = tied(
        recent_text(one.created_at, request.state.cast.shop.zone, "day", language_of(request), now=now_micros())
    )
    state = texts(request).say("Its link was made %(when)s", when=made)
    return {"id": one.id, "name": one.name, "state": state, "end_action": f"{PATH}/screens/{one.id}/end"}


def _place(text: str) -> tuple[int, str] | None:
    match = _PLACE.fullmatch(text)
    return (int(match[1]), match[2]) if match else None
