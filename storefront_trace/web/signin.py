"""The one-time sign-in link: GET shows a button, POST signs in. Mail scanners open links; they do not press buttons."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.actions import signin
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.errors import NotFound
from storefront_trace.web.front import front
from storefront_trace.web.gates import cookie_name, find_session
from storefront_trace.web.languages import catalogue, choose
from storefront_trace.web.limits import visitor
from storefront_trace.web.page import page


async def show_signin(request: Request) -> Response:
    """Without a token it tells how one gets in."""
    token = request.path_params.get("token")
    if token is None:
        return _page(request, "none")
    ready = len(token) < 100 and await signin.can_use(request.app.state.desk, token)
    return _page(request, "ready" if ready else "gone", action=f"/signin/{token}" if ready else "")


async def post_signin(request: Request) -> Response:
    state = request.app.state
    state.limits.hit("signin", visitor(request))
    try:
        token, session = await signin.use_link(
            state.desk,
            request.path_params["token"],
            device=_device(request.headers.get("user-agent", "")),
            days=state.settings.session_days,
        )
    except NotFound:
        return _page(request, "gone")
    response = RedirectResponse("/owner" if session.role == "owner" else "/staff", 303, {"Cache-Control": "no-store"})
    https = state.settings.https
    response.set_cookie(
        cookie_name(https),
        token,
        max_age=(session.expires_at - now_micros()) // (DAY // 86400),
        path="/",
        secure=https,
        httponly=True,
        samesite="lax",
    )
    return response


async def post_signout(request: Request) -> Response:
    session = await find_session(request)
    if session is not None:
        await signin.sign_out(request.app.state.desk, session)
    response = RedirectResponse("/signin", 303, {"Cache-Control": "no-store"})
    https = request.app.state.settings.https
    response.delete_cookie(cookie_name(https), path="/", secure=https, httponly=True, samesite="lax")
    return response


def _page(request: Request, state: str, action: str = "") -> Response:
    language = choose(request.query_params.get("lang"), request.headers.get("accept-language", ""))
    context: dict[str, Any] = {
        "lang": language,
        "title": catalogue(language).say("Sign in"),
        "shop": front(request),
        "order_number": None,
        "languages": [],
        "links": [],
        "foot": None,
        "state": state,
        "action": action,
        "name": None,
        "portrait": None,
    }
    return page(request, "signin.html", status=404 if state == "gone" else 200, language=language, page=context)


def _device(agent: str) -> str:
    """Enough to recognise one's own phone in a list, and no more."""
    system = next((n for n in ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux") if n in agent), "")
    browser = next((n for n in ("Edg", "Firefox", "Chrome", "Safari") if n in agent), "")
    return " · ".join(part for part in (system, browser.replace("Edg", "Edge")) if part)
