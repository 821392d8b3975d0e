"""/demo/states: every state of a customer's page, as real orders of the demo shop."""

from __future__ import annotations

import asyncio
import re

import httpx2

from storefront_trace.demo.gallery import show_gallery
from storefront_trace.demo.states import TITLES
from tests.demo.conftest import Demo


async def test_every_state_has_a_page_that_answers(demo: Demo, visitor: httpx2.AsyncClient) -> None:
    assert (await visitor.get("/demo/states")).status_code == 404
    await show_gallery(demo.app, asyncio.Event())
    page = (await visitor.get("/demo/states")).text
    links = re.findall(r'href="(/t/[^"]+)"', page)
    assert len(links) == len(set(links)) == len(TITLES)
    shown = {}
    for link in links:
        answer = await visitor.get(link, headers={"Accept-Language": "sv"})
        assert answer.status_code == 200
        facts = (await visitor.get(f"{link}.json")).json()
        shown[facts["order"]["number"]] = (facts["order"]["state"], facts["order"]["method"])
        assert facts["events"], link
    assert set(shown) == set(TITLES)
    assert {state for state, _ in shown.values()} >= {
        "received", "packed", "delayed", "shipped", "ready_for_pickup", "picked_up", "out_for_delivery", "emailed",
        "delivered", "cancelled", "returned", "exchanged",
    }  # fmt: skip
    assert {method for _, method in shown.values()} == {"parcel", "pickup", "local", "digital"}


async def test_two_hundred_lines_are_a_light_page(demo: Demo, visitor: httpx2.AsyncClient) -> None:
    await show_gallery(demo.app, asyncio.Event())
    page = (await visitor.get("/demo/states")).text
    link = re.search(r'href="(/t/[^"]+)">Two hundred lines', page)
    assert link is not None
    answer = await visitor.get(link[1], headers={"Accept-Language": "sv", "Accept-Encoding": "gzip"})
    assert "och 188 till" in answer.text
    assert answer.text.count("<li>") < 230
    assert int(answer.headers["content-length"]) < 14_000
