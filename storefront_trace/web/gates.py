"""Who may come in: the middleware around each audience's routes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from time import monotonic

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storefront_trace.actions import audit, kiosks
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.pins import SHARED
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import N_, NotAllowed, NotFound
from storefront_trace.domain.links import token_hash
from storefront_trace.domain.questions import reach_of
from storefront_trace.domain.rights import Sight, sight_of
from storefront_trace.domain.shop import Cast, Person
from storefront_trace.storage import accounts, questions, visitors
from storefront_trace.storage.accounts import Session
from storefront_trace.storage.database import Connection, Job
from storefront_trace.storage.kiosks import Kiosk
from storefront_trace.storage.veil import veil
from storefront_trace.web.cookies import cookie_name, is_tablet, tablet_cookie
from storefront_trace.web.errors import SCRIPTS, answer, around
from storefront_trace.web.forms import read_form
from storefront_trace.web.languages import catalogue, choose
from storefront_trace.web.page import page
from storefront_trace.web.rights import may, sees, within

BY_HAND = N_("Please press the button once more: it looked as if nobody had.")
ONE_MOMENT = N_("One moment, please")
SIGNED_OUT = N_("You are signed out. Open your sign-in link again.")
NOBODY_HERE = N_("Nobody was here for a while. Tap your portrait, and do it once more.")
NOT_THEIRS = N_("There is nothing here for you: a manager sees what is about their own team.")
TOO_LIGHT = N_("This shop asks its owners for more than a link. Set up codes or a passkey first.")
SAFETY = "/owner/safety"
SLOW = 1.0  # seconds that a form may take to come in before we ask once more whose it is
MOST_FIELDS = 100
# Below the staff's pages, what is done in a login of one's own.
OWN = ("/staff/me", "/staff/welcome")


class SignedIn:
    """Lets in who has a session with a role for this page (web/rights.py), and puts session, person, cast and, below
    /owner, how far they see into `request.state`.

    Anybody else is led to the sign-in page; somebody with another role is refused.
    """

    def __init__(self, app: ASGIApp, audience: str) -> None:
        self.app, self.audience = app, audience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        found = await self._find(request)
        if found is None:
            signed_out = NotAllowed(NOBODY_HERE if is_tablet(request) else SIGNED_OUT)
            if request.url.path in SCRIPTS:
                await answer(request, 401, error=signed_out)(scope, receive, send)
                return
            if request.method != "GET":
                raise signed_out
            way = "/kiosk" if is_tablet(request) else "/signin"
            await RedirectResponse(way, 303, {"Cache-Control": "no-store"})(scope, receive, send)
            return
        session, cast, person, waiting = found
        if session.kiosk_id is not None and (self.audience == "owner" or within(request.url.path, OWN)):
            raise NotAllowed(SHARED)
        if not may(session.role, request.scope["path"], request.method):
            if request.method in ("GET", "HEAD") and may(session.role, request.scope["path"], "POST"):
                raise HTTPException(405)  # where they send a form: nothing opens there for anybody
            request.state.begins = "/owner" if session.role == "reader" else None
            raise NotAllowed("You are signed in, but this page belongs to somebody else.")
        if self.audience == "owner":
            request.state.sight = await _sight(request, session, cast)
        if self.audience == "owner" and _came_too_lightly(request, session, cast):
            if request.method != "GET":
                raise NotAllowed(TOO_LIGHT)
            await RedirectResponse(SAFETY, 303, {"Cache-Control": "no-store"})(scope, receive, send)
            return
        actor = _actor(session, self.audience)
        if self.audience == "staff" and _came_too_lightly(request, session, cast):
            session = replace(session, role="staff")  # no more than a colleague, until they have set that up
        request.state.session, request.state.cast = session, cast
        request.state.person, request.state.questions = person, waiting
        asked = request.query_params.get("lang") if scope["query_string"] else None  # most ask for nothing
        scope["language"] = choose(asked, request.headers.get("accept-language", ""), cast.shop.locale)
        with audit.acting(actor), veil(self.audience == "owner" and not cast.shop.per_person):
            await self.app(scope, _until_signed_out(request, receive), send)

    async def _find(self, request: Request) -> tuple[Session, Cast, Person, int] | None:
        """Who asks, the cast, and how many questions wait for them, which every page of the staff's says: read in one
        turn."""
        hashed, desk = _hash_of(request), request.app.state.desk
        if hashed is None:
            return None
        find = _finding(request, hashed)

        async def look(conn: Connection) -> tuple[Session, Cast, Person, int] | None:
            session = await find(conn)
            if session is None:
                return None
            cast = await desk.casts.get(conn, session.shop_id, session.generation)
            person = cast.people[session.person_id]
            if self.audience != "staff":
                return session, cast, person, 0
            waiting = await questions.count_waiting(conn, cast.shop.id, reach_of(person, cast))
            return session, cast, person, waiting

        found: tuple[Session, Cast, Person, int] | None = await desk.db.read_together(look, visitors.ahead(hashed))
        if found is not None:
            _note(request, found[0])
        return found


def _came_too_lightly(request: Request, session: Session, cast: Cast) -> bool:
    """By a link alone, where the shop asks for more of its owners: until they have set that up, nothing else opens.
    Nobody else is asked: the page where it is set up is the owners'."""
    if session.role != "owner":
        return False
    if not cast.shop.needs_factor or session.strong_at is not None:
        return False
    return not (request.url.path == SAFETY or request.url.path.startswith(f"{SAFETY}/"))


async def _sight(request: Request, session: Session, cast: Cast) -> Sight | None:
    """None for an owner, who sees everybody. What a manager names and does not see is not there."""
    if session.role != "manager":
        return sight_of(session.role, None, cast, ())
    async with request.app.state.desk.db.read() as conn:
        sight = sight_of(session.role, session.manages, cast, await accounts.list_holding(conn, session.shop_id))
        if sight is not None and not await sees(conn, cast, sight, request.scope["path"]):
            raise NotFound(NOT_THEIRS)
    return sight


def _actor(session: Session, audience: str) -> audit.Actor:
    """What staff do with what is their own is not noted."""
    noted = session.role == "owner" or audience == "owner"
    return audit.Actor(session.person_id, noted=noted and session.kiosk_id is None)


def _until_signed_out(request: Request, receive: Receive) -> Receive:
    """A form that comes in slowly, a photo on a bad network say, may outlive its session."""
    began = monotonic()

    async def receive_still() -> Message:
        message = await receive()
        last = message["type"] == "http.request" and not message.get("more_body")
        if last and monotonic() - began > SLOW and await find_session(request) is None:
            raise NotAllowed(NOBODY_HERE if is_tablet(request) else SIGNED_OUT)
        return message

    return receive_still


class AtTablet:
    """Lets in a shared tablet, whoever is at it, and puts kiosk and cast into `request.state`. One that has ended shows
    what to do; anybody else is led to the sign-in page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        if not is_tablet(request):
            await RedirectResponse("/signin", 303, {"Cache-Control": "no-store"})(scope, receive, send)
            return
        found = await find_kiosk(request)
        if found is None:
            await _ended(request)(scope, receive, send)
            return
        desk: Desk = request.app.state.desk
        cast = await desk.db.read_together(partial(desk.casts.get, shop_id=found.shop_id))
        request.state.kiosk, request.state.cast = found, cast
        scope["language"] = choose(
            request.query_params.get("lang"), request.headers.get("accept-language", ""), cast.shop.locale
        )
        await self.app(scope, receive, send)


def _ended(request: Request) -> Response:
    language = choose(request.query_params.get("lang"), request.headers.get("accept-language", ""))
    title = catalogue(language).say(kiosks.ENDED)
    return page(request, "kiosk/ended.html", status=410, language=language, page=around(request, language, title))


class ByHand:
    """Around what a person alone may do: a form that a program sent is shown again, with all that stood in it.

    Mail scanners open every link, and some run the page and send its form. A browser says whether a person did it: a
    form that Chromium sends as a navigation without `Sec-Fetch-User` was sent by a script. Others do not say, so
    nothing is held against them (nor against a mail program's one-click POST); limits on time would punish people who
    are quick.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if scope["method"] != "POST" or _by_hand(request):
            await self.app(scope, receive, send)
            return
        async with read_form(request, max_fields=MOST_FIELDS) as form:
            fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        language = choose(request.query_params.get("lang"), request.headers.get("accept-language", ""))
        title = catalogue(language).say(ONE_MOMENT)
        context = {
            **around(request, language, title),
            "message": catalogue(language).say(BY_HAND),
            "action": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            "fields": fields,
        }
        response = page(request, "customer/again.html", status=422, language=language, page=context)
        await response(scope, receive, send)


def _by_hand(request: Request) -> bool:
    """False only when the browser itself says that no person was at it."""
    headers = request.headers
    navigates = headers.get("sec-fetch-mode") == "navigate"
    return not navigates or "sec-fetch-user" in headers or "sec-ch-ua" not in headers


async def find_session(request: Request) -> Session | None:
    """Who asks, if their session holds; that they have asked is noted."""
    hashed = _hash_of(request)
    if hashed is None:
        return None
    found: Session | None = await request.app.state.desk.db.read_together(_finding(request, hashed))
    if found is not None:
        _note(request, found)
    return found


def _hash_of(request: Request) -> str | None:
    """Of what they show; None when that is nothing."""
    token = request.cookies.get(cookie_name(request.app.state.settings.https))
    return token_hash(token) if token and len(token) <= 100 else None


def _finding(request: Request, hashed: str) -> Job[Session | None]:
    """Finds their session with the connection that it is given."""
    state = request.app.state
    days, seen = state.settings.session_days, state.last_seen.times
    return partial(accounts.find_session, token_hash=hashed, now=now_micros(), days=days, seen=seen)


def _note(request: Request, session: Session) -> None:
    request.app.state.last_seen.note(session, now_micros())


async def find_kiosk(request: Request) -> Kiosk | None:
    """Which shared tablet asks, if it is still one."""
    token = request.cookies.get(tablet_cookie(request.app.state.settings.https), "")
    return await kiosks.find_kiosk(request.app.state.desk, token) if token else None


async def refuse_tablet(request: Request) -> None:
    """A sign-in of one's own, which lasts for days, does not begin where everybody goes in and out."""
    if await find_kiosk(request) is not None:
        raise NotAllowed(SHARED)
