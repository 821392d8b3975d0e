"""How long a sign-in lasts: never longer than the owner's limit, the operator's, or the person's employment."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
import time_machine
from starlette.applications import Starlette

from storefront_trace.actions import people, shops, signin
from storefront_trace.domain.clock import DAY, MINUTE, now_micros
from storefront_trace.domain.links import token_hash
from storefront_trace.storage import accounts
from storefront_trace.storage import people as person_rows
from storefront_trace.web import gates
from tests.patience import PATIENCE
from tests.people import Shop

LINK = "/owner/people/anders/link"


@contextmanager
def later(**by: float) -> Iterator[None]:
    with time_machine.travel(datetime.now(UTC) + timedelta(**by), tick=False):
        yield


async def door(client: httpx2.AsyncClient) -> int:
    """200 for who is in, 303 for who is led to the sign-in."""
    return (await client.get("/staff/me")).status_code


async def phone(shop: Shop, client: httpx2.AsyncClient, handle: str = "anders") -> httpx2.AsyncClient:
    """Signs in as people do, for as long as that gives."""
    token = await people.invite(shop.desk, shop.id, handle)
    assert (await client.post(f"/signin/{token}")).status_code == 303
    return client


async def session_of(shop: Shop, client: httpx2.AsyncClient) -> accounts.Session | None:
    async with shop.desk.db.read() as conn:
        return await accounts.find_session(conn, token_hash(client.cookies["session"]), now_micros())


async def test_a_phone_stays_signed_in_for_as_long_as_the_owner_says(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shops.set_face(shop.desk, shop.id, session_days=3)
    await phone(shop, client)
    with later(days=3, minutes=-1):
        assert await door(client) == 200
    with later(days=3, minutes=1):
        assert await door(client) == 303


async def test_who_signs_in_where_somebody_is_signed_in_ends_that_session(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    copied = (await phone(shop, client)).cookies["session"]
    elsewhere = await shop.session("anders")
    await phone(shop, client, "lisa")
    assert await door(client) == 200 and client.cookies["session"] != copied
    held = []
    for token in (copied, elsewhere):
        client.cookies.clear()
        client.cookies.set("session", token)
        held.append(await door(client))
    assert held == [303, 200]


async def test_a_lower_limit_ends_older_sessions_at_once_and_for_good(shop: Shop, client: httpx2.AsyncClient) -> None:
    await phone(shop, client)
    with later(days=5):
        assert await door(client) == 200
        await shops.set_face(shop.desk, shop.id, session_days=4)
        assert await door(client) == 303
        await shops.set_face(shop.desk, shop.id, session_days=90)
        assert await door(client) == 303


async def test_the_operator_has_the_last_word(app: Starlette, shop: Shop, client: httpx2.AsyncClient) -> None:
    await phone(shop, client)
    app.state.settings = replace(app.state.settings, session_days=2)
    with later(days=2, minutes=1):
        assert await door(client) == 303
    with later(days=2, minutes=-1):
        assert await door(client) == 200


async def test_the_owner_is_told_the_most_days_there_can_be(app: Starlette, shop: Shop, signed_in: Any) -> None:
    olga = await signed_in("olga")
    app.state.settings = replace(app.state.settings, session_days=7)
    page = (await olga.get("/owner/shop")).text
    assert 'name="session_days" type="number" min="1" max="7" inputmode="numeric" value="7"' in page
    for days, status in (("8", 422), ("0", 422), ("soon", 422), ("7", 303)):
        answer = await olga.post("/owner/shop", data={"session_days": days})
        assert answer.status_code == status
    async with shop.desk.db.read() as conn:
        assert (await shop.desk.casts.get(conn, shop.id)).shop.session_days == 7


async def test_the_very_next_request_of_who_has_left_is_refused(shop: Shop, signed_in: Any) -> None:
    await shop.order()
    olga, anders, lisa = await signed_in("olga"), await signed_in("anders"), await signed_in("lisa")
    assert await door(anders) == 200
    assert (await olga.post("/owner/people/anders/end")).status_code == 303
    assert (await door(anders), await door(lisa)) == (303, 200)
    refused = await anders.post("/staff/orders/1001/log", data={"step": "packed"})
    assert refused.status_code == 403 and "signed out" in refused.text
    assert [event.step for event in await shop.events()] == ["received"]


@pytest.mark.parametrize("seconds", [0.0, 60.0])
async def test_a_form_that_comes_in_slowly_is_refused_when_its_person_left_meanwhile(
    shop: Shop, signed_in: Any, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    """What came in at once was sent before."""
    monkeypatch.setattr(gates, "SLOW", seconds)
    anders = await signed_in("anders")

    async def slowly() -> AsyncIterator[bytes]:
        yield b"visibility="
        await people.sign_out(shop.desk, shop.id, "anders")
        yield b"team"

    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await anders.post("/staff/me/visibility", content=slowly(), headers=kind)
    async with shop.desk.db.read() as conn:
        chosen = (await person_rows.get_person(conn, shop.id, "anders")).visibility
    assert (answer.status_code, chosen) == ((303, "team") if seconds else (403, "photo"))


async def test_who_left_is_out_even_when_only_the_day_was_written_down(shop: Shop, signed_in: Any) -> None:
    """A shop system may say so too, and an account may have come from a restored backup."""
    anders = await signed_in("anders")
    now = now_micros()
    for left, want in ((now + DAY, 200), (now - MINUTE, 303)):
        async with shop.desk.db.write() as conn:
            await person_rows.update_person(conn, shop.id, await _id(conn, shop, "anders"), left_at=left)
        assert await door(anders) == want


async def test_no_link_lets_in_who_has_left(shop: Shop, client: httpx2.AsyncClient) -> None:
    token = await people.invite(shop.desk, shop.id, "anders")
    async with shop.desk.db.write() as conn:
        await person_rows.update_person(conn, shop.id, await _id(conn, shop, "anders"), left_at=now_micros())
    assert (await client.post(f"/signin/{token}")).status_code == 404
    assert "session" not in client.cookies


@pytest.mark.parametrize("moment", ["asked", "written"])
async def test_a_shared_tablet_is_nobodys_after_some_minutes_without_a_request(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient, moment: str
) -> None:
    async with shop.desk.db.write() as conn:
        account = await accounts.find_account(conn, shop.id, await _id(conn, shop, "anders"))
        if account is None:
            await signin.make_link(conn, shop.id, await person_rows.get_person(conn, shop.id, "anders"), "staff")
            account = await accounts.find_account(conn, shop.id, await _id(conn, shop, "anders"))
        assert account is not None
        token, _ = await signin.open_session(conn, shop.id, account.id, device="Tablet", days=1, idle_minutes=2)
    client.cookies.set("session", token)
    for minutes in (1.5, 3, 4.5):
        with later(minutes=minutes):
            assert await door(client) == 200
            if moment == "written":  # another process then knows it as well
                await app.state.last_seen.write(shop.desk)
                assert dict(app.state.last_seen.times) == {}
    with later(minutes=6.6):
        assert await door(client) == 303


async def test_when_a_phone_was_last_used_moves_every_ten_minutes(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient
) -> None:
    await phone(shop, client)
    began = (await session_of(shop, client)).seen_at  # type: ignore[union-attr]
    for minutes, want in ((9, 0), (11, 11), (20, 11), (22, 22)):
        with later(minutes=minutes):
            assert await door(client) == 200
            await app.state.last_seen.write(shop.desk)
            found = await session_of(shop, client)
        assert found is not None and round((found.seen_at - began) / MINUTE) == want


async def test_what_could_not_be_written_still_waits(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await phone(shop, client)
    await _make_older(shop, client)
    with monkeypatch.context() as full:
        full.setattr(signin, "mark_seen", _full)
        assert await door(client) == 200
        with pytest.raises(OSError):
            await app.state.last_seen.write(shop.desk)
        assert len(app.state.last_seen.times) == 1
    await app.state.last_seen.write(shop.desk)
    assert dict(app.state.last_seen.times) == {}


class TestLocked:
    @pytest.fixture
    def database_url(self, sqlite_database: str) -> str:
        """The file that somebody else writes to."""
        return sqlite_database

    async def test_a_page_is_answered_while_the_database_takes_no_writes(
        self, shop: Shop, client: httpx2.AsyncClient
    ) -> None:
        await phone(shop, client)
        began = await _make_older(shop, client)
        async with shop.desk.db.write() as conn:  # who waits for the other one waits longer than we do
            await conn.exec_driver_sql("PRAGMA busy_timeout=600000")
        other = sqlite3.connect(str(shop.desk.db.path), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        async with asyncio.timeout(PATIENCE):
            assert [await door(client) for _ in range(3)] == [200] * 3
        other.execute("ROLLBACK")
        other.close()
        async with asyncio.timeout(PATIENCE):  # it is written down beside the requests
            while (found := await session_of(shop, client)) is None or found.seen_at == began:
                await asyncio.sleep(0.05)


async def _full(*_: object) -> None:
    raise OSError("no space left")


async def _make_older(shop: Shop, client: httpx2.AsyncClient) -> int:
    """The session as it was an hour ago; when it was used then."""
    found = await session_of(shop, client)
    assert found is not None
    then = now_micros() - 60 * MINUTE
    async with shop.desk.db.write() as conn:
        await accounts.update_session(conn, shop.id, found.id, created_at=then, seen_at=then)
    return then


async def _id(conn: Any, shop: Shop, handle: str) -> str:
    return (await person_rows.get_person(conn, shop.id, handle)).id
