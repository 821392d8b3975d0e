"""Slips and labels: what stands on them, what never does, and which orders one may choose."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

import httpx2
import pytest
import time_machine
import zxingcpp
from PIL import Image
from playwright.async_api import Page

from storefront_trace.actions import people
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.incoming import IncomingLine
from tests.people import Shop
from tests.web.staff.test_me import upload
from tests.web.tour import Demo, demo

__all__ = ["demo"]
SignIn = Callable[[str], Awaitable[httpx2.AsyncClient]]


async def test_a_slip_says_what_to_pack_for_whom_and_what_comes_later(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    text = (await (await signed_in("anders")).get("/staff/orders/1001/slip?lang=sv")).text
    for words in ("1001", "Karin", "Skrattande mugg", "2 ×", "1 senare: onsdag 2 december", "Utlovad till torsdag"):
        assert words in text
    assert text.index("Skrattande mugg") < text.index("Igelkottslampa")


async def test_neither_slip_nor_code_tells_the_mail_or_the_tracking_link(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    visitor = await signed_in("anders")
    text = (await visitor.get("/staff/orders/1001/slip")).text
    assert "karin@example.com" not in text and await shop.token() not in text and "/t/" not in text


async def test_who_took_the_order_stands_there_as_customers_may_see_it(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    await log_step(shop.desk, shop.id, "1001", StepToLog("received", "jocke"))
    visitor = await signed_in("anders")
    assert "Jocke tog emot ordern" in (await visitor.get("/staff/orders/1001/slip?lang=sv")).text
    await people.choose_visibility(shop.desk, shop.id, await shop.person_id("jocke"), "team", locale="sv")
    text = (await visitor.get("/staff/orders/1001/slip?lang=sv")).text
    assert "Jocke" not in text and "Orderteamet tog emot ordern" in text


async def test_a_slip_speaks_the_language_of_whose_order_it_is(shop: Shop, signed_in: SignIn) -> None:
    await shop.order(locale="de-AT")
    text = (await (await signed_in("anders")).get("/staff/orders/1001/slip?lang=sv")).text
    assert 'lang="de"' in text and "2 Artikel" in text and "saker" not in text
    assert "Skriv ut" in text  # the buttons around it are for who prints


async def test_the_face_of_who_took_it_is_there_for_those_who_show_it(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    await log_step(shop.desk, shop.id, "1001", StepToLog("received", "jocke"))
    await upload(await signed_in("jocke"))
    anders, jocke, seen = await signed_in("anders"), await shop.person_id("jocke"), []
    for visibility in ("photo", "name", "team"):
        await people.choose_visibility(shop.desk, shop.id, jocke, visibility, locale="sv")
        page, pdf = [await anders.get(f"/staff/orders/1001/{one}") for one in ("slip", "slip.pdf")]
        seen.append(("slip__face" in page.text, b"/DeviceGray" in pdf.content and b"/Subtype /Image" in pdf.content))
    assert seen == [(True, True), (False, False), (False, False)]


async def test_when_all_is_waited_for_there_is_nothing_to_tick(shop: Shop, signed_in: SignIn) -> None:
    await shop.order(lines=(IncomingLine("1", "Lampa", 2, backordered=2, expected=date(2026, 12, 2)),))
    text = (await (await signed_in("anders")).get("/staff/orders/1001/slip")).text
    assert "Inget att packa nu, 2 kommer onsdag 2 december" in text and "slip__box" not in text


async def test_what_has_been_sent_is_not_packed_again(shop: Shop, signed_in: SignIn) -> None:
    await shop.order(lines=(IncomingLine("1", "Mugg", 2), IncomingLine("2", "Lampa", 1)))
    await log_step(shop.desk, shop.id, "1001", StepToLog("shipped", "anders", lines=(("1", 2),)))
    text = (await (await signed_in("anders")).get("/staff/orders/1001/slip?lang=sv")).text
    assert "2 redan skickat" in text and "1 ×" in text and "2 ×" not in text
    assert text.index("Lampa") < text.index("Mugg")


@pytest.mark.parametrize("size", ["a6", "100x150"])
@pytest.mark.parametrize("kind", ["slip", "label"])
async def test_the_pdf_is_of_the_same_order(shop: Shop, signed_in: SignIn, size: str, kind: str) -> None:
    await shop.order("2026/17 ő")
    visitor = await signed_in("anders")
    page = await visitor.get(f"/staff/orders/2026%2F17%20%C5%91/slip?size={size}&kind={kind}")
    assert page.status_code == 200 and ("Skrattande mugg" in page.text) is (kind == "slip")
    link = re.search(r'href="(/staff/[^"]+slip\.pdf[^"]*)"', page.text)
    assert link is not None
    answer = await visitor.get(link[1].replace("&amp;", "&"))
    assert answer.headers["content-type"] == "application/pdf" and answer.content.startswith(b"%PDF-")
    assert answer.headers["content-disposition"] == f'inline; filename="{kind}-2026-17.pdf"'
    assert answer.headers["cache-control"] == "no-store"


@time_machine.travel(datetime(2026, 11, 19, 11, tzinfo=UTC))  # so that no day ends meanwhile
async def test_a_batch_is_chosen_by_who_it_waits_for_by_day_or_by_step(shop: Shop, signed_in: SignIn) -> None:
    now = datetime.now(UTC)
    await shop.order("1001", placed_at=now - timedelta(days=3))
    await shop.order("1002", placed_at=now)
    await shop.order("1003", placed_at=now - timedelta(days=2))
    await log_step(shop.desk, shop.id, "1003", StepToLog("received", "jocke", hand_to="lisa"))
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "jocke", hand_to="anders"))
    visitor = await signed_in("anders")
    assert sorted(await offered(visitor, "/staff/slips")) == ["1001", "1002"], "1003 is in Lisa's hands"
    assert await offered(visitor, "/staff/slips?of=today") == ["1002"]
    assert await offered(visitor, "/staff/slips?of=packed") == ["1001"]
    assert sorted(await offered(visitor, "/staff/slips?of=delivered")) == ["1001", "1002"], (
        "no such choice: as if nothing was asked"
    )
    assert 'value="1001" checked' in (await visitor.get("/staff/slips")).text
    assert 'value="1001" checked' not in (await visitor.get("/staff/slips?none=1")).text


async def offered(visitor: httpx2.AsyncClient, path: str) -> list[str]:
    return re.findall(r'name="number" value="([^"]+)"', (await visitor.get(path)).text)


async def test_a_batch_is_printed_in_the_order_in_which_it_was_ticked(shop: Shop, signed_in: SignIn) -> None:
    for number in ("1001", "1002", "1003"):
        await shop.order(number)
    visitor = await signed_in("anders")
    text = (await visitor.get("/staff/slips/print?number=1003&number=1001&number=9999&number=1001&size=a6")).text
    assert re.findall(r'<article class="slip" aria-label="(\d+)"', text) == ["1003", "1001"]
    answer = await visitor.get("/staff/slips.pdf?number=1003&number=1001&size=100x150&kind=label")
    assert len(re.findall(rb"/Type /Page\b", answer.content)) == 2
    assert re.search(r'filename="labels-20\d\d-\d\d-\d\d\.pdf"', answer.headers["content-disposition"])


@pytest.mark.parametrize("path", ["/staff/slips/print", "/staff/slips.pdf"])
async def test_nothing_and_too_much_are_refused_in_words(shop: Shop, signed_in: SignIn, path: str) -> None:
    await shop.order()
    visitor = await signed_in("anders")
    nothing = await visitor.get(f"{path}?lang=sv")
    assert (nothing.status_code, "minst en order." in nothing.text) == (422, True)
    many = await visitor.get(path + "?lang=sv&" + "&".join(f"number={n}" for n in range(101)))
    assert (many.status_code, "Högst 100 ordrar" in many.text) == (422, True)


async def test_another_shops_order_is_on_no_slip_of_ours(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    nora = await signed_in("nora")
    assert (await nora.get("/staff/orders/1001/slip")).status_code == 404
    assert (await nora.get("/staff/slips.pdf?number=1001")).status_code == 404


async def test_the_printed_code_leads_to_the_order(demo: Demo, page: Page, tmp_path: object) -> None:
    """As a camera sees it: on white, in the dark as well."""
    await page.emulate_media(color_scheme="dark")
    assert (await page.request.post(demo.links.staff, max_redirects=0)).status == 303
    await page.goto(f"{demo.url}/staff/orders/1012/slip")
    path = f"{tmp_path}/code.png"
    await page.locator(".slip__code").screenshot(path=path)
    [found] = zxingcpp.read_barcodes(Image.open(path))
    assert re.fullmatch(re.escape(f"{demo.url}/staff/scan?shop=") + "[0-9a-f]{6}&code=1012", found.text)


async def test_a_browser_prints_each_order_on_its_own_sheet_and_long_ones_on_several(demo: Demo, page: Page) -> None:
    assert (await page.request.post(demo.links.staff, max_redirects=0)).status == 303
    lines = [{"key": str(n), "title": f"Mugg nummer {n}", "quantity": 1} for n in range(200)]
    told = {"placed_at": "2026-11-19T14:32:00+01:00", "customer": {"first_name": "Karin"}, "lines": lines}
    headers = {"Authorization": f"Bearer {demo.links.api_token}"}
    assert (await page.request.put(f"{demo.url}/api/v1/orders/7200", headers=headers, data=told)).status == 201
    for path, least, most in (
        ("/staff/slips/print?number=1011&number=1012", 2, 2),
        ("/staff/slips/print?number=1011&number=1012&kind=label&size=100x150", 2, 2),
        ("/staff/orders/7200/slip", 10, 20),
    ):
        await page.goto(demo.url + path)
        pdf = await page.pdf(prefer_css_page_size=True)
        assert least <= len(re.findall(rb"/Type\s*/Page\b[^s]", pdf)) <= most, path
        boxes = re.findall(rb"/MediaBox\s*\[0 0 ([0-9.]+) ([0-9.]+)\]", pdf)
        wide = 100 if "100x150" in path else 105
        assert {round(float(box[0]) * 25.4 / 72) for box in boxes} == {wide}


@pytest.mark.parametrize("number", ["2026/slip", "2026/slip.pdf", "2026/pause/delayed", "2026/log", "2026/slip/slip"])
async def test_an_order_whose_number_ends_as_a_page_of_ours_has_its_page(
    shop: Shop, signed_in: SignIn, number: str
) -> None:
    await shop.order(number)
    anders, page = await signed_in("anders"), f"/staff/orders/{quote(number, safe='')}"
    assert f'action="{page}/log"' in (await anders.get(page)).text
    assert f"Slip {number}" in (await anders.get(f"{page}/slip?lang=en")).text
    await shop.order("2026")
    assert (await anders.get("/staff/orders/2026/slip")).status_code == 200
