"""The PIN that somebody taps in at a shared tablet: what it may be, and when it rests."""

from __future__ import annotations

import re

from storefront_trace.domain.clock import MINUTE
from storefront_trace.domain.errors import N_, Invalid

MOST_WRONG = 5
REST = 15 * MINUTE
SHORTEST, LONGEST = 4, 6
WRONG_FORM = N_("A PIN has four to six digits.")
TOO_EASY = N_("Too easy to guess: it is one of those that many people take. Choose another one.")
# Wrong ones at so many people, so many together: somebody tries what many take, four times each, so that none rests.
GUESSED_PEOPLE, GUESSED_TRIES = 3, 10
_PIN = re.compile(r"[0-9]{4,6}")
_RUNS = ("01234567890", "09876543210")
_YEAR = re.compile(r"(19|20)[0-9]{2}")
# Lines, corners and words on the keys, which lists of leaked PINs are full of.
_FIGURES = frozenset(
    "2580 0852 1470 3690 1379 1397 7931 9713 1590 3570 7410 9630 2468 1357 8642 7531 5683 1010 "
    "147258 258369 369258 159753 159357 147369 963852 741852 789456 456123 123654 321654 654321 142536 102030".split()
)


def check_pin(text: str) -> str:
    """The PIN that somebody chose, or Invalid."""
    pin = text.strip()
    if _PIN.fullmatch(pin) is None:
        raise Invalid(WRONG_FORM, errors=[("pin", WRONG_FORM)])
    if _is_easy(pin):
        raise Invalid(TOO_EASY, errors=[("pin", TOO_EASY)])
    return pin


def _is_easy(pin: str) -> bool:
    """1111, 1234, 1212, 123123, 1122, 112233, 1221, a year, a figure on the keys."""
    half, pairs = len(pin) // 2, [pin[i : i + 2] for i in range(0, len(pin), 2)]
    return (
        len(set(pin)) == 1
        or any(pin in run for run in _RUNS)
        or (len(pin) % 2 == 0 and (pin[:half] == pin[half:] or len(set(pairs)) == 1))
        or (len(pin) % 2 == 0 and all(len(set(pair)) == 1 for pair in pairs))
        or (len(pin) % 2 == 0 and pin == pin[::-1])
        or _YEAR.fullmatch(pin) is not None
        or pin in _FIGURES
    )
