"""Never again, in a shop with many followers."""

from __future__ import annotations

import threading

import pytest

from storefront_trace.actions import follow, silence
from storefront_trace.domain.silence import digest_of, digests_of
from storefront_trace.storage import followers
from tests.people import Shop


async def test_all_are_looked_through_a_page_at_a_time_beside_the_loop_and_only_the_first_time(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads, pages = [], []

    def noted(*told: object) -> list[str]:
        threads.append(threading.current_thread())
        return digests_of(*told)  # type: ignore[arg-type]

    async def counted(*told: object) -> list[tuple[str, str]]:
        pages.append(told)
        return await list_next(*told)  # type: ignore[arg-type]

    orders = [await shop.order(str(number)) for number in range(1001, 1006)]
    for place, order_id in enumerate(orders):
        email = "annika@example.org" if place in (0, 2, 4) else ""
        await follow.follow_by_mail(shop.desk, shop.id, order_id, email=email, wants="all", locale="sv")
    list_next = followers.list_next_addresses
    monkeypatch.setattr(silence, "PAGE", 2)
    monkeypatch.setattr(silence, "digests_of", noted)
    monkeypatch.setattr(followers, "list_next_addresses", counted)
    digest = digest_of(shop.desk.secret, shop.id, "annika@example.org")
    for _ in range(2):
        await silence.silence(shop.desk, shop.id, digest)
        assert (len(threads), len(pages)) == (5, 3)
    assert threading.main_thread() not in threads
    async with shop.desk.db.read() as conn:
        left = await followers.list_addresses(conn, shop.id)
    assert [address for _, address in left] == ["karin@example.com"] * 2
