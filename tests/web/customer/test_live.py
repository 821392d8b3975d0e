"""Against a real server on loopback: an in-process client would wait for the end of a stream that has none."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.app import create_app
from storefront_trace.config import Settings
from storefront_trace.domain.errors import TooMany
from storefront_trace.domain.links import token_hash
from storefront_trace.serve import DeadlineProtocol
from storefront_trace.web.customer import watch as watching
from storefront_trace.web.customer.live import BEAT, BEATS, END, MOST_PER_ORDER, MOST_VIEWERS, LiveHub, Viewer, event
from storefront_trace.web.customer.watch import Watch
from tests.doors import open_door
from tests.patience import PATIENCE
from tests.people import Shop
from tests.serving import behind


@pytest.fixture
async def port(app: Starlette) -> AsyncIterator[int]:
    """The running application behind a real server; its life is the fixture's, not the server's."""
    with open_door() as (door, found):
        async with behind(door, app, http=DeadlineProtocol):
            yield found


class Listener:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def line(self, start: str) -> str:
        async with asyncio.timeout(PATIENCE):
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
    async with asyncio.timeout(PATIENCE):
        while app.state.live.count:
            await asyncio.sleep(0.01)


class Heard:
    """A server's `send` that keeps what it was given; who does not read lets it wait."""

    def __init__(self, *, reads: bool = True) -> None:
        self.bodies: list[bytes] = []
        self.reading = asyncio.Event()
        if reads:
            self.reading.set()

    async def __call__(self, message: Any) -> None:
        if message["type"] == "http.response.body":
            self.bodies.append(message["body"])
            if len(self.bodies) > 1:
                await self.reading.wait()


async def opened(
    hub: LiveHub, hashed: str = "h", version: int = 1, *, reads: bool = True, shop_id: str = "shop"
) -> tuple[Viewer, Heard]:
    viewer, heard = Viewer(shop_id, hashed, version), Heard(reads=reads)
    hub.join(viewer)
    await viewer.open(heard)
    viewer.begin(heard)
    return viewer, heard


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_a_database_that_stumbles_costs_nobody_their_news(shop: Shop, app: Starlette) -> None:
    await shop.order()
    hub, real = LiveHub(), app.state.reader
    viewer, heard = await opened(hub, token_hash(await shop.token()))

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
    watch = Watch(hub, reader)
    with pytest.raises(OSError):
        await watch.look()
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))
    await watch.look()
    await settled()
    assert heard.bodies[1:] == [event(2)]
    hub.leave(viewer)


@pytest.mark.parametrize("clock", ["right", "wrong"])
async def test_with_many_orders_watched_each_look_asks_for_few_and_none_is_forgotten(
    shop: Shop, app: Starlette, monkeypatch: pytest.MonkeyPatch, clock: str
) -> None:
    """When the clock of who logs is right, the first look finds it; when it is wrong, one of the next."""
    monkeypatch.setattr(watching, "SWEEP", 3)
    if clock == "wrong":
        monkeypatch.setattr(watching, "OVERLAP", -3600 * 1_000_000)
    hub, heard = LiveHub(), {}
    for number in range(1001, 1011):
        await shop.order(str(number))
        _, heard[number] = await opened(hub, token_hash(await shop.token(str(number))), shop_id=shop.id)
    watch = Watch(hub, app.state.reader)
    for _ in range(9):
        await watch.look()
    assert not any(one.bodies[1:] for one in heard.values())
    await log_step(shop.desk, shop.id, "1010", StepToLog("packed", "anders"))
    looks = 0
    while not heard[1010].bodies[1:]:
        looks += 1
        await watch.look()
        await settled()
    assert looks == 1 if clock == "right" else 2 <= looks <= 10
    assert [number for number, one in heard.items() if one.bodies[1:]] == [1010]


async def test_a_slow_viewer_stalls_nobody_and_gets_only_the_newest(shop: Shop) -> None:
    hub = LiveHub()
    _, slow = await opened(hub, reads=False)
    _, quick = await opened(hub)
    for version in (2, 3, 4):
        hub.tell("h", version)
        await settled()
    assert quick.bodies[1:] == [event(2), event(3), event(4)]
    assert slow.bodies[1:] == [event(2)]
    slow.reading.set()
    await settled()
    assert slow.bodies[1:] == [event(2), event(4)]


async def test_what_a_page_shows_already_is_not_told_again() -> None:
    hub = LiveHub()
    _, heard = await opened(hub, version=3)
    hub.tell("h", 3)
    hub.tell("h", 2)
    await settled()
    assert heard.bodies[1:] == []


async def test_every_viewer_hears_one_beat_in_a_round_and_none_instead_of_news() -> None:
    hub = LiveHub()
    everybody = [await opened(hub, f"h{place}") for place in range(2 * BEATS)]
    slow, deaf = await opened(hub, "slow", reads=False)
    hub.tell("slow", 2)
    for turn in range(1, BEATS + 1):
        hub.beat()
        await settled()
        assert 2 * turn <= sum(len(heard.bodies) - 1 for _, heard in everybody) <= 2 * turn + 1
    assert all(heard.bodies[1:] == [BEAT] for _, heard in everybody)
    hub.tell("slow", 3)
    hub.leave(slow)
    assert deaf.bodies[1:] == [event(2)]


async def test_after_the_end_nothing_is_sent_and_who_comes_then_is_sent_away() -> None:
    hub = LiveHub()
    _, heard = await opened(hub)
    hub.end()
    hub.tell("h", 2)
    _, late = await opened(hub)
    await settled()
    assert heard.bodies[1:] == late.bodies[1:] == [END]


async def test_a_step_between_reading_and_joining_is_told(shop: Shop, port: int, app: Starlette) -> None:
    """The page's order is read, then somebody logs a step, then the viewer joins: the next commit may be hours away."""
    await shop.order()
    token = await shop.token()
    read = app.state.reader.order

    async def slow(hashed: str) -> Any:
        found = await read(hashed)
        await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))
        return found

    app.state.reader.order = slow
    app.state.live.watched = lambda: []  # the look that would find it by chance
    async with listening(port, f"/t/{token}/live") as listener:
        assert await listener.line("id:") == "id: 2"


async def test_background_work_that_ends_leaves_the_pages_standing(settings: Settings) -> None:
    async def breaks(app: Starlette, stop: asyncio.Event) -> None:
        raise OSError

    app = create_app(settings, (breaks,))
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://127.0.0.1:8000") as client,
    ):
        async with asyncio.timeout(PATIENCE):
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
        hub.join(Viewer("shop", "h", 1))
    assert hub.watched() == []


def test_one_order_has_a_limit_of_its_own() -> None:
    hub = LiveHub()
    for _ in range(MOST_PER_ORDER):
        hub.join(Viewer("shop", "h", 1))
    with pytest.raises(TooMany):
        hub.join(Viewer("shop", "h", 1))
    hub.join(Viewer("shop", "another", 1))
    assert hub.count == MOST_PER_ORDER + 1
