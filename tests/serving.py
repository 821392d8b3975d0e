"""A shop behind a real server on loopback, for browsers and for streams that have no end."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette

from storefront_trace import config
from tests.doors import open_door
from tests.patience import PATIENCE
from tests.people import Shop, find_shops
from tests.shops import SECRET, Templates, started


@asynccontextmanager
async def behind(door: socket.socket, app: Any, **options: Any) -> AsyncIterator[None]:
    """The application's life is its own; live streams end when it says so."""
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", **{"log_level": "warning", **options}))
    running = asyncio.create_task(server.serve(sockets=[door]))
    try:
        yield
    finally:
        if isinstance(app, Starlette) and hasattr(app.state, "stop"):
            app.state.stop.set()
        server.should_exit = True
        await asyncio.wait_for(running, PATIENCE)


@asynccontextmanager
async def served_shop(folder: Path, templates: Templates) -> AsyncIterator[tuple[Shop, str]]:
    """The cast's shop, and its address."""
    with open_door() as (door, port):
        url = f"http://127.0.0.1:{port}"
        async with shop_behind(door, url, folder, templates) as shop:
            yield shop, url


@asynccontextmanager
async def shop_behind(door: socket.socket, url: str, folder: Path, templates: Templates) -> AsyncIterator[Shop]:
    """On SQLite: what a browser does is the same on every database. `url` is what the shop takes its address for."""
    shutil.copy(templates.with_cast, folder / "test.db")
    values = {"DATABASE_URL": f"sqlite:///{folder}/test.db", "SECRET_KEY": SECRET, "PUBLIC_URL": url}
    async with started(config.load(values, folder)) as app, behind(door, app):
        yield await find_shops(app.state.desk)
