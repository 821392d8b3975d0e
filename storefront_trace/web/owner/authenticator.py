"""/owner/safety/app: an owner's authenticator app, set up and switched off; and recovery codes, shown once."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.actions import factor
from storefront_trace.domain.errors import Conflict, DomainError, NotAllowed
from storefront_trace.domain.shop import Cast
from storefront_trace.integrations import otp
from storefront_trace.photos import codes as drawn
from storefront_trace.web.forms import read_form, whole_form
from storefront_trace.web.owner.base import frame, refusals, saved, show, texts
from storefront_trace.web.owner.forms import text_of
from storefront_trace.web.owner.safety import PATH, safety_page

SETUP = f"{PATH}/app"


async def post_start(request: Request) -> Response:
    await whole_form(request)
    try:
        await factor.begin_setup(request.app.state.desk, request.state.session)
    except Conflict as error:
        return await safety_page(request, refusals(request, error, {}, "app"))
    return RedirectResponse(SETUP, 303, {"Cache-Control": "no-store"})


async def show_setup(request: Request) -> Response:
    return await _setup(request)


async def post_setup(request: Request) -> Response:
    """The field `code`, from the app that has read the secret. Answers with the recovery codes: they stand nowhere
    else."""
    try:
        made = await factor.finish_setup(request.app.state.desk, request.state.session, await _code(request))
    except NotAllowed as error:
        return await _setup(request, error)
    return _codes(request, made, fresh=True)


async def post_end(request: Request) -> Response:
    """Switches codes off, with a right one in the field `code`."""
    try:
        await factor.switch_off(request.app.state.desk, request.state.session, await _code(request))
    except NotAllowed as error:
        return await safety_page(request, refusals(request, error, {"code": "end-code"}, "end-code"))
    return saved(PATH, "factor-off")


async def post_codes(request: Request) -> Response:
    """New recovery codes, with a right code in the field `code`."""
    try:
        made = await factor.make_codes(request.app.state.desk, request.state.session, await _code(request))
    except NotAllowed as error:
        return await safety_page(request, refusals(request, error, {"code": "anew-code"}, "anew-code"))
    return _codes(request, made, fresh=False)


async def _code(request: Request) -> str:
    async with read_form(request, max_fields=5) as form:
        return text_of(form, "code")


async def _setup(request: Request, error: DomainError | None = None) -> Response:
    """Back to the beginning where nothing is being set up."""
    cast: Cast = request.state.cast
    secret = await factor.secret_in_setup(request.app.state.desk, request.state.session)
    if secret is None:
        return RedirectResponse(PATH, 303, {"Cache-Control": "no-store"})
    uri = otp.uri(secret, person=request.state.person.display_name, shop=cast.shop.name)
    context = {
        "code": await asyncio.to_thread(drawn.svg, uri),
        "uri": uri,
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    }
    errors = refusals(request, error, {}, "code") if error else None
    title = texts(request).gettext("Codes from an app")
    return show(request, "authenticator", frame(request, title, "shop", errors) | context)


def _codes(request: Request, made: list[str], *, fresh: bool) -> Response:
    title = texts(request).gettext("Your recovery codes")
    return show(request, "recovery", frame(request, title, "shop") | {"codes": made, "fresh": fresh})
