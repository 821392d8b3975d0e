"""A mail that came back: RFC 3464's report, as a mail server pipes it to `storefront-trace bounce`.

An address in such a report proves nothing, and anybody may write one. What counts is the Message-ID in the headers that
came back: it holds the notice's own id, which only who got the mail has seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, message_from_string
from email.message import Message
from email.policy import compat32

from storefront_trace.notify.letters import Desk
from storefront_trace.notify.stopped import is_of_the_mailbox, stop_follower
from storefront_trace.storage import outbox

_OURS = re.compile(r"<?([0-9a-f]{32})@[^\s<>]+>?")


async def take_bounce(desk: Desk, raw: bytes) -> bool:
    """Whether somebody follows no more because of it. A report of a delay, of another's mail, or again, is False."""
    notice_id = bounced_notice(raw)
    if notice_id is None:
        return False
    async with desk.db.read() as conn:
        notice = await outbox.find_notice(conn, notice_id)
    follower = notice.detail.get("follower_id") if notice else None
    if notice is None or not follower:
        return False
    return await stop_follower(desk, notice.shop_id, str(follower), "bounced")


def bounced_notice(raw: bytes) -> str | None:
    """The notice that could not be delivered, for good (status 5.x.x), to anybody of its one recipient. Parts within
    parts, deeper than anybody's mail, are no report of ours."""
    try:
        return _bounced_notice(raw)
    except RecursionError:
        return None


def _bounced_notice(raw: bytes) -> str | None:
    parts = list(message_from_bytes(raw, policy=compat32).walk())
    if not any(_has_failed(part) for part in parts if part.get_content_type() == "message/delivery-status"):
        return None
    for headers in _returned(parts):
        found = _OURS.fullmatch(str(headers.get("Message-ID", "")).strip())
        if found:
            return found[1]
    return None


def _has_failed(status: Message) -> bool:
    blocks = status.get_payload()
    if not isinstance(blocks, list):
        return False
    return any(
        str(block.get("Action", "")).strip().lower() == "failed" and _is_hers(str(block.get("Status", "")).strip())
        for block in blocks
        if isinstance(block, Message)
    )


def _is_hers(status: str) -> bool:
    return status.startswith("5") and is_of_the_mailbox(status)


def _returned(parts: list[Message]) -> Iterator[Message]:
    """Our mail, or its headers, as they came back."""
    for part in parts:
        kind, inside = part.get_content_type(), part.get_payload()
        if kind == "message/rfc822" and isinstance(inside, list) and inside and isinstance(inside[0], Message):
            yield inside[0]
        elif kind == "text/rfc822-headers":
            decoded = part.get_payload(decode=True)
            text = decoded.decode("utf-8", "replace") if isinstance(decoded, bytes) else ""
            yield message_from_string(text, policy=compat32)
