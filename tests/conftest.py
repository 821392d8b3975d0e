from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.browser import browser, launched, page, playwright
from tests.postgres import PostgresServer, running_postgres
from tests.remembered import statements_remembered, templates_remembered
from tests.scratch import use_memory
from tests.shops import (
    app,
    client,
    database_url,
    desk,
    postgresql_database,
    postgresql_templates,
    settings,
    shop,
    signed_in,
    sqlite_database,
    sqlite_templates,
)

# Fixtures from their own files, known to every test by being named here.
__all__ = [
    "app",
    "browser",
    "client",
    "database_url",
    "desk",
    "launched",
    "page",
    "playwright",
    "postgresql_database",
    "postgresql_templates",
    "settings",
    "shop",
    "signed_in",
    "sqlite_database",
    "sqlite_templates",
    "statements_remembered",
    "templates_remembered",
]


use_memory()
# No example is wrong because the machine was busy.
hypothesis_settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("patient")
UMASK = os.umask(0o022)
os.umask(UMASK)


@pytest.fixture(autouse=True)
def umask_restored() -> Iterator[None]:
    """The command line makes new files private for the whole process, which is right for it and not for a test run."""
    os.umask(UMASK)
    yield
    os.umask(UMASK)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One per xdist worker, started by the first test that asks."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres_server: PostgresServer) -> str:
    """Of the database `postgres`: shared by all tests of a worker, so leave nothing in it."""
    return postgres_server.url()


@pytest.fixture
async def postgres_database(postgres_server: PostgresServer) -> AsyncIterator[str]:
    """The URL of an empty database of this test's own, as one would write it into DATABASE_URL."""
    name = await postgres_server.create_database()
    yield postgres_server.url(name)
    await postgres_server.drop_database(name)
