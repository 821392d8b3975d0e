"""The demo shop as a newcomer finds it."""

from __future__ import annotations

import json
import stat
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import text

from storefront_trace import config
from storefront_trace.actions import orders
from storefront_trace.actions.feedback import may_see
from storefront_trace.demo.keys import FILE
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.ladder import ladder
from storefront_trace.domain.links import token_hash
from storefront_trace.domain.moments import from_micros, to_micros, tz
from storefront_trace.domain.timeline import visible_as
from storefront_trace.storage import events, feedback, links, needs, queue, tokens
from storefront_trace.storage import orders as rows
from storefront_trace.storage import people as person_rows
from storefront_trace.storage import shops as shop_rows
from storefront_trace.storage.database import Database
from storefront_trace.storage.schema import upgrade
from tests.demo.conftest import Demo, opened
from tests.shops import SECRET

STATES = {
    "1001": "in_transit",
    "1002": "delivered",
    "1003": "delivered",
    "1004": "shipped",
    "1005": "cancelled",
    "1006": "out_for_delivery",
    "1007": "delayed",
    "1008": "returned",
    "1009": "delivered",
    "1010": "emailed",
    "1011": "packed",
    "1012": "picked",
    "1013": "received",
    "1014": "received",
}
# thanks, concerns: each on another rung
LADDERS = {"anders": (60, 4), "elias": (2, 0), "jocke": (20, 2), "lisa": (2, 1), "samira": (8, 1), None: (41, 3)}


async def all_orders(demo: Demo) -> list[rows.OrderRow]:
    async with demo.desk.db.read() as conn:
        return await rows.list_orders(conn, demo.shop_id, limit=1000)


async def all_feedback(demo: Demo) -> list[feedback.Feedback]:
    async with demo.desk.db.read() as conn:
        return await feedback.list_feedback(conn, demo.shop_id, limit=1000)


async def ladders(demo: Demo) -> dict[str | None, tuple[int, int]]:
    """Thanks and concerns by handle; None stands for the team."""
    async with demo.desk.db.read() as conn:
        cast = await shop_rows.get_cast(conn, demo.shop_id)
    counted: Counter[tuple[str | None, str]] = Counter()
    for one in await all_feedback(demo):
        counted[cast.people[one.person_id].handle if one.person_id else None, one.choice] += 1
    return {handle: (counted[handle, "thanks"], counted[handle, "concern"]) for handle, _ in counted}


async def facts(visitor: httpx2.AsyncClient, demo: Demo) -> list[dict[str, Any]]:
    return [(await visitor.get(f"{url}.json")).json() for url in demo.links.customers]


async def test_a_second_start_gives_the_same_links_and_adds_nothing(demo: Demo) -> None:
    before = await all_orders(demo)
    assert await demo.again() == demo.links
    assert await all_orders(demo) == before


async def test_its_keys_lie_beside_the_database_for_its_owner_alone_and_only_hashes_inside(demo: Demo) -> None:
    path = demo.settings.data_dir / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    kept = json.loads(path.read_text())
    assert demo.links.staff.endswith(kept["staff"])
    async with demo.desk.db.read() as conn:
        stored = set((await conn.execute(text("SELECT token_hash FROM signin_link"))).scalars())
    assert {token_hash(kept["staff"]), token_hash(kept["owner"])} <= stored


async def test_keys_that_were_lost_are_made_anew_and_nothing_else_is(demo: Demo) -> None:
    before = await all_orders(demo)
    said = await all_feedback(demo)
    (demo.settings.data_dir / FILE).write_text("{torn")
    links = await demo.again()
    assert links.customers == demo.links.customers
    assert links.staff != demo.links.staff
    assert await all_orders(demo) == before
    assert await all_feedback(demo) == said


async def test_every_order_is_in_the_state_its_story_tells(demo: Demo, visitor: httpx2.AsyncClient) -> None:
    told = await facts(visitor, demo)
    assert {one["order"]["number"]: one["order"]["state"] for one in told} == STATES
    assert told[0]["order"]["number"] == "1001"
    assert len(demo.links.customers) == 14


async def test_karins_order_is_told_as_drawn(demo: Demo, visitor: httpx2.AsyncClient) -> None:
    karin = (await facts(visitor, demo))[0]
    assert [(e["step"], e["actor"]["name"]) for e in karin["events"]] == [
        ("received", "Jocke"),
        ("picked", "Lagerteamet"),
        ("ordered", "Samira"),
        ("packed", "Anders"),
        ("in_transit", "PostNord"),
    ]
    assert karin["holder"]["name"] == "Anders"
    assert karin["events"][3]["photo_url"]
    lamp = karin["lines"][3]
    assert (lamp["shipped"], lamp["backordered"]) == (0, 1)
    assert lamp["expected"] > karin["order"]["promise"]["to"]
    said = next(one for one in await all_feedback(demo) if one.order_number == "1001")
    assert (said.choice, said.words) == ("thanks", "Vilket fint paket! Jag blev glad redan av bilden.")
    page = (await visitor.get(demo.links.customers[0])).text
    assert "Tack Karin, det värmer!" in page


async def test_there_are_two_carriers_a_correction_an_english_customer_and_a_gift_card(
    demo: Demo, visitor: httpx2.AsyncClient
) -> None:
    told = {one["order"]["number"]: one for one in await facts(visitor, demo)}
    assert [parcel["carrier"] for parcel in told["1003"]["parcels"]] == ["PostNord", "DHL"]
    assert [e["corrected"] for e in told["1011"]["events"]] == [False, False, True, False]
    assert "sent your order with DHL" in told["1004"]["events"][-1]["sentence"]
    assert told["1010"]["parcels"] == []


async def test_rows_made_again_from_the_events_are_the_same(demo: Demo) -> None:
    before = await all_orders(demo)
    for row in before:
        if row.source == "demo" or int(row.number.lstrip("G")) > 980:
            await orders.rebuild_order(demo.desk, demo.shop_id, row.number)
    assert await all_orders(demo) == before


async def test_nothing_has_happened_in_the_future_or_on_a_weekend(demo: Demo) -> None:
    now, zone = now_micros(), tz("Europe/Stockholm")
    async with demo.desk.db.read() as conn:
        for row in await rows.list_orders(conn, demo.shop_id, limit=1000):
            steps = [e for e in await events.list_events(conn, demo.shop_id, row.id) if e.kind == "step"]
            assert all(e.at <= now for e in steps)
            assert all(from_micros(e.at).astimezone(zone).weekday() <= 4 for e in steps), row.number
            assert [e.at for e in steps] == sorted(e.at for e in steps), row.number
    assert all(one.created_at <= now_micros() for one in await all_feedback(demo))


async def test_nobody_who_chose_the_team_is_named_to_a_customer(demo: Demo, visitor: httpx2.AsyncClient) -> None:
    async with demo.desk.db.read() as conn:
        elias = await person_rows.get_person(conn, demo.shop_id, "elias")
        hidden = [e for e in await _events(conn, demo) if e.person_id == elias.id]
    assert elias.visibility == "team"
    assert len(hidden) > 5
    for url in demo.links.customers:
        assert "Elias" not in (await visitor.get(url)).text
        assert "Elias" not in (await visitor.get(f"{url}.json")).text


async def test_the_ladder_shows_all_its_rungs(demo: Demo) -> None:
    found = await ladders(demo)
    assert found == LADDERS
    assert {ladder(*both).stage for both in found.values()} == {"words", "counts", "early", "full"}


async def test_two_concerns_wait_for_the_owner_and_are_not_yet_anders_s_or_jocke_s_to_read(demo: Demo) -> None:
    async with demo.desk.db.read() as conn:
        cast = await shop_rows.get_cast(conn, demo.shop_id)
        waiting = await feedback.list_feedback(conn, demo.shop_id, choice="concern", still_open=True)
    assert [(one.order_number, one.first_name) for one in waiting] == [("994", "Per"), ("1009", "Lena")]
    for one in waiting:
        person = cast.people[one.person_id or ""]
        assert not may_see(cast, one, person.id, person.team)


async def test_anders_finds_work_and_jocke_an_order_that_stands_still(demo: Demo) -> None:
    async with demo.desk.db.read() as conn:
        anders = await person_rows.get_person(conn, demo.shop_id, "anders")
        jocke = await person_rows.get_person(conn, demo.shop_id, "jocke")
        today = datetime.now(UTC).date().isoformat()
        waiting = await queue.list_waiting(conn, demo.shop_id, anders.id, anders.team, today=today)
        still = await queue.list_waiting(conn, demo.shop_id, jocke.id, jocke.team, today=today)
        late = datetime.now(UTC) + timedelta(days=5)
        touched = await needs.list_still(conn, demo.shop_id, to_micros(late), today=today, limit=100)
    assert waiting[0].number == "1011"
    assert {"1011", "1012", "1013", "1014"} <= {row.number for row in waiting}
    assert [row.number for row in still if not row.number.startswith("G")] == ["1007"]  # the others: the gallery
    # Only the lamp is left of 1001, and it comes in six days: nobody can do anything before that.
    assert "1001" not in {row.number for row in [*waiting, *touched]}


async def test_nothing_says_that_a_gift_card_comes_home(demo: Demo, visitor: httpx2.AsyncClient) -> None:
    async with demo.desk.db.read() as conn:
        sven = await rows.get_order(conn, demo.shop_id, "1010")
        link = (await links.current_links(conn, demo.shop_id, [sven.id]))[sven.id]
    page = await visitor.get(f"/t/{demo.desk.link_token(demo.shop_id, sven.id, link)}?lang=sv")
    assert sven.state == "emailed" and "Presentkort 300 kr" in page.text
    assert "Hemma hos dig" not in page.text


async def test_the_links_sign_in_again_and_again(demo: Demo, visitor: httpx2.AsyncClient) -> None:
    for url, home in ((demo.links.staff, "/staff"), (demo.links.owner, "/owner")):
        for _ in range(2):
            answer = await visitor.post(url)
            assert (answer.status_code, answer.headers["location"]) == (303, home)
        assert (await visitor.get(home)).status_code == 200
        visitor.cookies.clear()


async def test_a_fresh_demo_offers_nobody_to_undo_what_they_never_tapped(
    demo: Demo, visitor: httpx2.AsyncClient
) -> None:
    await visitor.post(demo.links.staff)
    assert "/undo" not in (await visitor.get("/staff")).text


async def test_where_to_collect_is_told_in_the_demo(demo: Demo, visitor: httpx2.AsyncClient) -> None:
    async with demo.desk.db.read() as conn:
        ready = await rows.get_order(conn, demo.shop_id, "G10")
        link = (await links.current_links(conn, demo.shop_id, [ready.id]))[ready.id]
    page = await visitor.get(f"/t/{demo.desk.link_token(demo.shop_id, ready.id, link)}")
    assert "Knappgatan 4" in page.text


async def test_the_api_token_opens_the_demo_shop(demo: Demo) -> None:
    async with demo.desk.db.read() as conn:
        found = await tokens.find_token(conn, token_hash(demo.links.api_token))
    assert found is not None
    assert found.shop_id == demo.shop_id


async def test_every_picture_it_shows_is_there(demo: Demo, visitor: httpx2.AsyncClient) -> None:
    """Strangers get those of the people who chose to show theirs, colleagues get them all."""
    async with demo.desk.db.read() as conn:
        cast = await shop_rows.get_cast(conn, demo.shop_id)
        lines = [
            line
            for row in await rows.list_orders(conn, demo.shop_id, limit=1000)
            for line in await rows.list_lines(conn, demo.shop_id, row.id)
        ]
    urls = {line.image_url for line in lines if line.shippable}
    urls |= {f"/media/{one.photo}-588.webp" for one in (*cast.people.values(), *cast.teams.values()) if one.photo}
    assert len(urls) == 10 + 6 + 3
    hidden = {f"/media/{p.photo}-588.webp" for p in cast.people.values() if p.photo and visible_as(p) != "photo"}
    assert hidden
    for url in urls:
        assert url is not None
        assert (await visitor.get(url)).status_code == (404 if url in hidden else 200), url
    await visitor.post(demo.links.staff)
    for url in hidden:
        assert (await visitor.get(url)).status_code == 200, url


async def test_a_building_that_was_broken_off_is_finished(demo: Demo) -> None:
    """As if it had died while it told the last order, before anybody had said anything and the keys were written."""
    said = [(one.order_number, one.choice, one.words) for one in await all_feedback(demo)]
    async with demo.desk.db.write() as conn:
        for table in ("reply", "feedback", "event", "line", "parcel", "tracking_link"):
            gone = "SELECT id FROM orders WHERE number = '1014'"
            if table in ("reply", "feedback"):
                gone = "SELECT id FROM orders WHERE source = 'demo'"
            await conn.execute(text(f"DELETE FROM {table} WHERE order_id IN ({gone})"))
        await conn.execute(text("DELETE FROM orders WHERE number = '1014'"))
    (demo.settings.data_dir / FILE).unlink()
    await demo.again()
    states = {row.number: row.state for row in await all_orders(demo) if row.source == "demo"}
    assert states == STATES
    assert sorted((one.order_number, one.choice, one.words) for one in await all_feedback(demo)) == sorted(said)


async def test_it_is_the_same_on_postgresql(postgres_database: str, tmp_path: Path) -> None:
    settings = config.load({"DATABASE_URL": postgres_database, "SECRET_KEY": SECRET}, tmp_path)
    db = Database(settings.database_url)
    await upgrade(db)
    await db.close()
    async with opened(settings) as demo:
        before = await all_orders(demo)
        assert {row.number: row.state for row in before if row.source == "demo"} == STATES
        assert await ladders(demo) == LADDERS
        await orders.rebuild_order(demo.desk, demo.shop_id, "1001")
        assert await demo.again() == demo.links
        assert await all_orders(demo) == before


async def _events(conn: Any, demo: Demo) -> list[events.Event]:
    found = []
    for row in await rows.list_orders(conn, demo.shop_id, limit=1000):
        found += await events.list_events(conn, demo.shop_id, row.id)
    return found
