"""Calls from shop systems: checked over the raw body, kept, answered; the work is done afterwards."""

from __future__ import annotations

import asyncio
import secrets

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from storefront_trace.actions.deliveries import receive
from storefront_trace.actions.desk import Desk
from storefront_trace.integrations.kinds import kind
from storefront_trace.storage import connections
from storefront_trace.storage.connections import Connection

PATIENCE = 3.0

_storing: set[asyncio.Task[bool]] = set()
log = structlog.get_logger()


async def post_shopify(request: Request) -> Response:
    return await _post(request, "shopify")


async def post_woocommerce(request: Request) -> Response:
    return await _post(request, "woocommerce")


async def _post(request: Request, kind_name: str) -> Response:
    """200: kept, or kept before. 401: not from a connection of ours. 503: try again, it could not be kept."""
    raw = await request.body()
    sender = kind(kind_name)
    if sender.is_ping(request.headers, raw):
        return _ok()
    connection = await _find(request, kind_name)
    # An unknown address takes as long as a wrong signature, and looks the same.
    known = connection.secrets if connection else (secrets.token_hex(16),)
    if not sender.verify(known, request.headers, raw) or connection is None:
        raise HTTPException(401)
    await _keep(request.app.state.desk, connection, request, raw)
    return _ok()


async def _find(request: Request, kind_name: str) -> Connection | None:
    try:
        async with asyncio.timeout(PATIENCE), request.app.state.desk.db.read() as conn:
            found = await connections.find_connection(conn, request.path_params["connection"])
    except Exception as error:
        raise _not_kept(error) from error
    return found if found is not None and found.kind == kind_name and found.ended_at is None else None


async def _keep(desk: Desk, connection: Connection, request: Request, raw: bytes) -> None:
    """When the database is locked the sender hears of it in time, and tries again; the writing itself is never broken
    off halfway. Should it succeed after all, the next try is known as the same delivery."""
    task = asyncio.create_task(receive(desk, connection, dict(request.headers), raw))
    _storing.add(task)
    task.add_done_callback(_forget)
    await asyncio.wait({task}, timeout=PATIENCE)
    if not task.done():
        raise _not_kept(TimeoutError())
    error = task.exception()
    if error is not None:
        raise _not_kept(error) from error


def _not_kept(error: BaseException) -> HTTPException:
    log.error("delivery not kept", kind=type(error).__name__)
    return HTTPException(503, headers={"Retry-After": "60"})


def _forget(task: asyncio.Task[bool]) -> None:
    _storing.discard(task)
    if not task.cancelled():
        task.exception()


def _ok() -> Response:
    return Response("ok\n", media_type="text/plain", headers={"Cache-Control": "no-store"})
