"""The shop's own finished orders, as the pace is counted from them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from storefront_trace.domain.pace import MOST, Finished, Passed
from storefront_trace.storage.database import Connection
from storefront_trace.storage.tables import event, order, parcel

_AT_ONCE = 100


async def list_finished(conn: Connection, shop_id: str, most: int = MOST) -> list[Finished]:
    """The orders that came home last, oldest first: those that came whole, in one parcel."""
    mine = (order.c.shop_id == shop_id, order.c.state == "delivered", order.c.method == "parcel")
    query = sa.select(order.c.id).where(*mine)
    newest = (await conn.execute(query.order_by(order.c.updated_at.desc(), order.c.id.desc()).limit(most))).scalars()
    ids = list(newest)[::-1]
    found: dict[str, Finished] = {}
    for first in range(0, len(ids), _AT_ONCE):
        found |= await _some(conn, shop_id, ids[first : first + _AT_ONCE])
    return sorted(found.values(), key=lambda one: max(step.at for step in one.steps))


async def _some(conn: Connection, shop_id: str, ids: list[str]) -> dict[str, Finished]:
    carriers: dict[str, list[str | None]] = {}
    parcels = sa.select(parcel.c.order_id, parcel.c.carrier)
    for row in await conn.execute(parcels.where(parcel.c.shop_id == shop_id, parcel.c.order_id.in_(ids))):
        carriers.setdefault(row.order_id, []).append(row.carrier)
    steps = sa.select(
        event.c.order_id, event.c.id, event.c.kind, event.c.step, event.c.position, event.c.effect,
        event.c.at, event.c.precision, event.c.detail,
    )  # fmt: skip
    mine = (event.c.shop_id == shop_id, event.c.order_id.in_(ids), event.c.kind.in_(("step", "correction")))
    rows = (await conn.execute(steps.where(*mine).order_by(event.c.order_id, event.c.seq))).all()
    found = {}
    for order_id, group in groupby(rows, key=lambda row: row.order_id):
        carrier = carriers.get(order_id, [None])
        passed = _passed(list(group))
        if len(carrier) == 1 and passed:
            found[order_id] = Finished(passed, carrier[0])
    return found


def _passed(rows: Sequence[Any]) -> tuple[Passed, ...]:
    taken_back = {(row.detail or {}).get("corrects") for row in rows if row.kind == "correction"}
    return tuple(
        Passed(row.step, row.position, row.at, row.precision)
        for row in rows
        if row.kind == "step" and row.effect == "advance" and row.id not in taken_back
    )
