"""What people complain about on other order pages, one test each, by the number it has in our notes on them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import httpx2
import pytest
import time_machine

from storefront_trace.actions import shops
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.moments import from_naive_local, parse_moment
from storefront_trace.domain.orders import Parcel
from tests.people import Shop
from tests.web.customer.test_track import text_of

EN = {"Accept-Language": "en"}


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "Europe/Stockholm", "Pacific/Kiritimati"])
@pytest.mark.parametrize("source", ["shop", "carrier"])
async def test_complaint_6_wrong_day_a_date_sent_as_midnight_utc(
    shop: Shop, client: httpx2.AsyncClient, zone: str, source: str
) -> None:
    """A promised day is the same day on every wall, from the first minute of it to the last, and late only then."""
    await shops.set_face(shop.desk, shop.id, zone=zone)
    day = date(2026, 11, 26) if source == "shop" else None
    await shop.order(promise_from=day, promise_to=day, lines=())
    parcel = Parcel("RR1", "PostNord", "RR1", expected_to="2026-11-26" if source == "carrier" else None)
    await log_step(shop.desk, shop.id, "1001", StepToLog("shipped", "anders", parcel=parcel))
    url = f"/t/{await shop.token()}"
    seen = []
    for clock in ("2026-11-26T00:00", "2026-11-26T23:59", "2026-11-27T00:00"):
        with time_machine.travel(from_naive_local(datetime.fromisoformat(clock), zone).instant, tick=False):
            text = text_of((await client.get(url, headers=EN)).text)
            order = (await client.get(f"{url}.json")).json()["order"]
        assert not re.search(r"(?<!Today, Friday )(25|27) November", text)
        seen.append((order["promise"] and order["promise"]["to"], order["late"]))
    after = "2026-11-26" if source == "shop" else None
    assert seen == [("2026-11-26", False), ("2026-11-26", False), (after, True)]


async def test_complaint_7_fourteen_hours_ago_for_a_value_known_to_the_day(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    """What is known to the day is told as a day: no clock, no hours ago, and no clock for programs either."""
    await shop.order()
    packed = parse_moment("2026-11-20", default_zone="Europe/Stockholm")
    assert packed.precision == "day"
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders", packed))
    url = f"/t/{await shop.token()}"
    for when in (datetime(2026, 11, 20, 13, tzinfo=UTC), datetime(2026, 11, 22, 13, tzinfo=UTC)):
        with time_machine.travel(when, tick=False):
            html = (await client.get(url, headers=EN)).text
            event = (await client.get(f"{url}.json")).json()["events"][-1]
        assert "Anders from the warehouse packed your order on 20 November." in text_of(html)
        assert '<time datetime="2026-11-20">' in html
        assert not re.search(r"\bago\b|20 November at|00:00", text_of(html))
        assert (event["at"], event["precision"]) == ("2026-11-20", "day")
