"""The wall on the shop's screen: for whoever stands before it, with no more of anybody than they let be seen."""

from __future__ import annotations

import re

import httpx2
import pytest

from storefront_trace.actions import people, wall
from storefront_trace.domain.wall import SECONDS
from storefront_trace.storage import audit
from tests.hanging import customer_says, on_the_wall, person_says
from tests.people import Shop

LABEL = "Tack som våra kunder låter oss visa – ett urval"


async def screen(shop: Shop) -> str:
    return f"/wall/{(await wall.make_screen(shop.desk, shop.id, 'Vid kassan'))[1]}"


async def test_it_shows_the_words_the_face_and_that_it_is_a_selection(shop: Shop, client: httpx2.AsyncClient) -> None:
    await people.set_portrait(shop.desk, shop.id, await shop.person_id("anders"), "a" * 32)
    await on_the_wall(shop, "Vilket <fint> paket!")
    text = (await client.get(await screen(shop))).text
    assert '<blockquote class="voice" lang="sv">Vilket &lt;fint&gt; paket!</blockquote>' in text
    assert "Karin till Anders" in text and f"/media/{'a' * 32}-196.webp" in text
    assert f"<h1>{LABEL}</h1>" in text and '<html lang="sv">' in text and "noindex" in text
    assert re.search(r"[0-9] ?%|genomsnitt", text) is None


async def test_it_needs_no_script_and_asks_again_within_a_minute(shop: Shop, client: httpx2.AsyncClient) -> None:
    link = await screen(shop)
    await on_the_wall(shop, "Vilket fint paket!")
    answer = await client.get(link)
    assert f'<noscript><meta http-equiv="refresh" content="{2 * SECONDS}"></noscript>' in answer.text
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store" and 2 * SECONDS < 60
    assert "noindex" in answer.headers["x-robots-tag"]


async def test_the_first_name_stands_there_only_when_she_let_it(shop: Shop, client: httpx2.AsyncClient) -> None:
    await on_the_wall(shop, "Vilket fint paket!", says="nameless")
    text = (await client.get(await screen(shop))).text
    assert "En kund till Anders" in text and "Karin" not in text


@pytest.mark.parametrize(("visibility", "shown"), [("team", "Karin till "), ("name", "Karin till Anders")])
async def test_the_person_stands_there_as_customers_see_them(
    shop: Shop, client: httpx2.AsyncClient, visibility: str, shown: str
) -> None:
    anders = await shop.person_id("anders")
    await people.set_portrait(shop.desk, shop.id, anders, "a" * 32)
    await on_the_wall(shop, "Vilket fint paket!")
    await people.choose_visibility(shop.desk, shop.id, anders, visibility, locale="sv")
    text = (await client.get(await screen(shop))).text
    assert shown in text and "a" * 32 not in text
    assert ("Anders" in text) is (visibility == "name")


async def test_what_somebody_takes_back_is_gone_at_the_next_look(shop: Shop, client: httpx2.AsyncClient) -> None:
    said, link = await on_the_wall(shop, "Vilket fint paket!"), await screen(shop)
    await on_the_wall(shop, "Så snabbt!", number="1002")
    assert "Vilket fint paket!" in (await client.get(link)).text
    await customer_says(shop, said, "no")
    text = (await client.get(link)).text
    assert "Vilket fint paket!" not in text and "Så snabbt!" in text
    await people.end_employment(shop.desk, shop.id, "anders")
    assert "Så snabbt!" not in (await client.get(link)).text


async def test_a_portrait_that_is_taken_down_is_gone_at_the_next_look(shop: Shop, client: httpx2.AsyncClient) -> None:
    anders = await shop.person_id("anders")
    await people.set_portrait(shop.desk, shop.id, anders, "a" * 32)
    await on_the_wall(shop, "Vilket fint paket!")
    link = await screen(shop)
    assert "a" * 32 in (await client.get(link)).text
    await people.set_portrait(shop.desk, shop.id, anders, None)
    text = (await client.get(link)).text
    assert "a" * 32 not in text and f"/stamp/{anders}/A.svg" in text


async def test_an_ended_link_and_one_that_never_was_show_nothing(shop: Shop, client: httpx2.AsyncClient) -> None:
    made, token = await wall.make_screen(shop.desk, shop.id, "Vid kassan")
    await on_the_wall(shop, "Vilket fint paket!")
    await wall.end_screen(shop.desk, shop.id, made.id)
    for link in (f"/wall/{token}", "/wall/stw_x", f"/wall/{'x' * 200}", f"/wall/{await shop.token()}"):
        answer = await client.get(link)
        assert answer.status_code == 404 and "paket" not in answer.text and "refresh" not in answer.text


async def test_an_empty_wall_says_what_comes_here(shop: Shop, client: httpx2.AsyncClient) -> None:
    answer = await client.get(await screen(shop))
    assert answer.status_code == 200 and "De första är på väg." in answer.text


async def test_looking_changes_nothing(shop: Shop, client: httpx2.AsyncClient) -> None:
    await on_the_wall(shop, "Vilket fint paket!")
    link = await screen(shop)
    async with shop.desk.db.read() as conn:
        before = await audit.list_audit(conn, shop.id, limit=50)
    await client.get(link)
    async with shop.desk.db.read() as conn:
        assert await audit.list_audit(conn, shop.id, limit=50) == before


async def test_one_persons_thanks_do_not_fill_the_wall(shop: Shop, client: httpx2.AsyncClient) -> None:
    await on_the_wall(shop, "Till Lisa", number="1001", by="lisa")
    for place in range(20):
        await on_the_wall(shop, f"Till Anders {place}", number=str(2000 + place))
    text = (await client.get(await screen(shop))).text
    assert text.index("Till Anders 19") < text.index("Till Lisa") < text.index("Till Anders 18")
    assert "Till Anders 0<" not in text and text.count('class="hung ') == 15


async def test_a_team_that_was_thanked_stands_there_as_the_team(shop: Shop, client: httpx2.AsyncClient) -> None:
    said = await on_the_wall(shop, "Tack hela gänget!", by=None)
    await person_says(shop, said, who="lisa")
    text = (await client.get(await screen(shop))).text
    assert "Tack hela gänget!" in text and "Karin till lagerteamet" in text
