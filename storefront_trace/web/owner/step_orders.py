"""The shop's own orders that a step's sentence is shown on, while it is typed."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from storefront_trace.domain.shop import Cast, ShopStep, in_language
from storefront_trace.storage import orders
from storefront_trace.storage.orders import OrderRow
from storefront_trace.web.owner.base import language_of, texts

SHOWN = 8


async def offered(request: Request, step: ShopStep, asked: str) -> tuple[list[dict[str, Any]], str]:
    """(the orders to choose from, the number of the chosen one): first those that are at the step, then what happened
    last. No order is a shop's that has none."""
    cast: Cast = request.state.cast
    async with request.app.state.desk.db.read() as conn:
        rows = await orders.list_latest(conn, cast.shop.id, state=step.key, limit=SHOWN // 2)
        rows += await orders.list_latest(conn, cast.shop.id, limit=SHOWN)
        named = await orders.find_order(conn, cast.shop.id, asked[:64]) if asked else None
    known = {row.number: row for row in ([named] if named else []) + rows}
    if not known:
        return [], ""
    told = [row for row in rows if row.state == step.key and row.holder_person_id] or rows  # rather with a name in it
    chosen = (named or told[0]).number
    found = sorted(list(known.values())[: SHOWN + 1], key=lambda row: row.updated_at, reverse=True)
    return [{"number": row.number, "name": _label(request, row), "here": row.number == chosen} for row in found], chosen


def _label(request: Request, row: OrderRow) -> str:
    """ "1001, Karin, Packad"."""
    cast: Cast = request.state.cast
    step = cast.steps.get(row.state)
    state = in_language(step.names, language_of(request), cast.shop.locale) if step else ""
    return ", ".join(filter(None, (row.number, row.first_name, state)))


def label_of(request: Request, number: str, happened: bool) -> str:
    say = texts(request).say
    if happened:
        return say("Order %(number)s, as its customer reads it", number=number)
    return say("Order %(number)s, if it happened now and nobody was named", number=number)
