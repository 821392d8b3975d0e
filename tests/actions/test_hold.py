from __future__ import annotations

import asyncio

import pytest

from storefront_trace.actions import hold, steps, trail
from storefront_trace.actions.hold import Deed
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.errors import Conflict, Invalid
from storefront_trace.storage.orders import OrderRow
from tests.people import Shop


async def take(shop: Shop, by: str, over: str = "") -> OrderRow:
    return await hold.take_order(shop.desk, shop.id, "1001", Deed(by, "Pixel"), over=over)


async def give_back(shop: Shop, by: str) -> OrderRow:
    return await hold.give_back(shop.desk, shop.id, "1001", Deed(by))


async def hand(shop: Shop, by: str, to: str, words: str = "") -> OrderRow:
    return await hold.hand_order(shop.desk, shop.id, "1001", Deed(by), to=to, words=words)


async def waiting_order(shop: Shop, hand_to: str | None = None) -> OrderRow:
    await shop.order()
    return (await steps.log_step(shop.desk, shop.id, "1001", StepToLog("received", by="jocke", hand_to=hand_to))).order


async def test_who_takes_an_order_has_it_and_its_wait_goes_on(shop: Shop) -> None:
    before = await waiting_order(shop)
    after = await take(shop, "anders")
    anders = await shop.person_id("anders")
    assert (after.waiting_person_id, after.holder_person_id) == (anders, anders)
    assert (after.state, after.next_step, after.waiting_since) == (before.state, before.next_step, before.waiting_since)
    assert after.version == before.version + 1
    last = (await shop.events())[-1]
    assert (last.kind, last.step, last.device) == ("hand", None, "Pixel")


async def test_of_two_who_take_it_at_once_one_gets_it_and_the_other_is_told_who(shop: Shop) -> None:
    await waiting_order(shop)
    found = await asyncio.gather(take(shop, "anders"), take(shop, "lisa"), return_exceptions=True)
    [lost] = [one for one in found if isinstance(one, Conflict)]
    row = await shop.row()
    winner = "Anders" if row.waiting_person_id == await shop.person_id("anders") else "Lisa"
    assert str(lost).startswith(f"{winner} has it now.")
    assert len([event for event in await shop.events() if event.kind == "hand"]) == 1


async def test_taking_it_twice_is_taking_it_once(shop: Shop) -> None:
    await waiting_order(shop)
    assert (await take(shop, "anders")).version == (await take(shop, "anders")).version


async def test_who_knows_who_has_it_can_take_it_over(shop: Shop) -> None:
    await waiting_order(shop, hand_to="anders")
    with pytest.raises(Conflict):
        await take(shop, "lisa")
    assert (await take(shop, "lisa", over="anders")).waiting_person_id == await shop.person_id("lisa")


async def test_what_was_taken_and_given_back_is_where_it_was(shop: Shop) -> None:
    before = await waiting_order(shop, hand_to="anders")
    await take(shop, "lisa", over="anders")
    after = await give_back(shop, "lisa")
    names = ("waiting_person_id", "waiting_team", "waiting_since", "holder_person_id", "holder_event_id", "due")
    assert [getattr(after, name) for name in names] == [getattr(before, name) for name in names]


async def test_what_one_was_handed_goes_back_to_the_team_of_the_next_step(shop: Shop) -> None:
    await waiting_order(shop, hand_to="anders")
    after = await give_back(shop, "anders")
    assert (after.waiting_person_id, after.waiting_team) == (None, "warehouse")
    with pytest.raises(Conflict, match="not with you"):
        await give_back(shop, "anders")


async def test_it_is_passed_on_to_a_colleague_or_a_team_with_a_line(shop: Shop) -> None:
    await waiting_order(shop)
    assert (await hand(shop, "anders", "lisa", " Jag hinner inte. ")).waiting_person_id == await shop.person_id("lisa")
    assert (await shop.events())[-1].note == "Jag hinner inte."
    after = await hand(shop, "lisa", "orders")
    assert (after.waiting_person_id, after.waiting_team, after.holder_team) == (None, "orders", "orders")
    with pytest.raises(Invalid, match="Choose who"):
        await hand(shop, "lisa", "")
    with pytest.raises(Invalid, match="too long") as refused:
        await hand(shop, "lisa", "anders", "x" * 1001)
    assert [field for field, _ in refused.value.errors] == ["note"] and refused.value.params == {"most": 1000}


async def test_what_is_done_or_on_its_way_is_nobodys_to_take(shop: Shop) -> None:
    await shop.order()
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("cancelled", by="jocke"))
    with pytest.raises(Conflict, match="Nobody here"):
        await take(shop, "anders")


async def test_a_step_after_it_moves_on_as_ever(shop: Shop) -> None:
    await waiting_order(shop)
    await take(shop, "lisa")
    row = (await steps.log_step(shop.desk, shop.id, "1001", StepToLog("picked", by="lisa"))).order
    assert (row.waiting_person_id, row.waiting_team, row.holder_person_id) == (
        None,
        "warehouse",
        await shop.person_id("lisa"),
    )


async def test_the_rows_follow_from_the_events_alone(shop: Shop) -> None:
    await waiting_order(shop)
    before = await take(shop, "lisa")
    async with shop.desk.db.write() as conn:
        cast = await shop.desk.casts.get(conn, shop.id)
        await trail.rebuild(conn, cast, before.id)
    assert await shop.row() == before
