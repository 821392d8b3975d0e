from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
import time_machine

from storefront_trace.actions.connections import connect
from storefront_trace.actions.deliveries import receive
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.storage import outbox, people, shops
from storefront_trace.storage.connections import find_connection
from storefront_trace.storage.tables import connection, delivery, notice
from tests.people import PLACED, Shop

PATH = "/owner/needs?lang=en"
NO_PROMISE: dict[str, Any] = {"promise_from": None, "promise_to": None}


async def needs(signed_in: Any, who: str = "olga") -> str:
    return str((await (await signed_in(who)).get(PATH)).text)


async def test_a_promise_that_can_only_be_kept_today_comes_before_what_stands_still(shop: Shop, signed_in: Any) -> None:
    await shop.order("OLD", placed_at=PLACED - timedelta(days=2), **NO_PROMISE)
    await shop.order("SOON")
    with time_machine.travel(PLACED + timedelta(days=6), tick=False):
        html = await needs(signed_in)
    assert html.index(">SOON<") < html.index(">OLD<")
    assert "is promised by" in html and "Nobody has touched" in html


async def test_a_promise_that_was_broken_says_so_once(shop: Shop, signed_in: Any) -> None:
    await shop.order("1001")
    with time_machine.travel(PLACED + timedelta(days=20), tick=False):
        html = await needs(signed_in)
    assert "was promised by" in html and html.count('<div class="still">') == 1


async def test_what_the_carrier_has_needs_nobody(shop: Shop, signed_in: Any) -> None:
    await shop.order("1001", lines=(IncomingLine("1", "Mugg", 1),))
    for step in ("packed", "shipped"):
        await log_step(shop.desk, shop.id, "1001", StepToLog(step, by="anders"))
    with time_machine.travel(PLACED + timedelta(days=20), tick=False):
        assert "Nothing right now" in await needs(signed_in)


async def test_goods_past_their_day_are_named(shop: Shop, signed_in: Any) -> None:
    lamp = IncomingLine("2", "Lampa", 1, backordered=1, expected=date(2026, 11, 24))
    await shop.order("1001", lines=(lamp,), **NO_PROMISE)
    with time_machine.travel(PLACED + timedelta(days=4), tick=False):
        assert "Lampa" not in await needs(signed_in)
    with time_machine.travel(PLACED + timedelta(days=6), tick=False):
        assert "Lampa for" in await needs(signed_in)


async def test_a_connection_gone_silent_is_told_and_one_that_never_spoke(shop: Shop, signed_in: Any) -> None:
    made = await connect(shop.desk, shop.id, "woocommerce", "s" * 40, name="Webbutiken")
    now = now_micros()
    async with shop.desk.db.write() as conn:
        await conn.execute(sa.update(connection).values(created_at=now - 20 * DAY))
    assert "Webbutiken has been connected since" in await needs(signed_in)
    async with shop.desk.db.write() as conn:
        await conn.execute(sa.update(connection).values(seen_at=now - 6 * DAY))
        for _ in range(12):
            row = {"shop_id": shop.id, "id": new_id(), "connection_id": made.id, "key": new_id(), "topic": "order"}
            at = now - 6 * DAY
            await conn.execute(sa.insert(delivery).values(**row, body=b"", received_at=at, due_at=at, attempts=1))
    assert "Nothing has come from Webbutiken since" in await needs(signed_in)


async def test_a_silence_that_lasts_is_told_as_long_as_it_does(shop: Shop, signed_in: Any) -> None:
    made = await connect(shop.desk, shop.id, "woocommerce", "s" * 40, name="Webbutiken")
    spoke = now_micros() - 40 * DAY
    async with shop.desk.db.write() as conn:
        await conn.execute(sa.update(connection).values(created_at=spoke, seen_at=spoke))
        for _ in range(10):
            row = {"shop_id": shop.id, "id": new_id(), "connection_id": made.id, "key": new_id(), "topic": "order"}
            await conn.execute(sa.insert(delivery).values(**row, body=b"", received_at=spoke, due_at=spoke, attempts=1))
    assert "Nothing has come from Webbutiken since" in await needs(signed_in)


async def test_a_sender_that_switched_us_off_is_told_at_once_and_until_it_speaks_again(
    shop: Shop, signed_in: Any
) -> None:
    made = await connect(shop.desk, shop.id, "shopify", "s" * 40, name="Butiken")
    async with shop.desk.db.read() as conn:
        sender = await find_connection(conn, made.id)
    assert sender is not None
    calls = (
        ("orders/paid", b"{}", False),
        ("app/uninstalled", b"{}", True),
        ("app/uninstalled", b"{}", True),  # sent again
        ("orders/paid", b'{"id": 2}', False),
    )
    for topic, body, told in calls:
        await receive(shop.desk, sender, {"x-shopify-topic": topic}, body)
        assert ("Butiken switched us off" in await needs(signed_in)) is told


async def came_back(shop: Shop, once: str, to: str = "karin@example.com", **detail: Any) -> None:
    row = {"kind": "tracking_link", "recipient": to, "locale": "sv", "detail": detail}
    async with shop.desk.db.write() as conn:
        await outbox.insert_notice(conn, shop.id, once=once, created_at=now_micros(), **row)
        await conn.execute(sa.update(notice).where(notice.c.once == once).values(failed_at=now_micros()))


async def test_a_mail_that_came_back_is_told_and_one_that_was_not_worth_sending_is_not(
    shop: Shop, signed_in: Any
) -> None:
    await came_back(shop, "1001", order_number="1001")
    await came_back(shop, "1002", order_number="1002", **{outbox.MOOT: True})
    html = await needs(signed_in)
    assert ">1001<" in html and ">1002<" not in html and "karin@example.com" not in html
    assert "It waits for you." in html


async def test_a_mail_about_an_order_that_came_back_names_who_has_the_order(shop: Shop, signed_in: Any) -> None:
    order = await shop.order(**NO_PROMISE)
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="anders"))
    anders, owner = await shop.person_id("anders"), await signed_in("olga")
    for once, detail in (("by number", {"order_number": "1001"}), ("by id", {"order_id": order})):
        await came_back(shop, once, **detail)
        html = (await owner.get(PATH)).text
        assert html.count("could not be delivered") == 1 and "Who has the order: Anders." in html
        assert f"/stamp/{anders}/" in html[html.index('<div class="still">') :]
        async with shop.desk.db.write() as conn:
            await conn.execute(sa.delete(notice))


async def test_a_mail_to_a_colleague_that_came_back_waits_for_the_owner_until_the_address_is_put_right(
    shop: Shop, signed_in: Any
) -> None:
    anders, olga = await shop.person_id("anders"), await shop.person_id("olga")
    async with shop.desk.db.write() as conn:
        await people.update_person(conn, shop.id, anders, email="anders@example.com")
        await shops.update_generation(conn, shop.id)
    for once in ("friday:1", "friday:2"):
        await came_back(shop, once, to="anders@example.com", person_id=anders)
    html = await needs(signed_in)
    assert html.count("A mail to Anders could not be delivered. It waits for you.") == 1
    assert 'href="/owner/people/anders/about"' in html and f"/stamp/{olga}/" in html[html.index('class="still"') :]
    async with shop.desk.db.write() as conn:
        await people.update_person(conn, shop.id, anders, email="anders@example.org")
        await shops.update_generation(conn, shop.id)
    assert "A mail to Anders" not in await needs(signed_in)


async def test_the_owner_of_another_shop_needs_nothing_of_it(shop: Shop, signed_in: Any) -> None:
    await shop.order("1001")
    with time_machine.travel(PLACED + timedelta(days=20), tick=False):
        assert "Nothing right now" in await needs(signed_in, "nora")
