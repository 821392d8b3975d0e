"""/owner/start/steps: three ready-made shops, each with what its customers would read."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions.samples import find_sample
from storefront_trace.actions.shapes import UNDERWAY, choose_shape
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import N_, Conflict, Invalid
from storefront_trace.domain.shapes import SHAPES, Shape, shaped
from storefront_trace.domain.shop import Cast, ShopStep, in_language
from storefront_trace.storage.samples import has_orders
from storefront_trace.web.faces import team_face
from storefront_trace.web.forms import whole_form
from storefront_trace.web.owner.base import frame, language_of, refusals, saved, show, texts
from storefront_trace.web.owner.forms import text_of
from storefront_trace.web.owner.samples import example
from storefront_trace.web.owner.start import PATH, forget_all
from storefront_trace.web.owner.stops import SHAPE_NAMES

ABOUT = {
    "alone": N_("You do everything yourself. Customers read the shop's name, or yours if you choose so."),
    "warehouse": N_("Somebody takes the orders, somebody picks and packs them, a carrier brings them."),
    "delivery": N_("As in a small warehouse, and your own people bring it to the door: no carrier is in between."),
}


async def show_ready(request: Request) -> Response:
    return await _page(request)


async def post_ready(request: Request) -> Response:
    form = await whole_form(request)
    cast: Cast = request.state.cast
    try:
        photos = await choose_shape(request.app.state.desk, cast.shop.id, text_of(form, "shape"))
    except (Invalid, Conflict) as error:
        return await _page(request, refusals(request, error, {}, "shape"))
    await forget_all(request, photos)
    return saved(PATH, anchor="#steps")


async def _page(request: Request, errors: dict[str, str] | None = None) -> Response:
    cast: Cast = request.state.cast
    say = texts(request)
    async with request.app.state.desk.db.read() as conn:
        late = await has_orders(conn, cast.shop.id)
        sample = await find_sample(request.app.state.desk, conn, cast.shop.id)
    title = say.gettext("Ready-made shops")
    context = {
        "action": f"{PATH}/steps",
        "late": say.gettext(UNDERWAY) if late else None,
        "sample": sample is not None,
        "chosen": cast.shop.shape or "warehouse",
        "shapes": [_shape(request, shape) for shape in SHAPES.values()],
    }
    return show(request, "ready", frame(request, title, "shop", errors) | context)


def _shape(request: Request, shape: Shape) -> dict[str, Any]:
    """What becomes of an order that goes the usual way, read by the step's team: nobody's name is invented."""
    cast: Cast = request.state.cast
    language = language_of(request)
    say, would = texts(request).gettext, shaped(cast, shape, now_micros()).on(cast)
    way = [step for step in would.steps_in_order if step.position and step.is_on("parcel") and step.visible]
    return {
        "key": shape.key,
        "name": say(SHAPE_NAMES[shape.key]),
        "about": say(ABOUT[shape.key]),
        "steps": [_step(would, step, language) for step in way],
    }


def _step(would: Cast, step: ShopStep, language: str) -> dict[str, Any]:
    team = would.teams.get(step.team or "")
    return {
        "icon": step.icon,
        "name": in_language(step.names, language, would.shop.locale),
        "sentence": example(would, step, language),
        "portrait": team_face(would, team, language)["portrait"] if team else None,
    }
