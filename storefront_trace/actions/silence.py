"""Never to write to an address again, on the word of whoever reads its mails. What that holds back and what it lets
through: domain/silence.py."""

from __future__ import annotations

from storefront_trace.actions import follow
from storefront_trace.actions.desk import Desk
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.silence import digests_of
from storefront_trace.storage import followers, silenced


async def silence(desk: Desk, shop_id: str, digest: str) -> None:
    """Shut first, then stopped: who asks for the mails in between is not written to. Again it changes nothing."""
    async with desk.db.write() as conn:
        await silenced.insert_silenced(conn, shop_id, digest, now_micros())
    async with desk.db.read() as conn:
        present = await followers.list_addresses(conn, shop_id)
    for follower_id, address in present:
        if digest in digests_of(desk.secrets, shop_id, address):
            await follow.stop(desk, shop_id, follower_id)


async def allow(desk: Desk, shop_id: str, digest: str) -> None:
    """Whoever shut it opens it again. Nobody follows by that: they are asked like everybody, when somebody asks."""
    async with desk.db.write() as conn:
        await silenced.delete_silenced(conn, shop_id, [digest])
