"""The order's page inside the shop's own: shown on the shop's addresses, refused elsewhere, and as high as it is."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
import time_machine
from playwright.async_api import Browser, Frame, Page
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from storefront_trace.actions import people, shops
from storefront_trace.actions.people import PersonTold
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.web.customer.embed import SCRIPT
from tests.browser import window
from tests.doors import open_door
from tests.patience import until
from tests.people import SOON_AFTER, Shop
from tests.serving import behind

SHOP = "https://www.example.com"
# A browser sees no difference between the databases.
in_a_browser = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HIGH = "() => document.querySelector('[data-storefront-trace]').getBoundingClientRect().height"


async def packed(shop: Shop, *origins: str) -> str:
    await shop.order()
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))
    await shops.set_face(shop.desk, shop.id, origins=origins)
    return f"/t/{await shop.token()}"


def ancestors(answer: httpx2.Response) -> str:
    found = re.search(r"frame-ancestors ([^;]+)", answer.headers["content-security-policy"])
    assert found is not None
    return found[1]


async def test_two_people_of_one_name_are_two(shop: Shop, client: httpx2.AsyncClient) -> None:
    told = PersonTold("Anders", {"sv": "kontoret"}, "orders")
    await people.put_person(shop.desk, shop.id, "namesake", told)
    await people.choose_visibility(shop.desk, shop.id, await shop.person_id("namesake"), "name", locale="sv")
    await shop.order()
    for key, by in (("received", "namesake"), ("picked", "anders"), ("packed", "anders")):
        await log_step(shop.desk, shop.id, "1001", StepToLog(key, by))
    html = (await client.get(f"/t/{await shop.token()}/embed")).text
    chain = re.findall(r'<ol class="embed__chain".*?</ol>', html, re.DOTALL)[0]
    assert re.findall(r'<li>.*?title="([^"]+)"', chain) == ["Anders"]  # the other stands on top


@time_machine.travel(SOON_AFTER)
async def test_what_is_not_as_it_should_be_stands_there_too(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop, SHOP)
    await log_step(shop.desk, shop.id, "1001", StepToLog("delayed", "anders"))
    text = (await client.get(f"{url}/embed?lang=sv")).text
    assert "försenad" in text and text.index("försenad") < text.index("embed__foot")


async def test_a_face_on_top_is_not_shown_again_below(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order(lines=(), promise_from=None, promise_to=None)
    for step in (StepToLog("received", "lisa"), StepToLog("packed", "anders"), StepToLog("shipped", "anders")):
        await log_step(shop.desk, shop.id, "1001", step)
    url = f"/t/{await shop.token()}"
    chain = re.findall(r'<ol class="embed__chain".*?</ol>', (await client.get(f"{url}/embed")).text, re.DOTALL)[0]
    assert re.findall(r'<li>.*?title="([^"]+)"', chain) == ["Lisa"]  # who shipped it stands on top
    await log_step(shop.desk, shop.id, "1001", StepToLog("delivered", carrier_scan=True))
    html = (await client.get(f"{url}/embed")).text
    assert "now__family" in html and "embed__chain" not in html


async def test_only_the_shops_own_addresses_may_show_it(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop, SHOP, "https://shop.example.com:8443")
    answer = await client.get(f"{url}/embed")
    assert ancestors(answer) == f"{SHOP} https://shop.example.com:8443"
    assert "x-frame-options" not in answer.headers
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    again = await client.get(f"{url}/embed")
    assert ancestors(again) == ancestors(answer) and "x-frame-options" not in again.headers


async def test_without_addresses_nobody_may_show_it(shop: Shop, client: httpx2.AsyncClient) -> None:
    assert ancestors(await client.get(f"{await packed(shop)}/embed")) == "'none'"


async def test_a_change_of_addresses_is_in_force_at_once(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed(shop, SHOP)
    await client.get(f"{url}/embed")
    await shops.set_face(shop.desk, shop.id, origins=())
    assert ancestors(await client.get(f"{url}/embed")) == "'none'"


@pytest.mark.parametrize("path", ["", ".json", "/card.png", "/track", "/signin", "/nowhere"])
async def test_every_other_answer_lets_nobody_frame_it(shop: Shop, client: httpx2.AsyncClient, path: str) -> None:
    url = await packed(shop, SHOP)
    answer = await client.get(path if path.startswith("/") and path != "/card.png" else f"{url}{path}")
    assert ancestors(answer) == "'none'"
    assert answer.headers["x-frame-options"] == "DENY"


@time_machine.travel(SOON_AFTER)
async def test_it_says_who_has_the_order_what_is_next_and_where_the_rest_is(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    url = await packed(shop, SHOP)
    text = (await client.get(f"{url}/embed?lang=sv")).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Just nu är din beställning hos" in text and "Anders" in text and "onsdag 2 december" in text
    assert f'href="{url}?lang=sv" target="_blank" rel="noopener noreferrer"' in text
    assert "Karin" not in text and "karin@example.com" not in text


async def test_a_dead_link_has_the_same_answer_as_the_page(shop: Shop, client: httpx2.AsyncClient) -> None:
    answer = await client.get(f"/t/{'x' * 43}/embed")
    assert answer.status_code == 404
    assert answer.headers["x-frame-options"] == "DENY"


async def test_the_script_is_small_and_other_sites_may_load_it(client: httpx2.AsyncClient, app: Starlette) -> None:
    answer = await client.get("/embed.js")
    assert answer.content == SCRIPT and len(SCRIPT) <= 2048
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


async def test_the_owner_sets_the_addresses_and_copies_what_to_paste(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    answer = await owner.post("/owner/shop/origins", data={"origins": f"{SHOP}/\r\n\r\nhttps://b.example"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/owner/shop?said=saved#embed")
    page = (await owner.get("/owner/shop")).text
    assert f">{SHOP}\nhttps://b.example</textarea>" in page
    assert "data-storefront-trace=&#34;TRACKING_URL&#34;" in page and "/embed.js" in page and "/strip.png" in page


async def test_what_is_no_address_is_refused_at_its_field_and_kept(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    answer = await owner.post("/owner/shop/origins", data={"origins": "https://*.example.com"})
    assert answer.status_code == 422
    assert 'href="#origins"' in answer.text and ">https://*.example.com</textarea>" in answer.text


@dataclass
class Street:
    """Our server, the shop's own site, and somebody else's, each at an address of its own."""

    ours: str
    shops: str
    others: str
    html: str = ""


@pytest.fixture
async def street(app: Starlette) -> AsyncIterator[Street]:
    found = Street("", "", "")

    async def show(request: object) -> HTMLResponse:
        return HTMLResponse(found.html)

    site = Starlette(routes=[Route("/", show)])
    async with at_a_door(app) as found.ours, at_a_door(site) as found.shops, at_a_door(site) as found.others:
        yield found


@asynccontextmanager
async def at_a_door(app: Starlette) -> AsyncIterator[str]:
    with open_door() as (door, port):
        async with behind(door, app):
            yield f"http://127.0.0.1:{port}"


async def put_in(street: Street, shop: Shop, before: str = "") -> str:
    """The shop's page with Anders's order on it; returns the order's link."""
    url = street.ours + await packed(shop, street.shops)
    snippet = f'<div data-storefront-trace="{url}?lang=sv"><a href="{url}">Var är min beställning?</a></div>'
    street.html = (
        f"<!doctype html><html lang=sv><title>Butiken</title><body style='margin:0'>{before}{snippet}"
        f"<p id=after>Efter</p><script async src='{street.ours}/embed.js'></script></body></html>"
    )
    return url


async def looking(browser: Browser, **options: Any) -> Page:
    return await (await window(browser, **options)).new_page()


async def shown(page: Page) -> Frame:
    """As high as it is once everything is in it, too. The frame."""
    await page.wait_for_function("() => !document.querySelector('[data-storefront-trace] a')")
    inside = next(frame for frame in page.frames if "/embed" in frame.url)
    await inside.evaluate("document.fonts.ready.then(() => null)")
    await inside.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    async def fits() -> bool:
        content = await inside.evaluate("document.body.getBoundingClientRect().height")
        return bool(content <= await page.evaluate(HIGH) <= content + 60)

    await until(fits)
    return inside


@in_a_browser
@pytest.mark.parametrize("wide", [320, 390, 1000])
async def test_on_the_shops_page_it_is_as_high_as_it_is(
    shop: Shop, street: Street, browser: Browser, wide: int
) -> None:
    await put_in(street, shop)
    page = await looking(browser, viewport={"width": wide, "height": 900})
    await page.goto(street.shops)
    inside = await shown(page)
    assert "Anders" in await inside.inner_text("h1")
    assert not await inside.evaluate("() => document.scrollingElement.scrollWidth > innerWidth")
    assert await page.get_attribute("iframe", "title") == "Var är min beställning?"


@in_a_browser
async def test_it_grows_with_what_is_in_it(shop: Shop, street: Street, browser: Browser) -> None:
    await put_in(street, shop)
    page = await looking(browser, viewport={"width": 390, "height": 900})
    await page.goto(street.shops)
    inside = await shown(page)
    before = await page.evaluate(HIGH)
    await inside.evaluate("() => { document.body.style.paddingBottom = '400px' }")
    await page.wait_for_function(f"() => ({HIGH})() > {before} + 300")


@in_a_browser
async def test_nothing_on_the_shops_page_jumps(shop: Shop, street: Street, browser: Browser) -> None:
    await put_in(street, shop)
    page = await looking(browser, viewport={"width": 390, "height": 900})
    await page.add_init_script(
        "window.jumps = 0; new PerformanceObserver((list) => list.getEntries().forEach((one) => { window.jumps += "
        "one.value })).observe({ type: 'layout-shift', buffered: true })"
    )
    await page.goto(street.shops)
    await shown(page)
    await page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert await page.evaluate("() => window.jumps") < 0.1


@in_a_browser
async def test_on_another_site_it_is_refused_and_the_link_stays(shop: Shop, street: Street, browser: Browser) -> None:
    await put_in(street, shop)
    page = await looking(browser)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    await page.goto(street.others, wait_until="networkidle")
    await until(lambda: any("frame-ancestors" in one for one in said))
    assert await page.inner_text("[data-storefront-trace] a") == "Var är min beställning?"
    for frame in page.frames[1:]:
        assert "Anders" not in await frame.content()


@in_a_browser
async def test_a_message_from_elsewhere_changes_nothing(shop: Shop, street: Street, browser: Browser) -> None:
    """Neither the shop's page nor ours believes whom it does not know."""
    await put_in(street, shop, before=f"<iframe src='{street.others}/nothing'></iframe>")
    page = await looking(browser, viewport={"width": 390, "height": 900})
    await page.goto(street.shops)
    await shown(page)
    before = await page.evaluate(HIGH)
    stranger = next(frame for frame in page.frames if frame.url.startswith(street.others))
    await stranger.evaluate("() => parent.postMessage({ storefrontTrace: 1999 }, '*')")
    await page.evaluate("() => postMessage({ storefrontTrace: 1999 }, '*')")
    heard = """() => new Promise((done) => {
      addEventListener("message", ({ source, data }) => source === frames[1] && data.storefrontTrace && done("told"));
      frames[0].postMessage("ask", "*");
      frames[1].postMessage({ storefrontTrace: "something else" }, "*");
      setTimeout(() => done("nothing"), 200);
    })"""
    assert await page.evaluate(heard) == "nothing"
    assert await page.evaluate(HIGH) == before


@in_a_browser
async def test_far_below_it_is_not_loaded_before_somebody_comes(shop: Shop, street: Street, browser: Browser) -> None:
    await put_in(street, shop, before="<div style='height: 12000px'></div>")
    page = await looking(browser, viewport={"width": 390, "height": 900})
    await page.goto(street.shops, wait_until="networkidle")
    assert await page.locator("[data-storefront-trace] a").count() == 1
    await page.evaluate("() => document.getElementById('after').scrollIntoView()")
    await shown(page)


@in_a_browser
async def test_without_scripts_there_is_the_link(shop: Shop, street: Street, browser: Browser) -> None:
    url = await put_in(street, shop)
    page = await looking(browser, java_script_enabled=False)
    await page.goto(street.shops)
    assert await page.get_attribute("[data-storefront-trace] a", "href") == url
    assert await page.locator("iframe").count() == 0
