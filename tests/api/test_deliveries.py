"""What a shop system sent, after it was answered: applied once, in its turn, or put aside."""

from __future__ import annotations

import asyncio

import httpx2
import pytest
from starlette.applications import Starlette

from storefront_trace.actions import connections, deliveries
from storefront_trace.actions.desk import Desk
from storefront_trace.storage import deliveries as delivery_rows
from storefront_trace.storage import orders
from storefront_trace.storage.connections import Connection
from tests.api.hooks import SECRET, call, kept, order, shopify
from tests.integrations.samples import body, dump, raw
from tests.patience import PATIENCE
from tests.people import Shop

__all__ = ["shopify"]


async def test_a_fulfilment_waits_for_its_order_and_is_applied_when_that_comes(
    client: httpx2.AsyncClient, shop: Shop, shopify: Connection
) -> None:
    await call(client, shopify, "fulfillments/create", raw("shopify/fulfillment"))
    await deliveries.process_due(shop.desk)
    (waiting,) = await kept(shop, shopify)
    assert waiting.processed_at is None and waiting.error and waiting.error.startswith("Waits for the order")
    await call(client, shopify, "orders/create", raw("shopify/order"))
    await deliveries.process_due(shop.desk)
    assert [one.outcome for one in await kept(shop, shopify)] == ["applied", "applied"]
    assert [event.step for event in (await order(shop))[1]] == ["received", "shipped"]


async def test_what_waits_in_vain_is_done_with_one_day(
    client: httpx2.AsyncClient, shop: Shop, shopify: Connection
) -> None:
    await call(client, shopify, "fulfillments/create", raw("shopify/fulfillment"))
    for _ in range(len(deliveries.RETRIES) + 1):
        (one,) = await kept(shop, shopify)
        async with shop.desk.db.write() as conn:
            await delivery_rows.update_delivery(conn, one, due_at=0)
        assert await deliveries.process_due(shop.desk) == 1
    (one,) = await kept(shop, shopify)
    assert (one.outcome, one.attempts) == ("nothing", len(deliveries.RETRIES) + 1)


async def test_a_poisonous_delivery_does_not_hold_up_the_next(
    client: httpx2.AsyncClient, shop: Shop, shopify: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply = deliveries.apply_incoming

    async def poisoned(desk: Desk, shop_id: str, facts: tuple[object, ...], *, source: str) -> object:
        if "1001" in repr(facts):
            raise RuntimeError("a fault of ours")
        return await apply(desk, shop_id, facts, source=source)  # type: ignore[arg-type]

    monkeypatch.setattr(deliveries, "apply_incoming", poisoned)
    await call(client, shopify, "orders/create", raw("shopify/order"))
    await call(client, shopify, "orders/create", raw("shopify/order_bare"))
    await deliveries.process_due(shop.desk)
    poison, healthy = await kept(shop, shopify)
    assert (poison.processed_at, poison.attempts, healthy.outcome) == (None, 1, "applied")
    assert poison.error == "It could not be applied (RuntimeError)."


async def test_several_workers_apply_each_delivery_once(
    client: httpx2.AsyncClient, shop: Shop, shopify: Connection
) -> None:
    for number in range(8):
        sent = dump(body("shopify/order", id=100 + number, name=f"#N{number}", admin_graphql_api_id=None))
        await call(client, shopify, "orders/create", sent)
    counts = await asyncio.gather(*(deliveries.process_due(shop.desk) for _ in range(4)))
    assert sum(counts) == 8
    assert {one.outcome for one in await kept(shop, shopify)} == {"applied"}


async def test_a_worker_that_died_leaves_its_deliveries_to_the_next(
    client: httpx2.AsyncClient, shop: Shop, shopify: Connection
) -> None:
    await call(client, shopify, "orders/create", raw("shopify/order"))
    async with shop.desk.db.write() as conn:
        claimed = await delivery_rows.claim_deliveries(conn, 2**60, 0)
    assert len(claimed) == 1
    assert await deliveries.process_due(shop.desk) == 1
    assert (await order(shop))[0].state == "received"


async def test_the_loop_takes_up_what_arrives_without_being_asked(
    app: Starlette, client: httpx2.AsyncClient, shop: Shop, shopify: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    applied, stop = asyncio.Event(), asyncio.Event()
    finish = deliveries._finish

    async def noticed(*args: object) -> None:
        await finish(*args)  # type: ignore[arg-type]
        applied.set()

    monkeypatch.setattr(deliveries, "_finish", noticed)
    loop = asyncio.create_task(deliveries.run(app.state.desk, stop))
    await call(client, shopify, "orders/create", raw("shopify/order"))
    async with asyncio.timeout(PATIENCE):
        await applied.wait()
    stop.set()
    await loop
    assert (await order(shop))[0].state == "received"


async def test_another_shops_connection_never_touches_this_shops_orders(
    client: httpx2.AsyncClient, shop: Shop, shopify: Connection
) -> None:
    theirs = await connections.connect(shop.desk, shop.other_id, "shopify", SECRET)
    await call(client, theirs, "orders/create", raw("shopify/order"))
    await deliveries.process_due(shop.desk)
    async with shop.desk.db.read() as conn:
        assert await orders.list_orders(conn, shop.id) == []
        assert len(await orders.list_orders(conn, shop.other_id)) == 1


async def test_nobody_is_named_whom_the_webhook_cannot_know(
    client: httpx2.AsyncClient, shop: Shop, shopify: Connection
) -> None:
    for topic, name in (("orders/create", "order"), ("fulfillments/create", "fulfillment")):
        await call(client, shopify, topic, raw(f"shopify/{name}"))
    await deliveries.process_due(shop.desk)
    _, past = await order(shop)
    assert {event.person_id for event in past} == {None}
    assert {event.team for event in past} == {"orders", "warehouse"}
