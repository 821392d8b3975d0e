"""Personal data wherever it is, taken out for erasure and when its time is over. Copies of it: see copies.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from storefront_trace.domain.orders import Event
from storefront_trace.domain.texts import folded
from storefront_trace.domain.wall import NOT_ASKED
from storefront_trace.storage.database import Connection
from storefront_trace.storage.events import detail_of, facts_of
from storefront_trace.storage.orders import ORDER_COLUMNS, OrderRow
from storefront_trace.storage.tables import (
    account,
    correction,
    event,
    feedback,
    follower,
    idempotency_key,
    notice,
    order,
    person,
    question,
    reading,
    reply,
    session,
    shop,
    team,
    tracking_link,
    wall_consent,
)

NOTHING = "…"  # stands where words were
PURGE = 7_067_136  # a lock's number, ours alone in this database


async def list_order_ids(conn: Connection, shop_id: str, *, number: str | None, email: str | None) -> list[str]:
    """ValueError without any of the two: no filter must never mean every order, for what is found here is erased."""
    if number is None and email is None:
        raise ValueError("Say whose orders: a number, an address, or both.")
    query = sa.select(order.c.id).where(order.c.shop_id == shop_id)
    query = query.where(order.c.number == number) if number is not None else query
    query = query.where(order.c.search_email == folded(email)) if email is not None else query
    return list((await conn.execute(query.order_by(order.c.id))).scalars())


async def list_quiet_orders(
    conn: Connection, shop_id: str, before: int, *, after: str = "", ids: Sequence[str] | None = None, limit: int
) -> list[OrderRow]:
    """Those with a name, an address, a follower or a question still that came home by then, or that nobody has touched
    since: all that can be past their time, and some that are not, see domain/lifetimes.py. Behind the id `after`, or of
    `ids` alone."""
    theirs = (
        sa.exists().where(table.c.shop_id == order.c.shop_id, table.c.order_id == order.c.id)
        for table in (follower, question)
    )
    personal = sa.or_(order.c.first_name.is_not(None), order.c.email.is_not(None), *theirs)
    quiet = sa.or_(order.c.delivered_at <= before, order.c.updated_at <= before)
    mine = order.c.id.in_(ids) if ids is not None else order.c.id > after
    query = sa.select(*ORDER_COLUMNS).where(order.c.shop_id == shop_id, mine, personal, quiet)
    return [OrderRow(*row) for row in await conn.execute(query.order_by(order.c.id).limit(limit))]


async def update_orders_nameless(conn: Connection, shop_id: str, ids: list[str], now: int) -> None:
    mine = (order.c.shop_id == shop_id, order.c.id.in_(ids))
    values = {"first_name": None, "email": None, "search_name": None, "search_email": None}
    await conn.execute(
        sa.update(order).where(*mine).values(**values, erased_at=sa.func.coalesce(order.c.erased_at, now))
    )


async def update_staff_words_emptied(conn: Connection, shop_id: str, order_ids: list[str]) -> list[str]:
    """Notes, photos, reasons and replies of these orders: they can name the customer or show the address on a parcel.
    Returns the photos."""
    mine = (event.c.shop_id == shop_id, event.c.order_id.in_(order_ids))
    photos = await _photos(conn, *mine)
    await conn.execute(sa.update(event).where(*mine).values(note=None, photo=None))
    said = (reply.c.shop_id == shop_id, reply.c.order_id.in_(order_ids))
    await conn.execute(sa.update(reply).where(*said).values(words=NOTHING))
    await _empty_reasons(conn, shop_id, order_ids)
    return photos


async def _empty_reasons(conn: Connection, shop_id: str, order_ids: list[str]) -> None:
    """Of what fell. A correction of nothing keeps its own: that is a key, see actions/incoming.py."""
    mine = (correction.c.shop_id == shop_id, correction.c.order_id.in_(order_ids), correction.c.reason.is_not(None))
    given = (await conn.execute(sa.select(correction.c.correction_event_id).where(*mine))).scalars().all()
    await conn.execute(sa.update(correction).where(*mine).values(reason=None))
    for event_id in given:
        it = (event.c.shop_id == shop_id, event.c.order_id.in_(order_ids), event.c.id == event_id)
        detail = dict((await conn.execute(sa.select(event.c.detail).where(*it))).scalar_one() or {})
        detail.pop("reason", None)
        await conn.execute(sa.update(event).where(*it).values(detail=detail or None))


async def update_events_rewritten(conn: Connection, shop_id: str, order_id: str, changed: Sequence[Event]) -> None:
    """What they say of things and parcels, see domain/forgotten.py. The caller makes the order's rows anew."""
    for one in changed:
        mine = (event.c.shop_id == shop_id, event.c.order_id == order_id, event.c.seq == one.seq)
        told = {"detail": detail_of(one), "facts": facts_of(one), "source_key": one.source_key}
        await conn.execute(sa.update(event).where(*mine).values(**told))


async def update_said_nameless(conn: Connection, shop_id: str, order_ids: list[str], *, words: bool) -> int:
    """How many answers lost the customer's name and, with `words`, what the customer wrote; the thanks stay counted.
    None of it hangs on the wall any more: who let it be shown could no longer take that back."""
    values: dict[str, Any] = {"first_name": None, "contact": False, **NOT_ASKED}
    if words:
        values |= {"words": "", "history": [], "side": None, "side_at": None}
    agreed = (wall_consent.c.shop_id == shop_id, wall_consent.c.order_id.in_(order_ids))
    await conn.execute(sa.delete(wall_consent).where(*agreed))
    mine = (feedback.c.shop_id == shop_id, feedback.c.order_id.in_(order_ids))
    return (await conn.execute(sa.update(feedback).where(*mine).values(**values))).rowcount


async def delete_questions(conn: Connection, shop_id: str, order_ids: list[str]) -> int:
    """With their answers: they were written to each other, and count for nothing else."""
    mine = (question.c.shop_id == shop_id, question.c.order_id.in_(order_ids))
    return (await conn.execute(sa.delete(question).where(*mine))).rowcount


async def update_links_ended(conn: Connection, shop_id: str, order_ids: list[str], now: int) -> None:
    mine = (tracking_link.c.shop_id == shop_id, tracking_link.c.order_id.in_(order_ids))
    await conn.execute(
        sa.update(tracking_link).where(*mine, tracking_link.c.revoked_at.is_(None)).values(revoked_at=now)
    )


async def lock_purge(conn: Connection) -> None:
    """Nobody else lets go at the same time, until the transaction ends; on SQLite it is the only one that writes."""
    if conn.dialect.name == "postgresql":
        await conn.execute(sa.select(sa.func.pg_advisory_xact_lock(PURGE)))


async def delete_notices_to(conn: Connection, shop_id: str, addresses: list[str]) -> int:
    mine = (notice.c.shop_id == shop_id, notice.c.recipient.in_(await list_spellings(conn, shop_id, addresses)))
    return (await conn.execute(sa.delete(notice).where(*mine))).rowcount


async def delete_notices_of(conn: Connection, shop_id: str, order_ids: list[str]) -> int:
    """Whatever was or is to be written about these orders, to whichever address: an order's may have changed since."""
    about = about_orders(shop_id, order_ids)
    return (await conn.execute(sa.delete(notice).where(notice.c.shop_id == shop_id, about))).rowcount


def about_orders(shop_id: str, order_ids: Sequence[str]) -> sa.ColumnElement[bool]:
    """Of a notice: whether it is about these orders, or about what was said of them."""
    answers = sa.select(feedback.c.id).where(feedback.c.shop_id == shop_id, feedback.c.order_id.in_(order_ids))
    return sa.or_(
        notice.c.detail["order_id"].as_string().in_(order_ids), notice.c.detail["feedback_id"].as_string().in_(answers)
    )


async def delete_notices_for(conn: Connection, shop_id: str, person_id: str) -> int:
    """What was or is to be written to somebody who works here, to whichever address they had then, and what the owner
    was told of their PIN or passkey."""
    named = (notice.c.detail[name].as_string() == person_id for name in ("person_id", "whose"))
    mine = sa.or_(*named)
    return (await conn.execute(sa.delete(notice).where(notice.c.shop_id == shop_id, mine))).rowcount


async def list_spellings(conn: Connection, shop_id: str, addresses: Sequence[str]) -> list[str]:
    """As notices have them, whatever the case of their letters."""
    wanted = {folded(address) for address in addresses}
    present = await conn.execute(sa.select(notice.c.recipient).where(notice.c.shop_id == shop_id).distinct())
    return [one for one in present.scalars() if folded(one) in wanted]


async def list_addresses(conn: Connection, shop_id: str, order_ids: list[str]) -> list[str]:
    query = sa.select(order.c.email).where(order.c.shop_id == shop_id, order.c.id.in_(order_ids))
    return [address for address in (await conn.execute(query)).scalars() if address]


async def update_person_nameless(conn: Connection, shop_id: str, person_id: str, name: str) -> None:
    mine = (person.c.shop_id == shop_id, person.c.id == person_id)
    values: dict[str, Any] = {"display_name": name, "roles": {}, "email": None, "photo": None, "visibility": "team"}
    values |= dict.fromkeys(("own_roles", "greeting", "languages", "phrases"))
    await conn.execute(sa.update(person).where(*mine).values(handle=f"gone-{person_id[-12:]}", **values))
    said = (feedback.c.shop_id == shop_id, feedback.c.person_id == person_id)
    values = {"side": None, "side_at": None, "wall_person": None, "wall_put_at": None}
    await conn.execute(sa.update(feedback).where(*said).values(**values))
    agreed = (wall_consent.c.shop_id == shop_id, wall_consent.c.person_id == person_id)
    await conn.execute(sa.delete(wall_consent).where(*agreed))
    await conn.execute(sa.delete(reading).where(reading.c.shop_id == shop_id, reading.c.person_id == person_id))


async def update_person_notes_emptied(conn: Connection, shop_id: str, person_id: str) -> list[str]:
    """The notes and photos that this person put on steps, which can show or name them, and what they were logged with.
    Returns the photos."""
    mine = (event.c.shop_id == shop_id, event.c.person_id == person_id)
    photos = await _photos(conn, *mine)
    await conn.execute(sa.update(event).where(*mine).values(note=None, photo=None, device=None))
    return photos


async def delete_sessions_of(conn: Connection, shop_id: str, person_id: str) -> None:
    """They have ended; each says on which device somebody was."""
    theirs = sa.select(account.c.id).where(account.c.shop_id == shop_id, account.c.person_id == person_id)
    await conn.execute(sa.delete(session).where(session.c.shop_id == shop_id, session.c.account_id.in_(theirs)))


async def _photos(conn: Connection, *where: sa.ColumnElement[bool]) -> list[str]:
    query = sa.select(event.c.photo).where(*where, event.c.photo.is_not(None)).distinct()
    return [str(photo) for photo in (await conn.execute(query)).scalars()]


async def list_unused_photos(conn: Connection, photos: Sequence[str]) -> list[str]:
    """Those that no step, person, team or shop here shows any more: their files can go. Through an index each."""
    used: set[str] = set()
    for column in (event.c.photo, person.c.photo, team.c.photo, shop.c.logo):
        used |= set((await conn.execute(sa.select(column).where(column.in_(photos)))).scalars())
    return [photo for photo in photos if photo not in used]


async def update_keys_emptied(conn: Connection, shop_id: str) -> None:
    """The answers kept under them hold names and notes, and do not say whose. The keys stay: a request told again finds
    by its own what it has done, and is answered anew, see actions/idempotency.py."""
    kept = (idempotency_key.c.shop_id == shop_id, idempotency_key.c.body.is_not(None))
    await conn.execute(sa.update(idempotency_key).where(*kept).values(body=None, status=0))
