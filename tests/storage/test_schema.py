from __future__ import annotations

import asyncio

import sqlalchemy as sa

from storefront_trace.actions.consents import Agreed, agree
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.incoming import IncomingLine
from storefront_trace.storage.database import Database
from storefront_trace.storage.schema import differences, downgrade, is_current, upgrade
from storefront_trace.storage.tables import account, consent, line, step
from tests.people import Shop


async def names(db: Database) -> set[str]:
    async with db.read() as conn:
        found: set[str] = await conn.run_sync(lambda sync: set(sa.inspect(sync).get_table_names()))
    return found


async def test_the_migrations_make_exactly_the_tables_of_the_code(shop: Shop) -> None:
    assert await is_current(shop.desk.db)
    assert await differences(shop.desk.db) == []


async def test_down_and_up_again_gives_the_same_tables(shop: Shop) -> None:
    db = shop.desk.db
    before = await names(db)
    await downgrade(db, "base")
    assert await names(db) == {"alembic_version"}
    await upgrade(db)
    assert await names(db) == before
    assert await differences(db) == []


async def test_migrating_twice_at_once_is_migrating_once(shop: Shop) -> None:
    db = shop.desk.db
    await downgrade(db, "base")
    await asyncio.gather(upgrade(db), upgrade(db))
    assert await is_current(db)


async def test_what_had_come_back_before_is_known_to_have_after(shop: Shop) -> None:
    for number, told in (("1001", ("shipped", "returned")), ("1002", ("returned",)), ("1003", ("shipped",))):
        await shop.order(
            number, lines=(IncomingLine("1", "Mugg", 2), IncomingLine("2", "Presentkort", 1, shippable=False))
        )
        for key in told:
            await log_step(shop.desk, shop.id, number, StepToLog(key, by="anders"))
    before = await returned(shop)
    assert sorted(before.values()) == [0, 0, 0, 0, 2, 2]
    await downgrade(shop.desk.db, "0001")
    await upgrade(shop.desk.db)
    assert await returned(shop) == before


async def returned(shop: Shop) -> dict[tuple[str, str], int]:
    async with shop.desk.db.read() as conn:
        rows = await conn.execute(sa.select(line.c.order_id, line.c.key, line.c.returned))
        return {(row.order_id, row.key): row.returned for row in rows}


async def test_steps_that_shared_a_drawing_get_their_own_and_a_chosen_one_stays(shop: Shop) -> None:
    await draw(shop, "exchanged", "bell")
    await downgrade(shop.desk.db, "0004")
    assert await drawn(shop, "returned") == "hand"
    await upgrade(shop.desk.db)
    assert (await drawn(shop, "returned"), await drawn(shop, "exchanged")) == ("return", "bell")


async def test_what_had_no_words_before_is_not_taken_for_something_else(shop: Shop) -> None:
    """A manager is staff again, and nobody's yes to something else reads as their choice of being shown."""
    await shop.give("lisa", "manager", "warehouse")
    await shop.give("sam", "reader")
    sam = await shop.person_id("sam")
    async with shop.desk.db.write() as conn:
        await agree(conn, shop.id, sam, "mails", Agreed("Ja, gärna.", "sv"))
        choices = (await conn.execute(sa.select(consent.c.id).where(consent.c.about == "visibility"))).all()
    await downgrade(shop.desk.db, "0004")
    async with shop.desk.db.read() as conn:
        roles = set((await conn.execute(sa.select(account.c.role))).scalars())
        left = (await conn.execute(sa.select(consent.c.id))).all()
    assert roles == {"owner", "staff"}
    assert sorted(left) == sorted(choices) != []


async def draw(shop: Shop, key: str, icon: str) -> None:
    mine = (step.c.shop_id == shop.id, step.c.key == key)
    async with shop.desk.db.write() as conn:
        await conn.execute(sa.update(step).where(*mine).values(icon=icon))


async def drawn(shop: Shop, key: str) -> str:
    mine = (step.c.shop_id == shop.id, step.c.key == key)
    async with shop.desk.db.read() as conn:
        return str((await conn.execute(sa.select(step.c.icon).where(*mine))).scalar_one())
