from __future__ import annotations

from datetime import date

import httpx2

from storefront_trace.actions.corrections import correct_event
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.domain.orders import Parcel
from tests.pace import has_history
from tests.people import Shop
from tests.web.customer.promises import EN, MUG, NO_PROMISE, at, facts, moment, page, placed, step, whole


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


async def test_the_facts_give_the_delivery_day_to_the_delivery_and_to_no_step_before_it(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    promised = {"promise_from": date(2026, 11, 19), "promise_to": date(2026, 11, 20)}
    parcel = Parcel("RR1", "PostNord", "RR1")
    with at(16, 16):
        await placed(shop, **promised)
        told = [await whole(shop, client)]
        await step(shop, "picked", "anders", moment(16, 15))
        told.append(await whole(shop, client))
        await step(shop, "shipped", "anders", moment(16, 15, 30), parcel=parcel)
        told.append(await whole(shop, client))
    assert [one["next"] for one in told] == [
        {"step": "picked", "expected": None},
        {"step": "packed", "expected": None},
        {"step": "delivered", "expected": "2026-11-20"},
    ]
    days = {"from": "2026-11-19", "to": "2026-11-20", "source": "shop"}
    assert [one["order"]["promise"] for one in told] == [days] * 3


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


async def test_a_new_shop_can_say_who_is_getting_what_is_out_of_stock(shop: Shop, client: httpx2.AsyncClient) -> None:
    lamp = IncomingLine("2", "Igelkottslampa", 1, backordered=1, expected=date(2026, 11, 18))
    with at(16, 12):
        await placed(shop, lines=(*MUG, lamp))
        assert "hem det som fattas" not in await page(shop, client)
        await step(shop, "ordered", "lisa", moment(16, 11), lines=(("2", 1),))
        text = await page(shop, client)
    assert "Lisa på lagret beställde hem det som fattas i din beställning den 16 november" in text


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
        await placed(shop, placed_at=moment(16, 15).instant)
        before = (await facts(shop, client))["promise"]
        sent = await step(shop, "shipped", "anders", moment(17, 15, 30))
        assert (await facts(shop, client))["promise"]["to"] == "2026-11-18"
        await correct_event(shop.desk, shop.id, "1001", sent, by="anders", reason="Fel låda", source="staff")
        assert (await facts(shop, client))["promise"] == before
