"""Orders as a spreadsheet saves them: one row for each line of an order, told apart by `number`.

Columns, in any order; only `number`, `placed_at` and `line_title` have to be there, others are left alone:

| column | |
|---|---|
| `number` | what the buyer sees; rows with the same number are lines of one order, wherever they stand |
| `placed_at` | 2026-11-19T14:32:00+01:00, or 2026-11-19 14:32 on the shop's clock, or 2026-11-19; first row |
| `first_name`, `email`, `locale` | the customer; first row |
| `promise_from`, `promise_to` | days, as in 2026-11-25; first row |
| `method` | how it comes to the customer: parcel, pickup, local or digital; first row |
| `line_title`, `line_key`, `quantity`, `variant`, `sku`, `image_url` | the line; quantity is 1 when it is empty |
| `backordered`, `expected` | pieces that are out of stock, and the day they are expected |

Separated by commas, semicolons or tabs, in UTF-8. A number in scientific notation ("1.23E+11") was spoilt by the
spreadsheet and is refused.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.incoming import Incoming, IncomingLine
from storefront_trace.integrations import own_orders

NEEDED = ("number", "placed_at", "line_title")

_LINE_COLUMNS = ("variant", "sku", "quantity", "image_url", "backordered", "expected")
_SPOILT = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.ASCII | re.IGNORECASE)
_LONGEST_CELL = 20_000


@dataclass(slots=True)
class Rows:
    """The rows of one order, with the line of the file where each begins."""

    line: int
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)


def read_rows(text: str) -> list[Rows]:
    """Orders as they first appear. Raises Invalid when the file as a whole cannot be read."""
    found: dict[str, Rows] = {}
    try:
        for line, row in _rows(text):
            # A row without a number belongs to nobody: it is its own refusal.
            rows = found.setdefault(row["number"] or f"\n{line}", Rows(line))
            rows.rows.append((line, row))
    except csv.Error:
        raise Invalid("The file cannot be read as a table. Save it as CSV, UTF-8.") from None
    return list(found.values())


def facts(rows: Rows, *, zone: str) -> tuple[int, tuple[Incoming, ...] | Invalid]:
    """With the line of the file: where the order begins, or where it cannot be read."""
    lines: list[IncomingLine] = []
    line = rows.line
    try:
        for each in rows.rows:
            line, row = each
            lines.append(own_orders.read_line(_line_body(row), len(lines) + 1))
        line, first = rows.rows[0]
        return line, (own_orders.read_order(_order_body(first), tuple(lines), zone=zone),)
    except Invalid as refusal:
        return line, refusal


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    head = text[:_LONGEST_CELL].partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    names = [name.strip().lower() for name in next(reader, [])]
    if not set(NEEDED) <= set(names):
        raise Invalid("The first row must name the columns; number, placed_at and line_title have to be among them.")
    before = reader.line_num
    for cells in reader:
        line, before = before + 1, reader.line_num
        if any(cell.strip() for cell in cells):
            yield line, dict(zip(names, (cell.strip() for cell in cells), strict=False)) | _absent(names[len(cells) :])


def _absent(names: list[str]) -> dict[str, str]:
    return dict.fromkeys(names, "")


def _line_body(row: dict[str, str]) -> dict[str, object]:
    if len(row["number"]) > 64 or _SPOILT.fullmatch(row["number"]):
        raise Invalid("The order's number is too long, or was spoilt by a spreadsheet. Format that column as text.")
    body: dict[str, object] = {key: row[key] for key in _LINE_COLUMNS if row.get(key)}
    return {**body, "title": row["line_title"], "key": row.get("line_key")}


def _order_body(row: dict[str, str]) -> dict[str, object]:
    return {
        "number": row["number"],
        "placed_at": row["placed_at"],
        "customer": {key: row.get(key) for key in ("first_name", "email", "locale")},
        "method": row.get("method"),
        "promise": {"from": row.get("promise_from"), "to": row.get("promise_to")},
    }
