from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from storefront_trace.actions import connections, deliveries, orders
from storefront_trace.actions.desk import Desk
from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.incoming import IncomingOrder
from storefront_trace.storage import links
from tests.integrations.samples import raw
from tests.people import KARINS_ORDER, PLACED, Shop


async def test_a_new_order_is_received_by_the_team_that_receives(shop: Shop) -> None:
    await shop.order()
    row = await shop.row()
    assert (row.state, row.version, row.holder_person_id, row.holder_team) == ("received", 1, None, "orders")
    assert (row.next_step, row.waiting_team) == ("picked", "warehouse")


async def test_the_same_order_again_changes_nothing(shop: Shop) -> None:
    first = await shop.order()
    before = await shop.row()
    assert await shop.order() == first
    assert await shop.row() == before


async def test_a_changed_promise_moves_the_version(shop: Shop) -> None:
    await shop.order()
    await shop.order(promise_to=PLACED.date() + timedelta(days=12))
    row = await shop.row()
    assert (row.version, row.promise_to) == (2, "2026-12-01")


async def test_older_news_from_the_same_sender_is_left_alone(shop: Shop) -> None:
    new, old = datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 19, tzinfo=UTC)
    await shop.order(updated_at=new, customer_first_name="Karin")
    await shop.order(updated_at=old, customer_first_name="Karen")
    assert (await shop.row()).first_name == "Karin"


async def test_ten_at_once_make_one_order(shop: Shop) -> None:
    told = IncomingOrder(**KARINS_ORDER)  # type: ignore[arg-type]
    made = await asyncio.gather(
        *(orders.put_order(shop.desk, shop.id, told, source="api") for _ in range(10)), return_exceptions=True
    )
    assert [type(m).__name__ for m in made] == ["PutOrder"] * 10
    assert len({m.order_id for m in made if isinstance(m, orders.PutOrder)}) == 1
    assert sum(m.created for m in made if isinstance(m, orders.PutOrder)) == 1


async def test_a_rotated_link_leaves_the_old_one_dead_and_the_new_one_can_be_made_again(shop: Shop) -> None:
    order_id = await shop.order()
    old = await shop.token()
    new = await orders.rotate_link(shop.desk, shop.id, "1001")
    assert new != old
    assert await shop.token() == new
    async with shop.desk.db.read() as conn:
        made = await links.list_links(conn, shop.id, order_id)
    assert [link.revoked_at is None for link in made] == [False, True]


async def test_a_link_outlives_its_secret_until_the_secret_is_gone(shop: Shop) -> None:
    await shop.order()
    token = await shop.token()
    old, new = shop.desk.secrets[0], "another secret, younger and just as long 0123"
    retiring = Shop(Desk(shop.desk.db, (new, old)), shop.id, shop.other_id)
    assert await retiring.token() == token
    row = await shop.row()
    async with shop.desk.db.read() as conn:
        link = (await links.current_links(conn, shop.id, [row.id]))[row.id]
    assert Desk(shop.desk.db, (new,)).link_token(shop.id, row.id, link) is None


async def test_a_number_that_another_order_has_is_refused_and_not_tried_again(shop: Shop) -> None:
    await shop.order("1001", external_id="7")
    await shop.order("1002", external_id="8")
    with pytest.raises(Invalid, match="Another order has this number"):
        await shop.order("1002", external_id="7")
    assert (await shop.row("1001")).external_id == "7"


async def test_a_delivery_that_takes_another_orders_number_is_refused_at_once(shop: Shop) -> None:
    connection = await connections.connect(shop.desk, shop.id, "shopify", "hush")
    body = json.loads(raw("shopify/order"))
    for changes in (
        {},
        {"id": 99, "name": "#7777"},
        {"id": 99, "name": body["name"], "updated_at": "2027-01-01T00:00:00Z"},
    ):
        headers = {"X-Shopify-Topic": "orders/updated", "X-Shopify-Webhook-Id": str(changes)}
        await deliveries.receive(shop.desk, connection, headers, json.dumps({**body, **changes}).encode())
        await deliveries.process_due(shop.desk)
    kept = await shop.deliveries(connection.id)
    assert [one["outcome"] for one in kept] == ["applied", "applied", "refused"]
    assert "number" in kept[-1]["error"]
