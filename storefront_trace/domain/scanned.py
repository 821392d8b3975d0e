"""What a scanner read or a hand typed, as the order's number that it means."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

LONGEST = 64
_SCAN, _ORDER = "/staff/scan", "/staff/orders/"


def order_code(text: str) -> str:
    """The number in our own slip's address (`…/staff/scan?code=1001`), in an order's address, in "#1001", or as it is.

    Whose address it is does not matter: the number is looked up in the reader's own shop alone. "" when nothing that
    could be a number is left, and what is longer than a number can be is no number either.
    """
    code = _readable(text)
    if "://" in code:
        code = _readable(_from_address(code))
    code = code.removeprefix("#").strip()
    return code if len(code) <= LONGEST else ""


def _readable(text: str) -> str:
    """Scanners end with a tab or a line, and some begin with a control character for the kind of code it was."""
    return "".join(char for char in text if char.isprintable()).strip()


def _from_address(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.path.rstrip("/") == _SCAN:
        return next(iter(parse_qs(parts.query).get("code", [])), "")
    return unquote(parts.path.removeprefix(_ORDER)) if parts.path.startswith(_ORDER) else ""
