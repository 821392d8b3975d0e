"""What hangs on the wall of thanks, what both have said to it, and the screens that show it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from storefront_trace.domain.timeline import SHOP_SYSTEMS
from storefront_trace.storage.database import Connection
from storefront_trace.storage.feedback import Feedback, to_feedback
from storefront_trace.storage.tables import (
    correction,
    event,
    feedback,
    order,
    person,
    tracking_link,
    wall_consent,
    wall_screen,
)


@dataclass(frozen=True)
class Screen:
    shop_id: str
    id: str
    name: str
    created_at: int
    ended_at: int | None


_FEEDBACK = [feedback.c[name] for name in Feedback.__dataclass_fields__]
_SCREEN = [wall_screen.c[name] for name in Screen.__dataclass_fields__]


def _shown(shop_id: str, now: int) -> sa.Select[Any]:
    """With both yeses, words, a customer who can still take them back, and a person who still works here."""
    of_order = (order.c.shop_id == feedback.c.shop_id, order.c.id == feedback.c.order_id, order.c.erased_at.is_(None))
    link = (tracking_link.c.shop_id == feedback.c.shop_id, tracking_link.c.order_id == feedback.c.order_id)
    left = (person.c.shop_id == feedback.c.shop_id, person.c.id == feedback.c.person_id, person.c.left_at <= now)
    # A step that was taken back was not theirs; what a shop system tells anew of the same step still is.
    told = sa.and_(event.c.shop_id == correction.c.shop_id, event.c.order_id == correction.c.order_id)
    step = correction.join(event, sa.and_(told, event.c.id == correction.c.event_id))
    of_step = (correction.c.shop_id == feedback.c.shop_id, correction.c.order_id == feedback.c.order_id)
    by_hand = sa.or_(
        correction.c.person_id.is_not(None), ~sa.or_(*(event.c.source.like(f"{one}%") for one in SHOP_SYSTEMS))
    )
    fallen = sa.exists().select_from(step).where(*of_step, correction.c.event_id == feedback.c.event_id, by_hand)
    return (
        sa.select(*_FEEDBACK)
        .where(feedback.c.shop_id == shop_id, feedback.c.wall.is_not(None), feedback.c.wall_person == "yes")
        .where(feedback.c.choice == "thanks", feedback.c.words != "")
        .where(sa.exists().where(*of_order), sa.exists().where(*link, tracking_link.c.revoked_at.is_(None)))
        .where(~sa.exists().where(*left), ~fallen)
    )


async def list_hung(conn: Connection, shop_id: str, now: int, *, limit: int) -> list[Feedback]:
    """What the owner has hung up and may hang there, newest first."""
    query = _shown(shop_id, now).where(feedback.c.wall_put_at.is_not(None))
    return await _newest(conn, query, limit)


async def list_ready(
    conn: Connection, shop_id: str, now: int, *, after: tuple[int, str] | None = None, limit: int
) -> list[Feedback]:
    """What the owner may hang up, newest first. `after` is the (created_at, id) last seen."""
    query = _shown(shop_id, now).where(feedback.c.wall_put_at.is_(None))
    if after is not None:
        place = sa.tuple_(feedback.c.created_at, feedback.c.id)
        query = query.where(place < sa.tuple_(*map(sa.literal, after)))
    return await _newest(conn, query, limit)


async def find_shown(conn: Connection, shop_id: str, now: int, feedback_id: str) -> Feedback | None:
    """None for what one of the two has not said yes to, or has taken back."""
    row = (await conn.execute(_shown(shop_id, now).where(feedback.c.id == feedback_id))).first()
    return to_feedback(row) if row else None


async def _newest(conn: Connection, query: sa.Select[Any], limit: int) -> list[Feedback]:
    query = query.order_by(feedback.c.created_at.desc(), feedback.c.id.desc()).limit(limit)
    return [_as_hung(row) for row in await conn.execute(query)]


def _as_hung(row: Any) -> Feedback:
    """The veil's one exception: both have said yes to this very sight, and who hangs it up has to see it as passers-by
    do. web/hung.py shows no more of them than customers see; what else leads to a person stays behind the veil."""
    return replace(to_feedback(row), person_id=row.person_id, team=row.team)


async def insert_consent(conn: Connection, shop_id: str, **values: Any) -> None:
    await conn.execute(sa.insert(wall_consent).values(shop_id=shop_id, **values))


async def count_consents(conn: Connection, shop_id: str, feedback_id: str) -> int:
    mine = (wall_consent.c.shop_id == shop_id, wall_consent.c.feedback_id == feedback_id)
    return int((await conn.execute(sa.select(sa.func.count()).where(*mine))).scalar_one())


async def insert_screen(conn: Connection, shop_id: str, **values: Any) -> None:
    await conn.execute(sa.insert(wall_screen).values(shop_id=shop_id, **values))


async def find_screen(conn: Connection, token_hash: str) -> Screen | None:
    """It may have ended."""
    row = (await conn.execute(sa.select(*_SCREEN).where(wall_screen.c.token_hash == token_hash))).first()
    return Screen(**row._mapping) if row else None


async def list_screens(conn: Connection, shop_id: str) -> list[Screen]:
    """Those that have not ended."""
    query = sa.select(*_SCREEN).where(wall_screen.c.shop_id == shop_id, wall_screen.c.ended_at.is_(None))
    return [Screen(**row._mapping) for row in await conn.execute(query.order_by(wall_screen.c.created_at))]


async def update_screen_ended(conn: Connection, shop_id: str, screen_id: str, now: int) -> bool:
    """False when there never was one with that id."""
    mine = (wall_screen.c.shop_id == shop_id, wall_screen.c.id == screen_id)
    query = sa.update(wall_screen).where(*mine).values(ended_at=sa.func.coalesce(wall_screen.c.ended_at, now))
    return bool((await conn.execute(query)).rowcount)


async def count_thanks(conn: Connection, shop_id: str, most: int) -> int:
    """Of the whole shop, up to `most`: further than that nobody looks."""
    some = _thanks(shop_id).with_only_columns(sa.literal(1)).limit(most).subquery()
    return int((await conn.execute(sa.select(sa.func.count()).select_from(some))).scalar_one())


async def nth_thanks_at(conn: Connection, shop_id: str, n: int) -> int | None:
    """When the n-th came; reads n rows of an index."""
    query = _thanks(shop_id).order_by(feedback.c.created_at, feedback.c.id).offset(n - 1).limit(1)
    found: int | None = (await conn.execute(query)).scalar_one_or_none()
    return found


def _thanks(shop_id: str) -> sa.Select[Any]:
    return sa.select(feedback.c.created_at).where(feedback.c.shop_id == shop_id, feedback.c.choice == "thanks")
