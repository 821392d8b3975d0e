"""A PIN is set on one's own phone, changed with the old one, and cleared by the owner."""

from __future__ import annotations

import pytest

from storefront_trace.actions import kiosks, pins, privacy
from storefront_trace.domain.errors import NotAllowed
from storefront_trace.domain.pins import MOST_WRONG
from storefront_trace.storage import accounts
from storefront_trace.storage.accounts import Account
from tests.actions.tablet import OTHER, PIN, account_of, fails, later, phone, session_of, tablet, told, with_pin
from tests.people import Shop


async def test_a_pin_is_changed_with_the_old_one_or_right_after_signing_in(shop: Shop) -> None:
    session = await phone(shop)
    await pins.set_pin(shop.desk, session, PIN)
    await pins.set_pin(shop.desk, session, OTHER)  # just signed in
    with later(minutes=11):
        with pytest.raises(NotAllowed):
            await pins.set_pin(shop.desk, session, PIN, old=PIN)
        assert (await account_of(shop)).pin_failures == 1
        await pins.set_pin(shop.desk, session, PIN, old=OTHER)
        assert (await account_of(shop)).pin_failures == 0
        with pytest.raises(NotAllowed):
            await pins.set_pin(shop.desk, session, None, old=OTHER)
        await pins.set_pin(shop.desk, session, None, old=PIN)
    assert (await account_of(shop)).pin_hash is None


async def test_no_pin_is_set_at_a_shared_tablet(shop: Shop) -> None:
    _, session = await kiosks.sign_in(shop.desk, await tablet(shop), await with_pin(shop), PIN)
    with pytest.raises(NotAllowed, match="own phone"):
        await pins.set_pin(shop.desk, session, OTHER, old=PIN)


@pytest.mark.parametrize("who", ["owner", "anders", "anders takes it away"])
async def test_whoever_came_in_with_the_pin_before_is_out_at_every_tablet(shop: Shop, who: str) -> None:
    anders, own = await with_pin(shop), await shop.session("anders")
    at_tablets = [(await kiosks.sign_in(shop.desk, await tablet(shop, name), anders, PIN))[0] for name in ("A", "B")]
    other, _ = await kiosks.sign_in(shop.desk, await tablet(shop, "C"), await with_pin(shop, "lisa"), PIN)
    if who == "owner":
        await pins.clear_pin(shop.desk, shop.id, "anders")
    else:
        await pins.set_pin(shop.desk, await phone(shop), OTHER if who == "anders" else None)
    assert [await session_of(shop, token) for token in at_tablets] == [None, None]
    assert [await session_of(shop, token) is not None for token in (own, other)] == [True, True]


async def test_the_owner_clears_a_pin_with_its_rest(shop: Shop) -> None:
    packing, anders = await tablet(shop), await with_pin(shop)
    for _ in range(MOST_WRONG):
        await fails(shop, packing, anders, OTHER)
    await pins.clear_pin(shop.desk, shop.id, "anders")
    await fails(shop, packing, anders, PIN)
    await pins.set_pin(shop.desk, await phone(shop), OTHER)
    await kiosks.sign_in(shop.desk, packing, anders, OTHER)


async def test_a_copy_of_what_is_kept_tells_of_a_rest_and_never_the_pin(shop: Shop) -> None:
    packing, anders = await tablet(shop), await with_pin(shop)
    for _ in range(MOST_WRONG):
        await fails(shop, packing, anders, OTHER)
    [account] = (await privacy.export_person(shop.desk, shop.id, "anders"))["accounts"]
    assert account["pin_failures"] == MOST_WRONG and account["pin_locked_until"]
    assert "pin_hash" not in account
    await privacy.erase_person(shop.desk, shop.id, "anders")
    found = await account_of_id(shop, anders)
    assert (found.pin_hash, found.pin_failures, found.pin_locked_until) == (None, 0, None)


async def account_of_id(shop: Shop, person_id: str) -> Account:
    async with shop.desk.db.read() as conn:
        found = await accounts.find_account(conn, shop.id, person_id)
    assert found is not None
    return found


async def test_a_few_wrong_ones_at_every_portrait_are_told_to_the_owner_once_a_day(shop: Shop) -> None:
    packing = await tablet(shop)
    people = [await with_pin(shop, handle) for handle in ("anders", "lisa", "jocke")]
    for tries in range(4):
        for who in people:
            await fails(shop, packing, who, OTHER)
        if tries == 2:
            assert await told(shop, "pin_guessed") == []  # nine
    assert await told(shop) == []
    [detail] = await told(shop, "pin_guessed")
    assert (detail["people"], detail["tries"], detail["where"]) == (3, 10, "Packbordet")


async def test_one_who_has_forgotten_their_own_is_no_guesser(shop: Shop) -> None:
    packing, anders = await tablet(shop), await with_pin(shop)
    for minutes in (0, 16, 32):
        with later(minutes=minutes):
            for _ in range(4):
                await fails(shop, packing, anders, OTHER)
    assert await told(shop, "pin_guessed") == []


async def test_five_taps_on_who_has_no_pin_are_told_to_nobody(shop: Shop) -> None:
    packing = await tablet(shop)
    await phone(shop, "lisa")
    for _ in range(MOST_WRONG):
        await fails(shop, packing, await shop.person_id("lisa"), OTHER)
    assert await told(shop) == []
