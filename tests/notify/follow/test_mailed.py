"""What was mailed once: its pictures and its links answer for as long as the order's link lives, whatever the shop
system and the carrier have said of the step since."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import httpx2
import pytest

from storefront_trace.actions.corrections import correct_event
from storefront_trace.actions.incoming import apply_incoming
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.incoming import IncomingParcel, IncomingStep
from storefront_trace.domain.moments import Moment
from storefront_trace.domain.orders import Parcel
from storefront_trace.storage import outbox
from tests.notify.follow.following import Deliver
from tests.notify.postman import text_of
from tests.people import Shop
from tests.web.customer.test_told_again import SHOPIFY, take_back, tell_shipped

START = datetime.now(UTC) - timedelta(hours=9)


@pytest.fixture(autouse=True)
async def followed(ordered: None, shop: Shop, client: httpx2.AsyncClient) -> None:
    """Karin follows every step by mail."""
    await client.post(f"/t/{await shop.token()}/follow", data={"wants": "all"})


async def scan(shop: Shop, step: str, hour: int) -> str:
    """PostNord scans the one parcel; the event's id."""
    at = Moment(START + timedelta(hours=hour), "UTC", "minute")
    parcel = Parcel("p1", "PostNord", "123")
    told = StepToLog(step, at=at, parcel=parcel, source="carrier", source_key=f"{step}{hour}", carrier_scan=True)
    return (await log_step(shop.desk, shop.id, "1001", told)).event.id


def addresses(mails: list[EmailMessage]) -> list[str]:
    """Of everything about a single step."""
    found = (re.findall(r'"http://127\.0\.0\.1:8000(/t/[^"]+/steps/[^"]+)"', text_of(mail, "html")) for mail in mails)
    return [address.replace("&amp;", "&") for one in found for address in one]


async def answers(client: httpx2.AsyncClient, paths: list[str]) -> dict[str, int]:
    return {path: (await client.get(path)).status_code for path in paths}


async def test_every_address_of_a_step_answers_when_the_shop_system_has_told_more_of_it(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await tell_shipped(shop, 0)
    mailed = addresses(await deliver())
    assert {path.split("/")[-1].split("?")[0] for path in mailed} == {"face.jpg", "feedback"}
    for minute, number in ((1, "RR123456785SE"), (2, "RR123456799SE")):
        await tell_shipped(shop, minute, number)
        assert set((await answers(client, mailed)).values()) == {200}


async def test_a_face_answers_when_the_shop_system_has_taken_its_step_back_for_good(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await tell_shipped(shop, 0)
    (face,) = [path for path in addresses(await deliver()) if path.endswith("face.jpg")]
    await take_back(shop)
    assert await answers(client, [face]) == {face: 200}


async def test_every_address_of_a_scan_answers_when_later_ones_have_folded_it(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    mailed = []
    for hour, step in enumerate(("in_transit", "in_transit", "out_for_delivery", "delivered")):
        await scan(shop, step, hour)
        mailed += addresses(await deliver())
        assert set((await answers(client, mailed)).values()) == {200}
    assert len(mailed) == 3


async def test_a_scan_that_the_next_one_folds_before_its_mail_goes_out_is_told_all_the_same(
    shop: Shop, deliver: Deliver
) -> None:
    await scan(shop, "in_transit", 1)
    await scan(shop, "out_for_delivery", 2)
    subjects = [str(mail["Subject"]).split(":")[0] for mail in await deliver()]
    assert subjects == ["På väg", "Ute för leverans"]


@pytest.mark.parametrize("fallen", ["first", "second", "both"])
async def test_a_scan_taken_back_before_its_mail_leaves_the_news_of_the_one_that_stands(
    shop: Shop, deliver: Deliver, fallen: str
) -> None:
    scans = {"first": await scan(shop, "in_transit", 1), "second": await scan(shop, "in_transit", 2)}
    for event_id in [scans[fallen]] if fallen in scans else scans.values():
        await correct_event(shop.desk, shop.id, "1001", event_id, by=None, source="carrier")
    subjects = [str(mail["Subject"]).split(":")[0] for mail in await deliver()]
    assert subjects == ([] if fallen == "both" else ["På väg"])
    async with shop.desk.db.read() as conn:
        assert await outbox.count_waiting(conn) == 0


async def test_a_scan_taken_back_is_not_told_by_way_of_another_that_has_its_own_mail(
    shop: Shop, deliver: Deliver
) -> None:
    first = await scan(shop, "in_transit", 1)
    await scan(shop, "out_for_delivery", 2)
    await scan(shop, "in_transit", 3)
    await correct_event(shop.desk, shop.id, "1001", first, by=None, source="carrier")
    subjects = [str(mail["Subject"]).split(":")[0] for mail in await deliver()]
    assert subjects == ["Ute för leverans", "På väg"]


async def test_a_carriers_own_scan_in_the_place_of_a_vaguer_word_is_no_second_mail(
    shop: Shop, deliver: Deliver
) -> None:
    """Nor is the scan after it."""
    now = datetime.now(UTC)
    for minute, key in enumerate(("p1:in_transit", "p1:in_transit:77", "p1:in_transit:78")):
        at = now - timedelta(minutes=30 - minute)
        fact = IncomingStep(
            None, "1001", "in_transit", at, "UTC", "minute", key, parcel=IncomingParcel("p1", "PostNord"),
            carrier_scan=True, updated_at=now if minute == 0 else None,
        )  # fmt: skip
        await apply_incoming(shop.desk, shop.id, [fact], source=SHOPIFY)
        assert len(await deliver()) == (minute == 0)
