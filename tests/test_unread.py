"""Who does not read: the server keeps neither their answers nor its own end waiting."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from storefront_trace import config
from storefront_trace import serve as server
from storefront_trace.actions import orders
from storefront_trace.actions.desk import Desk
from storefront_trace.domain.incoming import IncomingLine, IncomingOrder
from storefront_trace.storage import links, shops
from storefront_trace.storage.database import Database
from tests.patience import PATIENCE
from tests.test_serve import client, data, serving

__all__ = ["data"]
LARGE = b"x" * 8_000_000
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def large(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(LARGE))]})
    await send({"type": "http.response.body", "body": LARGE})


@asynccontextmanager
async def listening() -> AsyncIterator[tuple[int, set[Any]]]:
    """The port, and the connections that the server has open."""
    found = uvicorn.Config(large, http=server.DeadlineProtocol, lifespan="off", log_level="critical")
    found.load()
    state = uvicorn.server.ServerState()
    loop = asyncio.get_running_loop()
    door = await loop.create_server(lambda: server.DeadlineProtocol(found, state, {}), "127.0.0.1", 0)
    yield door.sockets[0].getsockname()[1], state.connections
    for connection in list(state.connections):
        connection.transport.abort()
    door.close()
    await door.wait_closed()


def deaf(port: int, request: bytes) -> socket.socket:
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    one.connect(("127.0.0.1", port))
    one.sendall(request)
    return one


async def until(what: Any) -> None:
    async with asyncio.timeout(PATIENCE):
        while not what():
            await asyncio.sleep(0.01)


async def test_who_does_not_read_the_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "UNREAD_SECONDS", 0.1)
    async with listening() as (port, connections):
        with contextlib.closing(deaf(port, GET)):
            await until(lambda: connections)
            await until(lambda: not connections)


async def test_at_the_end_who_takes_nothing_is_not_waited_for_and_who_reads_gets_it_all() -> None:
    async with listening() as (port, connections):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        with contextlib.closing(deaf(port, GET)):
            writer.write(GET)
            head = await reader.readuntil(b"\r\n\r\n")
            await until(lambda: len(connections) == 2)
            for connection in list(connections):
                connection.shutdown()
            body = await reader.readexactly(len(LARGE))
            assert head.startswith(b"HTTP/1.1 200") and body == LARGE
            await until(lambda: not connections)
        writer.close()


async def test_who_asks_on_without_waiting_for_answers_is_cut_off() -> None:
    """Each request that waits behind another takes memory."""
    async with listening() as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GET * (server.WAITING_REQUESTS + 5))
        async with asyncio.timeout(PATIENCE):
            assert (await reader.read()).startswith(b"HTTP/1.1 400")
        writer.close()


async def make_order(folder: Path) -> str:
    """Its token."""
    settings = config.load({}, folder)
    db = Database(settings.database_url)
    desk = Desk(db, settings.secrets)
    async with db.read() as conn:
        shop_id = (await shops.list_shops(conn))[0].id
    told = IncomingOrder(
        number="9001",
        external_id=None,
        placed_at=datetime.now(UTC),
        zone="Europe/Stockholm",
        precision="minute",
        customer_first_name="Karin",
        customer_email="karin@example.com",
        locale="sv",
        promise_from=None,
        promise_to=None,
        lines=(IncomingLine("1", "Skrattande mugg", 2),),
    )
    order_id = (await orders.put_order(desk, shop_id, told, source="api")).order_id
    async with db.read() as conn:
        link = (await links.current_links(conn, shop_id, [order_id]))[order_id]
    await db.close()
    return desk.link_token(shop_id, order_id, link) or ""


def test_the_server_stops_at_once_with_everybody_connected(data: Path) -> None:
    """Under a second on a quiet machine, see bench/live.py; who waits for somebody here waits ten."""
    stream = f"GET /t/{asyncio.run(make_order(data))}/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    font = b"GET /static/x/fonts/inter-5.3.0-latin-ext.woff2 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    before = time.monotonic()
    with serving(data) as (process, base), contextlib.ExitStack() as open_ones:
        with client(base) as browser:
            assert browser.get("/readyz").status_code == 200
        starting = time.monotonic() - before
        port = int(base.rsplit(":", 1)[1])
        for request in [stream] * 100 + [font * 15 + stream] * 5:
            open_ones.enter_context(contextlib.closing(deaf(port, request)))
        with client(base) as browser:
            assert browser.get("/readyz").status_code == 200
        before = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
        assert time.monotonic() - before < max(5, 2 * starting)  # on a busy machine both take long
    assert "graceful shutdown exceeded" not in (data / "log").read_text()
