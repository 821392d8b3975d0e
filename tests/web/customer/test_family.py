"""Who stands on top once nobody here has the order any more, and who thanks are given to on the way down."""

from __future__ import annotations

import re

import httpx2
from starlette.applications import Starlette

from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.links import token_hash
from storefront_trace.domain.orders import Parcel
from storefront_trace.domain.timeline import closed_by, timeline
from tests.people import Shop

SV = {"Accept-Language": "sv"}
POSTNORD = Parcel("one", "PostNord", "RR1")


async def page_after(shop: Shop, client: httpx2.AsyncClient, *steps: StepToLog) -> str:
    await shop.order(lines=(), promise_from=None, promise_to=None)
    for step in steps:
        await log_step(shop.desk, shop.id, "1001", step)
    return (await client.get(f"/t/{await shop.token()}", headers=SV)).text


def top_of(html: str) -> str:
    found = re.search(r'<section class="now".*?</section>', html, re.S)
    assert found
    return found[0]


async def test_what_a_carrier_drives_was_sent_on_and_is_with_nobody_here(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    html = await page_after(
        shop, client, StepToLog("packed", "anders"), StepToLog("shipped", "anders", parcel=POSTNORD)
    )
    top = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", top_of(html)))
    assert (
        "Din beställning är nu hos PostNord. Skickad av Anders" in top and "Just nu" not in html and "sedan" not in top
    )
    assert "<title>Order 1001 skickades av Anders" in html


async def test_those_who_helped_stand_on_top_when_it_is_home(shop: Shop, client: httpx2.AsyncClient) -> None:
    home = StepToLog("delivered", carrier_scan=True)
    html = await page_after(
        shop,
        client,
        StepToLog("received", "jocke"),
        StepToLog("packed", "anders"),
        StepToLog("shipped", "anders"),
        home,
    )
    top = top_of(html)
    assert "now__family--2" in top and top.count('class="portrait') == 2


async def test_steps_of_one_person_in_a_row_are_one_stop_with_one_thanks(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    html = await page_after(
        shop, client, StepToLog("received", "jocke"), StepToLog("picked", "anders"), StepToLog("packed", "anders")
    )
    steps = html.split('<li class="step')[1:]
    picked, packed = steps[1], steps[2]
    assert "step--same" not in picked.split(">")[0] and 'class="portrait' in picked and "Tacka Anders" not in picked
    assert packed.startswith(" step--same") and 'class="portrait' not in packed and "Tacka Anders" in packed
    assert all("Något kunde varit bättre" in one for one in (picked, packed))


async def test_who_called_it_off_stands_for_it_whoever_pays_the_money_back(
    shop: Shop, client: httpx2.AsyncClient, app: Starlette
) -> None:
    await page_after(shop, client, StepToLog("cancelled", "anders"), StepToLog("refunded", "jocke"))
    order = await app.state.reader.order(token_hash(await shop.token()))
    cast = app.state.desk.casts.at_generation(shop.id, order.generation)
    who = closed_by(timeline(order, cast, order.updated_at))
    assert who is not None and who.person is not None and who.person.handle == "anders"
