"""What stands first on the page is about who has the order now, and about all of what was ordered."""

from __future__ import annotations

import re

import httpx2
import pytest

from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.domain.orders import Parcel
from tests.people import Shop
from tests.web.customer.karin import SV, text_of

MUG, LAMP = IncomingLine("1", "Mugg", 2), IncomingLine("2", "Lampa", 1)
ONE, TWO = Parcel("one", "PostNord", "RR1"), Parcel("two", "DHL", "JD2")


async def top_and_chain(shop: Shop, client: httpx2.AsyncClient, *steps: StepToLog) -> tuple[str, str]:
    for step in steps:
        await log_step(shop.desk, shop.id, "1001", step)
    html = (await client.get(f"/t/{await shop.token()}", headers=SV)).text
    top, _, chain = text_of(html).partition("Från hand till hand")
    return top, chain


async def test_the_first_sentence_is_about_who_is_on_top_whoever_told_something_last(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    await shop.order(lines=(MUG, LAMP))
    packed = StepToLog("packed", "anders", lines=(("1", 2),), parcel=ONE)
    shipped = StepToLog("shipped", "anders", lines=(("1", 2),), parcel=ONE)
    top, chain = await top_and_chain(
        shop, client, packed, shipped, StepToLog("in_transit", parcel=Parcel("one"), carrier_scan=True)
    )
    assert "Just nu är din beställning hos Anders" in top
    assert "Anders på lagret skickade paket 1 med PostNord" in top and "PostNord tog hand om" not in top
    assert "PostNord tog hand om paket 1" in chain and "Anders på lagret skickade" not in chain


async def test_a_new_step_that_is_not_on_top_is_read_out_from_the_chain(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(lines=(MUG, LAMP))
    await top_and_chain(shop, client, StepToLog("shipped", "anders", lines=(("1", 2),), parcel=ONE))
    scan = await log_step(shop.desk, shop.id, "1001", StepToLog("in_transit", parcel=Parcel("one"), carrier_scan=True))
    html = (await client.get(f"/t/{await shop.token()}", headers=SV)).text
    steps = {one.split('"')[0]: one for one in html.split('id="step-')[1:]}
    assert "data-above" not in steps[scan.event.id]
    assert sum("data-above" in one for one in steps.values()) == 1


async def test_whom_it_was_passed_on_to_is_said_where_the_sentence_has_no_place_for_it(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    await shop.order(lines=(MUG, LAMP))
    shipped = StepToLog("shipped", "anders", lines=(("1", 2),), parcel=ONE, hand_to="lisa")
    top, _ = await top_and_chain(shop, client, shipped)
    assert "Just nu är din beställning hos Lisa" in top
    assert "Sedan lämnades beställningen över till Lisa på lagret." in top


async def test_what_is_on_its_way_says_with_whom_before_who_sent_it(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(lines=(MUG, LAMP))
    top, _ = await top_and_chain(
        shop,
        client,
        StepToLog("shipped", "anders", lines=(("1", 2),), parcel=ONE),
        StepToLog("shipped", "anders", lines=(("2", 1),), parcel=TWO),
    )
    assert "Din beställning skickades av Anders" in top  # with two carriers
    top, _ = await top_and_chain(shop, client, StepToLog("delivered", parcel=Parcel("one"), carrier_scan=True))
    assert "Resten är nu hos DHL. Skickad av Anders" in top


@pytest.mark.parametrize(
    ("fallen", "said"),
    [
        ((("2", "Lampa", 1),), "Kommer inte: Lampa."),
        ((("2", "Lampa", 1), ("3", "Vas", 2)), "Tre saker kommer inte."),
    ],
)
async def test_what_was_called_off_is_said_first(
    shop: Shop, client: httpx2.AsyncClient, fallen: tuple[tuple[str, str, int], ...], said: str
) -> None:
    await shop.order(lines=(MUG, *(IncomingLine(key, title, n, cancelled=n) for key, title, n in fallen)))
    top, _ = await top_and_chain(shop, client)
    assert said in top


async def test_nobody_is_begged_to_thank_for_a_delay(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(lines=(MUG,))
    await top_and_chain(shop, client, StepToLog("packed", "anders"), StepToLog("delayed", "lisa"))
    html = (await client.get(f"/t/{await shop.token()}", headers=SV)).text
    buttons = dict(re.findall(r'<button type="submit" class="([^"]+)"><svg.*?</svg> Tacka (\w+)', html))
    assert buttons == {"btn btn--thanks": "Anders", "quiet": "Lisa"}


async def test_who_is_shown_is_explained_where_somebody_is(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(lines=(MUG,))
    explained = "Alla som syns med namn och bild har valt det själva."
    _, chain = await top_and_chain(shop, client)
    assert explained not in chain
    _, chain = await top_and_chain(shop, client, StepToLog("packed", "anders"))
    assert explained in chain
