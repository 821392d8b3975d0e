"""What the owner is asked to look at, read by indexes that hold little else than it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from storefront_trace.domain.clock import DAY
from storefront_trace.domain.ids import first_id
from storefront_trace.domain.orders import SAMPLE
from storefront_trace.domain.rights import Sight
from storefront_trace.storage.database import Connection
from storefront_trace.storage.orders import ORDER_COLUMNS, OrderRow
from storefront_trace.storage.outbox import MOOT
from storefront_trace.storage.queue import can_go_on
from storefront_trace.storage.sights import within
from storefront_trace.storage.tables import delivery, line, notice, order
from storefront_trace.storage.tables.orders import OPEN

AGAIN = 3 * DAY  # for so long a sender may send a call again that it does not know to have come


class Missing(NamedTuple):
    """A thing that was to come by `day` and has not."""

    number: str
    title: str
    day: str
    person_id: str | None
    team: str | None


class Undelivered(NamedTuple):
    """A mail that came back: to whom it went, and the order or the colleague that it was about, or ""."""

    failed_at: int
    recipient: str
    order_id: str
    number: str
    person_id: str


class Held(NamedTuple):
    id: str
    number: str
    holder_person_id: str | None
    holder_team: str | None


async def list_still(
    conn: Connection, shop_id: str, before: int, *, today: str, sight: Sight | None = None, limit: int = 20
) -> list[OrderRow]:
    """Orders that wait for somebody here and that nobody has touched since `before`; the longest wait first. Read in
    the order of `ix_orders_since`, so that it costs the same with ten that wait and with 60,000."""
    somebody = sa.or_(order.c.waiting_person_id.is_not(None), order.c.waiting_team.is_not(None))
    waits = sa.and_(somebody, can_go_on(today), *_waits_within(sight))
    query = sa.select(*ORDER_COLUMNS).where(order.c.shop_id == shop_id, waits, order.c.waiting_since < before)
    rows = await conn.execute(query.order_by(order.c.waiting_since, order.c.id).limit(limit))
    return [OrderRow(*row) for row in rows]


async def list_promised(
    conn: Connection, shop_id: str, until: str, *, sight: Sight | None = None, limit: int
) -> list[OrderRow]:
    """Orders still here that are promised by that day, or were; the oldest promise first."""
    here = (order.c.waiting_since.is_not(None), sa.text(OPEN), order.c.promise_to <= until)
    query = sa.select(*ORDER_COLUMNS).where(order.c.shop_id == shop_id, *here, *_waits_within(sight))
    rows = await conn.execute(query.order_by(order.c.promise_to, order.c.placed_at, order.c.id).limit(limit))
    return [OrderRow(*row) for row in rows]


async def list_missing(
    conn: Connection, shop_id: str, before: str, *, sight: Sight | None = None, limit: int
) -> list[Missing]:
    """Lines of open orders whose goods were to come before that day."""
    same = sa.and_(order.c.shop_id == line.c.shop_id, order.c.id == line.c.order_id)
    names = (line.c.title, line.c.expected, order.c.waiting_person_id, order.c.waiting_team)
    query = sa.select(order.c.number, *names).join_from(line, order, same)
    missing = (line.c.shop_id == shop_id, sa.text("line.backordered > 0"), line.c.expected < before, sa.text(OPEN))
    query = query.where(*missing, *_waits_within(sight))
    rows = await conn.execute(query.order_by(line.c.expected, line.c.order_id).limit(limit))
    return [Missing(*row) for row in rows]


async def count_spoken(conn: Connection, shop_id: str, connection_id: str, since: int, *, most: int) -> int:
    """How many calls came from it since then, counted as far as `most`."""
    its = (delivery.c.shop_id == shop_id, delivery.c.connection_id == connection_id, delivery.c.received_at >= since)
    some = sa.select(delivery.c.id).where(*its).limit(most).subquery()
    return int((await conn.execute(sa.select(sa.func.count()).select_from(some))).scalar_one())


async def find_topic(conn: Connection, shop_id: str, connection_id: str, at: int) -> str | None:
    """What the last call was about of a connection that was heard then; the same sent again is none. By the ids, which
    sort by when they were made, and go on when a clock is set back: a shop has a great many calls."""
    lately = delivery.c.id >= first_id((at - AGAIN) // 1000)
    its = (delivery.c.shop_id == shop_id, lately, delivery.c.connection_id == connection_id)
    query = sa.select(delivery.c.topic).where(*its).order_by(delivery.c.id.desc()).limit(1)
    return (await conn.execute(query)).scalar()


async def list_undelivered(conn: Connection, shop_id: str, since: int, *, limit: int) -> list[Undelivered]:
    """Mails that nobody could deliver, the newest first. What was not worth sending any more is none of them."""
    moot = sa.func.coalesce(notice.c.detail[MOOT].as_boolean(), sa.false())
    failed = (notice.c.channel == "mail", notice.c.failed_at.is_not(None), notice.c.failed_at >= since, sa.not_(moot))
    about = [
        sa.func.coalesce(notice.c.detail[key].as_string(), "") for key in ("order_id", "order_number", "person_id")
    ]
    query = sa.select(notice.c.failed_at, notice.c.recipient, *about).where(notice.c.shop_id == shop_id, *failed)
    return [Undelivered(*row) for row in await conn.execute(query.order_by(notice.c.failed_at.desc()).limit(limit))]


async def list_held(conn: Connection, shop_id: str, mails: Sequence[Undelivered]) -> list[Held]:
    """The orders that these mails are about."""
    named = (order.c.id.in_([one.order_id for one in mails]), order.c.number.in_([one.number for one in mails]))
    query = sa.select(*(order.c[name] for name in Held._fields))
    return [Held(*row) for row in await conn.execute(query.where(order.c.shop_id == shop_id, sa.or_(*named)))]


def _waits_within(sight: Sight | None) -> tuple[Any, ...]:
    """A sample waits for nobody."""
    return order.c.source != SAMPLE, *within(sight, order.c.waiting_person_id, order.c.waiting_team)
