"""When each session last asked for something: noted in memory by the gate, written down beside the requests.

A page never waits for it, and is answered all the same while the database takes no writes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog
from starlette.applications import Starlette

from storefront_trace import background
from storefront_trace.actions import signin
from storefront_trace.actions.desk import Desk
from storefront_trace.domain.clock import MINUTE
from storefront_trace.storage.accounts import Session

EVERY = 10 * MINUTE
# Of the minutes after which nobody is at a shared tablet any more: they are counted from what is written down.
SHARE_OF_IDLE = 24
POLL = 1.0
log = structlog.get_logger()


class LastSeen:
    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], int] = {}
        self._times: dict[str, int] = {}

    @property
    def times(self) -> Mapping[str, int]:
        """By session, what is not written down yet."""
        return self._times

    def note(self, session: Session, now: int) -> None:
        """Kept to be written down once the table is so far behind that it matters."""
        if now - session.seen_at >= _every(session):
            self._waiting[session.shop_id, session.id] = self._times[session.id] = now

    async def write(self, desk: Desk) -> None:
        """What came up to now. After an error all of it still waits."""
        some = dict(self._waiting)
        if some:
            await signin.mark_seen(desk, some)
        for key, at in some.items():
            if self._waiting.get(key) == at:
                del self._waiting[key], self._times[key[1]]


async def keep_last_seen(app: Starlette, stop: asyncio.Event) -> None:
    """Until `stop`; the last ones are written then, or lost, which costs a few minutes of truth."""
    while not stop.is_set():
        await background.pause(stop, POLL)
        try:
            await app.state.last_seen.write(app.state.desk)
        except Exception as error:
            log.warning("when sessions were used waits", kind=type(error).__name__)


def _every(session: Session) -> int:
    return EVERY if session.idle_minutes is None else min(EVERY, session.idle_minutes * MINUTE // SHARE_OF_IDLE)
