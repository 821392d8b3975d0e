"""The fields of what strangers send: each is what it should be, fits, and is harmless to show.

Everything refuses with `Invalid`, and no message repeats what was sent: it goes to logs and to the owner's page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import NoReturn
from urllib.parse import urlsplit

from storefront_trace.domain.errors import N_, Invalid
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.domain.moments import Moment, from_naive_local, local_day, parse_moment
from storefront_trace.integrations.strict_json import LONGEST_NUMBER, Body

MOST_LINES = 1_000
MOST_PIECES = 1_000_000

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NAIVE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?", re.ASCII)
_EMAIL = re.compile(r"[^\s@<>\"(),:;\[\]\\]{1,64}@[^\s@<>\"(),:;\[\]\\]{1,189}")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,4}){0,2}", re.ASCII)
_PIECES = re.compile(r"(\d{1,7})(?:\.(\d{1,9}))?", re.ASCII)
# Controls, and the marks that turn the direction of what follows them; joiners stay, some names need them.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


def part(body: Body, key: str) -> Body:
    """The object under `key`, or an empty one."""
    value = body.get(key)
    return value if isinstance(value, dict) else {}


def parts(body: Body, key: str) -> list[Body]:
    """The objects in the list under `key`; what is missing is an empty list."""
    value = body.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        _refuse(key, N_("The field %(field)s must be a list of objects."))
    if len(value) > MOST_LINES:
        _refuse(key, N_("The field %(field)s has too many entries: 1,000 are read."))
    return value


def text(body: Body, key: str, longest: int) -> str | None:
    """One line, cut to `longest` characters; None when there is nothing to read."""
    value = body.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return clean(value, longest) if isinstance(value, str) else None


def clean(value: str, longest: int) -> str | None:
    return " ".join(_UNSEEN.sub(" ", value[: longest * 4]).split())[:longest].rstrip() or None


def identifier(body: Body, key: str) -> str | None:
    """An id as text, exact; zero is what senders write for "none"."""
    value = body.get(key)
    if value is None or value == "" or value == 0:
        return None
    if isinstance(value, bool) or not isinstance(value, int | str):
        _refuse(key, N_("The field %(field)s must be an id."))
    found = str(value)
    if len(found) > LONGEST_NUMBER or not re.fullmatch(r"[A-Za-z0-9_.-]+", found, re.ASCII):
        _refuse(key, N_("The field %(field)s must be an id."))
    return found


def needed_id(body: Body, key: str = "id") -> str:
    found = identifier(body, key)
    if found is None:
        _refuse(key, N_("The field %(field)s is missing."))
    return found


def pieces(body: Body, key: str, default: int = 0) -> int:
    """A quantity. Shops that sell by the metre send fractions: a started piece is a piece."""
    value = body.get(key)
    if value is None or value == "":
        return default
    written = _PIECES.fullmatch(str(value)) if isinstance(value, int | str) and not isinstance(value, bool) else None
    if written is None:
        _refuse(key, N_("The field %(field)s must be a number of pieces."))
    count = int(written[1]) + bool((written[2] or "").strip("0"))
    if count > MOST_PIECES:
        _refuse(key, N_("The field %(field)s is too large a number."))
    return count


def moment(body: Body, key: str, *, zone: str) -> Moment | None:
    """A time with its offset, or a date, which is that day in `zone`."""
    return _moment(body, key, lambda written: parse_moment(written, default_zone=zone))


def moment_utc(body: Body, key: str, *, zone: str) -> Moment | None:
    """As `moment`, but a time without an offset is UTC; either way it is shown in `zone`."""
    return _moment(body, key, lambda written: _utc(written, zone))


def moment_local(body: Body, key: str, *, zone: str) -> Moment | None:
    """As `moment`, but a time without an offset is what a clock in `zone` showed."""
    return _moment(body, key, lambda written: _local(written, zone))


def day(body: Body, key: str) -> date | None:
    """A calendar day, never an instant: a time of day behind it is refused, for then the zone would matter."""
    value = body.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    _refuse(key, N_("The field %(field)s must be a day, as in 2026-11-20."))


def expected_day(body: Body, key: str, *, zone: str) -> date | None:
    """The day of an arrival that was written as an instant. Its date in the sender's own offset; and midnight in UTC is
    how many senders write a day that they know without a clock: read in the shop's zone it would be another day."""
    at = moment(body, key, zone=zone)
    if at is None:
        return None
    written = str(body[key])
    if len(written) > 10 and written.endswith(("Z", "z", "+00:00")) and at.instant.time() != time(0):
        return local_day(at.instant, zone)
    return date.fromisoformat(written[:10])


def address(body: Body, key: str) -> str | None:
    """An http or https URL, else None: "javascript:" must never become a link."""
    value = body.get(key)
    if not isinstance(value, str) or len(value) > 2_000 or re.search(r"[\s\x00-\x1f\x7f\"<>\\]", value):
        return None
    try:
        split = urlsplit(value)
        named = bool(split.hostname) and split.username is None
    except ValueError:
        return None
    return value if split.scheme in ("http", "https") and named else None


def email(body: Body, key: str) -> str | None:
    """None for anything a mail could not be sent to; header injection among it."""
    value = body.get(key)
    found = value.strip(" ") if isinstance(value, str) else ""
    return found if _EMAIL.fullmatch(found) and not _UNSEEN.search(found) else None


def locale(body: Body, key: str) -> str | None:
    value = body.get(key)
    return value.replace("_", "-") if isinstance(value, str) and len(value) <= 10 and _LOCALE.fullmatch(value) else None


def distinct(lines: tuple[IncomingLine, ...]) -> tuple[IncomingLine, ...]:
    if len({line.key for line in lines}) != len(lines):
        raise Invalid("The order has two lines with the same key.")
    return lines


def _moment(body: Body, key: str, read: Callable[[str], Moment]) -> Moment | None:
    value = body.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        _refuse(key, N_("The field %(field)s must be a time, as in 2026-11-20T09:14:00+01:00."))
    try:
        return read(value)
    except Invalid as error:
        raise Invalid(error.message, params=error.params, errors=[(key, error.message)]) from None


def _utc(written: str, zone: str) -> Moment:
    return parse_moment(f"{written}Z" if _NAIVE.fullmatch(written) else written, default_zone=zone)


def _local(written: str, zone: str) -> Moment:
    if not _NAIVE.fullmatch(written):
        return parse_moment(written, default_zone=zone)
    parse_moment(written + "Z", default_zone=zone)  # refuses years and times that do not exist
    return from_naive_local(
        datetime.fromisoformat(written), zone, precision="minute" if len(written) == 16 else "second"
    )


def _refuse(key: str, message: str) -> NoReturn:
    raise Invalid(message, params={"field": key}, errors=[(key, message)])
