"""Writing down how often customers opened their pages."""

from __future__ import annotations

from storefront_trace.actions.desk import Desk
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.moments import from_micros, tz
from storefront_trace.storage import visits


async def add_visits(desk: Desk, shop_id: str, some: int) -> None:
    """So many more, on the day that it is on the shop's wall. Each call adds: never repeat one that was done."""
    async with desk.db.write() as conn:
        zone = (await desk.casts.get(conn, shop_id)).shop.zone
        day = from_micros(now_micros()).astimezone(tz(zone)).date()
        await visits.add_visits(conn, shop_id, day.isoformat(), some)
