"""The rows of an order are the same in whatever order, and however often, its deliveries come."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storefront_trace.actions import connections, deliveries, shops
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.incoming import NotYet, apply_incoming
from storefront_trace.domain.errors import DomainError
from storefront_trace.integrations.kinds import KINDS
from storefront_trace.storage import deliveries as delivery_rows
from storefront_trace.storage import events, orders
from storefront_trace.storage.database import Database
from storefront_trace.storage.schema import upgrade
from tests.integrations.samples import all_files, body, dump, raw
from tests.integrations.test_order_of_arrival import PACKED_AGAIN, SHOPIFY, WOOCOMMERCE

FEW = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
LATER = "2026-12-01T00:00:00Z"
OWN = {"id", "version", "created_at", "updated_at", "holder_event_id"}


def refund(number: int) -> bytes:
    """One of the two mugs is paid back before it has left."""
    lines = [{"line_item_id": 14123456789011, "quantity": 1, "restock_type": "cancel"}]
    return dump(body("shopify/refund_cancelled", id=number, admin_graphql_api_id=None, refund_line_items=lines))


TWO_REFUNDS = [("orders/create", raw("shopify/order")), ("refunds/create", refund(1)), ("refunds/create", refund(2))]
PAID_BACK = [*TWO_REFUNDS, ("fulfillments/create", raw("shopify/fulfillment"))]
Deliveries = list[tuple[str, bytes]]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a shop and two connections, to be copied: making one anew takes longer than a test."""
    path = tmp_path_factory.mktemp("arrival") / "shop.db"

    async def open_shop() -> None:
        desk = Desk(Database(f"sqlite+aiosqlite:///{path}"), ("x" * 40,))
        await upgrade(desk.db)
        shop_id, _ = await shops.create_shop(desk, "Ting", "olga@example.com", locale="sv", zone="Europe/Stockholm")
        for kind in ("shopify", "woocommerce"):
            await connections.connect(desk, shop_id, kind, "hush")
        await desk.db.close()

    asyncio.run(open_shop())
    return path


@pytest.fixture(autouse=True)
def later() -> Iterator[None]:
    with time_machine.travel(LATER, tick=True):
        yield


@pytest.fixture(scope="module")
def usual(opened: Path) -> dict[str, Any]:
    """How each life ends when nothing comes late or twice."""
    lives = {
        "shopify": SHOPIFY,
        "packed again": PACKED_AGAIN,
        "woocommerce": WOOCOMMERCE,
        "refunds": TWO_REFUNDS,
        "paid back": PAID_BACK,
    }
    with time_machine.travel(LATER, tick=True):
        return {
            name: ends(opened, "woocommerce" if name[0] == "w" else "shopify", sent) for name, sent in lives.items()
        }


def test_in_the_usual_order_it_is_what_happened(usual: dict[str, Any]) -> None:
    order, lines = usual["shopify"]["order"], usual["shopify"]["lines"]
    assert (order["state"], order["first_name"]) == ("delivered", "Provkund")
    assert [(line["quantity"], line["shipped"], line["cancelled"]) for line in lines] == [
        (2, 2, 0),
        (1, 0, 1),
        (1, 0, 0),
    ]
    refunded = usual["refunds"]["lines"]
    assert [(line["quantity"], line["shipped"], line["cancelled"]) for line in refunded] == [
        (2, 0, 2),
        (1, 0, 0),
        (1, 0, 0),
    ]


@FEW
@given(st.permutations(SHOPIFY + SHOPIFY[2:5]))
def test_a_shopify_order_ends_the_same(opened: Path, usual: dict[str, Any], sent: Deliveries) -> None:
    assert ends(opened, "shopify", sent) == usual["shopify"]


@FEW
@given(st.permutations(PACKED_AGAIN + PACKED_AGAIN[1:4]))
def test_a_cancelled_parcel_stays_away(opened: Path, usual: dict[str, Any], sent: Deliveries) -> None:
    found = ends(opened, "shopify", sent)
    assert found == usual["packed again"]
    assert [parcel["key"] for parcel in found["parcels"]] == ["fulfillment:5550009"]


@FEW
@given(st.permutations(WOOCOMMERCE + WOOCOMMERCE[2:4]))
def test_a_woocommerce_order_ends_the_same(opened: Path, usual: dict[str, Any], sent: Deliveries) -> None:
    assert ends(opened, "woocommerce", sent) == usual["woocommerce"]


@FEW
@given(st.permutations(TWO_REFUNDS + TWO_REFUNDS[1:3]))
def test_two_refunds_add_up_and_none_counts_twice(opened: Path, usual: dict[str, Any], sent: Deliveries) -> None:
    assert ends(opened, "shopify", sent) == usual["refunds"]


@FEW
@given(st.permutations(PAID_BACK + PAID_BACK[1:3]))
def test_what_had_left_is_not_cancelled_by_being_paid_back(
    opened: Path, usual: dict[str, Any], sent: Deliveries
) -> None:
    found = ends(opened, "shopify", sent)
    assert found == usual["paid back"]
    assert (found["lines"][0]["shipped"], found["lines"][0]["cancelled"]) == (2, 0)


@pytest.mark.parametrize("kind", ["shopify", "woocommerce"])
def test_every_body_there_is_can_be_applied_and_twice_is_once(opened: Path, kind: str) -> None:
    bodies = [json.loads(path.read_bytes()) for path in all_files() if path.parent.name == kind]
    topics = [(KINDS[kind].topic_of(one), dump(one)) for one in bodies]
    sent = [(topic, said) for topic, said in topics if topic]
    assert len(sent) >= 3
    first, _, third = asyncio.run(_rounds(copied(opened), kind, sent))
    assert "applied" in first
    assert third <= {"nothing", "waits", "refused"}


async def _rounds(path: Path, kind: str, sent: Deliveries) -> list[set[str]]:
    """What came of all bodies, three times over: what waited for a later one is applied in the second round."""
    desk = Desk(Database(f"sqlite+aiosqlite:///{path}"), ("x" * 40,))
    async with desk.db.read() as conn:
        shop = (await connections.shops.list_shops(conn))[0]
    found: list[set[str]] = []
    for _ in range(3):
        found.append({await _outcome(desk, shop.id, kind, topic, said) for topic, said in sent})
    await desk.db.close()
    return found


async def _outcome(desk: Desk, shop_id: str, kind: str, topic: str, said: bytes) -> str:
    try:
        facts = KINDS[kind].parse(topic, said, zone="Europe/Stockholm")
        return (await apply_incoming(desk, shop_id, facts, source=kind)).result
    except NotYet:
        return "waits"
    except DomainError:  # two of the samples have one number
        return "refused"


def ends(opened: Path, kind: str, sent: Deliveries) -> dict[str, Any]:
    return asyncio.run(_ends(copied(opened), kind, sent))


def copied(opened: Path) -> Path:
    """A fresh copy in the place of the one before."""
    for path in opened.parent.glob("copy.db*"):
        path.unlink()
    return Path(shutil.copy(opened, opened.with_name("copy.db")))


async def _ends(path: Path, kind: str, sent: Deliveries) -> dict[str, Any]:
    desk = Desk(Database(f"sqlite+aiosqlite:///{path}"), ("x" * 40,))
    try:
        return await _tell(desk, kind, sent)
    finally:
        await desk.db.close()


async def _tell(desk: Desk, kind: str, sent: Deliveries) -> dict[str, Any]:
    async with desk.db.read() as conn:
        shop = (await connections.shops.list_shops(conn))[0]
        connection = next(c for c in await connections.connections.list_connections(conn, shop.id) if c.kind == kind)
    header = {"shopify": "X-Shopify-Topic", "woocommerce": "X-WC-Webhook-Topic"}[kind]
    for topic, said in sent:
        await deliveries.receive(desk, connection, {header: topic}, said)
        await deliveries.process_due(desk)
    async with desk.db.read() as conn:
        assert await delivery_rows.count_unprocessed(conn) == 0
        (row,) = await orders.list_orders(conn, shop.id)
        past = await events.list_events(conn, shop.id, row.id)
        fallen = {event.corrects for event in past}
        steps = [(e.step, e.at, sorted(e.lines), e.team) for e in past if e.kind == "step" and e.id not in fallen]
        return {
            "order": {key: value for key, value in asdict(row).items() if key not in OWN},
            "lines": [asdict(line) for line in await orders.list_lines(conn, shop.id, row.id)],
            "parcels": [asdict(parcel) for parcel in await orders.list_parcels(conn, shop.id, row.id)],
            "steps": sorted(steps, key=str),
        }
