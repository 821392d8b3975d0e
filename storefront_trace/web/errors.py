"""Every failure is an answer too: a page in the reader's language, or problem+json for machines."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import quote

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Mount

from storefront_trace.actions.proof import Unproved
from storefront_trace.domain.errors import (
    N_,
    Conflict,
    DomainError,
    Gone,
    Invalid,
    NotAllowed,
    NotFound,
    TooLarge,
    TooMany,
)
from storefront_trace.domain.shop import Shop
from storefront_trace.storage.outages import OUTAGES, is_outage
from storefront_trace.web.cookies import is_tablet
from storefront_trace.web.front import front, shop_frame
from storefront_trace.web.languages import Catalogue, asked_query, catalogue, choose, page_url, switch
from storefront_trace.web.page import page

STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    Gone: 410,
    TooLarge: 413,
    Invalid: 422,
    TooMany: 429,
}
TITLES = {
    403: N_("This page is not for you"),
    404: N_("We cannot find that page"),
    413: N_("That was too large"),
    429: N_("A little too fast"),
    500: N_("That went wrong"),
    503: N_("One moment, please"),
}
MACHINES = ("/api/", "/hooks/")
# Asked by our own scripts, which show a person what they are told.
SCRIPTS = ("/staff/sync",)
# Pages whose forms have addresses of their own, which open nothing.
FORMS = ("/owner/", "/staff/")
# Where one goes on after proving who one is, by a name: no address from elsewhere is followed.
BACK = {"privacy": "/owner/privacy", "safety": "/owner/safety", "me": "/staff/me#passkeys", "people": "/owner/people"}
WAIT = {"Retry-After": "5"}
BUSY = "The database does not answer just now. Nothing was written: send it again in a few seconds."
log = structlog.get_logger()


class Opened(NamedTuple):
    """Whose link it is that a request came by, once that is known: then an error leads back there."""

    number: str
    locale: str | None
    shop: Shop


async def domain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    return answer(request, status_of(error), error=error, headers=wait_of(error))


def wait_of(error: DomainError) -> dict[str, str]:
    return {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else {}


def status_of(error: DomainError) -> int:
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 400)


async def unproved(request: Request, error: Exception) -> Response:
    """To the page that asks who they are, and from there back."""
    assert isinstance(error, Unproved)
    return RedirectResponse(proof_url(request), 303, {"Cache-Control": "no-store"})


def proof_url(request: Request) -> str:
    """/owner/safety/prove, which leads back to where they were."""
    path = request.url.path
    then = next((name for name, back in BACK.items() if path.startswith(back.partition("#")[0])), "people")
    return f"/owner/safety/prove?then={then}"


async def http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if request.url.path.startswith(MACHINES):
        return problem(error.status_code, detail=error.detail, headers=dict(error.headers or {}))
    above = _page_above(request) if error.status_code == 405 else None
    if above is not None:
        return RedirectResponse(above, 303, {"Cache-Control": "no-store"})
    return answer(request, error.status_code, headers=dict(error.headers or {}))


def _page_above(request: Request) -> str | None:
    """For somebody who opens the address that a form was sent to, by a bookmark or by loading it anew: the nearest page
    above it that opens."""
    path = request.url.path
    reads = request.method in ("GET", "HEAD") and "text/html" in request.headers.get("accept", "")
    while reads and path.startswith(FORMS):
        path = path.rpartition("/")[0]
        if _opens(request.app.routes, {"type": "http", "method": "GET", "path": path, "root_path": ""}):
            return quote(path)
    return None


def _opens(routes: Sequence[BaseRoute], scope: dict[str, Any]) -> bool:
    for route in routes:
        match, found = route.matches(scope)
        if match is Match.FULL and (not isinstance(route, Mount) or _opens(route.routes, {**scope, **found})):
            return True
    return False


async def hung_up(request: Request, error: Exception) -> Response:
    """The sender went away before all of it had come, as phones do where the network ends: nobody reads this."""
    return Response(status_code=400)


async def outage(request: Request, error: Exception) -> Response:
    """The database is locked, full or away: nothing was written, and the same again may work in a moment. What only
    looks like it, as a misspelt statement, is raised on."""
    if not is_outage(error):
        raise error
    log.error("out of reach", kind=type(error).__name__)
    if request.url.path.startswith(MACHINES):
        return problem(503, detail=BUSY, headers=WAIT)
    return answer(request, 503, headers=WAIT)


async def server_error(request: Request, error: Exception) -> Response:
    """What broke goes to the log under a number; the visitor gets the number."""
    if is_outage(error):  # outside of where `outage` stands
        response = await outage(request, error)
    else:
        reference = secrets.token_hex(4)
        log.error("broke", reference=reference, path=request.scope.get("route_name", "?"), kind=type(error).__name__)
        response = answer(request, 500, reference=reference)
    for name, value in request.scope.get("frame_headers", ()):
        response.headers.setdefault(name.decode(), value.decode())
    return response


def answer(
    request: Request,
    status: int,
    *,
    error: DomainError | None = None,
    reference: str | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    if request.url.path.startswith(MACHINES):
        return problem(status, error, headers=headers)
    language = request.scope.get("language") or _language(request)
    texts = catalogue(language)
    title = texts.say(TITLES.get(status, N_("That did not work")))
    if request.url.path in SCRIPTS:
        return problem(status, _spoken(error, texts) if error else None, detail=title, headers=headers)
    message = error.render(texts.say(error.message)) if error else None
    told = {"status": status, "message": message, "way": _way(request, texts), "reference": reference}
    context = {**around(request, language, title), **told}
    response = page(request, "errors/error.html", status=status, language=language, page=context)
    response.headers.update(headers or {})
    return response


def around(request: Request, language: str, title: str) -> dict[str, Any]:
    """What every page needs, without the database."""
    opened: Opened | None = getattr(request.state, "opened", None)
    return {
        "lang": language,
        "title": title,
        "shop": shop_frame(opened.shop) if opened else front(request),
        "order_number": opened.number if opened else None,
        "languages": switch(request, language),
        "links": [],
        "foot": None,
    }


def _spoken(error: DomainError, texts: Catalogue) -> DomainError:
    """The same refusal in the reader's language."""
    told = [(field, error.render(texts.gettext(message))) for field, message in error.field_errors]
    return DomainError(error.render(texts.gettext(error.message)), errors=told)


def _language(request: Request) -> str:
    opened: Opened | None = getattr(request.state, "opened", None)
    otherwise = (opened.locale, opened.shop.locale) if opened else ()
    return choose(request.query_params.get("lang"), request.headers.get("accept-language", ""), *otherwise)


def _way(request: Request, texts: Catalogue) -> dict[str, str] | None:
    """Nothing at the start is for somebody with a link to an order."""
    if hasattr(request.state, "opened"):
        return {"href": page_url(request), "label": texts.say("Back to my order")}
    # From the queue of a shared tablet whoever is nobody any more is led to the portraits.
    if request.url.path.startswith(("/staff/", "/owner/", "/kiosk")) and is_tablet(request):
        return {"href": "/staff", "label": texts.say("To the queue")}
    if getattr(request.state, "begins", None) is not None:  # who reads the figures has no queue
        return {"href": "/owner", "label": texts.say("How we do")}
    if request.url.path.startswith("/staff"):
        return {"href": "/staff", "label": texts.say("To the queue")}
    if not request.url.path.startswith("/t/"):
        return None
    return {"href": "/track" + asked_query(request.query_params.get("lang")), "label": texts.say("Find your order")}


def problem(
    status: int, error: DomainError | None = None, *, detail: str = "", headers: dict[str, str] | None = None
) -> Response:
    """RFC 9457. Never holds what the sender sent."""
    title = HTTPStatus(status).phrase
    told = str(error) if error is not None else detail or title
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": told}
    body["errors"] = [{"field": field, "message": message} for field, message in (error.errors if error else ())]
    return JSONResponse(body, status, headers, media_type="application/problem+json")


HANDLERS: dict[Any, Any] = {
    Unproved: unproved,
    DomainError: domain_error,
    HTTPException: http_error,
    ClientDisconnect: hung_up,
    **dict.fromkeys(OUTAGES, outage),
    500: server_error,
}
