"""Somebody typed another's address: its owner says "never", and is never asked again."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx2
import pytest
import sqlalchemy as sa

from storefront_trace.actions import follow as follow_actions
from storefront_trace.actions import privacy, purging, questions
from storefront_trace.actions.shops import set_face
from storefront_trace.actions.silence import allow, is_silent, silence
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.silence import digest_of
from storefront_trace.storage import silenced as rows
from storefront_trace.storage.tables import silenced
from tests.notify.follow.following import OTHER, SV, Deliver, all_followers, follow, link_in, pack, page_of
from tests.people import Shop

NEVER = "Skriv aldrig till mig igen"
AGAIN = "Tillåt mejl igen"


@pytest.fixture
async def never(shop: Shop, client: httpx2.AsyncClient, deliver: Deliver) -> str:
    """The link in the mail that asks Annika."""
    await follow(client, shop, email=OTHER)
    (question,) = await deliver()
    return link_in(question, "/silence/")


async def is_silenced(shop: Shop, address: str = OTHER, shop_id: str = "") -> bool:
    async with shop.desk.db.read() as conn:
        return await rows.silenced_since(conn, shop.desk.secrets, shop_id or shop.id, address) is not None


async def test_looking_changes_nothing_and_the_button_ends_it_for_every_order(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver, never: str
) -> None:
    assert NEVER in (await client.get(never, headers=SV)).text
    assert not await is_silenced(shop)
    done = await client.post(never, headers=SV)
    assert done.status_code == 200 and "Den här adressen lämnas i fred" in done.text
    assert AGAIN in (await client.get(never, headers=SV)).text
    for number, email in (("1001", OTHER), ("1002", OTHER), ("1003", "Annika+shop@example.org")):
        await shop.order(number)
        answer = await client.post(f"/t/{await shop.token(number)}/follow", data={"wants": "all", "email": email})
        assert answer.status_code == 303  # as ever: whoever types it is told nothing
    assert await deliver() == []
    assert not await is_silenced(shop, "kalle@example.org") and not await is_silenced(shop, shop_id=shop.other_id)


async def test_whoever_types_the_address_sees_the_same_page_as_before(
    shop: Shop, client: httpx2.AsyncClient, never: str
) -> None:
    before = await page_of(client, shop)
    await client.post(never)
    assert "a•••@e•••.org" not in await page_of(client, shop)  # that follower has stopped
    await follow(client, shop, email=OTHER)
    assert await page_of(client, shop) == before


async def test_what_followed_stops_and_what_waits_is_not_sent(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop, email=OTHER)
    (question,) = await deliver()
    await client.post(link_in(question, "/follow/"))
    await pack(shop)
    await client.post(link_in(question, "/silence/"))
    assert [(one.follows, one.stopped_why) for one in await all_followers(shop)] == [(False, "asked")]
    assert await deliver() == []


async def test_yes_is_a_later_word_than_never(shop: Shop, client: httpx2.AsyncClient, deliver: Deliver) -> None:
    await follow(client, shop, email=OTHER)
    (question,) = await deliver()
    await client.post(link_in(question, "/silence/"))
    await client.post(link_in(question, "/follow/"))
    await pack(shop)
    assert [mail["To"] for mail in await deliver()] == [OTHER]


async def test_a_mistake_can_be_undone_from_the_same_link(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver, never: str
) -> None:
    await client.post(never)
    assert "Hit får vi skriva igen" in (await client.post(never, data={"undo": "1"}, headers=SV)).text
    assert not await is_silenced(shop)
    await shop.order("1002")
    await client.post(f"/t/{await shop.token('1002')}/follow", data={"wants": "all", "email": OTHER})
    assert [mail["To"] for mail in await deliver()] == [OTHER]


@pytest.fixture
async def karin_wants_none(shop: Shop, client: httpx2.AsyncClient, deliver: Deliver) -> None:
    """Karin's own address, written on another's page."""
    await shop.order("1002", customer_email="kalle@example.com")
    path = f"/t/{await shop.token('1002')}/follow"
    await client.post(path, data={"wants": "all", "email": "karin@example.com"})
    (question,) = await deliver()
    await client.post(link_in(question, "/silence/"))


async def test_no_page_promises_mails_to_an_order_whose_own_address_wants_none(
    karin_wants_none: None, shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    answer = await follow(client, shop)
    assert answer.status_code == 422 and "vill inte ha några mejl från oss" in answer.text
    await follow(client, shop, email=OTHER)
    assert [mail["To"] for mail in await deliver()] == [OTHER]


async def test_she_is_not_asked_after_delivery_and_gets_the_link_and_the_answer_that_she_asks_for(
    karin_wants_none: None, shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await set_face(shop.desk, shop.id, ask_hours=24)
    await pack(shop)
    asked = await questions.ask(shop.desk, shop.id, (await shop.row()).id, "När kommer den?", locale="sv")
    await client.post("/track", data={"number": "1001", "email": "karin@example.com"})
    by = await shop.person_id("anders")
    await questions.answer(shop.desk, shop.id, asked, by_person=by, as_owner=False, words="I morgon.")
    await log_step(shop.desk, shop.id, "1001", StepToLog("shipped", "anders"))
    await log_step(shop.desk, shop.id, "1001", StepToLog("delivered"))
    subjects = sorted(str(mail["Subject"]) for mail in await deliver())
    assert [one.split(":")[0] for one in subjects] == ["Sidan för din beställning 1001", "Svar från Anders"]


async def test_forgetting_the_customer_does_not_forget_that_she_wants_no_mails(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver, never: str
) -> None:
    await client.post(never)
    async with shop.desk.db.read() as conn:
        (row,) = (await conn.execute(sa.select(silenced))).all()
    assert OTHER not in repr(row) and re.fullmatch(r"[A-Za-z0-9_-]{43}", row.digest)
    told = await privacy.export_customer(shop.desk, shop.id, OTHER)
    assert told["silenced"] == [{"created_at": row.created_at}]
    await privacy.erase_customer(shop.desk, shop.id, email=OTHER)
    await purging.purge(shop.desk, shop.id)
    assert await is_silenced(shop)
    assert AGAIN in (await client.get(never, headers=SV)).text  # the way back needs nothing that was forgotten


async def test_a_link_that_somebody_made_up_leads_nowhere(shop: Shop, client: httpx2.AsyncClient, never: str) -> None:
    forged = never[:-1] + ("A" if never[-1] != "A" else "E")
    assert (await client.post(forged)).status_code == 404
    elsewhere = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert (await client.post(never, headers=elsewhere)).status_code == 403
    assert not await is_silenced(shop)


@pytest.fixture
def secrets(shop: Shop) -> list[str]:
    """The shop's new secret, before the one that is being retired."""
    return ["n" * 32, *shop.desk.secrets]


async def test_what_a_link_under_the_new_secret_shut_one_under_the_old_opens(shop: Shop, secrets: list[str]) -> None:
    desk = replace(shop.desk, secrets=tuple(secrets))
    new, old = (digest_of(one.encode(), shop.id, OTHER) for one in secrets)
    order_id = (await shop.row()).id
    await follow_actions.follow_by_mail(desk, shop.id, order_id, email=OTHER, wants="all", locale="sv")
    await silence(desk, shop.id, new)
    assert await is_silent(desk, shop.id, old)
    assert await allow(desk, shop.id, old) and await allow(desk, shop.id, old)
    async with desk.db.read() as conn:
        assert await rows.silenced_since(conn, desk.secrets, shop.id, OTHER) is None


async def test_no_link_says_that_mails_come_when_it_cannot_know(shop: Shop, secrets: list[str]) -> None:
    desk = replace(shop.desk, secrets=tuple(secrets))
    new, old = (digest_of(one.encode(), shop.id, OTHER) for one in secrets)
    await silence(desk, shop.id, new)  # of somebody whose order has been forgotten
    assert not await allow(desk, shop.id, old)
    assert await allow(desk, shop.id, new)
