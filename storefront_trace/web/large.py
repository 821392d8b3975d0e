"""A body that is too large gets our own page, or problem+json, like every other refusal."""

from __future__ import annotations

from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storefront_trace.domain.errors import TooLarge
from storefront_trace.web.errors import answer


class LargeBodies:
    """Starlette's limit, which routes may set for themselves, with another answer than its plain text."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._limited = RequestBodyLimitMiddleware(app, most)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        refused = False

        async def watch(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and _is_plain_refusal(message):
                refused = True
            if not refused:
                await send(message)

        await self._limited(scope, receive, watch)
        if refused:
            error = TooLarge("What you sent was too large. Choose a smaller picture and send it again.")
            await answer(Request(scope, receive), 413, error=error)(scope, receive, send)


def _is_plain_refusal(message: Message) -> bool:
    return message["status"] == 413 and (b"content-type", b"text/plain; charset=utf-8") in message["headers"]
