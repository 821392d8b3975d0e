"""Whoever has an order's link cannot have the shop write to one stranger after the other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx2
import pytest
import time_machine

from storefront_trace.actions import follow as follow_actions
from storefront_trace.actions.silence import silence
from storefront_trace.domain.following import mailbox
from storefront_trace.domain.silence import digest_of
from tests.notify.follow.following import OTHER, Deliver, all_followers, follow
from tests.people import Shop


@pytest.mark.parametrize("silent", [False, True])
async def test_five_strangers_a_day_are_asked_from_one_page_and_the_refusal_tells_nothing_of_them(
    shop: Shop, client: httpx2.AsyncClient, silent: bool
) -> None:
    if silent:  # one of them wants no mails
        await silence(shop.desk, shop.id, digest_of(shop.desk.secret, shop.id, "friend0@example.org"))
    for count in range(7):
        answer = await follow(client, shop, email=f"friend{count}@example.org")
        assert answer.status_code == (303 if count < 5 else 409)
        for one in await all_followers(shop):
            if not one.follows and count < 4:
                await follow_actions.stop(shop.desk, shop.id, one.id, why="page")
    assert "Så mycket har ändrats på den här sidan" in answer.text
    assert (await follow(client, shop)).status_code == 303  # the order's own address is no stranger
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1, minutes=1), tick=False):
        assert (await follow(client, shop, email=OTHER)).status_code == 303


async def test_google_knows_no_dots_and_has_two_names(shop: Shop, client: httpx2.AsyncClient, deliver: Deliver) -> None:
    names = ("annika.lind@gmail.com", "an.nikalind@googlemail.com", "a.nnika.lind+x@GMail.com", "annikalind@gmail.com")
    for number, email in enumerate(names, 1001):
        await shop.order(str(number))
        await client.post(f"/t/{await shop.token(str(number))}/follow", data={"wants": "all", "email": email})
    assert len(await deliver()) == 3
    assert mailbox("an.nika@example.com") == "an.nika@example.com"
