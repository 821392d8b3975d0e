"""Brings a database's schema to the code's, in one transaction, with Alembic run in this process."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from storefront_trace.storage.database import Database
from storefront_trace.storage.tables import metadata

HERE = Path(__file__).parent / "migrations"


async def upgrade(db: Database, revision: str = "head") -> None:
    """Idempotent. On SQLite nobody else writes meanwhile; on PostgreSQL two starters wait for each other."""
    async with db.write() as conn:
        await conn.run_sync(_lock)
        await conn.run_sync(lambda sync: command.upgrade(_config(sync), revision))


async def downgrade(db: Database, revision: str) -> None:
    """`"base"` removes everything."""
    async with db.write() as conn:
        await conn.run_sync(lambda sync: command.downgrade(_config(sync), revision))


async def is_current(db: Database) -> bool:
    async with db.read() as conn:
        return await conn.run_sync(_revision) == head()


async def differences(db: Database) -> list[object]:
    """What the tables in the code and in the database disagree about; empty when the migrations are complete."""
    async with db.read() as conn:
        return await conn.run_sync(
            lambda sync: list(compare_metadata(MigrationContext.configure(sync, opts={"compare_type": True}), metadata))
        )


def head() -> str | None:
    return ScriptDirectory(str(HERE)).get_current_head()


def _config(conn: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.attributes["connection"] = conn
    return config


def _revision(conn: sa.Connection) -> str | None:
    return MigrationContext.configure(conn).get_current_revision()


def _lock(conn: sa.Connection) -> None:
    if conn.dialect.name == "postgresql":
        conn.execute(sa.text("SELECT pg_advisory_xact_lock(7302011)"))
