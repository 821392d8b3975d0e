"""The customer's page on paper: one sheet, and nothing on it too small to read or there to be pressed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.moments import from_micros
from tests.web.test_axe_states import FULLEST, gallery, states
from tests.web.tour import Demo, load_pictures, visitor

__all__ = ["gallery"]

TITLES = ("Skrattande mugg", "Mugg med två öron", "Igelkottslampa", "Kaktus med hatt", "Pussel, bara himmel", "Badanka")
NOTES = ("Dubbelt bubbelplast", "Kaktusen står upprätt i ett eget fack", "Pusslet ligger underst")
# 8 points, in pixels, but for what the browser rounds.
SMALLEST = 10.6
TOO_SMALL = """(least) => [...document.querySelectorAll("body *")]
  .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .filter((one) => one.checkVisibility() && !one.closest(".vh, svg, script"))
  .filter((one) => parseFloat(getComputedStyle(one).fontSize) < least)
  .map((one) => `${one.outerHTML.slice(0, 90)} at ${getComputedStyle(one).fontSize}`)"""

# Whatever day it is: every month and day of the week as long as the longest in the page's language.
LONGEST_DAYS = """() => {
  const names = (part, dates) => dates.map((date) =>
    new Intl.DateTimeFormat(document.documentElement.lang, {...part, timeZone: "UTC"}).format(date));
  const longest = (words) => words.reduce((one, other) => other.length > one.length ? other : one);
  const lists = [
    names({weekday: "long"}, [...Array(7).keys()].map((day) => Date.UTC(2026, 0, 1 + day))),
    names({month: "long"}, [...Array(12).keys()].map((month) => Date.UTC(2026, month, 1)))];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let changed = 0;
  while (texts.nextNode()) {
    for (const words of lists) {
      const put = texts.currentNode.data.replace(new RegExp(words.join("|"), "gi"), longest(words));
      changed += put !== texts.currentNode.data;
      texts.currentNode.data = put;
    }
  }
  return changed;
}"""


@pytest.mark.parametrize("language", ["sv", "de"])
async def test_every_order_is_printed_on_one_sheet(browser: Browser, gallery: Demo, language: str) -> None:
    context = await visitor(browser, gallery, viewport={"width": 390, "height": 844})
    page = await context.new_page()
    links = states(gallery, await (await context.request.get(f"{gallery.url}/demo/states")).text())
    wrong: list[str] = []
    for link in [*gallery.links.customers, *(links[title] for title in FULLEST)]:
        await page.goto(f"{link}?lang={language}")
        await page.evaluate(LONGEST_DAYS)
        wrong += [f"{link}: {line}" for line in await printed(page)]
    assert not wrong, "\n".join(wrong)


async def test_eight_steps_three_parcels_a_question_and_what_she_said_are_one_sheet(
    browser: Browser, gallery: Demo
) -> None:
    context = await visitor(browser, gallery, viewport={"width": 390, "height": 844})
    link = await rich_order(context, gallery)
    page = await context.new_page()
    for language in ("sv", "fi", "de"):
        await page.goto(f"{link}?lang={language}")
        assert await page.evaluate(LONGEST_DAYS) > 0, "no day stands on the page"
        assert await page.locator(".step[id]").count() == 8
        assert await page.locator(".parcel").count() == 3
        assert await page.locator(".thread, .told, .thanked").count() == 3
        assert await printed(page) == [], language


async def printed(page: Page) -> list[str]:
    """What is wrong with it on paper."""
    await load_pictures(page)
    await page.emulate_media(media="print")
    sheets = len(re.findall(rb"/Type\s*/Page\b[^s]", await page.pdf(format="A4")))
    wrong = [] if sheets == 1 else [f"{sheets} sheets"]
    wrong += await page.evaluate(TOO_SMALL, SMALLEST)
    pressed = await page.locator("main button:visible, main textarea:visible, main input:visible").count()
    wrong += [f"{pressed} things to press"] if pressed else []
    assert await page.locator("h1").is_visible() and await page.locator(".step[id]").first.is_visible()
    await page.emulate_media(media="screen")
    return wrong


async def rich_order(context: BrowserContext, demo: Demo) -> str:
    """Of six things in three parcels, each packed and sent by itself; with thanks, a concern and a question."""
    headers = {"Authorization": f"Bearer {demo.links.api_token}"}
    now = from_micros(now_micros())

    async def call(method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        url = f"{demo.url}/api/v1/orders/7001{path}"
        answer = await context.request.fetch(url, method=method, headers=headers, data=body)
        assert answer.ok, await answer.text()
        told: dict[str, Any] = await answer.json()
        return told

    async def step(name: str, hours: int, by: str = "", **more: Any) -> str:
        who = {"by": by} if by else {}
        told = await call(
            "POST", "/events", {"step": name, "at": (now - timedelta(hours=hours)).isoformat()} | who | more
        )
        return str(told["id"])

    lines = [{"key": str(place), "title": title, "quantity": 1} for place, title in enumerate(TITLES)]
    days = {"from": str((now + timedelta(days=2)).date()), "to": str((now + timedelta(days=3)).date())}
    customer = {"first_name": "Karin", "email": "karin@example.com", "locale": "sv"}
    order = await call("PUT", "", {"placed_at": (now - timedelta(days=6)).isoformat(), "customer": customer,
                                   "promise": days, "lines": lines})  # fmt: skip
    await step(
        "received", 140, "jocke", note="Vilken fin blandning! Jag har lagt en rad till lagret.", hand_to="anders"
    )
    await step("picked", 120, "anders", hand_to="anders")
    packed = []
    for place, (carrier, note) in enumerate(zip(("PostNord", "DHL", "PostNord"), NOTES, strict=True)):
        some = [str(2 * place), str(2 * place + 1)]
        packed.append(await step("packed", 100 - 20 * place, ("anders", "lisa")[place % 2], note=note, lines=some))
        parcel = {"carrier": carrier, "tracking_number": f"37350078{place}"}
        await step("shipped", 90 - 20 * place, lines=some, parcel=parcel)
    link = str(order["tracking_url"])
    await say(
        context, f"{link}/steps/{packed[1]}/feedback", choice="thanks", words="Så fint packat, och så roligt kort!"
    )
    await say(context, f"{link}/steps/{packed[0]}/feedback", choice="concern", words="Lådan var våt när den kom.")
    await say(
        context, f"{link}/questions", text="Kan jag få paket 3 till jobbet i stället? Samma gata som förra gången."
    )
    return link


async def say(context: BrowserContext, url: str, **form: str) -> None:
    origin = re.match(r"https?://[^/]+", url)
    assert origin is not None
    answer = await context.request.post(url, form=form, headers={"Origin": origin[0]}, max_redirects=0)  # type: ignore[arg-type]
    assert answer.status == 303, await answer.text()
