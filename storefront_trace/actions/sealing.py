"""What we have to read again, and whoever reads the database alone must not: sealed with the server's secret."""

from __future__ import annotations

import base64
import secrets

from storefront_trace.actions.desk import Desk
from storefront_trace.domain.links import derive_key, key_id

_NONCE = 12


def seal(desk: Desk, whose: str, text: str) -> str:
    """`whose` is not in it, and opens nothing else's: what is moved to another row stays shut."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # most processes never see a code

    nonce = secrets.token_bytes(_NONCE)
    shut = AESGCM(derive_key(desk.secret, "factor")).encrypt(nonce, text.encode(), whose.encode())
    return f"{key_id(desk.secret)}.{base64.urlsafe_b64encode(nonce + shut).decode()}"


def unseal(desk: Desk, whose: str, sealed: str) -> str | None:
    """None when it is another's, or when the secret it was sealed with is gone."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    name, _, text = sealed.partition(".")
    raw = base64.urlsafe_b64decode(text)
    for secret in (one.encode() for one in desk.secrets):
        if key_id(secret) == name:
            try:
                opened = AESGCM(derive_key(secret, "factor")).decrypt(raw[:_NONCE], raw[_NONCE:], whose.encode())
            except InvalidTag:
                return None
            return opened.decode()
    return None


def is_fresh(desk: Desk, sealed: str) -> bool:
    """Whether it is sealed with the secret that signs today."""
    return sealed.partition(".")[0] == key_id(desk.secret)
