"""What a session that came lightly, or long ago, is too little for: new keys, and what cannot be undone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
import time_machine

from storefront_trace import config
from storefront_trace.actions import people, rights
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.storage import accounts
from tests.authenticator import ORIGIN, Authenticator
from tests.people import Shop
from tests.shops import SECRET
from tests.web.owner.test_safety import PATH, SignIn, by_link, set_up

EN = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> config.Settings:
    return config.load({"DATABASE_URL": database_url, "SECRET_KEY": SECRET, "PUBLIC_URL": ORIGIN}, tmp_path)


@pytest.fixture
async def olga(signed_in: SignIn) -> httpx2.AsyncClient:
    return await signed_in("olga")


async def test_an_owner_who_came_too_lightly_is_a_colleague_below_the_staffs_pages(
    shop: Shop, olga: httpx2.AsyncClient, client: httpx2.AsyncClient, clock: time_machine.Traveller
) -> None:
    await set_up(olga)
    await olga.post(f"{PATH}/require", data={"needs": "1"})
    await people.invite(shop.desk, shop.id, "jocke")
    await rights.set_role(shop.desk, shop.id, "jocke", "owner")
    await by_link(shop, client, "jocke")
    await shop.order()
    step = (await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))).event
    assert step is not None
    clock.shift(3 * 3600)
    assert (await client.get("/staff")).status_code == 200
    wrong = {"event": step.id, "reason": "It was another parcel."}
    assert (await client.post("/staff/orders/1001/correct", data=wrong)).status_code == 403
    await by_link(shop, client, "jocke")
    await set_up(client)
    assert (await client.post("/staff/orders/1001/correct", data=wrong)).status_code == 303


async def add(client: httpx2.AsyncClient, device: Authenticator, where: str = f"{PATH}/passkeys") -> httpx2.Response:
    started = await client.post(f"{where}/start")
    return started if started.status_code != 200 else await client.post(where, json=device.create(started.json()))


@pytest.mark.parametrize("where", [f"{PATH}/passkeys", "/staff/me/passkeys"])
async def test_an_old_session_adds_no_passkey_and_removes_none_until_a_code_is_given(
    olga: httpx2.AsyncClient, clock: time_machine.Traveller, where: str
) -> None:
    app, codes = await set_up(olga)
    assert (await add(olga, Authenticator(), where)).status_code == 200
    clock.shift(11 * 60)
    refused = await add(olga, Authenticator(), where)
    then = "safety" if where.startswith(PATH) else "me"
    assert refused.status_code == 403 and refused.json()["to"] == f"{PATH}/prove?then={then}"
    one = re.search(rf'action="({where}/[0-9a-f]{{32}}/end)"', (await olga.get(where.removesuffix("/passkeys"))).text)
    assert one is not None
    assert (await olga.post(one[1])).headers["location"] == f"{PATH}/prove?then={then}"
    assert one[1] in (await olga.get(where.removesuffix("/passkeys"))).text
    wrong = await olga.post(f"{PATH}/prove", data={"code": app.wrong(), "then": then}, headers=EN)
    assert wrong.status_code == 422 and f'value="{then}"' in wrong.text
    proved = await olga.post(f"{PATH}/prove", data={"code": codes[0], "then": then})
    assert proved.headers["location"] == ("/staff/me#passkeys" if then == "me" else PATH)
    assert (await add(olga, Authenticator(), where)).status_code == 200
    assert "said=" in (await olga.post(one[1])).headers["location"] or where.startswith("/staff")
    assert (await olga.post(f"{PATH}/prove", data={"code": codes[0]})).status_code == 422


async def test_who_begins_in_time_may_take_a_moment_and_not_half_an_hour(
    olga: httpx2.AsyncClient, clock: time_machine.Traveller
) -> None:
    device, started = Authenticator(), await olga.post(f"{PATH}/passkeys/start")
    clock.shift(4 * 60)
    assert (await olga.post(f"{PATH}/passkeys", json=device.create(started.json()))).status_code == 200


async def test_a_link_alone_is_not_enough_for_a_key_where_she_has_one_already(
    shop: Shop, olga: httpx2.AsyncClient, client: httpx2.AsyncClient
) -> None:
    device = Authenticator()
    await add(olga, device)
    assert (await by_link(shop, client)).headers["location"] == "/owner"
    assert (await add(client, Authenticator())).status_code == 403
    assert (await client.post(f"{PATH}/app/start")).headers["location"] == f"{PATH}/prove?then=safety"
    page = (await client.get(f"{PATH}/prove?then=safety", headers=EN)).text
    assert f'data-then="{PATH}"' in page and 'name="code"' not in page and "run signin" not in page
    asked = (await client.post("/signin/passkey/start")).json()
    assert (await client.post("/signin/passkey", json=device.get(asked))).status_code == 200
    assert (await add(client, Authenticator())).status_code == 200


async def test_a_session_that_lay_about_sets_up_no_app_and_keeps_nobody_out(
    shop: Shop, olga: httpx2.AsyncClient, signed_in: SignIn, clock: time_machine.Traveller
) -> None:
    clock.shift(11 * 60)
    assert (await olga.post(f"{PATH}/app/start")).headers["location"] == f"{PATH}/prove?then=safety"
    assert (await olga.get(f"{PATH}/app")).headers["location"] == PATH
    page = (await olga.get(f"{PATH}/prove?then=//elsewhere.example", headers=EN)).text
    assert "Sign in anew with a new sign-in link" in page and ">./run signin --person olga<" in page
    assert 'name="code"' not in page and "elsewhere" not in page.partition("<main")[2]
    anew = await signed_in("olga")
    await anew.post(f"{PATH}/app/start")
    clock.shift(31 * 60)
    assert (await olga.get(f"{PATH}/app")).headers[
        "location"
    ] == f"{PATH}/prove?then=safety"  # nor looks over her shoulder
    await set_up(await signed_in("olga"))
    assert (await olga.get("/owner")).headers["location"] == "/signin"


async def test_staff_add_their_passkeys_as_before(signed_in: SignIn, clock: time_machine.Traveller) -> None:
    anders = await signed_in("anders")
    clock.shift(3600)
    assert (await add(anders, Authenticator(), "/staff/me/passkeys")).status_code == 200


ASKS = [
    ("POST", "/owner/privacy/export", {"email": "karin@example.com"}, "privacy"),
    ("POST", "/owner/privacy/erase", {"number": "1001", "sure": "1"}, "privacy"),
    ("POST", "/owner/privacy/purge", {"sure": "1"}, "privacy"),
    ("POST", f"{PATH}/require", {"needs": "1"}, "safety"),
    ("GET", "/owner/answers.csv", None, "people"),
    ("GET", "/owner/answers.json", None, "people"),
    ("GET", "/owner/people/lisa/answers.csv", None, "people"),
    ("GET", "/owner/teams/warehouse/answers.json", None, "people"),
]


async def test_after_half_a_day_data_goes_neither_out_nor_away_until_it_is_sure_who_asks(
    shop: Shop, olga: httpx2.AsyncClient, clock: time_machine.Traveller
) -> None:
    await shop.order()
    _, codes = await set_up(olga)
    clock.shift(12 * 3600)
    for method, path, data, then in ASKS:
        answer = await olga.request(method, path, data=data)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}/prove?then={then}")
    assert (await shop.row("1001")) is not None
    assert f"{PATH}/prove?then=privacy" in (await olga.get("/owner/privacy")).text
    page = await olga.get(f"{PATH}/prove?then=privacy", headers=EN)
    assert "What you had typed is not kept" in page.text and "Nothing has been done yet" in page.text
    proved = await olga.post(f"{PATH}/prove", data={"code": codes[0], "then": "privacy"})
    assert proved.headers["location"] == "/owner/privacy"
    assert f"{PATH}/prove" not in (await olga.get("/owner/privacy")).text
    for method, path, data, _ in ASKS:
        assert "/prove" not in (await olga.request(method, path, data=data)).headers.get("location", "")


async def test_an_owner_by_link_alone_signs_in_anew_for_it_and_does_all_else(
    signed_in: SignIn, olga: httpx2.AsyncClient, clock: time_machine.Traveller
) -> None:
    clock.shift(12 * 3600 - 1)
    assert (await olga.get("/owner/answers.csv")).status_code == 200
    clock.shift(1)
    assert (await olga.get("/owner/answers.csv")).headers["location"] == f"{PATH}/prove?then=people"
    assert (await olga.post("/owner/privacy/settings", data={"words_months": "12"})).status_code == 303
    assert (await olga.post("/owner/privacy/look")).status_code == 200
    assert (await (await signed_in("olga")).get("/owner/answers.csv")).status_code == 200


async def test_no_old_session_goes_round_it_by_a_link_for_an_owner_or_by_another_owner(
    shop: Shop, olga: httpx2.AsyncClient, clock: time_machine.Traveller
) -> None:
    await people.invite(shop.desk, shop.id, "lisa")
    clock.shift(12 * 3600)
    to_prove = f"{PATH}/prove?then=people"
    for path, data in (
        ("/owner/people/olga/link", {}),
        ("/owner/people/lisa/role", {"role": "owner"}),
        ("/owner/sheet", {"handle": ["anders", "olga"]}),
    ):
        assert (await olga.post(path, data=data)).headers.get("location") == to_prove
    assert "/signin/" in (await olga.post("/owner/people/anders/link")).text
    assert "/signin/" in (await olga.post("/owner/sheet", data={"handle": ["anders", "lisa"]})).text
    async with shop.desk.db.read() as conn:
        account = await accounts.find_account(conn, shop.id, await shop.person_id("lisa"))
    assert account is not None and account.role == "staff"


async def test_with_codes_a_link_for_an_owner_asks_for_one_after_ten_minutes(
    olga: httpx2.AsyncClient, clock: time_machine.Traveller
) -> None:
    clock.shift(3600)
    assert "/signin/" in (await olga.post("/owner/people/olga/link")).text  # half a day, by a link alone
    clock.shift(-3600)
    _, codes = await set_up(olga)
    clock.shift(11 * 60)
    assert (await olga.post("/owner/people/olga/link")).headers["location"] == f"{PATH}/prove?then=people"
    await olga.post(f"{PATH}/prove", data={"code": codes[0], "then": "people"})
    assert "/signin/" in (await olga.post("/owner/people/olga/link")).text
