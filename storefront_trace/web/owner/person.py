"""/owner/people/{handle}: what customers say of one person's work."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.storage.reports import Doer
from storefront_trace.web.owner.about import path_of, person_of
from storefront_trace.web.owner.told import show_told
from storefront_trace.web.rights import may


async def show_person(request: Request) -> Response:
    """Where the view of each person is switched off, what the shop itself keeps about them."""
    if not request.state.cast.shop.per_person and may(request.state.session.role, "/owner/people/x/about"):
        return RedirectResponse(f"{path_of(person_of(request))}/about", 303, {"Cache-Control": "no-store"})
    return await show_told(request, Doer(person_of(request).id))
