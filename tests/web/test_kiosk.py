"""A shared tablet, from the owner's button to the next person."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
import time_machine
from starlette.applications import Starlette

from storefront_trace.actions import people, pins
from storefront_trace.actions.kiosks import WRONG
from storefront_trace.actions.people import PersonTold
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.links import token_hash
from storefront_trace.storage import accounts
from storefront_trace.storage import kiosks as rows
from tests.people import Shop
from tests.photos.pictures import encoded, gradient

PIN, OTHER = "2590", "8351"


@contextmanager
def later(**by: float) -> Iterator[None]:
    with time_machine.travel(datetime.now(UTC) + timedelta(**by), tick=False):
        yield


def said(answer: httpx2.Response) -> str:
    return html.unescape(answer.text).replace("\xa0", " ")


async def shared(client: httpx2.AsyncClient, signed_in: Any, name: str = "Packbordet") -> httpx2.AsyncClient:
    """The client, as a shared tablet."""
    made = await (await signed_in("olga")).post("/owner/kiosks", data={"name": name})
    assert made.status_code == 200 and made.headers["cache-control"] == "no-store"
    link = re.search(r'value="http://[^/"]+(/kiosk/open/stl_[\w-]{43})"', made.text)
    assert link is not None and '<svg class="qr"' in made.text
    assert name in (await client.get(link[1])).text
    opened = await client.post(link[1])
    assert (opened.status_code, opened.headers["location"]) == (303, "/kiosk")
    assert (await client.get(link[1])).status_code == (await client.post(link[1])).status_code == 404
    client.headers["Accept-Language"] = "en"
    return client


async def set_pin(shop: Shop, handle: str = "anders", pin: str = PIN) -> str:
    """The path of the page where it is asked for."""
    token = await shop.session(handle)
    async with shop.desk.db.read() as conn:
        session = await accounts.find_session(conn, token_hash(token), now_micros())
    assert session is not None
    await pins.set_pin(shop.desk, session, pin)
    return f"/kiosk/people/{session.person_id}"


@pytest.fixture
async def tablet(client: httpx2.AsyncClient, signed_in: Any) -> httpx2.AsyncClient:
    return await shared(client, signed_in)


async def test_who_works_here_stands_there_by_team_and_by_name(shop: Shop, tablet: httpx2.AsyncClient) -> None:
    await people.put_person(shop.desk, shop.id, "elias", PersonTold("Elias", {}, "warehouse"))
    await people.end_employment(shop.desk, shop.id, "elias")
    page = (await tablet.get("/kiosk")).text
    assert re.findall(r"<b>(\w+)</b>", page) == ["Jocke", "Anders", "Lisa", "Sam", "Olga"]
    assert "Nora" not in page and 'type="search"' not in page


async def test_many_are_leafed_through_and_found_by_name(shop: Shop, tablet: httpx2.AsyncClient) -> None:
    for number in range(70):
        told = PersonTold(f"Bo & Person {number:02}", {}, "warehouse")
        await people.put_person(shop.desk, shop.id, f"p{number}", told)
    first = (await tablet.get("/kiosk")).text
    second = (await tablet.get("/kiosk?page=2")).text
    assert (first.count('class="portrait"'), second.count('class="portrait"')) == (60, 15)
    assert 'href="/kiosk?page=2"' in first and 'href="/kiosk?page=1"' in second
    assert 'href="/kiosk?page=2&amp;q=Bo+%26"' in (await tablet.get("/kiosk?q=Bo+%26")).text
    assert re.findall(r"<b>([^<]+)</b>", (await tablet.get("/kiosk?q=ånders")).text) == []
    assert re.findall(r"<b>([^<]+)</b>", (await tablet.get("/kiosk?q=ANDERS")).text) == ["Anders"]


async def test_the_right_pin_leads_to_the_queue_and_what_is_logged_says_who_and_where(
    shop: Shop, tablet: httpx2.AsyncClient
) -> None:
    await shop.order()
    asked = await tablet.get(await set_pin(shop))
    assert "Hello Anders!" in said(asked) and asked.headers["cache-control"] == "no-store"
    answer = await tablet.post(asked.url.path, data={"pin": PIN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff")
    assert "Packbordet" in (await tablet.get("/staff")).text
    await tablet.post("/staff/orders/1001/log", data={"step": "packed"})
    event = (await shop.events())[-1]
    assert (event.step, event.person_id, event.device) == ("packed", await shop.person_id("anders"), "Packbordet")


async def test_after_a_while_the_portraits_are_back_and_nothing_is_logged_for_who_left(
    shop: Shop, tablet: httpx2.AsyncClient
) -> None:
    await shop.order()
    await tablet.post(await set_pin(shop), data={"pin": PIN})
    with later(minutes=2, seconds=10):
        assert (await tablet.get("/staff")).headers["location"] == "/kiosk"
        assert (await tablet.get("/kiosk/here")).status_code == 401
        refused = await tablet.post("/staff/orders/1001/log", data={"step": "packed"})
        assert refused.status_code == 403 and "Tap your portrait" in refused.text and 'href="/staff"' in refused.text
    assert [event.step for event in await shop.events()] == ["received"]


async def test_who_types_a_long_note_stays(shop: Shop, app: Starlette, tablet: httpx2.AsyncClient) -> None:
    await tablet.post(await set_pin(shop), data={"pin": PIN})
    for minutes in (1.5, 3.0, 4.5):
        with later(minutes=minutes):
            assert (await tablet.get("/kiosk/here")).status_code == 204
            await app.state.last_seen.write(shop.desk)
    with later(minutes=7):
        assert (await tablet.get("/kiosk/here")).status_code == 401


async def test_done_ends_the_session_and_the_next_person_comes(shop: Shop, tablet: httpx2.AsyncClient) -> None:
    anders, lisa = await set_pin(shop), await set_pin(shop, "lisa", OTHER)
    await tablet.post(anders, data={"pin": PIN})
    his = tablet.cookies["session"]
    page = said(await tablet.get("/kiosk"))
    assert "Anders is still signed in here." in page and "Done, next person" in page
    done = await tablet.post("/signout")
    assert done.headers["location"] == "/kiosk" and "session" not in tablet.cookies
    await tablet.post(lisa, data={"pin": OTHER})
    assert "Lisa" in (await tablet.get("/staff")).text
    async with shop.desk.db.read() as conn:
        assert await accounts.find_session(conn, token_hash(his), now_micros()) is None


async def test_the_next_persons_pin_ends_the_session_of_who_forgot(shop: Shop, tablet: httpx2.AsyncClient) -> None:
    anders, lisa = await set_pin(shop), await set_pin(shop, "lisa", OTHER)
    await tablet.post(anders, data={"pin": PIN})
    his = tablet.cookies["session"]
    await tablet.post(lisa, data={"pin": OTHER})
    async with shop.desk.db.read() as conn:
        assert await accounts.find_session(conn, token_hash(his), now_micros()) is None


async def test_a_wrong_pin_and_none_are_answered_alike(shop: Shop, tablet: httpx2.AsyncClient) -> None:
    with_one, without = await set_pin(shop), f"/kiosk/people/{await shop.person_id('lisa')}"
    answers = [await tablet.post(path, data={"pin": OTHER}) for path in (with_one, without)]
    assert [one.status_code for one in answers] == [403, 403]
    assert all(WRONG in said(one) for one in answers)
    assert "session" not in tablet.cookies
    assert (await tablet.post("/kiosk/people/nobody", data={"pin": PIN})).headers["location"] == "/kiosk"


async def test_guessing_is_slowed_down_for_one_person_and_at_one_tablet(
    shop: Shop, app: Starlette, tablet: httpx2.AsyncClient
) -> None:
    path = await set_pin(shop)
    for _ in range(15):
        await tablet.post(path, data={"pin": OTHER})
    answer = await tablet.post(path, data={"pin": PIN})
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) > 0 and 'name="pin"' in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/staff/me",
        "/staff/me/pin",
        "/staff/me/visibility",
        "/staff/me/devices/end",
        "/staff/me/passkeys",
        "/owner/people",
    ],
)
async def test_at_a_shared_tablet_nobody_changes_what_is_their_own(
    shop: Shop, tablet: httpx2.AsyncClient, path: str
) -> None:
    await tablet.post(await set_pin(shop, "olga"), data={"pin": PIN})
    assert (await tablet.get("/staff")).status_code == 200
    for answer in (await tablet.get(path), await tablet.post(path, data={"pin": OTHER, "visibility": "photo"})):
        assert answer.status_code == 403 and "own phone" in answer.text
    assert 'href="/owner"' not in (await tablet.get("/staff")).text


async def test_ending_a_tablet_puts_everybody_out_and_tells_what_to_do(
    shop: Shop, tablet: httpx2.AsyncClient, signed_in: Any
) -> None:
    olga = await signed_in("olga")
    await tablet.post(await set_pin(shop), data={"pin": PIN})
    listed = said(await olga.get("/owner/kiosks?lang=en"))
    assert "Packbordet" in listed and "Last used today" in listed
    async with shop.desk.db.read() as conn:
        [kiosk] = await rows.list_kiosks(conn, shop.id)
    answer = await olga.post(f"/owner/kiosks/{kiosk.id}/end")
    assert answer.status_code == 303
    assert kiosk.id not in (await olga.get("/owner/kiosks")).text
    assert (await tablet.get("/staff")).headers["location"] == "/kiosk"
    told = await tablet.get("/kiosk")
    assert told.status_code == 410 and "not shared any more" in said(told) and "new link" in said(told)


async def test_a_sign_in_of_ones_own_begins_there_only_when_it_is_shared_no_more(
    shop: Shop, tablet: httpx2.AsyncClient, signed_in: Any
) -> None:
    link = "/signin/" + await people.invite(shop.desk, shop.id, "anders")
    refused = await tablet.post(link)
    assert refused.status_code == 403 and "own phone" in refused.text and "session" not in tablet.cookies
    async with shop.desk.db.read() as conn:
        [kiosk] = await rows.list_kiosks(conn, shop.id)
    await (await signed_in("olga")).post(f"/owner/kiosks/{kiosk.id}/end")
    assert (await tablet.post(link)).headers["location"] == "/staff"
    assert "kiosk" not in tablet.cookies and (await tablet.get("/staff")).status_code == 200


async def test_opening_the_link_signs_out_whoever_was_there(shop: Shop, signed_in: Any) -> None:
    anders = await signed_in("anders")
    his = anders.cookies["session"]
    await shared(anders, signed_in)
    async with shop.desk.db.read() as conn:
        assert await accounts.find_session(conn, token_hash(his), now_micros()) is None


async def test_neither_the_link_nor_a_session_is_a_tablet(
    shop: Shop, client: httpx2.AsyncClient, signed_in: Any
) -> None:
    made = (await (await signed_in("olga")).post("/owner/kiosks", data={"name": "Packbordet"})).text
    link = re.search(r"stl_[\w-]{43}", made)
    assert link is not None
    for token in (link[0], await shop.session("anders"), "stk_" + "A" * 43, "x" * 5000):
        client.cookies.set("kiosk", token)
        assert (await client.get("/kiosk")).status_code == 410


async def test_the_owner_names_a_tablet_and_says_how_long_it_waits(shop: Shop, signed_in: Any) -> None:
    olga = await signed_in("olga")
    assert (await olga.post("/owner/kiosks", data={"name": " "})).status_code == 422
    for minutes, status in (("0", 422), ("soon", 422), ("4", 422), ("5", 303)):
        assert (await olga.post("/owner/kiosks/minutes", data={"minutes": minutes})).status_code == status
    async with shop.desk.db.read() as conn:
        assert (await shop.desk.casts.get(conn, shop.id)).shop.kiosk_minutes == 5


async def test_a_pin_is_set_changed_and_taken_away_on_ones_own_phone(shop: Shop, signed_in: Any) -> None:
    anders = await signed_in("anders")
    assert "/staff/me/pin" in (await anders.get("/staff/me")).text
    for pin in ("1234", "7777", "12", "abcd"):
        assert (await anders.post("/staff/me/pin", data={"pin": pin})).status_code == 422
    assert (await anders.post("/staff/me/pin", data={"pin": PIN})).status_code == 303
    assert 'name="old"' not in (await anders.get("/staff/me/pin")).text
    with later(minutes=11):
        assert 'name="old"' in (await anders.get("/staff/me/pin")).text
        assert (await anders.post("/staff/me/pin", data={"pin": OTHER, "old": "3690"})).status_code == 403
        assert (await anders.post("/staff/me/pin", data={"pin": OTHER, "old": PIN})).status_code == 303
        assert (await anders.post("/staff/me/pin", data={"remove": "1", "old": OTHER})).status_code == 303
        assert 'name="old"' not in (await anders.get("/staff/me/pin")).text


async def test_a_pin_that_rests_stands_on_the_owners_page_and_on_the_persons(
    shop: Shop, tablet: httpx2.AsyncClient, signed_in: Any
) -> None:
    path, olga, anders = await set_pin(shop), await signed_in("olga"), await signed_in("anders")
    for _ in range(5):
        await tablet.post(path, data={"pin": OTHER})
    assert "wrong five times in a row: Anders" in said(await olga.get("/owner?lang=en"))
    assert "wrong PIN for you five times" in said(await anders.get("/staff/me?lang=en"))
    assert (await olga.post("/owner/people/anders/pin")).status_code == 303
    assert "wrong five times" not in said(await olga.get("/owner?lang=en"))
    assert "/owner/people/anders/pin" not in (await olga.get("/owner/people/anders/about")).text


async def test_a_portrait_is_seen_at_the_tablet_as_colleagues_see_it(
    shop: Shop, app: Starlette, tablet: httpx2.AsyncClient, signed_in: Any
) -> None:
    """Sam shows customers nothing; here Sam is found by the picture."""
    sam = await signed_in("sam")
    answer = await sam.post(
        "/staff/me/portrait", files={"photo": ("me.jpg", encoded(gradient(), "JPEG"), "image/jpeg")}
    )
    assert answer.status_code == 303, answer.text
    src = re.search(r'src="(/media/[^"]+)"', (await tablet.get("/kiosk")).text)
    assert src is not None and (await tablet.get(src[1])).status_code == 200
    tablet.cookies.delete("kiosk")
    assert (await tablet.get(src[1])).status_code == 404
