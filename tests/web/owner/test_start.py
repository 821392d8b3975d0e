"""The first steps: what is done is read from the shop, the path can be put away, and a sample goes whole."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import httpx2
import pytest
import sqlalchemy as sa
from starlette.applications import Starlette

from storefront_trace.actions import shops, weeks
from storefront_trace.actions.samples import end_sample
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.storage import audit, figures, finished, reports
from storefront_trace.storage import shops as shop_rows
from storefront_trace.storage.reports import Doer
from storefront_trace.storage.tables import shop as shop_table
from storefront_trace.storage.tables.columns import metadata
from tests.people import Shop

PATH = "/owner/start"
ENGLISH = {"Accept-Language": "en"}
STOPS = ["shop", "look", "steps", "people", "cards", "orders", "page"]


async def done(olga: httpx2.AsyncClient) -> list[str]:
    """The stops that are done, as the page says."""
    page = (await olga.get(PATH, headers=ENGLISH)).text
    found = re.findall(r'<li class="stop( stop--done)?" id="(\w+)">', page)
    assert [key for _, key in found] == STOPS
    told = re.search(r"<b>(\d) of 7 are done\.</b>", page)
    assert told and int(told[1]) == sum(bool(mark) for mark, _ in found)
    return [key for mark, key in found if mark]


async def sample_page(olga: httpx2.AsyncClient) -> str:
    found = re.search(r'href="(/t/[\w-]{43})"', (await olga.get(PATH)).text)
    assert found
    return found[1]


async def test_what_is_done_is_read_from_the_shop_and_not_from_clicks(
    shop: Shop, app: Starlette, signed_in: Any
) -> None:
    app.state.settings = replace(app.state.settings, public_url="http://shop.example.com")
    olga = await signed_in("olga")
    assert await done(olga) == ["people"]
    assert "stays done" not in (await olga.get(PATH, headers=ENGLISH)).text
    await olga.post("/owner/people/olga", data={"name": "Olga", "role": "kontoret", "email": "olga@example.com"})
    await olga.post("/owner/shop", data={"colour": "#7a1f52"})
    await olga.post(f"{PATH}/steps", data={"shape": "warehouse"})
    assert await done(olga) == ["shop", "look", "steps", "people"]
    await olga.post("/owner/sheet", data={"handle": ["anders", "jocke", "lisa", "sam"]})
    await olga.post(f"{PATH}/sample")
    assert await done(olga) == STOPS[:-1]
    await log_step(shop.desk, shop.id, "PROV", StepToLog("picked", "anders"))
    assert await done(olga) == STOPS
    await shops.set_face(shop.desk, shop.id, brand="#1f6b52")
    assert "look" not in await done(olga)


async def test_cards_that_no_phone_can_open_are_not_done_and_every_link_for_elsewhere_says_so(
    shop: Shop, app: Starlette, signed_in: Any
) -> None:
    olga, told = await signed_in("olga"), "set PUBLIC_URL to the address that others use."
    everybody = {"handle": ["anders", "jocke", "lisa", "sam"]}
    asked = [("/owner/sheet", everybody), ("/owner/people/lisa/link", {}), ("/owner/wall/screens", {"name": "Till"})]
    asked.append(("/owner/kiosks", {"name": "Table"}))
    for path, form in asked:
        assert told in (await olga.post(path, data=form, headers=ENGLISH)).text, path
    assert told in (await olga.get(PATH, headers=ENGLISH)).text and "cards" not in await done(olga)
    app.state.settings = replace(app.state.settings, public_url="http://shop.example.com")
    assert told not in (await olga.post("/owner/sheet", data=everybody, headers=ENGLISH)).text
    assert told not in (await olga.get(PATH, headers=ENGLISH)).text and "cards" in await done(olga)


async def test_an_owner_of_an_untouched_shop_lands_on_the_path_until_it_is_put_away(shop: Shop, signed_in: Any) -> None:
    olga = await signed_in("olga")
    assert (await olga.get("/owner")).status_code == 200
    await olga.post(PATH, data={"away": "0"})
    assert (await olga.get("/owner")).headers["location"] == PATH
    assert f'href="{PATH}"' in (await olga.get("/owner/steps")).text
    gone = await olga.post(PATH, data={"away": "1"})
    assert gone.headers["location"] == "/owner?said=path-away"
    assert (await olga.get("/owner")).status_code == 200
    assert f'href="{PATH}"' not in (await olga.get("/owner/steps")).text
    assert f'href="{PATH}"' in (await olga.get("/owner/shop")).text and (await olga.get(PATH)).status_code == 200


async def test_with_an_order_the_first_page_is_there_and_leads_on(shop: Shop, signed_in: Any) -> None:
    olga = await signed_in("olga")
    await shops.set_face(shop.desk, shop.id, starting=True)
    await olga.post(f"{PATH}/sample")
    page = await olga.get("/owner", headers=ENGLISH)
    assert page.status_code == 200 and "Go on with the first steps" in page.text


async def test_a_sample_says_what_it_is_and_keeps_nothing_that_a_customer_says(
    shop: Shop, signed_in: Any, client: httpx2.AsyncClient
) -> None:
    olga = await signed_in("olga")
    for _ in range(2):
        assert (await olga.post(f"{PATH}/sample")).status_code == 303
    page = await sample_page(olga)
    text = (await client.get(page, headers=ENGLISH)).text
    assert "Order PROV" in text and "This is a sample order: nobody has bought anything." in text
    event = re.search(r"/steps/(\w{32})/feedback", text)
    assert event
    answers = [
        await client.post(f"{page}/steps/{event[1]}/feedback", data={"choice": "thanks"}, headers=ENGLISH),
        await client.post(f"{page}/thanks", headers=ENGLISH),
        await client.post(f"{page}/questions", data={"text": "När kommer den?"}, headers=ENGLISH),
    ]
    for answer in answers:
        assert answer.status_code == 409 and "This is a sample order, so nothing of this is kept." in answer.text


async def test_a_sample_stands_in_no_figures(shop: Shop, signed_in: Any) -> None:
    await (await signed_in("olga")).post(f"{PATH}/sample")
    for step in ("picked", "packed", "shipped", "in_transit", "out_for_delivery", "delivered"):
        await log_step(shop.desk, shop.id, "PROV", StepToLog(step, "anders"))
    anders, now = await shop.person_id("anders"), now_micros()
    async with shop.desk.db.read() as conn:
        steps = ["received", "picked", "packed"]
        assert await reports.count_steps(conn, shop.id, [anders], now - DAY, steps) == {}
        assert await figures.done_by_step(conn, shop.id, Doer(anders), [now - DAY], ["packed"]) == {"packed": (0,)}
        assert await figures.done_by_week(conn, shop.id, Doer(anders), [now - DAY, now, now + DAY], ["packed"]) == [
            0,
            0,
        ]
        assert await finished.list_finished(conn, shop.id) == []
    await weeks.count_all(shop.desk)
    rows = (await (await signed_in("olga")).get("/owner/reports.csv")).text.splitlines()[1:]
    assert all(set(row.split(",")[1:4]) <= {"0", ""} for row in rows), rows
    assert "PROV" not in (await (await signed_in("olga")).get("/owner/needs")).text


@pytest.mark.parametrize("deeds", [(), ("picked", "packed")], ids=["untouched", "worked on"])
async def test_a_sample_goes_whole(
    shop: Shop, signed_in: Any, client: httpx2.AsyncClient, deeds: tuple[str, ...]
) -> None:
    olga = await signed_in("olga")
    await olga.post(f"{PATH}/sample")
    page = await sample_page(olga)
    for step in deeds:
        await log_step(shop.desk, shop.id, "PROV", StepToLog(step, "anders"))
    await client.post(f"{page}/follow", data={"email": "karin@example.com", "wants": "all"})
    order_id = (await shop.row("PROV")).id
    assert (await client.get(page)).status_code == 200
    assert await mentions(shop, order_id) != []
    assert (await olga.post(f"{PATH}/sample/end")).headers["location"] == f"{PATH}?said=sample-gone#orders"
    assert await mentions(shop, order_id) == []
    assert (await client.get(page)).status_code == 404
    assert await end_sample(shop.desk, shop.id) == []
    async with shop.desk.db.read() as conn:
        noted = [one.what for one in await audit.list_audit(conn, shop.id, limit=2)]
    assert noted == ["shop.sample_ended", "shop.sample_made"]


async def mentions(shop: Shop, order_id: str) -> list[str]:
    """The tables in which the order is, whatever the column."""
    found = []
    async with shop.desk.db.read() as conn:
        for table in metadata.sorted_tables:
            text = [sa.cast(column, sa.Text).contains(order_id) for column in table.c]
            if (await conn.execute(sa.select(sa.func.count()).select_from(table).where(sa.or_(*text)))).scalar_one():
                found.append(table.name)
    return found


async def test_only_the_sample_goes_and_a_real_order_of_its_number_is_left_alone(shop: Shop, signed_in: Any) -> None:
    olga = await signed_in("olga")
    await shop.order("PROV")
    refused = await olga.post(f"{PATH}/sample", headers=ENGLISH)
    assert refused.status_code == 422 and "an order with the sample&#39;s number already" in refused.text
    await olga.post(f"{PATH}/sample/end")
    assert (await shop.row("PROV")).first_name == "Karin"


async def test_an_old_shop_is_not_led_anywhere(shop: Shop) -> None:
    async with shop.desk.db.read() as conn:
        assert (await conn.execute(sa.select(shop_table.c.starting))).scalars().all() == [False, False]
        assert (await shop_rows.get_shop(conn, shop.id)).shape is None


async def test_a_shop_that_likes_our_look_says_so_once_and_is_done_with_it(shop: Shop, signed_in: Any) -> None:
    olga = await signed_in("olga")
    assert ">Keep ours</button>" in (await olga.get(PATH, headers=ENGLISH)).text
    for _ in range(2):
        assert (await olga.post(f"{PATH}/look")).headers["location"] == f"{PATH}?said=saved#look"
    assert "look" in await done(olga)
    page = (await olga.get(PATH, headers=ENGLISH)).text
    assert "Keep ours" not in page and "Our green, and your name instead of a logo: so you keep it." in page
    async with shop.desk.db.read() as conn:
        noted = [one.what for one in await audit.list_audit(conn, shop.id, limit=10)]
    assert noted.count("shop.look_kept") == 1
    await olga.post("/owner/shop", data={"colour": "#7a1f52"})
    assert "Your own colour, and your name" in (await olga.get(PATH, headers=ENGLISH)).text


async def test_what_may_stay_as_it_came_is_next_only_when_nothing_else_is_left(
    shop: Shop, app: Starlette, signed_in: Any
) -> None:
    app.state.settings = replace(app.state.settings, public_url="http://shop.example.com")
    olga = await signed_in("olga")

    async def next_one() -> str:
        page = (await olga.get(PATH, headers=ENGLISH)).text
        found = re.findall(r'id="(\w+)">(?:(?!<li).)*?<span class="stop__so">next</span>', page, re.S)
        assert len(found) == 1
        return str(found[0])

    assert await next_one() == "shop"
    await olga.post("/owner/people/olga", data={"name": "Olga", "role": "kontoret", "email": "olga@example.com"})
    assert await next_one() == "steps"
    await olga.post(f"{PATH}/steps", data={"shape": "warehouse"})
    await olga.post("/owner/sheet", data={"handle": ["anders", "jocke", "lisa", "sam"]})
    await shop.order()
    await log_step(shop.desk, shop.id, "1001", StepToLog("picked", "anders"))
    assert await next_one() == "look"
