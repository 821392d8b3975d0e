"""What a database itself still says of what has ended in it, where the journal of endings was lost."""

from __future__ import annotations

import sqlalchemy as sa

from storefront_trace.storage.database import Connection
from storefront_trace.storage.tables import (
    account,
    api_token,
    connection,
    event,
    feedback,
    follower,
    order,
    person,
    silenced,
    tracking_link,
    wall_consent,
    wall_screen,
)


async def list_nameless_orders(conn: Connection, shop_id: str, after: str, limit: int) -> list[tuple[str, bool]]:
    """(order, whether only its time was past). What was written before it became nobody's is left then; who was
    forgotten has nothing of it."""
    said = (feedback.c.shop_id == shop_id, feedback.c.order_id == order.c.id, feedback.c.created_at < order.c.erased_at)
    noted = (event.c.shop_id == shop_id, event.c.order_id == order.c.id, event.c.recorded_at < order.c.erased_at)
    kept = sa.or_(
        sa.exists().where(*said, feedback.c.words != ""),
        sa.exists().where(*noted, sa.or_(event.c.note.is_not(None), event.c.photo.is_not(None))),
    )
    mine = (order.c.shop_id == shop_id, order.c.erased_at.is_not(None), order.c.id > after)
    query = sa.select(order.c.id, kept.label("kept")).where(*mine).order_by(order.c.id).limit(limit)
    return [(row.id, bool(row.kept)) for row in await conn.execute(query)]


async def list_revoked(conn: Connection, shop_id: str) -> list[tuple[str, int, bool]]:
    """(order, the highest number that is dead, whether a newer one opens) of the orders that are somebody's."""
    link = tracking_link.c
    dead = sa.func.max(sa.case((link.revoked_at.is_not(None), link.number)))
    query = (
        sa.select(link.order_id, dead.label("dead"), sa.func.max(link.number).label("newest"))
        .join(order, sa.and_(order.c.shop_id == link.shop_id, order.c.id == link.order_id))
        .where(link.shop_id == shop_id, order.c.erased_at.is_(None))
        .group_by(link.order_id)
        .having(dead.is_not(None))
    )
    return [(row.order_id, row.dead, row.newest > row.dead) for row in await conn.execute(query)]


async def list_gone(conn: Connection, shop_id: str) -> list[tuple[str, str]]:
    """(person, name) of who has left."""
    query = sa.select(person.c.id, person.c.display_name).where(
        person.c.shop_id == shop_id, person.c.left_at.is_not(None)
    )
    return [(row.id, row.display_name) for row in await conn.execute(query)]


async def list_chosen(conn: Connection, shop_id: str) -> list[tuple[str, str]]:
    """(person, visibility) of who has chosen to be shown less than with their picture."""
    mine = (person.c.shop_id == shop_id, person.c.visibility_chosen_at.is_not(None), person.c.left_at.is_(None))
    query = sa.select(person.c.id, person.c.visibility).where(*mine, person.c.visibility.in_(("team", "name")))
    return [(row.id, row.visibility) for row in await conn.execute(query)]


async def list_lesser_rights(conn: Connection, shop_id: str) -> list[tuple[str, str, str | None]]:
    """(account, role, manages) of everybody but the owners."""
    mine = (account.c.shop_id == shop_id, account.c.ended_at.is_(None), account.c.role != "owner")
    rows = await conn.execute(sa.select(account.c.id, account.c.role, account.c.manages).where(*mine))
    return [(row.id, row.role, row.manages) for row in rows]


async def list_stopped(conn: Connection, shop_id: str) -> list[tuple[str, str]]:
    """(follower, why)"""
    mine = (follower.c.shop_id == shop_id, follower.c.stopped_at.is_not(None), follower.c.stopped_why.is_not(None))
    rows = await conn.execute(sa.select(follower.c.id, follower.c.stopped_why).where(*mine))
    return [(row.id, row.stopped_why) for row in rows]


async def list_silenced(conn: Connection, shop_id: str) -> list[str]:
    query = sa.select(silenced.c.digest).where(silenced.c.shop_id == shop_id)
    return list((await conn.execute(query)).scalars())


async def list_ended_tokens(conn: Connection, shop_id: str) -> list[str]:
    query = sa.select(api_token.c.id).where(api_token.c.shop_id == shop_id, api_token.c.revoked_at.is_not(None))
    return list((await conn.execute(query)).scalars())


async def list_ended_connections(conn: Connection, shop_id: str) -> list[str]:
    query = sa.select(connection.c.id).where(connection.c.shop_id == shop_id, connection.c.ended_at.is_not(None))
    return list((await conn.execute(query)).scalars())


async def list_off_the_wall(conn: Connection, shop_id: str) -> list[tuple[str, bool]]:
    """(feedback, whether it is the person's no rather than the customer's) of the words that one of them took back."""
    theirs = wall_consent.c.person_id.is_not(None)
    of = sa.and_(feedback.c.shop_id == wall_consent.c.shop_id, feedback.c.id == wall_consent.c.feedback_id)
    still = sa.or_(sa.and_(theirs, feedback.c.wall_person == "no"), sa.and_(~theirs, feedback.c.wall.is_(None)))
    mine = (wall_consent.c.shop_id == shop_id, wall_consent.c.says == "no", still)
    query = sa.select(feedback.c.id, theirs.label("theirs")).select_from(wall_consent.join(feedback, of)).where(*mine)
    return [(row.id, bool(row.theirs)) for row in await conn.execute(query.distinct())]


async def list_ended_screens(conn: Connection, shop_id: str) -> list[str]:
    query = sa.select(wall_screen.c.id).where(wall_screen.c.shop_id == shop_id, wall_screen.c.ended_at.is_not(None))
    return list((await conn.execute(query)).scalars())
