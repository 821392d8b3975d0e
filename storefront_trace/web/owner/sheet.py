"""/owner/sheet: cards to print, each with a code that signs one person's own phone in."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import people as actions
from storefront_trace.actions import signin
from storefront_trace.actions.proof import check_link_for
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.errors import N_
from storefront_trace.domain.shop import Cast, Person
from storefront_trace.storage import accounts, reports
from storefront_trace.storage.reports import Doer
from storefront_trace.web.forms import read_form
from storefront_trace.web.owner.base import alphabetical, doer_face, frame, language_of, mails_out, show, texts
from storefront_trace.web.owner.people import state_of
from storefront_trace.web.wording import moment_text

PATH = "/owner/sheet"
NOBODY = N_("Tick at least one person.")


async def show_sheet(request: Request) -> Response:
    return await _choose(request)


async def post_sheet(request: Request) -> Response:
    """Answers with the cards themselves: their links stand nowhere else. The field `handle` comes once for each;
    earlier links of theirs that nobody has used are dead from now."""
    cast: Cast = request.state.cast
    async with read_form(request) as form:
        wanted = {value for value in form.getlist("handle") if isinstance(value, str)}
    chosen = [person for person in _here(request) if person.handle in wanted]
    if not chosen:
        return await _choose(request, {"people": texts(request).gettext(NOBODY)})
    async with request.app.state.desk.db.read() as conn:
        await check_link_for(conn, request.state.session, [person.id for person in chosen], mails=mails_out(request))
    handles = [person.handle for person in chosen]
    made = await actions.invite_many(request.app.state.desk, cast.shop.id, handles)
    language, start = language_of(request), f"{request.app.state.settings.public_url}/signin/"
    codes = await asyncio.to_thread(lambda: [code(start + token) for _, token in made])
    cards = [
        {**doer_face(cast, Doer(person.id), language), "code": picture, "link": start + token}
        for (person, token), picture in zip(made, codes, strict=True)
    ]
    title = texts(request).gettext("Cards to sign in with")
    context = {"cards": cards, "people": [], "until": _until(request), "action": PATH}
    return show(request, "sheet", frame(request, title, "people") | context)


def code(text: str) -> str:
    """A QR code as SVG, black on white on paper and on a dark screen, with the quiet edge that readers need."""
    import segno  # where codes are drawn, not where pages are shown

    drawn = segno.make_qr(text, error="m")
    return str(drawn.svg_inline(border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True))


async def _choose(request: Request, errors: dict[str, str] | None = None) -> Response:
    cast: Cast = request.state.cast
    async with request.app.state.desk.db.read() as conn:
        seen = await reports.last_seen(conn, cast.shop.id)
        owners = await accounts.list_owners(conn, cast.shop.id)
    rows: list[dict[str, Any]] = [
        {
            **doer_face(cast, Doer(person.id), language_of(request)),
            "handle": person.handle,
            "state": state_of(request, person, seen),
            "ticked": seen.get(person.id) is None and person.id not in owners,
        }
        for person in _here(request)
    ]
    title = texts(request).gettext("Cards to sign in with")
    context = {"cards": [], "people": rows, "until": _until(request), "action": PATH}
    return show(request, "sheet", frame(request, title, "people", errors) | context)


def _here(request: Request) -> list[Person]:
    """Who works here, as one looks them up."""
    cast: Cast = request.state.cast
    here = [person for person in cast.people.values() if person.left_at is None]
    return sorted(here, key=lambda person: alphabetical(person.display_name, language_of(request)))


def _until(request: Request) -> str:
    zone = request.state.cast.shop.zone
    return moment_text(now_micros() + signin.LINK_DAYS * DAY, zone, "minute", language_of(request))
