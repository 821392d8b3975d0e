"""Shops, their teams and their steps, and the cast that every page of a shop needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from storefront_trace.domain.errors import NotFound
from storefront_trace.domain.own_chips import read_chips
from storefront_trace.domain.shop import Cast, Person, Shop, ShopStep, Team
from storefront_trace.domain.steps import completed_steps, completed_team
from storefront_trace.storage.database import Connection
from storefront_trace.storage.insertion import insertion
from storefront_trace.storage.prepared import prepared
from storefront_trace.storage.tables import account, person, shop, step, team


async def list_shops(conn: Connection) -> list[Shop]:
    rows = await conn.execute(sa.select(shop).order_by(shop.c.created_at, shop.c.id).limit(1000))
    return [to_shop(row) for row in rows]


async def get_shop(conn: Connection, shop_id: str, *, lock: bool = False) -> Shop:
    query = sa.select(shop).where(shop.c.id == shop_id)
    row = (await conn.execute(query.with_for_update() if lock else query)).first()
    if row is None:
        raise NotFound("There is no such shop.")
    return to_shop(row)


_GENERATION = prepared(sa.select(shop.c.generation).where(shop.c.id == sa.bindparam("id")))


async def get_generation(conn: Connection, shop_id: str) -> int:
    return int((await conn.execute(_GENERATION, {"id": shop_id})).scalar_one())


async def get_cast(conn: Connection, shop_id: str) -> Cast:
    """The shop with everybody and every step, in every language that we have words for. The people of a shop are few;
    those who left are in it too."""
    found = await get_shop(conn, shop_id)
    people = await conn.execute(sa.select(person).where(person.c.shop_id == shop_id))
    teams = await conn.execute(sa.select(team).where(team.c.shop_id == shop_id).order_by(team.c.position, team.c.key))
    steps = await conn.execute(sa.select(step).where(step.c.shop_id == shop_id).order_by(step.c.position, step.c.key))
    reading = sa.select(account.c.person_id).where(account.c.shop_id == shop_id, account.c.role == "reader")
    return Cast(
        shop=found,
        people={p.id: p for p in map(to_person, people)},
        teams={row.key: completed_team(Team(**_without_shop(row))) for row in teams},
        steps=completed_steps(map(to_step, steps)),
        own_chips=read_chips(found.chips),
        readers=frozenset((await conn.execute(reading)).scalars()),
    )


async def insert_shop(conn: Connection, new: Shop) -> None:
    await conn.execute(sa.insert(shop).values(asdict(new)))


async def update_shop(conn: Connection, shop_id: str, **changes: Any) -> None:
    await conn.execute(sa.update(shop).where(shop.c.id == shop_id).values(**changes))


async def lock_shop(conn: Connection, shop_id: str) -> None:
    """Whoever gives or takes rights in it, or changes its people, waits until the transaction ends. Orders do not."""
    await conn.execute(sa.select(shop.c.id).where(shop.c.id == shop_id).with_for_update(key_share=True))


async def update_generation(conn: Connection, shop_id: str) -> None:
    """Makes every rendered page of the shop stale: part of each change of people, teams, steps and the shop's face."""
    await conn.execute(sa.update(shop).where(shop.c.id == shop_id).values(generation=shop.c.generation + 1))


async def upsert_team(conn: Connection, shop_id: str, new: Team) -> None:
    await _upsert(conn, team, {"shop_id": shop_id, **asdict(new)}, ("shop_id", "key"))


async def delete_team(conn: Connection, shop_id: str, key: str) -> None:
    """One that no order and nobody has been in: elsewhere it is known by its key."""
    await conn.execute(sa.delete(team).where(team.c.shop_id == shop_id, team.c.key == key))


async def upsert_step(conn: Connection, shop_id: str, new: ShopStep) -> None:
    values = {"shop_id": shop_id, **asdict(new), "chips": list(new.chips)}
    await _upsert(conn, step, values, ("shop_id", "key"))


def to_shop(row: Any) -> Shop:
    values = dict(row._mapping)
    return Shop(**{**values, "origins": _tuple(values["origins"])})


def to_person(row: Any) -> Person:
    values = _without_shop(row)
    return Person(**{**values, "languages": _tuple(values["languages"]), "phrases": _tuple(values["phrases"])})


def to_step(row: Any) -> ShopStep:
    values = _without_shop(row)
    return ShopStep(**{**values, "chips": tuple(values["chips"]), "methods": _tuple(values["methods"])})


def _tuple(found: list[str] | None) -> tuple[str, ...] | None:
    return None if found is None else tuple(found)


def _without_shop(row: Any) -> dict[str, Any]:
    return {key: value for key, value in row._mapping.items() if key != "shop_id"}


async def _upsert(conn: Connection, table: sa.Table, values: Mapping[str, Any], keys: tuple[str, ...]) -> None:
    statement = insertion(conn, table).values(values)
    changes = {name: statement.excluded[name] for name in values if name not in keys}
    await conn.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=changes))
