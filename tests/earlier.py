"""A database as it was: what a restore from a backup leaves, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from storefront_trace.storage.database import Database
from storefront_trace.storage.tables import metadata

Rows = dict[str, list[dict[str, Any]]]


async def copy_of(db: Database) -> Rows:
    async with db.read() as conn:
        return {
            table.name: [dict(row._mapping) for row in await conn.execute(sa.select(table))]
            for table in metadata.sorted_tables
        }


async def put_back(db: Database, rows: Rows) -> None:
    async with db.write() as conn:
        for table in reversed(metadata.sorted_tables):
            await conn.execute(sa.delete(table))
        for table in metadata.sorted_tables:
            if rows[table.name]:
                await conn.execute(sa.insert(table), rows[table.name])
