"""The one-time sign-in link: GET shows a button, POST signs in. Mail scanners open links; they do not press buttons."""

from __future__ import annotations

from typing import Any

import structlog
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from storefront_trace.actions import signin
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.mailed_link import ask_for_way_in
from storefront_trace.command import COMMAND
from storefront_trace.config import Settings
from storefront_trace.domain.clock import SECOND, now_micros
from storefront_trace.domain.errors import NotFound
from storefront_trace.domain.factor import PENDING_LASTS
from storefront_trace.domain.passkeys import host_of
from storefront_trace.domain.shop import Cast, Person
from storefront_trace.domain.timeline import visible_as
from storefront_trace.storage.accounts import Session
from storefront_trace.web.cookies import cookie_name, is_tablet, pending_params, tablet_cookie
from storefront_trace.web.faces import Portrait, portrait
from storefront_trace.web.forms import read_form
from storefront_trace.web.front import front, shop_frame
from storefront_trace.web.gates import find_session, refuse_tablet
from storefront_trace.web.languages import catalogue, choose
from storefront_trace.web.limits import visitor
from storefront_trace.web.page import page

log = structlog.get_logger()


async def show_signin(request: Request) -> Response:
    """Without a token it tells how one gets in."""
    token = request.path_params.get("token")
    if token is None:
        return _page(request, "none")
    guest = await signin.find_guest(request.app.state.desk, token) if len(token) < 100 else None
    if guest is None:
        return _page(request, "gone")
    async with request.app.state.desk.db.read() as conn:
        cast = await request.app.state.desk.casts.get(conn, guest[0])
    return _page(request, "ready", f"/signin/{token}", cast, cast.people[guest[1]])


async def post_mail(request: Request) -> Response:
    """The field `email`: an owner's own address gets a link. The answer is the same whether there is such an owner, and
    what is looked up is looked up after it."""
    state = request.app.state
    if state.settings.smtp is None:
        return RedirectResponse("/signin", 303, {"Cache-Control": "no-store"})
    await refuse_tablet(request)
    state.limits.hit("way-in", visitor(request))
    async with read_form(request, max_fields=5) as form:
        email = str(form.get("email", "")).strip()[:254]
    if "@" not in email:
        return _page(request, "none")
    response = _page(request, "sent")
    response.background = BackgroundTask(_mail, state.desk, email)
    return response


async def _mail(desk: Desk, email: str) -> None:
    try:
        await ask_for_way_in(desk, email)
    except Exception as error:
        log.error("way in not mailed", kind=type(error).__name__)


async def post_signin(request: Request) -> Response:
    state = request.app.state
    await refuse_tablet(request)
    link = request.path_params["token"]
    try:
        if len(link) > 100 or await signin.find_guest(state.desk, link) is None:  # so a wrong one costs no write
            raise NotFound(signin.STALE)
        how = {"device": device_of(request), "days": state.settings.session_days}
        token, session = await signin.enter(state.desk, link, **how)
    except NotFound:
        # Those who come in are not counted: a whole warehouse does on one morning, from one address.
        state.limits.hit("signin", visitor(request))
        return _page(request, "gone")
    if session is None:
        return ask_for_code(state.settings, token)
    await end_earlier(request)
    response = RedirectResponse(home_of(session), 303, {"Cache-Control": "no-store"})
    keep_session(response, state.settings, token, session)
    forget_tablet(request, response)
    return response


def ask_for_code(settings: Settings, token: str) -> Response:
    """A link is not enough: on to /signin/code, with what it needs in a cookie."""
    response = RedirectResponse("/signin/code", 303, {"Cache-Control": "no-store"})
    response.set_cookie(**pending_params(settings.https), value=token, max_age=PENDING_LASTS // SECOND)
    return response


async def end_earlier(request: Request) -> None:
    """Whoever was signed in on this browser before is not, once its cookie is another's: nobody could sign that session
    out any more, and a copy of the cookie would go on."""
    before = await find_session(request)
    if before is not None:
        await signin.sign_out(request.app.state.desk, before)


def forget_tablet(request: Request, response: Response) -> None:
    """One that was shared once, and is somebody's own now."""
    if is_tablet(request):
        https = request.app.state.settings.https
        response.delete_cookie(tablet_cookie(https), path="/", secure=https, httponly=True, samesite="lax")


def home_of(session: Session) -> str:
    """A manager works in the shop, and has the team's pages beside it."""
    return "/owner" if session.role in ("owner", "reader") else "/staff"


def keep_session(response: Response, settings: Settings, token: str, session: Session) -> None:
    """In the browser, for as long as it can hold."""
    response.set_cookie(
        cookie_name(settings.https),
        token,
        max_age=(session.expires_at - now_micros()) // SECOND,
        path="/",
        secure=settings.https,
        httponly=True,
        samesite="lax",
    )


async def post_signout(request: Request) -> Response:
    session = await find_session(request)
    if session is not None:
        await signin.sign_out(request.app.state.desk, session)
    way = "/kiosk" if is_tablet(request) else "/signin"
    response = RedirectResponse(way, 303, {"Cache-Control": "no-store", "Clear-Site-Data": '"cache"'})
    https = request.app.state.settings.https
    response.delete_cookie(cookie_name(https), path="/", secure=https, httponly=True, samesite="lax")
    return response


def _page(
    request: Request, state: str, action: str = "", cast: Cast | None = None, person: Person | None = None
) -> Response:
    """With `person`, whoever opened somebody else's link sees it before they press."""
    language = choose(
        request.query_params.get("lang"), request.headers.get("accept-language", ""), cast.shop.locale if cast else None
    )
    context: dict[str, Any] = {
        "lang": language,
        "title": catalogue(language).say("Sign in"),
        "shop": shop_frame(cast.shop) if cast else front(request),
        "order_number": None,
        "languages": [],
        "links": [],
        "foot": None,
        "state": state,
        "action": action,
        "name": person.display_name if person else None,
        "portrait": _portrait(person) if person else None,
        "command": COMMAND,
        "mails": request.app.state.settings.smtp is not None,
        "passkey_host": None if state == "ready" else host_of(request.app.state.settings.public_url),
    }
    return page(request, "signin.html", status=404 if state == "gone" else 200, language=language, page=context)


def _portrait(person: Person) -> Portrait:
    """The photo only where anybody may fetch it: nobody is signed in yet."""
    return portrait(person.photo if visible_as(person) == "photo" else None, person.id, person.display_name)


def device_of(request: Request) -> str:
    """Enough to recognise one's own phone in a list, and no more."""
    agent = request.headers.get("user-agent", "")
    system = next((n for n in ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux") if n in agent), "")
    browser = next((n for n in ("Edg", "Firefox", "Chrome", "Safari") if n in agent), "")
    return " · ".join(part for part in (system, browser.replace("Edg", "Edge")) if part)
