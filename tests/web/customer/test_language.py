"""Whoever chooses a language at the foot of the page keeps it, whatever she does there."""

from __future__ import annotations

import re

import httpx2
import pytest

from storefront_trace.actions.follow import follow_by_mail
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.following import follower_token
from storefront_trace.domain.silence import silence_token
from storefront_trace.languages import AVAILABLE, NAMES
from storefront_trace.web.customer.kept import _page_key, page_key
from tests.people import Shop

SV = {"Accept-Language": "sv"}


def own_links(page: str, token: str) -> list[str]:
    return re.findall(rf'(?:href|action)="(/t/{token}[^"]*)"', page)


async def packed_page(shop: Shop) -> str:
    await shop.order()
    for step, by in (("received", "jocke"), ("packed", "anders")):
        await log_step(shop.desk, shop.id, "1001", StepToLog(step, by))
    return f"/t/{await shop.token()}"


async def test_every_link_and_form_of_the_page_asks_for_the_chosen_language(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    url = await packed_page(shop)
    links = own_links((await client.get(f"{url}?lang=fi", headers=SV)).text, url.removeprefix("/t/"))
    assert len(links) > 3
    assert all("?lang=fi" in link for link in links), links
    for link in links:
        path = link.split("#")[0].replace("&amp;", "&")
        answer = await client.get(path, headers=SV)
        assert answer.status_code == 405 or answer.headers["content-language"] == "fi", path


async def test_a_page_in_the_browsers_own_language_has_plain_links(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed_page(shop)
    await client.get(f"{url}?lang=sv", headers=SV)
    links = own_links((await client.get(url, headers=SV)).text, url.removeprefix("/t/"))
    assert links and not any("lang=" in link for link in links)


async def test_thanking_in_a_chosen_language_leads_back_to_it(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed_page(shop)
    page = (await client.get(f"{url}?lang=de", headers=SV)).text
    action = re.search(rf'action="({url}/steps/[^"]+)"', page)
    assert action is not None
    answer = await client.post(action[1], data={"choice": "thanks"}, headers=SV)
    assert answer.status_code == 303
    assert "Dein Dank ging an Jocke" in (await client.get(answer.headers["location"].split("#")[0], headers=SV)).text


@pytest.mark.parametrize("language", AVAILABLE)
async def test_the_page_speaks_each_language_and_offers_the_others(
    shop: Shop, client: httpx2.AsyncClient, language: str
) -> None:
    answer = await client.get(f"{await packed_page(shop)}?lang={language}", headers=SV)
    assert answer.headers["content-language"] == language
    assert f'<html lang="{language}">' in answer.text
    offered = re.findall(r'hreflang="(\w+)"( aria-current="true")?>([^<]+)<', answer.text)
    assert {one: name for one, _, name in offered} == NAMES
    assert [one for one, current, _ in offered if current] == [language]


async def test_a_page_is_kept_under_the_language_it_is_in(shop: Shop, client: httpx2.AsyncClient) -> None:
    url = await packed_page(shop)
    for query in (f"x={'y' * 300}&lang=de", "lang=sv&lang=de"):
        await client.get(f"{url}?{query}", headers=SV)
        for plain in (url, f"{url}?lang=sv"):
            assert (await client.get(plain, headers=SV)).headers["content-language"] == "sv"


def test_no_more_is_kept_of_what_a_stranger_sends_than_is_read_of_it() -> None:
    keys = {page_key(b"x=" + b"y" * 300 + str(n).encode(), b"sv," + b" " * 300 + str(n).encode()) for n in range(50)}
    assert keys == {" sv"}
    assert _page_key.cache_info().currsize <= 1000
    before = _page_key.cache_info().misses
    page_key(b"x=" + b"y" * 301, b"sv," + b" " * 301)
    assert _page_key.cache_info().misses == before


def switch_of(page: str) -> dict[str, str]:
    return {one: href.replace("&amp;", "&") for href, one in re.findall(r'<a href="([^"]+)" lang="(\w+)"', page)}


async def links_in_mails(shop: Shop) -> list[str]:
    order = await shop.row()
    address = "berit@example.com"
    found = await follow_by_mail(shop.desk, shop.id, order.id, email=address, wants="all", locale="sv")
    secret = shop.desk.secret
    confirm, stop = (follower_token(secret, why, shop.id, found.id) for why in ("confirm", "unsubscribe"))
    return [f"/follow/{confirm}", f"/unfollow/{stop}", f"/silence/{silence_token(secret, shop.id, address)}"]


async def test_every_page_that_she_can_open_has_the_switch_and_keeps_what_it_was_opened_for(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    url = await packed_page(shop)
    form = f"{url}/steps/{(await shop.events())[1].id}/feedback"
    dead = ["/nowhere", f"/t/{'x' * 43}"]
    for path in (url, form, f"{url}/questions", "/track", *await links_in_mails(shop), *dead):
        answer = await client.get(path, headers=SV)
        assert answer.status_code == (404 if path in dead else 200), path
        offered = switch_of(answer.text)
        assert list(offered) == list(NAMES), path
        other = await client.get(f"{path}{offered['fi']}", headers=SV)
        assert other.headers["content-language"] == "fi", path
    offered = switch_of((await client.get(f"{form}?choice=concern&from=mail&x=1", headers=SV)).text)
    assert offered["de"] == "?lang=de&choice=concern&from=mail"
    other = (await client.get(f"{form}{offered['de']}", headers=SV)).text
    assert 'id="choice-concern" checked' in other and 'name="from" value="mail"' in other


async def test_behind_a_form_stands_the_switch_only_where_its_address_shows_a_page(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    url = await packed_page(shop)
    form = f"{url}/steps/{(await shop.events())[1].id}/feedback"
    by_a_script = {**SV, "Sec-Fetch-Mode": "navigate", "Sec-Ch-Ua": "Chromium"}
    for path, fields, headers, shown in (
        (form, {"choice": "nothing"}, SV, True),
        (form, {"choice": "thanks"}, by_a_script, True),
        (f"{url}/questions", {"text": ""}, SV, True),
        (f"{url}/follow", {"email": "nobody"}, SV, False),
        (f"{url}/thanks", {"event": "unknown"}, SV, False),
    ):
        answer = await client.post(path, data=fields, headers=headers)
        assert answer.status_code in (404, 422), path
        assert bool(switch_of(answer.text)) is shown, path
