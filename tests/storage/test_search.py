"""Letters such as Å are one letter to people, whatever the database thinks of their case."""

from __future__ import annotations

import unicodedata

import pytest

from storefront_trace.actions import lookup, people, privacy
from storefront_trace.actions.people import PersonTold
from storefront_trace.storage import orders, outbox
from storefront_trace.storage import people as person_rows
from tests.people import Shop


async def found(shop: Shop, text: str) -> list[str]:
    async with shop.desk.db.read() as conn:
        return [row.number for row in await orders.search_orders(conn, shop.id, text)]


@pytest.mark.parametrize("typed", ["Åsa", "åsa", "ÅSA", "Ås", unicodedata.normalize("NFD", "åsa")])
async def test_a_name_is_found_however_its_letters_are_written(shop: Shop, typed: str) -> None:
    await shop.order("1001", customer_first_name="Åsa")
    await shop.order("1002", customer_first_name="ÖRJAN")
    assert (await found(shop, typed), await found(shop, "örjan")) == (["1001"], ["1002"])


async def test_a_number_is_found_however_its_letters_are_written(shop: Shop) -> None:
    await shop.order("AB-1_7")
    assert await found(shop, "ab-1_") == await found(shop, "AB-1_") == ["AB-1_7"]
    assert await found(shop, "ab-1%") == []


async def test_a_new_name_is_found_and_an_erased_one_is_not(shop: Shop) -> None:
    await shop.order(customer_first_name="Åsa")
    await shop.order(customer_first_name="Ärla")
    assert (await found(shop, "ås"), await found(shop, "är")) == ([], ["1001"])
    await privacy.erase_customer(shop.desk, shop.id, number="1001")
    assert await found(shop, "är") == []


async def test_an_address_is_one_however_its_letters_are_written(shop: Shop) -> None:
    await shop.order(customer_email="Åsa@Exämple.se")
    await lookup.ask_for_link(shop.desk, "1001", "åSA@EXÄMPLE.SE", language="sv")
    async with shop.desk.db.read() as conn:
        assert await outbox.count_waiting(conn) == 1
    told = await privacy.export_customer(shop.desk, shop.id, "ÅSA@exämple.se")
    assert (len(told["orders"]), len(told["notices"])) == (1, 1)
    done = await privacy.erase_customer(shop.desk, shop.id, email="ÅSA@exämple.se")
    assert (done.orders, done.notices) == (1, 1)


async def test_people_stand_in_one_order_whatever_the_case_of_their_names(shop: Shop) -> None:
    for handle, name in (("ake", "åke"), ("osten", "Östen"), ("arla", "ÄRLA"), ("bo", "bo")):
        await people.put_person(shop.desk, shop.id, handle, PersonTold(name, {}))
    async with shop.desk.db.read() as conn:
        names = [one.display_name for one in await person_rows.list_people(conn, shop.id)]
    assert names == ["Anders", "bo", "Jocke", "Lisa", "Olga", "Sam", "ÄRLA", "åke", "Östen"]
