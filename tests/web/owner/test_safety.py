"""An owner's ways in, by the pages: codes from an app, recovery codes, passkeys, sessions, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
import time_machine

from storefront_trace import config
from storefront_trace.actions import people, rights
from storefront_trace.storage import audit
from tests.actions.authenticator_app import App, link_of
from tests.authenticator import ORIGIN, Authenticator
from tests.people import Shop
from tests.shops import SECRET

SignIn = Callable[[str], Awaitable[httpx2.AsyncClient]]
PATH = "/owner/safety"
EN = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """Stands still: a code is of the half minute that the test means."""
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> config.Settings:
    return config.load({"DATABASE_URL": database_url, "SECRET_KEY": SECRET, "PUBLIC_URL": ORIGIN}, tmp_path)


@pytest.fixture
async def olga(signed_in: SignIn) -> httpx2.AsyncClient:
    return await signed_in("olga")


async def deeds(shop: Shop) -> list[str]:
    """Of sign-in, the oldest first."""
    async with shop.desk.db.read() as conn:
        found = await audit.list_audit(conn, shop.id, limit=200)
    return [one.what for one in reversed(found) if one.what.startswith(("signin.", "shop.changed"))]


async def set_up(owner: httpx2.AsyncClient) -> tuple[App, list[str]]:
    """As she does it: begins, reads the secret off the page, types a code, and is shown ten codes."""
    assert (await owner.post(f"{PATH}/app/start")).headers["location"] == f"{PATH}/app"
    page = (await owner.get(f"{PATH}/app")).text
    secret = re.search(r'id="secret">([A-Z2-7 ]+)<', page)
    assert secret is not None and '<svg class="qr"' in page
    app = App(secret[1].replace(" ", ""))
    shown = await owner.post(f"{PATH}/app", data={"code": app.code(-1)}, headers=EN)
    assert shown.status_code == 200 and shown.headers["cache-control"] == "no-store"
    codes = re.findall(r"<code>([A-Z2-9-]{19})</code>", shown.text)
    assert len(codes) == 10
    return app, codes


async def by_link(shop: Shop, visitor: httpx2.AsyncClient, handle: str = "olga") -> httpx2.Response:
    return await visitor.post(f"/signin/{await link_of(shop, handle)}")


async def test_with_codes_on_her_link_leads_to_the_code_and_the_code_lets_in(
    shop: Shop, olga: httpx2.AsyncClient, client: httpx2.AsyncClient
) -> None:
    app, _ = await set_up(olga)
    answer = await by_link(shop, client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/signin/code")
    assert "session" not in client.cookies and "pending" in client.cookies
    assert 'autocomplete="one-time-code"' in (await client.get("/signin/code", headers=EN)).text
    wrong = await client.post("/signin/code", data={"code": app.wrong()}, headers=EN)
    assert wrong.status_code == 403 and "That code was not right." in wrong.text
    right = await client.post("/signin/code", data={"code": app.code()})
    assert right.headers["location"] == "/owner" and "pending" not in client.cookies
    assert (await client.get("/owner")).status_code == 200
    assert await deeds(shop) == ["signin.factor_on"]


async def test_what_waits_for_a_code_opens_no_page_and_is_no_session_under_any_name(
    shop: Shop, olga: httpx2.AsyncClient, client: httpx2.AsyncClient
) -> None:
    await set_up(olga)
    await by_link(shop, client)
    token = client.cookies["pending"]
    client.cookies.set("session", token)
    for path in ("/owner", PATH, "/owner/audit", "/staff", "/staff/me"):
        answer = await client.get(path)
        assert (answer.status_code, answer.headers.get("location")) == (303, "/signin")
    for path in (f"{PATH}/app/end", "/owner/people/anders/role", "/staff/me/passkeys/start"):
        assert (await client.post(path, data={"role": "owner"})).status_code == 403
    assert (await client.get("/api/v1/orders", headers={"Authorization": f"Bearer {token}"})).status_code == 401
    client.cookies.delete("pending")
    client.cookies.set("pending", "sts_" + "A" * 43)
    assert (await client.get("/signin/code")).headers["location"] == "/signin"


async def test_a_recovery_code_lets_in_once_and_the_page_counts_what_is_left(
    shop: Shop, olga: httpx2.AsyncClient, client: httpx2.AsyncClient
) -> None:
    app, codes = await set_up(olga)
    await by_link(shop, client)
    assert (await client.post("/signin/code", data={"code": codes[0]})).headers["location"] == "/owner"
    assert "Recovery codes that are left: 9." in (await client.get(PATH, headers=EN)).text
    await by_link(shop, client)
    assert (await client.post("/signin/code", data={"code": codes[0]})).status_code == 403
    anew = await olga.post(f"{PATH}/codes", data={"code": app.code()})
    assert anew.status_code == 200 and codes[1] not in anew.text
    assert await deeds(shop) == ["signin.factor_on", "signin.code_used", "signin.codes_made"]


async def test_codes_are_switched_off_by_her_alone_and_with_a_code(
    shop: Shop, olga: httpx2.AsyncClient, signed_in: SignIn, client: httpx2.AsyncClient
) -> None:
    app, codes = await set_up(olga)
    for other, status in (("anders", 403), ("nora", 422)):  # Nora's own: she has none
        answer = await (await signed_in(other)).post(f"{PATH}/app/end", data={"code": codes[0]})
        assert answer.status_code == status
    refused = await olga.post(f"{PATH}/app/end", data={"code": app.wrong()}, headers=EN)
    assert refused.status_code == 422 and 'href="#end-code"' in refused.text
    assert (await by_link(shop, client)).headers["location"] == "/signin/code"
    done = await olga.post(f"{PATH}/app/end", data={"code": app.code()})
    assert done.headers["location"] == f"{PATH}?said=factor-off"
    assert (await by_link(shop, client)).headers["location"] == "/owner"
    assert await deeds(shop) == ["signin.factor_on", "signin.factor_off"]


async def test_a_passkey_is_enough_by_itself(shop: Shop, olga: httpx2.AsyncClient, client: httpx2.AsyncClient) -> None:
    device = Authenticator()
    started = (await olga.post(f"{PATH}/passkeys/start")).json()
    assert (await olga.post(f"{PATH}/passkeys", json=device.create(started))).json() == {"to": f"{PATH}?said=passkey"}
    await set_up(olga)
    await by_link(shop, client)
    asked = (await client.post("/signin/passkey/start")).json()
    assert (await client.post("/signin/passkey", json=device.get(asked))).json() == {"to": "/owner"}
    end = re.search(r'action="(/owner/safety/passkeys/[0-9a-f]{32}/end)"', (await client.get(PATH)).text)
    assert end is not None
    assert (await client.post(end[1])).headers["location"] == f"{PATH}?said=passkey-gone"
    assert await deeds(shop) == ["signin.passkey_added", "signin.factor_on", "signin.passkey_removed"]


async def test_she_signs_one_device_out_or_all(shop: Shop, olga: httpx2.AsyncClient, signed_in: SignIn) -> None:
    other = await signed_in("olga")
    end = re.search(r'action="(/owner/safety/devices/[0-9a-f]{32}/end)"', (await olga.get(PATH)).text)
    assert end is not None
    assert (await (await signed_in("nora")).post(end[1])).status_code == 404
    assert (await olga.post(end[1])).headers["location"] == f"{PATH}?said=device#devices"
    assert (await other.get("/owner")).status_code == 303
    assert (await olga.post(f"{PATH}/devices/end")).headers["location"] == "/signin"
    assert (await olga.get("/owner")).status_code == 303
    assert await deeds(shop) == ["signin.device_ended", "signin.everywhere"]


async def test_where_the_shop_asks_for_more_an_owner_with_a_link_alone_sets_it_up_first(
    shop: Shop, olga: httpx2.AsyncClient, client: httpx2.AsyncClient
) -> None:
    refused = await olga.post(f"{PATH}/require", data={"needs": "1"}, headers=EN)
    assert refused.status_code == 422 and "yourself first" in refused.text
    await set_up(olga)
    assert (await olga.post(f"{PATH}/require", data={"needs": "1"})).status_code == 303
    assert (await olga.get("/owner")).status_code == 200
    await people.invite(shop.desk, shop.id, "anders")
    await rights.set_role(shop.desk, shop.id, "anders", "owner")
    assert (await by_link(shop, client, "anders")).headers["location"] == "/owner"
    for path in ("/owner", "/owner/people", "/owner/audit"):
        assert (await client.get(path)).headers["location"] == PATH
    assert (await client.post("/owner/people/lisa/role", data={"role": "owner"})).status_code == 403
    assert "/owner/audit" not in (await client.get(PATH)).text
    assert (await client.post(f"{PATH}/require", data={"needs": "0"})).status_code == 422
    await set_up(client)
    assert (await client.get("/owner")).status_code == 200
    assert "shop.changed" in await deeds(shop)


async def test_where_the_shop_asks_for_more_a_link_and_a_passkey_belong_together(
    shop: Shop, olga: httpx2.AsyncClient, client: httpx2.AsyncClient
) -> None:
    started = (await olga.post(f"{PATH}/passkeys/start")).json()
    await olga.post(f"{PATH}/passkeys", json=Authenticator().create(started))
    assert (await by_link(shop, client)).headers["location"] == "/owner"
    await client.post("/signout")
    await olga.post(f"{PATH}/require", data={"needs": "1"})
    assert (await by_link(shop, client)).headers["location"] == "/signin/code"
    page = (await client.get("/signin/code", headers=EN)).text
    assert "use your passkey" in page and 'name="code"' not in page
    assert (await client.post("/signin/code", data={"code": "123456"})).status_code == 403


async def test_ten_wrong_codes_and_the_visitor_waits_too(
    shop: Shop, olga: httpx2.AsyncClient, client: httpx2.AsyncClient
) -> None:
    app, _ = await set_up(olga)
    await by_link(shop, client)
    answers = [await client.post("/signin/code", data={"code": app.wrong()}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [403] * 10 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
