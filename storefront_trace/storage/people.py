"""Staff members, and the record of what they agreed to."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from storefront_trace.domain.errors import NotFound
from storefront_trace.domain.shop import Person
from storefront_trace.domain.texts import folded
from storefront_trace.storage.database import Connection
from storefront_trace.storage.insertion import insertion
from storefront_trace.storage.shops import to_person
from storefront_trace.storage.tables import account, consent, person, team


async def get_person(conn: Connection, shop_id: str, handle: str) -> Person:
    found = await find_person(conn, shop_id, handle)
    if found is None:
        raise NotFound("There is nobody with that handle.")
    return found


async def find_person(conn: Connection, shop_id: str, handle: str) -> Person | None:
    return await _one(conn, person.c.shop_id == shop_id, person.c.handle == handle)


async def get_person_by_id(conn: Connection, shop_id: str, person_id: str) -> Person:
    found = await _one(conn, person.c.shop_id == shop_id, person.c.id == person_id)
    if found is None:
        raise NotFound("There is no such person.")
    return found


async def list_people(conn: Connection, shop_id: str) -> list[Person]:
    """Alphabetical, never by anything else."""
    rows = await conn.execute(sa.select(person).where(person.c.shop_id == shop_id))
    return sorted(map(to_person, rows), key=lambda one: (folded(one.display_name), one.id))


async def list_rights(conn: Connection, shop_id: str) -> dict[str, tuple[str, str | None]]:
    """By person id, of all who hold more or less than staff: (role, the team that a manager looks after)."""
    query = sa.select(account.c.person_id, account.c.role, account.c.manages)
    found = await conn.execute(query.where(account.c.shop_id == shop_id, account.c.role != "staff"))
    return {row.person_id: (row.role, row.manages) for row in found}


async def find_people_by_photo(conn: Connection, photo_id: str) -> list[tuple[str, Person]]:
    """(shop id, person) of everybody here whose portrait it is: two may have sent the very same picture."""
    rows = await conn.execute(sa.select(person).where(person.c.photo == photo_id))
    return [(row.shop_id, to_person(row)) for row in rows]


async def is_team_photo(conn: Connection, photo_id: str) -> bool:
    return (await conn.execute(sa.select(team.c.photo).where(team.c.photo == photo_id).limit(1))).first() is not None


async def insert_person(conn: Connection, shop_id: str, new: Person) -> bool:
    """Whether they are new; False when somebody else has just put in a person with this handle."""
    statement = insertion(conn, person).values(shop_id=shop_id, **asdict(new))
    done = await conn.execute(statement.on_conflict_do_nothing(index_elements=["shop_id", "handle"]))
    return done.rowcount == 1


async def update_person(conn: Connection, shop_id: str, person_id: str, **changes: Any) -> None:
    query = sa.update(person).where(person.c.shop_id == shop_id, person.c.id == person_id)
    await conn.execute(query.values(**changes))


async def insert_consent(conn: Connection, shop_id: str, **values: Any) -> None:
    await conn.execute(sa.insert(consent).values(shop_id=shop_id, **values))


async def update_consents_ended(
    conn: Connection, shop_id: str, person_id: str, now: int, *, about: str | None = None
) -> None:
    """Those that still hold, about one thing or everything."""
    query = sa.update(consent).where(consent.c.shop_id == shop_id, consent.c.person_id == person_id)
    query = query if about is None else query.where(consent.c.about == about)
    await conn.execute(query.where(consent.c.withdrawn_at.is_(None)).values(withdrawn_at=now))


async def delete_consents(conn: Connection, shop_id: str, person_id: str) -> None:
    """Of somebody who is forgotten."""
    await conn.execute(sa.delete(consent).where(consent.c.shop_id == shop_id, consent.c.person_id == person_id))


async def list_left(conn: Connection) -> list[tuple[str, str]]:
    """(shop, person) of all who have left, in every shop."""
    query = sa.select(person.c.shop_id, person.c.id).where(person.c.left_at.is_not(None))
    return [(row.shop_id, row.id) for row in await conn.execute(query.order_by(person.c.shop_id, person.c.id))]


async def list_consents(conn: Connection, shop_id: str, person_id: str) -> list[dict[str, Any]]:
    query = sa.select(consent).where(consent.c.shop_id == shop_id, consent.c.person_id == person_id)
    return [dict(row._mapping) for row in await conn.execute(query.order_by(consent.c.created_at, consent.c.id))]


async def _one(conn: Connection, *where: sa.ColumnElement[bool]) -> Person | None:
    row = (await conn.execute(sa.select(person).where(*where))).first()
    return to_person(row) if row else None
