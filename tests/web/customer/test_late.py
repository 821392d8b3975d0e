"""A day that was promised and passes: what is said, of whom, and when nothing is."""

from __future__ import annotations

from datetime import date

import httpx2
import pytest

from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.domain.orders import Parcel
from tests.pace import has_history
from tests.people import Shop
from tests.web.customer.promises import MUG, at, facts, moment, page, placed, step

PROMISED = {"promise_from": date(2026, 11, 18), "promise_to": date(2026, 11, 18)}


async def test_a_promise_that_has_passed_is_said_first_with_who_has_the_order(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    with at(16, 11):
        await has_history(shop, (2, 2, 9))
        await placed(shop, **PROMISED)
        assert "försenad" not in await page(shop, client)
    with at(18, 23, 59):
        assert not (await facts(shop, client))["late"]
        assert "Försenad" not in await page(shop, client)
    with at(19, 0):
        text = await page(shop, client)
        order = await facts(shop, client)
    notice = (
        "Försenad: skulle ha kommit senast onsdag 18 november. Det är vi ledsna för. "
        "Anders på lagret har hand om din beställning."
    )
    assert notice in text
    assert text.index(notice) < text.index("Från hand till hand")
    assert "Väntas onsdag 18 november" not in text
    assert order["late"] is True
    assert order["promise"] == {"from": "2026-11-18", "to": "2026-11-18", "source": "shop"}


async def test_who_chose_the_team_is_not_named_when_something_is_late(shop: Shop, client: httpx2.AsyncClient) -> None:
    with at(19, 9):
        await placed(shop, **PROMISED)
        await step(shop, "picked", "sam", moment(16, 12))
        text = await page(shop, client)
    assert "Lagerteamet har hand om din beställning." in text
    assert "Sam" not in text.replace("Samtal", "")


async def test_an_order_that_will_not_keep_its_day_says_so_before_the_day(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    with at(17, 16):
        await has_history(shop, (3,))
        await placed(shop, **PROMISED)
        await step(shop, "shipped", "anders", moment(17, 15), parcel=Parcel("RR1", "PostNord", "RR1"))
        text = await page(shop, client)
        assert (await facts(shop, client))["late"] is True
    assert (
        "Det ser ut som att din beställning inte hinner fram till onsdag 18 november. PostNord har paketet nu. "
        "Undrar du något, så fråga Anders på lagret." in text
    )
    assert "fredag 20 november Hemma hos dig, tror vi" in text


async def test_a_carrier_that_will_be_later_than_promised_is_believed(shop: Shop, client: httpx2.AsyncClient) -> None:
    with at(17, 16):
        await placed(shop, **PROMISED)
        told = Parcel("RR1", "PostNord", "RR1", expected_from="2026-11-20", expected_to="2026-11-23")
        await step(shop, "shipped", "anders", moment(17, 15), parcel=told)
        text = await page(shop, client)
    assert "inte hinner fram till onsdag 18 november" in text
    assert "fredag 20 till måndag 23 november Hemma hos dig, enligt PostNord" in text


async def test_a_carriers_own_day_that_has_passed_is_said_too(shop: Shop, client: httpx2.AsyncClient) -> None:
    with at(17, 16):
        await placed(shop)
        told = Parcel("RR1", "PostNord", "RR1", expected_to="2026-11-18")
        await step(shop, "shipped", "anders", moment(17, 15), parcel=told)
    with at(19, 8):
        text = await page(shop, client)
        assert (await facts(shop, client))["promise"] is None
    assert "PostNord räknade med att vara hos dig senast onsdag 18 november, men paketet har inte kommit än." in text


async def test_what_waits_for_goods_with_a_day_of_their_own_is_not_late(shop: Shop, client: httpx2.AsyncClient) -> None:
    lamp = IncomingLine("2", "Igelkottslampa", 1, backordered=1, expected=date(2026, 11, 27))
    with at(16, 12):
        await placed(shop, **(PROMISED | {"lines": (*MUG, lamp)}))
        parcel = Parcel("RR1", "PostNord", "RR1", lines=(("1", 1),))
        await step(shop, "shipped", "anders", moment(16, 11), parcel=parcel, lines=(("1", 1),))
        await step(shop, "delivered", None, moment(16, 11, 30), parcel=parcel, carrier_scan=True)
    with at(19, 8):
        assert (await facts(shop, client))["late"] is False
        assert "försenad" not in await page(shop, client)


@pytest.mark.parametrize("state", ["delivered", "cancelled", "returned"])
async def test_what_is_over_is_neither_expected_nor_late(shop: Shop, client: httpx2.AsyncClient, state: str) -> None:
    with at(17, 16):
        await has_history(shop)
        await placed(shop, **PROMISED)
        await step(shop, state, None, moment(17, 15))
    with at(19, 8):
        text = await page(shop, client)
        assert (await facts(shop, client))["late"] is False
    assert "försenad" not in text and "tror" not in text and "Väntas" not in text


async def test_what_waits_to_be_fetched_is_never_late(shop: Shop, client: httpx2.AsyncClient) -> None:
    with at(17, 16):
        await has_history(shop)
        await placed(shop, method="pickup", **PROMISED)
        await step(shop, "ready_for_pickup", "anders", moment(17, 15))
    with at(25, 8):
        assert (await facts(shop, client))["late"] is False
        assert "försenad" not in await page(shop, client)


async def test_one_parcel_that_waits_to_be_fetched_excuses_no_other_thing(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    with at(17, 16):
        await placed(shop, **(PROMISED | {"lines": (*MUG, IncomingLine("2", "Vas", 1))}))
        parcel = Parcel("RR1", "PostNord", "RR1", lines=(("1", 1),))
        await step(shop, "shipped", "anders", moment(17, 15), parcel=parcel, lines=(("1", 1),))
        await step(shop, "ready_for_pickup", None, moment(17, 15, 30), parcel=parcel, carrier_scan=True)
        assert (await facts(shop, client))["promise"] == {"from": "2026-11-18", "to": "2026-11-18", "source": "shop"}
        assert (await facts(shop, client))["late"] is False
    with at(25, 8):
        text = await page(shop, client)
        assert (await facts(shop, client))["late"] is True
    assert "Försenad: skulle ha kommit senast onsdag 18 november." in text
    # The vase is with nobody but the shop.
    assert "PostNord har paketet nu" not in text


async def test_a_delay_with_a_reason_says_the_day_too(shop: Shop, client: httpx2.AsyncClient) -> None:
    with at(17, 16):
        await placed(shop, **PROMISED)
        told = StepToLog("delayed", "anders", moment(17, 15), "Pressen stod still.")
        await log_step(shop.desk, shop.id, "1001", told)
        text = await page(shop, client)
    notice = "Din beställning är försenad: väntas senast onsdag 18 november."
    assert text.index(notice) < text.index("Pressen stod still.")


async def test_what_comes_in_after_the_promised_day_is_said_to_be_late_before_that_day(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    lamp = IncomingLine("2", "Igelkottslampa", 1, backordered=1, expected=date(2026, 11, 30))
    with at(17, 16):
        await placed(shop, lines=(lamp,), promise_from=date(2026, 11, 23), promise_to=date(2026, 11, 24))
        assert (await facts(shop, client))["late"]
        text = await page(shop, client)
    assert "Det ser ut som att din beställning inte hinner fram till tisdag 24 november." in text and "Anders" in text
