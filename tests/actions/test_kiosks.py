"""Shared tablets: one link makes one, a portrait and a PIN let in, five wrong ones in a row let nobody in."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest

from storefront_trace.actions import kiosks, people, pinhash
from storefront_trace.actions.kiosks import ENDED, WRONG
from storefront_trace.domain.clock import DAY, MINUTE, now_micros
from storefront_trace.domain.errors import Conflict, Gone, Invalid, NotFound
from storefront_trace.domain.pins import MOST_WRONG, REST
from storefront_trace.storage import kiosks as rows
from tests.actions.tablet import OTHER, PIN, account_of, fails, later, phone, session_of, tablet, told, with_pin
from tests.people import Shop


async def test_a_link_makes_one_tablet_once(shop: Shop) -> None:
    made, link = await kiosks.make_kiosk(shop.desk, shop.id, "  Packbordet ")
    assert (made.name, made.opened_at) == ("Packbordet", None)
    found = await kiosks.find_link(shop.desk, link)
    assert found is not None and found.id == made.id
    assert await kiosks.find_kiosk(shop.desk, link) is None
    both = await asyncio.gather(*(kiosks.open_kiosk(shop.desk, link) for _ in range(2)), return_exceptions=True)
    opened = [one for one in both if not isinstance(one, BaseException)]
    assert len(opened) == 1 and sum(isinstance(one, NotFound) for one in both) == 1
    known = await kiosks.find_kiosk(shop.desk, opened[0][1])
    assert known is not None and known.id == made.id and known.opened_at is not None
    assert await kiosks.find_link(shop.desk, link) is None


async def test_a_link_that_nobody_opened_is_dead_after_a_day(shop: Shop) -> None:
    _, link = await kiosks.make_kiosk(shop.desk, shop.id, "Packbordet")
    with later(days=1, minutes=1):
        assert await kiosks.find_link(shop.desk, link) is None
        with pytest.raises(NotFound):
            await kiosks.open_kiosk(shop.desk, link)


async def test_a_tablet_needs_a_name_and_there_are_not_endlessly_many(shop: Shop) -> None:
    for name in ("", "x" * 81):
        with pytest.raises(Invalid):
            await kiosks.make_kiosk(shop.desk, shop.id, name)
    for number in range(kiosks.MOST):
        await kiosks.make_kiosk(shop.desk, shop.id, f"Bord {number}")
    with pytest.raises(Conflict):
        await kiosks.make_kiosk(shop.desk, shop.id, "Ett till")


async def test_the_right_pin_lets_in_for_as_long_as_somebody_is_there(shop: Shop) -> None:
    anders, packing = await with_pin(shop), await tablet(shop)
    token, session = await kiosks.sign_in(shop.desk, packing, anders, PIN)
    assert (session.person_id, session.device, session.kiosk_id) == (anders, "Packbordet", packing.id)
    with later(minutes=2, seconds=-5):
        assert await session_of(shop, token) is not None
    with later(minutes=2, seconds=5):
        assert await session_of(shop, token) is None


async def test_the_same_words_for_a_wrong_pin_for_none_and_for_nobody(shop: Shop) -> None:
    packing, anders = await tablet(shop), await with_pin(shop)
    await phone(shop, "lisa")
    lisa, sam = await shop.person_id("lisa"), await shop.person_id("sam")
    for who in (anders, lisa, sam, "nobody"):
        assert await fails(shop, packing, who, OTHER) == WRONG
    assert (await account_of(shop)).pin_failures == (await account_of(shop, "lisa")).pin_failures == 1


async def test_where_there_is_no_pin_the_same_work_is_done(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str | None] = []
    really = pinhash._fits

    def look(pin_hash: str | None, pin: str) -> bool:
        looked.append(pin_hash)
        return really(pin_hash, pin)

    monkeypatch.setattr(pinhash, "_fits", look)
    packing, anders = await tablet(shop), await with_pin(shop)
    for who in (anders, await shop.person_id("lisa"), "nobody"):
        await fails(shop, packing, who, OTHER)
    assert [one is None for one in looked] == [False, True, True]
    for _ in range(MOST_WRONG):
        await fails(shop, packing, anders, OTHER)
    assert len(looked) == 3 + MOST_WRONG  # a PIN that rests costs as much
    assert not pinhash._hasher().check_needs_rehash(pinhash.NOBODYS)
    assert not pinhash._hasher().check_needs_rehash((await account_of(shop)).pin_hash or "")


async def test_five_wrong_in_a_row_make_it_rest_and_the_owner_is_told_once(shop: Shop) -> None:
    packing, anders = await tablet(shop), await with_pin(shop)
    for _ in range(MOST_WRONG):
        await fails(shop, packing, anders, OTHER)
    assert await fails(shop, packing, anders, PIN) == WRONG
    [detail] = await told(shop)
    assert (detail["whose"], detail["where"]) == (anders, "Packbordet")
    rests = (await account_of(shop)).pin_locked_until
    assert rests is not None and REST - MINUTE < rests - now_micros() <= REST
    with later(minutes=15, seconds=1):
        _, session = await kiosks.sign_in(shop.desk, packing, anders, PIN)
    assert session.person_id == anders
    assert ((await account_of(shop)).pin_failures, (await account_of(shop)).pin_locked_until) == (0, None)


async def test_after_a_rest_five_more_make_it_rest_again(shop: Shop) -> None:
    packing, anders = await tablet(shop), await with_pin(shop)
    for _ in range(MOST_WRONG):
        await fails(shop, packing, anders, OTHER)
    with later(minutes=16):
        for _ in range(MOST_WRONG):
            await fails(shop, packing, anders, OTHER)
        await fails(shop, packing, anders, PIN)
        assert len(await told(shop)) == 2


async def test_one_that_is_right_begins_the_count_anew(shop: Shop) -> None:
    packing, anders = await tablet(shop), await with_pin(shop)
    for _ in range(3):
        for _ in range(MOST_WRONG - 1):
            await fails(shop, packing, anders, OTHER)
        await kiosks.sign_in(shop.desk, packing, anders, PIN)
    assert await told(shop) == []


async def test_of_twenty_guesses_at_once_five_are_looked_at(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    packing, anders = await tablet(shop), await with_pin(shop)
    looked: list[str] = []
    really = pinhash._fits

    def look(pin_hash: str | None, pin: str) -> bool:
        if pin_hash is not None:
            looked.append(pin)
        return really(pin_hash, pin)

    monkeypatch.setattr(pinhash, "_fits", look)
    guesses = [f"{number:04}" for number in range(3000, 3020)]
    answers = await asyncio.gather(
        *(kiosks.sign_in(shop.desk, packing, anders, guess) for guess in guesses), return_exceptions=True
    )
    assert [str(one) for one in answers] == [WRONG] * 20
    assert len(looked) == MOST_WRONG == (await account_of(shop)).pin_failures
    assert len(await told(shop)) == 1


async def test_a_count_is_kept_when_the_server_dies_before_the_answer(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    packing, anders = await tablet(shop), await with_pin(shop)

    async def die(pin_hash: str | None, pin: str) -> bool:
        raise sqlite3.OperationalError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(pinhash, "fits", die)
        for _ in range(MOST_WRONG):
            with pytest.raises(sqlite3.OperationalError):
                await kiosks.sign_in(shop.desk, packing, anders, OTHER)
    assert await fails(shop, packing, anders, PIN) == WRONG


async def test_ending_a_tablet_ends_all_who_are_on_it_and_nobody_elsewhere(shop: Shop) -> None:
    packing, desk = await tablet(shop), await tablet(shop, "Disken")
    anders = await with_pin(shop)
    here, _ = await kiosks.sign_in(shop.desk, packing, anders, PIN)
    there, _ = await kiosks.sign_in(shop.desk, desk, anders, PIN)
    await kiosks.end_kiosk(shop.desk, shop.id, packing.id)
    await kiosks.end_kiosk(shop.desk, shop.id, packing.id)
    assert (await session_of(shop, here), (await session_of(shop, there)) is None) == (None, False)
    with pytest.raises(Gone, match=ENDED):
        await kiosks.sign_in(shop.desk, packing, anders, PIN)
    with pytest.raises(NotFound):
        await kiosks.end_kiosk(shop.desk, shop.other_id, desk.id)


async def test_who_leaves_is_out_at_once_and_the_pin_is_gone(shop: Shop) -> None:
    packing, anders = await tablet(shop), await with_pin(shop)
    token, _ = await kiosks.sign_in(shop.desk, packing, anders, PIN)
    await people.end_employment(shop.desk, shop.id, "anders")
    assert await session_of(shop, token) is None
    assert await fails(shop, packing, anders, PIN) == WRONG
    assert (await account_of(shop)).pin_hash is None


async def test_whose_pin_rests_is_listed_until_it_was_right(shop: Shop) -> None:
    packing, anders = await tablet(shop), await with_pin(shop)
    for _ in range(MOST_WRONG):
        await fails(shop, packing, anders, OTHER)
    async with shop.desk.db.read() as conn:
        [(who, until)] = await rows.list_rested(conn, shop.id, now_micros() - DAY)
        assert (who, until > now_micros()) == (anders, True)
        assert await rows.list_rested(conn, shop.other_id, 0) == []
    with later(minutes=16):
        await kiosks.sign_in(shop.desk, packing, anders, PIN)
    async with shop.desk.db.read() as conn:
        assert await rows.list_rested(conn, shop.id, 0) == []
