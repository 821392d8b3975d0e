"""Passkeys, as browsers and authenticators speak of them (WebAuthn): what we ask for, and whether an answer holds.

A passkey is found by the browser itself (a "discoverable credential"), and its owner is checked by the authenticator:
by finger, face or the device's own PIN. Nothing here knows whose it is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from storefront_trace.domain.passkeys import Passkey, Place

TIMEOUT = 120_000  # milliseconds that the browser's dialog waits
LONGEST_KEY, LONGEST_ID = 2000, 1400


class Refused(Exception):
    """What the browser sent does not hold. `counter` says that the authenticator's counter went back: it may have been
    copied."""

    def __init__(self, why: str, *, counter: bool = False) -> None:
        super().__init__(why)
        self.counter = counter


@dataclass(frozen=True)
class NewKey:
    credential_id: str
    public_key: str
    sign_count: int


def load() -> None:
    """Reads the library in, which takes some tenths of a second, once: for a thread, that nobody waits meanwhile."""
    import webauthn  # noqa: F401


def creation_options(
    place: Place, account_id: str, person: str, challenge: bytes, known: list[Passkey]
) -> dict[str, Any]:
    """For `navigator.credentials.create`. `known` keeps one device from making two for the same account."""
    import webauthn
    from webauthn.helpers import structs

    options = webauthn.generate_registration_options(
        rp_id=place.host,
        rp_name=place.name,
        user_id=bytes.fromhex(account_id),
        user_name=f"{person} · {place.name}",
        user_display_name=person,
        challenge=challenge,
        timeout=TIMEOUT,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            structs.PublicKeyCredentialDescriptor(webauthn.base64url_to_bytes(one.credential_id)) for one in known
        ],
    )
    return _plain(webauthn.options_to_json(options))


def request_options(place: Place, challenge: bytes) -> dict[str, Any]:
    """For `navigator.credentials.get`; names no passkey, so it tells a stranger nothing."""
    import webauthn
    from webauthn.helpers import structs

    options = webauthn.generate_authentication_options(
        rp_id=place.host,
        challenge=challenge,
        timeout=TIMEOUT,
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return _plain(webauthn.options_to_json(options))


def check_new(place: Place, answer: str, challenge: bytes) -> NewKey:
    """The passkey that was made. Raises Refused."""
    import webauthn

    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except Exception as error:  # a stranger's bytes went through parsers of JSON, CBOR and certificates
        raise Refused(type(error).__name__) from error
    found = NewKey(
        webauthn.helpers.bytes_to_base64url(made.credential_id),
        webauthn.helpers.bytes_to_base64url(made.credential_public_key),
        made.sign_count,
    )
    if len(found.credential_id) > LONGEST_ID or len(found.public_key) > LONGEST_KEY:
        raise Refused("too long")
    return found


def claimed(answer: str) -> tuple[str, str]:
    """(the passkey's id, the account it says it is of), not checked yet. Raises Refused."""
    from webauthn.helpers import bytes_to_base64url, parse_authentication_credential_json

    try:
        told = parse_authentication_credential_json(answer)
        return bytes_to_base64url(told.raw_id), (told.response.user_handle or b"").hex()
    except Exception as error:
        raise Refused(type(error).__name__) from error


def check_use(place: Place, answer: str, challenge: bytes, passkey: Passkey) -> int:
    """The authenticator's counter now. Raises Refused when it did not sign this challenge, for this site, after it
    made sure of the person."""
    import webauthn

    try:
        signed = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=place.host,
            expected_origin=place.origin,
            credential_public_key=webauthn.base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=0,  # looked at below, once the signature holds
            require_user_verification=True,
        )
    except Exception as error:
        raise Refused(type(error).__name__) from error
    # Most passkeys do not count, and say 0 for ever.
    if (signed.new_sign_count or passkey.sign_count) and signed.new_sign_count <= passkey.sign_count:
        raise Refused("counter", counter=True)
    return signed.new_sign_count


def _plain(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found
