from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import sqlite3

import httpx2
import pytest
from starlette.applications import Starlette

from storefront_trace.actions import connections, deliveries
from storefront_trace.actions.desk import Desk
from storefront_trace.api import webhooks
from storefront_trace.domain.orders import Event
from storefront_trace.storage import deliveries as delivery_rows
from storefront_trace.storage import events, orders
from storefront_trace.storage.connections import Connection
from storefront_trace.storage.deliveries import Delivery
from storefront_trace.storage.orders import OrderRow
from tests.integrations.samples import body, dump, raw
from tests.patience import PATIENCE
from tests.people import Shop

SECRET = "whispered once"


@pytest.fixture
async def shopify(shop: Shop) -> Connection:
    return await connections.connect(shop.desk, shop.id, "shopify", SECRET)


@pytest.fixture
async def woocommerce(shop: Shop) -> Connection:
    return await connections.connect(shop.desk, shop.id, "woocommerce", SECRET)


def sign(body: bytes, secret: str = SECRET) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


async def call(
    client: httpx2.AsyncClient, to: Connection, topic: str, sent: bytes, *, key: str = "", signature: str | None = None
) -> httpx2.Response:
    names = {
        "shopify": ("X-Shopify-Topic", "X-Shopify-Hmac-Sha256"),
        "woocommerce": ("X-WC-Webhook-Topic", "X-WC-Webhook-Signature"),
    }
    topic_name, signature_name = names[to.kind]
    headers = {topic_name: topic, signature_name: sign(sent) if signature is None else signature}
    if key:
        headers["X-Shopify-Webhook-Id"] = key
    return await client.post(connections.webhook_path(to), content=sent, headers=headers)


async def kept(shop: Shop, connection: Connection) -> list[Delivery]:
    """Oldest first."""
    names = Delivery.__dataclass_fields__
    return [Delivery(**{name: one[name] for name in names}) for one in await shop.deliveries(connection.id)]


async def order(shop: Shop, number: str = "RT-1001") -> tuple[OrderRow, list[Event]]:
    async with shop.desk.db.read() as conn:
        row = await orders.get_order(conn, shop.id, number)
        return row, await events.list_events(conn, shop.id, row.id)


async def test_a_signed_order_is_kept_answered_and_applied_afterwards(
    client: httpx2.AsyncClient, shop: Shop, shopify: Connection
) -> None:
    answer = await call(client, shopify, "orders/create", raw("shopify/order"))
    assert answer.status_code == 200
    assert [(one.outcome, one.topic) for one in await kept(shop, shopify)] == [(None, "orders/create")]
    assert await deliveries.process_due(shop.desk) == 1
    row, past = await order(shop)
    assert (row.state, row.first_name, row.source) == ("received", "Provkund", "shopify")
    assert [(event.step, event.person_id, event.team) for event in past] == [("received", None, "orders")]
    assert [one.outcome for one in await kept(shop, shopify)] == ["applied"]


async def test_the_same_delivery_again_is_answered_and_changes_nothing(
    client: httpx2.AsyncClient, shop: Shop, shopify: Connection
) -> None:
    for _ in range(3):
        assert (await call(client, shopify, "orders/create", raw("shopify/order"), key="abcdef-123")).status_code == 200
    assert len(await kept(shop, shopify)) == 1
    await deliveries.process_due(shop.desk)
    before = await order(shop)
    await call(client, shopify, "orders/create", raw("shopify/order"), key="another-one-456")
    await deliveries.process_due(shop.desk)
    assert await order(shop) == before
    assert [one.outcome for one in await kept(shop, shopify)] == ["applied", "nothing"]


async def test_a_wrong_signature_an_unknown_and_an_ended_connection_look_alike(
    client: httpx2.AsyncClient, shop: Shop, shopify: Connection, woocommerce: Connection
) -> None:
    sent = raw("shopify/order")
    wrong = await call(client, shopify, "orders/create", sent, signature=sign(sent, "guessed"))
    headers = {"X-Shopify-Topic": "orders/create", "X-Shopify-Hmac-Sha256": sign(sent)}
    unknown = await client.post("/hooks/shopify/" + "0" * 32, content=sent, headers=headers)
    other_kind = await client.post(f"/hooks/shopify/{woocommerce.id}", content=sent, headers=headers)
    await connections.end_connection(shop.desk, shop.id, shopify.id)
    ended = await call(client, shopify, "orders/create", sent)
    for answer in (wrong, unknown, other_kind, ended):
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.content == wrong.content
    assert await kept(shop, shopify) == []


async def test_a_changed_byte_breaks_the_signature(client: httpx2.AsyncClient, shop: Shop, shopify: Connection) -> None:
    sent = raw("shopify/order")
    answer = await call(client, shopify, "orders/create", sent + b" ", signature=sign(sent))
    assert answer.status_code == 401


async def test_a_renewed_secret_and_the_one_before_it_both_verify(
    client: httpx2.AsyncClient, shop: Shop, shopify: Connection
) -> None:
    again = await connections.connect(shop.desk, shop.id, "shopify", "the next secret")
    assert again.id == shopify.id
    sent = raw("shopify/order")
    for secret in (SECRET, "the next secret"):
        assert (await call(client, shopify, "orders/create", sent, signature=sign(sent, secret))).status_code == 200


async def test_the_first_ping_of_woocommerce_gets_exactly_200(
    client: httpx2.AsyncClient, shop: Shop, woocommerce: Connection
) -> None:
    answer = await client.post(
        connections.webhook_path(woocommerce),
        content=b"webhook_id=7",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 200
    assert await kept(shop, woocommerce) == []


async def test_two_woocommerce_orders_in_one_second_are_two(
    client: httpx2.AsyncClient, shop: Shop, woocommerce: Connection
) -> None:
    for number in range(3):
        sent = dump(body("woocommerce/order_processing", id=900 + number, number=str(900 + number)))
        await call(client, woocommerce, "order.created", sent)
    await deliveries.process_due(shop.desk)
    assert [one.outcome for one in await kept(shop, woocommerce)] == ["applied"] * 3


@pytest.mark.parametrize("sent", [b"", b"{", b"[]", b"\xff\xfe", b'{"id": NaN}', b"[" * 50_000, b'{"a":1,"a":2}'])
async def test_what_cannot_be_read_but_is_signed_is_kept_as_refused(
    client: httpx2.AsyncClient, shop: Shop, shopify: Connection, sent: bytes
) -> None:
    assert (await call(client, shopify, "orders/create", sent)).status_code == 200
    (one,) = await kept(shop, shopify)
    assert (one.outcome, one.body) == ("refused", b"")
    assert one.error and one.processed_at is not None


async def test_a_body_over_two_megabytes_is_refused_before_it_is_read(
    client: httpx2.AsyncClient, shop: Shop, shopify: Connection
) -> None:
    answer = await call(client, shopify, "orders/create", b" " * (2 * 1024 * 1024 + 1))
    assert answer.status_code == 413


async def test_addresses_phones_and_payments_are_not_kept(
    client: httpx2.AsyncClient, shop: Shop, shopify: Connection
) -> None:
    secret_street = {"first_name": "Karin", "address1": "Hemliga gatan 7", "phone": "+46700000000"}
    await call(client, shopify, "orders/create", dump(body("shopify/order", shipping_address=secret_street)))
    (one,) = await kept(shop, shopify)
    assert b"Hemliga" not in one.body and b"+467" not in one.body
    assert json.loads(one.body)["id"]


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


async def test_a_locked_database_is_told_in_time(
    client: httpx2.AsyncClient, shop: Shop, shopify: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "PATIENCE", 0.2)
    released, holding = asyncio.Event(), asyncio.Event()

    async def stuck(*_: object) -> bool:
        holding.set()
        await released.wait()
        return True

    monkeypatch.setattr(webhooks, "receive", stuck)
    answer = await call(client, shopify, "orders/create", raw("shopify/order"))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert holding.is_set()
    released.set()


async def test_a_full_disk_is_a_503_and_the_next_try_is_kept(
    client: httpx2.AsyncClient, shop: Shop, shopify: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object) -> bool:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(webhooks, "receive", full)
        assert (await call(client, shopify, "orders/create", raw("shopify/order"))).status_code == 503
    assert (await call(client, shopify, "orders/create", raw("shopify/order"))).status_code == 200
    assert len(await kept(shop, shopify)) == 1


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


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_lock_that_another_process_holds_delays_and_loses_nothing(
    client: httpx2.AsyncClient, shop: Shop, shopify: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "PATIENCE", 0.2)
    assert shop.desk.db.path
    other = sqlite3.connect(shop.desk.db.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    refused = await call(client, shopify, "orders/create", raw("shopify/order"))
    other.execute("ROLLBACK")
    other.close()
    assert refused.status_code == 503
    monkeypatch.setattr(webhooks, "PATIENCE", 10.0)
    assert (await call(client, shopify, "orders/create", raw("shopify/order"))).status_code == 200
    assert len(await kept(shop, shopify)) == 1
    await deliveries.process_due(shop.desk)
    assert (await order(shop))[0].state == "received"
