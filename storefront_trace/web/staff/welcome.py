"""The first sign-in: asked how one wants to be seen, with what customers would see. Nothing is forced."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.web.forms import whole_form
from storefront_trace.web.staff.seen import ways
from storefront_trace.web.staff.visit import REDIRECT, Visit

LATER = "later"


def must_be_asked(visit: Visit) -> bool:
    """Until they have chosen, once per sign-in: "not now" holds for this session and leaves the team in place."""
    asked = visit.session.kiosk_id is None  # on a shared tablet they would be asked before everybody's eyes
    return asked and visit.person.visibility is None and visit.request.cookies.get(LATER) != visit.session.id


async def show_welcome(request: Request) -> Response:
    visit = Visit.of(request)
    return visit.show(
        "staff/welcome.html",
        visit.say("Welcome"),
        seen=ways(visit),
        seen_action="/staff/me/visibility",
        later_action="/staff/welcome/later",
    )


async def post_later(request: Request) -> Response:
    visit = Visit.of(request)
    await whole_form(request)
    response = RedirectResponse("/staff", 303, REDIRECT)
    https = request.app.state.settings.https
    response.set_cookie(LATER, visit.session.id, path="/staff", secure=https, httponly=True, samesite="lax")
    return response
