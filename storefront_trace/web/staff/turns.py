"""What is said of an order's state, and of a step that is out of its turn."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator

from storefront_trace.actions.steps import NotTheirs
from storefront_trace.domain.errors import N_, Conflict
from storefront_trace.domain.moments import day_of
from storefront_trace.domain.orders import FINAL_STATES
from storefront_trace.domain.shop import ShopStep
from storefront_trace.domain.turns import OutOfTurn
from storefront_trace.storage.orders import OrderRow
from storefront_trace.web.faces import Face, begun, carrier_face, carrier_name, team_name
from storefront_trace.web.staff.visit import Visit
from storefront_trace.web.wording import listed

CHOOSE = N_("Choose what has happened.")
FIRST = N_("%(steps)s comes first. Log that, or ask the owner to let steps be skipped.")
BACK = N_(
    "This order is further on: %(state)s. Take the later steps back first, or ask the owner to let steps be repeated."
)
THEIRS = N_("%(step)s is logged by %(team)s alone. Ask somebody there, or the owner. Nothing was logged.")
AGAIN = N_("%(step)s is logged already. Take that back first, or ask the owner to let steps be repeated.")


def theirs(visit: Visit, step: ShopStep) -> Conflict:
    """Of a step that this person's team does not log."""
    team = visit.inside(team_name(visit.cast, step.logged_by, visit.language))
    return Conflict(THEIRS, params={"step": visit.step_name(step), "team": team})


def only_for(visit: Visit, step: ShopStep) -> str:
    team = visit.inside(team_name(visit.cast, step.logged_by, visit.language))
    return visit.say("%(step)s is logged by %(team)s alone.", step=visit.step_name(step), team=team)


@contextlib.contextmanager
def with_names(visit: Visit) -> Iterator[None]:
    try:
        yield
    except NotTheirs as error:
        raise theirs(visit, error.step) from None


def refusal(visit: Visit, row: OrderRow, step: ShopStep, turn: OutOfTurn) -> Conflict:
    """Where the shop wants its steps in order."""
    if turn.kind == "skip":
        return Conflict(FIRST, params={"steps": _names(visit, turn.missing)})
    if turn.kind == "back":
        return Conflict(BACK, params={"state": _state(visit, row)})
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
        return begun(visit.say(text, step=label, name=who, when=when))
    return visit.say("This order is further on: %(state)s. Log %(step)s anyway?", state=_state(visit, row), step=label)


def state_text(visit: Visit, row: OrderRow, carrier: str = "") -> str:
    """ "Packad, väntar på Anders, utlovad till torsdag 26 november". `carrier` is its name, where it is known. What is
    late says so elsewhere: see `late_text`."""
    parts = [_state(visit, row)]
    if row.state not in FINAL_STATES:
        parts.append(_with_whom(visit, row, carrier))
        if row.promise_to and not late_text(visit, row):
            parts.append(visit.say("promised for %(day)s", day=visit.day(row.promise_to)))
    return ", ".join(filter(None, parts))


def _state(visit: Visit, row: OrderRow) -> str:
    step = visit.cast.steps.get(row.state)
    return visit.step_name(step) if step else row.state


def late_text(visit: Visit, row: OrderRow) -> str:
    """ "var utlovad till tisdag 17 november", the same on every page. Only of what still waits here: what is with a
    carrier is not late in anybody's queue."""
    today = day_of(visit.now, visit.cast.shop.zone)
    if row.waiting_since is None or row.promise_to is None or row.promise_to > today:
        return ""
    if row.promise_to == today:
        return visit.say("promised for today")
    return visit.say("was promised for %(day)s", day=visit.day(row.promise_to))


def whose_turn(visit: Visit, row: OrderRow) -> Face | None:
    """Whom an order that is not at its end waits for, or who has it when it waits for nobody here. Of a team whoever
    had it last, as the customer sees it."""
    if row.state in FINAL_STATES:
        return None
    if row.waiting_since is not None:
        last = visit.cast.people.get(row.holder_person_id or "")
        theirs = row.waiting_person_id is None and last is not None and last.team == row.waiting_team
        return visit.face(row.holder_person_id if theirs else row.waiting_person_id, row.waiting_team)
    if is_carried(visit, row):
        return carrier_face(carrier_name(visit.cast, visit.language))
    held = row.holder_person_id or row.holder_team
    return visit.face(row.holder_person_id, row.holder_team) if held else None


def is_carried(visit: Visit, row: OrderRow) -> bool:
    """With a carrier: what comes next nobody here does."""
    step = visit.cast.steps.get(row.next_step or "")
    return row.waiting_since is None and row.method == "parcel" and step is not None and step.team is None


def _with_whom(visit: Visit, row: OrderRow, carrier: str) -> str:
    if row.waiting_since is not None:
        if row.waiting_person_id == visit.person.id:
            return visit.say("waits for you")
        return visit.say("waits for %(name)s", name=visit.receiver(row.waiting_person_id, row.waiting_team))
    if is_carried(visit, row):
        return visit.say("now with %(name)s", name=carrier) if carrier else visit.say("now with the carrier")
    if row.holder_person_id == visit.person.id:
        return visit.say("now with you")
    if row.holder_person_id or row.holder_team:
        return visit.say("now with %(name)s", name=visit.receiver(row.holder_person_id, row.holder_team))
    return ""


def _names(visit: Visit, keys: Iterable[str]) -> str:
    return listed([visit.step_name(visit.cast.steps[key]) for key in keys], visit.language)
