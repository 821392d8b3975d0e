"""A follower's end that nobody asked for: the mailbox or the browser is gone."""

from __future__ import annotations

from storefront_trace.domain.clock import now_micros
from storefront_trace.notify.letters import Desk
from storefront_trace.storage import followers, shops


async def stop_follower(desk: Desk, shop_id: str, follower_id: str, why: str) -> bool:
    """Whether it followed until now. It is rare, so all of the shop's pages are made anew, not this order's alone."""
    async with desk.db.write() as conn:
        found = await followers.find_follower(conn, shop_id, follower_id, lock=True)
        if found is None or found.stopped_at is not None:
            return False
        await followers.update_follower(conn, shop_id, follower_id, stopped_at=now_micros(), stopped_why=why)
        await shops.update_generation(conn, shop_id)
        return True
