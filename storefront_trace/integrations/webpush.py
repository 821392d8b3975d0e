"""Web push: RFC 8030 to the push service, RFC 8291 so that only the browser can read it, RFC 8292 so that the service
knows whose it is.

Written with `cryptography` alone. pywebpush would bring aiohttp, requests and a package that has to be built where it
is installed; what is needed of it are the sixty lines below, and the RFCs' own examples test them.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from storefront_trace.domain.errors import N_, Invalid
from storefront_trace.domain.links import derive_key

# A browser names the service it is to be reached by. Only these are believed: whatever else stands in a subscription,
# a machine of our own network say, is never called.
SERVICES = ("fcm.googleapis.com", "push.services.mozilla.com", "notify.windows.com", "push.apple.com")
CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
RECORD = 4096
MOST = RECORD - 16 - 1 - 86  # what fits into one record with its tag, its end and the header
TTL = 24 * 3600
TOKEN_SECONDS = 12 * 3600
TIMEOUT = 15


class PushRefused(Exception):
    """`gone`: the browser wants no more. Else `final` says whether to try again."""

    def __init__(self, status: int) -> None:
        super().__init__(f"The push service answered {status}.")
        self.status = status
        self.gone = status in (404, 410)
        self.final = 400 <= status < 500 and status not in (408, 425, 429)


def server_key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    """Always the same for the same secret, so there is nothing to keep: and a new secret means new subscriptions."""
    seed = HKDF(SHA256(), 48, salt=None, info=b"vapid").derive(derive_key(secret, "push"))
    return ec.derive_private_key(int.from_bytes(seed) % (ORDER - 1) + 1, CURVE)


def public_text(key: ec.EllipticCurvePrivateKey) -> str:
    """As browsers want it for `applicationServerKey`."""
    return _text(_point(key.public_key()))


def check_subscription(told: Any) -> dict[str, Any]:
    """What a browser sent, reduced to what is needed; Invalid for anything that we would not call."""
    try:
        endpoint, keys = told["endpoint"], told["keys"]
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
        _public(keys["p256dh"])
        right = len(_bytes(keys["auth"])) == 16 and len(endpoint) <= 1000 and endpoint.isascii()
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _refusal() from None
    ours = any(host == service or host.endswith(f".{service}") for service in SERVICES)
    if not (right and ours and parts.scheme == "https" and port in (None, 443) and parts.username is None):
        raise _refusal()
    return {"endpoint": endpoint, "keys": {"p256dh": keys["p256dh"], "auth": keys["auth"]}}


def encrypt(
    payload: bytes,
    keys: Mapping[str, str],
    *,
    salt: bytes | None = None,
    sender: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """RFC 8291, one record of RFC 8188. `salt` and `sender` are new for each message; tests give them."""
    if len(payload) > MOST:
        raise ValueError("too long for one record")
    salt, sender = salt or os.urandom(16), sender or ec.generate_private_key(CURVE)
    receiver, auth = _public(keys["p256dh"]), _bytes(keys["auth"])
    ours = _point(sender.public_key())
    info = b"WebPush: info\0" + _point(receiver) + ours
    key = HKDF(SHA256(), 32, salt=auth, info=info).derive(sender.exchange(ec.ECDH(), receiver))
    content = HKDF(SHA256(), 16, salt=salt, info=b"Content-Encoding: aes128gcm\0").derive(key)
    nonce = HKDF(SHA256(), 12, salt=salt, info=b"Content-Encoding: nonce\0").derive(key)
    head = salt + RECORD.to_bytes(4) + len(ours).to_bytes(1) + ours
    return head + AESGCM(content).encrypt(nonce, payload + b"\2", None)


def authorization(key: ec.EllipticCurvePrivateKey, endpoint: str, contact: str, now: int) -> str:
    """RFC 8292. `now` in seconds; `contact` is a mailto: or https: address of whom to ask about our pushes."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": now + TOKEN_SECONDS, "sub": contact}
    signed = f"{_json({'typ': 'JWT', 'alg': 'ES256'})}.{_json(claims)}"
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(SHA256())))
    return f"vapid t={signed}.{_text(r.to_bytes(32) + s.to_bytes(32))}, k={public_text(key)}"


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


def _public(text: str) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, _bytes(text))


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _json(value: Mapping[str, Any]) -> str:
    return _text(json.dumps(value, separators=(",", ":")).encode())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
