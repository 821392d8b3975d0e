"""Shop systems that call, with a signature of their own, and what became of it."""

from __future__ import annotations

import base64
import hashlib
import hmac

import httpx2
import pytest

from storefront_trace.actions import connections
from storefront_trace.domain.orders import Event
from storefront_trace.storage import events, orders
from storefront_trace.storage.connections import Connection
from storefront_trace.storage.deliveries import Delivery
from storefront_trace.storage.orders import OrderRow
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
