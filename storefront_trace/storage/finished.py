"""The shop's own finished orders, as the pace is counted from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from storefront_trace.domain.orders import DELIVERED, SAMPLE, SHIPPED
from storefront_trace.domain.pace import MOST, Finished, Passed
from storefront_trace.storage.database import Connection
from storefront_trace.storage.tables import event, order, parcel

_AT_ONCE = 100


async def list_finished(conn: Connection, shop_id: str, most: int = MOST) -> list[Finished]:
    """The orders that came home last, oldest first: whole those that came in one parcel, and the parcels of others."""
    mine = (order.c.shop_id == shop_id, order.c.state == "delivered", order.c.method == "parcel")
    query = sa.select(order.c.id).where(*mine, order.c.source != SAMPLE)
    newest = (await conn.execute(query.order_by(order.c.updated_at.desc(), order.c.id.desc()).limit(most))).scalars()
    found = await list_those(conn, shop_id, list(newest)[::-1])
    return sorted(found, key=lambda one: max(step.at for step in one.steps))


async def list_those(conn: Connection, shop_id: str, ids: Sequence[str]) -> list[Finished]:
    """These orders, as `list_finished` tells of the last ones; one of which nothing was logged is left out."""
    found: list[Finished] = []
    for first in range(0, len(ids), _AT_ONCE):
        found += await _some(conn, shop_id, list(ids[first : first + _AT_ONCE]))
    return found


async def _some(conn: Connection, shop_id: str, ids: list[str]) -> list[Finished]:
    carriers: dict[str, dict[str, str | None]] = {}
    parcels = sa.select(parcel.c.order_id, parcel.c.key, parcel.c.carrier)
    for row in await conn.execute(parcels.where(parcel.c.shop_id == shop_id, parcel.c.order_id.in_(ids))):
        carriers.setdefault(row.order_id, {})[row.key] = row.carrier
    steps = sa.select(
        event.c.order_id, event.c.id, event.c.kind, event.c.step, event.c.position, event.c.effect,
        event.c.at, event.c.precision, event.c.detail,
    )  # fmt: skip
    mine = (event.c.shop_id == shop_id, event.c.order_id.in_(ids), event.c.kind.in_(("step", "correction")))
    rows = (await conn.execute(steps.where(*mine).order_by(event.c.order_id, event.c.seq))).all()
    found: list[Finished] = []
    for order_id, group in groupby(rows, key=lambda row: row.order_id):
        found += _told(list(group), carriers.get(order_id, {}))
    return found


def _told(rows: Sequence[Any], carriers: Mapping[str, str | None]) -> Iterator[Finished]:
    """The whole order, or each of its parcels of which it was told itself that it was sent and came home."""
    live = _live(rows)
    if len(carriers) < 2:
        if live:
            yield Finished(_passed(live), next(iter(carriers.values()), None))
        return
    for key, carrier in carriers.items():
        own = [row for row in live if row.position >= SHIPPED and _parcel_of(row) == key]
        places = [row.position for row in own]
        if places and min(places) < DELIVERED <= max(places):
            yield Finished(_passed(own), carrier, part=True)


def _live(rows: Sequence[Any]) -> list[Any]:
    taken_back = {(row.detail or {}).get("corrects") for row in rows if row.kind == "correction"}
    return [row for row in rows if row.kind == "step" and row.effect == "advance" and row.id not in taken_back]


def _parcel_of(row: Any) -> str | None:
    told: dict[str, str] = (row.detail or {}).get("parcel") or {}
    return told.get("key")


def _passed(rows: Sequence[Any]) -> tuple[Passed, ...]:
    return tuple(Passed(row.step, row.position, row.at, row.precision) for row in rows)
