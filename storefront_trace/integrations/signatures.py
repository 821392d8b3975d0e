"""Who sent it, as far as a shared secret can tell, and by which name we know a delivery that we have had before."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence


def header(headers: Mapping[str, str], name: str) -> str:
    """A header's value whatever the case of its name; "" when it is absent."""
    wanted = name.lower()
    return next((value for key, value in headers.items() if key.lower() == wanted), "").strip()


def secrets_of(secret: str | Sequence[str]) -> list[str]:
    """Several while one is being retired. An empty secret would let anybody sign."""
    return [each for each in ([secret] if isinstance(secret, str) else secret) if each]


def signed(secrets: Sequence[str], signature: str, raw: bytes) -> bool:
    """base64(HMAC-SHA256(secret, raw body)) with one of the secrets; all are tried, so time does not tell which."""
    given = signature.encode("utf-8", "replace")
    matches = [hmac.compare_digest(_signature(secret, raw), given) for secret in secrets]
    return any(matches)


def body_key(topic: str, raw: bytes) -> str:
    return "sha256:" + hashlib.sha256(topic.encode("utf-8", "replace") + b"\n" + raw).hexdigest()


def _signature(secret: str, raw: bytes) -> bytes:
    return base64.b64encode(hmac.digest(secret.encode("utf-8", "replace"), raw, "sha256"))
