"""Why an order cannot take a step now, in words: for a list in which nobody has opened the order."""

from __future__ import annotations

from storefront_trace.actions.steps import NotTheirs
from storefront_trace.domain.errors import DomainError
from storefront_trace.domain.fitting import Unfit
from storefront_trace.domain.orders import Event
from storefront_trace.domain.shop import ShopStep
from storefront_trace.storage.orders import OrderRow
from storefront_trace.web.staff.turns import theirs
from storefront_trace.web.staff.visit import Visit
from storefront_trace.web.wording import tied


def why_not(visit: Visit, step: ShopStep, row: OrderRow, error: DomainError) -> str:
    if isinstance(error, NotTheirs):
        error = theirs(visit, error.step)
    if not isinstance(error, Unfit):
        return next(iter(visit.errors(error).values()))
    if error.event is not None:
        return already(visit, step, error.event)
    state, coming = visit.cast.steps.get(row.state), visit.cast.steps.get(row.next_step or "")
    named = visit.step_name(state) if state else row.state
    match error.why:
        case "closed":
            return visit.say("Nothing more can happen to it: %(state)s", state=named)
        case "past":
            return visit.say("It is further on already: %(state)s", state=named)
        case "elsewhere":
            return visit.say("It goes another way to the customer, without this step.")
        case "early":
            return visit.say("It has not left yet, so it cannot come back.")
        case "stock":
            return visit.say("Nothing of it is here: it waits for what is out of stock.")
        case _:
            return visit.say("First comes: %(step)s", step=visit.step_name(coming) if coming else named)


def already(visit: Visit, step: ShopStep, event: Event) -> str:
    """ "Redan gjort: Packad av Anders i dag kl. 9.14"."""
    when = tied(visit.when(event.at, event.precision, event.zone))
    if event.person_id == visit.person.id:
        return visit.say("Already done: %(step)s by you %(when)s", step=visit.step_name(step), when=when)
    name = visit.receiver(event.person_id, event.team)
    return visit.say("Already done: %(step)s by %(name)s %(when)s", step=visit.step_name(step), name=name, when=when)
