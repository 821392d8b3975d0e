from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette

from storefront_trace import config
from storefront_trace.actions.desk import Desk
from storefront_trace.config import Settings
from storefront_trace.demo.build import DemoLinks, build_demo, find_shop
from storefront_trace.storage.database import Database
from storefront_trace.storage.schema import upgrade
from tests.shops import ORIGIN, SECRET, started


@dataclass(frozen=True)
class Demo:
    """`again` starts the demo another time."""

    app: Starlette
    settings: Settings
    links: DemoLinks
    shop_id: str
    again: Callable[[], Awaitable[DemoLinks]]

    @property
    def desk(self) -> Desk:
        desk: Desk = self.app.state.desk
        return desk


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo shop in it, made once: copy it, never open it."""
    folder = tmp_path_factory.mktemp("demo-data")
    asyncio.run(_build(_settings(folder)))
    return folder


@pytest.fixture
async def demo(built: Path, tmp_path: Path) -> AsyncIterator[Demo]:
    """A copy of the built demo, started."""
    folder = shutil.copytree(built, tmp_path / "demo-data")
    async with opened(_settings(folder)) as demo:
        yield demo


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Demo]:
    """The demo of these settings, built when it is not there, with its application running."""
    async with started(settings) as app:

        async def again() -> DemoLinks:
            return await build_demo(app.state.desk, settings, app.state.media, app.state.photo_worker)

        links = await again()
        shop_id = await find_shop(app.state.desk)
        assert shop_id is not None
        yield Demo(app, settings, links, shop_id, again)


@pytest.fixture
async def visitor(demo: Demo) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=demo.app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers={"Origin": ORIGIN}) as client:
        yield client


def _settings(folder: Path) -> Settings:
    return config.load({"SECRET_KEY": SECRET}, folder)


async def _build(settings: Settings) -> None:
    db = Database(settings.database_url)
    await upgrade(db)
    await db.close()
    async with opened(settings):
        pass
