"""The desk's table: orders by what stands against them, a page at a time.

Open ones, unless a state that ends an order is asked for, what customers said, or one number. Every reading is bounded
by the open orders (`ix_orders_open`) or by a page of `ix_orders_state`, however many orders have been sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from storefront_trace.domain.feedback import shares_at
from storefront_trace.domain.moments import from_micros, to_micros
from storefront_trace.domain.orders import FINAL_STATES
from storefront_trace.domain.texts import folded
from storefront_trace.storage.database import Connection
from storefront_trace.storage.orders import ORDER_COLUMNS, OrderRow
from storefront_trace.storage.queue import MOST_COUNTED
from storefront_trace.storage.tables import feedback, line, order, question
from storefront_trace.storage.tables.orders import OPEN

Sort = Literal["promise", "placed", "waiting"]
MOST_NAMED = 500


@dataclass(frozen=True)
class Wanted:
    """None is "any". Days are ISO days in the shop's zone; `promise_from` and `promise_to` are between which the
    promised day lies, both included. `mine` is (person, team): what waits for that person or team and can go on today.
    `ids` are the orders that it must be one of, open or not."""

    state: str | None = None
    team: str | None = None
    promise_from: str | None = None
    promise_to: str | None = None
    out_of_stock: bool = False
    mine: tuple[str, str | None] | None = None
    today: str = ""
    text: str = ""
    ids: tuple[str, ...] | None = None
    sort: Sort = "promise"

    @property
    def closed(self) -> bool:
        return self.state in FINAL_STATES


async def list_wanted(conn: Connection, shop_id: str, wanted: Wanted, *, limit: int, offset: int) -> list[OrderRow]:
    """By `wanted.sort`; what is closed by the latest change. Only ids are sorted, and then the page is read."""
    if wanted.sort == "promise" and not wanted.closed and wanted.ids is None:
        query = _by_promise(shop_id, wanted, offset + limit)
    else:
        query = sa.select(order.c.id).where(*_conditions(shop_id, wanted)).order_by(*_order_of(wanted))
    ids = list((await conn.execute(query.limit(limit).offset(offset))).scalars())
    rows = await conn.execute(sa.select(*ORDER_COLUMNS).where(order.c.shop_id == shop_id, order.c.id.in_(ids)))
    found = {row.id: OrderRow(*row) for row in rows}
    return [found[one] for one in ids if one in found]


async def count_wanted(conn: Connection, shop_id: str, wanted: Wanted, *, most: int = MOST_COUNTED) -> int:
    """At most `most`."""
    some = sa.select(order.c.id).where(*_conditions(shop_id, wanted)).limit(most).subquery()
    return int((await conn.execute(sa.select(sa.func.count()).select_from(some))).scalar_one())


async def asked_orders(conn: Connection, shop_id: str) -> tuple[str, ...]:
    """Orders with a question that nobody has answered, the longest wait first."""
    query = sa.select(question.c.order_id).where(question.c.shop_id == shop_id, question.c.answered_at.is_(None))
    rows = await conn.execute(query.order_by(question.c.created_at, question.c.id).limit(MOST_NAMED))
    return tuple(dict.fromkeys(rows.scalars()))


async def concerned_orders(
    conn: Connection, shop_id: str, since: int, *, person_id: str | None, share_days: int, now: int
) -> tuple[str, ...]:
    """Orders of which a customer has said since then what could be better, and the owner is not done with it. With
    `person_id` only what this person may see: of their own work, once it is shared."""
    query = sa.select(feedback.c.order_id).where(
        feedback.c.shop_id == shop_id,
        feedback.c.created_at >= since,
        feedback.c.choice == "concern",
        feedback.c.done_at.is_(None),
    )
    if person_id is not None:
        days = shares_at(from_micros(now), share_days) - from_micros(now)
        old = sa.func.coalesce(feedback.c.concern_at, feedback.c.created_at) <= to_micros(from_micros(now) - days)
        shared = sa.or_(feedback.c.shared_at.is_not(None), old)
        query = query.where(feedback.c.person_id == person_id, feedback.c.outside_at.is_(None), shared)
    rows = await conn.execute(query.order_by(feedback.c.created_at.desc(), feedback.c.id).limit(MOST_NAMED))
    return tuple(dict.fromkeys(rows.scalars()))


def _by_promise(shop_id: str, wanted: Wanted, most: int) -> sa.Select[tuple[str]]:
    """Those without a promise last: two readings in the order of one index."""
    named = order.c.promise_to
    sides = [
        sa.select(order.c.id, named.label("day"), order.c.placed_at, sa.literal(place).label("side"))
        .where(*_conditions(shop_id, wanted), known)
        .order_by(*by)
        .limit(most)
        .subquery()
        for place, (known, by) in enumerate(
            (
                (named.is_not(None), (named, order.c.placed_at, order.c.id)),
                (named.is_(None), (order.c.placed_at, order.c.id)),
            )
        )
    ]
    both = sa.union_all(*(sa.select(side) for side in sides)).subquery()
    return sa.select(both.c.id).order_by(both.c.side, both.c.day, both.c.placed_at, both.c.id)


def _order_of(wanted: Wanted) -> tuple[sa.ColumnElement[object], ...]:
    if wanted.closed:
        return order.c.updated_at.desc(), order.c.id.desc()
    if wanted.sort == "placed":
        return order.c.placed_at, order.c.id
    first = order.c.waiting_since if wanted.sort == "waiting" else order.c.promise_to
    return sa.case((first.is_(None), 1), else_=0), first, order.c.placed_at, order.c.id


def _conditions(shop_id: str, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [order.c.shop_id == shop_id]
    if wanted.ids is not None:
        found.append(order.c.id.in_(wanted.ids))
    elif not wanted.closed:
        found.append(sa.text(OPEN))  # type: ignore[arg-type]
    if wanted.state is not None:
        found.append(order.c.state == wanted.state)
    if wanted.team is not None:
        unasked = sa.and_(order.c.waiting_team.is_(None), order.c.waiting_person_id.is_(None))
        found.append(sa.or_(order.c.waiting_team == wanted.team, sa.and_(unasked, order.c.holder_team == wanted.team)))
    if wanted.promise_from is not None:
        found.append(order.c.promise_to >= wanted.promise_from)
    if wanted.promise_to is not None:
        found.append(order.c.promise_to <= wanted.promise_to)
    if wanted.out_of_stock:
        found.append(_waits_for_goods())
    if wanted.mine is not None:
        found.append(_waits_for(*wanted.mine, wanted.today))
    if wanted.text:
        found.append(_begins_with(wanted.text))
    return found


def _waits_for_goods() -> sa.ColumnElement[bool]:
    same = (line.c.shop_id == order.c.shop_id, line.c.order_id == order.c.id)
    return sa.exists().where(*same, line.c.backordered > 0, line.c.shipped < line.c.quantity - line.c.cancelled)


def _waits_for(person_id: str, team: str | None, today: str) -> sa.ColumnElement[bool]:
    mine = order.c.waiting_person_id == person_id
    if team is not None:
        mine = sa.or_(mine, sa.and_(order.c.waiting_team == team, order.c.waiting_person_id.is_(None)))
    return sa.and_(mine, sa.or_(order.c.waiting_until.is_(None), order.c.waiting_until <= today))


def _begins_with(text: str) -> sa.ColumnElement[bool]:
    pattern = folded(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    number = sa.func.lower(order.c.number).like(pattern, escape="\\")
    return sa.or_(number, order.c.search_name.like(pattern, escape="\\"))
