"""One step on one of many orders, and the line that says what became of it: in a row, and over a list."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Literal

from starlette.datastructures import FormData

from storefront_trace.actions import rows
from storefront_trace.actions.corrections import UNDO
from storefront_trace.actions.steps import LoggedStep, StepToLog
from storefront_trace.domain.errors import DomainError, Invalid
from storefront_trace.domain.fitting import IN_A_ROW, Unfit
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.moments import Moment
from storefront_trace.domain.orders import RECEIVED, WITHDRAWN, Line, Parcel
from storefront_trace.domain.shop import ShopStep
from storefront_trace.storage import orders
from storefront_trace.storage.database import Connection
from storefront_trace.storage.events import OwnStep
from storefront_trace.storage.orders import OrderRow
from storefront_trace.web.forms import ONCE, text_of
from storefront_trace.web.staff.anew import anew
from storefront_trace.web.staff.fits import why_not
from storefront_trace.web.staff.lines import covered, what_is_here
from storefront_trace.web.staff.turns import CHOOSE
from storefront_trace.web.staff.visit import Context, Visit, order_url
from storefront_trace.web.wording import clock_text, listed

# What the scanner's sound and the colour follow.
Kind = Literal["logged", "done", "refused", "undone"]


def offered_steps(visit: Visit) -> tuple[list[ShopStep], list[ShopStep]]:
    """(those of this person's team, the others): what can be logged without looking at each order. What comes back
    stands behind what goes out."""
    offered = [step for step in visit.cast.standing if step.effect in IN_A_ROW and visit.may_log(step)]
    offered.sort(key=lambda step: IN_A_ROW.index(step.effect))
    mine = [step for step in offered if step.team is not None and step.team == visit.person.team]
    return mine, [step for step in offered if step not in mine]


def chosen_step(visit: Visit, key: str) -> ShopStep | None:
    step = visit.cast.steps.get(key)
    return step if step is not None and step.effect in IN_A_ROW else None


def step_of(visit: Visit, form: FormData) -> ShopStep:
    step = chosen_step(visit, text_of(form, "step"))
    if step is None:
        raise Invalid(CHOOSE, errors=[("step", CHOOSE)])
    return step


async def log_on(
    visit: Visit, step: ShopStep, row: OrderRow, once: str, *, late: bool = False, at: Moment | None = None
) -> tuple[Context, DomainError | None]:
    """The line about this order, and the refusal if it is one: whatever is wrong with it holds no other up.

    `once` names this tap or scan: the same sent again is logged once. What comes `late`, from a phone, is sent again by
    itself, and changes nothing then. `at` is when it happened, if not now."""
    try:
        logged = await _log(visit, step, row, once, late, at)
    except DomainError as error:
        kind: Kind = "done" if isinstance(error, Unfit) and error.why == "done" else "refused"
        return item(row.number, kind, why_not(visit, step, row, error), row), error
    if logged.event.kind == WITHDRAWN:
        return item(row.number, "undone", visit.say("Taken back"), row), None
    fallen = logged.event.id in logged.state.corrected
    coming = visit.cast.steps.get(row.next_step or "")
    before = step.position if logged.again or coming is None else coming.position - 1
    return own_item(visit, step, OwnStep(row.number, row.first_name, logged.event, fallen, row.method, before)), None


def _skipped(visit: Visit, step: ShopStep, own: OwnStep) -> str:
    """What was ours to do before, and nobody has logged. No hindrance, but worth a word."""
    before = RECEIVED if own.before is None else own.before
    ours = [one for one in visit.cast.standing if one.effect == "advance" and one.team is not None]
    over = [one for one in ours if one.is_on(own.method) and before < one.position < step.position]
    if step.effect != "advance" or not over:
        return ""
    return visit.say("Skipped: %(steps)s", steps=listed([visit.step_name(one) for one in over], visit.language))


def own_item(visit: Visit, step: ShopStep, own: OwnStep) -> Context:
    """Of what this person has logged, with the offer to take it back."""
    event = own.event
    if own.corrected:
        said, kind = visit.say("Taken back"), "undone"
    else:
        at = clock_text(event.at, visit.cast.shop.zone, visit.language)
        said, kind = visit.say("%(step)s %(when)s", step=visit.step_name(step), when=at), "logged"
        said = ". ".join(filter(None, (said, _skipped(visit, step, own))))
    may_undo = not own.corrected and visit.now - event.recorded_at <= UNDO
    return {
        **item(own.number, kind, said),
        "name": own.first_name or "",
        "url": order_url(own.number),
        "event": event.id,
        "undo": _undo(visit, own, step) if may_undo else None,
    }


def _undo(visit: Visit, own: OwnStep, step: ShopStep) -> Context:
    return {"event": own.event.id, "number": own.number, "step": step.key, "person": visit.person.id}


def item(number: str, kind: str, said: str, row: OrderRow | None = None) -> Context:
    return {
        "number": number,
        "name": (row.first_name or "") if row else "",
        "url": order_url(number) if row else None,
        "kind": kind,
        "said": said,
        "event": None,
        "undo": None,
    }


async def _log(visit: Visit, step: ShopStep, row: OrderRow, once: str, late: bool, at: Moment | None) -> LoggedStep:
    lines, parcels = await visit.desk.db.read_together(partial(_things, visit.shop_id, row.id))
    about = what_is_here(step, lines) or covered(step, lines, parcels, [])
    told = StepToLog(
        step=step.key,
        by=visit.person.handle,
        at=at,
        lines=about.lines,
        source="staff",
        device=visit.session.device or None,
        as_owner=visit.as_owner,
        source_key=scan_key(once, row.number, step.key) if ONCE.fullmatch(once) else None,
    )
    if about.parcel is not None or about.new_parcel:
        told = replace(told, parcel=Parcel(about.parcel or f"hand-{new_id()}"))

    async def log(key: str | None) -> LoggedStep:
        return await rows.log_fitting(visit.desk, visit.shop_id, row.number, replace(told, source_key=key))

    return await (log if late else anew(log))(told.source_key)


def scan_key(once: str, number: str, step: str) -> str:
    """Of this order: the same tick of a list goes to many."""
    return f"once:{once}:{number}:{step}"


async def _things(shop_id: str, order_id: str, conn: Connection) -> tuple[list[Line], list[Parcel]]:
    return await orders.list_lines(conn, shop_id, order_id), await orders.list_parcels(conn, shop_id, order_id)
