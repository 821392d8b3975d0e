from __future__ import annotations

from storefront_trace.actions.papers import hide_people, settle, show_people
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.golive import RENEWED
from storefront_trace.domain.moments import from_micros
from storefront_trace.storage import shops
from tests.people import Shop


async def test_a_double_tap_switches_once_and_keeps_what_was_settled_since(shop: Shop) -> None:
    olga, today = await shop.person_id("olga"), from_micros(now_micros()).date().isoformat()
    await hide_people(shop.desk, shop.id, by_person=olga)
    await show_people(shop.desk, shop.id, by_person=olga, name="Åsa Öhman", day=today)
    await settle(shop.desk, shop.id, RENEWED[0], by_person=olga, done=True)
    await show_people(shop.desk, shop.id, by_person=olga, name="Åsa Öhman", day=today)
    async with shop.desk.db.read() as conn:
        found = await shops.get_shop(conn, shop.id)
    assert [one["on"] for one in found.agreed or []] == [False, True]
    assert list(found.golive or {}) == [RENEWED[0]]
