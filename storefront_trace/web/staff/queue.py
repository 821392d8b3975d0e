"""/staff: what waits for me or my team, and what I was thanked for."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.moments import day_of
from storefront_trace.storage import orders, queue
from storefront_trace.storage.database import Connection
from storefront_trace.storage.orders import OrderRow
from storefront_trace.web.staff.form import OrderInHand, log_form
from storefront_trace.web.staff.found import LONGEST, scanned_orders
from storefront_trace.web.staff.order import SAID, in_queue
from storefront_trace.web.staff.thanksbar import thanks_bar
from storefront_trace.web.staff.turns import late_text
from storefront_trace.web.staff.undo import undo_bar
from storefront_trace.web.staff.visit import REDIRECT, Context, Visit, order_url, page_number
from storefront_trace.web.staff.welcome import must_be_asked, to_welcome

PAGE = 20
FOUND = 20
THEIRS = 12
FULL_FORMS = 5


async def show_queue(request: Request) -> Response:
    """With `?q=` what was found instead; what a scanner types, an order's number, our slip's address or a parcel's
    number, leads to that order."""
    visit = Visit.of(request)
    if must_be_asked(visit):
        return to_welcome(request)
    query = request.query_params.get("q", "").strip()[:LONGEST]
    return await (_show_found(visit, query) if query else _show_waiting(visit))


async def _show_waiting(visit: Visit) -> Response:
    page, team = page_number(visit.request), visit.person.team
    today = day_of(now_micros(), visit.cast.shop.zone)
    async with visit.desk.db.read() as conn:
        n = await queue.count_waiting(conn, visit.shop_id, visit.person.id, team, today=today)
        rows = await queue.list_waiting(
            conn, visit.shop_id, visit.person.id, team, today=today, limit=PAGE + 1, offset=(page - 1) * PAGE
        )
        rows, more = rows[:PAGE], len(rows) > PAGE
        theirs = await _theirs(conn, visit, today) if page == 1 else []
        context = await _context(conn, visit, rows)
    count = visit.texts.ngettext("%(n)s order", "%(n)s orders", n) % {"n": n}
    if n >= queue.MOST_COUNTED:
        count = visit.say("%(n)s or more", n=queue.MOST_COUNTED)
    heading = visit.say("Waiting for you")
    return visit.show(
        "staff/queue.html",
        f"{heading}: {count}",
        heading=heading,
        count=count,
        empty=visit.say("Nothing is waiting for you right now."),
        query="",
        newer=f"/staff?page={page - 1}" if page > 1 else None,
        older=f"/staff?page={page + 1}" if more else None,
        theirs=theirs,
        **context,
    )


async def _show_found(visit: Visit, query: str) -> Response:
    async with visit.desk.db.read() as conn:
        rows = await scanned_orders(conn, visit, query)
        if len(rows) == 1:
            return RedirectResponse(f"{order_url(rows[0].number)}?scanned=1", 303, REDIRECT)
        if not rows:
            rows = await orders.search_orders(conn, visit.shop_id, query.removeprefix("#"), limit=FOUND + 1)
        context = await _context(conn, visit, rows[:FOUND])
    n = len(rows)
    heading = visit.say("Search: %(query)s", query=query)
    many = visit.say("More than %(n)s orders; write more of the name", n=FOUND)
    count = many if n > FOUND else visit.texts.ngettext("%(n)s order", "%(n)s orders", n) % {"n": n}
    empty = visit.say("We have no order with that number or name. Look at the label again, or try the first name.")
    return visit.show(
        "staff/queue.html",
        heading,
        heading=heading,
        count=count,
        empty=empty,
        query=query,
        newer=None,
        older=None,
        theirs=[],
        **context,
    )


async def _context(conn: Connection, visit: Visit, rows: Sequence[OrderRow]) -> Context:
    shown = await in_queue(conn, visit.shop_id, rows, FULL_FORMS)
    said = SAID.get(visit.request.query_params.get("said", ""))
    return {
        "said": visit.say(said) if said else None,
        "thanks": await thanks_bar(conn, visit),
        "orders": [_order(visit, order) for order in shown],
        "undo": await undo_bar(conn, visit),
    }


async def _theirs(conn: Connection, visit: Visit, today: str) -> list[Context]:
    """What colleagues of the team have taken, or were handed: nobody else need look at it, and everybody can see it."""
    team = visit.person.team
    people = [p for p in visit.cast.people.values() if team and p.team == team and p.left_at is None]
    others = [person.id for person in people if person.id != visit.person.id]
    rows = await queue.list_taken(conn, visit.shop_id, others, today=today, limit=THEIRS) if others else []
    return [
        {
            "number": row.number,
            "name": row.first_name or "",
            "url": order_url(row.number),
            "portrait": visit.face(row.waiting_person_id, team)["portrait"],
            "has": has_it(visit, row),
            "late": late_text(visit, row),
        }
        for row in rows
    ]


def _order(visit: Visit, order: OrderInHand) -> Context:
    row = order.row
    step = visit.cast.steps.get(row.state)
    state = visit.step_name(step) if step else row.state
    return {
        "number": row.number,
        "name": row.first_name or "",
        "wait": visit.wait(row.waiting_since) if row.waiting_since else state,
        "late": late_text(visit, row),
        "asked": visit.say("A question waits") if order.asked else "",
        "has": has_it(visit, row),
        "url": order_url(row.number),
        "log": log_form(visit, order),
    }


def has_it(visit: Visit, row: OrderRow) -> str:
    """ "Anders har den", of what waits for a colleague by name."""
    if row.waiting_person_id is None or row.waiting_person_id == visit.person.id:
        return ""
    return visit.say("%(name)s has it", name=visit.face(row.waiting_person_id, row.waiting_team)["name"])
