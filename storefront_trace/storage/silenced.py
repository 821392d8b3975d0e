"""Addresses that a shop may not write to on its own, as keyed hashes: see domain/silence.py."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from storefront_trace.domain.silence import bounced_digests_of, digests_of
from storefront_trace.storage.database import Connection
from storefront_trace.storage.insertion import insertion
from storefront_trace.storage.tables import silenced


async def insert_silenced(conn: Connection, shop_id: str, digest: str, now: int) -> bool:
    """Whether it is new. Again it changes nothing: it counts from the first time."""
    values = insertion(conn, silenced).values(shop_id=shop_id, digest=digest, created_at=now)
    return (await conn.execute(values.on_conflict_do_nothing(index_elements=["shop_id", "digest"]))).rowcount > 0


async def delete_silenced(conn: Connection, shop_id: str, digests: Sequence[str]) -> int:
    """How many there were."""
    mine = (silenced.c.shop_id == shop_id, silenced.c.digest.in_(digests))
    return (await conn.execute(sa.delete(silenced).where(*mine))).rowcount


async def is_any_silenced(conn: Connection, shop_id: str, digests: Sequence[str]) -> bool:
    query = sa.select(sa.exists().where(silenced.c.shop_id == shop_id, silenced.c.digest.in_(digests)))
    return bool((await conn.execute(query)).scalar_one())


async def silenced_since(conn: Connection, secrets: Sequence[str], shop_id: str, address: str) -> int | None:
    """None: it may be written to."""
    return await _since(conn, shop_id, digests_of(secrets, shop_id, address))


async def bounced_since(conn: Connection, secrets: Sequence[str], shop_id: str, address: str) -> int | None:
    """None: no mail to it has come back, or it has been confirmed since."""
    return await _since(conn, shop_id, bounced_digests_of(secrets, shop_id, address))


async def _since(conn: Connection, shop_id: str, digests: Sequence[str]) -> int | None:
    query = sa.select(sa.func.min(silenced.c.created_at)).where(silenced.c.shop_id == shop_id)
    found: int | None = (await conn.execute(query.where(silenced.c.digest.in_(digests)))).scalar_one()
    return found
