"""A form that comes back after its step was taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from storefront_trace.actions.steps import LoggedStep
from storefront_trace.domain.errors import Conflict

MOST = 10
Log = Callable[[str | None], Awaitable[LoggedStep]]
"""Logs under this key."""


def anew(log: Log) -> Log:
    """Told twice it is logged once. But after its step was undone the same form is meant anew: somebody has pressed its
    button again. (What a phone sends again by itself is not: see sync.py.)"""

    async def log_again(key: str | None) -> LoggedStep:
        for _ in range(MOST):
            logged = await log(key)
            if not logged.again or logged.event.id not in logged.state.corrected:
                return logged
            key = f"after:{logged.event.id}"
        raise Conflict("This step was taken back many times. Open the order again and log it there.")

    return log_again
