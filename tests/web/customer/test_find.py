from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest
import structlog
from starlette.applications import Starlette

from storefront_trace.web.customer import find
from tests.patience import PATIENCE
from tests.people import Shop

FORM = b"number=1001&email=karin%40example.com"


async def post(app: Starlette, sent: asyncio.Queue[Any]) -> None:
    """As the server calls it: what is sent can be looked at while the application is still at work."""
    headers = [(b"host", b"127.0.0.1"), (b"content-type", b"application/x-www-form-urlencoded")]
    scope = {"type": "http", "method": "POST", "path": "/track", "raw_path": b"/track", "query_string": b""}
    scope |= {"headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "scheme": "http"}
    scope |= {"http_version": "1.1", "root_path": ""}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": FORM, "more_body": False}

    await app(scope, receive, sent.put)


async def notices(shop: Shop) -> int:
    async with shop.desk.db.read() as conn:
        return int(
            (await conn.exec_driver_sql("SELECT count(*) FROM notice WHERE kind = 'tracking_link'")).scalar_one()
        )


async def test_the_answer_is_there_before_anything_is_looked_up(
    app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_look = asyncio.Event()

    async def look(*_: object, **__: object) -> None:
        await may_look.wait()

    monkeypatch.setattr(find, "ask_for_link", look)
    sent: asyncio.Queue[Any] = asyncio.Queue()
    task = asyncio.create_task(post(app, sent))
    async with asyncio.timeout(PATIENCE):
        start, body = await sent.get(), await sent.get()
    assert (start["status"], body.get("more_body", False), task.done()) == (200, False, False)
    may_look.set()
    await task


async def test_both_answers_are_the_same_and_only_one_order_gets_its_mail(
    client: httpx2.AsyncClient, shop: Shop
) -> None:
    await shop.order()
    wrong = await client.post("/track", data={"number": "1001", "email": "someone@example.com"})
    assert await notices(shop) == 0
    right = await client.post("/track", data={"number": "#1001", "email": "Karin@example.com"})
    assert await notices(shop) == 1
    assert wrong.status_code == right.status_code == 200
    assert wrong.text.replace("someone@example.com", "").replace("1001", "") == right.text.replace(
        "Karin@example.com", ""
    ).replace("1001", "")


async def test_a_lookup_that_breaks_is_logged_without_the_address(
    client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(*_: object, **__: object) -> None:
        raise ValueError("karin@example.com")

    monkeypatch.setattr(find, "ask_for_link", breaks)
    with structlog.testing.capture_logs() as logs:
        answer = await client.post("/track", data={"number": "1001", "email": "karin@example.com"})
    assert answer.status_code == 200
    assert logs == [{"event": "link not looked up", "kind": "ValueError", "log_level": "error"}]
