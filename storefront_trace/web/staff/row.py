"""/staff/row: choose a step once, then scan order after order."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from storefront_trace.actions import corrections
from storefront_trace.actions.withdrawn import withdraw
from storefront_trace.domain.errors import N_, Conflict, DomainError, NotFound
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.moments import Moment, from_micros, local_day, start_of_day, to_micros
from storefront_trace.domain.scanned import LONGEST, order_code
from storefront_trace.domain.shop import ShopStep
from storefront_trace.storage import events
from storefront_trace.storage.database import Connection
from storefront_trace.web.errors import status_of
from storefront_trace.web.forms import read_form, text_of
from storefront_trace.web.staff.each import chosen_step, item, log_on, offered_steps, own_item, scan_key, step_of
from storefront_trace.web.staff.found import scanned_orders
from storefront_trace.web.staff.phone import happened_at
from storefront_trace.web.staff.scan import SCAN_CSP
from storefront_trace.web.staff.visit import REDIRECT, Context, Visit
from storefront_trace.web.wording import listed

MOST_SHOWN = 60
NOT_FOUND = N_("No order here has this number. Look at the slip again.")
SEVERAL = N_("This number stands for several orders: %(numbers)s. Scan the slip of the right one.")


async def show_row(request: Request) -> Response:
    """Without a step it asks which one; `?done=` is the event that was just logged or taken back."""
    visit = Visit.of(request)
    step = chosen_step(visit, request.query_params.get("step", ""))
    if step is None:
        return visit.show("staff/row_choose.html", visit.say("In a row"), **_choice(visit))
    return await _page(visit, step, done=request.query_params.get("done"))


async def post_row(request: Request) -> Response:
    """One scan, where there is no script to send it to web/staff/sync.py."""
    visit = Visit.of(request)
    async with read_form(request, max_fields=10) as form:
        step, code, once = step_of(visit, form), text_of(form, "code"), text_of(form, "once")
    told, error = await _scan(visit, step, code, once)
    if error is not None:
        return await _page(visit, step, told=told, error=error)
    return RedirectResponse(f"/staff/row?step={step.key}&done={told['event']}", 303, REDIRECT)


async def scan_once(visit: Visit, form: FormData, code: str, once: str) -> Response:
    """One scan that may have waited on the phone. `row` is the list's new line for a page that shows it, whatever
    became of the scan: a page that cannot read the answer shows nothing of it. What was done before, by whoever it was,
    is nothing to mend."""
    if text_of(form, "cancel"):
        event = await _take_back(visit, text_of(form, "step"), code, once)
        return JSONResponse({"event": event, "again": True}, 201, REDIRECT)
    try:
        told, error = await _scan(visit, step_of(visit, form), code, once, late=True, at=happened_at(visit, form))
    except DomainError as refused:
        told, error = _refused(visit, _shown(code), refused), refused
    answer: Context = {"event": told["event"], "again": False, "row": await _line(visit, text_of(form, "step"), told)}
    if told["kind"] == "refused":
        status = status_of(error) if error else 409
        return JSONResponse({"detail": told["said"], **answer}, status, REDIRECT, "application/problem+json")
    return JSONResponse(answer, 201, REDIRECT)


def _refused(visit: Visit, shown: str, error: DomainError) -> Context:
    return item(shown, "refused", next(iter(visit.errors(error).values())))


async def _take_back(visit: Visit, key: str, code: str, once: str) -> str | None:
    async with visit.desk.db.read() as conn:
        rows = await scanned_orders(conn, visit, code)
    by = visit.person.handle
    for row in rows:
        told = await withdraw(visit.desk, visit.shop_id, row.number, scan_key(once, row.number, key), by=by)
        if told is not None and told.person_id == visit.person.id:
            await corrections.correct_event(visit.desk, visit.shop_id, row.number, told.id, by=by, source="staff")
            return told.id
    return None


async def post_undo(request: Request) -> Response:
    """As an order's own undo, and back to the row."""
    visit = Visit.of(request)
    async with read_form(request, max_fields=10) as form:
        key, number, event = text_of(form, "step"), text_of(form, "number"), text_of(form, "event")
    try:
        await corrections.undo_step(visit.desk, visit.shop_id, number, event, by=visit.person.handle)
        told = item(number, "undone", visit.say("Taken back"))
    except DomainError as error:
        return await _not_undone(visit, key, number, error)
    if _wants_json(request):
        return JSONResponse(await _line(visit, key, told), headers=REDIRECT)
    return RedirectResponse(f"/staff/row?{urlencode({'step': key, 'done': event})}", 303, REDIRECT)


async def _not_undone(visit: Visit, key: str, number: str, error: DomainError) -> Response:
    """The script reads a refusal as a line of the list, like any other; without it the row says so on its page."""
    told = _refused(visit, number, error)
    if _wants_json(visit.request):
        return JSONResponse(await _line(visit, key, told), headers=REDIRECT)
    step = chosen_step(visit, key)
    if step is None:
        raise error
    return await _page(visit, step, told=told, error=error)


async def _scan(
    visit: Visit, step: ShopStep, code: str, once: str, *, late: bool = False, at: Moment | None = None
) -> tuple[Context, DomainError | None]:
    find = partial(scanned_orders, visit=visit, text=code)
    rows = await visit.desk.db.read_together(find) if code.strip() else []
    if not rows:
        return item(_shown(code), "refused", visit.say(NOT_FOUND)), NotFound(NOT_FOUND)
    if len(rows) > 1:
        numbers = listed([row.number for row in rows], visit.language)
        return item(_shown(code), "refused", visit.say(SEVERAL, numbers=numbers)), Conflict(SEVERAL)
    return await log_on(visit, step, rows[0], once, late=late, at=at)


def _shown(code: str) -> str:
    return order_code(code) or code.strip()[:LONGEST]


async def _line(visit: Visit, key: str, told: Context) -> Context:
    """As it stands in the page, made by the same template."""
    count = await visit.desk.db.read_together(partial(_count, visit=visit, key=key))
    html = visit.request.app.state.pages.render(visit.language, "staff/_row_item.html", item=told)
    return {"kind": told["kind"], "said": told["said"], "html": html, "count": count}


async def _page(
    visit: Visit,
    step: ShopStep,
    *,
    done: str | None = None,
    told: Context | None = None,
    error: DomainError | None = None,
) -> Response:
    async with visit.desk.db.read() as conn:
        since = _this_morning(visit)
        mine = (visit.shop_id, visit.person.id, step.key)
        found = await events.list_own_steps(conn, *mine, since=since, limit=MOST_SHOWN)
        count = await _count(conn, visit, step.key)
    listed = [own_item(visit, step, own) for own in found]
    told = told or next((one for one in listed if done and one["event"] == done), None)
    name = visit.step_name(step)
    response = visit.show(
        "staff/row.html",
        visit.say("In a row: %(step)s", step=name),
        error=error,
        errors={},  # said of the scan, not above the page
        step=step.key,
        step_name=name,
        icon=step.icon,
        who=visit.person.id,
        once=new_id(),
        told=told,
        listed=listed,
        count=count,
    )
    response.headers["Content-Security-Policy"] = SCAN_CSP
    return response


async def _count(conn: Connection, visit: Visit, key: str) -> str:
    since = _this_morning(visit)
    n = await events.count_own_steps(conn, visit.shop_id, visit.person.id, key, since=since)
    return visit.texts.ngettext("%(n)s order today", "%(n)s orders today", n) % {"n": n}


def _this_morning(visit: Visit) -> int:
    zone = visit.cast.shop.zone
    return to_micros(start_of_day(local_day(from_micros(visit.now), zone), zone))


def _choice(visit: Visit) -> Context:
    mine, others = offered_steps(visit)
    return {"mine": [_way(visit, step) for step in mine], "others": [_way(visit, step) for step in others]}


def _way(visit: Visit, step: ShopStep) -> Context:
    return {"url": f"/staff/row?step={step.key}", "label": visit.step_name(step), "icon": step.icon}


def _wants_json(request: Request) -> bool:
    return request.headers.get("accept", "").startswith("application/json")
