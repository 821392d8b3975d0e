"""Letting go in small steps: who writes meanwhile has its turn, and a look only looks."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from storefront_trace.actions import lookup, purging, questions, shops, steps
from storefront_trace.actions.purging import Purged
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.ids import new_id
from storefront_trace.storage import audit
from storefront_trace.storage import feedback as said_rows
from storefront_trace.storage.database import Database
from tests.people import Shop
from tests.web.owner.answers import put_answer

BATCH = 4
LONG_AGO = datetime(2024, 1, 9, tzinfo=UTC)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "AT_ONCE", BATCH)
    monkeypatch.setattr(purging, "LOOKED_FOR", 2 * BATCH + 1)
    monkeypatch.setattr(purging, "ORDERS", 2)
    monkeypatch.setattr(purging, "PAGE", 3)


@contextlib.contextmanager
def transactions(db: Database) -> Iterator[list[int]]:
    """How many rows each of them changed."""
    found, engine = [0], db._writer.sync_engine

    def count(_conn: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(("UPDATE", "DELETE")) and "UPDATE shop " not in statement:
            found[-1] += max(0, cursor.rowcount)

    def end(_conn: Any) -> None:
        found.append(0)

    sa.event.listen(engine, "after_cursor_execute", count)
    sa.event.listen(engine, "commit", end)
    yield found
    sa.event.remove(engine, "after_cursor_execute", count)
    sa.event.remove(engine, "commit", end)


async def an_old_shop(shop: Shop) -> None:
    """Of everything more than a batch, and more than a page."""
    with time_machine.travel("2024-01-10T12:00:00Z", tick=False):
        for number in range(1001, 1008):
            await shop.order(str(number), lines=(), placed_at=LONG_AGO)
            await lookup.ask_for_link(shop.desk, str(number), "karin@example.com", language="sv")
            await questions.ask(shop.desk, shop.id, (await shop.row(str(number))).id, "När?", locale="sv")
            await steps.log_step(shop.desk, shop.id, str(number), StepToLog("delivered"))
            await shops.set_face(shop.desk, shop.id, fade_days=number - 1000)
        for _ in range(10):
            await put_answer(shop, "anders", words="Tack Anders!")


async def test_no_transaction_changes_more_than_some_rows(shop: Shop, small: None) -> None:
    await an_old_shop(shop)
    with transactions(shop.desk.db) as changed:
        gone = await purging.purge(shop.desk, shop.id)
    assert (gone.orders, gone.words, gone.changes) == (7, 10, 7)
    # Of each of two orders: its row, its question, its link.
    assert max(changed) <= max(BATCH, 2 * 3) and len(changed) > 10


async def test_a_look_tells_what_will_go_and_takes_no_writer(
    shop: Shop, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    await an_old_shop(shop)

    def never(_self: Database) -> None:
        raise AssertionError("a look has written")

    with monkeypatch.context() as patch:
        patch.setattr(Database, "write", never)
        looked = await purging.purge(shop.desk, shop.id, dry_run=True)
    assert looked == await purging.purge(shop.desk, shop.id)
    assert await purging.purge(shop.desk, shop.id) == Purged()


async def test_what_was_killed_halfway_is_gone_after_the_next_round(
    shop: Shop, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    await an_old_shop(shop)
    real, left = purging._let_some_go, [2]

    async def dies(*told: Any) -> int:
        left[0] -= 1
        if left[0] < 0:
            raise OSError("killed")
        return await real(*told)

    with monkeypatch.context() as patch, pytest.raises(OSError, match="killed"):
        patch.setattr(purging, "_let_some_go", dies)
        await purging.purge(shop.desk, shop.id)
    await purging.purge(shop.desk, shop.id)
    assert await purging.purge(shop.desk, shop.id, dry_run=True) == Purged()
    assert (await shop.row("1007")).email is None


async def test_an_order_that_came_to_life_meanwhile_keeps_its_customer(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel("2024-01-10T12:00:00Z", tick=False):
        await shop.order(placed_at=LONG_AGO)
        await steps.log_step(shop.desk, shop.id, "1001", StepToLog("shipped"))
    real = purging._forget_some

    async def after_a_step(*told: Any) -> int:
        await steps.log_step(shop.desk, shop.id, "1001", StepToLog("in_transit"))
        return await real(*told)

    monkeypatch.setattr(purging, "_forget_some", after_a_step)
    assert (await purging.purge(shop.desk, shop.id)).orders == 0
    assert (await shop.row()).first_name == "Karin"


async def test_the_log_of_changes_is_let_go_after_the_shops_own_months(shop: Shop) -> None:
    with time_machine.travel("2025-01-10T12:00:00Z", tick=False):
        await shops.set_face(shop.desk, shop.id, fade_days=7)
    await shops.set_face(shop.desk, shop.id, log_months=84)
    with time_machine.travel("2026-01-10T12:00:00Z", tick=False):
        assert (await purging.purge(shop.desk, shop.id, dry_run=True)).changes == 0
    await shops.set_face(shop.desk, shop.id, log_months=6)
    with time_machine.travel("2026-01-10T12:00:00Z", tick=False):
        assert (await purging.purge(shop.desk, shop.id)).changes == 1
    async with shop.desk.db.read() as conn:
        kept = await audit.list_audit(conn, shop.id, limit=10)
    assert all(one.at > now_micros() - 700 * DAY for one in kept) and len(kept) >= 2


@pytest.mark.parametrize(
    "wrong", [{"words_months": 2}, {"words_months": 61}, {"log_months": 5}, {"log_months": 85}, {"log_months": "x"}]
)
async def test_how_long_things_are_kept_has_bounds_wherever_it_is_set(shop: Shop, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="Choose from"):
        await shops.set_face(shop.desk, shop.id, **wrong)


async def test_an_answer_of_yesterday_keeps_its_words(shop: Shop) -> None:
    said = await put_answer(shop, "anders", words="Tack!", id=new_id())
    await purging.purge(shop.desk, shop.id)
    async with shop.desk.db.read() as conn:
        assert (await said_rows.get_feedback(conn, shop.id, said)).words == "Tack!"
