"""The kinds of value that bodies and queries are made of. Every text, list and number is bounded."""

from __future__ import annotations

import base64
import unicodedata
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from storefront_trace.domain.errors import DomainError
from storefront_trace.domain.moments import Moment, parse_moment
from storefront_trace.domain.texts import clean_words, hidden_at

# What no letter of any script is, as far as a pattern says it that every JSON Schema tool reads; `_number` knows all.
_SIGN = (
    r"\u0000-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7"
    r"\u2000-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\ue000-\uf8ff\ufe00-\ufe0f\ufff0-\uffff"
)
BETWEEN = " #+-./:_"
NUMBER = rf"^[^{_SIGN}]((?:[^{_SIGN}]|[ #+./:_-]){{0,62}}[^{_SIGN}])?$"
HANDLE = r"^[a-z0-9][a-z0-9-]{0,39}$"
KEY = r"^[a-z][a-z0-9_]{0,39}$"
DAY = r"^(20[0-9]{2}|2100)-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
EMAIL = (
    r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9\u00c0-\u024f-]{1,63}(\.[A-Za-z0-9\u00c0-\u024f-]{1,63}){1,4}$"
)
LOCALE = r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,4}){0,2}$"
HTTPS = r"^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[^\s\"<>\\\u0000-\u001f\u007f]*)?$"
LINK = HTTPS.replace("https", "https?")
# A name of ours as in photos/files.py, or anybody's https URL.
PICTURE = rf"({HTTPS})|(^/media/[0-9a-f]{{32}}-[1-9][0-9]{{0,4}}\.(webp|jpg|png)$)"
# 24 bytes; the first bit is 0, so that no database sees more than 2^63-1.
CURSOR = r"^[A-Za-f][A-Za-z0-9_-]{31}$"
MOST_PIECES = 1_000_000
MOST_LINES = 1_000


class Strict(BaseModel):
    """What a machine sends: a field that we do not know is a typing error, and "2" is not 2."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Shown(BaseModel):
    """What we answer."""

    model_config = ConfigDict(frozen=True)


class Nothing(Strict):
    pass


def parse_at(text: str, zone: str | None = None) -> Moment:
    """`zone` is the shop's: a time that has its offset gets its name. A bare date is refused, whatever the shop's zone:
    the sender must say where that day was, as in 2026-11-20[Europe/Stockholm]."""
    return parse_moment(text, default_zone=zone if ":" in text else None)


def _number(text: str) -> str:
    """Letters and digits of any script; however an accent was typed, it is the same number."""
    text = unicodedata.normalize("NFC", text)
    if len(text) > 64 or any(char not in BETWEEN and unicodedata.category(char)[0] not in "LMN" for char in text):
        raise ValueError("Write letters, digits and - _ . : + / # and spaces between them.")
    return text


def to_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text is not None else None


def write_cursor(at: int, last_id: str) -> str:
    """32 characters that say where a page ended: the instant and the id of its last item."""
    return base64.urlsafe_b64encode(at.to_bytes(8, "big") + bytes.fromhex(last_id)).decode()


def read_cursor(cursor: str | None) -> tuple[int, str] | None:
    """Every text that fits CURSOR is a place in the list, ours or not: it opens nothing that the token does not."""
    if cursor is None:
        return None
    place = base64.urlsafe_b64decode(cursor)
    return int.from_bytes(place[:8], "big"), place[8:].hex()


def _visible(text: str) -> str:
    """One line without anything that hides itself; refused when nothing is left of it."""
    line = " ".join(clean_words(text).split())
    if not line or hidden_at(line.replace("\u200c", "").replace("\u200d", "")) is not None:
        raise ValueError("Write something that can be seen.")
    return line


def _moment(text: str) -> str:
    try:
        parse_at(text)
    except DomainError as refusal:
        raise ValueError(str(refusal)) from None
    return text


def _day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise ValueError("There is no such day in the calendar.") from None
    return text


def _whole(number: object) -> object:
    """To JSON 2.0 is an integer, and some languages write it so."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


# Last in an Annotated: in front of its bounds, these would be missing in the document.
WHOLE = BeforeValidator(_whole)


def _line(most: int) -> Any:
    """The second limit is for what NFC makes longer: a column would refuse it after we have taken it."""
    fits = AfterValidator(lambda text: _within(text, most))
    return Annotated[str, StringConstraints(min_length=1, max_length=most), AfterValidator(_visible), fits]


def _within(text: str, most: int) -> str:
    if len(text) > most:
        raise ValueError(f"Write at most {most} characters.")
    return text


Line40, Key64, Line80, Line200 = _line(40), _line(64), _line(80), _line(200)
Words = Annotated[str, StringConstraints(max_length=1000), AfterValidator(clean_words)]
Number = Annotated[str, StringConstraints(max_length=64, pattern=NUMBER), AfterValidator(_number)]
Handle = Annotated[str, StringConstraints(pattern=HANDLE)]
StepKey = Annotated[str, StringConstraints(pattern=KEY)]
Day = Annotated[str, StringConstraints(pattern=DAY), AfterValidator(_day), Field(json_schema_extra={"format": "date"})]
When = Annotated[
    str,
    StringConstraints(min_length=1, max_length=120),
    AfterValidator(_moment),
    Field(
        json_schema_extra={"format": "date-time"},
        description="With its offset from UTC, from the year 2000 to 2100; a zone may follow: "
        "2026-11-20T09:14:00+01:00[Europe/Stockholm].",
    ),
]
Email = Annotated[str, StringConstraints(max_length=254, pattern=EMAIL)]
Locale = Annotated[str, StringConstraints(max_length=10, pattern=LOCALE)]
Link = Annotated[str, StringConstraints(max_length=500, pattern=LINK)]
Picture = Annotated[str, StringConstraints(max_length=500, pattern=PICTURE)]
Pieces = Annotated[int, Field(ge=1, le=MOST_PIECES), WHOLE]
NoneOrPieces = Annotated[int, Field(ge=0, le=MOST_PIECES), WHOLE]
Language = Literal["en", "sv", "nb", "da", "fi", "de"]
Visibility = Literal["team", "name", "photo"]
Method = Literal["parcel", "pickup", "local", "digital"]
Cursor = Annotated[
    str, StringConstraints(pattern=CURSOR), Field(description="`next_cursor` of the page before, as it came.")
]
# Queries are texts; the pattern keeps "5.0", " 5" and "1_0" out.
Limit = Annotated[
    str,
    StringConstraints(pattern=r"^([1-9]|[1-9][0-9]|100)$"),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 100}),
]
