"""A form that one person opened is never done in the name of another who has signed in since."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import httpx2
import pytest

from storefront_trace.web.page import TEMPLATES
from tests.people import Shop
from tests.photos.pictures import encoded, gradient

SignIn = Any
TAG = re.compile(r'<form\b(?:\{\{.*?\}\}|\{%.*?%\}|"(?:\{\{.*?\}\}|\{%.*?%\}|[^"])*"|[^>"])*>.*?</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">')
# Whose forms speak in a person's name or about one.
FILES = [*sorted((TEMPLATES / "staff").glob("*.html")), TEMPLATES / "owner/_care.html", TEMPLATES / "owner/_asked.html"]


async def change_hands(client: httpx2.AsyncClient, shop: Shop, handle: str) -> None:
    """On the same browser."""
    client.cookies.clear()
    client.cookies.set("session", await shop.session(handle))


async def opened_by_anders(client: httpx2.AsyncClient, shop: Shop, path: str, action: str) -> dict[str, str]:
    """What stands in the form of his page, which Lisa's session sends."""
    await change_hands(client, shop, "anders")
    page = (await client.get(path)).text
    form = next(one for one in TAG.findall(page) if f'action="{action}"' in one)
    await change_hands(client, shop, "lisa")
    return {name: value for name, value in HIDDEN.findall(form) if name not in ("lines", "ask")}


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}/{path.name}" for path in FILES])
def test_each_form_says_whose_it_is(path: Path) -> None:
    forms = [one for one in TAG.findall(path.read_text("utf-8")) if 'method="post"' in one]
    assert [one[:80] for one in forms if 'name="person"' not in one and 'action="/signout"' not in one] == []


async def test_a_step_that_anders_had_open_is_not_logged_as_lisas(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order()
    fields = await opened_by_anders(client, shop, "/staff/orders/1001", "/staff/orders/1001/log")
    told = {**fields, "step": "packed", "note": "Dubbelt <b>bubbelplast</b>", "lines": ["", "1"]}
    refused = await client.post("/staff/orders/1001/log", data=told, headers={"Accept-Language": "sv"})
    assert (refused.status_code, (await shop.row()).state) == (409, "received")
    assert "Nu är du inloggad som Lisa" in refused.text and "Anders hade öppnat den här sidan." in refused.text
    assert '<blockquote class="voice">Dubbelt &lt;b&gt;bubbelplast&lt;/b&gt;</blockquote>' in refused.text
    assert "Packad, order 1001" in refused.text and "Logga Packad som Lisa" in refused.text


async def test_what_was_written_goes_on_under_the_name_of_whoever_says_so(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    await shop.order()
    fields = await opened_by_anders(client, shop, "/staff/orders/1001", "/staff/orders/1001/log")
    anders, lisa = await shop.person_id("anders"), await shop.person_id("lisa")
    told = {**fields, "step": "packed", "note": "Dubbelt bubbelplast"}
    again = dict(HIDDEN.findall((await client.post("/staff/orders/1001/log", data=told)).text))
    assert (again["note"], again["step"], again.get("person")) == ("Dubbelt bubbelplast", "packed", None)
    still = await client.post("/staff/orders/1001/log", data={**again, "person": anders})
    assert (still.status_code, (await shop.row()).state) == (409, "received")
    assert (await client.post("/staff/orders/1001/log", data={**again, "person": lisa})).status_code == 303
    last = (await shop.events())[-1]
    assert (last.step, last.person_id, last.note) == ("packed", lisa, "Dubbelt bubbelplast")


async def test_anders_sends_it_himself_once_he_has_signed_in_again(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order()
    fields = await opened_by_anders(client, shop, "/staff/orders/1001", "/staff/orders/1001/log")
    told = {**fields, "step": "packed"}
    again = dict(HIDDEN.findall((await client.post("/staff/orders/1001/log", data=told)).text))
    await change_hands(client, shop, "anders")
    anders = await shop.person_id("anders")
    assert (await client.post("/staff/orders/1001/log", data={**again, "person": anders})).status_code == 303
    assert (await shop.events())[-1].person_id == anders


async def test_a_picture_is_chosen_once_more(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order()
    fields = await opened_by_anders(client, shop, "/staff/orders/1001", "/staff/orders/1001/log")
    files = {"photo": ("paket.jpg", encoded(gradient(60, 40), "JPEG"), "image/jpeg")}
    with_one = await client.post("/staff/orders/1001/log", data={**fields, "step": "packed"}, files=files)
    without = await client.post("/staff/orders/1001/log", data={**fields, "step": "packed"}, files={"photo": ("", b"")})
    assert ('type="file" name="photo"' in with_one.text, 'type="file"' in without.text) == (True, False)


@pytest.mark.parametrize("does", ["take", "back", "hand", "undo", "correct", "pause/delayed"])
async def test_nothing_else_about_an_order_is_done_either(shop: Shop, client: httpx2.AsyncClient, does: str) -> None:
    await shop.order()
    fields = await opened_by_anders(client, shop, "/staff/orders/1001", "/staff/orders/1001/log")
    before = await shop.events()
    told = {"person": fields["person"], "hand_to": "jocke", "event": before[0].id, "reason": "Fel order"}
    assert (await client.post(f"/staff/orders/1001/{does}", data=told)).status_code == 409
    assert await shop.events() == before


async def test_a_table_of_ticks_is_logged_by_nobody_else(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order()
    fields = await opened_by_anders(client, shop, "/staff/orders", "/staff/bulk")
    refused = await client.post("/staff/bulk", data={**fields, "step": "packed", "orders": ["1001"]})
    assert (refused.status_code, (await shop.row()).state) == (409, "received")
    assert ("orders", "1001") in HIDDEN.findall(refused.text)


async def test_how_anders_is_seen_and_his_pin_are_nothing_that_lisa_sends_on(
    shop: Shop, client: httpx2.AsyncClient
) -> None:
    fields = await opened_by_anders(client, shop, "/staff/me", "/staff/me/visibility")
    for path, told in (("visibility", {"visibility": "photo"}), ("pin", {"pin": "2580"}), ("devices/end", {})):
        refused = await client.post(f"/staff/me/{path}", data={**fields, **told})
        assert (refused.status_code, "2580" in refused.text) == (409, False)
        assert HIDDEN.findall(refused.text) == []
    assert (await client.get("/staff/me")).status_code == 200


async def test_a_form_of_somebody_who_works_elsewhere_names_nobody(shop: Shop, client: httpx2.AsyncClient) -> None:
    await shop.order()
    await change_hands(client, shop, "lisa")
    elsewhere = Shop(shop.desk, shop.other_id, shop.id)
    for whose in (await elsewhere.person_id("nora"), "x" * 32):
        refused = await client.post("/staff/orders/1001/log", data={"step": "packed", "person": whose})
        assert (refused.status_code, "Nora" in refused.text) == (409, False)
        assert "Någon annan hade öppnat den här sidan." in refused.text


async def test_our_own_scripts_keep_what_is_not_for_them_to_send(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    told = {"step": "packed", "code": "1001", "once": "scan-1", "person": await shop.person_id("anders")}
    refused = await (await signed_in("lisa")).post("/staff/row", data=told, headers={"Accept": "application/json"})
    assert (refused.status_code, (await shop.row()).state) == (403, "received")


async def test_an_owners_answer_is_not_given_under_another_owners_name(shop: Shop, client: httpx2.AsyncClient) -> None:
    await change_hands(client, shop, "olga")
    told = {"words": "Tack för att du skrev.", "person": await shop.person_id("anders")}
    refused = await client.post(f"/owner/concerns/{'0' * 32}/reply", data=told)
    assert refused.status_code == 409 and "Tack för att du skrev." in refused.text
