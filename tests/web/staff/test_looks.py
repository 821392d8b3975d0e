"""The preview on /staff/me is made by the customer's page: so each of its words must stand there as well."""

from __future__ import annotations

import re
from typing import Any

import pytest

from storefront_trace.actions import people, steps
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.incoming import IncomingLine
from tests.people import Shop
from tests.web.staff.test_me import choose, upload

SignIn = Any


def previews(text: str) -> dict[str, str]:
    return dict(re.findall(r'<div class="asseen__page" lang="(\w+)">(.*?)</ol>\s*</div>', text, re.S))


def languages(text: str) -> list[str]:
    return re.findall(r'hreflang="(\w+)"', text)


def parts(html: str) -> list[str]:
    """Portrait or drawing, name and role of a step, its sentence without the moment, and the line to everybody."""
    kept = (
        r'srcset="[^"]*"',
        r'<span class="portrait portrait--\w+"',
        r'<div class="step__head">.*?</div>',
        r'<p class="step__was">([^<]*)',
        r'<blockquote class="voice">.*?</blockquote>',
    )
    return [part for pattern in kept for part in re.findall(pattern, html, re.S)]


@pytest.mark.parametrize("visibility", ["team", "name", "photo"])
async def test_the_preview_is_the_customers_own_page_in_each_language(
    shop: Shop, signed_in: SignIn, visibility: str
) -> None:
    anders = await signed_in("anders")
    await upload(anders)
    await choose(anders, visibility)
    await anders.post("/staff/me/words", data={"greeting-sv": "Fråga mig!", "role-fi": "pakkaamosta"})
    await shop.order(lines=(IncomingLine("1", "Mugg", 1),), promise_from=None, promise_to=None)
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="anders"))
    text = (await anders.get("/staff/me?lang=sv")).text
    assert languages(text) == ["sv", "en", "nb", "da", "fi", "de"] and list(previews(text)) == ["sv"]
    for language in languages(text):
        html = previews((await anders.get(f"/staff/me?lang=sv&in={language}")).text)[language]
        page = (await anders.get(f"/t/{await shop.token()}?lang={language}")).text
        found = parts(html)
        assert len(found) >= 3 and [part for part in found if part not in page] == []
        assert ("Anders" in html) == (visibility != "team")


async def test_it_says_where_ones_own_line_is_left_out(shop: Shop, signed_in: SignIn) -> None:
    anders, told = await signed_in("anders"), "Din egen rad visas inte bredvid dåliga nyheter"
    assert told not in (await anders.get("/staff/me?lang=sv")).text
    await anders.post("/staff/me/words", data={"greeting-sv": "Fråga mig!"})
    assert told in (await anders.get("/staff/me?lang=sv")).text


async def test_a_way_that_is_not_chosen_can_be_looked_at_and_nothing_changes(shop: Shop, signed_in: SignIn) -> None:
    sam = await signed_in("sam")
    html = previews((await sam.get("/staff/me?lang=sv&as=name")).text)["sv"]
    assert "Sam" in html
    assert "Sam" not in previews((await sam.get("/staff/me?lang=sv")).text)["sv"]
    async with shop.desk.db.read() as conn:
        cast = await shop.desk.casts.get(conn, shop.id)
    assert cast.people[await shop.person_id("sam")].visibility == "team"


async def test_what_a_system_lowers_is_lowered_in_the_preview(shop: Shop, signed_in: SignIn) -> None:
    told = people.PersonTold("Anders", {"sv": "lagret"}, "warehouse", visibility="team")
    await people.put_person(shop.desk, shop.id, "anders", told)
    text = (await (await signed_in("anders")).get("/staff/me?as=photo")).text
    assert not any("Anders" in html for html in previews(text).values())


async def test_nothing_can_be_sent_from_a_preview(shop: Shop, signed_in: SignIn) -> None:
    seen = previews((await (await signed_in("anders")).get("/staff/me")).text)
    assert not any(tag in html for html in seen.values() for tag in ("<form", "<button", "<a "))
