"""A sign-in link by mail: to an owner's own address alone, for a quarter of an hour, once, past no code."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import httpx2
import pytest
import time_machine
from starlette.applications import Starlette

from storefront_trace.actions import people
from storefront_trace.actions.people import PersonTold
from storefront_trace.config import MailServer
from storefront_trace.domain.errors import NotAllowed
from storefront_trace.notify.letters import CannotSay
from storefront_trace.notify.mails import compose
from storefront_trace.storage.outbox import Notice
from tests.notify.test_questions import mail, notices
from tests.people import Shop
from tests.web.owner.test_safety import by_link, set_up

SignIn = Callable[[str], Awaitable[httpx2.AsyncClient]]
OLGA = {"email": "Olga@example.com"}
ANDERS = PersonTold("Anders", {"sv": "lagret"}, "warehouse", "anders@example.com")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def mails(app: Starlette) -> None:
    server = MailServer(host="127.0.0.1", port=1, user=None, password=None, tls=False)
    app.state.settings = replace(app.state.settings, smtp=server)


async def link_in(app: Starlette, shop: Shop, kind: str = "way_in") -> str:
    _, text = await mail(app, shop, app.state.settings, kind)
    found = re.search(r"/signin/\S+", text)
    assert found is not None
    return found[0]


async def test_an_owner_comes_in_once_by_the_link_that_she_asked_for(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient
) -> None:
    asked = await client.post("/signin?lang=en", data=OLGA)
    assert asked.status_code == 200 and "a link is on its way there" in asked.text
    link = await link_in(app, shop)
    assert "session" not in client.cookies and (await client.get(link)).status_code == 200
    assert (await client.post(link)).headers["location"] == "/owner"
    assert (await client.get("/owner")).status_code == 200
    assert (await client.post(link)).status_code == 404


@pytest.mark.parametrize("email", ["nobody@example.com", "anders@example.com", "left@example.com"])
async def test_nobody_else_gets_one_and_the_answer_does_not_tell(
    shop: Shop, client: httpx2.AsyncClient, email: str
) -> None:
    await people.put_person(shop.desk, shop.id, "anders", ANDERS)
    await people.put_person(shop.desk, shop.id, "elin", replace(ANDERS, display_name="Elin", email="left@example.com"))
    for handle, role in (("anders", "manager"), ("elin", "owner")):
        await shop.give(handle, role, "warehouse")
    await people.end_employment(shop.desk, shop.id, "elin")
    before = await notices(shop)
    answers = [await client.post("/signin", data={"email": one}) for one in (email, "olga@example.com")]
    assert answers[0].text == answers[1].text and answers[0].headers.keys() == answers[1].headers.keys()
    told = [one for one in (await notices(shop)).values() if one.kind == "way_in"]
    assert [one.recipient for one in told] == ["olga@example.com"] and "way_in" not in before


async def test_whoever_asks_often_sends_her_no_more_than_one_in_five_minutes(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    assert [(await client.post("/signin", data=OLGA)).status_code for _ in range(6)] == [200] * 5 + [429]
    assert list(await notices(shop)) == ["way_in"]


async def test_the_link_holds_for_a_quarter_of_an_hour_and_is_not_mailed_after_it(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient, clock: time_machine.Traveller
) -> None:
    await client.post("/signin", data=OLGA)
    told = (await notices(shop))["way_in"]
    link = await link_of(app, shop, told)
    clock.shift(15 * 60)
    assert (await client.post(link)).status_code == 404
    with pytest.raises(CannotSay):
        await compose(shop.desk, app.state.settings, told, app.state.voice)


async def link_of(app: Starlette, shop: Shop, told: Notice) -> str:
    body = (await compose(shop.desk, app.state.settings, told, app.state.voice)).get_body(("plain",))
    assert body is not None
    found = re.search(r"/signin/\S+", str(body.get_content()))  # type: ignore[attr-defined]
    assert found is not None
    return found[0]


async def test_it_is_past_no_code_and_stands_nowhere_in_the_database(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient, signed_in: SignIn
) -> None:
    await set_up(await signed_in("olga"))
    await client.post("/signin", data=OLGA)
    told = (await notices(shop))["way_in"]
    link = await link_of(app, shop, told)
    assert link.removeprefix("/signin/")[4:] not in json.dumps(told.detail)
    assert (await client.post(link)).headers["location"] == "/signin/code"
    assert (await client.get("/owner")).headers["location"] == "/signin"


async def test_without_a_mail_server_there_is_nothing_to_ask_for(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient
) -> None:
    assert 'name="email"' in (await client.get("/signin")).text
    app.state.settings = replace(app.state.settings, smtp=None)
    assert 'name="email"' not in (await client.get("/signin")).text
    assert (await client.post("/signin", data=OLGA)).headers["location"] == "/signin"
    assert await notices(shop) == {}


async def test_a_shop_system_does_not_say_where_an_owners_links_go(shop: Shop) -> None:
    told = PersonTold("Olga", {}, None, "thief@example.com")
    with pytest.raises(NotAllowed):
        await people.put_person(shop.desk, shop.id, "olga", told)
    same, _ = await people.put_person(shop.desk, shop.id, "olga", replace(told, email=None, display_name="Olga S"))
    assert (same.email, same.display_name) == ("olga@example.com", "Olga S")


async def test_a_session_that_lay_about_gives_no_rights_no_link_and_no_other_address(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient, clock: time_machine.Traveller
) -> None:
    await by_link(shop, client)
    await people.invite(shop.desk, shop.id, "lisa")
    clock.shift(11 * 60)
    form = {"name": "Olga", "email": "thief@example.com", "role": "", "team": ""}
    forms = (("olga", "", form), ("lisa", "/role", {"role": "owner"}), ("olga", "/link", {}))
    for handle, deed, data in forms:
        refused = await client.post(f"/owner/people/{handle}{deed}", data=data)
        assert (deed, refused.headers["location"]) == (deed, "/owner/safety/prove?then=people")
    new = {"name": "Elin", "team": "warehouse", "right": "owner"}
    assert (await client.post("/owner/people", data=new)).headers["location"] == "/owner/safety/prove?then=people"
    assert 'action="/signin"' in (await client.get("/owner/safety/prove")).text
    await client.post("/signin", data=OLGA)
    await client.post(await link_in(app, shop))
    assert (await client.post("/owner/people/olga", data=form)).status_code == 303
    message, text = await mail(app, shop, app.state.settings, "factor_changed")
    assert message["To"] == "olga@example.com" and "Var det inte du?" in text


async def test_somebody_is_invited_with_role_team_languages_and_rights_by_mail_and_by_code(
    app: Starlette, shop: Shop, signed_in: SignIn, client: httpx2.AsyncClient
) -> None:
    form = {"name": "Elin", "role": "lagret", "team": "warehouse", "email": "elin@example.com", "by_mail": "1"}
    form |= {"right": "manager", "manages": "warehouse"}
    page = await (await signed_in("olga")).post("/owner/people?lang=en", data=form | {"languages": ["sv", "fi"]})
    assert 'class="qr"' in page.text and "elin@example.com" in page.text
    link = await link_in(app, shop, "invited")
    assert link in page.text
    assert (await client.post(link)).headers["location"] == "/staff"
    assert (await client.get("/owner/concerns")).status_code == 200
    async with shop.desk.db.read() as conn:
        cast = await shop.desk.casts.get(conn, shop.id)
    elin = cast.person_by_handle("elin")
    assert elin is not None and (elin.team, elin.languages) == ("warehouse", ("sv", "fi"))
