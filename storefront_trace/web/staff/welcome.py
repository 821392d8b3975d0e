"""The first sign-in: asked how one wants to be seen, with what customers would see. Nothing is forced."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.web.forms import whole_form
from storefront_trace.web.staff.order import SAID
from storefront_trace.web.staff.seen import ways
from storefront_trace.web.staff.undo import undo_bar
from storefront_trace.web.staff.visit import REDIRECT, Visit

LATER = "later"
LONGEST = 32


def must_be_asked(visit: Visit) -> bool:
    """Until they have chosen, once per sign-in: "not now" holds for this session and leaves the team in place."""
    asked = visit.session.kiosk_id is None  # on a shared tablet they would be asked before everybody's eyes
    return asked and visit.person.visibility is None and visit.request.cookies.get(LATER) != visit.session.id


def to_welcome(request: Request) -> Response:
    """On the way to the queue, which would say what was just done: the welcome says it instead."""
    asked = ((name, request.query_params.get(name, "")[:LONGEST]) for name in ("done", "said"))
    told = urlencode([(name, value) for name, value in asked if value])
    return RedirectResponse("/staff/welcome" + (f"?{told}" if told else ""), 303, REDIRECT)


async def show_welcome(request: Request) -> Response:
    """`?done=` is the event that was just logged, `?said=` something else that was done before the question."""
    visit = Visit.of(request)
    return visit.show(
        "staff/welcome.html",
        visit.say("Welcome"),
        said=await _said(visit),
        seen=ways(visit),
        seen_action="/staff/me/visibility",
        later_action="/staff/welcome/later",
    )


async def _said(visit: Visit) -> str | None:
    query = visit.request.query_params
    said = [visit.say(SAID[code]) for code in (query.get("said", ""),) if code in SAID]
    if "done" in query:
        async with visit.desk.db.read() as conn:
            bar = await undo_bar(conn, visit)
        if bar is not None and bar["event"] == query["done"]:
            said.append(visit.say("%(logged)s. That is saved.", logged=bar["text"]))
    if said and visit.as_owner and visit.cast.shop.starting:
        said.append(visit.say("“First steps” at the foot of this page leads you back."))
    return " ".join(said) or None


async def post_later(request: Request) -> Response:
    visit = Visit.of(request)
    await whole_form(request)
    response = RedirectResponse("/staff", 303, REDIRECT)
    https = request.app.state.settings.https
    response.set_cookie(LATER, visit.session.id, path="/staff", secure=https, httponly=True, samesite="lax")
    return response
