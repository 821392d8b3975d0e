"""Passkeys: a person's own key, kept by their device, in place of a link."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from storefront_trace.domain.clock import MINUTE
from storefront_trace.domain.links import same, signature

MOST = 10  # of one person
LASTS = 5 * MINUTE


@dataclass(frozen=True)
class Place:
    """For whom passkeys are made: browsers give them to no other host, nor to another origin."""

    host: str
    origin: str
    name: str


@dataclass(frozen=True)
class Passkey:
    """`credential_id` and `public_key` in base64url; `account_id` belongs to the shop `shop_id`."""

    shop_id: str
    id: str
    account_id: str
    name: str
    credential_id: str
    public_key: str
    sign_count: int
    created_at: int
    used_at: int | None


@dataclass(frozen=True)
class Ticket:
    """What was asked of one browser, and when. It is kept by that browser, in a cookie that only we can write."""

    challenge: bytes
    issued_at: int


def host_of(public_url: str) -> str | None:
    """Whose passkeys are ours. None where browsers make none: at a number, or without https, but for localhost."""
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    named = re.search(r"[a-z]", host) is not None and ":" not in host
    return host if host == "localhost" or (parts.scheme == "https" and named) else None


def fingerprint(credential_id: str) -> str:
    """By which a passkey is looked for: ids can be long."""
    return hashlib.sha256(credential_id.encode()).hexdigest()


def write_ticket(secret: bytes, purpose: str, ticket: Ticket) -> str:
    """`purpose` is what it is for and whose it is: a ticket for one thing opens nothing else."""
    challenge = base64.urlsafe_b64encode(ticket.challenge).decode().rstrip("=")
    parts = (str(ticket.issued_at), challenge)
    return ".".join((*parts, signature(secret, "passkey", purpose, *parts)))


def read_ticket(secrets: Sequence[bytes], purpose: str, text: str, now: int) -> Ticket | None:
    """None when it is not ours, for something else, or too old."""
    parts = text.split(".")
    if len(text) > 300 or len(parts) != 3 or not text.isascii():
        return None
    issued, challenge, signed = parts
    if not any(same(signature(secret, "passkey", purpose, issued, challenge), signed) for secret in secrets):
        return None
    at = int(issued)
    found = Ticket(base64.urlsafe_b64decode(challenge + "=" * (-len(challenge) % 4)), at)
    return found if at <= now < at + LASTS else None
