"""Who may come in: the middleware around each audience's routes."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import NotAllowed
from storefront_trace.domain.links import token_hash
from storefront_trace.storage import accounts, questions
from storefront_trace.storage.accounts import Session
from storefront_trace.web.languages import choose

ROLES = {"staff": ("staff", "owner"), "owner": ("owner",)}


class SignedIn:
    """Lets in who has a session with a role for this audience, and puts session, person and cast into `request.state`.

    Anybody else is led to the sign-in page; somebody with another role is refused.
    """

    def __init__(self, app: ASGIApp, audience: str) -> None:
        self.app, self.audience, self.roles = app, audience, ROLES[audience]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        session = await find_session(request)
        if session is None:
            if request.method != "GET":
                raise NotAllowed("You are signed out. Open your sign-in link again.")
            await RedirectResponse("/signin", 303, {"Cache-Control": "no-store"})(scope, receive, send)
            return
        if session.role not in self.roles:
            raise NotAllowed("You are signed in, but this page belongs to somebody else.")
        async with request.app.state.desk.db.read() as conn:
            cast = await request.app.state.desk.casts.get(conn, session.shop_id)
            person = cast.people[session.person_id]
            if self.audience == "staff":
                request.state.questions = await questions.count_waiting(conn, cast.shop.id, person.id, person.team)
        request.state.session = session
        request.state.cast = cast
        request.state.person = person
        scope["language"] = choose(
            request.query_params.get("lang"), request.headers.get("accept-language", ""), cast.shop.locale
        )
        await self.app(scope, receive, send)


async def find_session(request: Request) -> Session | None:
    token = request.cookies.get(cookie_name(request.app.state.settings.https))
    if not token or len(token) > 100:
        return None
    async with request.app.state.desk.db.read() as conn:
        return await accounts.find_session(conn, token_hash(token), now_micros())


def cookie_name(https: bool) -> str:
    """The prefix makes browsers refuse the cookie without Secure, with a Domain, or below a path."""
    return "__Host-session" if https else "session"
