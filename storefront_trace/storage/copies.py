"""Everything that is kept about a customer or a person, as rows by table: for them to read."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from storefront_trace.domain.following import hidden_address
from storefront_trace.storage.customers_own import THEIRS
from storefront_trace.storage.database import Connection
from storefront_trace.storage.privacy import list_spellings
from storefront_trace.storage.tables import (
    account,
    audit,
    consent,
    event,
    feedback,
    follower,
    line,
    notice,
    order,
    parcel,
    passkey,
    person,
    question,
    reading,
    reply,
    session,
    talk,
    wall_consent,
)
from storefront_trace.storage.veil import is_veiled

_OF_PERSON = (
    ("events", event),
    ("feedback", feedback),
    ("replies", reply),
    ("consents", consent),
    ("talks", talk),
    ("wall", wall_consent),
)


async def export_orders(conn: Connection, shop_id: str, order_ids: list[str]) -> dict[str, list[dict[str, Any]]]:
    """What is kept about these orders, by table, as it is the customer's to read: see THEIRS."""
    tables = (("orders", order, order.c.id), ("lines", line, line.c.order_id), ("parcels", parcel, parcel.c.order_id))
    said = (("feedback", feedback, feedback.c.order_id), ("replies", reply, reply.c.order_id))
    more = (
        ("questions", question, question.c.order_id),
        ("wall", wall_consent, wall_consent.c.order_id),
        ("events", event, event.c.order_id),
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for name, table, key in (*tables, *said, *more):
        rows = await _rows(conn, table, table.c.shop_id == shop_id, key.in_(order_ids))
        theirs = [row for row in rows if table is not wall_consent or row["person_id"] is None]
        found[name] = [{column: row[column] for column in THEIRS[name]} for row in theirs]
    for one in found["events"]:
        if one["kind"] == "hand":  # what colleagues write to each other
            one["note"] = None
    return found


async def export_followers(conn: Connection, shop_id: str, order_ids: list[str], mine: str) -> list[dict[str, Any]]:
    """Who follows these orders, and what else this address (by its fingerprint) follows. Addresses of others are theirs
    to ask for."""
    whose = sa.or_(follower.c.order_id.in_(order_ids), follower.c.fingerprint == mine)
    found = await _rows(conn, follower, follower.c.shop_id == shop_id, whose)
    for one in found:
        if one.pop("fingerprint") != mine:
            one |= {"address": hidden_address(one["address"]) if one["address"] else None, "subscription": None}
    return found


async def export_notices(conn: Connection, shop_id: str, email: str) -> list[dict[str, Any]]:
    mine = notice.c.recipient.in_(await list_spellings(conn, shop_id, [email]))
    return await _rows(conn, notice, notice.c.shop_id == shop_id, mine)


async def export_person(conn: Connection, shop_id: str, person_id: str) -> dict[str, list[dict[str, Any]]]:
    """The feedback about somebody is theirs to read, the customer's name is not. It is still theirs after they have
    left, when it counts as their team's."""
    found = {
        name: await _rows(conn, table, table.c.shop_id == shop_id, table.c.person_id == person_id)
        for name, table in _OF_PERSON
    }
    did = sa.select(event.c.order_id, event.c.id).where(event.c.shop_id == shop_id, event.c.person_id == person_id)
    of_step = sa.tuple_(feedback.c.order_id, feedback.c.event_id).in_(did)
    passed = (feedback.c.shop_id == shop_id, feedback.c.person_id.is_(None), of_step)
    found["feedback"] += await _rows(conn, feedback, *passed)
    for one in found["feedback"]:
        one.pop("first_name", None)
    if is_veiled():  # what leads to what was said of them, they take out themselves, from their own page
        found |= {name: [] for name in found if name != "consents"}
    theirs = sa.or_(question.c.person_id == person_id, question.c.answered_by == person_id)
    found["questions"] = await _rows(conn, question, question.c.shop_id == shop_id, theirs)
    led = (talk.c.shop_id == shop_id, talk.c.by_person == person_id, talk.c.person_id != person_id)
    found["talks"] += [] if is_veiled() else await _rows(conn, talk, *led)
    found["person"] = await _rows(conn, person, person.c.shop_id == shop_id, person.c.id == person_id)
    # What they did, not what others did to them: who that was is somebody else's.
    found["changes"] = await _rows(conn, audit, audit.c.shop_id == shop_id, audit.c.person_id == person_id)
    found["readings"] = await _rows(conn, reading, reading.c.shop_id == shop_id, reading.c.person_id == person_id)
    mine = (account.c.shop_id == shop_id, account.c.person_id == person_id)
    found["accounts"] = await _rows(conn, account, *mine)
    ids = (await conn.execute(sa.select(account.c.id).where(*mine))).scalars()
    accounts = list(ids)
    for name, table in (("sessions", session), ("passkeys", passkey)):
        found[name] = await _rows(conn, table, table.c.shop_id == shop_id, table.c.account_id.in_(accounts))
    for one in found["passkeys"]:
        one.pop("fingerprint")
    return found


async def _rows(conn: Connection, table: sa.Table, *where: sa.ColumnElement[bool]) -> list[dict[str, Any]]:
    """Without hashes and secrets, which say nothing about anybody."""
    columns = [column for column in table.c if column.name not in ("token_hash", "secret_id", "pin_hash")]
    rows = await conn.execute(sa.select(*columns).where(*where).order_by(*table.primary_key.columns))
    return [dict(row._mapping) for row in rows]
