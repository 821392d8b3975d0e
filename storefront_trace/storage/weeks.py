"""What a week is counted from, and the weeks that were counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storefront_trace.domain.weeks import Week, read_week
from storefront_trace.storage.database import Connection
from storefront_trace.storage.samples import samples
from storefront_trace.storage.tables import feedback, order, question, reply, week


class Home(NamedTuple):
    id: str
    delivered_at: int
    promise_to: str | None


async def count_placed(conn: Connection, shop_id: str, since: int, until: int) -> int:
    """Without samples: those are few, and have an index to be found by."""
    when = (order.c.shop_id == shop_id, order.c.placed_at >= since, order.c.placed_at < until)
    sample = sa.select(sa.func.count()).where(*when, order.c.id.in_(samples(shop_id)))
    all_of_them = sa.select(sa.func.count()).where(*when)
    return int((await conn.execute(sa.select(all_of_them.scalar_subquery() - sample.scalar_subquery()))).scalar_one())


async def list_home(conn: Connection, shop_id: str, since: int, until: int, *, limit: int) -> list[Home]:
    """Orders that came home then, in the order in which they did."""
    when = (order.c.shop_id == shop_id, order.c.delivered_at >= since, order.c.delivered_at < until)
    query = sa.select(order.c.id, order.c.delivered_at, order.c.promise_to).where(*when)
    query = query.where(order.c.id.not_in(samples(shop_id)))
    rows = await conn.execute(query.order_by(order.c.delivered_at, order.c.id).limit(limit))
    return [Home(*row) for row in rows]


async def count_reacted(conn: Connection, shop_id: str, since: int, until: int) -> int:
    """Orders that came home then and of which a customer has said something."""
    said = sa.exists().where(feedback.c.shop_id == order.c.shop_id, feedback.c.order_id == order.c.id)
    when = (order.c.shop_id == shop_id, order.c.delivered_at >= since, order.c.delivered_at < until, said)
    return int((await conn.execute(sa.select(sa.func.count()).where(*when))).scalar_one())


async def list_answered(conn: Connection, shop_id: str, since: int, until: int, *, limit: int) -> list[tuple[int, int]]:
    """(asked, answered first) of the questions and concerns that came then and were answered."""
    answered = sa.select(question.c.created_at, question.c.answered_at).where(
        question.c.shop_id == shop_id, question.c.answered_at >= since, question.c.created_at >= since,
        question.c.created_at < until,
    )  # fmt: skip
    same = sa.and_(reply.c.shop_id == feedback.c.shop_id, reply.c.feedback_id == feedback.c.id)
    replied = sa.select(feedback.c.created_at, sa.func.min(reply.c.created_at)).join_from(feedback, reply, same)
    mine = (feedback.c.shop_id == shop_id, feedback.c.choice == "concern")
    replied = replied.where(*mine, feedback.c.created_at >= since, feedback.c.created_at < until)
    found: list[tuple[int, int]] = []
    for query in (answered, replied.group_by(feedback.c.id, feedback.c.created_at)):
        found += [(int(row[0]), int(row[1])) for row in await conn.execute(query.limit(limit))]
    return found


async def list_weeks(conn: Connection, shop_id: str, *, limit: int, before: str | None = None) -> list[Week]:
    """Newest first; `before` is the Monday of the last one seen."""
    query = sa.select(week.c.day, week.c.numbers, week.c.counted_at).where(week.c.shop_id == shop_id)
    query = query.where(week.c.day < before) if before is not None else query
    rows = await conn.execute(query.order_by(week.c.day.desc()).limit(limit))
    return [read_week(row.day, row.numbers, row.counted_at) for row in rows]


async def known_days(conn: Connection, shop_id: str, days: Sequence[str]) -> set[str]:
    """Those of these Mondays whose week was counted when it was over."""
    mine = (week.c.shop_id == shop_id, week.c.day.in_(days), week.c.whole)
    return set((await conn.execute(sa.select(week.c.day).where(*mine))).scalars())


async def upsert_week(conn: Connection, shop_id: str, told: Week, *, whole: bool, now: int) -> None:
    values: dict[str, Any] = {"numbers": told.numbers(), "whole": whole, "counted_at": now}
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(week).values(shop_id=shop_id, day=told.day, **values)
    await conn.execute(statement.on_conflict_do_update(index_elements=["shop_id", "day"], set_=values))
