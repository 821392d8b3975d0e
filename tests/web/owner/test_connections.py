from __future__ import annotations

import re
from typing import Any

from storefront_trace.storage import connections
from tests.people import Shop

PATH = "/owner/connections"
SECRET = "a-secret-of-the-shop-system"
FORM = {"kind": "shopify", "name": "Butiken på Shopify", "secret": SECRET}


async def test_a_connection_is_added_and_its_address_shown_but_never_its_secret(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    answer = await owner.post(PATH, data=FORM)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}?said=added")
    html = (await owner.get(PATH)).text
    assert re.search(r'value="http[^"]+/hooks/shopify/[0-9a-f]{32}"', html)
    assert "Butiken på Shopify" in html and SECRET not in html


async def test_a_refused_connection_keeps_the_name_and_not_the_secret(signed_in: Any) -> None:
    owner = await signed_in("olga")
    answer = await owner.post(PATH, data=FORM | {"secret": f" {SECRET} "})
    assert answer.status_code == 422
    assert 'href="#secret"' in answer.text and 'value="Butiken på Shopify"' in answer.text
    assert SECRET not in answer.text
    assert (await owner.post(PATH, data=FORM | {"kind": "telepathy"})).status_code == 422


async def test_an_ended_connection_leaves_the_page(shop: Shop, signed_in: Any) -> None:
    owner = await signed_in("olga")
    await owner.post(PATH, data=FORM)
    async with shop.desk.db.read() as conn:
        made = (await connections.list_connections(conn, shop.id))[0]
    assert (await (await signed_in("nora")).post(f"{PATH}/{made.id}/end")).status_code == 404
    assert (await owner.post(f"{PATH}/{made.id}/end")).status_code == 303
    assert "Butiken på Shopify" not in (await owner.get(PATH)).text
