from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.incoming import IncomingOrder, IncomingStep
from storefront_trace.integrations import files
from tests.integrations.samples import ZONE, body, dump, order

OWN = {
    "number": "1001",
    "placed_at": "2026-11-19T14:32:00+01:00",
    "customer": {"first_name": "Karin", "email": "karin@example.com", "locale": "sv"},
    "promise": {"from": "2026-11-25", "to": "2026-11-26"},
    "lines": [{"key": "1", "title": "Skrattande mugg", "quantity": 2, "sku": "MUG-1", "image_url": None}],
}
EVENT = {
    "step": "packed",
    "by": "anders",
    "at": "2026-11-20T09:14:00+01:00",
    "note": "Dubbelt bubbelplast",
    "hand_to": "lisa",
    "lines": ["1"],
    "parcel": {"carrier": "PostNord", "tracking_number": "SYNTH1"},
}
CSV = """number,placed_at,first_name,email,locale,promise_from,promise_to,line_title,quantity,sku,backordered,expected
1001,2026-11-19T14:32:00+01:00,Karin,karin@example.com,sv,2026-11-25,2026-11-26,Skrattande mugg,2,MUG-1,,
1002,2026-11-19 15:00,,,,,,"Fat, ""stort"" blått",1,,1,2026-12-01
1001,,,,,,,Knorrig sked,,SKED-1,,
"""


def read(raw: bytes | str, name: str = "orders.csv") -> list[files.Entry]:
    reading = files.read_bytes(name, raw.encode() if isinstance(raw, str) else raw, zone=ZONE)
    entries = list(reading.entries)
    assert len(entries) == reading.total
    return entries


def refused(entry: files.Entry) -> str:
    assert isinstance(entry.facts, Invalid)
    return str(entry.facts)


def told(entry: files.Entry) -> IncomingOrder:
    assert isinstance(entry.facts, tuple)
    return order(entry.facts)


def test_rows_with_one_number_are_lines_of_one_order_wherever_they_stand() -> None:
    first, second = read(CSV)
    assert (first.place, second.place) == ("orders.csv:2", "orders.csv:3")
    mugs = told(first)
    assert (mugs.number, mugs.customer_first_name, mugs.customer_email, mugs.locale) == (
        "1001",
        "Karin",
        "karin@example.com",
        "sv",
    )
    assert (mugs.promise_from, mugs.promise_to) == (date(2026, 11, 25), date(2026, 11, 26))
    assert [(line.key, line.title, line.quantity, line.sku) for line in mugs.lines] == [
        ("1", "Skrattande mugg", 2, "MUG-1"),
        ("2", "Knorrig sked", 1, "SKED-1"),
    ]
    plate = told(second)
    assert (plate.lines[0].title, plate.lines[0].backordered, plate.lines[0].expected) == (
        'Fat, "stort" blått',
        1,
        date(2026, 12, 1),
    )
    assert plate.customer_email is None


def test_a_time_without_an_offset_is_the_shops_clock_and_a_date_is_a_day() -> None:
    assert told(read(CSV)[1]).placed_at == datetime(2026, 11, 19, 14, tzinfo=UTC)
    (entry,) = read("number;placed_at;line_title\n1;2026-11-19;Mugg\n")
    assert (told(entry).placed_at, told(entry).precision) == (datetime(2026, 11, 18, 23, tzinfo=UTC), "day")


@pytest.mark.parametrize(
    "raw", [CSV.replace(",", ";").replace("Fat;", "Fat,"), "\ufeff" + CSV, CSV.replace("\n", "\r\n")]
)
def test_what_spreadsheets_do_to_csv_is_read(raw: str) -> None:
    assert [entry.facts for entry in read(raw)] == [entry.facts for entry in read(CSV)]


def test_columns_may_be_many_and_in_any_order() -> None:
    (entry,) = read("colour,Line_Title,NUMBER ,placed_at\nred,Mugg,#7,2026-11-19\n")
    assert (told(entry).number, told(entry).lines[0].title) == ("7", "Mugg")


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ("1,2026-11-19,Mugg,lots,,", 2),
        ("1,2026-11-19,,1,,", 2),
        (",2026-11-19,Mugg,1,,", 2),
        ("1,,Mugg,1,,", 2),
        ("1,yesterday,Mugg,1,,", 2),
        ("1,2026-11-19,Mugg,0,,", 2),
        ("1.23457E+11,2026-11-19,Mugg,1,,", 2),
        ("1,2026-11-19,Mugg,1,not an address,", 2),
        ("1,2026-11-19,Mugg,1,,2026-02-30", 2),
        ("1,2026-11-19,Mugg,1,,\n2,2026-11-19,Fat,1,,\n1,,Sked,lots,,", 4),
        ('1,2026-11-19,"Mugg\ngul",lots,,', 2),
        (f"{'9' * 65},2026-11-19,Mugg,1,,", 2),
    ],
)
def test_an_order_that_cannot_be_read_is_refused_with_its_line_and_the_next_is_read(row: str, line: int) -> None:
    text = f"number,placed_at,line_title,quantity,email,expected\n{row}\n77,2026-11-19,Bra,1,,\n"
    entries = read(text)
    assert [entry.place for entry in entries if isinstance(entry.facts, Invalid)] == [f"orders.csv:{line}"]
    assert told(entries[-1]).number == "77"
    for entry in entries:
        if isinstance(entry.facts, Invalid):
            assert "lots" not in refused(entry) and "not an address" not in refused(entry)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"name,value\n1,2\n",
        b"number,line_title\n",
        b"\xff\xfen\x00u\x00",
        b"number,placed_at,line_title\n1,2026-11-19,\x00\n",
        b'number,placed_at,line_title\n1,2026-11-19,"never closed\n',
        b"number,placed_at,line_title\n1,2026-11-19," + b"x" * 200_000,
        b"\x89PNG\r\n",
        b'{"number": 1,',
        b"[[[",
    ],
)
def test_a_file_that_is_something_else_is_refused_as_a_whole(raw: bytes) -> None:
    with pytest.raises(Invalid):
        files.read_bytes("orders", raw, zone=ZONE)


def test_a_file_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be opened"):
        files.read(tmp_path / "absent.csv", zone=ZONE)
    with pytest.raises(Invalid, match="cannot be opened"):
        files.read(tmp_path, zone=ZONE)


@pytest.mark.parametrize(
    ("value", "places"),
    [
        (OWN, ["f.json"]),
        ([OWN], ["f.json"]),
        ([OWN, OWN], ["f.json#1", "f.json#2"]),
        ({"orders": [OWN, OWN]}, ["f.json#1", "f.json#2"]),
        ({"orders": []}, []),
        ({"order": {**body("shopify/order")}}, ["f.json"]),
    ],
)
def test_json_is_one_order_or_a_list_of_them(value: Any, places: list[str]) -> None:
    entries = read(dump(value), "f.json")
    assert [entry.place for entry in entries] == places
    assert all(told(entry).number for entry in entries)


def test_our_own_order_says_what_the_api_takes() -> None:
    (entry,) = read(dump(OWN), "f.json")
    found = told(entry)
    assert entry.source == "import" and found.external_id is None and found.updated_at is None
    assert (found.number, found.placed_at, found.zone) == ("1001", datetime(2026, 11, 19, 13, 32, tzinfo=UTC), ZONE)
    assert (found.lines[0].key, found.lines[0].title, found.lines[0].quantity) == ("1", "Skrattande mugg", 2)


def test_events_of_our_own_name_who_did_them() -> None:
    (entry,) = read(dump({**OWN, "events": [EVENT, {"step": "received", "at": "2026-11-19T14:33:00+01:00"}]}))
    assert isinstance(entry.facts, tuple)
    packed, received = entry.facts[1:]
    assert isinstance(packed, IncomingStep) and isinstance(received, IncomingStep)
    assert (packed.by, packed.hand_to, packed.note, packed.lines) == (
        "anders",
        "lisa",
        "Dubbelt bubbelplast",
        (("1", None),),
    )
    assert packed.parcel is not None and packed.parcel.tracking_number == "SYNTH1"
    assert received.by is None and received.lines == ()
    assert received.at == datetime(2026, 11, 19, 13, 33, tzinfo=UTC)


def test_an_event_has_the_same_key_every_time_it_is_read_and_another_event_another() -> None:
    def key(**changes: Any) -> str:
        (entry,) = read(dump({**OWN, "events": [{**EVENT, **changes}]}))
        assert isinstance(entry.facts, tuple) and isinstance(entry.facts[1], IncomingStep)
        return entry.facts[1].source_key

    assert key() == key(note="another note") == key(at="2026-11-20T08:14:00Z")
    others = [key(step="picked"), key(by="lisa"), key(at="2026-11-20T09:15:00+01:00"), key(lines=["2"])]
    assert len({key(), *others}) == 5
    assert len(key()) <= 160


@pytest.mark.parametrize(
    "changes",
    [
        {"number": None},
        {"number": "9" * 65},
        {"placed_at": None},
        {"lines": []},
        {"lines": None},
        {"lines": [{"title": "Mugg", "quantity": 0}]},
        {"lines": [{"title": ""}]},
        {"lines": [{"key": "1", "title": "a"}, {"key": "1", "title": "b"}]},
        {"lines": [{"title": "Mugg"}] * 1_001},
        {"customer": {"email": "nobody at all"}},
        {"promise": {"from": "2026-11-26", "to": "2026-11-25"}},
        {"promise": {"from": "2026-11-26T00:00:00Z"}},
        {"events": [{"step": "packed"}]},
        {"events": [{"step": "Packed!", "at": "2026-11-19T14:33:00+01:00"}]},
        {"events": [{"at": "2026-11-19T14:33:00+01:00"}]},
        {"events": [{"step": "packed", "at": "2026-11-19T14:33:00"}]},
        {"events": [{"step": "packed", "at": "2026-11-19T14:33:00+01:00", "lines": [{}]}]},
        {"events": [{"step": "packed", "at": "2026-11-19T14:33:00+01:00", "lines": "1"}]},
        {"line_items": []},
    ],
)
def test_an_order_of_our_own_that_breaks_a_rule_is_refused(changes: dict[str, Any]) -> None:
    (entry,) = read(dump({**OWN, **changes}))
    assert refused(entry)


def test_json_lines_are_read_one_by_one() -> None:
    lines = [dump(OWN), b"", dump(body("shopify/fulfillment")), b"{broken", dump(body("woocommerce/order_processing"))]
    entries = read(b"\n".join(lines), "f.ndjson")
    assert [(entry.place, entry.source) for entry in entries] == [
        ("f.ndjson:1", "import"),
        ("f.ndjson:3", "shopify"),
        ("f.ndjson:4", "import"),
        ("f.ndjson:5", "woocommerce"),
    ]
    assert refused(entries[2]) == "The body is not JSON."


@pytest.mark.parametrize("value", [{}, [], "text", 7, None, {"id": 5}, {"hello": "world"}])
def test_json_that_is_no_order_is_refused_and_the_next_is_read(value: object) -> None:
    first, second = read(dump([value, OWN]), "f.json")
    assert refused(first) and told(second).number == "1001"
