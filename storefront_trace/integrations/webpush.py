"""Web push: RFC 8030 to the push services. What is written in it is made in pushcrypto.py.

Written with `cryptography` alone. pywebpush would bring aiohttp, requests and a package that has to be built where it
is installed; what is needed of it are some sixty lines, and the RFCs' own examples test them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx2

from storefront_trace.domain.errors import N_, Invalid

# A browser names the service it is to be reached by. Only these are believed: whatever else stands in a subscription,
# a machine of our own network say, is never called.
SERVICES = ("fcm.googleapis.com", "push.services.mozilla.com", "notify.windows.com", "push.apple.com")
_HOST = re.compile(r"[a-z0-9.-]+")
_PLAIN = re.compile(r"[!-~]+")
MOST = 3993  # bytes of a message, as in pushcrypto.py
TTL = 24 * 3600
TIMEOUT = 15


class PushRefused(Exception):
    """`gone`: the browser wants no more. Else `final` says whether to try again."""

    def __init__(self, status: int) -> None:
        super().__init__(f"The push service answered {status}.")
        self.status = status
        self.gone = status in (404, 410)
        self.final = 400 <= status < 500 and status not in (408, 425, 429)


def public_key(secret: bytes) -> str:
    """As browsers want it for `applicationServerKey`."""
    from storefront_trace.integrations.pushcrypto import public_text, server_key

    return public_text(server_key(secret))


def check_subscription(told: Any) -> dict[str, Any]:
    """What a browser sent, reduced to what is needed; Invalid for anything that we would not call."""
    from storefront_trace.integrations.pushcrypto import check_keys

    try:
        endpoint, keys = told["endpoint"], told["keys"]
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
        check_keys(keys)
        right = len(endpoint) <= 1000 and _PLAIN.fullmatch(endpoint) and _HOST.fullmatch(host)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _refusal() from None
    ours = any(host == service or host.endswith(f".{service}") for service in SERVICES)
    if not (right and ours and parts.scheme == "https" and port in (None, 443) and parts.username is None):
        raise _refusal()
    return {"endpoint": endpoint, "keys": {"p256dh": keys["p256dh"], "auth": keys["auth"]}}


class PushService:
    """The way to the browsers' push services. No redirects, no proxy of the environment, and an end to waiting."""

    def __init__(self, contact: str, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self._contact = contact
        self._client = httpx2.AsyncClient(timeout=TIMEOUT, follow_redirects=False, trust_env=False, transport=transport)

    async def send(
        self, secret: bytes, subscription: Mapping[str, Any], payload: bytes, *, now: int, topic: str
    ) -> None:
        """Raises PushRefused, or httpx2's errors when there was no answer. `topic`: a later one takes its place while
        the browser is off; at most 32 characters of base64url."""
        from storefront_trace.integrations.pushcrypto import authorization, encrypt, server_key

        checked = check_subscription(subscription)
        headers = {
            "Authorization": authorization(server_key(secret), checked["endpoint"], self._contact, now),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(TTL),
            "Topic": topic,
            "Urgency": "normal",
        }
        answer = await self._client.post(
            checked["endpoint"], content=encrypt(payload, checked["keys"]), headers=headers
        )
        if not 200 <= answer.status_code < 300:
            raise PushRefused(answer.status_code)

    async def close(self) -> None:
        await self._client.aclose()


def _refusal() -> Invalid:
    message = N_("This browser's messages come from somewhere that we do not know.")
    return Invalid(message, errors=[("subscription", message)])
