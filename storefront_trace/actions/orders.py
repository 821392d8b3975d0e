"""Putting an order in, and giving its customer a link."""

from __future__ import annotations

from dataclasses import dataclass

from storefront_trace.actions import follow, trail
from storefront_trace.actions.audit import note
from storefront_trace.actions.desk import Desk
from storefront_trace.actions.journal import remember
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import N_, Invalid, NotFound
from storefront_trace.domain.forgotten import THING, is_forgotten, plain_facts
from storefront_trace.domain.ids import new_id
from storefront_trace.domain.incoming import IncomingOrder
from storefront_trace.domain.moments import to_micros
from storefront_trace.domain.orders import START, Event, Facts, Line
from storefront_trace.domain.shop import Cast
from storefront_trace.languages import catalogue
from storefront_trace.storage import events, links, orders
from storefront_trace.storage.database import Connection
from storefront_trace.storage.orders import OrderRow

TAKEN = N_("Another order has this number already. Give this one a number of its own.")


@dataclass(frozen=True)
class PutOrder:
    """`stale`: it was older than what is known, so nothing of it was taken over."""

    order_id: str
    created: bool
    changed: bool
    stale: bool = False


async def put_order(desk: Desk, shop_id: str, told: IncomingOrder, *, source: str) -> PutOrder:
    """Creates the order or takes over what is new in `told`; the same again, or something older, changes nothing.

    `source` is who tells ("api", "connection:<id>", "import"). `told.updated_at` is the sender's own clock: what is
    older than the newest already known is left alone. The customer's name and address replace the former ones, unless
    the customer was erased: then they stay away.
    """
    async with desk.db.write() as conn:
        return await put_order_in(conn, desk, await desk.casts.get(conn, shop_id), told, source=source)


async def put_order_in(conn: Connection, desk: Desk, cast: Cast, told: IncomingOrder, *, source: str) -> PutOrder:
    """`put_order` inside the caller's `db.write()`."""
    row = await _find(conn, cast.shop.id, told, source)
    if row is None:
        order_id = await _create(conn, desk, cast, told, source)
        if order_id is not None:
            return PutOrder(order_id, created=True, changed=True)
        row = await _find(conn, cast.shop.id, told, source)
        assert row is not None
    if _is_old(row, told):
        return PutOrder(row.id, created=False, changed=False, stale=True)
    return PutOrder(row.id, created=False, changed=await _update(conn, cast, row, told, source))


async def rotate_link(desk: Desk, shop_id: str, number: str) -> str:
    """Revokes every link of the order and makes a new one, whose token it returns. Nobody follows by the old one any
    more: the next mail would bring them the new one."""
    async with desk.db.write() as conn:
        row = await orders.find_order(conn, shop_id, number, lock=True)
        if row is None:
            raise NotFound("We have no order with that number.")
        now = now_micros()
        made = await links.list_links(conn, shop_id, row.id)
        await links.update_links_revoked(conn, shop_id, row.id, now)
        await follow.stop_others(conn, shop_id, row, now)
        link = desk.new_link(shop_id, row.id, max((old.number for old in made), default=0) + 1, now)
        await links.insert_link(conn, shop_id, row.id, link)
        await note(conn, shop_id, "privacy.link_renewed", "order", row.number)
        await remember(desk, conn, shop_id, "links", order=row.id, upto=link.number - 1, renew=True)
        token = desk.link_token(shop_id, row.id, link)
        assert token is not None
        return token


async def revoke_links(desk: Desk, shop_id: str, number: str) -> None:
    """From now on every link of this order is answered like one that never was, and nobody follows by it."""
    async with desk.db.write() as conn:
        row = await orders.find_order(conn, shop_id, number, lock=True)
        if row is None:
            raise NotFound("We have no order with that number.")
        now = now_micros()
        made = await links.list_links(conn, shop_id, row.id)
        await links.update_links_revoked(conn, shop_id, row.id, now)
        await follow.stop_others(conn, shop_id, row, now)
        await note(conn, shop_id, "privacy.link_revoked", "order", row.number)
        upto = max((old.number for old in made), default=0)
        await remember(desk, conn, shop_id, "links", order=row.id, upto=upto, renew=False)


async def rebuild_order(desk: Desk, shop_id: str, number: str) -> None:
    """Makes the order's rows again from its events."""
    async with desk.db.write() as conn:
        row = await orders.find_order(conn, shop_id, number, lock=True)
        if row is None:
            raise NotFound("We have no order with that number.")
        await trail.rebuild(conn, await desk.casts.get(conn, shop_id), row.id)


async def _find(conn: Connection, shop_id: str, told: IncomingOrder, source: str) -> OrderRow | None:
    """By the sender's own id when it has one: the number that buyers see can be changed in the shop system."""
    if told.external_id:
        found = await orders.find_order_by_external_id(conn, shop_id, source, told.external_id, lock=True)
        if found is not None:
            return found
    found = await orders.find_order(conn, shop_id, told.number, lock=True)
    if found is not None and told.external_id and found.external_id and found.external_id != told.external_id:
        raise Invalid(TAKEN)
    return found


async def _check_number_is_free(conn: Connection, shop_id: str, number: str) -> None:
    if await orders.find_order(conn, shop_id, number) is not None:
        raise Invalid(TAKEN)


async def _create(conn: Connection, desk: Desk, cast: Cast, told: IncomingOrder, source: str) -> str | None:
    """None when the same order came in at the same moment and was first."""
    now = now_micros()
    order_id = new_id()
    facts = _facts(told, now)
    new = await orders.insert_order(
        conn,
        cast.shop.id,
        id=order_id,
        number=told.number,
        source=source,
        external_id=told.external_id or None,
        source_updated_at=to_micros(told.updated_at) if told.updated_at else None,
        **_customer(told),
        state=START,
        placed_at=facts.placed_at,
        placed_zone=facts.placed_zone,
        placed_precision=facts.placed_precision,
        created_at=now,
        updated_at=now,
    )
    if not new:
        return None
    first = cast.steps[START]
    placed = Event(
        id=new_id(),
        seq=1,
        kind="step",
        at=facts.placed_at,
        recorded_at=now,
        zone=facts.placed_zone,
        precision=facts.placed_precision,
        step=first.key,
        position=first.position,
        effect=first.effect,
        team=first.team,
        facts=facts,
        source=source,
    )
    await trail.append(conn, cast, order_id, (), placed)
    await links.insert_link(conn, cast.shop.id, order_id, desk.new_link(cast.shop.id, order_id, 1, now))
    return order_id


def _is_old(row: OrderRow, told: IncomingOrder) -> bool:
    known = row.source_updated_at
    return told.updated_at is not None and known is not None and to_micros(told.updated_at) < known


async def _update(conn: Connection, cast: Cast, row: OrderRow, told: IncomingOrder, source: str) -> bool:
    updated_at = to_micros(told.updated_at) if told.updated_at else None
    past = await events.list_events(conn, cast.shop.id, row.id)
    known = max((e for e in past if e.facts is not None), key=lambda e: e.seq).facts
    assert known is not None
    facts = _facts(told, known.placed_at, known)
    if is_forgotten(past):
        facts = plain_facts(facts, catalogue(cast.shop.locale).gettext(THING), known)
    customer = _customer(told)
    if row.erased_at is not None:
        customer |= {"first_name": None, "email": None}
    moved: dict[str, str | int | None] = {key: value for key, value in customer.items() if getattr(row, key) != value}
    if told.number != row.number:
        await _check_number_is_free(conn, cast.shop.id, told.number)
        moved["number"] = told.number
    if told.external_id and row.external_id is None:
        # From now on it goes by the name that this sender has for it.
        moved |= {"external_id": told.external_id, "source": source}
    if updated_at != row.source_updated_at and updated_at is not None:
        moved["source_updated_at"] = updated_at
    if moved:
        await orders.update_order(conn, cast.shop.id, row.id, **moved)
    if facts == known and not (set(moved) & {"first_name", "locale", "number"}):
        return bool(set(moved) - {"source_updated_at"})
    now = now_micros()
    change = Event(
        id=new_id(), seq=0, kind="facts", at=now, recorded_at=now, facts=facts, source=source, zone=cast.shop.zone
    )
    await trail.append(conn, cast, row.id, past, change)
    return True


def _customer(told: IncomingOrder) -> dict[str, str | None]:
    return {
        "first_name": told.customer_first_name or None,
        "email": told.customer_email or None,
        "locale": told.locale or None,
    }


def _facts(told: IncomingOrder, otherwise: int, known: Facts | None = None) -> Facts:
    """When nobody says when it was placed, it keeps the instant already known, at first the present one. When nobody
    says how it comes to the customer, it is in a parcel, unless there is nothing to carry."""
    placed = told.placed_at
    named = told.method or ("digital" if told.lines and not any(line.shippable for line in told.lines) else "parcel")
    return Facts(
        placed_at=to_micros(placed) if placed else otherwise,
        placed_zone=(told.zone or "UTC") if placed or known is None else known.placed_zone,
        placed_precision=told.precision if placed or known is None else known.placed_precision,
        promise_from=_day(told.promise_from or told.promise_to),
        promise_to=_day(told.promise_to or told.promise_from),
        method=named,
        lines=tuple(
            Line(
                key=line.key,
                title=line.title,
                quantity=line.quantity,
                variant=line.variant,
                sku=line.sku,
                image_url=line.image_url,
                backordered=line.backordered,
                cancelled=line.cancelled,
                expected=_day(line.expected),
                shippable=line.shippable,
            )
            for line in told.lines
        ),
    )


def _day(day: object) -> str | None:
    return str(day) if day is not None else None
