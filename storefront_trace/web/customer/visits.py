"""How often customers open their pages: counted in memory by order, written down by shop and day.

Without cookies and without addresses. Which order was opened when is known to this process for half an hour and to
nobody after that; what is kept is one number for each day of a shop.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter

import structlog
from starlette.applications import Starlette
from starlette.types import Scope

from storefront_trace import background
from storefront_trace.actions import visits
from storefront_trace.actions.desk import Desk
from storefront_trace.domain.clock import MINUTE, now_micros
from storefront_trace.web.customer.cache import KeptPage

# Whoever looks again within so long is still there: what web statistics call a visit.
STILL_THERE = 30 * MINUTE
MOST_KNOWN = 50_000
POLL = 60.0
PROGRAMS = re.compile(
    rb"bot|crawl|spider|preview|scan|fetch|monitor|headless|facebookexternalhit|whatsapp|slack|telegram|discord|skype"
    rb"|curl|wget|python|java/|go-http|okhttp|axios|node",
    re.IGNORECASE,
)
# Ours by its whole name: the shop's own site may have given a cookie for all its addresses ("wp_session").
SIGNED_IN = re.compile(rb"(?:^|;\s*)(?:__Host-)?session=")
log = structlog.get_logger()


class Visits:
    def __init__(self) -> None:
        self._looked: dict[str, int] = {}
        self._waiting: Counter[str] = Counter()

    def note(self, page: KeptPage, scope: Scope, now: int) -> None:
        """Of a page that is being shown. What it fetches by itself, programs, staff and a sample's are no visits."""
        shop_id, order_id = page.stands.shop_id, page.stands.order_id
        looked = self._looked.get(order_id)
        if looked is not None and now - looked < STILL_THERE:
            if now - looked >= MINUTE and is_opened(scope):
                self._looked[order_id] = now
            return
        if page.sample or not is_opened(scope):
            return
        self._looked[order_id] = now
        self._waiting[shop_id] += 1
        if len(self._looked) > MOST_KNOWN:
            self._forget(now)

    async def write(self, desk: Desk) -> None:
        """What came up to now. After an error the rest of it still waits."""
        self._forget(now_micros())
        for shop_id, some in list(self._waiting.items()):
            await visits.add_visits(desk, shop_id, some)
            self._waiting[shop_id] -= some
            if not self._waiting[shop_id]:
                del self._waiting[shop_id]

    def _forget(self, now: int) -> None:
        """Who is not there any more; of too many the first half, who are counted once more if they are."""
        self._looked = {order_id: at for order_id, at in self._looked.items() if now - at < STILL_THERE}
        if len(self._looked) > MOST_KNOWN:
            self._looked = dict(list(self._looked.items())[MOST_KNOWN // 2 :])


def is_opened(scope: Scope) -> bool:
    """By a person in a window of a browser, who is not signed in here. Browsers that tell nothing of what a request is
    for (before 2023) are believed."""
    if scope["method"] != "GET":
        return False
    agent = b""
    for name, value in scope["headers"]:
        if name == b"user-agent":
            agent = value
        elif name == b"sec-fetch-dest" and value != b"document":
            return False
        elif name in (b"sec-purpose", b"purpose", b"x-moz") or (name == b"cookie" and SIGNED_IN.search(value)):
            return False
    return bool(agent) and not PROGRAMS.search(agent[:400])


async def keep_visits(app: Starlette, stop: asyncio.Event) -> None:
    """Until `stop`; the last ones are written then. A process that is killed loses those of a minute."""
    while not stop.is_set():
        await background.pause(stop, POLL)
        try:
            await app.state.visits.write(app.state.desk)
        except Exception as error:
            log.warning("the count of visits waits", kind=type(error).__name__)
