"""Something is out of stock, or late: which things, until when, what is promised instead, and who sees to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.actions import steps
from storefront_trace.actions.steps import LoggedStep, StepToLog
from storefront_trace.domain.errors import N_, Conflict, DomainError, Invalid, NotFound
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.moments import Moment, day_of
from storefront_trace.domain.orders import Line
from storefront_trace.domain.shop import ShopStep
from storefront_trace.storage import events, orders
from storefront_trace.storage.database import Connection
from storefront_trace.web.forms import ONCE, read_form, text_of, texts_of
from storefront_trace.web.staff.form import OrderInHand, seen_as
from storefront_trace.web.staff.lines import line_tiles, offered_lines
from storefront_trace.web.staff.log import LONGEST_FIELD, MOST_FIELDS
from storefront_trace.web.staff.order import in_hand, order_named_like
from storefront_trace.web.staff.phrases import chosen, reasons, with_phrases
from storefront_trace.web.staff.receivers import colleagues, teams
from storefront_trace.web.staff.turns import state_text, with_names
from storefront_trace.web.staff.visit import REDIRECT, Context, Visit, order_url

PASSED = N_("Choose a day that is still ahead.")
TOO_FAR = N_("Choose a day within the next two years.")
TOO_SOON = N_("It comes later than that. Choose the same day for the customer, or one after it.")
UNREADABLE = N_("Write the day as 2026-12-24.")
LEFT = N_("Some of what you ticked has left or come meanwhile. Look at the order, and choose again.")
UNSAID = N_("Tap a reason or write one: the customer reads it.")
FARTHEST = 2 * 365


@dataclass(frozen=True)
class Asked:
    """As it was typed and ticked. `counts` are pieces by line."""

    lines: tuple[str, ...] = ()
    counts: dict[str, str] = field(default_factory=dict)
    until: str = ""
    promise: str = ""
    note: str = ""
    phrases: tuple[str, ...] = ()
    hand_to: str = ""
    once: str = field(default_factory=new_id)


async def show_pause(request: Request) -> Response:
    visit, number, key = Visit.of(request), request.path_params["number"], request.path_params["step"]
    named_like_this = await order_named_like(visit, number, f"pause/{key}")
    return named_like_this or await _page(visit, number, _step(visit, key), Asked())


async def post_pause(request: Request) -> Response:
    """303 to where undo is offered; a refusal shows the page again with what was filled in."""
    visit, number = Visit.of(request), request.path_params["number"]
    step = _step(visit, request.path_params["step"])
    async with read_form(request, max_fields=2 * MOST_FIELDS, max_part_size=LONGEST_FIELD) as form:
        try:
            logged = await log_pause(visit, number, step.key, form)
        except (Invalid, Conflict) as error:
            return await _page(visit, number, step, _asked(form), error)
    return RedirectResponse(f"/staff?done={logged.event.id}", 303, REDIRECT)


async def log_pause(visit: Visit, number: str, key: str, form: FormData, *, at: Moment | None = None) -> LoggedStep:
    """`at` is when it was said, when that was not now. Its days are days from now on all the same: nobody is promised
    one that has passed."""
    step, asked = _step(visit, key), _asked(form)
    async with visit.desk.db.read() as conn:
        row = await orders.get_order(conn, visit.shop_id, number)
        lines = offered_lines(await orders.list_lines(conn, visit.shop_id, row.id))
        told = _told(visit, step, asked, lines, at)
        gone = {*asked.lines} - {line.key for line in lines}
        if gone and not (told.source_key and await _is_told(conn, visit, told.source_key)):
            raise Conflict(LEFT, errors=[("lines", LEFT)])
    with with_names(visit):
        return await steps.log_step(visit.desk, visit.shop_id, number, told)


async def _is_told(conn: Connection, visit: Visit, source_key: str) -> bool:
    return await events.find_event_by_source_key(conn, visit.shop_id, "staff", source_key) is not None


def _step(visit: Visit, key: str) -> ShopStep:
    step = visit.cast.steps.get(key)
    if step is None or step.effect != "pause":
        raise NotFound("There is no such step.")
    return step


async def _page(visit: Visit, number: str, step: ShopStep, asked: Asked, error: DomainError | None = None) -> Response:
    async with visit.desk.db.read() as conn:
        [order] = await in_hand(conn, visit.shop_id, [await orders.get_order(conn, visit.shop_id, number)])
    row, name = order.row, visit.step_name(step)
    today = date.fromisoformat(day_of(visit.now, visit.cast.shop.zone))
    return visit.show(
        "staff/pause.html",
        f"{name}: {row.number}",
        error=error,
        number=row.number,
        name=row.first_name or "",
        state=state_text(visit, row),
        step={"key": step.key, "label": name, "icon": step.icon},
        action=f"{order_url(row.number)}/pause/{step.key}",
        back=order_url(row.number),
        lines=_lines(order, asked),
        keepers=_keepers(visit, asked),
        phrases=[
            {"text": text, "meaning": meaning, "checked": text in asked.phrases}
            for text, meaning in reasons(visit, row)
        ],
        asked=asked,
        today=today.isoformat(),
        tomorrow=(today + timedelta(days=1)).isoformat(),
        promised=visit.say("promised for %(day)s", day=visit.day(row.promise_to)) if row.promise_to else "",
        preview=seen_as(visit, row),
    )


def _lines(order: OrderInHand, asked: Asked) -> list[Context]:
    """Each with how many are left, of which some may be missing."""
    offered = offered_lines(order.lines)
    tiles = line_tiles(offered, asked.lines)
    left = {line.key: line.open_quantity - line.shipped for line in offered}
    return [
        {**tile, "title": line.title, "left": left[line.key], "count": asked.counts.get(line.key) or left[line.key]}
        for tile, line in zip(tiles, offered, strict=True)
    ]


def _keepers(visit: Visit, asked: Asked) -> list[Context]:
    me = visit.face(visit.person.id, visit.person.team)
    first = {"value": "", "label": visit.say("I do"), "portrait": me["portrait"], "icon": "person"}
    offered = [first, *colleagues(visit), *teams(visit, None)]
    known = any(to["value"] == asked.hand_to for to in offered)
    return [{**to, "checked": to["value"] == (asked.hand_to if known else "")} for to in offered]


def _asked(form: FormData) -> Asked:
    once = text_of(form, "once")
    ticked = tuple(filter(None, texts_of(form, "lines")))
    return Asked(
        lines=ticked,
        counts={key: text_of(form, f"count-{key}").strip() for key in ticked},
        until=text_of(form, "until").strip(),
        promise=text_of(form, "promise").strip(),
        note=text_of(form, "note"),
        phrases=tuple(chosen(form)),
        hand_to=text_of(form, "hand_to"),
        once=once if ONCE.fullmatch(once) else "",
    )


def _told(visit: Visit, step: ShopStep, asked: Asked, lines: list[Line], at: Moment | None) -> StepToLog:
    today = date.fromisoformat(day_of(visit.now, visit.cast.shop.zone))
    # Until today it need not wait, unless it was said before today and came late.
    until = _day(asked.until, "until", today, today if at is not None else today + timedelta(days=1))
    promise = _day(asked.promise, "promise", today, today)
    if until and promise and promise < until:
        raise Invalid(TOO_SOON, errors=[("promise", TOO_SOON)])
    if not asked.lines and not with_phrases(asked.note, asked.phrases):
        raise Invalid(UNSAID, errors=[("note", UNSAID)])
    return StepToLog(
        step=step.key,
        by=visit.person.handle,
        at=at,
        note=with_phrases(asked.note, asked.phrases),
        hand_to=asked.hand_to or None,
        lines=tuple(_piece(line, asked) for line in lines if line.key in asked.lines),
        until=until,
        promise=(promise, promise) if promise else None,
        source="staff",
        device=visit.session.device or None,
        as_owner=visit.as_owner,
        source_key=f"once:{asked.once}:{step.key}" if asked.once else None,
    )


def _piece(line: Line, asked: Asked) -> tuple[str, int]:
    left, typed = line.open_quantity - line.shipped, asked.counts.get(line.key, "")
    if not typed:
        return line.key, left
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 6 and 0 < int(typed) <= left):
        message = N_("Of each thing between one and as many as are left can be missing.")
        raise Invalid(message, errors=[("lines", message)])
    return line.key, int(typed)


def _day(typed: str, name: str, today: date, first: date) -> str | None:
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise Invalid(UNREADABLE, errors=[(name, UNREADABLE)]) from None
    if day < first:
        raise Invalid(PASSED, errors=[(name, PASSED)])
    if (day - today).days > FARTHEST:
        raise Invalid(TOO_FAR, errors=[(name, TOO_FAR)])
    return day.isoformat()
