"""Which steps and changes are mailed to who follows, and how often."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import httpx2
import pytest
import sqlalchemy as sa
import time_machine

from storefront_trace.actions import corrections
from storefront_trace.actions.incoming import apply_incoming
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.incoming import IncomingLine, IncomingParcel, IncomingStep
from storefront_trace.domain.moments import Moment
from storefront_trace.domain.orders import Parcel
from storefront_trace.storage import outbox
from storefront_trace.storage.tables import notice
from tests.notify.follow.following import Deliver, follow, pack
from tests.notify.postman import text_of
from tests.people import SOON_AFTER, Shop


@pytest.mark.parametrize(
    ("wants", "told"),
    [
        ("all", ["packed", "delayed", "shipped", "in_transit", "delivered"]),
        ("milestones", ["shipped", "delivered"]),
        ("problems", ["delayed"]),
    ],
)
async def test_she_hears_of_what_she_chose(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver, wants: str, told: list[str]
) -> None:
    await follow(client, shop, wants=wants)
    for step in ("packed", "delayed", "shipped", "in_transit", "delivered"):
        await log_step(shop.desk, shop.id, "1001", StepToLog(step, "anders"))
    assert len(await deliver()) == len(told)
    async with shop.desk.db.read() as conn:
        rows = (await conn.execute(sa.select(notice.c.detail).order_by(notice.c.id))).scalars()
        ids = {row["event_id"] for row in rows}
    assert [one.step for one in await shop.events() if one.id in ids] == told


async def test_a_step_taken_back_before_it_went_out_is_not_told(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop)
    event = await pack(shop)
    await corrections.undo_step(shop.desk, shop.id, "1001", event, by="anders")
    assert await deliver() == []
    async with shop.desk.db.read() as conn:
        assert await outbox.count_waiting(conn) == 0


async def test_old_history_is_no_news(shop: Shop, client: httpx2.AsyncClient, deliver: Deliver) -> None:
    await follow(client, shop)
    at = datetime.now(UTC) - timedelta(days=1, minutes=1)
    await pack(shop, at=Moment(at, "UTC", "minute"))
    assert await deliver() == []
    await log_step(
        shop.desk, shop.id, "1001", StepToLog("shipped", "anders", at=Moment(at + timedelta(hours=2), "UTC", "minute"))
    )
    assert len(await deliver()) == 1


async def test_a_parcel_scanned_again_and_again_is_told_once(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop)
    start = datetime.now(UTC) - timedelta(hours=5)

    async def scan(step: str, hours: int) -> None:
        parcel = Parcel("p1", "PostNord", "123")
        at = Moment(start + timedelta(hours=hours), "UTC", "minute")
        told = StepToLog(step, at=at, parcel=parcel, source="carrier", source_key=f"{step}{hours}", carrier_scan=True)
        await log_step(shop.desk, shop.id, "1001", told)

    await scan("in_transit", 1)
    await scan("in_transit", 2)  # before the first has gone out: it is told, of the last
    (mail,) = await deliver()
    assert "PostNord" in text_of(mail)
    await scan("in_transit", 3)
    assert await deliver() == []
    await scan("out_for_delivery", 4)
    await scan("in_transit", 3)  # late
    (mail,) = await deliver()
    assert mail["Subject"] == "Ute för leverans: din beställning 1001"


async def test_a_shop_system_that_says_more_of_a_step_later_does_not_mail_it_again(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop)
    now = datetime.now(UTC)

    async def told(minutes: int, number: str | None) -> None:
        at = now - timedelta(hours=1)
        parcel = IncomingParcel("f1", "PostNord", number) if number else None
        fact = IncomingStep(
            None, "1001", "shipped", at, "UTC", "minute", "fulfillment:1",
            updated_at=now - timedelta(minutes=60 - minutes), parcel=parcel,
        )  # fmt: skip
        await apply_incoming(shop.desk, shop.id, [fact], source="shopify:x")

    await told(0, None)
    await told(1, "RR123456785SE")  # before it went out: the mail knows the parcel
    (mail,) = await deliver()
    assert "RR123456785SE" in text_of(mail, "html")
    await told(2, "RR123456799SE")
    assert await deliver() == []


@pytest.mark.parametrize(("wants", "told"), [("all", 1), ("problems", 1), ("milestones", 0)])
@time_machine.travel(SOON_AFTER)
async def test_what_is_out_of_stock_or_comes_later_is_told_before_she_has_to_ask(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver, wants: str, told: int
) -> None:
    await follow(client, shop, wants=wants)
    out = (IncomingLine("1", "Skrattande mugg", 2, backordered=2, expected=date(2026, 12, 4)),)
    later = {"promise_from": date(2026, 12, 7), "promise_to": date(2026, 12, 8)}
    await shop.order(lines=out, **later)
    await shop.order(lines=out, **later)  # told again
    mails = await deliver()
    assert len(mails) == told
    for mail in mails:
        assert mail["Subject"] == "Det tar längre tid: din beställning 1001"
        text = text_of(mail).replace("\u00a0", " ")
        assert "Tillfälligt slut: Skrattande mugg. " in text
        assert "fredag 4 december" in text and "Din beställning väntas nu tisdag 8 december." in text
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_no_mail_expects_goods_on_a_day_that_has_passed(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop)
    await shop.order(lines=(IncomingLine("1", "Skrattande mugg", 2, backordered=2, expected=date(2020, 12, 4)),))
    text = text_of((await deliver())[0])
    assert "Tillfälligt slut: Skrattande mugg." in text
    assert "4 december" not in text


async def test_what_was_put_right_before_it_went_out_is_not_told(
    shop: Shop, client: httpx2.AsyncClient, deliver: Deliver
) -> None:
    await follow(client, shop)
    await shop.order(lines=(IncomingLine("1", "Skrattande mugg", 2, backordered=2),))
    await shop.order(lines=(IncomingLine("1", "Skrattande mugg", 2),))
    assert await deliver() == []
