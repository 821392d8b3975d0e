"""Slips and labels: for one order or for a batch, to print from the browser or as a PDF. Nothing is changed by it."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import anyio
from markupsafe import Markup
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.domain.errors import N_, DomainError, Invalid, NotFound
from storefront_trace.domain.moments import day_of, from_micros, local_day, start_of_day, to_micros
from storefront_trace.domain.orders import SHIPPED
from storefront_trace.domain.shop import ShopStep
from storefront_trace.photos import codes
from storefront_trace.photos.files import MediaStore
from storefront_trace.photos.slips import KINDS, SIZES, Batch, Slip
from storefront_trace.storage import batches, queue
from storefront_trace.storage.database import Connection
from storefront_trace.storage.orders import OrderRow
from storefront_trace.web.staff.order import order_named_like
from storefront_trace.web.staff.paper import slips_of
from storefront_trace.web.staff.turns import state_text
from storefront_trace.web.staff.visit import Context, Visit, order_url, page_number

MOST = 100
FACE = 196
# The slip may lie in a browser's own viewer, which our pages' policy would keep empty. A PDF runs nothing of ours.
PDF_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src data: blob:; "
    "frame-ancestors 'none'",
}


async def show_slips(request: Request) -> Response:
    """Which orders: `?of=` "waiting" (for me), "today", or a step's key."""
    return await _chooser(Visit.of(request))


async def show_batch(request: Request) -> Response:
    """`number` as often as there are orders, `size` and `kind`."""
    visit = Visit.of(request)
    numbers = request.query_params.getlist("number")
    if not 0 < len(numbers) <= MOST:
        return await _chooser(visit, _refusal(numbers))
    return await _printed(visit, numbers, "/staff/slips")


async def show_batch_pdf(request: Request) -> Response:
    visit = Visit.of(request)
    numbers = request.query_params.getlist("number")
    if not 0 < len(numbers) <= MOST:
        return await _chooser(visit, _refusal(numbers))
    return await _pdf(visit, numbers)


async def show_slip(request: Request) -> Response:
    visit, number = Visit.of(request), request.path_params["number"]
    return await order_named_like(visit, number, "slip") or await _printed(visit, [number], order_url(number))


async def show_slip_pdf(request: Request) -> Response:
    visit, number = Visit.of(request), request.path_params["number"]
    return await order_named_like(visit, number, "slip.pdf") or await _pdf(visit, [number])


def _refusal(numbers: Sequence[str]) -> Invalid:
    if numbers:
        return Invalid(N_("At most 100 orders go on paper at once."))
    return Invalid(N_("Tick at least one order."))


async def _printed(visit: Visit, numbers: Sequence[str], back: str) -> Response:
    batch = await _batch(visit, numbers)
    drawn = await anyio.to_thread.run_sync(_drawn, batch.slips)
    single = back != "/staff/slips"
    here = f"{back}/slip" if single else f"{back}/print"

    def link(path: str, **changes: str) -> str:
        told = {"size": batch.size, "kind": batch.kind, **changes}
        chosen = [] if single else [("number", one) for one in numbers]
        return f"{path}?{urlencode([*told.items(), *chosen])}"

    return visit.show(
        "staff/slip.html",
        visit.say("Slip %(number)s", number=numbers[0]) if len(batch.slips) == 1 else visit.say("Slips"),
        slips=[{"slip": slip, "code": Markup(code)} for slip, code in zip(batch.slips, drawn, strict=True)],  # noqa: S704 - our own
        kind=batch.kind,
        size=batch.size,
        back=back,
        sizes=[(size, _size_name(visit, size), link(here, size=size)) for size in SIZES],
        kinds=[(kind, _kind_name(visit, kind), link(here, kind=kind)) for kind in KINDS],
        pdf=link(f"{back}/slip.pdf" if single else "/staff/slips.pdf"),
    )


async def _pdf(visit: Visit, numbers: Sequence[str]) -> Response:
    batch = await _batch(visit, numbers)
    faces = {slip.face for slip in batch.slips if slip.face} if batch.kind == "slip" else set()
    media: MediaStore = visit.request.app.state.media
    batch = replace(batch, faces=await anyio.to_thread.run_sync(_pictures, media, faces))
    pdf: bytes = await visit.request.app.state.slip_worker.write(batch)
    name = f"{batch.kind}s-{day_of(visit.now, visit.cast.shop.zone)}"
    if len(numbers) == 1:
        name = f"{batch.kind}-{re.sub(r'[^A-Za-z0-9]+', '-', numbers[0]).strip('-') or 'order'}"
    headers = {**PDF_HEADERS, "Content-Disposition": f'inline; filename="{name}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


async def _batch(visit: Visit, numbers: Sequence[str]) -> Batch:
    """Raises NotFound when there is none of them: what has been erased meanwhile is left out."""
    async with visit.desk.db.read() as conn:
        rows = await batches.find_orders(conn, visit.shop_id, numbers)
        if not rows:
            raise NotFound("We have no order with that number.")
        slips = await slips_of(conn, visit, rows)
    asked = visit.request.query_params
    languages = {slip.language for slip in slips}
    language = languages.pop() if len(languages) == 1 else visit.language
    return Batch(_asked(asked, "kind", KINDS), _asked(asked, "size", tuple(SIZES)), language, slips)


def _pictures(media: MediaStore, photos: Collection[str]) -> dict[str, str]:
    paths = {photo: media.path(photo, FACE, "webp") for photo in photos}
    return {photo: b64encode(path.read_bytes()).decode() for photo, path in paths.items() if path}


def _drawn(slips: Sequence[Slip]) -> list[str]:
    return [codes.svg(slip.code, quiet=0) for slip in slips]


async def _chooser(visit: Visit, error: DomainError | None = None) -> Response:
    asked, page = visit.request.query_params, page_number(visit.request)
    steps = _steps(visit)
    of = _asked(asked, "of", ("waiting", "today", *(step.key for step in steps)))
    async with visit.desk.db.read() as conn:
        rows = await _found(conn, visit, of, MOST + 1, (page - 1) * MOST)
    names = {"waiting": visit.say("Waiting for me"), "today": visit.say("Placed today")}
    names |= {step.key: visit.step_name(step) for step in steps}
    return visit.show(
        "staff/slips.html",
        visit.say("Print slips"),
        error=error,
        of=of,
        choices=[(key, name, f"/staff/slips?{urlencode({'of': key})}") for key, name in names.items()],
        orders=[_order(visit, row) for row in rows[:MOST]],
        ticked="none" not in asked,
        none_url=f"/staff/slips?{urlencode({'of': of, 'page': page, 'none': 1})}",
        all_url=f"/staff/slips?{urlencode({'of': of, 'page': page})}",
        sizes=[(size, _size_name(visit, size)) for size in SIZES],
        kinds=[(kind, _kind_name(visit, kind)) for kind in KINDS],
        newer=f"/staff/slips?{urlencode({'of': of, 'page': page - 1})}" if page > 1 else None,
        older=f"/staff/slips?{urlencode({'of': of, 'page': page + 1})}" if len(rows) > MOST else None,
    )


async def _found(conn: Connection, visit: Visit, of: str, limit: int, offset: int) -> list[OrderRow]:
    zone = visit.cast.shop.zone
    today = local_day(from_micros(visit.now), zone)
    if of == "waiting":
        me = visit.person
        return await queue.list_waiting(
            conn, visit.shop_id, me.id, me.team, today=today.isoformat(), limit=limit, offset=offset
        )
    if of == "today":
        since, until = (to_micros(start_of_day(day, zone)) for day in (today, today + timedelta(days=1)))
        return await batches.list_placed(conn, visit.shop_id, since, until, limit=limit, offset=offset)
    return await batches.list_in_state(conn, visit.shop_id, of, limit=limit, offset=offset)


def _steps(visit: Visit) -> list[ShopStep]:
    """Where an order can stand that has not left yet."""
    return [s for s in visit.cast.steps_in_order if s.effect == "advance" and s.position < SHIPPED]


def _order(visit: Visit, row: OrderRow) -> Context:
    return {"number": row.number, "name": row.first_name or "", "state": state_text(visit, row)}


def _asked(asked: QueryParams, name: str, known: Sequence[str]) -> str:
    """What is not among the known is the first of them."""
    return asked[name] if asked.get(name) in known else known[0]


def _size_name(visit: Visit, size: str) -> str:
    return "A6" if size == "a6" else "100 × 150 mm"


def _kind_name(visit: Visit, kind: str) -> str:
    return visit.say("Packing slip") if kind == "slip" else visit.say("Label")
