"""/signin/code: what an owner who has used their link still owes. What leads here is no session: it opens this page."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.actions import factor
from storefront_trace.domain.errors import DomainError, NotAllowed, NotFound, TooMany
from storefront_trace.domain.passkeys import host_of
from storefront_trace.domain.shop import Cast
from storefront_trace.storage import factors
from storefront_trace.storage.factors import Pending
from storefront_trace.web.cookies import pending_cookie, pending_params
from storefront_trace.web.errors import status_of
from storefront_trace.web.forms import read_form
from storefront_trace.web.front import shop_frame
from storefront_trace.web.gates import refuse_tablet
from storefront_trace.web.languages import catalogue, choose
from storefront_trace.web.limits import visitor
from storefront_trace.web.page import page
from storefront_trace.web.signin import device_of, end_earlier, forget_tablet, home_of, keep_session

NO_STORE = {"Cache-Control": "no-store"}


async def show_code(request: Request) -> Response:
    pending = await _pending(request)
    return await _page(request, pending) if pending is not None else _gone(request)


async def post_code(request: Request) -> Response:
    """The field `code`: six digits of the app, or a recovery code."""
    state, token = request.app.state, _token(request)
    await refuse_tablet(request)
    pending = await _pending(request)
    if pending is None or token is None:
        return _gone(request)
    async with read_form(request, max_fields=5) as form:
        text = str(form.get("code", ""))
    try:
        state.limits.check("signin", visitor(request))
        how = {"device": device_of(request), "days": state.settings.session_days}
        token, session = await factor.finish_signin(state.desk, token, text, **how)
    except NotFound:
        return _gone(request)
    except (NotAllowed, TooMany) as error:
        if isinstance(error, NotAllowed):
            state.limits.hit("signin", visitor(request))
        return await _page(request, pending, error)
    await end_earlier(request)
    response = RedirectResponse(home_of(session), 303, NO_STORE)
    keep_session(response, state.settings, token, session)
    forget_tablet(request, response)
    response.delete_cookie(**pending_params(state.settings.https))
    return response


def _token(request: Request) -> str | None:
    token = request.cookies.get(pending_cookie(request.app.state.settings.https), "")
    return token if 0 < len(token) < 100 else None


async def _pending(request: Request) -> Pending | None:
    token = _token(request)
    return await factor.find_pending(request.app.state.desk, token) if token is not None else None


def _gone(request: Request) -> Response:
    response = RedirectResponse("/signin", 303, NO_STORE)
    response.delete_cookie(**pending_params(request.app.state.settings.https))
    return response


async def _page(request: Request, pending: Pending, error: DomainError | None = None) -> Response:
    state = request.app.state
    async with state.desk.db.read() as conn:
        cast: Cast = await state.desk.casts.get(conn, pending.shop_id)
        has_app = await factors.find_factor(conn, pending.shop_id, pending.account_id) is not None
    language = choose(request.query_params.get("lang"), request.headers.get("accept-language", ""), cast.shop.locale)
    say = catalogue(language)
    context: dict[str, Any] = {
        "lang": language,
        "title": say.say("One thing more"),
        "shop": shop_frame(cast.shop),
        "order_number": None,
        "languages": [],
        "links": [],
        "foot": None,
        "has_app": has_app,
        "error": error.render(say.gettext(error.message)) if error else None,
        "passkey_host": host_of(state.settings.public_url),
    }
    status = status_of(error) if error else 200
    response = page(request, "signin_code.html", status=status, language=language, page=context)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response
