"""Several people who ask at once are found together: each as themselves, and nobody whose session has ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx2
import pytest

from storefront_trace.actions import questions
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.links import token_hash
from storefront_trace.storage import accounts, visitors
from storefront_trace.storage.accounts import Session
from storefront_trace.storage.database import Connection
from storefront_trace.storage.prepared import DIALECT
from tests.people import Shop

SV = {"Accept-Language": "sv"}
SignIn = Callable[[str], Awaitable[httpx2.AsyncClient]]


async def find(shop: Shop, token: str) -> Session | None:
    hashed = token_hash(token)

    async def look(conn: Connection) -> Session | None:
        return await accounts.find_session(conn, hashed, now_micros())

    return await shop.desk.db.read_together(look, visitors.ahead(hashed))


async def at_once(shop: Shop, *tokens: str) -> list[str | None]:
    found = await asyncio.gather(*(find(shop, token) for token in tokens))
    return [one.person_id if one else None for one in found]


async def test_each_of_many_is_found_as_themselves_and_nobody_by_a_token_that_never_was(shop: Shop) -> None:
    handles = ("anders", "lisa", "jocke")
    tokens = [await shop.session(handle) for handle in handles]
    ids = [await shop.person_id(handle) for handle in handles]
    assert await at_once(shop, *tokens, "never", tokens[0]) == [*ids, None, ids[0]]


async def test_a_session_that_was_ended_is_nobodys_from_then_on(shop: Shop) -> None:
    tokens = [await shop.session(handle) for handle in ("anders", "lisa")]
    anders = await find(shop, tokens[0])
    assert anders is not None and await at_once(shop, *tokens) == [anders.person_id, await shop.person_id("lisa")]
    async with shop.desk.db.write() as conn:
        await accounts.update_sessions_ended(conn, shop.id, anders.account_id, now_micros())
    assert await at_once(shop, *tokens) == [None, await shop.person_id("lisa")]


async def test_two_who_come_at_once_are_told_each_what_waits_for_them(shop: Shop, signed_in: SignIn) -> None:
    clients = [await signed_in("anders"), await signed_in("lisa")]
    order_id = await shop.order("1001")
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))
    for waits in (False, True):
        pages = await asyncio.gather(*(client.get("/staff", headers=SV) for client in clients))
        assert ["1 fråga väntar på svar" in page.text for page in pages] == [waits, False]
        if not waits:
            await questions.ask(shop.desk, shop.id, order_id, "Kan ni slå in muggen?", locale="sv")


class TestOnSqlite:
    @pytest.fixture
    def database_url(self, sqlite_database: str) -> str:
        """On PostgreSQL each asks on a connection of their own."""
        return sqlite_database

    async def test_the_sessions_of_many_are_one_statement(self, shop: Shop) -> None:
        tokens = [await shop.session(handle) for handle in ("anders", "lisa", "jocke")]
        await at_once(shop, *tokens)
        run: list[str] = []
        assert shop.desk.db._look is not None
        shop.desk.db._look.set_trace_callback(run.append)
        await at_once(shop, *tokens)
        assert sum("session.token_hash" in one for one in run) == 1

    async def test_whether_anybody_waits_is_asked_of_the_open_questions_alone(self, shop: Shop) -> None:
        statement = str(visitors.ASKED.compile(dialect=DIALECT))
        async with shop.desk.db.read() as conn:
            plan = await conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", ("[]", 0))
            assert any("ix_question_open" in row.detail for row in plan)
