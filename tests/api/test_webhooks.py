from __future__ import annotations

import asyncio
import json
import sqlite3

import httpx2
import pytest

from storefront_trace.actions import connections, deliveries
from storefront_trace.api import webhooks
from storefront_trace.storage.connections import Connection
from tests.api.hooks import SECRET, call, kept, order, shopify, sign, woocommerce
from tests.integrations.samples import body, dump, raw
from tests.people import Shop

__all__ = ["shopify", "woocommerce"]


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
