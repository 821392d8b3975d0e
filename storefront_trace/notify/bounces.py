"""A mail that came back: RFC 3464's report, as a mail server pipes it to `storefront-trace bounce`.

Anybody may write such a report. What counts is the Message-ID in the headers that came back: it holds the notice's own
id, which only who got the mail has seen. Some servers bring nothing of the mail back and name the recipient alone. That
proves less, so less is believed: a report without a sender, about one recipient, final, with a code that says that the
mailbox is gone, and only about an address that we mailed within the days that a server goes on trying. The worst that
a forged one does is to stop mails that the page offers again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes, message_from_string
from email.message import Message
from email.policy import compat32

from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.notify.letters import Desk
from storefront_trace.notify.stopped import is_gone, is_of_the_mailbox, stop_address
from storefront_trace.storage import outbox

DAYS = 6  # servers try for five, and then write
_OURS = re.compile(r"<?([0-9a-f]{32})@[^\s<>]+>?")


async def take_bounce(desk: Desk, raw: bytes) -> bool:
    """Whether that address gets less because of it: see `stop_address`. A report of a delay, of another's mail, or
    again, is False."""
    notice_id, address = bounced_notice(raw), bounced_address(raw)
    async with desk.db.read() as conn:
        if notice_id is not None:
            found = [await outbox.find_notice(conn, notice_id)]
        else:
            found = list(await outbox.list_sent_to(conn, address, now_micros() - DAYS * DAY)) if address else []
    theirs = {(one.shop_id, one.recipient) for one in found if one and one.channel == "mail"}
    stopped = [await stop_address(desk, shop_id, recipient) for shop_id, recipient in sorted(theirs)]
    return any(stopped)


def bounced_notice(raw: bytes) -> str | None:
    """The notice that could not be delivered, for good (status 5.x.x), to anybody of its one recipient. Parts within
    parts, deeper than anybody's mail, are no report of ours."""
    try:
        return _bounced_notice(raw)
    except RecursionError:
        return None


def bounced_address(raw: bytes) -> str | None:
    """The one address that a report names, of a mail of which it brings nothing back that says which. As it was
    written to (Original-Recipient) rather than where it was passed on to."""
    try:
        return _bounced_address(message_from_bytes(raw, policy=compat32))
    except RecursionError:
        return None


def _bounced_address(report: Message) -> str | None:
    """A report has no sender: what has one was written by somebody. Our mail server says so in the first Return-Path;
    where it does not say, nobody knows."""
    if report.get_content_type() != "multipart/report" or str(report.get("Return-Path", "")).strip() != "<>":
        return None
    parts = list(report.walk())
    if any(headers.get("Message-ID") for headers in _returned(parts)):
        return None
    statuses = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    blocks = [block for part in statuses for block in _blocks(part) if block.get("Final-Recipient")]
    if len(blocks) != 1 or not _is_failed(blocks[0]) or not is_gone(str(blocks[0].get("Status", ""))):
        return None
    named = (str(blocks[0].get(name, "")) for name in ("Original-Recipient", "Final-Recipient"))
    return next((address for text in named if (address := _address(text))), None)


def _address(text: str) -> str | None:
    """ "rfc822; karin@example.com" names one; a server's own name for a mailbox ("x-local; karin") does not."""
    kind, _, address = text.partition(";")
    address = address.strip().removeprefix("<").removesuffix(">")
    return address if kind.strip().lower() in ("rfc822", "utf-8") and "@" in address else None


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
    return any(_is_failed(block) and _is_hers(str(block.get("Status", "")).strip()) for block in _blocks(status))


def _blocks(status: Message) -> list[Message]:
    """About the mail, then about each of its recipients."""
    inside = status.get_payload()
    return [block for block in inside if isinstance(block, Message)] if isinstance(inside, list) else []


def _is_failed(block: Message) -> bool:
    return str(block.get("Action", "")).strip().lower() == "failed"


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
