from __future__ import annotations

import httpx2
import pytest
import sqlalchemy as sa

from storefront_trace.actions import privacy
from storefront_trace.storage.tables import idempotency_key
from tests.api.callers import ORDER, machine
from tests.people import Shop


async def kept(shop: Shop, shop_id: str) -> list[str | None]:
    async with shop.desk.db.read() as conn:
        query = sa.select(idempotency_key.c.body).where(idempotency_key.c.shop_id == shop_id)
        return list((await conn.execute(query)).scalars())


@pytest.mark.parametrize("who", ["customer", "person"])
async def test_no_kept_answer_tells_of_somebody_who_was_erased(
    client: httpx2.AsyncClient, shop: Shop, who: str
) -> None:
    for other_shop in (False, True):
        api = await machine(client, shop, other_shop=other_shop)
        await api("PUT", "/orders/1001", ORDER)
        told = {"step": "packed", "note": "Till Karin, av Anders"}
        await api("POST", "/orders/1001/events", told, headers={"Idempotency-Key": "one"})
    assert len(await kept(shop, shop.id)) == len(await kept(shop, shop.other_id)) == 1
    if who == "customer":
        await privacy.erase_customer(shop.desk, shop.id, number="1001")
    else:
        await privacy.erase_person(shop.desk, shop.id, "anders")
    assert await kept(shop, shop.id) == [None]
    assert len(await kept(shop, shop.other_id)) == 1


async def test_a_request_told_again_after_an_erasure_still_has_one_effect(
    client: httpx2.AsyncClient, shop: Shop
) -> None:
    api = await machine(client, shop)
    for number in ("1001", "1002"):
        await api("PUT", f"/orders/{number}", ORDER)
    told = {"step": "packed", "by": "anders"}
    first = await api("POST", "/orders/1002/events", told, headers={"Idempotency-Key": "one"})
    await privacy.erase_customer(shop.desk, shop.id, number="1001")
    again = await api("POST", "/orders/1002/events", told, headers={"Idempotency-Key": "one"})
    assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])
    assert [event.step for event in await shop.events("1002")].count("packed") == 1
