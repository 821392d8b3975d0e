"""/owner/people/{handle}: what customers say of one person's work."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.storage.reports import Doer
from storefront_trace.web.owner.about import path_of, person_of
from storefront_trace.web.owner.base import doer_url
from storefront_trace.web.owner.told import show_told
from storefront_trace.web.rights import may


async def show_person(request: Request) -> Response:
    """Where the view of each person is switched off, and of who has left, what the shop itself keeps about them; a
    manager, who has nothing to do with that, is led to the team, whose their work is now."""
    cast, person = request.state.cast, person_of(request)
    about = may(request.state.session.role, "/owner/people/x/about")
    if about and not (cast.shop.per_person and person.left_at is None):
        return _led(f"{path_of(person)}/about")
    if person.left_at is not None:
        return _led(doer_url(cast, Doer(None, person.team)) if person.team in cast.teams else "/owner/people")
    return await show_told(request, Doer(person.id))


def _led(path: str) -> Response:
    return RedirectResponse(path, 303, {"Cache-Control": "no-store"})
