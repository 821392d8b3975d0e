"""Signing in with a passkey: what the browser's dialog is asked, and the way in. For static/passkey.js alone."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from storefront_trace.actions import passkeys
from storefront_trace.actions.proof import Unproved
from storefront_trace.config import Settings
from storefront_trace.domain.clock import SECOND
from storefront_trace.domain.errors import DomainError, Invalid, NotAllowed, NotFound
from storefront_trace.domain.passkeys import LASTS, Place, host_of
from storefront_trace.web.errors import proof_url, status_of, wait_of
from storefront_trace.web.front import front
from storefront_trace.web.gates import refuse_tablet
from storefront_trace.web.languages import catalogue, choose
from storefront_trace.web.limits import visitor
from storefront_trace.web.signin import device_of, end_earlier, forget_tablet, home_of, keep_session

MOST_BYTES = 20_000
PRIVATE = {"Cache-Control": "no-store"}


async def post_start(request: Request) -> Response:
    """Nothing is written down: the ticket is in the browser's own cookie."""
    state = request.app.state
    try:
        state.limits.check("passkey", visitor(request))
        options, ticket = await passkeys.begin_signin(state.desk, place_of(request))
    except DomainError as error:
        return refused(request, error)
    return asked(request, options, ticket)


async def post_signin(request: Request) -> Response:
    state = request.app.state
    try:
        await refuse_tablet(request)
        state.limits.check("passkey", visitor(request))
        token, session = await passkeys.finish_signin(
            state.desk,
            place_of(request),
            ticket_of(request),
            await answer_of(request),
            device=device_of(request),
            days=state.settings.session_days,
        )
    except DomainError as error:
        if isinstance(error, NotFound):
            state.limits.hit("passkey", visitor(request))
        return refused(request, error)
    await end_earlier(request)
    response = done(request, home_of(session))
    keep_session(response, state.settings, token, session)
    forget_tablet(request, response)
    return response


def place_of(request: Request, name: str = "") -> Place:
    """Whose passkeys they are: the shop's name is what the person's device lists them under."""
    settings: Settings = request.app.state.settings
    host = host_of(settings.public_url)
    if host is None:
        raise NotFound("Passkeys need an address with https and a name.")
    return Place(host, settings.public_url, name or str(front(request)["name"]))


def asked(request: Request, options: dict[str, Any], ticket: str) -> Response:
    """What the script asks the browser; the ticket is in a cookie that comes back with the answer."""
    response = JSONResponse(options, headers=PRIVATE)
    response.set_cookie(**_cookie(request), value=ticket, max_age=LASTS // SECOND)
    return response


def done(request: Request, to: str) -> Response:
    """Where the script goes now; the ticket is used."""
    response = JSONResponse({"to": to}, headers=PRIVATE)
    response.delete_cookie(**_cookie(request))
    return response


def ticket_of(request: Request) -> str:
    ticket = request.cookies.get(_cookie(request)["key"])
    if not ticket:
        raise NotAllowed("That took too long. Press the button once more.")
    return ticket


async def answer_of(request: Request) -> str:
    body = await request.body()
    if len(body) > MOST_BYTES:
        raise Invalid("That was no passkey.")
    return body.decode("utf-8", "replace")


def refused(request: Request, error: DomainError) -> Response:
    """The reason, for a person to read; and where to, when they are to prove first who they are."""
    language = request.scope.get("language") or choose(
        request.query_params.get("lang"), request.headers.get("accept-language", "")
    )
    message = error.render(catalogue(language).gettext(error.message))
    told = {"message": message} | ({"to": proof_url(request)} if isinstance(error, Unproved) else {})
    return JSONResponse(told, status_of(error), PRIVATE | wait_of(error))


def _cookie(request: Request) -> dict[str, Any]:
    https = request.app.state.settings.https
    key = "__Host-passkey" if https else "passkey"
    return {"key": key, "path": "/", "secure": https, "httponly": True, "samesite": "strict"}
