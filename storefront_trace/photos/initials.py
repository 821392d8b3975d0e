"""A stamp with initials, for people and teams without a picture."""

from __future__ import annotations

import hashlib
import unicodedata
from xml.sax.saxutils import escape

INK = "#231c16"
# Ground and disc, in the colours of the demo's drawings. INK reaches 7:1 on every one of them; a test keeps it.
GROUNDS = (
    ("#e7b24a", "#f0c871"),
    ("#8fb9c4", "#a9ccd3"),
    ("#b7c48d", "#c9d4a4"),
    ("#d98f7a", "#e5a893"),
    ("#a8b5c9", "#bcc7d7"),
    ("#cfc3a8", "#ddd3bc"),
    ("#c9a3b0", "#dabbc5"),
    ("#d9a877", "#e5bd94"),
)
UNKNOWN = "•"


def stamp(name: str, key: str) -> bytes:
    """An SVG in the portrait's frame (14:17). The colour hangs on `key` alone, so a new name keeps it."""
    ground, disc = ground_of(key)
    letters = initials(name)
    size = 58 if len(letters) == 1 else 46
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="10 18 120 145.7" width="196" height="238">'
        f'<path fill="{ground}" d="M0 0h140v170H0z"/><circle cx="70" cy="88" r="60" fill="{disc}"/>'
        f'<text x="70" y="88" dy=".36em" text-anchor="middle" fill="{INK}" font-size="{size}" font-weight="600" '
        f'font-family="Inter, system-ui, sans-serif">{escape(letters)}</text></svg>'
    ).encode()


def ground_of(key: str) -> tuple[str, str]:
    """Ground and disc."""
    return GROUNDS[hashlib.sha256(key.encode()).digest()[0] % len(GROUNDS)]


def initials(name: str) -> str:
    """First letter of the first and of the last word that begins with one: "Anna-Lena af Åkerö" is AÅ."""
    letters = [letter for word in unicodedata.normalize("NFC", name).split() if (letter := _initial(word))]
    return "".join(letters[:1] + letters[1:][-1:]) or UNKNOWN


def _initial(word: str) -> str:
    for place, character in enumerate(word):
        if unicodedata.category(character)[0] in "LN":
            return _upper(character) + _marks(word[place + 1 :])
    return ""


def _upper(character: str) -> str:
    upper = character.upper()
    return upper if len(upper) == 1 else character  # ß would become two letters


def _marks(rest: str) -> str:
    """Accents that have no letter of their own, and at most two, or one name could fill the page with them."""
    marks = ""
    for character in rest[:2]:
        if not unicodedata.category(character).startswith("M"):
            break
        marks += character
    return marks
