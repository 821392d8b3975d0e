"""One order: log a step, and read its story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.domain.errors import N_, DomainError, NotFound
from storefront_trace.domain.orders import HOME_STATES
from storefront_trace.storage import events, links, orders, questions
from storefront_trace.storage.database import Connection
from storefront_trace.storage.orders import OrderRow
from storefront_trace.web.staff.asked import Refused, item
from storefront_trace.web.staff.form import Filled, OrderInHand, carrier_of, log_form
from storefront_trace.web.staff.notified import notified
from storefront_trace.web.staff.story import story
from storefront_trace.web.staff.turns import late_text, state_text
from storefront_trace.web.staff.undo import undo_bar
from storefront_trace.web.staff.visit import REDIRECT, Context, Visit, order_url, page_number

# Only a code stands in the URL: a link from elsewhere cannot make our page say something.
SAID = {
    "undone": N_("Taken back. The customer's page says so too."),
    "answered": N_("Sent. It stands on the customer's page now."),
    "corrected": N_("Corrected. The customer's page says so too, and why."),
    "taken": N_("It’s yours now. Your colleagues see that you are on it."),
    "given": N_("Given back. It waits for the others again."),
    "handed": N_("Passed on. It is not with you any more."),
    "passed": N_("Passed on. The customer's page says who has it now."),
}
# Below an order's address, where its forms are sent. Loaded anew such an address looks like an order's number.
FORMS = ("log", "undo", "correct", "take", "back", "hand")


async def show_order(request: Request) -> Response:
    visit, number = Visit.of(request), request.path_params["number"]
    said = SAID.get("undone" if "undone" in request.query_params else request.query_params.get("said", ""))
    try:
        return await order_page(visit, number, said=visit.say(said) if said else None)
    except NotFound:
        above, _, ending = number.rpartition("/")
        if ending not in FORMS or not await _is_there(visit, above):
            raise
        return RedirectResponse(order_url(above), 303, REDIRECT)


async def _is_there(visit: Visit, number: str) -> bool:
    async with visit.desk.db.read() as conn:
        return await orders.find_order(conn, visit.shop_id, number) is not None


async def order_named_like(visit: Visit, number: str, ending: str) -> Response | None:
    """An order's number may end as one of our own addresses does ("2026/slip"): then its page, unless there is an order
    without the ending as well."""
    whole = f"{number}/{ending}"
    async with visit.desk.db.read() as conn:
        if await orders.find_order(conn, visit.shop_id, number) is not None:
            return None
        if await orders.find_order(conn, visit.shop_id, whole) is None:
            return None
    return await order_page(visit, whole)


async def order_page(
    visit: Visit,
    number: str,
    *,
    said: str | None = None,
    error: DomainError | None = None,
    filled: Filled | None = None,
    asked: Refused | None = None,
    correcting: tuple[str, str] | None = None,
) -> Response:
    """With `error` it is the answer to a form that was refused: what was filled in stands there still."""
    async with visit.desk.db.read() as conn:
        [order] = await in_hand(conn, visit.shop_id, [await orders.get_order(conn, visit.shop_id, number)])
        track_url = await _track_url(conn, visit, order.row)
        undo = await undo_bar(conn, visit)
        sent = await notified(conn, visit, order)
        threads = await questions.list_of_order(conn, visit.shop_id, order.row.id)
    page = page_number(visit.request)
    told, more = story(visit, order, page, sent, correcting)
    context: Context = {
        "number": order.row.number,
        "name": order.row.first_name or "",
        "state": state_text(visit, order.row, carrier_of(order)),
        "late": late_text(visit, order.row),
        "log": log_form(visit, replace(order, asked=[one for one in threads if one.answered_at is None]), filled),
        "track_url": track_url,
        "slip_url": f"{order_url(order.row.number)}/slip",
        "parcels": _parcels(visit, order),
        "asked": [item(visit, one, order.row, back="order", refused=asked) for one in reversed(threads)],
        "story": told,
        "older": f"{order_url(order.row.number)}?page={page + 1}" if more else None,
        "scanned": _scanned(visit),
        "undo": undo,
        "query": "",
        "said": said,
    }
    title = visit.say("Order %(number)s", number=order.row.number)
    return visit.show("staff/order.html", title, error=error, **context)


async def in_hand(conn: Connection, shop_id: str, rows: Sequence[OrderRow]) -> list[OrderInHand]:
    """Three queries for all of them together; the events are without their facts, and no questions are there."""
    ids = [row.id for row in rows]
    lines = await orders.list_lines_of(conn, shop_id, ids)
    parcels = await orders.list_parcels_of(conn, shop_id, ids)
    told = await events.list_events_of(conn, shop_id, ids)
    return [OrderInHand(row, lines.get(row.id, []), parcels.get(row.id, []), told.get(row.id, [])) for row in rows]


async def in_queue(conn: Connection, shop_id: str, rows: Sequence[OrderRow], full: int) -> list[OrderInHand]:
    """Four queries for all of them together. What has happened is there for the first `full` of them alone."""
    ids = [row.id for row in rows]
    lines = await orders.list_lines_of(conn, shop_id, ids)
    asked = await questions.list_open_of(conn, shop_id, ids)
    parcels = await orders.list_parcels_of(conn, shop_id, ids[:full])
    told = await events.list_events_of(conn, shop_id, ids[:full])
    return [
        OrderInHand(row, lines.get(row.id, []), parcels.get(row.id, []), told.get(row.id, []), asked.get(row.id, []))
        for row in rows
    ]


def _parcels(visit: Visit, order: OrderInHand) -> list[Context]:
    titles = {line.key: line.title for line in order.lines}
    return [
        {
            "name": " ".join(filter(None, (one.carrier, one.tracking_number))) or visit.say("Parcel %(n)s", n=n),
            "things": ", ".join(titles.get(key, key) for key, _ in one.lines[:10]),
            "state": visit.step_name(visit.cast.steps[one.state]) if one.state in visit.cast.steps else "",
            "home": one.state in HOME_STATES,
        }
        for n, one in enumerate(order.parcels[:20], 1)
    ]


def _scanned(visit: Visit) -> bool:
    """Led here by a scan, or a form from there that was refused: Enter goes on logging."""
    return "scanned" in visit.request.query_params


async def _track_url(conn: Connection, visit: Visit, row: OrderRow) -> str | None:
    """None when the link was revoked, or made with a secret that is gone."""
    link = (await links.current_links(conn, visit.shop_id, [row.id])).get(row.id)
    token = visit.desk.link_token(visit.shop_id, row.id, link) if link else None
    return f"/t/{token}" if token else None
