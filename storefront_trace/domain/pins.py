"""The PIN that somebody taps in at a shared tablet: what it may be, and when it rests."""

from __future__ import annotations

import re

from storefront_trace.domain.clock import MINUTE
from storefront_trace.domain.errors import N_, Invalid

MOST_WRONG = 5
REST = 15 * MINUTE
SHORTEST, LONGEST = 4, 6
WRONG_FORM = N_("A PIN has four to six digits.")
TOO_EASY = N_("Too easy to guess. Take one that is no row like 1234 and not the same digit again and again.")
_PIN = re.compile(r"[0-9]{4,6}")
_RUNS = ("01234567890", "09876543210")


def check_pin(text: str) -> str:
    """The PIN that somebody chose, or Invalid."""
    pin = text.strip()
    if _PIN.fullmatch(pin) is None:
        raise Invalid(WRONG_FORM, errors=[("pin", WRONG_FORM)])
    if len(set(pin)) == 1 or any(pin in run for run in _RUNS):
        raise Invalid(TOO_EASY, errors=[("pin", TOO_EASY)])
    return pin
