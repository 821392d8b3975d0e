"""Where a line may not break: in dates, and before a last short word. For pages and mails alike."""

from __future__ import annotations

import re
from functools import lru_cache

NBSP = "\u00a0"
# "20 november", "22. November", "14:10 Uhr"; "kl. 14.10", "klo 14.10", "at 14:10", "um 14:10". Not "26 till fredag".
_PAIRS = re.compile(
    r"(?:(?<=\d)|(?<=\d\.)) (?=[^\W\d]{3,})(?!till?\b|bis\b)|(?:(?<=\bkl\.)|(?<=\bklo)|(?<=\bat)|(?<=\bum)) (?=\d)"
)
_LAST = re.compile(r"( \S+) (?=\S{1,7}$)")


@lru_cache(maxsize=4096)
def paired(text: str) -> str:
    """A day or a moment with the number beside its month and the clock beside its word; a line may break elsewhere."""
    return _PAIRS.sub(NBSP, text)


def headed(text: str) -> str:
    """A heading whose last word, when it is short, is never alone on its line."""
    return _LAST.sub(rf"\1{NBSP}", paired(text))
