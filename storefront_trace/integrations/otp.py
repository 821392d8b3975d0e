"""Authenticator apps: a secret that a phone and we share, and the six digits of every half minute (RFC 6238)."""

from __future__ import annotations

from storefront_trace.domain.factor import DRIFT, STEP_SECONDS


def new_secret() -> str:
    """160 bits, as apps take them."""
    import pyotp

    return pyotp.random_base32()


def uri(secret: str, *, person: str, shop: str) -> str:
    """What the app reads from the QR code, and lists under these names."""
    import pyotp

    return pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(name=person, issuer_name=shop)


def step_of(secret: str, code: str, seconds: int) -> int | None:
    """Whose step's code it is, among those around the instant; None when it is none of them."""
    import pyotp
    from pyotp.exceptions import OTPVerificationError

    try:
        totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
        return totp.verify_and_get_timecode(code, for_time=seconds, valid_window=DRIFT)
    except OTPVerificationError:
        return None
