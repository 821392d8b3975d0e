from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storefront_trace.actions import corrections, people
from storefront_trace.actions.incoming import NotYet, apply_incoming
from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.incoming import (
    Incoming,
    IncomingLine,
    IncomingOrder,
    IncomingParcel,
    IncomingRemoval,
    IncomingStep,
    IncomingStepTakenBack,
)
from storefront_trace.domain.orders import Event
from storefront_trace.storage import events, orders
from tests.people import Shop

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ORDER = IncomingOrder(
    "1001",
    "77",
    AT - timedelta(days=1),
    "Europe/Stockholm",
    "second",
    lines=(IncomingLine("1", "Mugg", 2),),
    updated_at=AT,
)
PARCEL = IncomingParcel("fulfillment:5", lines=(("1", 2),))
SHIPPED = IncomingStep(
    "77",
    None,
    "shipped",
    AT,
    "Europe/Stockholm",
    "second",
    "fulfillment:5:shipped",
    PARCEL.lines,
    PARCEL,
    updated_at=AT,
)


async def tell(shop: Shop, *facts: Incoming, source: str = "shopify") -> str:
    return (await apply_incoming(shop.desk, shop.id, facts, source=source)).result


async def past(shop: Shop, number: str = "1001") -> list[Event]:
    async with shop.desk.db.read() as conn:
        row = await orders.get_order(conn, shop.id, number)
        return await events.list_events(conn, shop.id, row.id)


async def live(shop: Shop) -> list[Event]:
    found = await past(shop)
    fallen = {event.corrects for event in found}
    return [event for event in found if event.kind == "step" and event.id not in fallen]


async def test_an_order_that_the_api_put_in_is_known_by_its_number(shop: Shop) -> None:
    await shop.order("1001")
    assert await tell(shop, replace(ORDER, lines=(IncomingLine("1", "Mugg", 2),))) == "applied"
    assert await tell(shop, SHIPPED) == "applied"
    assert (await shop.row()).external_id == "77"


async def test_a_tracking_number_that_comes_later_replaces_the_step(shop: Shop) -> None:
    await tell(shop, ORDER, SHIPPED)
    later = AT + timedelta(minutes=5)
    numbered = replace(PARCEL, tracking_number="SE1", carrier="PostNord")
    new = replace(SHIPPED, parcel=numbered, updated_at=later)
    assert await tell(shop, new) == "applied"
    assert await tell(shop, new) == "nothing"
    assert await tell(shop, SHIPPED) == "nothing"  # older news
    assert [(e.step, e.parcel.tracking_number if e.parcel else None) for e in await live(shop)] == [
        ("received", None),
        ("shipped", "SE1"),
    ]


@pytest.mark.parametrize(
    "change", [{"by": "lisa"}, {"by": None}, {"hand_to": "orders"}, {"hand_to": None}, {"note": "Ny"}]
)
async def test_another_person_or_note_that_comes_later_replaces_the_step(
    shop: Shop, change: dict[str, str | None]
) -> None:
    first = replace(SHIPPED, step="packed", source_key="packed:5", parcel=None, by="anders", hand_to="lisa", note="Så")
    later = replace(first, updated_at=AT + timedelta(minutes=5))
    new = replace(first, updated_at=AT + timedelta(minutes=9), **change)
    await tell(shop, ORDER, first)
    assert await tell(shop, later) == "nothing"
    assert await tell(shop, new) == "applied"
    assert await tell(shop, new) == "nothing"
    packed = [event for event in await live(shop) if event.step == "packed"]
    to = new.hand_to if new.hand_to != "lisa" else "warehouse"
    assert [(e.person_id, e.hand_team, e.note) for e in packed] == [
        (await shop.person_id(new.by) if new.by else None, to, new.note)
    ]


async def test_a_step_of_somebody_who_has_left_since_is_no_news(shop: Shop) -> None:
    packed = replace(SHIPPED, step="packed", source_key="packed:5", parcel=None, by="anders", hand_to="lisa")
    await tell(shop, ORDER, packed)
    for handle in ("anders", "lisa"):
        await people.end_employment(shop.desk, shop.id, handle)
    assert await tell(shop, replace(packed, updated_at=AT + timedelta(minutes=5))) == "nothing"


async def test_what_a_person_took_back_the_sender_does_not_put_there_again(shop: Shop) -> None:
    await tell(shop, ORDER, SHIPPED)
    shipped = (await live(shop))[-1]
    await corrections.correct_event(shop.desk, shop.id, "1001", shipped.id, by="olga", source="staff")
    moved = replace(SHIPPED, updated_at=AT + timedelta(hours=1), parcel=replace(PARCEL, tracking_number="SE2"))
    assert await tell(shop, moved) == "nothing"
    assert [event.step for event in await live(shop)] == ["received"]


async def test_a_parcel_taken_back_for_good_before_it_came_never_comes(shop: Shop) -> None:
    gone = IncomingStepTakenBack("77", None, "fulfillment:5:cancelled", "fulfillment:5:", AT, final=True)
    await tell(shop, ORDER, gone)
    version = (await shop.row()).version
    assert await tell(shop, gone) == "nothing"
    assert await tell(shop, SHIPPED) == "nothing"
    assert (await shop.row()).version == version
    assert await tell(shop, replace(SHIPPED, source_key="fulfillment:51:shipped")) == "applied"


async def test_a_carriers_scan_takes_the_place_of_the_vague_status(shop: Shop) -> None:
    vague = replace(SHIPPED, step="delivered", source_key="fulfillment:5:delivered", carrier_scan=True)
    exact = replace(
        vague, at=AT - timedelta(minutes=9), parcel=IncomingParcel("fulfillment:5"), lines=(), updated_at=None
    )
    await tell(shop, ORDER, SHIPPED, vague)
    assert await tell(shop, exact) == "applied"
    assert await tell(shop, vague) == await tell(shop, exact) == "nothing"
    delivered = [event for event in await live(shop) if event.step == "delivered"]
    assert len(delivered) == 1 and delivered[0].team is None
    assert (await shop.row()).state == "delivered"


async def test_older_news_of_an_order_brings_none_of_its_steps(shop: Shop) -> None:
    await tell(shop, ORDER)
    old = replace(ORDER, updated_at=AT - timedelta(hours=1), customer_first_name="Karen")
    assert await tell(shop, old, SHIPPED) == "nothing"
    assert [event.step for event in await live(shop)] == ["received"]


async def test_a_step_of_an_unknown_order_waits_and_leaves_nothing(shop: Shop) -> None:
    with pytest.raises(NotYet):
        await tell(shop, SHIPPED)
    with pytest.raises(NotYet):
        await tell(shop, ORDER, replace(SHIPPED, at=datetime(2100, 1, 1, tzinfo=UTC)))
    async with shop.desk.db.read() as conn:
        assert await orders.list_orders(conn, shop.id) == []


async def test_a_deleted_order_is_cancelled_but_a_delivered_one_stays_delivered(shop: Shop) -> None:
    delivered = replace(SHIPPED, step="delivered", source_key="x:delivered", parcel=None, lines=(), carrier_scan=True)
    await tell(shop, ORDER, SHIPPED)
    await tell(shop, replace(ORDER, number="1002", external_id="78"))
    await tell(shop, delivered)
    assert await tell(shop, IncomingRemoval("77", "order:77:removed")) == "nothing"
    assert await tell(shop, IncomingRemoval("78", "order:78:removed")) == "applied"
    assert await tell(shop, IncomingRemoval("78", "order:78:removed")) == "nothing"
    assert ((await shop.row()).state, (await shop.row("1002")).state) == ("delivered", "cancelled")


async def test_a_file_names_whom_it_names_and_a_stranger_is_refused_with_everything(shop: Shop) -> None:
    packed = IncomingStep(
        None, "1001", "packed", AT, "UTC", "minute", "order:1001:packed:a", by="anders", hand_to="lisa"
    )
    mine = replace(ORDER, external_id=None)
    await tell(shop, mine, packed, source="import")
    event = (await live(shop))[-1]
    assert event.person_id == await shop.person_id("anders")
    with pytest.raises(Invalid):
        stranger = replace(packed, number="1003", by="nobody", source_key="order:1003:packed:b")
        await tell(shop, replace(mine, number="1003"), stranger, source="import")
    async with shop.desk.db.read() as conn:
        assert await orders.find_order(conn, shop.id, "1003") is None


async def test_what_is_longer_than_our_columns_is_cut_and_not_refused(shop: Shop) -> None:
    long = replace(PARCEL, tracking_number="9" * 200, tracking_url="https://example.com/" + "x" * 600)
    line = IncomingLine("1", "Mugg", 2, sku="S" * 80, image_url="https://example.com/" + "x" * 600)
    assert await tell(shop, replace(ORDER, lines=(line,)), replace(SHIPPED, parcel=long)) == "applied"
    parcel = (await live(shop))[-1].parcel
    assert parcel and parcel.tracking_number == "9" * 80 and parcel.tracking_url is None
