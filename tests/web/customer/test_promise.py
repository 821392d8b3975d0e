from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest
import time_machine

from storefront_trace.actions.steps import StepToLog, correct_event, log_step
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.domain.moments import Moment
from storefront_trace.domain.orders import Parcel
from tests.pace import has_history
from tests.people import Shop
from tests.web.customer.test_track import text_of

SV, EN = {"Accept-Language": "sv"}, {"Accept-Language": "en"}
MUG = (IncomingLine("1", "Skrattande mugg", 1),)
NO_PROMISE: dict[str, Any] = {"promise_from": None, "promise_to": None, "lines": MUG}


def moment(day: int, hour: int, minute: int = 0) -> Moment:
    """In November 2026, on the wall in Stockholm."""
    wall = datetime(2026, 11, day, hour, minute, tzinfo=UTC)
    return Moment(wall - timedelta(hours=1), "Europe/Stockholm", "minute")


def at(day: int, hour: int, minute: int = 0) -> time_machine.travel:
    return time_machine.travel(moment(day, hour, minute).instant, tick=False)


async def step(shop: Shop, key: str, by: str | None, when: Moment, **more: Any) -> str:
    return (await log_step(shop.desk, shop.id, "1001", StepToLog(key, by, when, **more))).event.id


async def page(shop: Shop, client: httpx2.AsyncClient, headers: dict[str, str] = SV) -> str:
    answer = await client.get(f"/t/{await shop.token()}", headers=headers)
    assert answer.status_code == 200
    return text_of(answer.text)


async def facts(shop: Shop, client: httpx2.AsyncClient) -> dict[str, Any]:
    found: dict[str, Any] = (await client.get(f"/t/{await shop.token()}.json")).json()["order"]
    return found


async def placed(shop: Shop, **changes: Any) -> None:
    """Karin's order, of Monday 16 November at ten, taken by Jocke who gave it to Anders."""
    await shop.order(**(NO_PROMISE | {"placed_at": moment(16, 10).instant} | changes))
    await step(shop, "received", "jocke", moment(16, 10, 5), hand_to="anders")


async def test_without_a_promise_and_without_history_no_day_is_made_up(shop: Shop, client: httpx2.AsyncClient) -> None:
    with at(16, 11):
        await has_history(shop, amount=29)
        await placed(shop)
        assert (await facts(shop, client))["promise"] is None
        text = await page(shop, client)
    assert "tror" not in text
    assert "Väntas" not in text


async def test_our_own_estimate_is_shown_as_one_and_never_as_a_promise(shop: Shop, client: httpx2.AsyncClient) -> None:
    with at(16, 11):
        await has_history(shop, (2, 3))
        await placed(shop)
        swedish, english = await page(shop, client), await page(shop, client, EN)
        order = await facts(shop, client)
    assert order["promise"] == {"from": "2026-11-18", "to": "2026-11-19", "source": "estimate"}
    assert "onsdag 18 till torsdag 19 november Hemma hos dig, tror vi" in swedish
    assert "Vi tror onsdag 18 till torsdag 19 november. Så lång tid brukar det ta." in swedish
    assert "Wednesday 18 to Thursday 19 November At your home, we think" in english
    assert "Väntas" not in swedish and "Expected" not in english


async def test_the_shops_word_comes_before_the_carriers_and_that_before_ours(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    with at(17, 16):
        await has_history(shop)
        await placed(shop)
        parcel = Parcel("RR1", "PostNord", "RR1")
        await step(shop, "shipped", "anders", moment(17, 15), parcel=parcel)
        assert (await facts(shop, client))["promise"] == {
            "from": "2026-11-19",
            "to": "2026-11-19",
            "source": "estimate",
        }
        told = Parcel("RR1", "PostNord", "RR1", expected_from="2026-11-20", expected_to="2026-11-20")
        await step(shop, "in_transit", None, moment(17, 15, 30), parcel=told, carrier_scan=True)
        assert (await facts(shop, client))["promise"] == {"from": "2026-11-20", "to": "2026-11-20", "source": "carrier"}
        assert "fredag 20 november Hemma hos dig, enligt PostNord" in await page(shop, client)
        await shop.order(**(NO_PROMISE | {"promise_from": date(2026, 11, 23), "promise_to": date(2026, 11, 24)}))
        assert (await facts(shop, client))["promise"] == {"from": "2026-11-23", "to": "2026-11-24", "source": "shop"}
        assert "måndag 23 till tisdag 24 november Hemma hos dig" in await page(shop, client)


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


async def test_goods_that_have_not_come_in_are_told_with_who_ordered_them(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    lamp = IncomingLine("2", "Igelkottslampa", 1, backordered=1, expected=date(2026, 11, 18))
    with at(16, 11):
        await placed(shop, lines=(*MUG, lamp))
        await step(shop, "delayed", "lisa", moment(16, 11), lines=(("2", None),))
        assert "Igelkottslampa skulle" not in await page(shop, client)
    with at(19, 8):
        text = await page(shop, client)
    assert "Igelkottslampa skulle ha kommit in till oss senast onsdag 18 november men är inte här än." in text
    assert "Lisa på lagret håller i det." in text
    assert "väntas onsdag 18 november" not in text.lower()


async def test_one_person_is_named_for_one_thing_that_waits(shop: Shop, client: httpx2.AsyncClient) -> None:
    lamp = IncomingLine("2", "Igelkottslampa", 1, backordered=1, expected=date(2026, 11, 18))
    with at(16, 12):
        await placed(shop, lines=(*MUG, lamp))
        await step(shop, "delayed", "jocke", moment(16, 11), lines=(("2", 1),), hand_to="lisa")
    with at(19, 8):
        text = await page(shop, client)
    assert "Lisa på lagret håller i det." in text
    assert "Lisa på lagret ser till att Igelkottslampa kommer fram." in text


async def test_a_team_that_starts_a_sentence_has_a_capital(shop: Shop, client: httpx2.AsyncClient) -> None:
    lamp = IncomingLine("2", "Igelkottslampa", 1, backordered=1)
    with at(16, 12):
        await placed(shop, lines=(*MUG, lamp))
        await step(shop, "delayed", "sam", moment(16, 11), lines=(("2", 1),))
        text = await page(shop, client, EN)
    assert "The warehouse team makes sure that Igelkottslampa arrives." in text


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


async def test_goods_whose_day_has_passed_are_expected_no_more(shop: Shop, client: httpx2.AsyncClient) -> None:
    lamp = IncomingLine("2", "Igelkottslampa", 1, backordered=1, expected=date(2026, 11, 18))
    with at(17, 16):
        await placed(shop, method="pickup", lines=(*MUG, lamp))
        await step(shop, "ready_for_pickup", "anders", moment(17, 15), lines=(("1", 1),))
        assert "onsdag 18 november Igelkottslampa kommer in till oss" in await page(shop, client)
    with at(19, 8):
        text = await page(shop, client)
    assert "Igelkottslampa skulle ha kommit in till oss senast onsdag 18 november men är inte här än." in text
    assert "onsdag 18 november Igelkottslampa" not in text and "väntas" not in text.lower()


async def test_a_kept_page_turns_when_the_shop_closes(shop: Shop, client: httpx2.AsyncClient) -> None:
    with at(16, 11):
        await has_history(shop)
        await placed(shop)
    shown = []
    for hour, minute in ((16, 59), (17, 0)):
        with at(16, hour, minute):
            text = await page(shop, client)
            shown.append(("onsdag 18 november" in text, "Din beställning tar längre tid än vanligt. Anders" in text))
    # Not sent on Monday, as every order before it was: we no longer know, and say so.
    assert shown == [(True, False), (False, True)]


async def test_two_parcels_have_each_their_own_day(shop: Shop, client: httpx2.AsyncClient) -> None:
    with at(17, 16):
        await has_history(shop)
        await placed(shop, lines=(*MUG, IncomingLine("2", "Vas", 1)))
        for key, expected in (("1", None), ("2", "2026-11-25")):
            parcel = Parcel(f"RR{key}", "PostNord", f"RR{key}", lines=((key, 1),), expected_to=expected)
            await step(shop, "shipped", "anders", moment(17, 15), parcel=parcel, lines=((key, 1),))
        text = await page(shop, client)
        assert (await facts(shop, client))["promise"] == {"from": "2026-11-25", "to": "2026-11-25", "source": "carrier"}
    assert "torsdag 19 november Paket 1 är hemma hos dig, tror vi" in text
    assert "onsdag 25 november Paket 2 är hemma hos dig, enligt PostNord" in text


async def test_a_step_that_was_taken_back_does_not_bring_the_day_nearer(shop: Shop, client: httpx2.AsyncClient) -> None:
    with at(17, 16):
        await has_history(shop, (1,))
        await placed(shop, placed_at=moment(17, 15).instant)
        before = (await facts(shop, client))["promise"]
        sent = await step(shop, "shipped", "anders", moment(17, 15, 30))
        assert (await facts(shop, client))["promise"]["to"] == "2026-11-18"
        await correct_event(shop.desk, shop.id, "1001", sent, by="anders", reason="Fel låda", source="staff")
        assert (await facts(shop, client))["promise"] == before


async def test_a_delay_with_a_reason_says_the_day_too(shop: Shop, client: httpx2.AsyncClient) -> None:
    with at(17, 16):
        await placed(shop, **PROMISED)
        told = StepToLog("delayed", "anders", moment(17, 15), "Pressen stod still.")
        await log_step(shop.desk, shop.id, "1001", told)
        text = await page(shop, client)
    notice = "Din beställning är försenad: väntas senast onsdag 18 november."
    assert text.index(notice) < text.index("Pressen stod still.")
