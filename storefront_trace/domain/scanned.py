"""What a scanner read or a hand typed, as the order's or the parcel's number that it means."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

LONGEST = 64
LONGEST_PARCEL = 80
_SCAN, _ORDER = "/staff/scan", "/staff/orders/"
# A scanner types keys, not letters: set to an American keyboard, on a Nordic or German one our address comes out as
# "httpsÖ--shop.example-staff-scan_shop´1a2b3c/code´1001".
_OTHER_KEYS = re.compile(
    r"(https?[^a-z0-9].*?staff.scan)(?:.shop[^0-9a-z]{0,2}([0-9a-f]{6}))?.code[^0-9a-z%]{0,2}(.+)", re.IGNORECASE
)
_NO_LETTERS = re.compile(r"[^a-z0-9]+")
# In front of a parcel's number in its bars: what says that it is one, or the receiver's post code.
_SERIAL = re.compile(r"00([0-9]{18})")
_POSTAL = re.compile(r"420(?:[0-9]{5}|[0-9]{9})(9[0-9]{21})")


def order_code(text: str) -> str:
    """The number in our own slip's address (`…/staff/scan?shop=1a2b3c&code=1001`), in an order's address, in "#1001",
    or as it is.

    Whose address it is does not matter here: the number is looked up in the reader's own shop alone, and
    `from_elsewhere` tells of others. "" when nothing that could be a number is left, and what is longer than a number
    can be is no number either.
    """
    code = _readable(text)
    if "://" in code:
        code = _readable(_from_address(code))
    elif typed := _OTHER_KEYS.fullmatch(code):
        code = _readable(unquote(typed[3].replace("+", "-")))
    code = code.removeprefix("#").strip()
    return code if len(code) <= LONGEST else ""


def from_elsewhere(text: str, *ours: str) -> bool:
    """Whether it is an address, and of none of these sites ("https://shop.example"): another shop's slip may say 1001
    too. Letters and digits are compared, since those any keyboard types alike."""
    code = _readable(text)
    typed = _OTHER_KEYS.fullmatch(code)
    address = typed[1] if typed and "://" not in code else code
    if "://" not in code and not typed:
        return False
    told = _letters(address)
    return not any(told.startswith(_letters(one) + "staff") for one in ours)


def shop_mark(shop_id: str) -> str:
    """Tells one server's shops apart on a slip. Ids begin with the time; their end is chance."""
    return shop_id[-6:]


def is_of_shop(text: str, shop_id: str) -> bool:
    """False for the slip of another shop on this server, whose orders may have the same numbers. Slips from before they
    said whose they are, addresses of orders and plain numbers are of whoever reads them."""
    code = _readable(text)
    typed = _OTHER_KEYS.fullmatch(code)
    told = (typed[2] or "") if typed and "://" not in code else _asked(code, "shop")
    return told.lower() in ("", shop_mark(shop_id))


def parcel_code(text: str) -> str:
    """A carrier's number without what people put into it for reading: "rr 123-4 se" is "RR1234SE". "" for nothing."""
    code = _NO_LETTERS.sub("", _readable(text).lower()).upper()
    return code if len(code) <= LONGEST_PARCEL else ""


def parcel_codes(text: str) -> tuple[str, ...]:
    """Every number that the bars on a parcel may mean."""
    code = parcel_code(text)
    inside = [found[1] for pattern in (_SERIAL, _POSTAL) if (found := pattern.fullmatch(code))]
    serial = [f"00{code}"] if len(code) == 18 and code.isdigit() else []
    return (code, *inside, *serial) if code else ()


def _letters(address: str) -> str:
    """Http or https: a shop may have become safe since the slip was printed."""
    return _NO_LETTERS.sub("", re.sub(r"^https?[^a-z0-9]+", "", address.lower()))


def _readable(text: str) -> str:
    """Scanners end with a tab or a line, and some begin with a control character for the kind of code it was."""
    return "".join(char for char in text if char.isprintable()).strip()


def _from_address(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.path.rstrip("/") == _SCAN:
        return _asked(address, "code")
    number, _, _ = parts.path.removeprefix(_ORDER).partition("/")  # a slash of the number's own is written %2F
    return unquote(number) if parts.path.startswith(_ORDER) else ""


def _asked(address: str, name: str) -> str:
    try:
        return next(iter(parse_qs(urlsplit(address).query).get(name, [])), "")
    except ValueError:
        return ""
