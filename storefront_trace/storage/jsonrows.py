"""Rows as JSON inside a statement, in the words of both databases.

For each row that a thread steps to it gives the interpreter's lock away, and waits for it again, up to 5 ms while the
event loop is busy: so what belongs together is asked for as one row.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction


class json_row(GenericFunction[str]):
    """One JSON array of its arguments."""

    inherit_cache = True
    type = sa.Text()


class json_rows(GenericFunction[str]):
    """A JSON array with one element per row; "[]" for none."""

    inherit_cache = True
    type = sa.Text()


class json_of(GenericFunction[str]):
    """A column of JSON as JSON: on SQLite it is stored as text."""

    inherit_cache = True
    type = sa.Text()


@compiles(json_of, "sqlite")
def _json_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"json({compiler.process(element.clauses, **kw)})"


@compiles(json_of, "postgresql")
def _json_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return str(compiler.process(element.clauses, **kw))


@compiles(json_row, "sqlite")
def _row_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"json_array({compiler.process(element.clauses, **kw)})"


@compiles(json_row, "postgresql")
def _row_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"json_build_array({compiler.process(element.clauses, **kw)})"


@compiles(json_rows, "sqlite")
def _rows_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"json_group_array({compiler.process(element.clauses, **kw)})"


@compiles(json_rows, "postgresql")
def _rows_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"coalesce(json_agg({compiler.process(element.clauses, **kw)}), '[]')::text"
