"""/owner/connections: the shop systems that tell us of orders."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import connections as actions
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import Invalid, NotFound
from storefront_trace.domain.shop import Cast
from storefront_trace.integrations.kinds import KINDS
from storefront_trace.storage import connections
from storefront_trace.storage.connections import Connection
from storefront_trace.web.forms import whole_form
from storefront_trace.web.owner.base import frame, language_of, refusals, saved, show, texts
from storefront_trace.web.owner.forms import text_of
from storefront_trace.web.wording import recent_text, tied

PATH = "/owner/connections"
NAMES = {"shopify": "Shopify", "woocommerce": "WooCommerce"}


async def show_connections(request: Request) -> Response:
    return await _page(request, {"kind": next(iter(KINDS)), "name": ""})


async def post_connection(request: Request) -> Response:
    """The name of one that there is renews its secret. A secret is never shown again, not even after a refusal."""
    form = await whole_form(request)
    typed = {"kind": text_of(form, "kind"), "name": text_of(form, "name")}
    secret = form.get("secret")
    try:
        if typed["kind"] not in KINDS:
            raise Invalid("Choose what to connect.", errors=[("kind", "Choose what to connect.")])
        await actions.connect(
            request.app.state.desk,
            request.state.cast.shop.id,
            typed["kind"],
            secret if isinstance(secret, str) else "",
            name=typed["name"] or None,
        )
    except Invalid as error:
        return await _page(request, typed, refusals(request, error, {}, "secret"))
    return saved(PATH, "added")


async def post_end(request: Request) -> Response:
    desk, connection_id = request.app.state.desk, request.path_params["connection"]
    if len(connection_id) != 32:
        raise NotFound("There is no such connection.")
    await actions.end_connection(desk, request.state.cast.shop.id, connection_id)
    return saved(PATH)


async def _page(request: Request, typed: dict[str, str], errors: dict[str, str] | None = None) -> Response:
    cast: Cast = request.state.cast
    async with request.app.state.desk.db.read() as conn:
        found = await connections.list_connections(conn, cast.shop.id)
    context = {
        "connections": [_row(request, cast, one) for one in found if one.ended_at is None],
        "kinds": [{"key": key, "name": NAMES.get(key, key.capitalize())} for key in KINDS],
        "values": typed,
    }
    return show(request, "connections", frame(request, texts(request).gettext("Connections"), "shop", errors) | context)


def _row(request: Request, cast: Cast, one: Connection) -> dict[str, Any]:
    say, language = texts(request), language_of(request)
    state = say.gettext("Nothing heard yet.")
    if one.seen_at is not None:
        when = tied(recent_text(one.seen_at, cast.shop.zone, "minute", language, now=now_micros()))
        state = say.say("Last heard %(when)s.", when=when)
    return {
        "id": one.id,
        "name": one.name,
        "kind": NAMES.get(one.kind, one.kind.capitalize()),
        "url": request.app.state.settings.public_url + actions.webhook_path(one),
        "state": state,
        "trouble": None,
        "end_action": f"{PATH}/{one.id}/end",
    }
