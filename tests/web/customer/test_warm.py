from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from storefront_trace.storage import shops
from storefront_trace.storage.database import Database
from storefront_trace.web.customer import words
from storefront_trace.web.languages import AVAILABLE
from tests.people import Shop
from tests.shops import started


async def test_the_start_leaves_nothing_for_the_first_customer_to_pay_for(shop: Shop, settings: Any) -> None:
    await shop.order()
    words._KEPT.clear()
    async with started(settings) as fresh:
        async with fresh.state.desk.db.read() as conn:
            generation = await shops.get_generation(conn, shop.id)
        assert fresh.state.desk.casts.at_generation(shop.id, generation) is not None
        assert {language for shop_id, language in words._KEPT if shop_id == shop.id} == set(AVAILABLE)


async def test_a_shop_without_orders_starts_as_well(shop: Shop, settings: Any) -> None:
    with capture_logs() as told:
        async with started(settings):
            pass
    assert told == []


async def test_a_database_that_is_down_does_not_stop_the_start(
    shop: Shop, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(self: Database) -> Callable[[], None]:
        raise OSError("the database is away")

    monkeypatch.setattr(Database, "read", down)
    with capture_logs() as told:
        async with started(settings) as fresh:
            assert fresh.state.broken == []
    assert [entry["kind"] for entry in told if "first page" in entry["event"]] == ["OSError"]
