"""API tokens: their hashes, and what each may do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storefront_trace.storage.database import Connection
from storefront_trace.storage.tables import api_token


@dataclass(frozen=True)
class ApiToken:
    shop_id: str
    id: str
    name: str
    scopes: tuple[str, ...]
    created_at: int
    revoked_at: int | None


_COLUMNS = [api_token.c[name] for name in ApiToken.__dataclass_fields__]


async def find_token(conn: Connection, token_hash: str) -> ApiToken | None:
    """A token that still holds, of whichever shop: the sender brings nothing but the token."""
    query = sa.select(*_COLUMNS).where(api_token.c.token_hash == token_hash, api_token.c.revoked_at.is_(None))
    row = (await conn.execute(query)).first()
    return _to_token(row) if row else None


async def list_tokens(conn: Connection, shop_id: str) -> list[ApiToken]:
    query = sa.select(*_COLUMNS).where(api_token.c.shop_id == shop_id)
    return [_to_token(row) for row in await conn.execute(query.order_by(api_token.c.created_at, api_token.c.id))]


async def token_names(conn: Connection, shop_id: str, ids: Sequence[str]) -> dict[str, str]:
    """By id, of those of `ids` that are a token's, revoked ones too."""
    if not ids:
        return {}
    query = sa.select(api_token.c.id, api_token.c.name).where(api_token.c.shop_id == shop_id, api_token.c.id.in_(ids))
    return {row.id: row.name for row in await conn.execute(query)}


async def insert_token(conn: Connection, shop_id: str, **values: Any) -> None:
    await conn.execute(sa.insert(api_token).values(shop_id=shop_id, **values))


async def update_token_revoked(conn: Connection, shop_id: str, token_id: str, now: int) -> bool:
    """Whether there is such a token; the first instant stands."""
    mine = (api_token.c.shop_id == shop_id, api_token.c.id == token_id)
    revoked_at = sa.func.coalesce(api_token.c.revoked_at, now)
    return bool((await conn.execute(sa.update(api_token).where(*mine).values(revoked_at=revoked_at))).rowcount)


def _to_token(row: Any) -> ApiToken:
    values = dict(row._mapping)
    return ApiToken(**{**values, "scopes": tuple(values["scopes"])})
