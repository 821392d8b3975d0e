"""/owner/start: the seven stops from a new shop to a page that its customers can open.

What is done is read from the shop as it is, never from what was clicked: whatever is done elsewhere counts, too. Only
that our look is to stay nobody could read from it, so a button says that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import samples, shops
from storefront_trace.actions.photos import forget_portrait
from storefront_trace.actions.samples import Sample, Telling, find_sample
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import N_, Conflict
from storefront_trace.domain.moments import from_micros, tz
from storefront_trace.domain.shop import Cast, Person
from storefront_trace.storage import connections, reports
from storefront_trace.storage.connections import Connection as System
from storefront_trace.storage.samples import has_orders, has_signed_step
from storefront_trace.web.forms import whole_form
from storefront_trace.web.languages import catalogue
from storefront_trace.web.owner.base import frame, language_of, only_here, saved, show, texts
from storefront_trace.web.owner.forms import text_of
from storefront_trace.web.owner.stops import Stop, stops

PATH = "/owner/start"
THINGS = (N_("Sample: a mug"), N_("Sample: a book"))
PROMISED = timedelta(days=3)


@dataclass(frozen=True)
class Standing:
    """How far the shop is. `let_in`: whom there is a sign-in link for, or who has signed in."""

    orders: bool
    sample: Sample | None
    signed: bool
    let_in: frozenset[str]
    systems: tuple[System, ...]


async def show_start(request: Request) -> Response:
    return await _page(request)


async def post_start(request: Request) -> Response:
    """Puts the path away, or brings it back; nothing that was done on it changes."""
    form = await whole_form(request)
    back = text_of(form, "away") != "1"
    await shops.set_face(request.app.state.desk, request.state.cast.shop.id, starting=back)
    return saved(PATH, "path-back") if back else saved("/owner", "path-away")


async def post_look(request: Request) -> Response:
    """Our colour, and the name instead of a logo, are right for this shop."""
    await whole_form(request)
    me: Person = request.state.person
    await shops.keep_look(request.app.state.desk, request.state.cast.shop.id, by_person=me.id)
    return saved(PATH, anchor="#look")


async def post_sample(request: Request) -> Response:
    cast: Cast = request.state.cast
    me: Person = request.state.person
    say = catalogue(cast.shop.locale).gettext
    day = from_micros(now_micros()).astimezone(tz(cast.shop.zone)).date() + PROMISED
    told = Telling(say("SAMPLE"), me.display_name, [say(thing) for thing in THINGS], day)
    try:
        await samples.make_sample(request.app.state.desk, cast.shop.id, told)
    except Conflict as error:
        return await _page(request, {"orders": texts(request).gettext(error.message)})
    return saved(PATH, "sample", anchor="#page")


async def post_sample_end(request: Request) -> Response:
    desk = request.app.state.desk
    photos = await samples.end_sample(desk, request.state.cast.shop.id)
    await forget_all(request, photos)
    return saved(PATH, "sample-gone", anchor="#orders")


async def forget_all(request: Request, photos: list[str]) -> None:
    for photo in photos:
        await forget_portrait(request.app.state.desk, request.app.state.media, photo)


async def standing_of(request: Request) -> Standing:
    cast: Cast = request.state.cast
    desk, shop_id = request.app.state.desk, cast.shop.id
    async with desk.db.read() as conn:
        return Standing(
            orders=await has_orders(conn, shop_id),
            sample=await find_sample(desk, conn, shop_id),
            signed=await has_signed_step(conn, shop_id),
            let_in=frozenset(await reports.last_seen(conn, shop_id)),
            systems=tuple(one for one in await connections.list_connections(conn, shop_id) if one.ended_at is None),
        )


async def is_untouched(request: Request) -> bool:
    """There is no order yet, not even a sample: then there is nothing to read but the first steps."""
    desk, shop_id = request.app.state.desk, request.state.cast.shop.id
    async with desk.db.read() as conn:
        return not await has_orders(conn, shop_id) and await find_sample(desk, conn, shop_id) is None


async def _page(request: Request, errors: dict[str, str] | None = None) -> Response:
    cast: Cast = request.state.cast
    found = await standing_of(request)
    facts = {"orders": found.orders, "sample": found.sample is not None, "signed": found.signed}
    path = stops(
        cast,
        request.state.person,
        language_of(request),
        let_in=found.let_in,
        only_here=only_here(request),
        systems=len(found.systems),
        **facts,
    )
    context: dict[str, Any] = {
        "action": PATH,
        "stops": path,
        "next": next((stop.key for stop in sorted(path, key=lambda stop: stop.may_wait) if not stop.done), None),
        "count": _count(request, path),
        "starting": cast.shop.starting,
        "sample": _sample_view(found.sample) if found.sample else None,
    }
    return show(request, "start", frame(request, texts(request).gettext("First steps"), "shop", errors) | context)


def _count(request: Request, path: list[Stop]) -> str:
    done = sum(stop.done for stop in path)
    return texts(request).say(N_("%(done)s of %(all)s are done."), done=done, all=len(path))


def _sample_view(sample: Sample) -> dict[str, Any]:
    return {
        "number": sample.number,
        "page": f"/t/{sample.token}" if sample.token else None,
        "staff": f"/staff/orders/{quote(sample.number, safe='')}",
    }
