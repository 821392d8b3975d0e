"""Never to write to an address again, on the word of whoever reads its mails. What that holds back and what it lets
through: domain/silence.py."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from storefront_trace.actions import follow
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.journal import remember
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.silence import digests_of
from storefront_trace.storage import followers, silenced
from storefront_trace.storage.database import Connection

PAGE = 1000


async def silence(desk: Desk, shop_id: str, digest: str) -> None:
    """Shut first, then stopped: who asks for the mails in between is not written to. Again it changes nothing, and
    costs nothing. A page of addresses at a time, in a thread: a hash for each of 100,000 followers takes most of a
    second, in which nobody else would be answered."""
    async with desk.db.write() as conn:
        if not await silenced.insert_silenced(conn, shop_id, digest, now_micros()):
            return
        await remember(desk, conn, shop_id, "silence", digest=digest)
    last = ""
    while True:
        async with desk.db.read() as conn:
            present = await followers.list_next_addresses(conn, shop_id, last, PAGE)
        for follower_id in await asyncio.to_thread(_theirs, desk.secrets, shop_id, digest, present):
            await follow.stop(desk, shop_id, follower_id)
        if len(present) < PAGE:
            return
        last = present[-1][0]


def _theirs(secrets: Sequence[str], shop_id: str, digest: str, present: Sequence[tuple[str, str]]) -> list[str]:
    return [one for one, address in present if digest in digests_of(secrets, shop_id, address)]


async def allow(desk: Desk, shop_id: str, digest: str) -> bool:
    """Whoever shut it opens it again, by a link under whichever secret. Nobody follows by that: they are asked like
    everybody, when somebody asks. False when this link has opened nothing and may not be the one that shut: the hash
    says nothing of those under other secrets once its address has been forgotten."""
    async with desk.db.write() as conn:
        same = await _of_the_mailbox(conn, desk, shop_id, digest)
        opened = await silenced.delete_silenced(conn, shop_id, same)
        if opened:
            await remember(desk, conn, shop_id, "allow", digests=same)
    return opened > 0 or len(same) == len(desk.secrets)


async def is_silent(desk: Desk, shop_id: str, digest: str) -> bool:
    """Under whichever secret it was shut, as far as that can be known."""
    async with desk.db.read() as conn:
        same = await _of_the_mailbox(conn, desk, shop_id, digest)
        return await silenced.is_any_silenced(conn, shop_id, same)


async def _of_the_mailbox(conn: Connection, desk: Desk, shop_id: str, digest: str) -> list[str]:
    """The hashes under all our secrets, when somebody there has ever been asked; else this one alone."""
    if len(desk.secrets) > 1:
        for _, address in await followers.list_addresses(conn, shop_id, stopped=True):
            if digest in (same := digests_of(desk.secrets, shop_id, address)):
                return same
    return [digest]
