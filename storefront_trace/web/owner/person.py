"""/owner/people/{handle}: what customers say of one person's work."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.storage.reports import Doer
from storefront_trace.web.owner.about import person_of
from storefront_trace.web.owner.told import show_told


async def show_person(request: Request) -> Response:
    return await show_told(request, Doer(person_of(request).id))
