"""A follower's end that nobody asked for: the mailbox or the browser is gone."""

from __future__ import annotations

import re

from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.following import fingerprint
from storefront_trace.domain.silence import bounced_digest_of
from storefront_trace.notify.letters import Desk
from storefront_trace.storage import followers, orders, silenced

# RFC 3463: addressing, the mailbox, and the way to it. A mail that is refused for its contents, for its sender (5.1.7
# and 5.1.8), or for how we are set up (5.7.1), is not the reader's doing.
_HERS = re.compile(r"5\.(?:1\.(?![78]$)|[24]\.)[0-9]{1,3}")
# Less: there is nobody there. A box that is full (5.2.2) or out of reach (5.4.x) may be read again tomorrow.
_GONE = re.compile(r"5\.(?:1\.(?![78]$)[0-9]{1,3}|2\.[01])")
BOUNCED = "bounced"
_COMMENT = re.compile(r"\([^()]*\)")
_ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")


def is_of_the_mailbox(text: str) -> bool:
    """Whether a final refusal means that the mailbox is gone; a server that gives no enhanced status code says so."""
    found = _ENHANCED.search(text)
    return found is None or _HERS.fullmatch(found[0]) is not None


def is_gone(status: str) -> bool:
    """By a whole enhanced status code, and by nothing less: what stands in brackets after it is for people."""
    return _GONE.fullmatch(_COMMENT.sub("", status).strip()) is not None


async def stop_address(desk: Desk, shop_id: str, address: str) -> bool:
    """Whether that is news: nobody has that mailbox. Who followed with it, whichever order of the shop's, follows no
    more, and who never followed is marked as well."""
    digest = bounced_digest_of(desk.secret, shop_id, address)
    async with desk.db.write() as conn:
        known = await silenced.bounced_since(conn, desk.secrets, shop_id, address) is not None
        if not known:
            await silenced.insert_silenced(conn, shop_id, digest, now_micros())
        present = await followers.list_with(conn, shop_id, fingerprint(address))
    stopped = [await stop_follower(desk, shop_id, one.id, BOUNCED) for one in present if one.stopped_at is None]
    return any(stopped) or not known


async def has_bounced(desk: Desk, shop_id: str, address: str) -> bool:
    """Whether mails to it came back, and nobody has followed with it since."""
    async with desk.db.read() as conn:
        present = await followers.list_with(conn, shop_id, fingerprint(address))
        marked = await silenced.bounced_since(conn, desk.secrets, shop_id, address) is not None
    bounced = marked or any(one.stopped_why == BOUNCED for one in present)
    return bounced and not any(one.follows for one in present)


async def stop_follower(desk: Desk, shop_id: str, follower_id: str, why: str) -> bool:
    """Whether it followed until now. The order first, as everywhere: locking in two orders, each would wait for the
    other."""
    async with desk.db.write() as conn:
        found = await followers.find_follower(conn, shop_id, follower_id)
        if found is None:
            return False
        await orders.find_order_by_id(conn, shop_id, found.order_id, lock=True)
        found = await followers.find_follower(conn, shop_id, follower_id, lock=True)
        if found is None or found.stopped_at is not None:
            return False
        await followers.update_follower(conn, shop_id, follower_id, stopped_at=now_micros(), stopped_why=why)
        await orders.touch_order(conn, shop_id, found.order_id)
        return True
