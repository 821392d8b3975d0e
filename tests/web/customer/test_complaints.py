"""What people complain about on other order pages, one test each, by the number it has in our notes on them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import httpx2
import pytest
import time_machine
from starlette.applications import Starlette

from storefront_trace.actions import shops
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.moments import from_naive_local, parse_moment
from storefront_trace.domain.orders import Parcel
from storefront_trace.photos.sheets import PNG, Sheet
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


# Complaints 4 and 5, where they concern the page, its pictures and its embedded form.

PATHS = ("", ".json", "/embed", "/card.png", "/strip.png")


async def test_complaint_4_public_lookup_leaks_the_stored_order(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient
) -> None:
    """The link is 256 random bits, not a number to count up; behind it stands little, in every form."""
    await shop.order()
    token = await shop.token()
    assert re.fullmatch(r"[\w-]{43}", token) and "1001" not in token
    drawn: list[Sheet] = []

    async def draw(sheet: Sheet) -> bytes:
        drawn.append(sheet)
        return PNG

    app.state.card_worker.draw = draw
    for path in PATHS:
        answer = await client.get(f"/t/{token}{path}")
        assert answer.status_code == 200
        assert "karin@example.com" not in answer.text and "example.com" not in str(answer.headers)
        for near in (
            "1001",
            token[:-1],
            token[:-1] + ("A" if token[-1] != "A" else "B"),
            await shop_id_and_order(shop),
        ):
            assert (await client.get(f"/t/{near}{path}")).status_code == 404
    facts = (await client.get(f"/t/{token}.json")).json()
    assert not {"email", "phone", "address", "customer"} & set(re.findall(r'"(\w+)":', str(facts).replace("'", '"')))
    assert len(drawn) == 2 and "Karin" not in repr(drawn)


async def shop_id_and_order(shop: Shop) -> str:
    """What our own database calls the order: of no use as a link."""
    return (await shop.row()).id


async def test_complaint_5_an_email_address_in_the_url_lands_in_logs_and_referrers(
    shop: Shop, client: httpx2.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    """The form that takes an address is sent as POST and leads nowhere with it; no page tells the next site where its
    reader came from; nothing of either is logged."""
    await shop.order()
    token = await shop.token()
    form = (await client.get("/track")).text
    assert re.search(r'<form[^>]* method="post"[^>]* action="/track"', form)
    asked = await client.get("/track?number=1001&email=karin@example.com")
    assert "karin@example.com" not in asked.text
    said = await client.post("/track", data={"number": "1001", "email": "karin@example.com"})
    assert "karin" not in str(said.url) and "karin" not in said.headers.get("location", "")
    for path in PATHS:
        answer = await client.get(f"/t/{token}{path}")
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "karin@example.com" not in answer.text
    out, err = capsys.readouterr()
    assert "karin@example.com" not in out + err and token not in out + err
