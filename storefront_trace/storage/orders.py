"""Orders as rows: found, locked, listed, and rewritten from what `domain.replay` says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa

from storefront_trace.domain.errors import NotFound
from storefront_trace.domain.orders import SAMPLE, Line, Parcel
from storefront_trace.domain.texts import folded
from storefront_trace.storage.database import Connection
from storefront_trace.storage.filled import filled
from storefront_trace.storage.insertion import insertion
from storefront_trace.storage.prepared import prepared
from storefront_trace.storage.tables import line, order, parcel
from storefront_trace.storage.tables.orders import OPEN

PAGE = 50


@dataclass(frozen=True)
class OrderRow:
    """An order as it stands in its table; lines, parcels and events are read beside it."""

    id: str
    number: str
    source: str
    external_id: str | None
    source_updated_at: int | None
    first_name: str | None
    email: str | None
    erased_at: int | None
    locale: str | None
    version: int
    state: str
    ended: bool
    position: int
    placed_at: int
    placed_zone: str
    placed_precision: str
    promise_from: str | None
    promise_to: str | None
    method: str
    holder_person_id: str | None
    holder_team: str | None
    holder_event_id: str | None
    holder_since: int | None
    waiting_person_id: str | None
    waiting_team: str | None
    waiting_since: int | None
    waiting_until: str | None
    due: str | None
    next_step: str | None
    delivered_at: int | None
    created_at: int
    updated_at: int


ORDER_COLUMNS = [order.c[f.name] for f in fields(OrderRow)]
_OF_SHOP = sa.select(*ORDER_COLUMNS).where(order.c.shop_id == sa.bindparam("shop_id"))
_BY_NUMBER = prepared(_OF_SHOP.where(order.c.number == sa.bindparam("number")))
_BY_NUMBER_LOCKED = prepared(_BY_NUMBER.with_for_update())
_BY_ID = prepared(_OF_SHOP.where(order.c.id == sa.bindparam("id")))
_BY_ID_LOCKED = prepared(_BY_ID.with_for_update())


async def get_order(conn: Connection, shop_id: str, number: str) -> OrderRow:
    found = await find_order(conn, shop_id, number)
    if found is None:
        raise NotFound("We have no order with that number.")
    return found


async def find_order(conn: Connection, shop_id: str, number: str, *, lock: bool = False) -> OrderRow | None:
    """`lock` keeps another transaction from changing it before this one ends; inside `db.write()` only."""
    query = _BY_NUMBER_LOCKED if lock else _BY_NUMBER
    row = (await conn.execute(query, {"shop_id": shop_id, "number": number})).first()
    return OrderRow(*row) if row else None


async def find_order_by_id(conn: Connection, shop_id: str, order_id: str, *, lock: bool = False) -> OrderRow | None:
    query = _BY_ID_LOCKED if lock else _BY_ID
    row = (await conn.execute(query, {"shop_id": shop_id, "id": order_id})).first()
    return OrderRow(*row) if row else None


async def find_order_by_external_id(
    conn: Connection, shop_id: str, source: str, external_id: str, *, lock: bool = False
) -> OrderRow | None:
    where = (order.c.shop_id == shop_id, order.c.source == source, order.c.external_id == external_id)
    return await _one(conn, lock, *where)


async def list_external_ids(conn: Connection, shop_id: str, source: str, first: str, last: str) -> list[str]:
    """The sender's own ids from `first` to `last`, compared as text: give two of the same length."""
    where = (order.c.shop_id == shop_id, order.c.source == source, order.c.external_id.between(first, last))
    return list((await conn.execute(sa.select(order.c.external_id).where(*where).limit(10))).scalars())


async def find_orders_by_email(conn: Connection, number: str, email: str) -> list[tuple[str, OrderRow]]:
    """(shop id, order) in every shop here that has such an order; the address is compared without regard to case."""
    query = sa.select(order.c.shop_id, *ORDER_COLUMNS).where(
        order.c.number == number, order.c.search_email == folded(email)
    )
    rows = await conn.execute(query.limit(20))
    return [(row.shop_id, OrderRow(*row[1:])) for row in rows]


async def list_open_before(conn: Connection, shop_id: str, position: int) -> list[str]:
    """The numbers of the orders that are under way and have not come as far as that; oldest promise first."""
    query = sa.select(order.c.number).where(order.c.shop_id == shop_id, order.c.position < position, sa.text(OPEN))
    return list((await conn.execute(query.order_by(order.c.promise_to, order.c.placed_at, order.c.id))).scalars())


async def list_orders(
    conn: Connection,
    shop_id: str,
    *,
    state: str | None = None,
    updated_since: int | None = None,
    after: tuple[int, str] | None = None,
    limit: int = PAGE,
) -> list[OrderRow]:
    """Least recently changed first, without samples; `after` is the (updated_at, id) of the last one seen."""
    query = sa.select(*ORDER_COLUMNS).where(order.c.shop_id == shop_id, order.c.source != SAMPLE)
    if state is not None:
        query = query.where(order.c.state == state)
    if updated_since is not None:
        query = query.where(order.c.updated_at >= updated_since)
    if after is not None:
        query = query.where(sa.tuple_(order.c.updated_at, order.c.id) > sa.tuple_(*map(sa.literal, after)))
    rows = await conn.execute(query.order_by(order.c.updated_at, order.c.id).limit(limit))
    return [OrderRow(*row) for row in rows]


async def list_latest(conn: Connection, shop_id: str, *, state: str | None = None, limit: int = PAGE) -> list[OrderRow]:
    """What happened last first."""
    query = sa.select(*ORDER_COLUMNS).where(order.c.shop_id == shop_id)
    if state is not None:
        query = query.where(order.c.state == state)
    return [
        OrderRow(*row)
        for row in await conn.execute(query.order_by(order.c.updated_at.desc(), order.c.id.desc()).limit(limit))
    ]


async def search_orders(conn: Connection, shop_id: str, text: str, *, limit: int = PAGE) -> list[OrderRow]:
    """By the beginning of the number, or the beginning of the customer's first name; "å" and "Å" are one letter."""
    pattern = folded(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    name = order.c.search_name.like(pattern, escape="\\")
    number = sa.func.lower(order.c.number).like(pattern, escape="\\")
    query = sa.select(*ORDER_COLUMNS).where(order.c.shop_id == shop_id, sa.or_(number, name))
    rows = await conn.execute(query.order_by(order.c.updated_at.desc()).limit(limit))
    return [OrderRow(*row) for row in rows]


async def list_lines(conn: Connection, shop_id: str, order_id: str) -> list[Line]:
    rows = await conn.execute(_LINES, {"shop_id": shop_id, "order_id": order_id})
    return [filled(Line, dict(zip(_LINE_NAMES, row, strict=True))) for row in rows]


async def list_lines_of(conn: Connection, shop_id: str, order_ids: Sequence[str]) -> dict[str, list[Line]]:
    """By order id; an order without lines is not there."""
    query = sa.select(line).where(line.c.shop_id == shop_id, line.c.order_id.in_(order_ids))
    found: dict[str, list[Line]] = {}
    for row in await conn.execute(query.order_by(line.c.position)):
        found.setdefault(row.order_id, []).append(Line(**{name: row._mapping[name] for name in _LINE_NAMES}))
    return found


async def list_parcels(conn: Connection, shop_id: str, order_id: str) -> list[Parcel]:
    rows = await conn.execute(_PARCELS, {"shop_id": shop_id, "order_id": order_id})
    return [to_parcel(dict(zip(PARCEL_NAMES, row, strict=True))) for row in rows]


async def list_parcels_of(conn: Connection, shop_id: str, order_ids: Sequence[str]) -> dict[str, list[Parcel]]:
    """By order id; an order without parcels is not there."""
    query = sa.select(parcel).where(parcel.c.shop_id == shop_id, parcel.c.order_id.in_(order_ids))
    found: dict[str, list[Parcel]] = {}
    for row in await conn.execute(query.order_by(parcel.c.position)):
        one = to_parcel({name: row._mapping[name] for name in PARCEL_NAMES})
        found.setdefault(row.order_id, []).append(one)
    return found


def to_parcel(values: dict[str, Any]) -> Parcel:
    return Parcel(**{**values, "lines": tuple((key, amount) for key, amount in values["lines"])})


async def insert_order(conn: Connection, shop_id: str, **values: Any) -> bool:
    """Whether it is new; False when somebody else has just put in an order with this number."""
    statement = insertion(conn, order).values(shop_id=shop_id, **values, **_search(values))
    done = await conn.execute(statement.on_conflict_do_nothing(index_elements=["shop_id", "number"]))
    return done.rowcount == 1


async def update_order(conn: Connection, shop_id: str, order_id: str, **changes: Any) -> None:
    query = sa.update(order).where(order.c.shop_id == shop_id, order.c.id == order_id)
    await conn.execute(query.values(**changes, **_search(changes)))


async def touch_order(conn: Connection, shop_id: str, order_id: str) -> None:
    """Its page is to be made anew, though nothing has happened to it: no event, and it is no younger for it."""
    query = sa.update(order).where(order.c.shop_id == shop_id, order.c.id == order_id)
    await conn.execute(query.values(touched=order.c.touched + 1))


def _search(values: Mapping[str, Any]) -> dict[str, str | None]:
    """What is compared goes with what is shown, whoever writes it."""
    pairs = (("first_name", "search_name"), ("email", "search_email"))
    return {column: folded(values[name]) if values[name] else None for name, column in pairs if name in values}


def _of_order(table: sa.Table, *columns: sa.Column[Any]) -> sa.Select[Any]:
    mine = (table.c.shop_id == sa.bindparam("shop_id"), table.c.order_id == sa.bindparam("order_id"))
    return sa.select(*(columns or (table,))).where(*mine)


PARCEL_NAMES = ("key", "carrier", "tracking_number", "tracking_url", "state", "expected_from", "expected_to", "lines")
_LINE_NAMES = [f.name for f in fields(Line)]
_LINES = prepared(_of_order(line, *(line.c[name] for name in _LINE_NAMES)).order_by(line.c.position))
_PARCELS = prepared(_of_order(parcel, *(parcel.c[name] for name in PARCEL_NAMES)).order_by(parcel.c.position))


async def _one(conn: Connection, lock: bool, *where: sa.ColumnElement[bool]) -> OrderRow | None:
    query = sa.select(*ORDER_COLUMNS).where(*where)
    row = (await conn.execute(query.with_for_update() if lock else query)).first()
    return OrderRow(*row) if row else None
