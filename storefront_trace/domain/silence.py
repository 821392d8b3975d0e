"""Addresses that a shop may not write to on its own: known again by a keyed hash, and never stored themselves.

Somebody types another's address on an order's page, and its owner is asked by mail. "Never write to this address again"
in that mail ends it for good, for every order of the shop, also those to come.

What it holds back is every mail that nobody asked for with this very address at that moment: whether to follow, the
steps of an order, what takes longer, what was taken back, the question after delivery. What it lets through answers
somebody: the link asked for at /track and the answer to a question. Both go to the address on file, which is never one
that somebody types on a page, and without them a customer who has lost the link has no way to her own order; she would
not even learn why, since /track gives everybody the same answer. Staff are written to as those who work there.

A mail that came back leaves a mark among them, too, of this one address as it was written ("karin+1@" can be gone while
"karin@" is read). Nobody said "never": it holds back the question after delivery alone, and is no bar to who follows
with that address again or writes another one. Its hash is made otherwise, so that neither stands for the other.

The hash needs the secret, so that who has the database alone cannot try addresses on it; the shop is part of it, so
that two shops' rows cannot be laid side by side. It is of the mailbox: "karin+1@" does not open what "karin@" has shut.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable

from storefront_trace.domain.following import mailbox
from storefront_trace.domain.ids import is_id
from storefront_trace.domain.links import same, signature
from storefront_trace.domain.texts import folded

_SHOP, _DIGEST, _PROOF = 22, 43, 43


def digest_of(secret: bytes, shop_id: str, address: str) -> str:
    return signature(secret, "silence", "address", shop_id, mailbox(address))


def digests_of(secrets: Iterable[str], shop_id: str, address: str) -> list[str]:
    """By the present secret and by those that are being retired: a new secret must not open what was shut."""
    return [digest_of(secret.encode(), shop_id, address) for secret in secrets]


def bounced_digest_of(secret: bytes, shop_id: str, address: str) -> str:
    return signature(secret, "silence", "bounced", shop_id, folded(address))


def bounced_digests_of(secrets: Iterable[str], shop_id: str, address: str) -> list[str]:
    return [bounced_digest_of(secret.encode(), shop_id, address) for secret in secrets]


def silence_token(secret: bytes, shop_id: str, address: str) -> str:
    """108 characters that work without anything stored: also when the order and its followers have been forgotten,
    which is when a mail that was found late is read. Nobody can read the address out of them."""
    shop = base64.urlsafe_b64encode(bytes.fromhex(shop_id)).rstrip(b"=").decode("ascii")
    return shop + (digest := digest_of(secret, shop_id, address)) + _proof(secret, shop_id, digest)


def read_silence_token(secrets: Iterable[str], token: str) -> tuple[str, str] | None:
    """(shop id, digest), or None when we did not write it."""
    if len(token) != _SHOP + _DIGEST + _PROOF or not token.isascii():
        return None
    try:
        shop_id = base64.urlsafe_b64decode(token[:_SHOP] + "==").hex()
    except ValueError:
        return None
    digest, proof = token[_SHOP : _SHOP + _DIGEST], token[_SHOP + _DIGEST :]
    if not is_id(shop_id):
        return None
    made = [_proof(secret.encode(), shop_id, digest) for secret in secrets]
    return (shop_id, digest) if any(same(one, proof) for one in made) else None


def _proof(secret: bytes, shop_id: str, digest: str) -> str:
    return signature(secret, "silence", "link", shop_id, digest)
