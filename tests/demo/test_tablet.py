"""The demo's shared tablet: its link is printed, and the PIN of the colleague whose link is."""

from __future__ import annotations

import re

import httpx2

from storefront_trace.demo.tablet import KEPT, PIN
from storefront_trace.storage import kiosks
from tests.demo.conftest import Demo


async def opened(visitor: httpx2.AsyncClient, link: str) -> httpx2.Response:
    return await visitor.post(link)


async def test_its_link_makes_a_tablet_and_the_pin_lets_anders_in(demo: Demo, visitor: httpx2.AsyncClient) -> None:
    assert (await opened(visitor, demo.links.tablet)).headers["location"] == "/kiosk"
    faces = (await visitor.get("/kiosk?lang=sv")).text
    anders = re.search(r'href="(/kiosk/people/[^"?]+)[^"]*"[^>]*>(?:(?!</a>).)*Anders', faces, re.S)
    assert anders is not None
    answer = await visitor.post(anders[1], data={"pin": PIN})
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff")
    assert "Packbordet" in (await visitor.get("/staff")).text


async def test_once_opened_the_next_start_prints_another_and_the_tablet_stays(
    demo: Demo, visitor: httpx2.AsyncClient
) -> None:
    await opened(visitor, demo.links.tablet)
    links = await demo.again()
    assert links.tablet != demo.links.tablet
    assert (await visitor.get("/kiosk")).status_code == 200


async def test_however_often_it_is_begun_there_are_only_a_few(demo: Demo, visitor: httpx2.AsyncClient) -> None:
    for _ in range(KEPT + 2):
        await opened(visitor, (await demo.again()).tablet)
    async with demo.desk.db.read() as conn:
        assert len(await kiosks.list_kiosks(conn, demo.shop_id)) == KEPT + 1
