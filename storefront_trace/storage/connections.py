"""Shop systems that talk to us. The secrets are readable: a signature cannot be checked without them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storefront_trace.storage.database import Connection as Database
from storefront_trace.storage.tables import connection


@dataclass(frozen=True)
class Connection:
    shop_id: str
    id: str
    kind: str
    name: str
    secrets: tuple[str, ...]
    created_at: int
    seen_at: int | None
    ended_at: int | None
    first: bool
    """Whether it is the first of its kind in its shop."""

    @property
    def source(self) -> str:
        """Whose facts these are. The first of a kind shares it with that kind's bodies in files, so that an imported
        order and the webhook about it are one; ids of a second WooCommerce shop must not meet those of the first."""
        return self.kind if self.first else f"{self.kind}:{self.id[-12:]}"


async def find_connection(conn: Database, connection_id: str) -> Connection | None:
    """Of whichever shop: a webhook's address has nothing else."""
    row = (await conn.execute(_select().where(connection.c.id == connection_id))).first()
    return _to_connection(row) if row else None


async def list_connections(conn: Database, shop_id: str) -> list[Connection]:
    """The ended ones too; oldest first."""
    query = _select().where(connection.c.shop_id == shop_id).order_by(connection.c.created_at, connection.c.id)
    return [_to_connection(row) for row in await conn.execute(query)]


async def insert_connection(conn: Database, shop_id: str, **values: Any) -> None:
    await conn.execute(sa.insert(connection).values(shop_id=shop_id, **values))


async def update_connection(conn: Database, shop_id: str, connection_id: str, **changes: Any) -> None:
    where = (connection.c.shop_id == shop_id, connection.c.id == connection_id)
    await conn.execute(sa.update(connection).where(*where).values(**changes))


def _select() -> sa.Select[Any]:
    earlier = connection.alias()
    before = sa.select(earlier.c.id).where(
        earlier.c.shop_id == connection.c.shop_id, earlier.c.kind == connection.c.kind, earlier.c.id < connection.c.id
    )
    names = [name for name in Connection.__dataclass_fields__ if name != "first"]
    return sa.select(*(connection.c[name] for name in names), sa.not_(sa.exists(before)).label("first"))


def _to_connection(row: Any) -> Connection:
    values = dict(row._mapping)
    return Connection(**{**values, "secrets": tuple(values["secrets"]), "first": bool(values["first"])})
