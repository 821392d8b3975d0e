"""What stands around every request: our own host names, same-origin writing, safe headers."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storefront_trace.domain.errors import DomainError, NotAllowed, NotFound
from storefront_trace.web.errors import domain_error

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'"
)
NOT_FRAMED = (b"x-frame-options", b"DENY")
HEADERS = (
    (b"content-security-policy", CSP.encode()),
    NOT_FRAMED,
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(self), microphone=(), geolocation=(), payment=()"),
    (b"x-robots-tag", b"noindex, nofollow, noarchive"),
)
HSTS = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
# Machines come here with their own proof (a signature, a bearer token, a mail's link to stop it) and without a cookie.
MACHINES = ("/hooks/", "/api/", "/unfollow/", "/mails/")
PORT = re.compile(r":[0-9]{1,5}\Z")
HOSTLESS = ("/healthz", "/readyz")


class Frame:
    """Refuses foreign Host headers and cross-site writing, and puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self.app = app
        own = urlsplit(public_url)
        self._origin = f"{own.scheme}://{own.netloc}"
        self._hosts = {own.hostname, "localhost", "127.0.0.1", "[::1]", "::1"}
        self._seen_hosts: set[bytes] = set()
        self._headers = (*HEADERS, HSTS) if own.scheme == "https" else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_framed(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                if "framed" in scope:  # by who may, says its own policy
                    present.add(NOT_FRAMED[0])
                message["headers"] = [*message["headers"], *(h for h in self._headers if h[0] not in present)]
            await send(message)

        if not self._knows_host(scope):
            await _plain(
                send_framed, 400, b"This host name is not ours. Set PUBLIC_URL to the address that people use.\n"
            )
            return
        scope["unreadable"] = _has_nul(scope)
        scope["frame_headers"] = self._headers  # a 500 is answered outside of this middleware
        if scope["method"] not in SAFE_METHODS and not scope["path"].startswith(MACHINES):
            scope["cross_site"] = not self._same_site(Headers(scope=scope))
        await self.app(scope, receive, send_framed)

    def _knows_host(self, scope: Scope) -> bool:
        host = next((value for name, value in scope["headers"] if name == b"host"), b"")
        if host in self._seen_hosts:
            return True
        text = host.decode("latin-1")
        name = PORT.sub("", text)
        if name.lower() in self._hosts:
            if len(self._seen_hosts) < 100:  # any port goes with a name that is ours
                self._seen_hosts.add(host)
            return True
        return scope["path"] in HOSTLESS

    def _same_site(self, headers: Headers) -> bool:
        """Browsers say where a form came from. Who says nothing is no browser of this decade, and carries no victim's
        cookie: the cookie is SameSite=Lax besides. Over plain http browsers leave Sec-Fetch-Site out, and our own
        no-referrer makes them say "null": there the cookie alone has to do."""
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in ("same-origin", "none")
        origin = headers.get("origin")
        if origin is None or origin == self._origin or (origin == "null" and self._origin.startswith("http:")):
            return True
        return urlsplit(origin).netloc == headers.get("host", "")


class RefuseFramed:
    """What the frame has marked. It answers with a page itself: it stands outside of what turns errors into pages."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        error: DomainError | None = None
        if scope.get("cross_site"):
            error = NotAllowed("This form was sent from another site. Open our page and send it from there.")
        elif scope.get("unreadable"):
            error = NotFound("There is no such page.")
        if error is None:
            await self.app(scope, receive, send)
            return
        response = await domain_error(Request(scope, receive), error)
        await response(scope, receive, send)


def _has_nul(scope: Scope) -> bool:
    """No database takes it; of bodies web/forms.py says so. The API has words of its own for a query."""
    path = scope["path"]
    return "\x00" in path or (b"%00" in scope["query_string"] and not path.startswith(MACHINES))


async def _plain(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
