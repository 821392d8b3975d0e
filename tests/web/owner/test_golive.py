"""What is settled before real customers come: seen by the shop itself, or ticked by somebody, on a day."""

from __future__ import annotations

import re
from typing import Any

import time_machine

from storefront_trace.actions import papers, privacy
from tests.people import Shop

PATH = "/owner/privacy/golive"


async def page(owner: Any) -> str:
    return re.sub(r"\s+", " ", (await owner.get(f"{PATH}?lang=en")).text)


def state(html: str, name: str) -> str:
    found = re.search(rf'<h3>{re.escape(name)} <span class="stop__so">(done|left)</span></h3>', html)
    assert found is not None, name
    return found[1]


async def test_a_tick_has_the_name_of_who_ticked_and_the_day_and_can_be_taken_back(shop: Shop, signed_in: Any) -> None:
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False):
        owner = await signed_in("olga")
        assert state(await page(owner), "A backup was made and restored once") == "left"
        answer = await owner.post(PATH, data={"key": "backup", "done": "1"})
        assert answer.headers["location"] == f"{PATH}?said=settled#backup"
        html = await page(owner)
        assert state(html, "A backup was made and restored once") == "done" and "Olga, 20 November 2026" in html
    with time_machine.travel("2026-11-22T12:00:00Z", tick=False):
        owner = await signed_in("olga")
        await owner.post(PATH, data={"key": "backup", "done": "1"})
        assert "Olga, 20 November 2026" in await page(owner)
        await owner.post(PATH, data={"key": "backup", "done": "0"})
        assert state(await page(owner), "A backup was made and restored once") == "left"


async def test_what_the_shop_sees_itself_nobody_ticks(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    html = await page(owner)
    assert state(html, "The shop has its own address, with https") == "left"
    assert state(html, "Mails arrive") == "left" and "SMTP_URL is empty" in html
    for example in ("PUBLIC_URL=https://orders.example.com", "SMTP_URL=smtp://orders:password@mail.example.com:587"):
        assert f"<code>{example}</code>" in html
    assert state(html, "Every owner has a second factor or a passkey") == "left"
    assert state(html, "The papers say who you are") == "left"
    assert (await owner.post(PATH, data={"key": "mail", "done": "1"})).status_code == 404
    needed = ("controller", "address", "contact", "host")
    await owner.post("/owner/privacy/papers", data=dict.fromkeys(needed, "Roliga Ting"))
    assert state(await page(owner), "The papers say who you are") == "done"


async def test_who_is_forgotten_leaves_the_tick_without_a_name(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    await papers.settle(shop.desk, shop.id, "told", by_person=await shop.person_id("anders"), done=True)
    assert "Anders, " in await page(owner)
    await privacy.erase_person(shop.desk, shop.id, "anders")
    html = await page(owner)
    assert "Somebody who is forgotten, " in html and "Anders" not in html


async def test_the_list_goes_on_paper(shop: Shop, signed_in: Any) -> None:
    answer = await (await signed_in("olga")).get(f"{PATH}.pdf?lang=de")
    assert answer.content.startswith(b"%PDF-") and 'filename="golive-de-' in answer.headers["content-disposition"]
