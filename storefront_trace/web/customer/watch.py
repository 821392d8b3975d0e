"""Finds what is new for those who look, and keeps their connections warm: runs beside the requests.

A commit by any process is seen: on SQLite PRAGMA data_version tells in microseconds that there was one, on PostgreSQL
each look is a query. Up to SWEEP orders are then asked for by name. Of more, only those are asked for that say they
have changed in the last seconds, and the others SWEEP at a time, look by look: a clock that is wrong, or a transaction
that took long, costs some seconds and no news.
"""

from __future__ import annotations

import asyncio

import structlog
from starlette.applications import Starlette

from storefront_trace import background
from storefront_trace.domain.clock import SECOND, now_micros
from storefront_trace.storage.trackread import TrackReader
from storefront_trace.web.customer.live import BEATS, LiveHub

LOOK_EVERY = 0.2
LOOK_EVERY_ASKING = 0.4  # where each look is a query
AFTER_TROUBLE = 2.0
BEAT_EVERY = 20.0
SWEEP = 500
OVERLAP = 10 * SECOND
log = structlog.get_logger()


async def watch(app: Starlette, stop: asyncio.Event) -> None:
    """Until `stop`; ends every stream at once then."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_look_on(Watch(app.state.live, app.state.reader), stop))
        tasks.create_task(_beat_on(app.state.live, stop))
        await stop.wait()
        app.state.live.end()


async def _look_on(watching: Watch, stop: asyncio.Event) -> None:
    """A database that does not answer for a while must not end it: the next look catches up."""
    while not await _stops(stop, watching.pause):
        try:
            await watching.look()
        except Exception as error:
            log.warning("live news wait", kind=type(error).__name__)
            await _stops(stop, AFTER_TROUBLE)


async def _beat_on(hub: LiveHub, stop: asyncio.Event) -> None:
    while not await _stops(stop, BEAT_EVERY / BEATS):
        hub.beat()


async def _stops(stop: asyncio.Event, seconds: float) -> bool:
    await background.pause(stop, seconds)
    return stop.is_set()


class Watch:
    def __init__(self, hub: LiveHub, reader: TrackReader) -> None:
        self._hub, self._reader = hub, reader
        self._seen: int | None = None
        self._rest: list[str] = []  # still to be asked for since the last commit
        self._again = False
        self.pause = LOOK_EVERY if reader.data_version_known else LOOK_EVERY_ASKING

    async def look(self) -> None:
        """Tells the viewers what is new. After an error everything is asked for again."""
        watched = self._hub.watched()
        now = self._reader.data_version()
        if now is None or now != self._seen:
            self._seen, self._again = None, True
            if len(watched) > SWEEP:
                self._tell(await self._reader.changed(self._hub.shops(), now_micros() - OVERLAP))
        if self._again and not self._rest:
            self._rest, self._again = watched, False
        some, rest = self._rest[:SWEEP], self._rest[SWEEP:]
        if some:
            self._tell(await self._reader.versions(some))
        self._rest, self._seen = rest, now

    def _tell(self, versions: dict[str, int]) -> None:
        for hashed, version in versions.items():
            self._hub.tell(hashed, version)
