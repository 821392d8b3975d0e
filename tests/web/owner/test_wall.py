"""The owner chooses from what both have said yes to, hangs it up, prints it, and gives screens their links."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
import time_machine

from storefront_trace.actions import wall
from storefront_trace.domain.wall import MILESTONES
from storefront_trace.storage.tables import feedback as table
from storefront_trace.web.owner.wall import READY
from tests.hanging import customer_says, hanging, on_the_wall, reread, thanked
from tests.people import Shop

SignIn = Any
WORDS = "Vilket fint paket!"
NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)


async def test_she_hangs_up_and_takes_down(shop: Shop, signed_in: SignIn) -> None:
    said = await on_the_wall(shop, WORDS, put=False)
    olga = await signed_in("olga")
    assert f'action="/owner/wall/{said.id}/up"' in (await olga.get("/owner/wall?lang=sv")).text
    answer = await olga.post(f"/owner/wall/{said.id}/up")
    assert answer.headers["location"] == "/owner/wall?said=hung"
    assert await hanging(shop) == [WORDS]
    text = (await olga.get("/owner/wall?lang=sv")).text
    assert "Tack som våra kunder låter oss visa – ett urval" in text and "Karin till Anders" in text
    await olga.post(f"/owner/wall/{said.id}/down")
    assert await hanging(shop) == []


async def test_what_only_one_has_said_yes_to_is_not_there_and_cannot_be_hung(shop: Shop, signed_in: SignIn) -> None:
    said = await thanked(shop, WORDS)
    await customer_says(shop, said)
    olga = await signed_in("olga")
    assert WORDS not in (await olga.get("/owner/wall")).text
    assert (await olga.post(f"/owner/wall/{said.id}/up")).status_code == 404
    assert (await reread(shop, said)).wall_put_at is None


async def test_an_empty_wall_says_how_thanks_come_there(shop: Shop, signed_in: SignIn) -> None:
    olga = await signed_in("olga")
    assert "Här hänger inget än. Kunder som tackar" in (await olga.get("/owner/wall?lang=sv")).text
    assert "Här hänger inget än." in (await olga.get("/owner/wall/print?lang=sv")).text


async def test_more_than_a_leaf_can_be_leafed_through(shop: Shop, signed_in: SignIn) -> None:
    for place in range(READY + 1):
        await on_the_wall(shop, f"Tack {place}!", number=str(2000 + place), put=False)
    olga = await signed_in("olga")
    first = (await olga.get("/owner/wall?lang=sv")).text
    assert f"Tack {READY}!" in first and "Tack 0!" not in first
    older = re.search(r'href="(/owner/wall\?ready=[^"#]+)', first)
    assert older is not None
    second = (await olga.get(f"{older[1]}&lang=sv")).text
    assert "Tack 0!" in second and "Tack 1!" not in second
    assert (await olga.get("/owner/wall?ready=x")).status_code == 200


async def test_paper_has_all_that_hangs_and_says_that_it_is_a_selection(shop: Shop, signed_in: SignIn) -> None:
    long = "Så fint! " * 60
    await on_the_wall(shop, long.strip())
    await on_the_wall(shop, WORDS, number="1002")
    olga = await signed_in("olga")
    text = (await olga.get("/owner/wall/print?lang=sv")).text
    assert long.strip() in text and WORDS in text
    assert "Roliga Ting: Tack som våra kunder låter oss visa – ett urval" in text
    assert "För långt för en skärm" in (await olga.get("/owner/wall?lang=sv")).text


async def test_a_screens_link_is_shown_once_and_ended_here(shop: Shop, signed_in: SignIn) -> None:
    olga = await signed_in("olga")
    made = (await olga.post("/owner/wall/screens?lang=sv", data={"name": "I fiket"})).text
    link = re.search(r'value="http://[^"]+(/wall/stw_[^"]+)"', made)
    assert link is not None and '<svg class="qr"' in made
    assert (await olga.get(link[1])).status_code == 200
    again = (await olga.get("/owner/wall?lang=sv")).text
    assert link[1] not in again and "I fiket" in again
    end = re.search(r'action="(/owner/wall/screens/[^"]+/end)"', again)
    assert end is not None
    await olga.post(end[1])
    assert (await olga.get(link[1])).status_code == 404
    assert "I fiket" not in (await olga.get("/owner/wall?lang=sv")).text


async def test_a_screen_without_a_name_is_mended(shop: Shop, signed_in: SignIn) -> None:
    answer = await (await signed_in("olga")).post("/owner/wall/screens", data={"name": " "})
    assert answer.status_code == 422 and 'href="#name"' in answer.text


async def test_the_days_page_leads_there(shop: Shop, signed_in: SignIn) -> None:
    olga = await signed_in("olga")
    assert 'href="/owner/wall"' in (await olga.get("/owner")).text
    await thanked(shop, WORDS)
    assert 'href="/owner/wall"' in (await olga.get("/owner")).text


async def put_thanks(shop: Shop, count: int, newest: datetime) -> None:
    """So many, a minute apart; the rows are all that a milestone reads."""
    said = await thanked(shop, WORDS)
    first = int(newest.timestamp() * 1_000_000) - (count - 1) * 60_000_000
    async with shop.desk.db.write() as conn:
        row = dict((await conn.execute(sa.select(table))).one()._mapping)
        await conn.execute(sa.update(table).where(table.c.id == said.id).values(created_at=first))
        for place in range(1, count):
            mine = {"id": f"{place:032x}", "event_id": f"{place:032x}", "created_at": first + place * 60_000_000}
            await conn.execute(sa.insert(table).values({**row, **mine}))


async def test_the_shops_hundredth_thanks_is_told_for_two_weeks(shop: Shop, signed_in: SignIn) -> None:
    with time_machine.travel(NOON, tick=False):
        await put_thanks(shop, MILESTONES[0], NOON - timedelta(days=1))
        olga = await signed_in("olga")
        link = f"/wall/{(await wall.make_screen(shop.desk, shop.id, 'I fiket'))[1]}"
        for path in ("/owner", "/owner/wall", "/owner/wall/print", link):
            assert "Tack nummer 100 kom i går." in (await olga.get(f"{path}?lang=sv")).text, path
    with time_machine.travel(NOON + timedelta(days=15), tick=False):
        olga = await signed_in("olga")
        assert "Tack nummer" not in (await olga.get("/owner/wall?lang=sv")).text


async def test_a_year_since_the_first_is_told(shop: Shop, signed_in: SignIn) -> None:
    with time_machine.travel(NOON, tick=False):
        await put_thanks(shop, 2, NOON - timedelta(days=366))
        text = (await (await signed_in("olga")).get("/owner/wall?lang=sv")).text
    assert "Ett år av tack: det första kom den 19 november 2025." in text


async def test_before_the_first_there_is_nothing_to_tell(shop: Shop, signed_in: SignIn) -> None:
    text = (await (await signed_in("olga")).get("/owner/wall?lang=sv")).text
    assert "hall__news" not in text
