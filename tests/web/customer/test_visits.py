from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx2
import pytest
import sqlalchemy as sa
import time_machine
from starlette.applications import Starlette

from storefront_trace.actions.orders import put_order
from storefront_trace.domain.incoming import IncomingOrder
from storefront_trace.domain.orders import SAMPLE
from storefront_trace.storage.tables import visit
from storefront_trace.storage.trackread import PageVersion
from storefront_trace.storage.visits import count_visits
from storefront_trace.web.customer import visits
from storefront_trace.web.customer.cache import KeptPage
from tests.people import KARINS_ORDER, Shop

FRIDAY = datetime(2026, 11, 20, 9, tzinfo=UTC)
PHONE = {
    "User-Agent": "Mozilla/5.0 (Linux; Android 15) Chrome/156.0 Mobile Safari/537.36",
    "Sec-Fetch-Dest": "document",
}
OLD_PHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 15_8 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"}


async def look(client: httpx2.AsyncClient, token: str, headers: dict[str, str] = PHONE) -> None:
    assert (await client.get(f"/t/{token}", headers=headers)).status_code == 200


async def counted(app: Starlette, shop: Shop) -> dict[str, int]:
    """By day, of this shop, once what waits in memory is written down."""
    await app.state.visits.write(shop.desk)
    async with shop.desk.db.read() as conn:
        rows = await conn.execute(sa.select(visit.c.day, visit.c.visits).where(visit.c.shop_id == shop.id))
        return {row.day: row.visits for row in rows}


async def test_who_looks_twice_in_half_an_hour_has_come_once(
    shop: Shop, client: httpx2.AsyncClient, app: Starlette
) -> None:
    with time_machine.travel(FRIDAY, tick=False) as clock:
        await shop.order()
        token = await shop.token()
        for minutes in (0, 1, 25, 29, 29, 31):  # each within half an hour of the one before, but for the last
            clock.shift(timedelta(minutes=minutes))
            await look(client, token)
        assert await counted(app, shop) == {"2026-11-20": 2}


@pytest.mark.parametrize("cookie", ["wp_session=abc", "a=1; my-session=2"])
async def test_who_is_signed_in_at_another_site_of_the_shops_is_a_customer(
    cookie: str, shop: Shop, client: httpx2.AsyncClient, app: Starlette
) -> None:
    await shop.order()
    await look(client, await shop.token(), PHONE | {"Cookie": cookie})
    assert sum((await counted(app, shop)).values()) == 1


async def test_two_orders_are_two_visits_and_old_browsers_count(
    shop: Shop, client: httpx2.AsyncClient, app: Starlette
) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        for number in ("1001", "1002"):
            await shop.order(number)
            await look(client, await shop.token(number), OLD_PHONE)
        assert await counted(app, shop) == {"2026-11-20": 2}


@pytest.mark.parametrize(
    "headers",
    [
        PHONE | {"Sec-Fetch-Dest": "empty"},
        PHONE | {"Sec-Purpose": "prefetch"},
        PHONE | {"Cookie": "session=somebody"},
        PHONE | {"Cookie": "a=1; __Host-session=somebody"},
        {"User-Agent": "WhatsApp/2.24"},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"User-Agent": ""},
    ],
    ids=["the page itself", "ahead of a tap", "staff", "staff with https", "a chat's preview", "a crawler", "nobody"],
)
async def test_what_no_customer_opened_is_no_visit(
    headers: dict[str, str], shop: Shop, client: httpx2.AsyncClient, app: Starlette
) -> None:
    await shop.order()
    await look(client, await shop.token(), headers)
    await look(client, await shop.token(), headers)  # from the page that is kept now
    assert await counted(app, shop) == {}


async def test_a_question_for_the_headers_alone_is_no_visit(
    shop: Shop, client: httpx2.AsyncClient, app: Starlette
) -> None:
    await shop.order()
    await client.head(f"/t/{await shop.token()}", headers=PHONE)
    assert await counted(app, shop) == {}


async def test_a_visit_is_of_the_day_on_the_shops_wall(shop: Shop, client: httpx2.AsyncClient, app: Starlette) -> None:
    with time_machine.travel(FRIDAY.replace(hour=23, minute=30), tick=False):  # half past midnight in Stockholm
        await shop.order()
        await look(client, await shop.token())
        assert await counted(app, shop) == {"2026-11-21": 1}


async def test_several_writings_of_a_day_add_up_and_are_counted_by_span(
    shop: Shop, client: httpx2.AsyncClient, app: Starlette
) -> None:
    with time_machine.travel(FRIDAY, tick=False) as clock:
        await shop.order()
        token = await shop.token()
        for _ in range(3):
            await look(client, token)
            found = await counted(app, shop)
            clock.shift(timedelta(hours=1))
    assert found == {"2026-11-20": 3}
    async with shop.desk.db.read() as conn:
        assert await count_visits(conn, shop.id, "2026-11-16", "2026-11-23") == 3
        assert await count_visits(conn, shop.id, "2026-11-16", "2026-11-20") is None


async def test_what_could_not_be_written_waits(
    shop: Shop, client: httpx2.AsyncClient, app: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise OSError("the database is away")

    with time_machine.travel(FRIDAY, tick=False):
        await shop.order()
        await look(client, await shop.token())
        with monkeypatch.context() as patch, pytest.raises(OSError, match="away"):
            patch.setattr("storefront_trace.actions.visits.add_visits", away)
            await app.state.visits.write(shop.desk)
        assert await counted(app, shop) == {"2026-11-20": 1}


def test_of_very_many_orders_no_more_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "MOST_KNOWN", 10)
    scope = {"method": "GET", "headers": [(b"user-agent", PHONE["User-Agent"].encode())]}
    found = visits.Visits()
    for number in range(1000):
        stands = PageVersion("shop", str(number), 1, 1, None)
        found.note(KeptPage(stands, 2, b"", b"", b"", [], None), scope, now=1)
    assert len(found._looked) <= 10


async def test_the_sample_is_nobodys_order_and_looking_at_it_no_visit(
    shop: Shop, client: httpx2.AsyncClient, app: Starlette
) -> None:
    await put_order(shop.desk, shop.id, IncomingOrder(**{**KARINS_ORDER, "customer_email": None}), source=SAMPLE)  # type: ignore[arg-type]
    for _ in range(2):  # the second from the page that is kept
        await look(client, await shop.token())
    assert await counted(app, shop) == {}
