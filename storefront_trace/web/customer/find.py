"""Finding one's order again: number and address in, the same answer always, and the link by mail if they belong
together. A POST, because an address in a URL ends up in logs."""

from __future__ import annotations

from typing import Any

import structlog
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions.desk import Desk
from storefront_trace.actions.lookup import ask_for_link
from storefront_trace.web.forms import read_form
from storefront_trace.web.front import front
from storefront_trace.web.languages import catalogue, choose, form_url, switch
from storefront_trace.web.limits import visitor
from storefront_trace.web.page import page

log = structlog.get_logger()


async def show_find(request: Request) -> Response:
    return _page(request, sent=False)


async def post_find(request: Request) -> Response:
    request.app.state.limits.hit("lookup", visitor(request))
    async with read_form(request, max_fields=10) as form:
        number = str(form.get("number", "")).strip().lstrip("#")[:64]
        email = str(form.get("email", "")).strip()[:254]
    if not number or "@" not in email:
        return _page(request, sent=False, number=number, email=email, wrong=True)
    response = _page(request, sent=True)
    response.background = BackgroundTask(_ask, request.app.state.desk, number, email, _language(request))
    return response


async def _ask(desk: Desk, number: str, email: str, language: str) -> None:
    """After the answer: how long it took would else tell whether number and address belong together."""
    try:
        await ask_for_link(desk, number, email, language=language)
    except Exception as error:
        log.error("link not looked up", kind=type(error).__name__)


def _language(request: Request) -> str:
    return choose(request.query_params.get("lang"), request.headers.get("accept-language", ""))


def _page(request: Request, *, sent: bool, number: str = "", email: str = "", wrong: bool = False) -> Response:
    language = _language(request)
    say = catalogue(language).say
    errors = {}
    if wrong and not number:
        errors["number"] = say("Write the order number from your confirmation.")
    if wrong and "@" not in email:
        errors["email"] = say("Write the e-mail address you ordered with, like karin@example.com.")
    context: dict[str, Any] = {
        "lang": language,
        "title": say("Find your order"),
        "shop": front(request),
        "order_number": None,
        "languages": switch(request, language),
        "links": [{"href": "/signin", "label": say("Do you work here? Sign in")}],
        "action": form_url(request),
        "foot": None,
        "sent": sent,
        "values": {"number": number, "email": email},
        "errors": errors,
    }
    return page(request, "customer/find.html", status=422 if errors else 200, language=language, page=context)
