"""Keys that stand in links and headers: tracking tokens, made from the secret, and random ones.

Only the hash of a token is stored. A tracking token can be made again from the secret and the link's number, so the
same link can be mailed twice without being kept; a new number makes a new link and the old one can die alone.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from typing import Literal

Purpose = Literal[
    "tracking",
    "session",
    "signin",
    "form",
    "unsubscribe",
    "confirm",
    "silence",
    "journal",
    "push",
    "media",
    "card",
    "connection",
    "idempotency",
    "passkey",
    "factor",
    "morning",
    "friday",
]
Kind = Literal["api", "session", "signin", "connection", "tablet", "kiosk", "pending", "wall"]

# A prefix lets secret scanners, and people, see what they found. A shared tablet's link makes it one; "kiosk" is what
# the tablet is known by from then on.
PREFIXES: dict[Kind, str] = {
    "api": "stt_",
    "session": "sts_",
    "signin": "sti_",
    "connection": "stc_",
    "tablet": "stl_",
    "kiosk": "stk_",
    "pending": "stp_",
    "wall": "stw_",
}

_NAMESPACE = b"storefront-trace/1/"
# 43 characters hold 258 bits: the last one may only end in two zero bits, else several texts would be one token.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")


def make_token(secret: bytes, key_id: str, shop_id: str, order_id: str, link_number: int) -> str:
    """The token of an order's tracking link: 43 characters, 256 bits, always the same for the same arguments."""
    return signature(secret, "tracking", key_id, shop_id, order_id, str(link_number))


def mailed_token(secret: bytes, nonce: str) -> str:
    """Of a sign-in link that goes by mail: made again from the secret when the mail is, and kept nowhere."""
    return PREFIXES["signin"] + signature(secret, "signin", nonce)


def random_token(kind: Kind) -> str:
    """256 random bits behind the kind's prefix. Show it once, store `token_hash` of all of it."""
    return PREFIXES[kind] + secrets.token_urlsafe(32)


def signature(secret: bytes, purpose: Purpose, *parts: str) -> str:
    """43 characters over the parts, which nobody without the secret can make and which no other purpose accepts.

    Compare with `same`, never with `==`.
    """
    message = b"".join(_sized(part.encode()) for part in parts)
    digest = hmac.digest(derive_key(secret, purpose), message, "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def same(left: str, right: str) -> bool:
    """Whether two secret texts are equal, in a time that does not tell how far they agree."""
    return hmac.compare_digest(left.encode(), right.encode())


def derive_key(secret: bytes, purpose: Purpose) -> bytes:
    """32 bytes for one purpose. The secret itself is never used as a key."""
    if not secret:
        raise ValueError("the secret is empty")
    return hmac.digest(secret, _NAMESPACE + purpose.encode("ascii"), "sha256")


def key_id(secret: bytes) -> str:
    """Eight hex characters that name a secret without telling it, to see which one made a link after a change."""
    return hmac.digest(secret, _NAMESPACE + b"key-id", "sha256").hex()[:8]


def token_hash(token: str) -> str:
    """What is stored and looked up. A plain hash is enough for 256 random bits; it would not be for a password."""
    return hashlib.sha256(token.encode()).hexdigest()


def looks_like_token(text: str) -> bool:
    """Whether it has the form of a tracking token; saves the look-up, decides nothing."""
    return _TOKEN.fullmatch(text) is not None


def _sized(part: bytes) -> bytes:
    """With its length in front, so that ("ab", "c") and ("a", "bc") differ."""
    return len(part).to_bytes(4, "big") + part
