"""The statements behind the tracking page, written with the tables like every other, in the driver's own words."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storefront_trace.domain.tracked import (
    PLAIN,
    TrackEvent,
    TrackFeedback,
    TrackFollower,
    TrackLine,
    TrackOrder,
    TrackParcel,
    TrackQuestion,
    TrackReply,
)
from storefront_trace.storage.jsonrows import json_of, json_row, json_rows
from storefront_trace.storage.tables import (
    event,
    feedback,
    follower,
    line,
    order,
    parcel,
    question,
    reply,
    shop,
    tracking_link,
)

_PLAIN = TrackOrder._fields[3:PLAIN]
NESTED: dict[str, tuple[type[Any], sa.Table]] = {
    "events": (TrackEvent, event),
    "lines": (TrackLine, line),
    "parcels": (TrackParcel, parcel),
    "feedback": (TrackFeedback, feedback),
    "replies": (TrackReply, reply),
    "questions": (TrackQuestion, question),
    "followers": (TrackFollower, follower),
}
_HASH = sa.bindparam("token_hash", "", type_=sa.String)


def _column(table: sa.Table, name: str) -> sa.ColumnElement[Any]:
    column = table.c[name]
    return json_of(column) if isinstance(column.type, sa.JSON) else column


def _nested(kind: type[Any], table: sa.Table) -> sa.ScalarSelect[Any]:
    mine = [table.c.shop_id == order.c.shop_id, table.c.order_id == order.c.id]
    if table is event:
        mine.append(table.c.kind.in_(("step", "correction")))
    columns = [_column(table, name) for name in kind._fields]
    return sa.select(json_rows(json_row(*columns))).where(*mine).correlate(order).scalar_subquery()


FROM = tracking_link.join(
    order, sa.and_(order.c.shop_id == tracking_link.c.shop_id, order.c.id == tracking_link.c.order_id)
).join(shop, shop.c.id == tracking_link.c.shop_id)
PAGE_VERSION = (order.c.version + order.c.touched).label("version")
"""Of the page: of the trail, and of what is shown beside it. It only grows."""


def _plain(name: str) -> sa.ColumnElement[Any]:
    return PAGE_VERSION if name == "version" else order.c[name]


PAGE = (
    sa.select(
        tracking_link.c.shop_id,
        shop.c.generation,
        tracking_link.c.revoked_at,
        *(_plain(name) for name in _PLAIN),
        *(_nested(*both).label(name) for name, both in NESTED.items()),
    )
    .select_from(FROM)
    .where(tracking_link.c.token_hash == _HASH)
)
# The same for several tokens as one JSON text: for each row that a thread steps to it waits for the interpreter lock,
# up to 5 ms while the event loop is busy rendering. So a batch is one row.
_HASHES = sa.bindparam("token_hash", "", type_=sa.String)
PAGES = (
    sa.select(
        json_rows(
            json_row(
                tracking_link.c.token_hash,
                tracking_link.c.shop_id,
                shop.c.generation,
                tracking_link.c.revoked_at,
                *(_plain(name) for name in _PLAIN),
                *(json_of(_nested(*both)) for both in NESTED.values()),
            )
        )
    )
    .select_from(FROM)
    .where(tracking_link.c.token_hash.in_(sa.select(sa.func.json_each(_HASHES).table_valued("value").c.value)))
)
VERSION = (
    sa.select(
        tracking_link.c.shop_id,
        tracking_link.c.order_id,
        PAGE_VERSION,
        shop.c.generation,
        tracking_link.c.revoked_at,
    )
    .select_from(FROM)
    .where(tracking_link.c.token_hash == _HASH)
)


class Compiled:
    """A statement in the driver's own words, with its constants in place and room for the token's hash."""

    def __init__(self, statement: sa.Select[Any], for_sqlite: bool) -> None:
        dialect = sqlite.dialect() if for_sqlite else postgresql.asyncpg.dialect()  # type: ignore[no-untyped-call]
        compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        self.sql = str(compiled)
        names = list(compiled.positiontup or ())
        self._values = [self._constant(compiled, name) for name in names]
        self._place = names.index("token_hash")

    def _constant(self, compiled: Any, name: str) -> Any:
        process = compiled._bind_processors.get(name)
        return process(compiled.params[name]) if process else compiled.params[name]

    def values(self, token_hash: str) -> list[Any]:
        values = self._values.copy()
        values[self._place] = token_hash
        return values


@cache
def compiled(statement: sa.Select[Any], *, for_sqlite: bool) -> Compiled:
    """Once in a process, for the statements of this file."""
    return Compiled(statement, for_sqlite)
