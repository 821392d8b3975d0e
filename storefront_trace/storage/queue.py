"""The staff's queue: which orders wait for whom, in which turn."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from storefront_trace.storage.database import Connection
from storefront_trace.storage.orders import ORDER_COLUMNS, PAGE, OrderRow
from storefront_trace.storage.tables import order

MOST_COUNTED = 1000
_IN_TURN = (order.c.due, order.c.waiting_since, order.c.id)


async def list_waiting(
    conn: Connection, shop_id: str, person_id: str, team: str | None, *, today: str, limit: int = PAGE, offset: int = 0
) -> list[OrderRow]:
    """What waits for this person or, when for nobody by name, for their team: oldest promise first, on the same day
    what waits for the person themselves, then the longest wait. See `_fair_day` in domain/replay.py.

    `today` in the shop's zone: what waits for goods that come later waits for nobody. Reads `offset + limit` entries
    of two indexes, however long the queue is.
    """
    most = offset + limit
    sides = [
        sa.select(order.c.id, order.c.due, order.c.waiting_since, sa.literal(place).label("side"))
        .where(order.c.shop_id == shop_id, whose, can_go_on(today))
        .order_by(*_IN_TURN)
        .limit(most)
        .subquery()
        for place, whose in enumerate(_waits_for(person_id, team))
    ]
    both = sa.union_all(*(sa.select(side) for side in sides)).subquery()
    query = sa.select(both.c.id).order_by(both.c.due, both.c.side, both.c.waiting_since, both.c.id)
    ids = list((await conn.execute(query.limit(limit).offset(offset))).scalars())
    return await _in_this_order(conn, shop_id, ids)


async def count_waiting(
    conn: Connection, shop_id: str, person_id: str, team: str | None, *, today: str, most: int = MOST_COUNTED
) -> int:
    """At most `most`: nobody waits for the exact number of a very long queue."""
    n = 0
    for whose in _waits_for(person_id, team):
        some = sa.select(order.c.id).where(order.c.shop_id == shop_id, whose, can_go_on(today))
        some = some.order_by(*_IN_TURN).limit(most)  # in the index's own order, or SQLite goes through all orders
        n += int((await conn.execute(sa.select(sa.func.count()).select_from(some.subquery()))).scalar_one())
    return min(n, most)


async def list_taken(
    conn: Connection, shop_id: str, people: Sequence[str], *, today: str, limit: int
) -> list[OrderRow]:
    """What waits for one of these people by name: oldest promise first."""
    mine = (order.c.shop_id == shop_id, order.c.waiting_person_id.in_(people), can_go_on(today))
    ids = list((await conn.execute(sa.select(order.c.id).where(*mine).order_by(*_IN_TURN).limit(limit))).scalars())
    return await _in_this_order(conn, shop_id, ids)


async def _in_this_order(conn: Connection, shop_id: str, ids: Sequence[str]) -> list[OrderRow]:
    rows = await conn.execute(sa.select(*ORDER_COLUMNS).where(order.c.shop_id == shop_id, order.c.id.in_(ids)))
    found = {row.id: OrderRow(*row) for row in rows}
    return [found[one] for one in ids if one in found]


async def list_waiting_for(
    conn: Connection, shop_id: str, person_id: str, *, after: str, limit: int
) -> list[tuple[str, str]]:
    """(id, number) of the orders that wait for this person by name, by id from `after` on."""
    mine = (order.c.shop_id == shop_id, order.c.waiting_person_id == person_id, order.c.id > after)
    rows = await conn.execute(sa.select(order.c.id, order.c.number).where(*mine).order_by(order.c.id).limit(limit))
    return [(row.id, row.number) for row in rows]


def _waits_for(person_id: str, team: str | None) -> list[sa.ColumnElement[bool]]:
    """For the person, for the team: apart, so that each is read in the order of its own index."""
    mine = order.c.waiting_person_id == person_id
    return (
        [mine] if team is None else [mine, sa.and_(order.c.waiting_team == team, order.c.waiting_person_id.is_(None))]
    )


def can_go_on(today: str) -> sa.ColumnElement[bool]:
    return sa.or_(order.c.waiting_until.is_(None), order.c.waiting_until <= today)
