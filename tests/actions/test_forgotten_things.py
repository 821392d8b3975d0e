"""What an erased customer's things were and where their parcels are is nowhere any more, however it came, and no late
delivery brings it back; what the order's figures are made of stays."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from storefront_trace.actions import privacy, steps
from storefront_trace.actions.endings import carry_out
from storefront_trace.actions.incoming import apply_incoming
from storefront_trace.actions.orders import rebuild_order
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.orders import Parcel
from storefront_trace.integrations import shopify, woocommerce
from storefront_trace.storage import events, orders
from tests.actions.test_rebuild import rows, wipe
from tests.api.callers import machine
from tests.earlier import copy_of, put_back
from tests.integrations.samples import ZONE, body, dump, raw
from tests.people import Shop
from tests.planted import MARK

PAGE = f"https://x.example/{MARK}"
THING = {"key": "1", "title": f"Mugg {MARK}", "variant": MARK, "sku": MARK, "image_url": PAGE, "quantity": 2}
ORDER = {
    "placed_at": "2026-11-19T14:32:00+01:00",
    "customer": {"first_name": MARK, "email": f"{MARK}@example.com"},
    "lines": [THING],
}
PACKED = {"step": "packed", "by": "anders", "note": MARK}
PACKED |= {"parcel": {"carrier": "PostNord", "tracking_number": MARK, "tracking_url": PAGE}}


async def found(shop: Shop) -> str:
    """Wherever the mark is, without what came in since: its bodies are kept for their own days."""
    tables = {name: repr(rows) for name, rows in (await copy_of(shop.desk.db)).items()}
    return "\n".join(f"{name}: {rows}" for name, rows in tables.items() if MARK.lower() in rows.lower())


async def told(shop: Shop, number: str) -> tuple[list[Any], list[Any], list[str | None]]:
    async with shop.desk.db.read() as conn:
        row = await orders.get_order(conn, shop.id, number)
        lines, parcels = (
            await orders.list_lines(conn, shop.id, row.id),
            await orders.list_parcels(conn, shop.id, row.id),
        )
        return lines, parcels, [event.step for event in await events.list_events(conn, shop.id, row.id)]


async def test_what_came_by_the_api_is_a_thing_in_a_parcel_and_told_again_stays_so(
    client: httpx2.AsyncClient, shop: Shop
) -> None:
    api = await machine(client, shop)
    await api("PUT", "/orders/1001", ORDER)
    await api("POST", "/orders/1001/events", PACKED)
    await privacy.erase_customer(shop.desk, shop.id, number="1001")
    assert await found(shop) == ""
    again = {**ORDER, "lines": [{**THING, "quantity": 3}, {**THING, "key": "2", "quantity": 1}]}
    await api("PUT", "/orders/1001", again)
    shipped = await api("POST", "/orders/1001/events", {**PACKED, "step": "shipped", "note": None})
    assert shipped.status_code == 201 and await found(shop) == ""
    [one, two], [parcel], _ = await told(shop, "1001")
    assert [(thing.title, thing.quantity, thing.sku) for thing in (one, two)] == [
        ("En vara", 3, None),
        ("En vara", 1, None),
    ]
    assert (parcel.carrier, parcel.state, parcel.tracking_number, parcel.tracking_url) == (
        "PostNord",
        "shipped",
        None,
        None,
    )


@pytest.mark.parametrize("tracking_id", [None, "d41d8cd98f00b204e9800998ecf8427e"])
async def test_a_late_order_of_woocommerce_finds_its_parcel_and_brings_nothing_back(
    shop: Shop, tracking_id: str | None
) -> None:
    completed = body("woocommerce/order_completed")
    [items] = [meta["value"] for meta in completed["meta_data"] if meta["key"] == "_wc_shipment_tracking_items"]
    items[0] |= {"tracking_id": tracking_id, "tracking_number": MARK, "formatted_tracking_link": PAGE}
    completed["line_items"][0] |= {"name": MARK, "sku": MARK}
    facts = woocommerce.parse("order.updated", dump(completed), zone=ZONE)
    await apply_incoming(shop.desk, shop.id, facts, source="connection:1")
    before = await told(shop, "RT-731")
    await privacy.erase_customer(shop.desk, shop.id, number="RT-731")
    assert await found(shop) == ""
    later = {**completed, "date_modified_gmt": "2026-11-29T10:00:00"}
    facts = woocommerce.parse("order.updated", dump(later), zone=ZONE)
    assert (await apply_incoming(shop.desk, shop.id, facts, source="connection:1")).result == "nothing"
    after = await told(shop, "RT-731")
    assert await found(shop) == "" and after[2] == before[2]
    assert [(one.state, one.lines) for one in after[1]] == [(one.state, one.lines) for one in before[1]]
    assert [(one.quantity, one.shipped) for one in after[0]] == [(one.quantity, one.shipped) for one in before[0]]


async def test_a_carriers_scan_of_an_erased_order_is_still_of_its_parcel(shop: Shop) -> None:
    await apply_incoming(
        shop.desk, shop.id, shopify.parse("orders/create", raw("shopify/order"), zone=ZONE), source="connection:1"
    )
    sent = shopify.parse("fulfillments/create", raw("shopify/fulfillment"), zone=ZONE)
    await apply_incoming(shop.desk, shop.id, sent, source="connection:1")
    await privacy.erase_customer(shop.desk, shop.id, number="RT-1001")
    before = await told(shop, "RT-1001")
    await apply_incoming(shop.desk, shop.id, sent, source="connection:1")
    scan = shopify.parse("fulfillment_events/create", raw("shopify/fulfillment_event"), zone=ZONE)
    await apply_incoming(shop.desk, shop.id, scan, source="connection:1")
    lines, parcels, names = await told(shop, "RT-1001")
    assert len(parcels) == len(before[1]) == 1 and len(names) == len(before[2]) + 1
    assert {line.title for line in lines} == {"En vara"} and parcels[0].tracking_number is None


async def packed_in_two(shop: Shop) -> None:
    await shop.order()
    expected = Parcel("", "PostNord", f"{MARK}1", expected_from="2026-11-25", expected_to="2026-11-26")
    for parcel in (expected, Parcel(f"{MARK}1", None, f"{MARK}2", PAGE), Parcel("", "DHL", f"{MARK}3", PAGE)):
        line = "2" if parcel.carrier == "DHL" else "1"
        await steps.log_step(
            shop.desk, shop.id, "1001", StepToLog("packed", "anders", lines=((line, 1),), parcel=parcel)
        )


async def test_the_rows_of_an_erased_order_are_what_its_events_say_and_a_second_time_changes_nothing(
    shop: Shop,
) -> None:
    await packed_in_two(shop)
    await privacy.erase_customer(shop.desk, shop.id, number="1001")
    kept, trail = await rows(shop), await shop.events()
    assert [len(one["key"]) for one in kept["parcel"]] == [7, 7]
    await wipe(shop)
    await rebuild_order(shop.desk, shop.id, "1001")
    assert await rows(shop) == kept
    await privacy.erase_customer(shop.desk, shop.id, number="1001")
    assert (await rows(shop), await shop.events()) == (kept, trail)
    late = StepToLog("shipped", parcel=Parcel("", None, f"{MARK}3", PAGE))
    await steps.log_step(shop.desk, shop.id, "1001", late)
    _, [postnord, dhl], _ = await told(shop, "1001")
    assert (postnord.state, dhl.state, dhl.carrier) == ("packed", "shipped", "DHL")
    assert await found(shop) == ""


async def test_a_backup_that_comes_back_forgets_the_things_anew(shop: Shop) -> None:
    await packed_in_two(shop)
    earlier = await copy_of(shop.desk.db)
    await privacy.erase_customer(shop.desk, shop.id, number="1001")
    await put_back(shop.desk.db, earlier)
    assert await found(shop) != ""
    assert (await carry_out(shop.desk)).lines == 1
    assert await found(shop) == ""
