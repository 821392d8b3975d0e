"""What a session that came lightly, or long ago, is too little for: new keys, and what cannot be undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
import time_machine

from storefront_trace import config
from storefront_trace.actions import people
from storefront_trace.actions.steps import StepToLog, log_step
from tests.authenticator import ORIGIN
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
    await people.set_role(shop.desk, shop.id, "jocke", "owner")
    await by_link(shop, client, "jocke")
    await shop.order()
    step = (await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))).event
    assert step is not None
    clock.shift(3 * 3600)
    assert (await client.get("/staff")).status_code == 200
    wrong = {"event": step.id, "reason": "It was another parcel."}
    assert (await client.post("/staff/orders/1001/correct", data=wrong)).status_code == 403
    await set_up(client)
    assert (await client.post("/staff/orders/1001/correct", data=wrong)).status_code == 303
