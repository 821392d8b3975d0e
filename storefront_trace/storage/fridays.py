"""What customers thanked for between two instants, and what came of the concerns that were closed then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import sqlalchemy as sa

from storefront_trace.storage.database import Connection
from storefront_trace.storage.feedback import Feedback, to_feedback
from storefront_trace.storage.reports import Doer
from storefront_trace.storage.tables import feedback
from storefront_trace.storage.tables.said import CONCERN

Span = tuple[int, int]
_COLUMNS = [feedback.c[name] for name in Feedback.__dataclass_fields__]


async def list_thanked(conn: Connection, shop_id: str, span: Span) -> set[Doer]:
    """Every person that was thanked, and every team that was thanked as itself."""
    whom = (feedback.c.person_id, feedback.c.team)
    rows = await conn.execute(sa.select(*whom).where(*_thanks(shop_id, span)).distinct())
    return {Doer(row.person_id, None if row.person_id else row.team) for row in rows}


async def list_thanks_to(
    conn: Connection, shop_id: str, span: Span, person_id: str, team: str | None, *, limit: int
) -> list[Feedback]:
    """To this person and to their team as itself: those with words first, the newest of each first."""
    theirs = feedback.c.person_id == person_id
    if team is not None:
        theirs = sa.or_(theirs, sa.and_(feedback.c.person_id.is_(None), feedback.c.team == team))
    query = sa.select(*_COLUMNS).where(*_thanks(shop_id, span), theirs)
    return await _listed(conn, query, limit)


async def list_worded(conn: Connection, shop_id: str, span: Span, *, limit: int) -> list[Feedback]:
    """The newest thanks that came with words, whoever they were for."""
    query = sa.select(*_COLUMNS).where(*_thanks(shop_id, span), feedback.c.words != "")
    return await _listed(conn, query, limit)


async def count_thanks(conn: Connection, shop_id: str, span: Span, *, limit: int) -> tuple[int, Counter[str]]:
    """(how many, how often each chip was said among the newest of them)"""
    count = sa.select(sa.func.count()).where(*_thanks(shop_id, span))
    newest = sa.select(feedback.c.chips).where(*_thanks(shop_id, span)).order_by(feedback.c.created_at.desc())
    chips = Counter(chip for row in await conn.execute(newest.limit(limit)) for chip in row.chips)
    return int((await conn.execute(count)).scalar_one()), chips


async def list_closed(conn: Connection, shop_id: str, span: Span, *, limit: int) -> list[Feedback]:
    """Concerns that were closed then, the first to be closed first."""
    query = sa.select(*_COLUMNS).where(feedback.c.shop_id == shop_id, sa.text(CONCERN), *_within("done_at", span))
    rows: Sequence[sa.Row[tuple[object, ...]]] = (
        await conn.execute(query.order_by(feedback.c.done_at, feedback.c.id).limit(limit))
    ).all()
    return [to_feedback(row) for row in rows]


async def _listed(conn: Connection, query: sa.Select[tuple[object, ...]], limit: int) -> list[Feedback]:
    by = (feedback.c.words == "", feedback.c.created_at.desc(), feedback.c.id.desc())
    return [to_feedback(row) for row in await conn.execute(query.order_by(*by).limit(limit))]


def _thanks(shop_id: str, span: Span) -> tuple[sa.ColumnElement[bool], ...]:
    thanks = (feedback.c.choice == "thanks", feedback.c.outside_at.is_(None))
    return (feedback.c.shop_id == shop_id, *thanks, *_within("created_at", span))


def _within(name: str, span: Span) -> tuple[sa.ColumnElement[bool], ...]:
    return feedback.c[name] >= span[0], feedback.c[name] < span[1]
