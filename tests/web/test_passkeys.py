"""Passkeys, with a device made of software: what opens the door, and everything that looks nearly like it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
import time_machine

from storefront_trace import config
from storefront_trace.actions import people, privacy, signin
from storefront_trace.domain.passkeys import MOST
from storefront_trace.storage import accounts, passkeys
from tests.authenticator import ORIGIN, Authenticator
from tests.people import Shop
from tests.shops import SECRET

SignIn = Any


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> config.Settings:
    return config.load({"DATABASE_URL": database_url, "SECRET_KEY": SECRET, "PUBLIC_URL": ORIGIN}, tmp_path)


async def ask(client: httpx2.AsyncClient) -> dict[str, Any]:
    """What a signed-out browser is asked."""
    answer = await client.post("/signin/passkey/start")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


async def use(client: httpx2.AsyncClient, device: Authenticator) -> httpx2.Response:
    return await client.post("/signin/passkey", json=device.get(await ask(client)))


async def add(client: httpx2.AsyncClient, device: Authenticator) -> httpx2.Response:
    """`client` is signed in."""
    started = await client.post("/staff/me/passkeys/start")
    if started.status_code != 200:
        return started
    return await client.post("/staff/me/passkeys", json=device.create(started.json()))


@pytest.fixture
async def anders(signed_in: SignIn) -> httpx2.AsyncClient:
    found: httpx2.AsyncClient = await signed_in("anders")
    return found


@pytest.fixture
async def device(anders: httpx2.AsyncClient) -> Authenticator:
    """Anders's, with his passkey."""
    found = Authenticator()
    assert (await add(anders, found)).json() == {"to": "/staff/me?done=passkey#passkeys"}
    return found


async def test_a_passkey_lets_its_person_in_again_and_again(
    client: httpx2.AsyncClient, device: Authenticator, shop: Shop
) -> None:
    for _ in range(2):
        answer = await use(client, device)
        assert (answer.status_code, answer.json()) == (200, {"to": "/staff"})
        assert "Anders" in (await client.get("/staff/me")).text
        await client.post("/signout")
    assert (await client.get("/staff/me")).status_code == 303


async def test_an_owner_lands_on_the_owners_pages(client: httpx2.AsyncClient, signed_in: SignIn) -> None:
    device = Authenticator()
    await add(await signed_in("olga"), device)
    assert (await use(client, device)).json() == {"to": "/owner"}


async def test_the_browser_is_asked_for_a_passkey_it_finds_itself_and_checks_the_person(
    client: httpx2.AsyncClient, anders: httpx2.AsyncClient, device: Authenticator
) -> None:
    options = await ask(client)
    assert (options["rpId"], options["userVerification"]) == ("localhost", "required")
    assert options.get("allowCredentials", []) == []
    creation = (await anders.post("/staff/me/passkeys/start")).json()
    assert creation["authenticatorSelection"]["residentKey"] == "required"
    assert creation["authenticatorSelection"]["userVerification"] == "required"
    assert [len(creation["excludeCredentials"]), creation["rp"]["name"]] == [1, "Roliga Ting"]
    assert creation["user"]["displayName"] == "Anders"


async def test_another_site_can_neither_add_a_passkey_nor_use_one(
    client: httpx2.AsyncClient, anders: httpx2.AsyncClient, device: Authenticator
) -> None:
    device.origin = "https://roliga-ting.example"
    assert (await use(client, device)).status_code == 404
    assert (await add(anders, Authenticator(origin="http://localhost:9999"))).status_code == 403
    device.origin = ORIGIN
    assert (await use(client, device)).status_code == 200


async def test_what_was_signed_opens_once(client: httpx2.AsyncClient, device: Authenticator) -> None:
    answer = device.get(await ask(client))
    ticket = client.cookies["passkey"]
    assert (await client.post("/signin/passkey", json=answer)).status_code == 200
    assert "passkey" not in client.cookies
    client.cookies.clear()
    client.cookies.set("passkey", ticket)
    refused = await client.post("/signin/passkey", json=answer)
    assert refused.status_code == 404 and "session" not in client.cookies


async def test_a_challenge_belongs_to_one_browser_and_one_purpose(
    client: httpx2.AsyncClient, anders: httpx2.AsyncClient, device: Authenticator, signed_in: SignIn
) -> None:
    answer = device.get(await ask(anders))
    refused = await client.post("/signin/passkey", json=answer, params={"lang": "en"})
    assert (refused.status_code, refused.json()) == (
        403,
        {"message": "That took too long. Press the button once more."},
    )
    await ask(client)
    assert (await client.post("/signin/passkey", json=answer)).status_code == 404
    started = (await anders.post("/staff/me/passkeys/start")).json()
    lisa = await signed_in("lisa")
    lisa.cookies.set("passkey", anders.cookies["passkey"])
    assert (await lisa.post("/staff/me/passkeys", json=Authenticator().create(started))).status_code == 403
    theirs = {"Cookie": f"passkey={anders.cookies['passkey']}"}
    client.cookies.clear()
    assert (await client.post("/signin/passkey", json=answer, headers=theirs)).status_code == 403


@pytest.mark.parametrize("ticket", ["", "x", "1.2.3", "..", "1.AAAA." + "A" * 43, "é.é.é", "9" * 400])
async def test_a_ticket_that_we_did_not_write_is_none(
    client: httpx2.AsyncClient, device: Authenticator, ticket: str
) -> None:
    answer = device.get(await ask(client))
    client.cookies.clear()
    sent = await client.post("/signin/passkey", json=answer, headers={"Cookie": f"passkey={ticket}".encode()})
    assert sent.status_code == 403


async def test_a_challenge_is_good_for_five_minutes(client: httpx2.AsyncClient, device: Authenticator) -> None:
    for minutes, status in ((4.9, 200), (5.1, 403)):
        answer = device.get(await ask(client))
        ticket = client.cookies["passkey"]
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=minutes), tick=False):
            sent = await client.post("/signin/passkey", json=answer, headers={"Cookie": f"passkey={ticket}"})
        assert sent.status_code == status


async def test_a_device_that_did_not_check_the_person_opens_nothing(
    client: httpx2.AsyncClient, anders: httpx2.AsyncClient, device: Authenticator
) -> None:
    device.verifies = False
    assert (await use(client, device)).status_code == 404
    assert (await add(anders, Authenticator(verifies=False))).status_code == 403


async def test_a_counter_that_goes_back_is_refused_and_one_that_stays_zero_is_not(
    client: httpx2.AsyncClient, anders: httpx2.AsyncClient
) -> None:
    device = Authenticator(counts=True)
    await add(anders, device)
    assert [(await use(client, device)).status_code for _ in range(3)] == [200] * 3
    device.count = 1  # a copy from before
    assert (await use(client, device)).status_code == 404
    device.count = 3
    assert (await use(client, device)).status_code == 200


async def test_somebody_elses_key_or_account_opens_nothing(
    client: httpx2.AsyncClient, device: Authenticator, signed_in: SignIn
) -> None:
    stranger = Authenticator(credential_id=device.credential_id, user=device.user)
    assert (await use(client, stranger)).status_code == 404
    lisas = Authenticator()
    await add(await signed_in("lisa"), lisas)
    lisas.user = device.user
    assert (await use(client, lisas)).status_code == 404
    assert (await use(client, Authenticator(user=device.user))).status_code == 404


async def test_who_works_in_another_shop_comes_into_that_shop_alone(
    client: httpx2.AsyncClient, shop: Shop, signed_in: SignIn, anders: httpx2.AsyncClient, device: Authenticator
) -> None:
    await shop.order()
    nora, hers = await signed_in("nora"), Authenticator()
    assert (await add(nora, hers)).status_code == 200
    assert (await use(client, hers)).json() == {"to": "/owner"}
    assert (await client.get("/staff/orders/1001")).status_code == 404
    assert (await nora.post(await ending(anders))).status_code == 404
    assert (await use(client, device)).status_code == 200
    assert (await client.get("/staff/orders/1001")).status_code == 200


async def ending(client: httpx2.AsyncClient) -> str:
    found = re.search(r'action="(/staff/me/passkeys/[0-9a-f]{32}/end)"', (await client.get("/staff/me")).text)
    assert found is not None
    return found[1]


async def test_a_removed_passkey_opens_nothing(
    client: httpx2.AsyncClient, anders: httpx2.AsyncClient, device: Authenticator, signed_in: SignIn
) -> None:
    path = await ending(anders)
    assert (await (await signed_in("lisa")).post(path)).status_code == 404
    assert (await anders.post(path)).headers["location"] == "/staff/me?done=passkey-gone#passkeys"
    refused = await use(client, device)
    assert refused.status_code == 404 and "passkey opens nothing" in refused.json()["message"]


@pytest.mark.parametrize("end", [people.end_employment, people.sign_out])
async def test_who_has_left_or_was_signed_out_everywhere_needs_a_link(
    client: httpx2.AsyncClient, device: Authenticator, shop: Shop, end: Any
) -> None:
    await end(shop.desk, shop.id, "anders")
    assert (await use(client, device)).status_code == 404
    async with shop.desk.db.read() as conn:
        account = await accounts.find_account(conn, shop.id, await shop.person_id("anders"))
        assert account is not None
        assert await passkeys.list_passkeys(conn, shop.id, account.id) == []


@pytest.mark.parametrize(("form", "opens"), [({}, 404), ({"keep": "1"}, 200)])
async def test_signing_oneself_out_everywhere_takes_them_along_unless_one_keeps_them(
    client: httpx2.AsyncClient, anders: httpx2.AsyncClient, device: Authenticator, form: dict[str, str], opens: int
) -> None:
    assert 'name="keep"' in (await anders.get("/staff/me")).text
    assert (await anders.post("/staff/me/devices/end", data=form)).headers["location"] == "/signin"
    assert (await use(client, device)).status_code == opens


async def test_the_same_passkey_is_not_added_twice(anders: httpx2.AsyncClient, device: Authenticator) -> None:
    assert (await add(anders, device)).status_code == 409


async def test_there_is_an_end_to_how_many_one_can_have(anders: httpx2.AsyncClient) -> None:
    assert [(await add(anders, Authenticator())).status_code for _ in range(MOST + 1)] == [200] * MOST + [409]


async def test_a_shared_tablet_makes_none(shop: Shop, client: httpx2.AsyncClient, anders: httpx2.AsyncClient) -> None:
    async with shop.desk.db.write() as conn:
        account = await accounts.find_account(conn, shop.id, await shop.person_id("anders"))
        assert account is not None
        opened = await signin.open_session(conn, shop.id, account.id, device="", days=1, kiosk_id="k" * 32)
    client.cookies.set("session", opened[0])
    assert (await add(client, Authenticator())).status_code == 403
    assert "data-passkey" not in (await client.get("/staff/me")).text


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b'{"id": 1}', b"\xff\xfe", b'{"id":"a","rawId":"a"}'])
async def test_what_is_no_passkey_is_refused(
    client: httpx2.AsyncClient, anders: httpx2.AsyncClient, body: bytes
) -> None:
    await ask(client)
    assert (await client.post("/signin/passkey", content=body)).status_code == 404
    await anders.post("/staff/me/passkeys/start")
    assert (await anders.post("/staff/me/passkeys", content=body)).status_code == 403


async def test_bent_answers_are_refused_whatever_is_bent(client: httpx2.AsyncClient, device: Authenticator) -> None:
    good = device.get(await ask(client))
    ticket = client.cookies["passkey"]
    for name, value in good["response"].items():
        for bent in ("", "AA", value[:-4], value[4:], value + "AAAA", value[::-1]):
            answer = good | {"response": good["response"] | {name: bent}}
            sent = await client.post("/signin/passkey", json=answer, headers={"Cookie": f"passkey={ticket}"})
            assert sent.status_code in (404, 429), (name, bent)
    assert "session" not in client.cookies


async def test_guessing_is_slowed_and_coming_in_is_not(client: httpx2.AsyncClient, device: Authenticator) -> None:
    assert [(await use(client, device)).status_code for _ in range(12)] == [200] * 12
    strange = Authenticator(user=device.user)
    assert [(await use(client, strange)).status_code for _ in range(10)] == [404] * 10
    slowed = await client.post("/signin/passkey/start")
    assert slowed.status_code == 429 and int(slowed.headers["retry-after"]) > 0


async def test_a_copy_of_ones_data_names_the_passkeys(shop: Shop, device: Authenticator) -> None:
    found = (await privacy.export_person(shop.desk, shop.id, "anders"))["passkeys"]
    assert len(found) == 1 and "fingerprint" not in found[0]
    await privacy.erase_person(shop.desk, shop.id, "anders")
    async with shop.desk.db.read() as conn:
        gone = found[0]["account_id"]
        assert await passkeys.list_passkeys(conn, shop.id, gone) == []
