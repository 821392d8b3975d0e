"""/owner/safety/prove: who is signed in shows anew who they are, before something that a session of days ago is too
little for. actions/proof.py says what that is; web/errors.py leads here, and this page leads back."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.actions import factor, proof
from storefront_trace.command import COMMAND
from storefront_trace.domain.errors import DomainError, NotAllowed
from storefront_trace.domain.passkeys import host_of
from storefront_trace.web.errors import BACK
from storefront_trace.web.forms import read_form
from storefront_trace.web.owner.base import frame, mails_out, refusals, show, texts
from storefront_trace.web.owner.forms import text_of

TYPED = ("privacy",)


async def show_proof(request: Request) -> Response:
    return await _page(request, request.query_params.get("then", ""))


async def post_proof(request: Request) -> Response:
    """The fields `code`, and `then`, which names where to go on."""
    async with read_form(request, max_fields=5) as form:
        code, then = text_of(form, "code"), text_of(form, "then")
    try:
        await factor.prove(request.app.state.desk, request.state.session, code)
    except NotAllowed as error:
        return await _page(request, then, error)
    return RedirectResponse(BACK.get(then, BACK["safety"]), 303, {"Cache-Control": "no-store"})


async def _page(request: Request, then: str, error: DomainError | None = None) -> Response:
    async with request.app.state.desk.db.read() as conn:
        has_app, has_passkey = await proof.ways_of(conn, request.state.session)
    context = {
        "then": then if then in BACK else "safety",
        "back": BACK.get(then, BACK["safety"]),
        "typed": then in TYPED,
        "has_app": has_app,
        "has_passkey": has_passkey,
        "mailed_to": request.state.person.email if mails_out(request) else None,
        "command": COMMAND,
        "handle": request.state.person.handle,
        "passkey_host": host_of(request.app.state.settings.public_url) if has_passkey else None,
    }
    errors = refusals(request, error, {}, "code") if error else None
    title = texts(request).gettext("Is it you?")
    return show(request, "prove", frame(request, title, "shop", errors) | context)
