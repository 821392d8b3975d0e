"""What is said of an order's state, and of a step that is out of its turn."""

from __future__ import annotations

from collections.abc import Iterable

from storefront_trace.domain.errors import N_, Conflict
from storefront_trace.domain.orders import FINAL_STATES
from storefront_trace.domain.shop import ShopStep
from storefront_trace.domain.turns import OutOfTurn
from storefront_trace.storage.orders import OrderRow
from storefront_trace.web.staff.visit import Visit
from storefront_trace.web.wording import listed

FIRST = N_("%(steps)s comes first. Log that, or ask the owner to let steps be skipped.")
BACK = N_(
    "This order is further on: %(state)s. Take the later steps back first, or ask the owner to let steps be repeated."
)
AGAIN = N_("%(step)s is logged already. Take that back first, or ask the owner to let steps be repeated.")


def refusal(visit: Visit, row: OrderRow, step: ShopStep, turn: OutOfTurn) -> Conflict:
    """Where the shop wants its steps in order."""
    if turn.kind == "skip":
        return Conflict(FIRST, params={"steps": _names(visit, turn.missing)})
    if turn.kind == "back":
        return Conflict(BACK, params={"state": state_text(visit, row)})
    return Conflict(AGAIN, params={"step": visit.step_name(step)})


def question_text(visit: Visit, row: OrderRow, step: ShopStep, turn: OutOfTurn) -> str:
    label = visit.step_name(step)
    if turn.kind == "skip" and len(turn.missing) == 1:
        missing = _names(visit, turn.missing)
        return visit.say("%(missing)s is not logged yet. Log %(step)s anyway?", missing=missing, step=label)
    if turn.kind == "skip":
        missing = _names(visit, turn.missing)
        return visit.say("Not logged yet: %(missing)s. Log %(step)s anyway?", missing=missing, step=label)
    if turn.event is not None:
        who = visit.receiver(turn.event.person_id, turn.event.team)
        when = visit.when(turn.event.at, turn.event.precision, turn.event.zone)
        text = N_("%(step)s is logged already, by %(name)s %(when)s. Log it once more?")
        return visit.say(text, step=label, name=who, when=when)
    return visit.say(
        "This order is further on: %(state)s. Log %(step)s anyway?", state=state_text(visit, row), step=label
    )


def state_text(visit: Visit, row: OrderRow) -> str:
    """ "Packad, nu hos Anders, utlovad torsdag 26 november"."""
    step = visit.cast.steps.get(row.state)
    parts = [visit.step_name(step) if step else row.state]
    if row.state not in FINAL_STATES:
        if row.holder_person_id or row.holder_team:
            name = visit.receiver(row.holder_person_id, row.holder_team)
            mine = row.holder_person_id == visit.person.id
            parts.append(visit.say("now with you") if mine else visit.say("now with %(name)s", name=name))
        if row.promise_to:
            parts.append(visit.say("promised for %(day)s", day=visit.day(row.promise_to)))
    return ", ".join(parts)


def _names(visit: Visit, keys: Iterable[str]) -> str:
    return listed([visit.step_name(visit.cast.steps[key]) for key in keys], visit.language)
