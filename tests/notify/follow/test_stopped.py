"""The ways out: from the mail, from the mail program, and by a mailbox that is none."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import httpx2
import pytest

from storefront_trace.actions import follow as follow_actions
from storefront_trace.actions import orders
from storefront_trace.actions.steps import StepToLog, log_step
from tests.notify.follow.following import OTHER, SV, Deliver, all_followers, follow, link_in, pack, page_of
from tests.notify.postman import Postman, text_of
from tests.people import Shop


async def test_one_click_of_the_mail_program_ends_it_without_cookie_or_origin(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop)
    await pack(shop)
    (mail,) = await deliver()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = re.fullmatch(r"<(http://127\.0\.0\.1:8000/unfollow/\S+)>", mail["List-Unsubscribe"])
    assert link is not None and link[1] in text_of(mail) and link[1] in text_of(mail, "html")
    shown = await client.get(link[1], headers=SV)
    assert shown.status_code == 200 and "Sluta mejla" in shown.text
    assert [one.follows for one in await all_followers(shop)] == [True]  # a scanner has looked
    del client.headers["Origin"]
    one_click = {"Origin": "https://mail.example.net", "Sec-Fetch-Site": "cross-site"}
    answer = await client.post(link[1], data={"List-Unsubscribe": "One-Click"}, headers=one_click)
    assert answer.status_code == 200
    (one,) = await all_followers(shop)
    assert (one.follows, one.stopped_why) == (False, "asked")
    await log_step(shop.desk, shop.id, "1001", StepToLog("shipped", "anders"))
    assert await deliver() == []


async def test_the_way_out_stays_open_when_the_orders_link_is_dead(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop)
    await pack(shop)
    (mail,) = await deliver()
    await orders.revoke_links(shop.desk, shop.id, "1001")
    assert (await client.post(link_in(mail, "/unfollow/"))).status_code == 200
    assert [one.follows for one in await all_followers(shop)] == [False]


async def test_a_link_out_that_somebody_made_up_leads_nowhere(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop)
    await pack(shop)
    (mail,) = await deliver()
    link = link_in(mail, "/unfollow/")
    forged = link[:-1] + ("A" if link[-1] != "A" else "E")
    assert (await client.post(forged)).status_code == 404
    assert (await client.post(link.replace("/unfollow/", "/follow/"))).status_code == 404
    assert [one.follows for one in await all_followers(shop)] == [True]


async def test_only_the_way_out_may_be_posted_from_elsewhere(shop: Shop, client: httpx2.AsyncClient) -> None:
    elsewhere = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    answer = await client.post(f"/t/{await shop.token()}/follow", data={"wants": "all"}, headers=elsewhere)
    assert answer.status_code == 403 and await all_followers(shop) == []


async def test_a_mailbox_that_does_not_exist_follows_no_more(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver, postman: Postman
) -> None:
    await follow(client, shop)
    await page_of(client, shop)
    await pack(shop)
    postman.recipient_answer = "550 no such user"
    assert await deliver() == []
    (one,) = await all_followers(shop)
    assert (one.follows, one.stopped_why) == (False, "bounced")
    assert "k•••@e•••.com får" not in await page_of(client, shop)  # the kept page is stale


async def test_a_mailbox_that_is_full_today_is_tried_again_and_follows_on(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver, postman: Postman
) -> None:
    await follow(client, shop)
    await pack(shop)
    postman.recipient_answer = "452 mailbox full"
    assert await deliver() == []
    postman.recipient_answer = ""
    assert len(await deliver()) == 1
    assert [one.follows for one in await all_followers(shop)] == [True]


@pytest.mark.parametrize("act", [orders.rotate_link, orders.revoke_links])
async def test_whoever_followed_by_a_link_that_leaked_is_not_mailed_the_next_one(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver, act: Callable[..., Awaitable[object]]
) -> None:
    await follow(client, shop)
    for email in (OTHER, "mallory@example.net"):
        await follow(client, shop, email=email)
    asked = {mail["To"]: mail for mail in await deliver()}
    await client.post(link_in(asked[OTHER], "/follow/"))
    subscription = {"endpoint": "https://push.example.com/1", "keys": {}}
    order_id = (await shop.row()).id
    await follow_actions.follow_by_push(
        shop.desk, shop.id, order_id, subscription=subscription, wants="all", locale="sv"
    )
    await act(shop.desk, shop.id, "1001")
    own, *others = await all_followers(shop)
    assert own.follows and {one.stopped_why for one in others} == {"link"} and len(others) == 3
    await client.post(link_in(asked["mallory@example.net"], "/follow/"))  # the question stood still
    await orders.rotate_link(shop.desk, shop.id, "1001")
    await pack(shop)
    assert [mail["To"] for mail in await deliver()] == ["karin@example.com"]
