"""What an order's events say of it, as rows: its state and whose turn it is, its lines and its parcels."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from storefront_trace.domain.orders import Line, OrderState, Parcel
from storefront_trace.domain.scanned import parcel_code
from storefront_trace.storage.database import Connection
from storefront_trace.storage.locked import Whole
from storefront_trace.storage.prepared import prepared, write_one
from storefront_trace.storage.tables import line, order, parcel

_OF_FACTS = ("placed_at", "placed_zone", "placed_precision", "promise_from", "promise_to", "method")
_OF_STATE = (
    "version",
    "state",
    "ended",
    "position",
    "holder_person_id",
    "holder_team",
    "holder_event_id",
    "holder_since",
    "waiting_person_id",
    "waiting_team",
    "waiting_since",
    "waiting_until",
    "due",
    "next_step",
    "delivered_at",
)
_COLUMNS = (*_OF_STATE, *_OF_FACTS)
_of_state, _of_facts, _as_it_was = attrgetter(*_OF_STATE), attrgetter(*_OF_FACTS), attrgetter(*_COLUMNS)
_ROWS = {
    table.name: prepared(
        sa.select(table).where(table.c.shop_id == sa.bindparam("shop_id"), table.c.order_id == sa.bindparam("order_id"))
    )
    for table in (line, parcel)
}


async def update_derived(
    conn: Connection,
    shop_id: str,
    order_id: str,
    state: OrderState,
    now: int,
    *,
    known: Whole | None = None,
) -> None:
    """Writes what the events say. `now` may be a recorded instant: rebuilding then gives the same rows. `known` is the
    order as it stands in its tables, if the caller has read it since it was locked: then only what is new is written,
    since an index is written anew with each of its columns that is named, be it what it was."""
    new = derived_columns(state)
    if known is not None:
        new = dict(one for one, was in zip(new.items(), _as_it_was(known.row), strict=True) if one[1] != was)
    ids = {"of_shop": shop_id, "of_order": order_id}
    await write_one(conn, _statement(tuple(new)), {**ids, "updated_at": now, **new})
    if known is None or known.lines != list(state.lines):
        await _rewrite(conn, line, shop_id, order_id, [_line_row(i, row) for i, row in enumerate(state.lines)])
    if known is None or known.parcels != list(state.parcels):
        await _rewrite(conn, parcel, shop_id, order_id, [_parcel_row(i, row) for i, row in enumerate(state.parcels)])


@lru_cache(maxsize=1024)
def _statement(names: tuple[str, ...]) -> sa.Update:
    """There are some dozens in practice: a step changes this, a promise that."""
    mine = (order.c.shop_id == sa.bindparam("of_shop"), order.c.id == sa.bindparam("of_order"))
    return prepared(sa.update(order).where(*mine), columns=("updated_at", *names))


def derived_columns(state: OrderState) -> dict[str, Any]:
    return dict(zip(_COLUMNS, (*_of_state(state), *_of_facts(state.facts)), strict=True))


async def _rewrite(
    conn: Connection, table: sa.Table, shop_id: str, order_id: str, rows: Sequence[dict[str, Any]]
) -> None:
    names, mine = table.c.keys(), {"shop_id": shop_id, "order_id": order_id}
    present = [dict(zip(names, row, strict=True)) for row in await conn.execute(_ROWS[table.name], mine)]
    wanted = [{**mine, **row} for row in rows]
    if sorted(present, key=_key) == sorted(wanted, key=_key):
        return
    await conn.execute(sa.delete(table).where(table.c.shop_id == shop_id, table.c.order_id == order_id))
    if wanted:
        await conn.execute(sa.insert(table), wanted)


def _key(row: dict[str, Any]) -> str:
    return str(row["key"])


def _line_row(position: int, row: Line) -> dict[str, Any]:
    return {**vars(row), "position": position}


def _parcel_row(position: int, row: Parcel) -> dict[str, Any]:
    search = parcel_code(row.tracking_number or "") or None
    contents = [list(pair) for pair in row.lines]
    return {**vars(row), "position": position, "search_number": search, "lines": contents}
