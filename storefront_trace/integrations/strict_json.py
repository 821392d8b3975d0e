"""JSON that is exactly what it says, and what we keep of it.

Everything refuses with `Invalid`, and no message repeats what was sent: it goes to logs and to the owner's page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NoReturn

from storefront_trace.domain.errors import Invalid

Body = Mapping[str, object]

LARGEST = 2_000_000
DEEPEST = 64
LONGEST_NUMBER = 40


def read_json(raw: bytes, *, largest: int = LARGEST) -> object:
    """Integers are exact; numbers with a fraction stay text (nothing here needs money, and a float would round)."""
    if len(raw) > largest:
        raise Invalid("The body is too large.")
    try:
        value: object = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=_integer,
            parse_float=_fraction,
        )
    except UnicodeDecodeError:
        raise Invalid("The body is not UTF-8.") from None
    except RecursionError:
        raise Invalid("The body is nested too deeply.") from None
    except ValueError:
        raise Invalid("The body is not JSON.") from None
    _check(value)
    return value


def read_object(raw: bytes) -> Body:
    return as_object(read_json(raw))


def as_object(value: object) -> Body:
    if not isinstance(value, dict):
        raise Invalid("The body is not a JSON object.")
    return value


def keep(value: object, wanted: Mapping[str, object]) -> object:
    """Only the `wanted` fields: a value None keeps what stands there, a mapping goes on inside objects and lists.

    What to keep is listed, not what to drop: tomorrow's plugin adds a field that nobody here has heard of.
    """
    if isinstance(value, list):
        return [keep(each, wanted) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: keep(value[key], inside) if isinstance(inside, Mapping) else _plain(value[key])
        for key, inside in wanted.items()
        if key in value
    }


def write_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(value: object) -> object:
    """No object hides where a plain value was expected."""
    if isinstance(value, list):
        return [each for each in value if not isinstance(each, list | dict)]
    return {} if isinstance(value, dict) else value


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        # Which of the two was meant is anybody's guess, and guesses differ from reader to reader.
        raise Invalid("The body names one field twice.")
    return found


def _refuse_constant(_: str) -> NoReturn:
    raise Invalid("The body has a number that is not JSON.")


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise Invalid("The body has a number that is too long.")
    return int(digits)


def _fraction(digits: str) -> str:
    return digits[:LONGEST_NUMBER]


def _check(value: object) -> None:
    """Depth, NUL and half surrogates, which a database would refuse long after we said that all is well."""
    waiting = [(value, 1)]
    while waiting:
        here, depth = waiting.pop()
        if depth > DEEPEST:
            raise Invalid("The body is nested too deeply.")
        if isinstance(here, str):
            _check_text(here)
        elif isinstance(here, list):
            waiting.extend((each, depth + 1) for each in here)
        elif isinstance(here, dict):
            waiting.extend((each, depth + 1) for pair in here.items() for each in pair)


def _check_text(value: str) -> None:
    if "\x00" in value:
        raise Invalid("The body has a NUL character.")
    if not value.isascii() and any("\ud800" <= each <= "\udfff" for each in value):
        raise Invalid("The body has half a character (a lone surrogate).")
