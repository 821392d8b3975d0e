"""Taking back one step on many orders, when the shop has moved on meanwhile."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from storefront_trace.actions import steps
from storefront_trace.actions.steps import StepToLog
from storefront_trace.storage import tables
from tests.people import Shop

SignIn = Any


async def packed(shop: Shop, number: str) -> None:
    await steps.log_step(shop.desk, shop.id, number, StepToLog("packed", by="anders"))


async def test_what_is_logged_can_be_taken_back_whatever_the_owner_makes_of_the_step(
    shop: Shop, signed_in: SignIn
) -> None:
    events = []
    for number in ("1001", "1002"):
        await shop.order(number)
        await packed(shop, number)
        events.append((await shop.events(number))[-1].id)
    async with shop.desk.db.write() as conn:
        await conn.execute(sa.update(tables.step).where(tables.step.c.key == "packed").values(effect="pause"))
        await conn.execute(sa.update(tables.shop).values(generation=tables.shop.c.generation + 1))
    form = {"step": "packed", "event": [*events, "gone"], "number": ["1001", "1002", "1002"]}
    answer = await (await signed_in("anders")).post("/staff/bulk/undo?lang=sv", data=form)
    assert answer.status_code == 200 and "2 ordrar tillbakatagna: Packad" in answer.text
    assert answer.text.count("scan--refused") == 1 and "Inte tillbakatagna" in answer.text
    assert [(await shop.row(n)).state for n in ("1001", "1002")] == ["received", "received"]


async def test_it_can_also_when_the_step_is_not_named(shop: Shop, signed_in: SignIn) -> None:
    await shop.order()
    await packed(shop, "1001")
    form = {"step": "no-such-step", "event": (await shop.events())[-1].id, "number": "1001"}
    answer = await (await signed_in("anders")).post("/staff/bulk/undo?lang=fi", data=form)
    assert answer.status_code == 200 and "Vaihe peruttu 1 tilauksesta" in answer.text
    assert "no-such-step" not in answer.text and (await shop.row()).state == "received"
