from __future__ import annotations

import pytest

from storefront_trace.storage import privacy
from tests.people import Shop


async def test_no_filter_is_refused_and_an_empty_one_finds_nothing(shop: Shop) -> None:
    await shop.order()
    async with shop.desk.db.read() as conn:
        with pytest.raises(ValueError, match="whose"):
            await privacy.list_order_ids(conn, shop.id, number=None, email=None)
        assert await privacy.list_order_ids(conn, shop.id, number="", email=None) == []
        assert await privacy.list_order_ids(conn, shop.id, number=None, email="") == []
        assert len(await privacy.list_order_ids(conn, shop.id, number="1001", email=None)) == 1
