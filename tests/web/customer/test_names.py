"""Whose name and portrait stand on the page, and for how long."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
import time_machine

from storefront_trace.actions import feedback, people
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.moments import Moment
from storefront_trace.domain.steps import DEFAULT_TEAMS
from tests.people import SOON_AFTER, Shop
from tests.web.customer.karin import SV, packed, text_of


async def test_where_roles_are_bent_the_team_stands_below_a_name(shop: Shop, client: httpx2.AsyncClient) -> None:
    await packed(shop)
    page = (await client.get(f"/t/{await shop.token()}?lang=fi")).text
    below = re.findall(r'class="step__role">([^<]+)<', page)
    teams = next(one for one in DEFAULT_TEAMS if one.key == "warehouse").names
    assert below[-1] == teams["fi"]


async def test_a_person_who_chose_the_team_is_the_team(shop: Shop, client: httpx2.AsyncClient) -> None:
    await packed(shop, by="sam")
    token = await shop.token()
    page = await client.get(f"/t/{token}", headers=SV)
    facts = (await client.get(f"/t/{token}.json")).json()
    assert "Lagerteamet packade din beställning" in text_of(page.text)
    assert "Sam" not in text_of(page.text)
    assert facts["events"][-1]["actor"] == {
        "name": "Lagerteamet",
        "role": None,
        "photo_url": None,
        "visibility": "team",
    }


async def test_a_change_of_visibility_is_in_force_on_pages_already_kept(shop: Shop, client: httpx2.AsyncClient) -> None:
    await packed(shop)
    url = f"/t/{await shop.token()}"
    assert "Anders" in (await client.get(url)).text
    await people.choose_visibility(shop.desk, shop.id, await shop.person_id("anders"), "team", locale="sv")
    assert "Anders" not in (await client.get(url)).text


async def test_who_has_left_becomes_the_team_at_once(shop: Shop, client: httpx2.AsyncClient) -> None:
    await packed(shop)
    url = f"/t/{await shop.token()}"
    assert "Anders" in (await client.get(url)).text
    await people.end_employment(shop.desk, shop.id, "anders")
    assert "Anders" not in (await client.get(url)).text


async def delivered(shop: Shop) -> str:
    """The page of an order that Anders packed and Olga answered for, at home on 21 November at 9:00 UTC."""
    step = await packed(shop)
    said = await feedback.save_feedback(shop.desk, shop.id, (await shop.row()).id, step, Answer("thanks"))
    olga = await shop.person_id("olga")
    await feedback.reply(shop.desk, shop.id, said.id, by_person=olga, as_owner=True, words="Tack själv!")
    await shop.order(lines=(), promise_to=None, promise_from=None)
    home = Moment(datetime(2026, 11, 21, 9, 0, tzinfo=UTC), "+01:00", "minute")
    await log_step(shop.desk, shop.id, "1001", StepToLog("delivered", None, home))
    return f"/t/{await shop.token()}"


NAMES = re.compile("Anders|Lisa|Olga")


@time_machine.travel(SOON_AFTER)
async def test_names_fade_thirty_days_after_delivery_and_the_link_ends_after_sixty(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    url = await delivered(shop)
    assert set(NAMES.findall((await client.get(url)).text)) == {"Anders", "Lisa", "Olga"}
    pages = []
    for day in ((2026, 12, 21), (2027, 1, 20)):
        for second in (-1, 0):  # a page that was kept a second ago must not be given out again
            with time_machine.travel(datetime(*day, 9, tzinfo=UTC) + timedelta(seconds=second), tick=False):
                pages.append(await client.get(url))
    assert [page.status_code for page in pages] == [200, 200, 200, 404]
    assert [bool(NAMES.search(page.text)) for page in pages] == [True, False, False, False]
    assert "Tack själv!" in pages[1].text


@pytest.mark.parametrize("step", ["returned", "cancelled"])
async def test_what_comes_back_brings_no_names_back_and_gives_the_link_no_new_life(
    shop: Shop, client: httpx2.AsyncClient, step: str
) -> None:
    url = await delivered(shop)
    with time_machine.travel(datetime(2027, 1, 18, tzinfo=UTC), tick=False):
        await log_step(shop.desk, shop.id, "1001", StepToLog(step, None))
        assert not NAMES.search((await client.get(url)).text)
    with time_machine.travel(datetime(2027, 1, 20, 9, 1, tzinfo=UTC), tick=False):
        assert (await client.get(url)).status_code == 404


async def test_an_order_that_nobody_reports_as_delivered_fades_and_ends_too(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False):
        await packed(shop)
        await shop.order(lines=())
        await log_step(shop.desk, shop.id, "1001", StepToLog("shipped", "lisa"))
    url = f"/t/{await shop.token()}"
    days = ((2027, 1, 25), (2027, 1, 27), (2027, 2, 24), (2027, 2, 26))  # promised for 26 November; 30 + 30, 30 + 60
    pages = []
    for day in days:
        with time_machine.travel(datetime(*day, 0, 1, tzinfo=UTC), tick=False):
            pages.append(await client.get(url))
    assert [page.status_code for page in pages] == [200, 200, 200, 404]
    assert [bool(NAMES.search(page.text)) for page in pages] == [True, False, False, False]
