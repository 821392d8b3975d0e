"""/demo/states: every state of a customer's page, for whoever works on it. Only the demo has it."""

from __future__ import annotations

from itertools import groupby
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.domain.errors import NotFound
from storefront_trace.storage import links, orders, shops
from storefront_trace.web.page import look, page


class Example(NamedTuple):
    number: str
    group: str
    title: str


async def show_states(request: Request) -> Response:
    """In English alone: no customer and nobody of a shop ever sees it."""
    examples: tuple[Example, ...] = getattr(request.app.state, "gallery", ())
    found = await _tokens(request, [one.number for one in examples])
    shown = [one for one in examples if one.number in found]
    if not shown:
        raise NotFound("There is no such page.")
    groups = [
        {"name": name, "examples": [{"title": one.title, "url": f"/t/{found[one.number]}"} for one in some]}
        for name, some in groupby(shown, key=lambda one: one.group)
    ]
    context: dict[str, Any] = {
        "lang": "en",
        "title": f"{len(shown)} states of a customer's page",
        "shop": {"name": "storefront-trace", "logo_url": None, "look_css": look("#1f6b52")},
        "order_number": None,
        "languages": [],
        "links": [],
        "foot": None,
        "groups": groups,
    }
    return page(request, "customer/states.html", language="en", page=context)


async def _tokens(request: Request, numbers: list[str]) -> dict[str, str]:
    """By order number, of those whose link has not been revoked."""
    if not numbers:
        return {}
    desk = request.app.state.desk
    async with desk.db.read() as conn:
        shop_id = (await shops.list_shops(conn))[0].id
        rows = [await orders.find_order(conn, shop_id, number) for number in numbers]
        found = {row.id: row.number for row in rows if row is not None}
        current = await links.current_links(conn, shop_id, list(found))
    made = {found[id]: desk.link_token(shop_id, id, link) for id, link in current.items()}
    return {number: token for number, token in made.items() if token}
