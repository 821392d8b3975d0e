from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette

from storefront_trace.storage.database import Database
from storefront_trace.storage.outages import is_outage
from storefront_trace.web.page import Pages
from tests.api.callers import ORDER, machine
from tests.people import Shop

FORM = {"number": "1001", "email": "karin@example.com"}


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    return sqlite_database


@pytest.fixture
async def quick(shop: Shop) -> None:
    """Who waits for the lock gives up at once."""
    async with shop.desk.db.write() as conn:
        await conn.exec_driver_sql("PRAGMA busy_timeout=1")


@contextmanager
def locked(shop: Shop) -> Iterator[None]:
    """As another process does it."""
    assert shop.desk.db.path
    other = sqlite3.connect(shop.desk.db.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


async def count(shop: Shop, table: str) -> int:
    async with shop.desk.db.read() as conn:
        return int((await conn.exec_driver_sql(f"SELECT count(*) FROM {table}")).scalar_one())


@pytest.mark.usefixtures("quick")
async def test_machines_are_told_to_come_again_when_the_database_is_locked(
    client: httpx2.AsyncClient, shop: Shop
) -> None:
    api = await machine(client, shop)
    await api("PUT", "/orders/1001", ORDER)
    before = [await count(shop, table) for table in ("orders", "event", "idempotency_key")]
    with locked(shop):
        refused = [await api("PUT", "/orders/1002", ORDER)]
        key = {"Idempotency-Key": "one"}
        refused.append(await api("POST", "/orders/1001/events", {"step": "packed"}, headers=key))
    for answer in refused:
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["errors"] == [] and "sqlite" not in answer.text.lower()
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert [await count(shop, table) for table in ("orders", "event", "idempotency_key")] == before
    again = await api("POST", "/orders/1001/events", {"step": "packed"}, headers=key)
    assert again.status_code == 201


@pytest.mark.usefixtures("quick")
async def test_staff_get_a_page_that_asks_for_a_moment(signed_in: object, shop: Shop) -> None:
    await shop.order()
    anders = await signed_in("anders")  # type: ignore[operator]
    before = await count(shop, "event")
    with locked(shop):
        answer = await anders.post("/staff/orders/1001/log", data={"step": "packed"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "text/html" in answer.headers["content-type"] and "<h1>" in answer.text
    assert await count(shop, "event") == before
    assert (await anders.post("/staff/orders/1001/log", data={"step": "packed"})).status_code == 303


async def test_a_full_database_is_an_outage_too(client: httpx2.AsyncClient, shop: Shop) -> None:
    api = await machine(client, shop)
    async with shop.desk.db.write() as conn:
        pages = (await conn.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await conn.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    line = {"title": "x" * 200, "variant": "y" * 80}
    huge = {**ORDER, "lines": [{"key": str(n), **line} for n in range(600)]}
    answer = await api("PUT", "/orders/1001", huge)
    assert (answer.status_code, answer.headers.get("retry-after")) == (503, "5")
    assert await count(shop, "orders") == 0


async def test_a_misspelt_statement_is_our_fault_and_says_so(
    app: Starlette, client: httpx2.AsyncClient, shop: Shop
) -> None:
    api = await machine(client, shop)
    async with shop.desk.db.write() as conn:
        await conn.exec_driver_sql("ALTER TABLE line RENAME TO elsewhere")
    answer = await api("PUT", "/orders/1001", ORDER)
    assert (answer.status_code, "retry-after" in answer.headers) == (500, False)
    assert isinstance(app.state.pages, Pages)


async def test_a_dead_link_is_told_in_the_readers_language_and_leads_to_finding_the_order(
    client: httpx2.AsyncClient,
) -> None:
    dead = await client.get(f"/t/{'x' * 43}?lang=sv")
    assert dead.status_code == 404
    assert "Det finns ingen beställning bakom den här länken." in dead.text
    assert '<a class="btn btn--primary" href="/track?lang=sv">Hitta din beställning</a>' in dead.text
    elsewhere = await client.get("/nowhere?lang=sv")
    assert elsewhere.status_code == 404 and 'class="btn btn--primary" href="/"' in elsewhere.text


async def test_the_only_shops_name_stands_above_an_error_even_without_the_database(
    app: Starlette, client: httpx2.AsyncClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shop.desk.db.read() as conn:
        cast = await app.state.desk.casts.get(conn, shop.id)
    monkeypatch.setattr(app.state.desk.casts, "_kept", {shop.id: cast})
    monkeypatch.setattr(Database, "read", lambda self: None)
    for path in ("/nowhere", "/track", "/signin"):
        text = (await client.get(path)).text
        assert '<span class="wordmark">Roliga Ting</span>' in text and "&ndash; Roliga Ting</title>" in text
        assert f"/app-{cast.shop.brand[1:]}.css" in text


async def test_where_several_shops_are_none_of_them_stands_above_an_error(
    app: Starlette, client: httpx2.AsyncClient, shop: Shop
) -> None:
    async with shop.desk.db.read() as conn:
        for one in (shop.id, shop.other_id):
            await app.state.desk.casts.get(conn, one)
    for path in ("/nowhere", "/track", "/signin"):
        text = (await client.get(path)).text
        assert "wordmark" not in text and "storefront-trace" not in text and "Roliga" not in text


class Told(Exception):
    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (sa.exc.DBAPIError("SELECT", {}, Told("53100")), True),  # disk full
        (sa.exc.DBAPIError("SELECT", {}, Told("55P03")), True),  # locked
        (sa.exc.DBAPIError("SELECT", {}, Told("57P01")), True),  # shut down
        (sa.exc.DBAPIError("SELECT", {}, Told("23505")), False),  # unique
        (sa.exc.DBAPIError("SELECT", {}, Told("42P01")), False),  # no such table
        (sa.exc.DBAPIError("SELECT", {}, Told("x"), connection_invalidated=True), True),
        (sa.exc.TimeoutError(), True),
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (FileNotFoundError(errno.ENOENT, "No such file"), False),
        (sqlite3.OperationalError("no code"), False),
        (ValueError(), False),
    ],
)
def test_an_outage_is_what_waiting_can_mend(error: Exception, outage: bool) -> None:
    assert is_outage(error) is outage
