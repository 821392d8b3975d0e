"""A form that somebody else had opened: nothing of it is done before a person has said whose it is."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.domain.errors import N_, NotAllowed
from storefront_trace.web.errors import SCRIPTS, answer
from storefront_trace.web.faces import begun
from storefront_trace.web.forms import SomebodyElse
from storefront_trace.web.staff.visit import Context, Visit

WAITS = N_("Somebody else has logged this. It waits until they sign in on this device.")
# How they are seen, their PIN, their devices: nobody does that for another.
OWN = "/staff/me"
# What a person writes themselves, and what stands on no page once it is sent.
WRITTEN = ("note", "words", "side", "reason", "tracking_number")
NEVER_SHOWN = ("pin", "old", "person")
MOST_SHOWN = 5


async def show_whose(request: Request, error: Exception) -> Response:
    """409 with the form again, and a button for each of the two. Our own scripts keep what they could not send."""
    assert isinstance(error, SomebodyElse)
    if request.url.path in SCRIPTS or request.headers.get("accept", "").startswith("application/json"):
        return answer(request, 403, error=NotAllowed(WAITS))
    visit = Visit.of(request)
    found = visit.cast.people.get(error.whose)
    title = visit.say("You are signed in as %(name)s now", name=visit.person.display_name)
    return visit.show(
        "staff/whose.html",
        title,
        error=error,
        errors={},  # said above the buttons
        heading=title,
        whose={"id": found.id, "name": found.display_name} if found else None,
        what=_what(visit, _step(visit, error)),
        step=_step(visit, error) if "number" in request.path_params else "",
        form=None if request.url.path.startswith(OWN) else _form(request, error),
    )


def _step(visit: Visit, error: SomebodyElse) -> str:
    """ "Packad", where the form logs one."""
    key = visit.request.path_params.get("step") or dict(error.fields).get("step")
    step = visit.cast.steps.get(str(key))
    return visit.step_name(step) if step else ""


def _what(visit: Visit, step: str) -> str:
    """ "Packad, order 1012": what would be sent, which no field shows."""
    number = visit.request.path_params.get("number")
    if not number:
        return step
    order = visit.say("order %(number)s", number=number)
    return begun(f"{step}, {order}" if step else order)


def _form(request: Request, error: SomebodyElse) -> Context:
    fields = [(name, value) for name, value in error.fields if name not in NEVER_SHOWN]
    written = [value for name, value in fields if name in WRITTEN and value.strip()]
    return {"action": request.url.path, "fields": fields, "written": written[:MOST_SHOWN], "pictures": error.pictures}
