"""What the page says of the other ways to the customer, and of what does not come as it was ordered."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from storefront_trace.actions.shops import set_face
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.domain.moments import Moment
from storefront_trace.domain.orders import Parcel
from tests.people import Shop

SV = {"Accept-Language": "sv"}
MUG, CARD = IncomingLine("1", "Mugg", 2), IncomingLine("9", "Presentkort", 1, shippable=False)
POSTNORD = Parcel("A", "PostNord", "RR1", "https://postnord.example/RR1")


async def log(
    shop: Shop, hour: int, key: str, by: str | None = "lisa", *, number: str = "1001", **more: object
) -> None:
    at = Moment(datetime(2026, 11, 20, tzinfo=UTC) + timedelta(hours=hour), "+01:00", "minute")
    await log_step(shop.desk, shop.id, number, StepToLog(key, by, at, **more))  # type: ignore[arg-type]


async def read(shop: Shop, client: httpx2.AsyncClient) -> str:
    html = (await client.get(f"/t/{await shop.token()}", headers=SV)).text
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " ").split())


async def test_what_is_fetched_says_where_and_since_when(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(method="pickup", lines=(MUG,))
    await log(shop, 8, "ready_for_pickup", note="Bakom kassan.")
    text = await read(shop, client)
    assert "Nu Redo att hämta Hos Roliga Ting, sedan fredag 20 november Säg 1001 i kassan" in text
    assert "Just nu är din beställning hos Lisa" in text and "Bakom kassan." in text
    assert "Hemma hos dig" not in text and "Fraktbolaget" not in text
    await log(shop, 10, "picked_up")
    page = await read(shop, client)
    assert "Din beställning är Hämtad" in page and "Hämtad sedan" not in page


async def test_a_day_stays_the_day_it_was_said_to_be_wherever_that_was(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(method="pickup", lines=(MUG,))
    helsinki = Moment(datetime(2026, 11, 20, 22, tzinfo=UTC), "Europe/Helsinki", "day")  # it is the 20th in Stockholm
    await log_step(shop.desk, shop.id, "1001", StepToLog("ready_for_pickup", "anders", helsinki))
    text = await read(shop, client)
    assert "på lagret, sedan lördag 21 november" in text and "Hos Roliga Ting, sedan lördag 21 november" in text


async def test_what_is_kept_by_a_carrier_is_fetched_without_our_counter(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(method="pickup", lines=(MUG,))
    await log(shop, 8, "ready_for_pickup", parcel=POSTNORD)
    assert "i kassan" not in await read(shop, client)


async def test_one_card_of_things_has_one_heading(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(lines=(MUG,))
    html = (await client.get(f"/t/{await shop.token()}", headers=SV)).text
    assert '<h2 id="things">Dina saker</h2>' in html and "Två saker" not in html
    await shop.order("1002", lines=(MUG, CARD))
    html = (await client.get(f"/t/{await shop.token('1002')}", headers=SV)).text
    assert html.count('<h2 id="things">Dina saker</h2>') == 1 and '<h3 id="parcel-2">' in html
    assert '<h3 id="parcel-1">' not in html
    await log(shop, 8, "shipped", parcel=POSTNORD, number="1002")
    html = (await client.get(f"/t/{await shop.token('1002')}", headers=SV)).text
    assert '<h2 id="things">Dina saker</h2>' in html and '<h3 id="parcel-1">' in html


WHERE = "Knappgatan 4, den gröna dörren\nVardagar 10–18"


async def test_where_to_collect_is_told_once_it_is_ready_and_no_longer(shop: Shop, client: httpx2.AsyncClient) -> None:
    await set_face(shop.desk, shop.id, pickup=f"  {WHERE.replace(chr(10), chr(13) + chr(10))}\u200b ")
    await shop.order(method="pickup", lines=(MUG,))
    path = f"/t/{await shop.token()}"
    for hour, key, told in ((8, "packed", False), (9, "ready_for_pickup", True), (10, "picked_up", False)):
        await log(shop, hour, key)
        facts = (await client.get(f"{path}.json")).json()["order"]
        assert facts["collect"] == (WHERE if told else None)
        html = (await client.get(path, params={"lang": "de"})).text
        assert (f'<dd class="next__where" lang="sv">{WHERE}</dd>' in html) is told


@pytest.mark.parametrize("method", ["parcel", "pickup"])
async def test_what_a_carrier_keeps_is_not_fetched_at_the_shop(
    shop: Shop, client: httpx2.AsyncClient, method: str
) -> None:
    await set_face(shop.desk, shop.id, pickup=WHERE)
    await shop.order(method=method, lines=(MUG,))
    await log(shop, 9, "ready_for_pickup", None, parcel=POSTNORD, carrier_scan=True)
    text = await read(shop, client)
    assert "Redo att hämta" in text and "Knappgatan" not in text


async def test_our_own_people_are_never_called_a_carrier(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(method="local", lines=(MUG,))
    await log(shop, 8, "out_for_delivery", "anders")
    assert "Anders på lagret åkte ut med paketet" in await read(shop, client)
    await log(shop, 9, "delivered", None, carrier_scan=True)
    text = await read(shop, client)
    assert "Roliga Ting lämnade paketet till dig" in text and "Fraktbolag" not in text


async def test_a_gift_card_beside_a_mug_is_sent_by_itself(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(lines=(MUG, CARD))
    await log(shop, 8, "emailed")
    text = await read(shop, client)
    assert "Med mejl Mejlad Presentkort" in text
    assert "Dina saker Väntar" in text
    assert (await shop.row()).state == "received"


async def test_a_parcel_is_never_said_to_have_come_by_mail(shop: Shop) -> None:
    await shop.order(lines=(MUG,))
    with pytest.raises(Invalid):
        await log(shop, 8, "emailed")
    assert (await shop.row()).state == "received"


@pytest.mark.parametrize("parcel", [POSTNORD, None])
async def test_what_left_in_a_parcel_says_nothing_of_a_gift_card(
    shop: Shop, client: httpx2.AsyncClient, parcel: Parcel | None
) -> None:
    await shop.order(lines=(MUG, CARD))
    await log(shop, 8, "shipped", "anders", parcel=parcel)
    assert "Med mejl Väntar Presentkort" in await read(shop, client)
    await log(shop, 9, "emailed")
    assert "Med mejl Mejlad Presentkort" in await read(shop, client)


async def test_whoever_names_a_gift_card_speaks_of_it(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(lines=(MUG, CARD))
    await log(shop, 8, "shipped", "anders", parcel=POSTNORD, lines=(("1", 2), ("9", 1)))
    assert "Med mejl Mejlad Presentkort" in await read(shop, client)


async def test_everything_that_was_called_off_is_told(shop: Shop, client: httpx2.AsyncClient) -> None:
    fallen = [IncomingLine(str(n), f"Sak nummer {n}.", 1, cancelled=1) for n in range(11, 31)]
    await shop.order(lines=(MUG, *fallen))
    text = await read(shop, client)
    assert [one.title for one in fallen if one.title not in text] == []
    assert text.count("Avbruten") == 1


async def test_quantities_are_said_where_they_differ(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(lines=(replace(MUG, quantity=3, backordered=1),))
    await log(shop, 8, "shipped", lines=(("1", 2),), parcel=POSTNORD)
    text = await read(shop, client)
    assert "Tre saker, två paket" in text
    assert "Mugg 2 av 3 st" in text and "Mugg 1 av 3 st Tillfälligt slut" in text


async def test_what_was_called_off_sent_back_and_exchanged_is_told(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(lines=(MUG, IncomingLine("2", "Lampa", 1, "Blå"), IncomingLine("3", "Vas", 1, cancelled=1)))
    await log(shop, 8, "shipped", parcel=POSTNORD)
    await log(shop, 20, "delivered", None, parcel=Parcel("A"), carrier_scan=True)
    await log(shop, 21, "returned", lines=(("1", 1),))
    text = await read(shop, client)
    assert "Mugg 2 st 1 har kommit tillbaka" in text
    assert "Kommer inte Avbruten Vas" in text
    assert (await shop.row()).state == "delivered"
    await log(shop, 22, "exchanged", lines=(("2", None),))
    text = await read(shop, client)
    assert "Lampa Blå, 1 st Bytt" in text and "Paket 2 Väntar Lampa 1 st Nytt i stället" in text
    assert "Just nu är din beställning hos Lisa" in text
    await log(shop, 23, "shipped", lines=(("2", None),), parcel=Parcel("B", "DHL"))
    text = await read(shop, client)
    assert "Lampa Blå, 1 st Bytt" in text and "Lampa 1 st Nytt i stället" in text


async def test_an_exchange_of_the_whole_order_is_shown_as_one(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(lines=(MUG,))
    await log(shop, 8, "shipped", parcel=POSTNORD)
    await log(shop, 20, "delivered", None, parcel=Parcel("A"), carrier_scan=True)
    await log(shop, 21, "exchanged")
    text = await read(shop, client)
    assert "Mugg 2 st Bytt" in text and "Paket 2 Väntar Mugg 2 st" in text


async def test_a_refund_is_a_step_and_moves_nothing(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(lines=(MUG,))
    await log(shop, 8, "packed", "anders")
    await log(shop, 9, "refunded", "lisa", note="149 kr är på väg till ditt kort.")
    text = await read(shop, client)
    assert "Just nu är din beställning hos Anders" in text
    assert "Lisa på lagret gjorde en återbetalning till dig" in text and "149 kr" in text


async def test_a_carriers_scans_are_one_step_with_all_of_them_inside(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(lines=(MUG,))
    await log(shop, 8, "shipped", parcel=POSTNORD)
    for hour, key in ((20, "in_transit"), (26, "in_transit"), (30, "out_for_delivery")):
        await log(shop, hour, key, None, parcel=Parcel("A"), carrier_scan=True)
    html = (await client.get(f"/t/{await shop.token()}", headers=SV)).text
    (scans,) = re.findall(r'<details class="scans">.*?</details>', html, re.DOTALL)
    assert "Vad PostNord har meddelat (3)" in scans and scans.count("<li>") == 3
    assert html.count('<h3 class="step__name">PostNord') <= 1
    events = (await client.get(f"/t/{await shop.token()}.json")).json()["events"]
    assert [event["step"] for event in events[-3:]] == ["in_transit", "in_transit", "out_for_delivery"]


async def test_who_keeps_an_order_has_not_passed_it_on(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(lines=(MUG,))
    await log(shop, 8, "packed", "lisa", hand_to="lisa")
    text = await read(shop, client)
    assert "Just nu är din beställning hos Lisa" in text and "lämnade över" not in text
