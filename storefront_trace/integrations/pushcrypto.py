"""The arithmetic of web push: RFC 8291, so that only the browser can read it, and RFC 8292, so that the push service
knows whose it is.

Apart from webpush.py, which imports it when the first push is wanted: the library takes 9 MB, and few servers send any.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from storefront_trace.domain.links import derive_key

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
RECORD = 4096
MOST = RECORD - 16 - 1 - 86  # what fits into one record with its tag, its end and the header
TOKEN_SECONDS = 12 * 3600


def server_key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    """Always the same for the same secret, so there is nothing to keep: and a new secret means new subscriptions."""
    seed = HKDF(SHA256(), 48, salt=None, info=b"vapid").derive(derive_key(secret, "push"))
    return ec.derive_private_key(int.from_bytes(seed) % (ORDER - 1) + 1, CURVE)


def public_text(key: ec.EllipticCurvePrivateKey) -> str:
    """As browsers want it for `applicationServerKey`."""
    return _to_base64(_point(key.public_key()))


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
    receiver, auth = _public(keys["p256dh"]), _from_base64(keys["auth"])
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
    return f"vapid t={signed}.{_to_base64(r.to_bytes(32) + s.to_bytes(32))}, k={public_text(key)}"


def check_keys(keys: Mapping[str, str]) -> None:
    """ValueError for what is no browser's public key and secret."""
    _public(keys["p256dh"])
    if len(_from_base64(keys["auth"])) != 16:
        raise ValueError("the secret has 16 bytes")


def _public(text: str) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, _from_base64(text))


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _json(value: Mapping[str, Any]) -> str:
    return _to_base64(json.dumps(value, separators=(",", ":")).encode())


def _to_base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _from_base64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
