"""Who reads what a customer says, and where the answer stands."""

from __future__ import annotations

from datetime import timedelta

import httpx2
import pytest
import time_machine

from storefront_trace.actions import concerns, feedback, orders, people
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.incoming import IncomingOrder
from storefront_trace.storage import events
from tests.people import KARINS_ORDER, Shop
from tests.web.customer.answering import NOON, SV, packed, said
from tests.web.customer.karin import text_of


async def test_a_step_of_another_shop_is_not_there(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop)
    told = IncomingOrder(**{**KARINS_ORDER, "number": "1"})  # type: ignore[arg-type]
    other = await orders.put_order(shop.desk, shop.other_id, told, source="api")
    async with shop.desk.db.read() as conn:
        step = (await events.list_events(conn, shop.other_id, other.order_id))[0].id
    page = url.split("/steps/")[0]
    assert (await client.get(f"{page}/steps/{step}/feedback")).status_code == 404
    assert (await client.post(f"{page}/steps/{step}/feedback", data={"choice": "thanks"})).status_code == 404
    assert (await client.post(f"{page}/thanks", data={"event": step})).status_code == 404
    assert await said(shop) == []


@pytest.mark.parametrize("handle", ["sam", "anders"])
async def test_the_reply_stands_on_the_page_by_the_name_that_was_chosen_and_as_the_team_for_who_chose_it(
    shop: Shop, client: httpx2.AsyncClient, handle: str
) -> None:
    await shop.order()
    step = (await log_step(shop.desk, shop.id, "1001", StepToLog("packed", handle))).event.id
    url = f"/t/{await shop.token()}"
    await client.post(f"{url}/steps/{step}/feedback", data={"choice": "thanks", "words": "Fint!"})
    (one,) = await said(shop)
    person = await shop.person_id(handle)
    await feedback.reply(shop.desk, shop.id, one.id, by_person=person, as_owner=False, words="Tack själv!")
    page = (await client.get(url, headers=SV)).text
    assert "Tack själv!" in page
    assert ("Sam" in page, "Anders svarade" in page, "Lagerteamet svarade" in page) == (
        False,
        handle == "anders",
        handle == "sam",
    )
    await people.choose_visibility(shop.desk, shop.id, person, "team", locale="sv")
    assert "Lagerteamet svarade" in (await client.get(url, headers=SV)).text


async def test_who_says_that_something_could_be_better_reads_who_sees_it_first_and_until_when(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    with time_machine.travel(NOON, tick=False):
        url = await packed(shop)
        form = (await client.get(f"{url}?choice=concern", headers=SV)).text
        assert (
            "Olga, som driver Roliga Ting, läser det här först. Anders får ta del av det senast söndag 6 december"
            in form
        )
        await client.post(url, data={"choice": "concern", "words": "Muggen var trasig."})
    page, told = (
        url.split("/steps/")[0],
        "Butikens ägare läser det först. Anders får ta del av det senast söndag 6 december",
    )
    seen = []
    for later in (timedelta(days=14, seconds=-1), timedelta(days=14)):
        with time_machine.travel(NOON + later, tick=False):
            seen.append(told in (await client.get(page, headers=SV)).text)
    assert seen == [True, False]


async def test_the_owner_who_did_the_step_is_not_told_to_read_it_twice(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order()
    step = (await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "olga"))).event.id
    form = (await client.get(f"/t/{await shop.token()}/steps/{step}/feedback?choice=concern", headers=SV)).text
    assert "Olga, som driver Roliga Ting, läser det här först.</p>" in form


async def test_what_the_owner_decides_about_a_concern_stands_on_the_page_at_once(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    """Also on one that was kept, and in the form that changes it."""
    latest = "Anders får ta del av det senast söndag 6 december."
    cases = (
        (concerns.mark_done, f"Butikens ägare har läst det. {latest}", "läser det här först"),
        (concerns.share_now, "Butikens ägare har läst det. Anders kan nu ta del av det.", None),
        (concerns.mark_outside, "Butikens ägare har läst det.<", None),
    )
    with time_machine.travel(NOON, tick=False):
        for number, (decide, told, in_form) in enumerate(cases, 1001):
            url = await packed(shop, str(number))
            page = url.split("/steps/")[0]
            await client.post(url, data={"choice": "concern", "words": "Muggen var trasig."})
            assert f"Butikens ägare läser det först. {latest}" in text_of((await client.get(page, headers=SV)).text)
            one = next(one for one in await said(shop) if one.order_number == str(number))
            await decide(shop.desk, shop.id, one.id)
            shown = (await client.get(page, headers=SV)).text.replace("\u00a0", " ")
            assert told in shown and "läser det först" not in shown
            assert (in_form or told) in (await client.get(url, headers=SV)).text


async def test_once_the_owner_has_answered_nobody_is_to_read_it_first(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop)
    await client.post(url, data={"choice": "concern", "words": "Muggen var trasig."})
    (one,) = await said(shop)
    olga = await shop.person_id("olga")
    await feedback.reply(shop.desk, shop.id, one.id, by_person=olga, as_owner=True, words="Vi skickar en ny.")
    page = text_of((await client.get(url.split("/steps/")[0], headers=SV)).text)
    assert "Butikens ägare har läst det. Anders får ta del av det senast" in page and "läser det först" not in page


async def test_a_decision_taken_twice_moves_the_page_once(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop)
    await client.post(url, data={"choice": "concern", "words": "Muggen var trasig."})
    (one,) = await said(shop)
    facts = f"{url.split('/steps/')[0]}.json"
    versions = []
    for _ in range(2):
        await concerns.share_now(shop.desk, shop.id, one.id)
        versions.append((await client.get(facts)).json()["order"]["version"])
    assert versions[0] == versions[1]
