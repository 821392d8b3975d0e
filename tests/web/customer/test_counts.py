"""A count and its noun: one of a thing is one thing, in every language."""

from __future__ import annotations

import httpx2
import pytest

from storefront_trace.actions.shops import set_face
from storefront_trace.domain.incoming import IncomingLine
from tests.people import Shop
from tests.web.customer.promises import moment as clock
from tests.web.customer.promises import page, placed, step

ONE_DAY = {
    "en": "1 day after delivery",
    "sv": "1 dag efter",
    "nb": "1 dag etter",
    "da": "1 dag efter",
    "fi": "1 päivän kuluttua",
    "de": "1 Tag nach",
}


async def test_one_of_a_thing_is_a_piece_and_two_are_pieces(shop: Shop, client: httpx2.AsyncClient) -> None:
    await placed(shop, lines=(IncomingLine("1", "Mug", 1), IncomingLine("2", "Lamp", 2)))
    text = await page(shop, client, {"Accept-Language": "en"})
    assert "1 pc" in text and "1 pcs" not in text
    assert "2 pcs" in text


async def test_some_of_a_line_are_counted_by_all_of_it(shop: Shop, client: httpx2.AsyncClient) -> None:
    await placed(shop, lines=(IncomingLine("1", "Mug", 3), IncomingLine("2", "Lamp", 1)))
    await step(shop, "shipped", "anders", clock(16, 11), lines=(("1", 1),))
    text = await page(shop, client, {"Accept-Language": "en"})
    assert "1 of 3 pcs" in text


@pytest.mark.parametrize(("language", "said"), ONE_DAY.items())
async def test_names_that_fade_after_one_day_fade_after_a_day(
    shop: Shop, client: httpx2.AsyncClient, language: str, said: str
) -> None:
    await placed(shop)
    await set_face(shop.desk, shop.id, fade_days=1)
    assert said in await page(shop, client, {"Accept-Language": language})
