from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import AsyncMock
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
import time_machine

from storefront_trace.actions import concerns, feedback, questions, rows, steps
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.domain.orders import Parcel
from storefront_trace.storage import listing
from storefront_trace.storage.tables import order
from storefront_trace.web.staff import table
from tests.people import Shop

SignIn = Any
MUG = (IncomingLine("1", "Mugg", 1),)
# A Wednesday.
TODAY = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


async def numbers(client: Any, query: str = "") -> list[str]:
    text = (await client.get(f"/staff/orders?lang=sv&{query}")).text
    return re.findall(r'name="orders" value="([^"]+)"', text)


async def promised(shop: Shop, number: str, day: date | None, *keys: str, **more: object) -> str:
    order_id = await shop.order(number, promise_from=day, promise_to=day, **{"lines": MUG, **more})
    for key in keys:
        await steps.log_step(shop.desk, shop.id, number, StepToLog(key, by="anders"))
    return order_id


async def test_the_table_says_who_has_an_order_and_what_stands_against_it(shop: Shop, signed_in: SignIn) -> None:
    with time_machine.travel(TODAY, tick=False):
        lamp = IncomingLine("2", "Igelkottslampa", 1, backordered=1, expected=date(2026, 12, 2))
        order_id = await promised(shop, "1001", date(2026, 11, 24), "packed", lines=(*MUG, lamp))
        await questions.ask(shop.desk, shop.id, order_id, "När kommer den?", locale="sv")
        text = (await (await signed_in("jocke")).get("/staff/orders?lang=sv")).text
    for told in ("1001", "Karin", "Packad", "Anders", "skulle varit framme tisdag 24 november", "En fråga väntar"):
        assert told in text
    assert "Igelkottslampa är slut i lager, väntas onsdag 2 december" in text


async def test_each_filter_keeps_only_what_it_says(shop: Shop, signed_in: SignIn) -> None:
    with time_machine.travel(TODAY, tick=False):
        await promised(shop, "1001", date(2026, 11, 24), "packed")
        await promised(shop, "1002", date(2026, 11, 25))
        await promised(shop, "1003", date(2026, 11, 29), "shipped", customer_first_name="Leila")
        lamp = IncomingLine("1", "Lampa", 1, backordered=1)
        await promised(shop, "1004", date(2026, 11, 30), lines=(lamp,))
        await promised(shop, "1005", date(2026, 11, 23), "delivered")
        anders = await signed_in("anders")
        wanted = {
            "": ["1001", "1002", "1003", "1004"],
            "step=packed": ["1001"],
            "step=delivered": ["1005"],
            "promise=late": ["1001"],
            "problem=late": ["1001"],
            "promise=today": ["1002"],
            "promise=week": ["1002", "1003"],
            "problem=stock": ["1004"],
            "promise=week&step=shipped": ["1003"],
            "q=leil": ["1003"],
            "q=%231005": ["1005"],
            "q=1005&step=packed": [],
            "q=nobody": [],
            "step=nonsense&team=x&promise=y&problem=z&sort=w&page=v": ["1001", "1002", "1003", "1004"],
        }
        for query, found in wanted.items():
            assert (query, await numbers(anders, query)) == (query, found)
        page = (await anders.get("/staff/orders")).text
        assert 0 < page.index('value="picked"') < page.index('value="packed"')


async def test_a_code_means_in_the_table_what_it_means_to_the_scanner(shop: Shop, signed_in: SignIn) -> None:
    await promised(shop, "1001", None, "delivered")
    parcel = Parcel("p", "PostNord", "RR123456785SE")
    await promised(shop, "1002", None)
    await steps.log_step(shop.desk, shop.id, "1002", StepToLog("shipped", by="lisa", parcel=parcel))
    anders = await signed_in("anders")
    wanted = {
        "http://127.0.0.1:8000/staff/scan?code=1001": ["1001"],
        f"http://127.0.0.1:8000/staff/scan?from={'x' * 100}&code=1001": ["1001"],
        "rr 123456785 se": ["1002"],
        "https://elsewhere.example/staff/scan?code=1001": [],
    }
    for code, found in wanted.items():
        assert (code, await numbers(anders, urlencode({"q": code}))) == (code, found)


async def test_the_table_says_where_a_name_was_looked_for(shop: Shop, signed_in: SignIn) -> None:
    await promised(shop, "1001", None, "delivered")
    anders, among = await signed_in("anders"), "Sökt bland öppna ordrar."
    for query, told in (("q=kar", True), ("q=1001", False), ("", False), ("q=kar&step=delivered", False)):
        assert (among in (await anders.get(f"/staff/orders?lang=sv&{query}")).text) == told, query


async def test_what_waits_for_me_is_a_list_to_tick(shop: Shop, signed_in: SignIn) -> None:
    await promised(shop, "1001", None)
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("received", by="jocke"))
    await promised(shop, "1002", None)
    await steps.log_step(shop.desk, shop.id, "1002", StepToLog("packed", by="anders", hand_to="jocke"))
    anders = await signed_in("anders")
    assert await numbers(anders, "for=me") == ["1001"]
    assert 'href="/staff/orders?for=me"' in (await anders.get("/staff")).text


async def test_a_question_and_a_concern_are_found_on_orders_that_are_over_too(shop: Shop, signed_in: SignIn) -> None:
    order_id = await promised(shop, "1001", None, "packed", "delivered")
    await promised(shop, "1002", None)
    packed = next(e for e in await shop.events("1001") if e.step == "packed")
    await feedback.save_feedback(shop.desk, shop.id, order_id, packed.id, Answer("concern", words="Trasig"))
    await questions.ask(shop.desk, shop.id, order_id, "Vad gör jag nu?", locale="sv")
    olga, anders = await signed_in("olga"), await signed_in("anders")
    assert await numbers(anders, "problem=question") == ["1001"]
    assert await numbers(olga, "problem=concern") == ["1001"]


async def test_what_could_be_better_is_not_told_before_the_owner_shares_it(shop: Shop, signed_in: SignIn) -> None:
    order_id = await promised(shop, "1001", None, "packed")
    packed = next(e for e in await shop.events("1001") if e.step == "packed")
    said = await feedback.save_feedback(shop.desk, shop.id, order_id, packed.id, Answer("concern", words="Trasig"))
    for who in ("anders", "lisa", "jocke"):
        client = await signed_in(who)
        assert await numbers(client, "problem=concern") == []
        assert 'state--wait">Kunde' not in (await client.get("/staff/orders?lang=sv")).text
    await concerns.share_now(shop.desk, shop.id, said.id)
    assert await numbers(await signed_in("anders"), "problem=concern") == ["1001"]
    assert await numbers(await signed_in("lisa"), "problem=concern") == []


async def test_a_long_table_has_pages_that_keep_what_was_asked(shop: Shop, signed_in: SignIn) -> None:
    for number in range(1001, 1053):
        await shop.order(str(number))
    anders = await signed_in("anders")
    first = (await anders.get("/staff/orders?step=received&sort=placed")).text
    assert 'href="/staff/orders?step=received&amp;sort=placed&amp;page=2"' in first
    assert len(await numbers(anders, "step=received&sort=placed")) == 50
    assert len(await numbers(anders, "step=received&sort=placed&page=2")) == 2


@pytest.mark.parametrize("sort", ["promise", "placed", "waiting"])
async def test_every_sort_shows_every_open_order_once(shop: Shop, signed_in: SignIn, sort: str) -> None:
    await promised(shop, "1001", None, "shipped")
    await promised(shop, "1002", date(2026, 11, 25))
    await promised(shop, "1003", date(2026, 11, 24), "packed")
    assert sorted(await numbers(await signed_in("anders"), f"sort={sort}")) == ["1001", "1002", "1003"]


async def test_looking_changes_nothing_and_another_shop_sees_nothing(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    before = await shop.row()
    assert await numbers(await signed_in("anders")) == ["1001"]
    assert await shop.row() == before
    nora = await signed_in("nora")
    for query in ("", "q=1001", "step=received", "problem=question"):
        assert await numbers(nora, query) == []


async def test_what_was_typed_stands_in_the_page_as_text(shop: Shop, signed_in: SignIn) -> None:
    text = (await (await signed_in("anders")).get("/staff/orders", params={"q": '"><script>alert(1)</script>'})).text
    assert "<script>alert" not in text and "&lt;script&gt;" in text


async def test_ticked_orders_are_logged_each_for_itself(shop: Shop, signed_in: SignIn) -> None:
    for number in ("1001", "1002", "1003"):
        await promised(shop, number, None)
    await steps.log_step(shop.desk, shop.id, "1002", StepToLog("cancelled", by="jocke"))
    anders = await signed_in("anders")
    form = {"step": "packed", "once": "a", "orders": ["1001", "1002", "1003", "9999"], "back": "step=received&page=2"}
    answer = await anders.post("/staff/bulk?lang=sv", data=form)
    assert answer.status_code == 200
    assert "2 ordrar loggade: Packad" in answer.text and "Inte loggade" in answer.text and "Avbruten" in answer.text
    assert [(await shop.row(n)).state for n in ("1001", "1002", "1003")] == ["packed", "cancelled", "packed"]
    assert answer.text.count("scan--refused") == 2 and 'href="/staff/orders?step=received&amp;page=2"' in answer.text
    assert all(e.device == "test" for e in await shop.events("1001") if e.step == "packed")


async def test_what_most_of_them_wait_for_is_chosen_already(shop: Shop, signed_in: SignIn) -> None:
    for number in ("1001", "1002", "1003"):
        await promised(shop, number, None, *(("picked",) if number != "1003" else ()))
    text = (await (await signed_in("anders")).get("/staff/orders")).text
    assert re.findall(r'<option value="(\w+)" selected', text) == ["packed"]


async def test_the_same_ticks_sent_twice_are_logged_once(shop: Shop, signed_in: SignIn) -> None:
    for number in ("1001", "1002"):
        await promised(shop, number, None)
    anders = await signed_in("anders")
    form = {"step": "packed", "once": "a", "orders": ["1001", "1002", "1001"]}
    first, again = await anders.post("/staff/bulk", data=form), await anders.post("/staff/bulk", data=form)
    assert first.text.count("scan--logged") == again.text.count("scan--logged") == 2
    assert [sum(e.step == "packed" for e in await shop.events(n)) for n in ("1001", "1002")] == [1, 1]


async def test_all_of_them_can_be_taken_back_at_once(shop: Shop, signed_in: SignIn) -> None:
    for number in ("1001", "1002"):
        await promised(shop, number, None)
    anders = await signed_in("anders")
    answer = await anders.post("/staff/bulk", data={"step": "packed", "once": "a", "orders": ["1001", "1002"]})
    form = answer.text.split('action="/staff/bulk/undo"')[-1]
    pairs = {name: re.findall(rf'name="{name}" value="([^"]+)"', form) for name in ("event", "number")}
    undone = await anders.post("/staff/bulk/undo?lang=sv", data={"step": "packed", **pairs})
    assert "2 ordrar tillbakatagna: Packad" in undone.text
    assert [(await shop.row(n)).state for n in ("1001", "1002")] == ["received", "received"]


async def test_a_list_that_was_taken_back_can_be_logged_with_the_same_form(shop: Shop, signed_in: SignIn) -> None:
    await promised(shop, "1001", None)
    anders = await signed_in("anders")
    form = {"step": "packed", "once": "a", "orders": ["1001"]}
    for times in (1, 2):
        answer = await anders.post("/staff/bulk", data=form)
        assert answer.text.count("scan--logged") == 1 and (await shop.row()).state == "packed"
        event = (await shop.events())[-1].id
        await anders.post("/staff/bulk/undo", data={"step": "packed", "event": event, "number": "1001"})
        assert (await shop.row()).state == "received", times


async def test_an_order_that_is_erased_meanwhile_holds_no_other_up(
    shop: Shop, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in ("1001", "1002"):
        await promised(shop, number, None)
    log_fitting = rows.log_fitting

    async def erased_first(desk: Desk, shop_id: str, number: str, told: StepToLog) -> steps.LoggedStep:
        async with desk.db.write() as conn:
            await conn.execute(sa.update(order).where(order.c.number == "1001").values(number="gone"))
        return await log_fitting(desk, shop_id, number, told)

    monkeypatch.setattr(rows, "log_fitting", erased_first)
    form = {"step": "packed", "once": "a", "orders": ["1001", "1002"]}
    answer = await (await signed_in("anders")).post("/staff/bulk?lang=en", data=form)
    assert answer.status_code == 200 and "We have no order with that number." in answer.text
    assert (await shop.row("1002")).state == "packed"


async def test_what_is_older_than_ten_minutes_is_said_and_stays(shop: Shop, signed_in: SignIn) -> None:
    await promised(shop, "1001", None, "packed")
    event = (await shop.events("1001"))[-1].id
    form = {"step": "packed", "event": [event], "number": ["1001"]}
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11), tick=False):
        answer = await (await signed_in("anders")).post("/staff/bulk/undo", data=form)
    assert "scan--refused" in answer.text and (await shop.row("1001")).state == "packed"


async def test_nobody_takes_a_colleagues_steps_back(shop: Shop, signed_in: SignIn) -> None:
    await promised(shop, "1001", None, "packed")
    event = (await shop.events("1001"))[-1].id
    form = {"step": "packed", "event": [event], "number": ["1001"]}
    answer = await (await signed_in("lisa")).post("/staff/bulk/undo", data=form)
    assert "scan--refused" in answer.text and (await shop.row("1001")).state == "packed"


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"step": "packed"}, 422),
        ({"step": "cancelled", "orders": ["1001"]}, 422),
        ({"orders": ["1001"]}, 422),
        ({"step": "packed", "orders": [str(n) for n in range(101)]}, 413),
    ],
)
async def test_a_list_that_makes_no_sense_logs_nothing(
    shop: Shop, signed_in: SignIn, form: dict[str, Any], status: int
) -> None:
    await shop.order()
    answer = await (await signed_in("anders")).post("/staff/bulk", data=form)
    assert answer.status_code == status and (await shop.row()).state == "received"


async def test_the_way_back_leads_nowhere_else(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    form = {"step": "packed", "orders": ["1001"], "back": "//elsewhere.example/?q=a&evil=1&page=99999"}
    text = (await (await signed_in("anders")).post("/staff/bulk", data=form)).text
    assert "elsewhere" not in text and "evil" not in text


async def test_the_table_leafs_on_past_what_is_counted(
    shop: Shop, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "PAGE", 2)
    monkeypatch.setattr(listing, "count_wanted", AsyncMock(return_value=2))
    for number in ("1001", "1002", "1003"):
        await shop.order(number)
    anders = await signed_in("anders")
    assert "page=2" in (await anders.get("/staff/orders")).text
    assert "page=3" not in (await anders.get("/staff/orders?page=2")).text
