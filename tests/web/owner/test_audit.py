from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from storefront_trace.actions import people, privacy, shops, tokens
from storefront_trace.actions.audit import Actor, acting
from storefront_trace.languages import NAMES
from storefront_trace.storage import shops as shop_rows
from tests.people import Shop

PATH = "/owner/audit"


def lines(html: str) -> list[str]:
    return re.findall(r"<div><p>(.*?)</p>", html)


async def change_packed(shop: Shop, sentence: str) -> None:
    async with shop.desk.db.read() as conn:
        old = (await shop_rows.get_cast(conn, shop.id)).steps["packed"]
    with acting(Actor(await shop.person_id("olga"))):
        await shops.put_step(shop.desk, shop.id, replace(old, sentences={**old.sentences, "sv": sentence}))


async def test_a_line_reads_like_a_sentence_and_tells_what_was_before(shop: Shop, signed_in: Any) -> None:
    await change_packed(shop, "{name} packade <allt>.")
    html = (await (await signed_in("olga")).get(f"{PATH}?lang=sv")).text
    assert lines(html)[0] == "Olga ändrade steget Packad: meningen (sv)"
    assert "<ins>{name} packade &lt;allt&gt;.</ins>" in html


@pytest.mark.parametrize("language", NAMES)
async def test_it_reads_in_every_language(shop: Shop, signed_in: Any, language: str) -> None:
    await change_packed(shop, "{name} packade.")
    html = (await (await signed_in("olga")).get(f"{PATH}?lang={language}")).text
    assert lines(html)[0].startswith("Olga") and "%(" not in html


async def test_machines_and_the_command_line_are_named_and_can_be_looked_for(shop: Shop, signed_in: Any) -> None:
    await change_packed(shop, "{name} packade.")
    with acting(Actor(token="Kassan")):
        await shops.set_face(shop.desk, shop.id, fade_days=31)
    await tokens.create_token(shop.desk, shop.id, "Lagret")
    olga = await signed_in("olga")
    every = lines((await olga.get(f"{PATH}?lang=en")).text)
    assert every[:3] == [
        "The command line made the API token Lagret",
        "The API token Kassan changed the shop&#39;s settings: when names fade",
        "Olga changed the step Packed: the sentence (sv)",
    ]
    assert lines((await olga.get(f"{PATH}?lang=en&kind=steps")).text) == every[2:3]
    assert lines((await olga.get(f"{PATH}?lang=en&who={await shop.person_id('olga')}")).text) == every[2:3]
    assert every[2] not in lines((await olga.get(f"{PATH}?lang=en&who=machines")).text)
    assert lines((await olga.get(f"{PATH}?lang=en&kind=nonsense&who=nobody")).text) == every


async def test_it_pages_at_fifty_and_the_filter_goes_along(shop: Shop, signed_in: Any) -> None:
    for days in range(1, 53):
        await shops.set_face(shop.desk, shop.id, fade_days=days + 100)
    olga = await signed_in("olga")
    first = (await olga.get(f"{PATH}?kind=shop&lang=en")).text
    assert len(lines(first)) == 50
    older = re.search(r'href="(/owner/audit\?[^"]*before=[^"]*)"', first)
    assert older is not None and "kind=shop" in older[1]
    second = (await olga.get(older[1].replace("&amp;", "&"))).text
    assert len(lines(second)) == 3  # two more, and the opening of the shop
    assert "before=" not in second


async def test_who_is_forgotten_is_forgotten_here_too(shop: Shop, signed_in: Any) -> None:
    await people.invite(shop.desk, shop.id, "anders")
    await privacy.erase_person(shop.desk, shop.id, "anders")
    html = (await (await signed_in("olga")).get(f"{PATH}?lang=sv")).text
    assert "Anders" not in html and "Någon som är glömd" in html


async def test_an_api_call_is_noted_with_its_tokens_name(shop: Shop, client: Any, signed_in: Any) -> None:
    token = await tokens.create_token(shop.desk, shop.id, "Lönesystemet", ["people:write"])
    told = {"display_name": "Elsa", "role": {"sv": "lagret"}}
    head = {"Authorization": f"Bearer {token}"}
    assert (await client.put("/api/v1/people/elsa", json=told, headers=head)).status_code == 201
    assert (await client.put("/api/v1/people/elsa", json=told, headers=head)).status_code == 200
    html = (await (await signed_in("olga")).get(f"{PATH}?lang=sv&kind=people&who=machines")).text
    assert lines(html).count("API-nyckeln Lönesystemet lade till Elsa bland dem som arbetar här") == 1
    assert "API-nyckeln Lönesystemet ändrade" not in html
