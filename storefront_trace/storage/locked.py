"""What a step begins with: the order's row, which nobody else changes until the transaction ends."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa

from storefront_trace.domain.errors import NotFound
from storefront_trace.domain.orders import Event, Line, Parcel
from storefront_trace.storage import events, orders
from storefront_trace.storage.database import Ahead, Connection
from storefront_trace.storage.filled import filled
from storefront_trace.storage.jsonrows import json_of, json_row, json_rows
from storefront_trace.storage.orders import ORDER_COLUMNS, OrderRow
from storefront_trace.storage.prepared import prepared, read_ahead
from storefront_trace.storage.tables import event, follower, line, order, parcel, shop


@dataclass(frozen=True)
class Whole:
    """An order with all that a step on it looks at. `generation` is the shop's; `followed`: by anybody, ever."""

    row: OrderRow
    generation: int
    followed: bool
    lines: list[Line]
    parcels: list[Parcel]
    events: list[Event]


async def lock_order(conn: Connection, shop_id: str, number: str) -> tuple[OrderRow, int]:
    """With the shop's generation, which says whether the cast that is kept still holds: one statement less."""
    row = (await conn.execute(_LOCKED, {"shop_id": shop_id, "number": number})).first()
    if row is None:
        raise NotFound("We have no order with that number.")
    return filled(OrderRow, dict(zip(_NAMES, row[1:], strict=True))), row[0]


async def lock_whole(conn: Connection, shop_id: str, number: str) -> Whole:
    """On PostgreSQL one after the other: what one statement reads beside a row that it waits for may be older than that
    row. On SQLite nobody else writes in the meantime, so it is one statement, of one row."""
    if conn.dialect.name != "sqlite":
        found, generation = await lock_order(conn, shop_id, number)
        return Whole(
            found,
            generation,
            followed=True,
            lines=await orders.list_lines(conn, shop_id, found.id),
            parcels=await orders.list_parcels(conn, shop_id, found.id),
            events=await events.list_events(conn, shop_id, found.id),
        )
    known = read_ahead(conn, (shop_id, number)) or (await _read_wholes(conn, [(shop_id, number)])).get(
        (shop_id, number)
    )
    if known is None:
        raise NotFound("We have no order with that number.")
    return _whole(known)


def ahead(shop_id: str, number: str) -> Ahead:
    """For the jobs that begin with `lock_whole`."""
    return Ahead(_read_wholes, (shop_id, number))


async def _read_wholes(conn: Connection, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], list[Any]]:
    found: dict[tuple[str, str], list[Any]] = {}
    for shop_id in dict.fromkeys(shop_id for shop_id, _ in keys):
        numbers = [number for its, number in keys if its == shop_id]
        rows = await conn.execute(WHOLES, {"shop_id": shop_id, "numbers": json.dumps(numbers)})
        found |= {(shop_id, number): row for number, row in json.loads(rows.scalar_one()) if row}
    return found


def _whole(row: list[Any]) -> Whole:
    generation, followed, lines, parcels, trail, *of_order = row
    values = dict(zip(_NAMES, of_order, strict=True))
    for name in _FLAGS:
        values[name] = bool(values[name])
    return Whole(
        filled(OrderRow, values),
        generation,
        followed=bool(followed),
        lines=[_to_line(one) for one in _listed(lines, _LINE, "position")],
        parcels=[_to_parcel(one) for one in _listed(parcels, _PARCEL, "position")],
        events=[events.to_event(one) for one in _listed(trail, events.NEEDED, "seq")],
    )


def _listed(rows: list[Any], names: Sequence[str], place: str) -> list[dict[str, Any]]:
    """Their order in the JSON is nobody's promise."""
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return sorted(found, key=lambda one: int(one[place])) if len(found) > 1 else found


def _to_line(values: dict[str, Any]) -> Line:
    del values["position"]
    values["shippable"] = bool(values["shippable"])
    return filled(Line, values)


def _to_parcel(values: dict[str, Any]) -> Parcel:
    del values["position"]
    return orders.to_parcel(values)


def _nested(table: sa.Table, names: Sequence[str]) -> sa.ScalarSelect[Any]:
    mine = (table.c.shop_id == order.c.shop_id, table.c.order_id == order.c.id)
    columns = [json_of(c) if isinstance(c.type, sa.JSON) else c for c in (table.c[name] for name in names)]
    return sa.select(json_rows(json_row(*columns))).where(*mine).correlate(order).scalar_subquery()


_NAMES = [column.name for column in ORDER_COLUMNS]
_FLAGS = [column.name for column in ORDER_COLUMNS if isinstance(column.type, sa.Boolean)]
_LINE = [*(f.name for f in fields(Line)), "position"]
_PARCEL = [*orders.PARCEL_NAMES, "position"]
_ONE = (order.c.shop_id == sa.bindparam("shop_id"), order.c.number == sa.bindparam("number"))
_GENERATION = sa.select(shop.c.generation).where(shop.c.id == order.c.shop_id).correlate(order).scalar_subquery()
_LOCKED = prepared(sa.select(_GENERATION, *ORDER_COLUMNS).where(*_ONE).with_for_update(of=order))
_WANTED = sa.func.json_each(sa.bindparam("numbers")).table_valued("value", name="wanted")
_ROW = (
    sa.select(
        json_row(
            _GENERATION,
            # One column, which stands in an index: for `*` all of the shop's followers were looked through.
            sa.select(follower.c.order_id)
            .where(follower.c.shop_id == order.c.shop_id, follower.c.order_id == order.c.id)
            .exists(),
            _nested(line, _LINE),
            _nested(parcel, _PARCEL),
            _nested(event, events.NEEDED),
            *ORDER_COLUMNS,
        )
    )
    .where(order.c.shop_id == sa.bindparam("shop_id"), order.c.number == _WANTED.c.value)
    .correlate(_WANTED)
    .scalar_subquery()
)
# Each of many orders by its number's index, beside that number; null where there is none.
WHOLES = prepared(sa.select(json_rows(json_row(_WANTED.c.value, json_of(_ROW)))).select_from(_WANTED))
