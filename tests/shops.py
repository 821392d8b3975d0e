"""Fixtures with a database and a running application. Tests that take `shop` run on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette

from storefront_trace import config
from storefront_trace.actions.desk import Desk
from storefront_trace.app import create_app
from storefront_trace.storage.database import Database
from storefront_trace.storage.schema import upgrade
from tests.people import Shop, open_shops
from tests.postgres import PostgresServer

SECRET = "a-secret-for-tests-that-is-long-enough-0123456789"
ORIGIN = "http://127.0.0.1:8000"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of this test's own, as one would write it into DATABASE_URL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/test.db"
    return str(request.getfixturevalue("postgres_database"))


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> config.Settings:
    return config.load({"DATABASE_URL": database_url, "SECRET_KEY": SECRET}, tmp_path)


@pytest.fixture
async def app(settings: config.Settings) -> AsyncIterator[Starlette]:
    """A started application on a migrated, empty database."""
    db = Database(settings.database_url)
    await upgrade(db)
    await db.close()
    async with started(settings) as running:
        yield running


@pytest.fixture
def desk(app: Starlette) -> Desk:
    found: Desk = app.state.desk
    return found


@pytest.fixture
async def shop(desk: Desk) -> Shop:
    return await open_shops(desk)


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx2.AsyncClient]:
    """Nobody in particular: Karin with her link, or a stranger."""
    async with _client(app) as one:
        yield one


@pytest.fixture
async def signed_in(app: Starlette, shop: Shop) -> AsyncIterator[Callable[..., object]]:
    """`await signed_in("anders")` gives a client with Anders's session."""
    async with AsyncExitStack() as stack:

        async def sign_in(handle: str) -> httpx2.AsyncClient:
            one = await stack.enter_async_context(_client(app))
            one.cookies.set("session", await shop.session(handle))
            return one

        yield sign_in


@asynccontextmanager
async def started(settings: config.Settings) -> AsyncIterator[Starlette]:
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


def _client(app: Starlette) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers={"Origin": ORIGIN})


__all__ = ["PostgresServer", "app", "client", "database_url", "desk", "settings", "shop", "signed_in", "started"]
