"""On /staff/me: my passkeys, adding one and removing one."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.actions import passkeys as actions
from storefront_trace.domain.errors import DomainError
from storefront_trace.domain.passkeys import host_of
from storefront_trace.storage import passkeys
from storefront_trace.storage.database import Connection
from storefront_trace.web.forms import whole_form
from storefront_trace.web.passkeys import answer_of, asked, done, place_of, refused, ticket_of
from storefront_trace.web.signin import device_of
from storefront_trace.web.staff.visit import REDIRECT, Context, Visit

PATH = "/staff/me/passkeys"


async def post_start(request: Request) -> Response:
    visit = Visit.of(request)
    try:
        place = place_of(request, visit.cast.shop.name)
        options, ticket = await actions.begin_add(visit.desk, place, visit.session, visit.person.display_name)
    except DomainError as error:
        return refused(request, error)
    return asked(request, options, ticket)


async def post_passkey(request: Request) -> Response:
    visit = Visit.of(request)
    try:
        await actions.finish_add(
            visit.desk,
            place_of(request, visit.cast.shop.name),
            visit.session,
            ticket_of(request),
            await answer_of(request),
            name=device_of(request),
        )
    except DomainError as error:
        return refused(request, error)
    return done(request, "/staff/me?done=passkey#passkeys")


async def post_end_passkey(request: Request) -> Response:
    visit = Visit.of(request)
    await whole_form(request)
    await actions.remove(visit.desk, visit.session, request.path_params["passkey"])
    return RedirectResponse("/staff/me?done=passkey-gone#passkeys", 303, REDIRECT)


async def passkeys_context(conn: Connection, visit: Visit) -> Context:
    """What templates/staff/_passkeys.html shows."""
    found = await passkeys.list_passkeys(conn, visit.shop_id, visit.session.account_id)
    host = host_of(visit.request.app.state.settings.public_url) if visit.session.kiosk_id is None else None
    return {
        "passkeys": [
            {
                "name": one.name or visit.say("A device"),
                "since": visit.say("Added %(when)s", when=visit.when(one.created_at)),
                "used": visit.say("Last used %(when)s", when=visit.when(one.used_at)) if one.used_at else None,
                "end_action": f"{PATH}/{one.id}/end",
            }
            for one in found
        ],
        "passkey_actions": {"host": host, "start": f"{PATH}/start", "finish": PATH} if host else None,
    }
