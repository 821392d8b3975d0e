"""Work beside the requests, again and again, until the server stops."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger()


async def again(work: Callable[[], Awaitable[object]], stop: asyncio.Event, seconds: float, *, trouble: str) -> None:
    """Until `stop` is set, with so many seconds between. What fails is logged as `trouble`, and the next round comes
    all the same: a database can be away for a while."""
    while not stop.is_set():
        try:
            await work()
        except Exception as error:
            log.error(trouble, kind=type(error).__name__)
        await pause(stop, seconds)


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """So many seconds, or until `stop` is set."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
