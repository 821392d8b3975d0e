from __future__ import annotations

from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette

from storefront_trace import config
from storefront_trace.actions import people, privacy
from storefront_trace.notify.letters import CannotSay
from storefront_trace.notify.mails import compose
from storefront_trace.storage import outbox
from tests.authenticator import ORIGIN, Authenticator
from tests.notify.test_questions import mail, notices
from tests.people import Shop
from tests.shops import SECRET
from tests.web.test_passkeys import SignIn, add, use


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> config.Settings:
    return config.load({"DATABASE_URL": database_url, "SECRET_KEY": SECRET, "PUBLIC_URL": ORIGIN}, tmp_path)


@pytest.fixture
async def device(client: httpx2.AsyncClient, shop: Shop, signed_in: SignIn) -> Authenticator:
    """Anders's, and somebody has a copy of it from before its last use."""
    made = Authenticator(counts=True)
    assert (await add(await signed_in("anders"), made)).status_code == 200
    for _ in range(2):
        assert (await use(client, made)).status_code == 200
    made.count = 0
    return made


async def test_the_owner_reads_whose_passkey_counts_back(
    app: Starlette, client: httpx2.AsyncClient, shop: Shop, settings: config.Settings, device: Authenticator
) -> None:
    assert (await use(client, device)).status_code == 404
    message, text = await mail(app, shop, settings, "passkey_copied")
    assert (message["To"], message["Subject"]) == ("olga@example.com", "En passnyckel kan ha kopierats: Anders")
    assert "/owner/people/anders" in text


async def test_however_often_it_is_tried_it_is_told_once_until_it_is_right_again(
    client: httpx2.AsyncClient, shop: Shop, device: Authenticator
) -> None:
    async def told() -> int:
        async with shop.desk.db.read() as conn:
            return await outbox.count_waiting(conn)

    found = []
    for count in (0, 0, 1, 10, 0):
        device.count = count
        await use(client, device)
        found.append(await told())
    assert found == [1, 1, 1, 1, 2]


async def test_whoever_is_forgotten_is_named_in_no_notice(
    client: httpx2.AsyncClient, shop: Shop, device: Authenticator
) -> None:
    await use(client, device)
    await privacy.erase_person(shop.desk, shop.id, "anders")
    assert "passkey_copied" not in await notices(shop)


async def test_who_has_left_is_no_news(
    client: httpx2.AsyncClient, shop: Shop, settings: config.Settings, device: Authenticator
) -> None:
    await use(client, device)
    await people.end_employment(shop.desk, shop.id, "anders")
    with pytest.raises(CannotSay):
        await compose(shop.desk, settings, (await notices(shop))["passkey_copied"])
