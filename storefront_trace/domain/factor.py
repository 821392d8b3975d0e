"""What an owner shows besides a sign-in link: six digits of an authenticator app (RFC 6238), or a recovery code."""

from __future__ import annotations

import hashlib
import re
import secrets

from storefront_trace.domain.clock import HOUR, MINUTE

STEP_SECONDS = 30
# Steps that a phone's clock may be wrong by, either way.
DRIFT = 1
# Wrong ones in a row until no code is looked at for a while.
MOST_WRONG = 5
REST = 15 * MINUTE
# How long somebody who has used their link may look for their phone.
PENDING_LASTS = 30 * MINUTE
RECOVERY_CODES = 10
# For what cannot be undone: how long ago one may have proved who one is.
FRESH = 12 * HOUR
# Without I, O, 0 and 1: a code is typed from paper. 16 of 32 letters are 80 bits.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_DIGITS = re.compile(r"[0-9]{6}")
_RECOVERY = re.compile(f"[{LETTERS}]{{16}}")
_BETWEEN = re.compile(r"[\s-]+")


def digits_in(text: str) -> str | None:
    """The six digits that were typed, as apps show them ("123 456")."""
    code = _BETWEEN.sub("", text[:40])
    return code if code.isascii() and _DIGITS.fullmatch(code) else None


def recovery_in(text: str) -> str | None:
    """The recovery code that was typed, in whichever case and with or without its dashes."""
    code = _BETWEEN.sub("", text[:60]).upper()
    return code if _RECOVERY.fullmatch(code) else None


def new_recovery_codes() -> list[str]:
    """As they are shown: XXXX-XXXX-XXXX-XXXX."""
    made = ("".join(secrets.choice(LETTERS) for _ in range(16)) for _ in range(RECOVERY_CODES))
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in made]


def recovery_hash(code: str) -> str:
    """What is stored of `recovery_in(code)`: a plain hash is enough for 80 random bits."""
    return hashlib.sha256(b"recovery/" + code.encode()).hexdigest()
