"""The server as a process: it starts, stops with streams open, cuts off who trickles, and keeps secrets out of logs."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hmac
import logging
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import httpx2
import pytest
import uvicorn
from starlette.applications import Starlette

from storefront_trace import serve as server
from storefront_trace.storage import revision, schema
from tests.doors import free_port
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[1]


@contextmanager
def serving(data: Path, *words: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    port = free_port()
    command = [sys.executable, "-m", "storefront_trace", "serve", *words, "--port", str(port), "--data", str(data)]
    with (data / "log").open("w") as log, (data / "out").open("w") as out:
        told = {**os.environ, **environment}
        process = subprocess.Popen(command, cwd=ROOT, env=told, stdout=out, stderr=log, text=True)
        try:
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.kill()
            process.wait(PATIENCE)


def client(base: str) -> httpx2.Client:
    return httpx2.Client(base_url=base, transport=httpx2.HTTPTransport(retries=8), timeout=PATIENCE)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("serve")
    command = [sys.executable, "-m", "storefront_trace", "init", "--shop", "Ting", "--owner", "o@example.com"]
    subprocess.run([*command, "--data", str(folder)], cwd=ROOT, check=True, capture_output=True)
    return folder


def test_it_serves_logs_no_path_and_stops_by_itself_with_0(data: Path) -> None:
    with serving(data) as (process, base):
        with client(base) as browser:
            assert browser.get("/healthz").status_code == 200
            assert browser.get("/t/secretsecretsecret?lang=sv").status_code == 404
            assert browser.get("/readyz").status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    log = (data / "log").read_text()
    assert "graceful shutdown exceeded" not in log and "secretsecret" not in log


@pytest.mark.parametrize("workers", ["1", "2"])
def test_it_says_once_where_it_serves_and_logs_in_one_format(data: Path, workers: str) -> None:
    public = "https://orders.example.com"
    with serving(data, "--workers", workers, PUBLIC_URL=public) as (process, base):
        with client(base) as browser:
            assert browser.get("/healthz").status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    assert (data / "out").read_text().splitlines() == [f"Serves at {base}, links begin with {public}"]
    lines = (data / "log").read_text().splitlines()
    line = re.compile(r'timestamp=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z level=[a-z]+ event=("[^"]|[^" ])')
    assert lines and [one for one in lines if not line.match(one)] == []


def test_our_lines_and_those_of_others_look_alike() -> None:
    made = logging.LogRecord("uvicorn.error", logging.WARNING, "", 0, "It %s", ("broke",), None)
    theirs = server.Formatter().format(made)
    ours = str(server.LINE(None, "", {"timestamp": theirs[10:37], "level": "warning", "event": "It broke"}))
    assert theirs == ours and theirs.endswith(' level=warning event="It broke"')


def test_two_workers_answer_and_stop(data: Path) -> None:
    with serving(data, "--workers", "2") as (process, base):
        with client(base) as browser:
            assert {browser.get("/readyz").status_code for _ in range(10)} == {200}
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0


def test_a_killed_server_starts_again_on_a_whole_database(data: Path) -> None:
    with serving(data) as (process, base):
        with client(base) as browser:
            assert browser.get("/readyz").status_code == 200
        process.kill()
    with sqlite3.connect(data / "storefront-trace.db") as conn:
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    conn.close()
    with serving(data) as (_, base), client(base) as browser:
        assert browser.get("/readyz").status_code == 200


def test_the_newest_migration_is_found_without_alembic() -> None:
    assert revision.newest() == schema.head()


def test_what_breaks_is_logged_once_with_its_place_and_without_what_was_sent(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "storefront_trace", "init", "--shop", "Ting", "--owner", "o@example.com"]
    subprocess.run([*command, "--data", str(tmp_path)], cwd=ROOT, check=True, capture_output=True)
    with serving(tmp_path) as (process, base), client(base) as browser:
        assert browser.get("/readyz").status_code == 200
        with contextlib.closing(sqlite3.connect(tmp_path / "storefront-trace.db")) as conn:
            conn.execute("ALTER TABLE session RENAME TO elsewhere")
        browser.cookies.set("session", "zanzibar")
        answer = browser.get("/staff/orders/timbuktu?lang=sv")
        assert answer.status_code == 500
        process.send_signal(signal.SIGTERM)  # the traceback comes after the answer
        assert process.wait(PATIENCE) == 0
    log = (tmp_path / "log").read_text()
    assert log.count("event=broke reference=") == log.count("Exception in ASGI application") == 1
    assert 'storefront_trace/storage/accounts.py", line' in log and "sqlalchemy.exc.OperationalError" in log
    assert not any(word in log for word in ("zanzibar", "timbuktu", "no such table", "[parameters"))


def test_a_traceback_says_where_and_of_which_kind_and_never_what() -> None:
    try:
        try:
            raise KeyError("secret cause")
        except KeyError as cause:
            raise ExceptionGroup("secret group", [ValueError("secret part")]) from cause
    except ExceptionGroup:
        told = server.Formatter().formatException(sys.exc_info())
    names = [line for line in told.splitlines() if line.startswith("builtins.")]
    assert names == ["builtins.KeyError", "builtins.ValueError", "builtins.ExceptionGroup"]
    assert "test_serve.py" in told and "secret" not in re.sub(r"(?m)^    .*$", "", told)


class Slow:
    """An application that answers with the size of what it was sent."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        size, more = 0, True
        while more:
            message = await receive()
            size, more = size + len(message.get("body", b"")), message.get("more_body", False)
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(str(size)))]}
        )
        await send({"type": "http.response.body", "body": str(size).encode()})


@contextmanager
def short_deadlines(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(server, "HEAD_SECONDS", 0.15)
        patch.setattr(server, "BODY_SECONDS", 0.15)
        yield


async def exchange(*pieces: bytes, pause: float = 0.0) -> bytes:
    """What the server answers to these pieces, until it closes or has answered."""
    config = uvicorn.Config(Slow(), http=server.DeadlineProtocol, lifespan="off", log_level="critical")
    config.load()
    state = uvicorn.server.ServerState()
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: server.DeadlineProtocol(config, state, {}), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname())
    answer = b""
    try:
        async with asyncio.timeout(PATIENCE):
            for piece in pieces:
                writer.write(piece)
                await asyncio.sleep(pause)
            answer = await reader.read(1000)
    except ConnectionError:
        answer = b""
    finally:
        writer.close()
        listening.close()
        await listening.wait_closed()
    return answer


HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n"


async def test_a_connection_that_says_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    with short_deadlines(monkeypatch):
        assert await exchange() == b""


async def test_a_head_that_trickles_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    with short_deadlines(monkeypatch):
        assert await exchange(b"GET / HTTP/1.1\r\n", *[b"X: y\r\n"] * 20, b"\r\n", pause=0.03) == b""


async def test_a_body_that_trickles_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    with short_deadlines(monkeypatch):
        assert await exchange(HEAD, *[b"x"] * 20, pause=0.03) == b""


async def test_who_gets_on_is_answered() -> None:
    assert (await exchange(HEAD, b"x" * 10, b"x" * 10)).endswith(b"20")


async def test_a_head_of_any_size_is_not_taken() -> None:
    answer = await exchange(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * (server.HEAD_BYTES + 1) + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400")


def test_what_was_answered_200_survives_a_kill_and_is_applied_afterwards(data: Path) -> None:
    command = [sys.executable, "-m", "storefront_trace", "connect", "shopify", "--secret", "hush", "--data", str(data)]
    hook = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()
    sent = (ROOT / "tests" / "payloads" / "shopify" / "order.json").read_bytes()
    signature = base64.b64encode(hmac.digest(b"hush", sent, "sha256")).decode()
    headers = {"X-Shopify-Topic": "orders/create", "X-Shopify-Hmac-Sha256": signature}
    path = hook.removeprefix("http://127.0.0.1:8000")
    with serving(data) as (process, base), client(base) as browser:
        assert browser.post(path, content=sent, headers=headers).status_code == 200
        process.kill()
        process.wait(PATIENCE)
    let_the_lease_end(data)
    with serving(data) as (_, base), client(base) as browser:
        assert browser.get("/readyz").status_code == 200
        until = monotonic() + PATIENCE
        while not orders_in(data) and monotonic() < until:
            assert browser.get("/healthz").status_code == 200
    assert orders_in(data) == [("RT-1001",)]


def let_the_lease_end(data: Path) -> None:
    """Two minutes later, if it was killed with the delivery in its hands."""
    with contextlib.closing(sqlite3.connect(data / "storefront-trace.db")) as conn, conn:
        conn.execute("UPDATE delivery SET due_at = 0 WHERE processed_at IS NULL")


def orders_in(data: Path) -> list[tuple[str]]:
    with contextlib.closing(sqlite3.connect(data / "storefront-trace.db")) as conn:
        return conn.execute("SELECT number FROM orders").fetchall()


async def test_the_signal_itself_ends_the_live_streams() -> None:
    passed_on: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGTERM, lambda number, _: passed_on.append(number))
    stop = asyncio.Event()
    try:
        waiting = asyncio.create_task(server.end_streams(Starlette(), stop))
        await asyncio.sleep(0)
        signal.raise_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE):
            await waiting
        assert stop.is_set() and passed_on == [signal.SIGTERM]
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
