"""Idempotency-Key: the first request does the work, the same request again gets its answer."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions import idempotency
from storefront_trace.actions.idempotency import Claim, Replay, Turn
from storefront_trace.api.callers import Caller
from storefront_trace.domain.errors import DomainError, Invalid

Work = Callable[[Turn | None], Awaitable[Response]]
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


async def once(caller: Caller, canonical: str, work: Work) -> Response:
    """Without a key every request does its work. Refusals by the work itself are kept and told again like the rest;
    what was refused before it began (no JSON, a wrong field) is not."""
    key = _read_key(caller.request)
    if key is None:
        return await work(None)
    path = caller.request.url.path
    fingerprint = hashlib.sha256(f"{caller.request.method}\n{path}\n{canonical}".encode()).hexdigest()
    turn = await idempotency.begin(caller.desk, Claim(caller.shop_id, caller.token.id, key, fingerprint))
    if isinstance(turn, Replay):
        return _replayed(turn.status, turn.body)
    try:
        response = await _finished(caller.request, work, turn)
    except Exception:
        await idempotency.give_back(caller.desk, turn)
        raise
    await idempotency.finish(caller.desk, turn, response.status_code, bytes(response.body).decode())
    return response


async def _finished(request: Request, work: Work, turn: Turn) -> Response:
    try:
        return await work(turn)
    except DomainError as refusal:
        # The application's own handler words it, so that the kept refusal is the one that others get.
        handle = request.app.exception_handlers[DomainError]
        response: Response = await handle(request, refusal)
        return response


def _replayed(status: int, body: str) -> Response:
    kind = "application/json" if status < 400 else "application/problem+json"
    return Response(body, status, {"Cache-Control": "no-store", "Idempotency-Replayed": "true"}, kind)


def _read_key(request: Request) -> str | None:
    keys = request.headers.getlist("idempotency-key")
    if not keys:
        return None
    if len(keys) > 1 or not _KEY.fullmatch(keys[0]):
        raise Invalid(
            "The Idempotency-Key cannot be used.",
            errors=[("Idempotency-Key", "Send one, of 1 to 255 visible ASCII characters.")],
        )
    return keys[0]
