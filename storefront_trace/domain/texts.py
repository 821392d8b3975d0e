"""Which characters may stand in text that somebody typed and somebody else is shown."""

from __future__ import annotations

import unicodedata

from storefront_trace.domain.errors import N_, Invalid

# Controls, format characters (bidi, zero width), surrogates, private use, unassigned, line and paragraph ends.
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
# Letters and symbols by their category, and still blank on the screen.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# Joiners that emoji and Persian need; in a name they only make two names look alike.
_JOINERS = frozenset("\u200c\u200d")
_TAGS = range(0xE0020, 0xE0080)


def hidden_at(text: str) -> int | None:
    """The index of the first character that does not show itself, or None."""
    if text.isascii() and text.isprintable():
        return None
    return next((at for at, char in enumerate(text) if _is_hidden(char)), None)


def is_storable(text: str) -> bool:
    """Whether every database takes it: no NUL, and no half of a character (a lone surrogate)."""
    if "\x00" in text:
        return False
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)


def clean_words(text: str) -> str:
    """Free text as it is kept: NFC, "\\n" between lines, no two empty lines, nothing hidden but what joins emoji."""
    lines = (_clean_line(line) for line in text.replace("\r\n", "\n").split("\n"))
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    # Composed last: what was hidden may have stood between a letter and its accent.
    return unicodedata.normalize("NFC", "\n".join(kept).strip())


def folded(text: str) -> str:
    """For comparing and searching without regard to case or to how accents were typed. Never to be shown."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def words_within(text: str, most: int, *, field: str) -> str:
    """`clean_words`, and Invalid for that field when more than `most` characters are left. "" is fine."""
    # What is far too long is refused before it costs a pass over every character.
    words = clean_words(text) if len(text) <= 10 * most else text
    if len(words) > most:
        message = N_("Please shorten the text to %(most)s characters.")
        raise Invalid(message, errors=[(field, message)], params={"most": most})
    return words


def label_within(text: str, most: int, *, field: str) -> str:
    """One line such as a name or a role: 1 to `most` characters, NFC, single spaces, all of them to be seen."""
    label = unicodedata.normalize("NFC", " ".join(text.split())) if len(text) <= 10 * most else text
    if not 1 <= len(label) <= most:
        message = N_("Write 1 to %(most)s characters.")
        raise Invalid(message, errors=[(field, message)], params={"most": most})
    if hidden_at(label) is not None:
        message = N_("There is a character that cannot be seen. Type the text anew.")
        raise Invalid(message, errors=[(field, message)])
    return label


def _clean_line(line: str) -> str:
    spaced = "".join(" " if char in "\t\r\v\f\x85\u2028\u2029" else char for char in line)
    return "".join(char for char in spaced if not _is_hidden(char) or _joins(char)).strip()


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in _HIDDEN or char in _BLANK


def _joins(char: str) -> bool:
    return char in _JOINERS or ord(char) in _TAGS
