"""Which requests were made under which Idempotency-Key, and what they were answered."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from storefront_trace.storage.database import Connection
from storefront_trace.storage.insertion import insertion
from storefront_trace.storage.tables import idempotency_key as keys


@dataclass(frozen=True)
class KeptAnswer:
    """`status` is None while the first request runs, and 0 when it broke and may be made again at once."""

    fingerprint: str
    status: int | None
    body: str | None
    created_at: int


async def get_key(conn: Connection, shop_id: str, token_id: str, key: str) -> KeptAnswer:
    columns = [keys.c[name] for name in KeptAnswer.__dataclass_fields__]
    row = (await conn.execute(sa.select(*columns).where(*_one(shop_id, token_id, key)))).one()
    return KeptAnswer(*row)


async def insert_key(conn: Connection, shop_id: str, token_id: str, key: str, fingerprint: str, now: int) -> bool:
    """Whether it is new; of several at once exactly one is told so."""
    statement = insertion(conn, keys).values(
        shop_id=shop_id, token_id=token_id, key=key, fingerprint=fingerprint, created_at=now
    )
    done = await conn.execute(statement.on_conflict_do_nothing(index_elements=["shop_id", "token_id", "key"]))
    return done.rowcount == 1


async def update_key_answer(
    conn: Connection, shop_id: str, token_id: str, key: str, created_at: int, status: int, body: str | None
) -> None:
    """Only the row of that very request: the key may have expired and begun anew meanwhile."""
    mine = (*_one(shop_id, token_id, key), keys.c.created_at == created_at)
    await conn.execute(sa.update(keys).where(*mine).values(status=status, body=body))


async def delete_key_before(conn: Connection, shop_id: str, token_id: str, key: str, before: int) -> None:
    await conn.execute(sa.delete(keys).where(*_one(shop_id, token_id, key), keys.c.created_at < before))


def _one(shop_id: str, token_id: str, key: str) -> tuple[sa.ColumnElement[bool], ...]:
    return keys.c.shop_id == shop_id, keys.c.token_id == token_id, keys.c.key == key
