"""A sample order: everything of it is real but the customer, it stands in no figure, and it goes whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from storefront_trace.actions.audit import note
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.orders import put_order_in
from storefront_trace.domain.errors import N_, Conflict
from storefront_trace.domain.incoming import IncomingLine, IncomingOrder
from storefront_trace.domain.orders import SAMPLE
from storefront_trace.storage import links, orders, samples
from storefront_trace.storage.database import Connection
from storefront_trace.storage.orders import OrderRow

NOT_KEPT = N_("This is a sample order, so nothing of this is kept. With a real order it arrives at once.")
THERE = N_("There is an order with the sample's number already. Take that one away, or go on without a sample.")


@dataclass(frozen=True)
class Sample:
    """`token` opens its page; None when its link was revoked."""

    number: str
    token: str | None


@dataclass(frozen=True)
class Telling:
    """What is written on it, in the shop's own language."""

    number: str
    customer: str
    things: Sequence[str]
    promise: date


async def make_sample(desk: Desk, shop_id: str, told: Telling) -> None:
    """One at a time: again, it changes nothing."""
    order = IncomingOrder(
        number=told.number,
        external_id=SAMPLE,
        placed_at=datetime.now(UTC),
        zone=None,
        precision="minute",
        customer_first_name=told.customer,
        lines=tuple(IncomingLine(str(place), title, 1) for place, title in enumerate(told.things, 1)),
        promise_from=told.promise,
        promise_to=told.promise,
    )
    async with desk.db.write() as conn:
        cast = await desk.casts.get(conn, shop_id)
        if await orders.find_order_by_external_id(conn, shop_id, SAMPLE, SAMPLE) is not None:
            return
        if await orders.find_order(conn, shop_id, told.number) is not None:
            raise Conflict(THERE)
        await put_order_in(conn, desk, cast, order, source=SAMPLE)
        await note(conn, shop_id, "shop.sample_made", "order", told.number)


async def end_sample(desk: Desk, shop_id: str) -> list[str]:
    """Whole, as if it had never been; twice is once. Returns the photos on its steps: the caller deletes the files."""
    async with desk.db.write() as conn:
        return await end_sample_in(conn, shop_id)


async def end_sample_in(conn: Connection, shop_id: str) -> list[str]:
    """`end_sample` inside the caller's `db.write()`."""
    found = await orders.find_order_by_external_id(conn, shop_id, SAMPLE, SAMPLE, lock=True)
    if found is None:
        return []
    photos = await samples.delete_samples(conn, shop_id)
    await note(conn, shop_id, "shop.sample_ended", "order", found.number)
    return photos


async def find_sample(desk: Desk, conn: Connection, shop_id: str) -> Sample | None:
    row = await orders.find_order_by_external_id(conn, shop_id, SAMPLE, SAMPLE)
    if row is None:
        return None
    link = (await links.current_links(conn, shop_id, [row.id])).get(row.id)
    return Sample(row.number, desk.link_token(shop_id, row.id, link) if link else None)


def refuse_of_sample(row: OrderRow | None) -> None:
    """What a customer says of a real order is somebody's; of a sample it would be nobody's, and in every figure."""
    if row is not None and row.source == SAMPLE:
        raise Conflict(NOT_KEPT)
