from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from storefront_trace import config
from tests.postgres import PostgresServer, copied, running_postgres, user_to_become, wheel_binaries


async def test_a_fresh_database_is_empty_and_reached_through_our_settings(
    postgres_database: str, tmp_path: Path
) -> None:
    settings = config.load({"DATABASE_URL": postgres_database, "SECRET_KEY": "k" * 40}, tmp_path)
    engine = create_async_engine(settings.database_url)
    async with engine.connect() as connection:
        tables = await connection.scalar(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
        encoding = await connection.scalar(text("SHOW server_encoding"))
    await engine.dispose()
    assert (tables, encoding) == (0, "UTF8")


async def test_a_database_left_in_use_is_dropped_all_the_same(postgres_server: PostgresServer) -> None:
    name = await postgres_server.create_database()
    open_one = await asyncpg.connect(postgres_server.url(name))
    await postgres_server.drop_database(name)
    with pytest.raises((asyncpg.PostgresConnectionError, asyncpg.InterfaceError)):
        await open_one.execute("SELECT 1")
    open_one.terminate()


async def test_the_wheels_binaries_serve_where_debian_has_none() -> None:
    with running_postgres(wheel_binaries()) as server:
        connection = await asyncpg.connect(server.url())
        version = await connection.fetchval("SHOW server_version_num")
        await connection.close()
    assert int(version) >= 170000
    assert not server.folder.exists()


async def test_binaries_in_a_closed_folder_are_copied_for_the_user_that_root_becomes(tmp_path: Path) -> None:
    closed = copied(wheel_binaries(), tmp_path)
    tmp_path.chmod(0o700)
    with running_postgres(closed) as server:
        await server.execute("SELECT 1")
        assert (server.folder / closed.parents[1].name).is_dir() == (user_to_become() is not None)
