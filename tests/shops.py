"""Fixtures with a database and a running application. Tests that take `shop` run on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette

from storefront_trace import config
from storefront_trace.actions.desk import Desk
from storefront_trace.app import create_app
from storefront_trace.storage.database import Database
from storefront_trace.storage.schema import upgrade
from tests.people import Shop, find_shops, open_shops
from tests.postgres import PostgresServer

SECRET = "a-secret-for-tests-that-is-long-enough-0123456789"
ORIGIN = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Templates:
    """Databases to copy: migrating and hiring the cast takes a second, copying what came out some milliseconds."""

    empty: str
    with_cast: str


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    folder = tmp_path_factory.mktemp("templates")
    for name in ("empty", "cast"):
        asyncio.run(_furnish(f"sqlite:///{folder}/{name}.db", folder, with_cast=name == "cast"))
    return Templates(f"{folder}/empty.db", f"{folder}/cast.db")


@pytest.fixture(scope="session")
def postgresql_templates(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Templates:
    folder = tmp_path_factory.mktemp("templates")

    async def make(with_cast: bool) -> str:
        name = await postgres_server.create_database()
        await _furnish(postgres_server.url(name), folder, with_cast=with_cast)
        return name

    return Templates(asyncio.run(make(False)), asyncio.run(make(True)))


async def _furnish(url: str, folder: Path, *, with_cast: bool) -> None:
    found = config.load({"DATABASE_URL": url, "SECRET_KEY": SECRET}, folder)
    db = Database(found.database_url)
    await upgrade(db)
    if with_cast:
        await open_shops(Desk(db, found.secrets))
    await db.close()


@pytest.fixture
def sqlite_database(request: pytest.FixtureRequest, sqlite_templates: Templates, tmp_path: Path) -> str:
    shutil.copy(_template(request, sqlite_templates), tmp_path / "test.db")
    return f"sqlite:///{tmp_path}/test.db"


@pytest.fixture
async def postgresql_database(
    request: pytest.FixtureRequest, postgres_server: PostgresServer, postgresql_templates: Templates
) -> AsyncIterator[str]:
    name = await postgres_server.create_database(_template(request, postgresql_templates))
    yield postgres_server.url(name)
    await postgres_server.drop_database(name)


def _template(request: pytest.FixtureRequest, templates: Templates) -> str:
    return templates.with_cast if "shop" in request.fixturenames else templates.empty


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of this test's own, as one would write it into DATABASE_URL: empty, or with the cast for
    tests that take `shop`."""
    return str(request.getfixturevalue(f"{request.param}_database"))


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> config.Settings:
    return config.load({"DATABASE_URL": database_url, "SECRET_KEY": SECRET}, tmp_path)


@pytest.fixture
async def app(settings: config.Settings) -> AsyncIterator[Starlette]:
    """A started application on a migrated, empty database."""
    async with started(settings) as running:
        yield running


@pytest.fixture
def desk(app: Starlette) -> Desk:
    found: Desk = app.state.desk
    return found


@pytest.fixture
async def shop(desk: Desk) -> Shop:
    return await find_shops(desk)


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
