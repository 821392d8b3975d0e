"""Against a real server on loopback: an in-process client would wait for the end of a stream that has none."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette

from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.app import create_app
from storefront_trace.config import Settings
from storefront_trace.domain.errors import TooMany
from storefront_trace.domain.links import token_hash
from storefront_trace.web.customer.live import MOST_VIEWERS, LiveHub, Viewer, look
from tests.people import Shop


@pytest.fixture
async def port(app: Starlette) -> AsyncIterator[int]:
    """The running application behind a real server; its life is the fixture's, not the server's."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_level="critical"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    app.state.stop.set()
    server.should_exit = True
    await asyncio.wait_for(task, 5)


class Listener:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def line(self, start: str) -> str:
        async with asyncio.timeout(5):
            while True:
                line = await self.reader.readline()
                if not line:
                    raise EOFError
                if line.decode().startswith(start):
                    return line.decode().strip()


@contextlib.asynccontextmanager
async def listening(port: int, path: str, *headers: str) -> AsyncIterator[Listener]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    extra = "".join(f"{header}\r\n" for header in headers)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{extra}\r\n".encode())
    try:
        yield Listener(reader, writer)
    finally:
        writer.close()


async def test_a_step_reaches_everybody_who_looks(shop: Shop, port: int) -> None:
    await shop.order()
    path = f"/t/{await shop.token()}/live"
    async with listening(port, path) as one, listening(port, path) as other:
        for listener in (one, other):
            assert await listener.line("content-type") == "content-type: text/event-stream; charset=utf-8"
            await listener.line("retry:")
        await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))
        for listener in (one, other):
            assert await listener.line("event:") == "event: update"
            assert await listener.line("id:") == "id: 2"


async def test_who_comes_back_is_told_at_once_what_was_missed(shop: Shop, port: int) -> None:
    await shop.order()
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))
    path = f"/t/{await shop.token()}/live"
    async with listening(port, path, "Last-Event-ID: 1") as missed, listening(port, f"{path}?since=1") as page:
        assert await missed.line("id:") == "id: 2"
        assert await page.line("id:") == "id: 2"


async def test_a_dead_link_has_no_stream(shop: Shop, port: int) -> None:
    async with listening(port, f"/t/{'A' * 43}/live") as listener:
        assert (await listener.line("HTTP/")).startswith("HTTP/1.1 404")


async def test_streams_end_when_the_server_stops(shop: Shop, port: int, app: Starlette) -> None:
    await shop.order()
    async with listening(port, f"/t/{await shop.token()}/live") as listener:
        await listener.line("retry:")
        app.state.stop.set()
        assert await listener.line("0") == "0"  # the last chunk


async def test_who_leaves_is_forgotten(shop: Shop, port: int, app: Starlette) -> None:
    await shop.order()
    async with listening(port, f"/t/{await shop.token()}/live") as listener:
        await listener.line("retry:")
        assert app.state.live.count == 1
    async with asyncio.timeout(5):
        while app.state.live.count:
            await asyncio.sleep(0.01)


async def test_a_database_that_stumbles_costs_nobody_their_news(shop: Shop, app: Starlette) -> None:
    await shop.order()
    hashed = token_hash(await shop.token())
    hub, viewer = LiveHub(), Viewer()
    hub.join(hashed, 1, viewer)
    app.state.live, real = hub, app.state.reader

    class Stumbling:
        data_version_known = True
        failures = 1

        def data_version(self) -> int | None:
            if self.failures:
                self.failures -= 1
                raise OSError
            return real.data_version()

        async def versions(self, hashes: list[str]) -> dict[str, int]:
            found: dict[str, int] = await real.versions(hashes)
            return found

    reader: Any = Stumbling()
    with pytest.raises(OSError):
        await look(hub, reader, None)
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))
    await look(hub, reader, None)
    assert b"id: 2" in (await viewer.get(1) or b"")


async def test_background_work_that_ends_leaves_the_pages_standing(settings: Settings) -> None:
    async def breaks(app: Starlette, stop: asyncio.Event) -> None:
        raise OSError

    app = create_app(settings, (breaks,))
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://127.0.0.1:8000") as client,
    ):
        async with asyncio.timeout(5):
            while not app.state.broken:
                await asyncio.sleep(0)
        assert not app.state.stop.is_set()
        assert (await client.get("/track")).status_code == 200
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.text) == (503, "breaks ended\n")


def test_one_viewer_too_many_is_refused_and_forgotten() -> None:
    hub = LiveHub()
    hub.count = MOST_VIEWERS
    with pytest.raises(TooMany):
        hub.join("h", 1, Viewer())
    assert hub.watched() == []
