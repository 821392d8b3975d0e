"""The order that an owner made to look at: found, told apart in every count, and taken away whole."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from storefront_trace.domain.orders import SAMPLE
from storefront_trace.storage.database import Connection
from storefront_trace.storage.tables import event, notice, order
from storefront_trace.storage.tables.columns import metadata

# Everything that hangs on an order has its id in a column of this name.
OF_ORDER = tuple(table for table in metadata.sorted_tables if "order_id" in table.c)


def samples(shop_id: str) -> sa.Select[tuple[str]]:
    """Their ids, through `ix_orders_external`: to be left out where all orders are counted."""
    mine = (order.c.shop_id == shop_id, order.c.source == SAMPLE, order.c.external_id.is_not(None))
    return sa.select(order.c.id).where(*mine)


async def has_orders(conn: Connection, shop_id: str) -> bool:
    """Any but samples."""
    real = sa.select(order.c.id).where(order.c.shop_id == shop_id, order.c.source != SAMPLE).limit(1)
    return (await conn.execute(real)).first() is not None


async def has_signed_step(conn: Connection, shop_id: str) -> bool:
    """Whether anybody has logged a step under their own name."""
    query = sa.select(event.c.id).where(event.c.shop_id == shop_id, event.c.person_id.is_not(None))
    return (await conn.execute(query.limit(1))).first() is not None


async def delete_samples(conn: Connection, shop_id: str) -> list[str]:
    """With everything that hangs on them, and what was to be written about them. Returns the photos on their steps,
    whose files can go."""
    ids = list((await conn.execute(samples(shop_id))).scalars())
    if not ids:
        return []
    shown = (event.c.shop_id == shop_id, event.c.order_id.in_(ids), event.c.photo.is_not(None))
    photos = list((await conn.execute(sa.select(event.c.photo).where(*shown).distinct())).scalars())
    about = notice.c.detail["order_id"].as_string().in_(ids)
    await conn.execute(sa.delete(notice).where(notice.c.shop_id == shop_id, about))
    for table in OF_ORDER:
        key: sa.Column[Any] = table.c.order_id
        await conn.execute(sa.delete(table).where(table.c.shop_id == shop_id, key.in_(ids)))
    await conn.execute(sa.delete(order).where(order.c.shop_id == shop_id, order.c.id.in_(ids)))
    return photos
