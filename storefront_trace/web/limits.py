"""How often one visitor may knock. Counts live in this process; several machines need the proxy's limits as well."""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request

from storefront_trace.domain.errors import TooMany

RULES = {
    # Wrong ones: no link has fewer than 256 bits, so a right one is let in whatever its neighbours try.
    "signin": "10 per 3 minutes",
    # Each asks for a mail.
    "way-in": "5 per 15 minutes",
    "passkey": "10 per 3 minutes",
    "lookup": "5 per 15 minutes",
    "token-miss": "30 per minute",
    "feedback": "60 per hour",
    "question": "10 per hour",
    "follow": "20 per hour",
    "following": "40 per hour",
    "upload": "20 per hour",
    # At one shared tablet, right or wrong; and for one person anywhere, wrong ones.
    "kiosk": "120 per 5 minutes",
    "pin": "15 per hour",
    "export": "20 per hour",
}


class Limits:
    def __init__(self, rules: dict[str, str] | None = None) -> None:
        self._rules: dict[str, RateLimitItem] = {name: parse(rule) for name, rule in (rules or RULES).items()}
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def hit(self, rule: str, who: str) -> None:
        """Counts one; raises TooMany with the seconds to wait when that was one too many."""
        item = self._rules[rule]
        if not self._limiter.hit(item, rule, who):
            raise self._refusal(item, rule, who)

    def check(self, rule: str, who: str) -> None:
        """Raises TooMany without counting."""
        item = self._rules[rule]
        if not self._limiter.test(item, rule, who):
            raise self._refusal(item, rule, who)

    def _refusal(self, item: RateLimitItem, rule: str, who: str) -> TooMany:
        reset = self._limiter.get_window_stats(item, rule, who).reset_time
        wait = max(1, math.ceil(reset - time.time()))
        return TooMany("That was many tries in a short time. Wait a little and try again.", retry_after=wait)


def visitor(request: Request) -> str:
    """Whom to count by: the address that the server, or a proxy that we trust, gives."""
    return request.client.host if request.client else "unknown"
