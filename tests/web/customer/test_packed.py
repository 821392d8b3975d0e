"""What is packed and waits for the carrier is in its parcel, and nowhere else."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx2

from storefront_trace.actions.shops import put_step
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.domain.moments import Moment
from storefront_trace.domain.orders import Parcel
from storefront_trace.storage import shops
from tests.people import Shop

SV = {"Accept-Language": "sv"}
MUG, DUCK = IncomingLine("1", "Mugg", 2), IncomingLine("2", "Anka", 1)
ONE, TWO = Parcel("A", "PostNord", "RR1"), Parcel("B", "DHL", "JD2")


async def log(shop: Shop, hour: int, key: str, by: str | None = "anders", **more: object) -> None:
    at = Moment(datetime(2026, 11, 20, tzinfo=UTC) + timedelta(hours=hour), "+01:00", "minute")
    await log_step(shop.desk, shop.id, "1001", StepToLog(key, by, at, **more))  # type: ignore[arg-type]


async def read(shop: Shop, client: httpx2.AsyncClient) -> str:
    html = (await client.get(f"/t/{await shop.token()}", headers=SV)).text
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " ").split())


async def test_a_packed_parcel_is_the_only_one(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(lines=(MUG, DUCK))
    await log(shop, 8, "packed", parcel=ONE)
    text = await read(shop, client)
    assert "Ditt paket Packad" in text and text.count("Mugg") == text.count("Anka") == 1
    assert "Paket 2" not in text and "Väntar" not in text


async def test_of_two_packed_parcels_each_is_sent_and_comes_home(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(lines=(MUG, DUCK))
    await log(shop, 8, "packed", parcel=ONE, lines=(("1", 2),))
    await log(shop, 9, "packed", parcel=TWO, lines=(("2", 1),))
    text = await read(shop, client)
    assert "två paket" in text and "Paket 3" not in text and text.count("Mugg") == 1
    assert "Paket 1 skickas" in text and "Paket 2 är hemma hos dig" in text


async def test_what_did_not_fit_into_the_packed_parcel_still_waits(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(lines=(MUG, DUCK))
    await log(shop, 8, "packed", parcel=ONE, lines=(("1", 1),))
    text = await read(shop, client)
    assert "Paket 2 Väntar Mugg 1 av 2 st Anka 1 st" in text


async def test_some_things_called_off_are_not_the_order(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(lines=(MUG, DUCK))
    await log(shop, 8, "cancelled", by="jocke", lines=(("2", 1),))
    text = await read(shop, client)
    assert "avbröt en del av din beställning" in text and "avbröt din beställning" not in text


async def test_when_a_carrier_took_it_over_does_not_move_with_its_scans(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(lines=(MUG,))
    await log(shop, 8, "shipped", parcel=ONE)
    for hour in (10, 14, 20):
        await log(shop, hour, "in_transit", by=None, parcel=ONE, carrier_scan=True)
    text = await read(shop, client)
    assert re.search(r"PostNord tog hand om [^.]+ den 20 november kl\. 11\.00", text)
    assert "Vad PostNord har meddelat (3)" in text and "kl. 21.00" in text


async def test_a_sentence_of_the_shops_own_can_name_the_order_and_never_another(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    async with shop.desk.db.read() as conn:
        packed = (await shops.get_cast(conn, shop.id)).steps["packed"]
    own = packed.sentences | {"sv": "{name} packade {number} {when}."}
    await put_step(shop.desk, shop.id, replace(packed, sentences=own))
    for number in ("1001", "1002"):
        await shop.order(number)
        await log_step(shop.desk, shop.id, number, StepToLog("packed", "anders"))
        html = (await client.get(f"/t/{await shop.token(number)}", headers=SV)).text
        facts = (await client.get(f"/t/{await shop.token(number)}.json", headers=SV)).json()
        assert f"Anders packade {number} " in html and f"packade {number} den" in facts["events"][-1]["sentence"]


async def test_a_number_without_an_address_can_be_looked_up_by_hand(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(lines=(MUG,))
    await log(shop, 8, "shipped", parcel=ONE)
    assert "Paketnummer hos PostNord: RR1" in await read(shop, client)
    await log(shop, 9, "in_transit", by=None, parcel=replace(ONE, tracking_url="https://postnord.example/RR1"))
    text = await read(shop, client)
    assert "Paketnummer" not in text and "Följ paketet hos PostNord" in text
