from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storefront_trace.actions import steps
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.domain.moments import Moment
from tests.people import Shop

SignIn = Any


async def story(signed_in: SignIn, who: str = "lisa") -> str:
    text: str = (await (await signed_in(who)).get("/staff/orders/1001?lang=en")).text
    return text.split('aria-labelledby="story"')[1]


async def test_colleagues_see_on_which_device_a_step_was_logged(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    await (await signed_in("anders")).post("/staff/orders/1001/log", data={"step": "packed"})
    assert "On test" in await story(signed_in)


async def test_the_customer_is_told_nothing_of_devices(shop: Shop, signed_in: SignIn, client: Any) -> None:
    await shop.order()
    told = StepToLog("packed", by="anders", device="Anderssons iPad")
    await steps.log_step(shop.desk, shop.id, "1001", told)
    token = await shop.token()
    for url in (f"/t/{token}", f"/t/{token}.json"):
        assert "Anderssons" not in (await client.get(url)).text
    assert "On Anderssons iPad" in await story(signed_in)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("api:0123", "By the API"),
        ("shopify", "From the shop system (Shopify)"),
        ("woocommerce:0123", "From the shop system (WooCommerce)"),
        ("import", "From an import"),
    ],
)
async def test_a_step_that_a_system_told_of_says_which(shop: Shop, signed_in: SignIn, source: str, told: str) -> None:
    await shop.order()
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="anders", source=source))
    assert told in await story(signed_in)


async def test_a_step_that_waited_for_the_network_says_when_it_came_in(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    at = Moment(datetime.now(UTC) - timedelta(hours=2), "Europe/Stockholm", "minute")
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="anders", device="iPhone", at=at))
    assert "On iPhone, came in today" in (await story(signed_in)).replace("\u00a0", " ")


async def test_a_change_of_the_order_itself_is_part_of_its_story(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    await shop.order(lines=(IncomingLine("1", "Mugg", 5),))
    assert "The order itself was changed" in await story(signed_in)
