"""/staff/scan: one box for a scanner that types, a camera and a hand. What is found opens with its step under Enter."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.domain.scanned import shop_mark
from storefront_trace.storage.orders import OrderRow
from storefront_trace.web.frame import CSP
from storefront_trace.web.staff.found import LONGEST, scanned_orders
from storefront_trace.web.staff.turns import state_text
from storefront_trace.web.staff.undo import undo_bar
from storefront_trace.web.staff.visit import REDIRECT, Context, Visit, order_url

# The reader of codes is compiled where the browser has none of its own: here and in a row alone.
SCAN_CSP = CSP.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")


async def show_scan(request: Request) -> Response:
    """`?code=`: our slip's address, an order's number with or without "#", or the number on a parcel. `?shop=` stands
    in our slip's address, which a phone's own camera opens."""
    visit = Visit.of(request)
    code = request.query_params.get("code", "").strip()[:LONGEST]
    async with visit.desk.db.read() as conn:
        ours = request.query_params.get("shop", "") in ("", shop_mark(visit.shop_id))
        rows = await scanned_orders(conn, visit, code) if code and ours else []
        if len(rows) == 1:
            return RedirectResponse(f"{order_url(rows[0].number)}?scanned=1", 303, REDIRECT)
        undo = await undo_bar(conn, visit)
    response = visit.show(
        "staff/scan.html",
        visit.say("Scan"),
        code=code,
        orders=[_choice(visit, row) for row in rows],
        undo=undo,
        done="done" in request.query_params,
    )
    response.headers["Content-Security-Policy"] = SCAN_CSP
    return response


def _choice(visit: Visit, row: OrderRow) -> Context:
    return {
        "number": row.number,
        "name": row.first_name or "",
        "state": state_text(visit, row),
        "url": f"{order_url(row.number)}?scanned=1",
    }
