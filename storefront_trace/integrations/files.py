"""Orders from files: CSV, JSON and JSON lines of our own, and the bodies that Shopify and WooCommerce send.

What a file is shows in what it says, not in its name. Every order stands for itself: one that cannot be read is refused
with its place, and the next is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.incoming import Incoming
from storefront_trace.integrations import csv_orders, own_orders
from storefront_trace.integrations.kinds import KINDS
from storefront_trace.integrations.strict_json import as_object, read_json

LARGEST = 256_000_000
OWN = "import"


@dataclass(frozen=True, slots=True)
class Entry:
    """`place` is "file:line", or "file#n" for the nth order of a JSON list. `source` is whose keys the facts have: a
    kind of connection, so that a saved body and the webhook are one and the same, or "import"."""

    place: str
    source: str
    facts: tuple[Incoming, ...] | Invalid


@dataclass(frozen=True, slots=True)
class Reading:
    """`total` entries are to come, for a progress bar; each is read when it is asked for, and only once."""

    total: int
    entries: Iterator[Entry]


def read(path: Path, *, zone: str) -> Reading:
    """`zone` is the shop's. Raises Invalid when the file as a whole cannot be read."""
    try:
        if path.stat().st_size > LARGEST:
            raise Invalid("The file is too large: split it into files of at most 256 MB.")
        raw = path.read_bytes()
    except OSError:
        raise Invalid("The file cannot be opened.") from None
    return read_bytes(path.name, raw, zone=zone)


def read_bytes(name: str, raw: bytes, *, zone: str) -> Reading:
    # Windows programs mark UTF-8 with a BOM. A webhook with one is refused, a file is not.
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    start = raw.lstrip()[:1]
    if start not in (b"{", b"["):
        return _table(name, raw, zone)
    lines = [(number, line) for number, line in enumerate(raw.splitlines(), start=1) if line.strip()]
    if start == b"{" and len(lines) > 1 and _is_json(lines[0][1]):
        return Reading(len(lines), _json_lines(name, lines, zone))
    found = _orders(read_json(raw, largest=LARGEST))
    places = [name] if len(found) == 1 else [f"{name}#{number}" for number in range(1, len(found) + 1)]
    return Reading(len(found), (_entry(place, each, zone) for place, each in zip(places, found, strict=True)))


def _table(name: str, raw: bytes, zone: str) -> Reading:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Invalid("The file is not UTF-8. Save it again with that encoding.") from None
    if "\x00" in text:
        raise Invalid("The file is not text.")
    orders = csv_orders.read_rows(text)
    return Reading(len(orders), _table_entries(name, orders, zone))


def _table_entries(name: str, orders: Iterable[csv_orders.Rows], zone: str) -> Iterator[Entry]:
    for order in orders:
        line, facts = csv_orders.facts(order, zone=zone)
        yield Entry(f"{name}:{line}", OWN, facts)


def _json_lines(name: str, lines: list[tuple[int, bytes]], zone: str) -> Iterator[Entry]:
    for number, line in lines:
        place = f"{name}:{number}"
        try:
            body = read_json(line)
        except Invalid as refusal:
            yield Entry(place, OWN, refusal)
        else:
            yield _entry(place, body, zone)


def _orders(value: object) -> list[object]:
    """A list, {"orders": […]}, {"order": {…}} as Shopify's API answers, or one order."""
    if isinstance(value, dict) and isinstance(value.get("orders"), list):
        value = value["orders"]
    elif isinstance(value, dict) and isinstance(value.get("order"), dict):
        value = [value["order"]]
    return value if isinstance(value, list) else [value]


def _entry(place: str, value: object, zone: str) -> Entry:
    source = OWN
    try:
        body = as_object(value)
        for name, kind in KINDS.items():
            if topic := kind.topic_of(body):
                source = name
                return Entry(place, source, kind.facts(topic, body, zone=zone))
        if own_orders.is_ours(body):
            return Entry(place, source, own_orders.facts(body, zone=zone))
        raise Invalid("This is neither an order nor a saved webhook body.")
    except Invalid as refusal:
        return Entry(place, source, refusal)


def _is_json(line: bytes) -> bool:
    try:
        read_json(line)
    except Invalid:
        return False
    return True
