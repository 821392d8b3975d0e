"""One step on all the orders that were ticked, and taking it back."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import corrections
from storefront_trace.domain.errors import N_, DomainError, Invalid, TooLarge
from storefront_trace.domain.shop import ShopStep
from storefront_trace.storage import orders
from storefront_trace.web.forms import read_form, text_of, texts_of
from storefront_trace.web.staff.each import item, log_on, step_of
from storefront_trace.web.staff.table import Asked
from storefront_trace.web.staff.visit import Context, Visit

MOST = 100
LONGEST_QUERY = 2000
NONE_TICKED = N_("Tick at least one order.")


async def post_bulk(request: Request) -> Response:
    """Each order in its own transaction: what one refuses does not hold the others up. The same form sent again logs
    nothing twice and is answered as the first time."""
    visit = Visit.of(request)
    async with read_form(request, max_fields=MOST + 20) as form:
        step, numbers = step_of(visit, form), list(dict.fromkeys(texts_of(form, "orders")))
        once, back = text_of(form, "once"), _back(visit, text_of(form, "back"))
    if not numbers:
        raise Invalid(NONE_TICKED, errors=[("orders", NONE_TICKED)])
    if len(numbers) > MOST:
        raise TooLarge("Tick at most a hundred orders at once.")
    told = [await _log(visit, step, number, once) for number in numbers]
    n = sum(one["kind"] == "logged" for one in told)
    heading = visit.texts.ngettext("%(n)s order logged: %(step)s", "%(n)s orders logged: %(step)s", n)
    said = heading % {"n": n, "step": visit.step_name(step)}
    return _page(visit, step, said, told, back, visit.say("Not logged"))


async def post_undo(request: Request) -> Response:
    """`event` and `number` in pairs. What cannot be taken back any more is said, and the others are, whatever the owner
    has made of the step meanwhile."""
    visit = Visit.of(request)
    async with read_form(request, max_fields=2 * MOST + 20) as form:
        step, back = visit.cast.steps.get(text_of(form, "step")), _back(visit, text_of(form, "back"))
        pairs = list(zip(texts_of(form, "event"), texts_of(form, "number"), strict=False))
    told = [await _undo(visit, event, number) for event, number in pairs[:MOST]]
    n = sum(one["kind"] == "undone" for one in told)
    if step is None:
        heading = visit.texts.ngettext("%(n)s order taken back", "%(n)s orders taken back", n) % {"n": n}
    else:
        heading = visit.texts.ngettext("%(n)s order taken back: %(step)s", "%(n)s orders taken back: %(step)s", n)
        heading %= {"n": n, "step": visit.step_name(step)}
    return _page(visit, step, heading, told, back, visit.say("Not taken back"))


async def _log(visit: Visit, step: ShopStep, number: str, once: str) -> Context:
    async with visit.desk.db.read() as conn:
        row = await orders.find_order(conn, visit.shop_id, number)
    if row is None:
        return item(number, "refused", visit.say("We have no order with that number."))
    return (await log_on(visit, step, row, once))[0]


async def _undo(visit: Visit, event: str, number: str) -> Context:
    try:
        done = await corrections.undo_step(visit.desk, visit.shop_id, number, event, by=visit.person.handle)
    except DomainError as error:
        return item(number, "refused", next(iter(visit.errors(error).values())))
    return item(number, "undone", visit.say("Taken back"), done.order)


def _page(
    visit: Visit, step: ShopStep | None, heading: str, told: list[Context], back: str, refused_heading: str
) -> Response:
    refused = [one for one in told if one["kind"] in ("refused", "done")]
    well = [one for one in told if one not in refused]
    undo = [one["undo"] for one in told if one["undo"]]
    return visit.show(
        "staff/bulk.html",
        heading,
        heading=heading,
        refused=refused,
        refused_heading=refused_heading,
        well=well,
        undo=undo,
        step=step.key if step else "",
        back=back,
    )


def _back(visit: Visit, query: str) -> str:
    """Where the ticks were, and nowhere else: only what the table itself knows is kept of it."""
    params = dict(parse_qsl(query[:LONGEST_QUERY]))
    page = params.get("page", "")
    return Asked.of(params, visit).url(int(page) if page.isascii() and page.isdigit() and len(page) < 4 else 1)
