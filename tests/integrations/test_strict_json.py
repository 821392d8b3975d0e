from __future__ import annotations

import time

import pytest

from storefront_trace.domain.errors import Invalid
from storefront_trace.integrations.kinds import KINDS
from storefront_trace.integrations.strict_json import LARGEST, keep, read_json, write_json

POISON = {
    "nothing": b"",
    "one byte": b"{",
    "white space": b" \n ",
    "two values": b"{}{}",
    "duplicate keys": b'{"id": 1, "id": 2}',
    "duplicate keys inside": b'{"id": 1, "line_items": [{"id": 1, "\\u0069d": 2}]}',
    "NaN": b'{"id": NaN}',
    "Infinity": b'{"id": -Infinity}',
    "an integer of 5,000 digits": b'{"id": ' + b"9" * 5_000 + b"}",
    "a negative integer of 5,000 digits": b'{"id": -' + b"9" * 5_000 + b"}",
    "100,000 lists": b"[" * 100_000 + b"]" * 100_000,
    "100,000 objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "100,000 lists that never end": b"[" * 100_000,
    "nested beyond what is read": b'{"id": ' + b"[" * 80 + b"]" * 80 + b"}",
    "half a character": b'{"id": 1, "name": "\\ud83d"}',
    "half a character in a key": b'{"id": 1, "\\udc00": 1}',
    "NUL": b'{"id": 1, "name": "a\\u0000b"}',
    "a raw NUL": b'{"id": 1, "name": "a\x00b"}',
    "a BOM": b'\xef\xbb\xbf{"id": 1}',
    "invalid UTF-8": b'{"id": 1, "name": "\xff\xfe"}',
    "a surrogate as UTF-8": b'{"id": 1, "name": "\xed\xa0\x80"}',
    "UTF-16": '{"id": 1}'.encode("utf-16"),
    "a control character": b'{"id": 1, "name": "a\nb"}',
    "too many bytes": b'{"id": "' + b"x" * LARGEST + b'"}',
    "a list": b"[]",
    "a text": b'"id"',
    "null": b"null",
}


@pytest.mark.parametrize("raw", POISON.values(), ids=POISON.keys())
@pytest.mark.parametrize("name", sorted(KINDS))
def test_poison_is_refused_quickly_and_not_repeated(name: str, raw: bytes) -> None:
    kind = KINDS[name]
    began = time.process_time()
    for topic in sorted(kind.TOPICS):
        with pytest.raises(Invalid) as refused:
            kind.parse(topic, raw, zone="Europe/Stockholm")
        assert len(str(refused.value)) < 200
    with pytest.raises(Invalid):
        kind.scrub(raw)
    assert time.process_time() - began < 2


def test_numbers_with_a_fraction_stay_text_so_that_nothing_is_rounded() -> None:
    assert read_json(b'{"a": 0.1000000000000000055, "b": 1e999999999, "c": 9007199254740993}') == {
        "a": "0.1000000000000000055",
        "b": "1e999999999",
        "c": 2**53 + 1,
    }


def test_a_whole_character_made_of_two_halves_is_read() -> None:
    assert read_json(b'"\\ud83d\\ude00"') == "\U0001f600"


def test_only_what_is_wanted_is_kept() -> None:
    wanted = {"id": None, "lines": {"id": None}, "tags": None, "name": None}
    given = {
        "id": 1,
        "ip": "203.0.113.77",
        "lines": [{"id": 2, "note": "secret"}, 3],
        "tags": ["a", {"hidden": "secret"}],
        "name": {"hidden": "secret"},
    }
    assert keep(given, wanted) == {"id": 1, "lines": [{"id": 2}, 3], "tags": ["a"], "name": {}}
    assert read_json(write_json(keep(given, wanted))) == keep(given, wanted)
