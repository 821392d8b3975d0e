"""Links by mail that must not, or no longer, let anybody in: whose rights are gone, whose address is another, and those
that were ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest
import time_machine
from starlette.applications import Starlette

from storefront_trace.actions import mailed_link, people, rights, signin
from storefront_trace.actions.people import PersonTold
from storefront_trace.notify.letters import CannotSay
from storefront_trace.notify.mails import compose
from storefront_trace.storage import accounts
from storefront_trace.storage import people as person_rows
from tests.notify.test_questions import notices
from tests.people import Shop
from tests.web.owner.test_safety import set_up
from tests.web.test_way_in import OLGA, clock, link_in, link_of, mails

__all__ = ["clock", "mails"]

SignIn = Callable[[str], Awaitable[httpx2.AsyncClient]]
LISA = "lisa@example.com"


async def move(shop: Shop, handle: str, email: str | None) -> None:
    """By somebody who has shown who they are."""
    told = PersonTold(handle.capitalize(), {}, None, email)
    await people.put_person(shop.desk, shop.id, handle, told, keys=True)


async def demote(shop: Shop) -> None:
    await rights.set_role(shop.desk, shop.id, "lisa", "staff")


async def let_go(shop: Shop) -> None:
    await people.end_employment(shop.desk, shop.id, "lisa")


@pytest.mark.parametrize("end", [demote, let_go])
async def test_who_stops_being_an_owner_while_a_link_is_made_for_her_gets_none(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, end: Callable[[Shop], Awaitable[None]]
) -> None:
    await move(shop, "lisa", LISA)
    await shop.give("lisa", "owner")
    look = accounts.list_owners_at

    async def look_just_before(*args: Any) -> list[tuple[str, str, str]]:
        found = await look(*args)
        monkeypatch.setattr(accounts, "list_owners_at", look)
        await end(shop)
        return found

    monkeypatch.setattr(accounts, "list_owners_at", look_just_before)
    await mailed_link.ask_for_way_in(shop.desk, LISA)
    async with shop.desk.db.read() as conn:
        account = await accounts.find_account(conn, shop.id, await shop.person_id("lisa"))
        owners = await accounts.list_owners(conn, shop.id, here=True)
    assert account is not None and (account.role == "staff") == (end is demote)
    assert (account.ended_at is None) == (end is demote) and owners == {await shop.person_id("olga")}
    assert "way_in" not in await notices(shop)


async def test_a_link_changes_nobodys_rights(shop: Shop) -> None:
    await shop.give("lisa", "reader")
    await shop.give("anders", "staff")
    await people.end_employment(shop.desk, shop.id, "anders")
    found = []
    for handle in ("lisa", "anders"):
        async with shop.desk.db.write() as conn:
            person = await person_rows.get_person(conn, shop.id, handle)
            await signin.make_link(conn, shop.id, person, "owner")
            account = await accounts.find_account(conn, shop.id, person.id)
            assert account is not None
            found.append((account.role, account.ended_at is None))
    assert found == [("reader", True), ("staff", False)]


async def test_what_was_mailed_to_an_address_opens_nothing_once_it_is_another(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient, clock: time_machine.Traveller
) -> None:
    await client.post("/signin", data=OLGA)
    told = (await notices(shop))["way_in"]
    link = await link_of(app, shop, told)
    await move(shop, "olga", "new@example.com")
    assert (await client.post(link)).status_code == 404
    with pytest.raises(CannotSay):
        await compose(shop.desk, app.state.settings, told, app.state.voice)
    clock.shift(1)
    assert "way_in" not in await notices(shop)
    await client.post("/signin", data={"email": "new@example.com"})
    assert (await client.post(await link_in(app, shop))).headers["location"] == "/owner"


async def test_an_invitation_to_a_mistyped_address_ends_with_it(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient, clock: time_machine.Traveller
) -> None:
    await move(shop, "lisa", "lissa@example.com")
    await people.invite(shop.desk, shop.id, "lisa", by_mail=True)
    link = await link_in(app, shop, "invited")
    await move(shop, "lisa", "Lissa@example.com")
    assert (await client.get(link)).status_code == 200
    await move(shop, "lisa", LISA)
    clock.shift(1)
    assert (await client.get(link)).status_code == 404 and "invited" not in await notices(shop)


async def test_a_first_address_leaves_the_link_that_was_handed_over(shop: Shop, client: httpx2.AsyncClient) -> None:
    link = f"/signin/{await people.invite(shop.desk, shop.id, 'lisa')}"
    await move(shop, "lisa", LISA)
    assert (await client.get(link)).status_code == 200


async def test_who_owes_a_code_when_the_address_changes_begins_anew(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient, signed_in: SignIn
) -> None:
    await set_up(await signed_in("olga"))
    await client.post("/signin", data=OLGA)
    assert (await client.post(await link_in(app, shop))).headers["location"] == "/signin/code"
    assert (await client.get("/signin/code")).status_code == 200
    await move(shop, "olga", "new@example.com")
    assert (await client.get("/signin/code")).status_code != 200


async def test_a_mail_that_waits_goes_to_no_address_but_the_one_the_person_has(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient
) -> None:
    await client.post("/signin", data=OLGA)
    told = (await notices(shop))["way_in"]
    async with shop.desk.db.write() as conn:
        await person_rows.update_person(conn, shop.id, await shop.person_id("olga"), email="new@example.com")
    with pytest.raises(CannotSay, match="address"):
        await compose(shop.desk, app.state.settings, told, app.state.voice)


async def test_a_link_that_was_ended_does_not_come_back_however_soon_one_asks_again(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient, clock: time_machine.Traveller
) -> None:
    await client.post("/signin", data=OLGA)
    told = (await notices(shop))["way_in"]
    link = await link_of(app, shop, told)
    await people.sign_out(shop.desk, shop.id, "olga")
    with pytest.raises(CannotSay):
        await compose(shop.desk, app.state.settings, told, app.state.voice)
    for minutes in (0, 1, 5):
        clock.shift(minutes * 60)
        await mailed_link.ask_for_way_in(shop.desk, OLGA["email"])
        assert (await client.post(link)).status_code == 404


async def test_five_minutes_are_counted_from_the_last_link(shop: Shop, clock: time_machine.Traveller) -> None:
    came = []
    for minutes in (4, 2, 2, 1):  # 12:04, 12:06, 12:08, 12:09
        clock.shift(minutes * 60)
        await mailed_link.ask_for_way_in(shop.desk, OLGA["email"])
        found = (await notices(shop)).values()
        came.append(sum(one.attempts == 0 for one in found))
    assert came == [1, 0, 0, 1]
