"""Names in the order in which their reader looks for them."""

from __future__ import annotations

import unicodedata


def alphabetical(name: str, language: str) -> tuple[str, str]:
    """A key to sort names by, as the reader looks them up: a Swede has å, ä and ö after z, a Dane æ, ø and å. Other
    accents stand beside their letter."""
    mine = name.casefold().translate(_LAST.get(language, _BESIDE))
    plain = "".join(c for c in unicodedata.normalize("NFD", mine) if not unicodedata.combining(c))
    return plain, name


_SWEDISH = str.maketrans({"å": "{a", "ä": "{b", "æ": "{b", "ö": "{c", "ø": "{c"})
_DANISH = str.maketrans({"æ": "{a", "ä": "{a", "ø": "{b", "ö": "{b", "å": "{c"})
_BESIDE = str.maketrans({"æ": "ae", "ø": "o", "ß": "ss", "ł": "l"})
_LAST = {"sv": _SWEDISH, "fi": _SWEDISH, "nb": _DANISH, "da": _DANISH}
