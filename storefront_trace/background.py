"""Work beside the requests, again and again, until the server stops."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import random
from collections.abc import Awaitable, Callable

import structlog

Span = tuple[float, float]
Wait = Callable[[float], Awaitable[None]]

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


async def now_and_then(
    work: Callable[[], Awaitable[object]],
    stop: asyncio.Event,
    first: Span,
    every: Span,
    *,
    trouble: str,
    wait: Wait | None = None,
) -> None:
    """As `again`, after a first wait, and each wait drawn anew between its two ends in seconds: processes that start
    together do it each at a moment of its own. `wait` takes seconds; a test's own need not let them pass."""
    rest = wait or functools.partial(pause, stop)
    await rest(random.uniform(*first))
    while not stop.is_set():
        try:
            await work()
        except Exception as error:
            log.error(trouble, kind=type(error).__name__)
        await rest(random.uniform(*every))


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """So many seconds, or until `stop` is set."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
