"""The link at the end of the mails by the clock."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import httpx2
import pytest
from PIL import Image

from storefront_trace.actions import own_mails, people
from storefront_trace.domain.mailing import OwnMail, own_mail_token
from storefront_trace.storage import accounts
from storefront_trace.storage.accounts import Account
from tests.people import Shop

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


async def account_of(shop: Shop, handle: str = "olga") -> Account:
    async with shop.desk.db.read() as conn:
        found = await accounts.find_account(conn, shop.id, await shop.person_id(handle))
    assert found is not None
    return found


async def link(shop: Shop, mail: OwnMail, handle: str = "olga") -> str:
    token = own_mail_token(shop.desk.secret, mail, shop.id, (await account_of(shop, handle)).id)
    return f"/mails/{mail}/{token}"


async def wanted(shop: Shop) -> dict[str, bool]:
    found = await account_of(shop)
    return {"morning": found.morning_hour is not None, "friday": found.friday}


@pytest.mark.parametrize("mail", ["morning", "friday"])
async def test_looking_changes_nothing_and_one_click_ends_this_mail_alone(
    shop: Shop, client: httpx2.AsyncClient, mail: OwnMail
) -> None:
    await own_mails.set_morning(shop.desk, shop.id, await shop.person_id("olga"), 7, locale="sv")
    url = await link(shop, mail)
    assert "Sluta mejla" in (await client.get(url)).text
    assert await wanted(shop) == {"morning": True, "friday": True}
    for _ in range(2):  # as a mail program does: no cookie, nothing of where it comes from
        answer = await client.post(url, data=ONE_CLICK)
        assert answer.status_code == 200 and "Sluta mejla" not in answer.text
    assert await wanted(shop) == {"morning": mail != "morning", "friday": mail != "friday"}
    assert "Sluta mejla" not in (await client.get(url)).text


async def test_the_link_of_one_mail_does_not_end_another(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await link(shop, "friday")
    answer = await client.post(url.replace("/friday/", "/morning/"), data=ONE_CLICK)
    assert answer.status_code == 404


async def test_it_speaks_the_language_of_the_mails(shop: Shop, client: httpx2.AsyncClient) -> None:
    await own_mails.set_friday(shop.desk, shop.id, await shop.person_id("olga"), True, locale="da")
    assert "Stoppe disse mails?" in (await client.get(await link(shop, "friday"))).text


async def test_the_link_of_somebody_who_has_left_ends_nothing_and_shows_nobody(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    await shop.session("anders")
    url = await link(shop, "friday", "anders")
    await people.end_employment(shop.desk, shop.id, "anders")
    assert (await client.post(url, data=ONE_CLICK)).status_code == 200
    assert (await client.get(f"{url}/face.jpg")).status_code == 404


async def test_the_portrait_in_the_mail_is_a_picture_that_outlook_knows(shop: Shop, client: httpx2.AsyncClient) -> None:
    answer = await client.get(f"{await link(shop, 'friday')}/face.jpg")
    assert answer.headers["content-type"] == "image/jpeg" and "no-cache" in answer.headers["cache-control"]
    assert Image.open(BytesIO(answer.content)).size == (196, 238)


async def test_the_portrait_is_of_that_mail_alone(shop: Shop, client: httpx2.AsyncClient) -> None:
    assert (await client.get(f"{await link(shop, 'morning')}/face.jpg")).status_code == 404


async def test_everybody_switches_their_own_on_and_off(shop: Shop, signed_in: Any) -> None:
    anders = await signed_in("anders")
    assert 'name="friday" value=""' in (await anders.get("/staff/me")).text
    answer = await anders.post("/staff/me/friday?lang=fi", data={"friday": ""}, headers={"accept-language": "fi"})
    assert answer.status_code == 303
    found = await account_of(shop, "anders")
    assert (found.friday, found.locale) == (False, "fi")
    assert 'name="friday" value="1"' in (await anders.get("/staff/me")).text
    assert (await account_of(shop)).friday
