"""Karin's order once it is packed, and the words of the page as she reads them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.moments import Moment
from tests.people import Shop

PACKED = Moment(datetime(2026, 11, 20, 8, 14, tzinfo=UTC), "+01:00", "minute")
SV = {"Accept-Language": "sv"}


async def packed(shop: Shop, by: str = "anders") -> str:
    """Order 1001, packed; the id of that step."""
    await shop.order()
    told = StepToLog("packed", by, PACKED, "Dubbelt bubbelplast", hand_to="lisa")
    return (await log_step(shop.desk, shop.id, "1001", told)).event.id


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).replace("\u00a0", " ").split())
