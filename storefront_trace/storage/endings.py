"""How far the journal of endings has been carried out here, and what only a restore does."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from storefront_trace.storage.database import Connection
from storefront_trace.storage.insertion import insertion
from storefront_trace.storage.tables import (
    feedback,
    follower,
    journal_mark,
    kiosk,
    notice,
    order,
    passkey,
    pending_signin,
    person,
    recovery_code,
    second_factor,
    session,
    signin_link,
    tracking_link,
    wall_consent,
)

DOORS = (session, kiosk)
KEYS = (signin_link, pending_signin, recovery_code)


async def find_mark(conn: Connection, shop_id: str) -> str | None:
    query = sa.select(journal_mark.c.line).where(journal_mark.c.shop_id == shop_id)
    return (await conn.execute(query)).scalar_one_or_none()


async def upsert_mark(conn: Connection, shop_id: str, line: str) -> None:
    statement = insertion(conn, journal_mark).values(shop_id=shop_id, line=line)
    await conn.execute(statement.on_conflict_do_update(index_elements=["shop_id"], set_={"line": line}))


async def update_doors_shut(conn: Connection, shop_id: str, until: int) -> None:
    """Whatever let somebody in that was made by then: sessions, shared tablets, sign-in links and recovery codes."""
    for table in DOORS:
        mine = (table.c.shop_id == shop_id, table.c.created_at <= until, table.c.ended_at.is_(None))
        await conn.execute(sa.update(table).where(*mine).values(ended_at=until))
    for table in KEYS:
        await conn.execute(sa.delete(table).where(table.c.shop_id == shop_id, table.c.created_at <= until))


async def delete_keys_of(conn: Connection, shop_id: str, account_id: str, until: int, *, passkeys: bool) -> None:
    """The passkeys of an account, or else its codes, that were made by then."""
    tables = (passkey,) if passkeys else (second_factor, recovery_code)
    for table in tables:
        mine = (table.c.shop_id == shop_id, table.c.account_id == account_id, table.c.created_at <= until)
        await conn.execute(sa.delete(table).where(*mine))


async def update_visibility_lowered(
    conn: Connection, shop_id: str, person_id: str, visibility: str, until: int
) -> None:
    """Unless they have chosen anew since; never to be shown more."""
    chosen = sa.or_(person.c.visibility_chosen_at.is_(None), person.c.visibility_chosen_at <= until)
    more = sa.or_(person.c.visibility.is_(None), person.c.visibility != "team")
    mine = (person.c.shop_id == shop_id, person.c.id == person_id, chosen, more)
    await conn.execute(sa.update(person).where(*mine).values(visibility=visibility, visibility_chosen_at=until))


async def update_portrait_gone(conn: Connection, shop_id: str, person_id: str, photo: str) -> bool:
    mine = (person.c.shop_id == shop_id, person.c.id == person_id, person.c.photo == photo)
    return bool((await conn.execute(sa.update(person).where(*mine).values(photo=None))).rowcount)


async def update_links_revoked_to(conn: Connection, shop_id: str, order_id: str, upto: int, at: int) -> None:
    """Those with this number or a lower one."""
    mine = (tracking_link.c.shop_id == shop_id, tracking_link.c.order_id == order_id, tracking_link.c.number <= upto)
    await conn.execute(
        sa.update(tracking_link).where(*mine, tracking_link.c.revoked_at.is_(None)).values(revoked_at=at)
    )


async def update_follower_stopped(conn: Connection, shop_id: str, follower_id: str, why: str, at: int) -> None:
    """Unless they have asked for it anew since."""
    mine = (follower.c.shop_id == shop_id, follower.c.id == follower_id, follower.c.created_at <= at)
    quiet = sa.update(follower).where(*mine, follower.c.stopped_at.is_(None))
    await conn.execute(quiet.values(stopped_at=at, stopped_why=why))


async def update_off_the_wall(conn: Connection, shop_id: str, feedback_id: str, at: int, *, by_person: bool) -> None:
    """Unless whose no it was has said yes since."""
    whose = wall_consent.c.person_id.is_not(None) if by_person else wall_consent.c.person_id.is_(None)
    since = (wall_consent.c.shop_id == shop_id, wall_consent.c.feedback_id == feedback_id, wall_consent.c.said_at > at)
    mine = (feedback.c.shop_id == shop_id, feedback.c.id == feedback_id)
    anew = sa.exists().where(*since, whose, wall_consent.c.says != "no")
    said = {"wall_person": "no"} if by_person else {"wall": None}
    await conn.execute(sa.update(feedback).where(*mine, ~anew).values(wall_put_at=None, **said))


async def list_present(conn: Connection, shop_id: str, order_ids: Sequence[str]) -> list[str]:
    query = sa.select(order.c.id).where(order.c.shop_id == shop_id, order.c.id.in_(order_ids))
    return list((await conn.execute(query)).scalars())


async def list_order_addresses(conn: Connection, shop_id: str, after: str, limit: int) -> list[tuple[str, str, int]]:
    """(order, address, when it came in), from behind the order `after` on."""
    mine = (order.c.shop_id == shop_id, order.c.email.is_not(None), order.c.id > after)
    query = sa.select(order.c.id, order.c.email, order.c.created_at).where(*mine).order_by(order.c.id).limit(limit)
    return [(row.id, row.email, row.created_at) for row in await conn.execute(query)]


async def list_other_addresses(conn: Connection, shop_id: str) -> list[str]:
    """Those of notices and of who follows."""
    written = sa.select(notice.c.recipient).where(notice.c.shop_id == shop_id)
    follows = sa.select(follower.c.address).where(follower.c.shop_id == shop_id, follower.c.address.is_not(None))
    return list((await conn.execute(sa.union(written, follows))).scalars())
