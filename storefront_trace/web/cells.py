"""Lines of CSV that a spreadsheet reads as text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

# Tells spreadsheets that it is UTF-8.
MARK = "\ufeff"
# What a spreadsheet takes for a formula, its wide forms too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# A spreadsheet set to Swedish or German, among others, parts cells at ";", inside quotes that it does not know too.
_AFTER_A_PART = re.compile(r"([;,\t\r\n]\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


def csv_line(values: Iterable[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow([safe_cell(value) for value in values])
    return out.getvalue()


def safe_cell(value: Any) -> str:
    """What begins like a formula is text: customers and colleagues have written it."""
    text = "" if value is None else str(value)
    text = text[:1] + _AFTER_A_PART.sub(r"\1'", text[1:])
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text
