"""What a screen reader is given, as a text that people can read: `page.txt`, the tracking page of one order.

After a change of the page that was meant: RENEW=1 .venv/bin/python -m pytest tests/web/customer/test_read_aloud.py
and read the difference aloud before it is committed.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import time_machine
from playwright.async_api import Browser, Page, Route

from storefront_trace.actions import feedback
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.moments import Moment
from storefront_trace.domain.orders import Parcel
from tests.browser import PHONE, window
from tests.people import Shop

GOLDEN = Path(__file__).parent / "page.txt"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


async def parcel_on_its_way(shop: Shop) -> str:
    """Packed, handed over, shipped in part, thanked and answered."""

    def at(day: int, hour: int) -> Moment:
        return Moment(datetime(2026, 11, day, hour, 14, tzinfo=UTC), "+01:00", "minute")

    await shop.order()
    await log_step(shop.desk, shop.id, "1001", StepToLog("picked", "sam", at(19, 15)))
    told = StepToLog("packed", "anders", at(20, 8), "Dubbelt bubbelplast, som du bad om.", hand_to="lisa")
    packed = (await log_step(shop.desk, shop.id, "1001", told)).event.id
    parcel = Parcel("1", "PostNord", "RR1SE", "https://tracking.example/RR1SE")
    await log_step(shop.desk, shop.id, "1001", StepToLog("shipped", "lisa", at(20, 13), parcel=parcel))
    order_id = (await shop.row()).id
    said = await feedback.save_feedback(
        shop.desk, shop.id, order_id, packed, Answer("thanks", words="Så fint inslaget!")
    )
    anders = await shop.person_id("anders")
    await feedback.reply(shop.desk, shop.id, said.id, by_person=anders, as_owner=False, words="Tack, det värmer!")
    return f"/t/{await shop.token()}"


async def as_read(page: Page, client: httpx2.AsyncClient, path: str) -> str:
    """What a screen reader takes from the page as it was at NOW. Nothing but the page itself knows the time."""
    with time_machine.travel(NOW, tick=False):
        html = (await client.get(path, headers={"Accept-Language": "sv"})).text

    async def answer(route: Route) -> None:
        asked = route.request.url.removeprefix("http://127.0.0.1:8000")
        if asked == path:
            await route.fulfill(body=html, content_type="text/html; charset=utf-8")
        elif asked.startswith(("/static/", "/media/", "/stamp/")) and not asked.endswith(".js"):
            found = await client.get(asked)
            await route.fulfill(body=found.content, content_type=found.headers["content-type"])
        else:
            await route.abort()

    await page.route("**/*", answer)
    await page.goto(f"http://127.0.0.1:8000{path}")
    text = f"# {await page.title()}\n{await page.locator('body').aria_snapshot()}\n"
    text = re.sub(r"/t/[\w-]{43}", "/t/TOKEN", text)
    return re.sub(r"\b[0-9a-f]{32}\b", "ID", text)


async def test_read_aloud_the_page_says_what_it_shows_in_an_order_that_makes_sense(
    shop: Shop, client: httpx2.AsyncClient, browser: Browser
) -> None:
    with time_machine.travel(NOW, tick=False):
        path = await parcel_on_its_way(shop)
    page = await (await window(browser, locale="sv-SE", viewport=PHONE)).new_page()
    read = await as_read(page, client, path)
    if os.environ.get("RENEW"):
        GOLDEN.write_text(read)
    assert read == GOLDEN.read_text(), "Was that meant? See the top of this file."
