"""Tracking links: only the SHA-256 of a token is here; the token is made again from the secret when it is needed."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from storefront_trace.storage.database import Connection
from storefront_trace.storage.tables import tracking_link


@dataclass(frozen=True)
class TrackingLink:
    number: int
    token_hash: str
    secret_id: str
    created_at: int
    revoked_at: int | None


_COLUMNS = [tracking_link.c[name] for name in ("number", "token_hash", "secret_id", "created_at", "revoked_at")]


async def list_links(conn: Connection, shop_id: str, order_id: str) -> list[TrackingLink]:
    where = (tracking_link.c.shop_id == shop_id, tracking_link.c.order_id == order_id)
    rows = await conn.execute(sa.select(*_COLUMNS).where(*where).order_by(tracking_link.c.number))
    return [TrackingLink(*row) for row in rows]


async def current_links(conn: Connection, shop_id: str, order_ids: list[str]) -> dict[str, TrackingLink]:
    """The newest link of each order that has not been revoked."""
    where = (
        tracking_link.c.shop_id == shop_id,
        tracking_link.c.order_id.in_(order_ids),
        tracking_link.c.revoked_at.is_(None),
    )
    rows = await conn.execute(
        sa.select(tracking_link.c.order_id, *_COLUMNS).where(*where).order_by(tracking_link.c.number)
    )
    return {row.order_id: TrackingLink(*row[1:]) for row in rows}


async def newest_hash(conn: Connection, shop_id: str) -> str | None:
    """Of the order that was put in last; revoked or not."""
    where = tracking_link.c.shop_id == shop_id
    query = sa.select(tracking_link.c.token_hash).where(where).order_by(tracking_link.c.order_id.desc()).limit(1)
    return (await conn.execute(query)).scalar_one_or_none()


async def newest_link(conn: Connection, shop_id: str) -> tuple[str, TrackingLink] | None:
    """(order id, link) of the order that was put in last; revoked or not."""
    query = sa.select(tracking_link.c.order_id, *_COLUMNS).where(tracking_link.c.shop_id == shop_id)
    newest = query.order_by(tracking_link.c.order_id.desc(), tracking_link.c.number.desc()).limit(1)
    row = (await conn.execute(newest)).first()
    return (row.order_id, TrackingLink(*row[1:])) if row else None


async def insert_link(conn: Connection, shop_id: str, order_id: str, link: TrackingLink) -> None:
    await conn.execute(
        sa.insert(tracking_link).values(
            shop_id=shop_id,
            order_id=order_id,
            number=link.number,
            token_hash=link.token_hash,
            secret_id=link.secret_id,
            created_at=link.created_at,
        )
    )


async def update_links_revoked(conn: Connection, shop_id: str, order_id: str, now: int) -> None:
    query = sa.update(tracking_link).where(
        tracking_link.c.shop_id == shop_id,
        tracking_link.c.order_id == order_id,
        tracking_link.c.revoked_at.is_(None),
    )
    await conn.execute(query.values(revoked_at=now))
