from __future__ import annotations

import pytest

from storefront_trace.actions.shops import set_face, whole_days
from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.lifetimes import KEPT_DAYS
from storefront_trace.storage import shops
from tests.people import Shop


@pytest.mark.parametrize("name", KEPT_DAYS)
async def test_days_within_their_limits_are_kept_and_others_refused_whoever_sets_them(shop: Shop, name: str) -> None:
    least, most = KEPT_DAYS[name]
    for days in (least, str(most)):
        await set_face(shop.desk, shop.id, **{name: days})
    for days in (least - 1, most + 1, "soon", "", "1.5", None):
        with pytest.raises(Invalid) as refused:
            await set_face(shop.desk, shop.id, **{name: days})
        assert refused.value.errors[0] == (name, f"Write a whole number of days from {least} to {most}.")
    async with shop.desk.db.read() as conn:
        assert getattr(await shops.get_shop(conn, shop.id), name) == most


def test_whoever_runs_the_server_may_allow_fewer_days() -> None:
    assert whole_days("session_days", "30", 30) == 30
    with pytest.raises(Invalid, match="from 1 to 30"):
        whole_days("session_days", "31", 30)
