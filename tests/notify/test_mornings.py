from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from starlette.applications import Starlette

from storefront_trace.actions import mailing, own_mails, rights, shops
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.config import Settings
from storefront_trace.domain.calendar import checked_calendar
from storefront_trace.domain.incoming import IncomingLine
from tests.notify.fridays import deliver, let_in, written
from tests.notify.postman import Postman, text_of
from tests.people import PLACED, Shop

# A Monday, when Karin's order of the 19th is past its day; seven in Stockholm is six in UTC.
SEVEN = datetime(2026, 11, 30, 6, tzinfo=UTC)


async def choose(shop: Shop, hour: int | None = 7, locale: str = "sv") -> None:
    await own_mails.set_morning(shop.desk, shop.id, await shop.person_id("olga"), hour, locale=locale)


async def late(shop: Shop, *numbers: str) -> None:
    for number in numbers or ("1001",):
        await shop.order(number, lines=(IncomingLine("1", "Mugg", 1),))


async def write_at(shop: Shop, at: datetime) -> int:
    with time_machine.travel(at, tick=False):
        return await mailing.write_all(shop.desk)


async def test_what_needs_the_owner_comes_with_who_has_it_and_the_way_to_do_it(
    app: Starlette, shop: Shop, mail_settings: Settings, postman: Postman
) -> None:
    await choose(shop)
    await late(shop)
    await log_step(shop.desk, shop.id, "1001", StepToLog("picked", by="anders", hand_to="lisa"))
    with time_machine.travel(SEVEN, tick=False):
        await deliver(app, shop, mail_settings)
    (mail,) = postman.mails
    text = text_of(mail).replace("\xa0", " ")
    assert (mail["To"], mail["Subject"]) == ("olga@example.com", "En sak behöver dig i dag")
    assert "1001 skulle varit framme torsdag 26 november" in text and "Lisa" in text
    assert f"{mail_settings.public_url}/staff/orders/1001" in text and f"{mail_settings.public_url}/owner/needs" in text


async def test_many_things_are_counted_and_some_are_told(
    app: Starlette, shop: Shop, mail_settings: Settings, postman: Postman
) -> None:
    await choose(shop, locale="en")
    await late(shop, *(str(1001 + n) for n in range(12)))
    with time_machine.travel(SEVEN, tick=False):
        await deliver(app, shop, mail_settings)
    text = text_of(postman.mails[0]).replace("\xa0", " ")
    assert postman.mails[0]["Subject"] == "12 things need you today"
    assert text.count("Open the order: ") == 8 and "And 4 things more." in text


async def test_nobody_gets_it_who_has_not_asked_for_it(shop: Shop) -> None:
    await late(shop)
    await let_in(shop, "anders")
    await own_mails.set_morning(shop.desk, shop.id, await shop.person_id("anders"), 7, locale="sv")  # no owner
    assert await write_at(shop, SEVEN) == 0


async def test_on_a_morning_when_nothing_needs_her_nothing_comes(shop: Shop) -> None:
    await choose(shop)
    await shop.order(placed_at=PLACED, promise_from=date(2026, 12, 20), promise_to=date(2026, 12, 21))
    with time_machine.travel(datetime(2026, 11, 20, 6, tzinfo=UTC), tick=False):
        assert await mailing.write_all(shop.desk) == 0


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (SEVEN - timedelta(seconds=1), 0),
        (SEVEN, 1),
        (SEVEN + timedelta(hours=4, seconds=-1), 1),
        (SEVEN + timedelta(hours=4), 0),
        (SEVEN - timedelta(days=1), 0),  # a Sunday
        (SEVEN + timedelta(days=1), 0),  # the owner has closed it
    ],
)
async def test_it_comes_in_the_morning_of_days_when_the_shop_works(shop: Shop, at: datetime, expected: int) -> None:
    await choose(shop)
    await late(shop)
    calendar = checked_calendar("12345", "08:00", "17:00", "2026-12-01")
    await shops.set_face(shop.desk, shop.id, calendar=calendar)
    assert await write_at(shop, at) == expected


async def test_it_comes_once_a_day_and_again_the_day_after(shop: Shop) -> None:
    await choose(shop)
    await late(shop)
    assert [await write_at(shop, SEVEN + timedelta(hours=hours)) for hours in (0, 1, 0, 24, 25)] == [1, 0, 0, 1, 0]
    assert await written(shop) == [("morning", "olga@example.com")] * 2


@pytest.mark.parametrize("meanwhile", ["no more", "nothing left", "no owner", "evening"])
async def test_what_has_changed_since_it_was_written_holds_it_back(
    app: Starlette, shop: Shop, mail_settings: Settings, postman: Postman, meanwhile: str
) -> None:
    await choose(shop)
    await late(shop)
    await let_in(shop, "anders")
    assert await write_at(shop, SEVEN) == 1
    if meanwhile == "no more":
        await choose(shop, None)
    if meanwhile == "nothing left":
        for step in ("packed", "shipped"):
            await log_step(shop.desk, shop.id, "1001", StepToLog(step, by="anders"))
    if meanwhile == "no owner":
        await rights.set_role(shop.desk, shop.id, "anders", "owner")
        await rights.set_role(shop.desk, shop.id, "olga", "staff")
    with time_machine.travel(SEVEN + timedelta(hours=12 if meanwhile == "evening" else 0), tick=False):
        await deliver(app, shop, mail_settings)
    assert [mail for mail in postman.mails if "behöver dig" in str(mail["Subject"])] == []
