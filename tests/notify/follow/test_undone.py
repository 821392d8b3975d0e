"""What was mailed and is not so: set right once, for those who got it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa

from storefront_trace.actions import follow as follow_actions
from storefront_trace.actions import people
from storefront_trace.actions.corrections import correct_event
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.clock import HOUR, now_micros
from storefront_trace.domain.moments import Moment
from storefront_trace.domain.orders import Parcel
from storefront_trace.storage import outbox
from storefront_trace.storage.tables import notice
from tests.notify.follow.following import SV, Deliver, all_followers, follow, link_in, pack
from tests.notify.postman import Postman, text_of
from tests.people import Shop
from tests.web.customer.test_told_again import take_back, tell_shipped

CORRECTION = "En rättelse: din beställning 1001"


@pytest.fixture(autouse=True)
async def followed(ordered: None, shop: Shop, client: httpx2.AsyncClient) -> None:
    """Karin follows every step by mail."""
    await follow(client, shop)


async def undo(shop: Shop, event: str, reason: str | None = None) -> None:
    await correct_event(shop.desk, shop.id, "1001", event, by="olga", reason=reason, source="staff")


def subjects(mails: list[EmailMessage]) -> list[str]:
    return [str(mail["Subject"]) for mail in mails]


async def test_a_step_taken_back_after_its_mail_is_set_right_once(shop: Shop, deliver: Deliver, signed_in: Any) -> None:
    event = await pack(shop)
    await deliver()
    await undo(shop, event, "Det var en annan låda.")
    await undo(shop, event)
    (mail,) = await deliver()
    assert (mail["Subject"], mail["To"]) == (CORRECTION, "karin@example.com")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        text = text_of(mail, kind)
        assert "”Anders packade din beställning”. Det loggades av misstag" in text
        assert "Det var en annan låda." in text and "face.jpg" not in text
    assert await deliver() == []
    story = (await (await signed_in("olga")).get("/staff/orders/1001", headers=SV)).text
    assert re.search(r"Mejlat till k•••@e•••\.com \S", story) and "Rättat i ett meddelande" in story


async def test_what_waits_is_neither_told_nor_set_right(shop: Shop, deliver: Deliver) -> None:
    await undo(shop, await pack(shop))
    assert await deliver() == []
    async with shop.desk.db.read() as conn:
        assert await outbox.count_waiting(conn) == 0


async def test_only_who_got_the_first_one_hears_of_it(shop: Shop, client: httpx2.AsyncClient, deliver: Deliver) -> None:
    event = await pack(shop)
    await deliver()
    await follow(client, shop, email="annika@example.org")
    (question,) = await deliver()
    await client.post(link_in(question, "/follow/"))
    await undo(shop, event)
    assert [mail["To"] for mail in await deliver()] == ["karin@example.com"]


async def test_who_has_stopped_hears_nothing_and_who_wants_less_hears_of_what_was_mailed(
    shop: Shop, deliver: Deliver
) -> None:
    event = await pack(shop)
    await deliver()
    (one,) = await all_followers(shop)
    await follow_actions.change_wants(shop.desk, shop.id, one.order_id, one.id, "problems")
    await undo(shop, event)
    assert subjects(await deliver()) == [CORRECTION]
    second = await log(shop, "delayed")
    await deliver()
    await follow_actions.stop(shop.desk, shop.id, one.id)
    await undo(shop, second)
    assert await deliver() == []


async def log(shop: Shop, step: str, by: str | None = "anders") -> str:
    return (await log_step(shop.desk, shop.id, "1001", StepToLog(step, by))).event.id


async def test_logged_anew_by_the_same_person_at_once_needs_no_mail_at_all(shop: Shop, deliver: Deliver) -> None:
    event = await pack(shop)
    await deliver()
    await undo(shop, event)
    again = await pack(shop, note="Med rosett")
    assert await deliver() == []
    await undo(shop, again)  # and now it is not so after all
    assert subjects(await deliver()) == [CORRECTION]


async def test_the_shop_systems_step_that_it_takes_back_for_good_is_set_right_without_a_name(
    shop: Shop, deliver: Deliver
) -> None:
    await tell_shipped(shop, 0)
    await deliver()
    await tell_shipped(shop, 1, "RR123456785SE")  # more about it: nothing to set right
    assert await deliver() == []
    await take_back(shop)
    (mail,) = await deliver()
    assert mail["Subject"] == CORRECTION and "”Skickad”" in text_of(mail)


async def test_a_carriers_scan_is_set_right_when_the_last_that_says_so_falls(shop: Shop, deliver: Deliver) -> None:
    async def scan(hour: int) -> str:
        at = Moment(datetime.now(UTC) - timedelta(hours=9 - hour), "UTC", "minute")
        told = StepToLog(
            "in_transit", at=at, parcel=Parcel("p1", "PostNord", "1"), source="carrier", source_key=str(hour),
            carrier_scan=True,
        )  # fmt: skip
        return (await log_step(shop.desk, shop.id, "1001", told)).event.id

    scans = [await scan(1)]
    await deliver()
    scans.append(await scan(2))
    for event, told in zip(scans, ([], [CORRECTION]), strict=True):
        await correct_event(shop.desk, shop.id, "1001", event, by=None, source="carrier")
        assert subjects(await deliver()) == told


async def test_the_correction_shows_people_as_they_want_it_when_it_goes_out(shop: Shop, deliver: Deliver) -> None:
    event = await pack(shop, note=None)
    await deliver()
    await people.choose_visibility(shop.desk, shop.id, await shop.person_id("anders"), "team", locale="sv")
    await undo(shop, event)
    (mail,) = await deliver()
    assert "Anders" not in text_of(mail) + text_of(mail, "html") and "Lagerteamet packade" in text_of(mail)


@pytest.mark.parametrize(("outcome", "told"), [({"sent_at": 1}, [CORRECTION]), ({"failed_at": 1}, [])])
async def test_a_step_taken_back_while_its_mail_is_being_sent_is_set_right_when_it_is_known_to_have_gone(
    shop: Shop, deliver: Deliver, outcome: dict[str, int], told: list[str]
) -> None:
    event = await pack(shop)
    async with shop.desk.db.write() as conn:
        (claimed,) = await outbox.claim_notices(conn, 2**60, now_micros() + HOUR)
    await undo(shop, event)
    assert await deliver() == []  # its sender has it still
    async with shop.desk.db.write() as conn:
        await outbox.update_notice(conn, claimed, claimed_until=None, **outcome)
        await conn.execute(sa.update(notice).where(notice.c.kind == "step_undone").values(claimed_until=None))
    assert subjects(await deliver()) == told
    assert await deliver() == []


async def test_a_mail_that_nobody_took_is_not_set_right(shop: Shop, deliver: Deliver, postman: Postman) -> None:
    event = await pack(shop)
    postman.recipient_answer = "452 mailbox full"
    await deliver()
    postman.recipient_answer = ""
    await undo(shop, event)
    assert await deliver() == []
