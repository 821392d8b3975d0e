"""Who follows an order by mail: asked for on its page, confirmed by whose address it is, no way to fill a box."""

from __future__ import annotations

import re

import httpx2
import pytest
from starlette.applications import Starlette

from storefront_trace.actions import follow as follow_actions
from storefront_trace.actions import orders, trail
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.storage import events, shops
from tests.notify.follow.following import OTHER, SV, Deliver, all_followers, follow, link_in, pack, page_of
from tests.people import Shop


async def test_the_page_says_who_follows_without_the_whole_address_and_lets_her_change_and_stop(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    text = await page_of(client, shop)
    assert "Få ett mejl när något händer" in text and "Vi mejlar k•••@e•••.com, som står i beställningen." in text
    await follow(client, shop)
    text = await page_of(client, shop)
    assert "Vi mejlar dig" in text and "Få ett mejl när något händer" not in text
    assert "k•••@e•••.com får ett mejl vid varje steg." in text and "karin@" not in text
    (one,) = await all_followers(shop)
    path = f"/t/{await shop.token()}/follow/{one.id}"
    refused = await client.post(path, data={"wants": "nonsense"}, headers=SV)
    assert refused.status_code == 422 and 'id="wants-mend"' in refused.text and 'name="email"' not in refused.text
    assert (await client.post(path, data={"wants": "problems"})).status_code == 303
    assert "får ett mejl när något går fel." in await page_of(client, shop)
    await pack(shop)
    assert await deliver() == []
    assert (await client.post(f"{path}/stop")).status_code == 303
    assert "k•••@e•••.com får" not in await page_of(client, shop)
    await log_step(shop.desk, shop.id, "1001", StepToLog("delayed", "anders"))
    assert await deliver() == []


async def test_another_address_hears_nothing_before_its_owner_has_said_yes(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop, email=OTHER)
    text = await page_of(client, shop)
    assert "Nästan klart" in text and "Öppna mejlet vi skickade till a•••@e•••.org och tryck på ”Ja, mejla mig”" in text
    await pack(shop)
    (question,) = await deliver()
    assert question["To"] == OTHER
    assert await shop.token() not in question.as_string()  # the key is not hers before she says yes
    link = link_in(question, "/follow/")
    shown = await client.get(link, headers=SV)
    assert shown.status_code == 200 and "<form" in shown.text
    assert [one.follows for one in await all_followers(shop)] == [False]  # looking is not saying yes
    assert "Nästa mejl kommer till a•••@e•••.org" in (await client.post(link, headers=SV)).text
    await log_step(shop.desk, shop.id, "1001", StepToLog("shipped", "anders"))
    (news,) = await deliver()
    assert (news["To"], news["Subject"]) == (OTHER, "Skickad: din beställning 1001")


async def test_nobodys_mailbox_is_filled_with_questions(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    for _ in range(3):
        await follow(client, shop, email=OTHER)
    for number in ("1002", "1003", "1004"):
        await shop.order(number)
        answer = await client.post(f"/t/{await shop.token(number)}/follow", data={"wants": "all", "email": OTHER})
        assert answer.status_code == 303  # a refusal would say that others ask her, too
    assert len(await deliver()) == 3  # one for each of three orders, however often it was asked


async def test_a_mailbox_with_many_names_is_one_mailbox(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    path = f"/t/{await shop.token()}/follow"
    for count in range(6):
        await client.post(path, data={"wants": "all", "email": f"Annika+{count}@example.ORG"})
        last = max(await all_followers(shop), key=lambda one: one.id)
        await client.post(f"{path}/{last.id}/stop")
    await follow(client, shop, email="annikas@example.org")
    assert sorted(mail["To"] for mail in await deliver()) == ["annikas@example.org"]  # the first had been stopped
    for count in range(6):
        await client.post(path, data={"wants": "all", "email": f"Bo+{count}@example.ORG"})
        (last,) = (one for one in await all_followers(shop) if (one.address or "").startswith(f"Bo+{count}"))
        assert len(await deliver()) == (count == 0)
        await client.post(f"{path}/{last.id}/stop")


async def test_who_asks_stops_and_asks_again_gets_one_mail_that_day_and_never_none(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop, email=OTHER)
    (one,) = await all_followers(shop)
    path = f"/t/{await shop.token()}/follow/{one.id}"
    await client.post(f"{path}/stop")
    assert await deliver() == []
    await follow(client, shop, email=OTHER)
    assert len(await deliver()) == 1
    for _ in range(5):
        await client.post(f"{path}/stop")
        await follow(client, shop, email=OTHER)
    assert await deliver() == []


async def test_whoever_guesses_the_orders_own_address_learns_nothing(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    pages = []
    for number, guess in (("1001", "kalle@example.com"), ("1002", "Karin@example.com")):
        await shop.order(number)
        path = f"/t/{await shop.token(number)}"
        answer = await client.post(f"{path}/follow", data={"wants": "all", "email": guess})
        assert answer.status_code == 303
        html = (await client.get(path, headers=SV)).text
        pages.append(
            " ".join(re.sub(r"<[^>]+>", "", html[html.index('id="follow"') :]).split()).replace("K•••", "k•••")
        )
    assert pages[0].replace("1001", "") == pages[1].replace("1002", "")
    assert "Vi mejlar k•••@e•••.com, som står i beställningen." in pages[1]


async def test_one_visitor_with_many_links_asks_only_so_many(shop: Shop, client: httpx2.AsyncClient) -> None:
    answers = []
    for number in ("1001", "1002", "1003"):
        await shop.order(number)
        path = f"/t/{await shop.token(number)}/follow"
        for _ in range(15):
            answers.append((await client.post(path, data={"wants": "all"})).status_code)
    assert answers == [303] * 40 + [429] * 5


async def test_five_follow_an_order_and_no_more(shop: Shop, client: httpx2.AsyncClient) -> None:
    for count in range(5):
        assert (await follow(client, shop, email=f"friend{count}@example.org")).status_code == 303
    sixth = await follow(client, shop, email=OTHER, wants="problems")
    assert sixth.status_code == 409
    assert "Fem följer redan den här beställningen." in sixth.text and f'value="{OTHER}"' in sixth.text
    assert 'value="problems" checked' in sixth.text
    (first, *_) = await all_followers(shop)
    await client.post(f"/t/{await shop.token()}/follow/{first.id}/stop")
    assert (await follow(client, shop)).status_code == 303


@pytest.mark.parametrize(
    "email",
    [
        "nonsense",
        "a@b",
        "a@b.se\r\nBcc: x@y.se",
        "karin @example.com",
        "<a@b.se>",
        "a..b@c.example",
        ".a@c.example",
        "a.@c.example",
        "=?utf-8?q?x?=@c.example",
    ],
)
async def test_what_is_no_address_is_said_at_the_field(shop: Shop, client: httpx2.AsyncClient, email: str) -> None:
    answer = await follow(client, shop, email=email)
    assert answer.status_code == 422 and 'aria-invalid="true" aria-describedby="email-mend"' in answer.text
    assert 'id="email-mend" role="alert">Skriv en adress som karin@example.com.</p>' in answer.text
    assert await all_followers(shop) == []


async def test_without_a_mail_server_no_mail_is_promised(
    app: Starlette, shop: Shop, client: httpx2.AsyncClient
) -> None:
    assert "Mejla mig" in await page_of(client, shop)
    app.state.offers = app.state.offers._replace(mail=False)
    app.state.page_cache.__init__()
    assert "Mejla mig" not in await page_of(client, shop)


async def test_whoever_changes_and_stops_for_ever_leaves_the_trail_to_the_steps_and_the_shops_pages_alone(
    shop: Shop, client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "MAX_EVENTS", 12)
    monkeypatch.setattr(trail, "MOST_MARKS", 3)
    await follow(client, shop)
    (one,) = await all_followers(shop)
    before, generation, kept = await shop.row(), await generation_of(shop), await shop.events()
    pages = set()
    for wants in ("problems", "all") * 10:
        await follow_actions.change_wants(shop.desk, shop.id, one.order_id, one.id, wants)
        await follow_actions.stop(shop.desk, shop.id, one.id)
        await follow_actions.confirm(shop.desk, shop.id, one.id)
        pages.add((await client.get(f"/t/{await shop.token()}", headers=SV)).headers["etag"])
    assert len(pages) == 20  # each of them is on the page
    assert (await shop.row(), await generation_of(shop), await shop.events()) == (before, generation, kept)
    await orders.rebuild_order(shop.desk, shop.id, "1001")
    assert (await client.get(f"/t/{await shop.token()}", headers=SV)).headers["etag"] in pages
    await pack(shop)


async def test_changing_is_limited_and_stopping_is_not(shop: Shop, client: httpx2.AsyncClient) -> None:
    await follow(client, shop)
    (one,) = await all_followers(shop)
    path = f"/t/{await shop.token()}/follow/{one.id}"
    answers = [(await client.post(path, data={"wants": wants})).status_code for wants in ("problems", "all") * 10]
    assert answers == [303] * 19 + [429]
    assert (await client.post(f"{path}/stop")).status_code == 303
    assert not (await all_followers(shop))[0].follows


async def test_an_order_does_not_write_to_one_stranger_after_the_other(
    shop: Shop, client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow_actions, "MOST_EVER", 3)
    answers = []
    for count in range(5):
        answers.append((await follow(client, shop, email=f"stranger{count}@example.org")).status_code)
        for one in await all_followers(shop):
            await follow_actions.stop(shop.desk, shop.id, one.id)
    assert answers == [303] * 3 + [409] * 2


async def test_who_was_asked_by_mistake_cannot_say_yes_once_it_was_stopped_on_the_page(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    """They would get the order's link."""
    await follow(client, shop, email=OTHER)
    (question,) = await deliver()
    yes = link_in(question, "/follow/")
    await stop_all_on_the_page(client, shop)
    assert "<form" not in (await client.get(yes, headers=SV)).text
    assert "De här mejlen har stoppats" in (await client.post(yes, headers=SV)).text
    await pack(shop)
    assert await deliver() == []
    await follow(client, shop, email=OTHER)  # asking again is a later word
    assert "Nästa mejl kommer till" in (await client.post(yes, headers=SV)).text


async def test_the_pages_stop_holds_after_the_readers_own(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop, email=OTHER)
    (question,) = await deliver()
    await client.post(link_in(question, "/silence/"))
    await stop_all_on_the_page(client, shop)  # on a page that was open already
    await client.post(link_in(question, "/follow/"))
    assert [one.follows for one in await all_followers(shop)] == [False]


async def test_a_late_yes_is_no_sixth(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow_actions, "MOST_STRANGERS", 6)
    await follow(client, shop, email=OTHER)
    (question,) = await deliver()
    await client.post(link_in(question, "/silence/"))
    for count in range(5):
        await follow(client, shop, email=f"friend{count}@example.org")
    yes = link_in(question, "/follow/")
    assert "Fem följer redan den här beställningen" in (await client.post(yes, headers=SV)).text
    friend = next(one for one in await all_followers(shop) if one.stopped_at is None)
    await client.post(f"/t/{await shop.token()}/follow/{friend.id}/stop")
    assert "Nästa mejl kommer till" in (await client.post(yes, headers=SV)).text


async def stop_all_on_the_page(client: httpx2.AsyncClient, shop: Shop) -> None:
    for one in await all_followers(shop):
        assert (await client.post(f"/t/{await shop.token()}/follow/{one.id}/stop")).status_code == 303


async def generation_of(shop: Shop) -> int:
    async with shop.desk.db.read() as conn:
        return (await shops.get_shop(conn, shop.id)).generation
