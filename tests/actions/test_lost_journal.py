"""The journal of endings when its file is lost, when a line is broken, and when what it says was rolled back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.engine.default import DefaultDialect

from storefront_trace.actions import endings, orders, people, privacy, rights
from storefront_trace.actions.purging import forget_past
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.ids import new_id
from storefront_trace.storage import shops
from storefront_trace.storage.database import Database
from storefront_trace.storage.journal import LOST, UNDONE, Journal
from tests.earlier import copy_of, put_back
from tests.people import Shop


def journal(shop: Shop) -> Journal:
    assert shop.desk.journal is not None
    return shop.desk.journal


def lines(shop: Shop) -> list[str]:
    return [one.do for one in journal(shop).read()]


async def cast_now(shop: Shop) -> Any:
    async with shop.desk.db.read() as conn:
        return (await shops.get_cast(conn, shop.id)).people


async def test_a_lost_file_is_told_of_though_a_new_one_has_begun(shop: Shop) -> None:
    for number in ("1001", "1002"):
        await shop.order(number)
    await privacy.erase_customer(shop.desk, shop.id, number="1001")
    old = journal(shop).path.read_bytes()
    journal(shop).path.unlink()
    assert await endings.is_lost(shop.desk)
    await privacy.erase_customer(shop.desk, shop.id, number="1002")
    assert await endings.is_lost(shop.desk)
    await endings.carry_out(shop.desk)
    assert await endings.is_lost(shop.desk) and lines(shop).count(LOST) == 1
    journal(shop).path.write_bytes(old + journal(shop).path.read_bytes())
    assert not await endings.is_lost(shop.desk)


@pytest.mark.parametrize("told_by", ["the next ending", "the next start"])
async def test_what_had_ended_before_the_file_was_lost_does_not_come_back_either(shop: Shop, told_by: str) -> None:
    for number in ("1001", "1002", "1003"):
        await shop.order(number)
    anders = await shop.person_id("anders")
    backup = await copy_of(shop.desk.db)
    await privacy.erase_customer(shop.desk, shop.id, number="1001")
    await orders.revoke_links(shop.desk, shop.id, "1003")
    await people.choose_visibility(shop.desk, shop.id, anders, "team", locale="sv")
    await people.end_employment(shop.desk, shop.id, "lisa")
    journal(shop).path.unlink()
    if told_by == "the next ending":
        await privacy.erase_customer(shop.desk, shop.id, number="1002")
    else:
        assert (await endings.carry_out(shop.desk)).lines == 0
    ended = {one.handle: (one.left_at is None, one.visibility) for one in (await cast_now(shop)).values()}
    await put_back(shop.desk.db, backup)
    await endings.mark_restored(shop.desk)
    await endings.carry_out(shop.desk)
    assert (await shop.row("1001")).email is None
    assert (await shop.row("1002")).email == (None if told_by == "the next ending" else "karin@example.com")
    assert {one.handle: (one.left_at is None, one.visibility) for one in (await cast_now(shop)).values()} == ended
    assert ended["lisa"][0] is False


async def test_an_order_that_is_only_past_its_time_keeps_what_was_noted(shop: Shop) -> None:
    """What the database knows is written anew as what it was."""
    for number in ("1001", "1002"):
        await shop.order(number)
        await log_step(shop.desk, shop.id, number, StepToLog("packed", by="anders", note="Extra mjukt"))
    await privacy.erase_customer(shop.desk, shop.id, number="1002")
    async with shop.desk.db.write() as conn:
        await forget_past(conn, shop.id, [(await shop.row("1001")).id], now_micros())
    journal(shop).path.unlink()
    await endings.carry_out(shop.desk)
    told = {one.do: one.told["orders"] for one in journal(shop).read() if one.do in ("past", "customer")}
    assert told == {"past": [(await shop.row("1001")).id], "customer": [(await shop.row("1002")).id]}


ODD = {
    "without its orders": b'{"id":"z1","shop":"%s","at":1,"do":"customer"}',
    "at no moment": b'{"id":"z2","shop":"%s","at":1e400,"do":"left","person":"x"}',
    "later than any database can say": b'{"id":"z3","shop":"%s","at":99999999999999999999,"do":"left","person":"x"}',
    "of another form": b'{"id":"z4","shop":"%s","at":1,"do":"customer","orders":[["a"]],"to":7}',
    "nested without end": b"[" * 200_000,
    "without letters": b"\xff\xfe\x00",
}


@pytest.mark.parametrize("which", ODD)
async def test_a_line_that_nobody_can_read_stops_no_start_and_is_counted(shop: Shop, which: str) -> None:
    await shop.order()
    backup = await copy_of(shop.desk.db)
    line = ODD[which].replace(b"%s", shop.id.encode())
    journal(shop).path.write_bytes(line + b"\n")
    await privacy.erase_customer(shop.desk, shop.id, number="1001")
    await put_back(shop.desk.db, backup)
    assert (await endings.carry_out(shop.desk)).lines == 1
    assert (await shop.row()).email is None
    assert (await endings.find_trouble(shop.desk)).odd == (1,)


async def test_what_was_rolled_back_is_not_carried_out_later(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    await people.invite(shop.desk, shop.id, "lisa", role="staff")
    append = Journal.append

    def breaks(self: Journal, some: Any) -> None:
        append(self, some)
        if some[0].do == "role":
            raise OSError("the disk went away")

    monkeypatch.setattr(Journal, "append", breaks)
    with pytest.raises(OSError, match="went away"):
        await rights.set_role(shop.desk, shop.id, "lisa", "owner")
    monkeypatch.undo()
    assert lines(shop)[-2:] == ["role", UNDONE]
    assert (await endings.carry_out(shop.desk)).lines == 0


async def test_after_a_commit_that_failed_it_is_said_that_nothing_was_done(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.order("1001")
    await shop.order("1002")
    await privacy.erase_customer(shop.desk, shop.id, number="1002")
    with monkeypatch.context() as patch:
        patch.setattr(DefaultDialect, "do_commit", _no_answer)
        with pytest.raises(OSError, match="no answer"):
            await privacy.erase_customer(shop.desk, shop.id, number="1001")
    assert (await shop.row("1001")).email is not None
    assert lines(shop)[-1] == UNDONE and (await endings.carry_out(shop.desk)).lines == 0
    assert (await shop.row("1001")).email is not None


def _no_answer(_dialect: Any, _connection: Any) -> None:
    raise OSError("no answer")


async def test_nobody_is_told_of_what_was_kept(shop: Shop) -> None:
    told: list[bool] = []

    async def undo(certain: bool) -> None:
        told.append(certain)

    db: Database = shop.desk.db
    async with db.write() as conn:
        db.when_undone(conn, undo)
    with pytest.raises(LookupError):
        async with db.write() as conn:
            db.when_undone(conn, undo)
            raise LookupError(new_id())
    assert told == [True]
