"""An owner's second factor, and everything that looks nearly like it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from storefront_trace.actions import factor, people, rights, signin
from storefront_trace.actions.desk import Desk
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import Conflict, NotAllowed, NotFound
from storefront_trace.domain.factor import MOST_WRONG, RECOVERY_CODES
from storefront_trace.domain.links import token_hash
from storefront_trace.storage import accounts, factors
from storefront_trace.storage.accounts import Session
from storefront_trace.storage.tables import notice, recovery_code, second_factor
from tests.actions.authenticator_app import App, link_of, pending, session_of, set_up
from tests.people import Shop

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stands still, so that a code is of the step that the test means."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
async def olga(clock: object, shop: Shop) -> Session:
    return await session_of(shop)


@pytest.fixture
async def armed(olga: Session, shop: Shop) -> tuple[App, list[str]]:
    return await set_up(shop, olga)


async def sign_in(shop: Shop, token: str, code: str) -> Session:
    return (await factor.finish_signin(shop.desk, token, code, device="Linux · Firefox", days=30))[1]


async def mails(shop: Shop, kind: str) -> list[dict[str, object]]:
    async with shop.desk.db.read() as conn:
        rows = await conn.execute(sa.select(notice.c.recipient, notice.c.detail).where(notice.c.kind == kind))
        return [{"to": row.recipient, **row.detail} for row in rows]


async def test_with_codes_on_a_link_opens_nothing_by_itself(shop: Shop, armed: tuple[App, list[str]]) -> None:
    app, _ = armed
    token = await pending(shop)
    async with shop.desk.db.read() as conn:
        assert await accounts.find_session(conn, token_hash(token), now_micros()) is None
    session = await sign_in(shop, token, app.code())
    assert (session.role, session.strong_at) == ("owner", now_micros())
    with pytest.raises(NotFound):  # it was for one sign-in
        await sign_in(shop, token, app.code(1))


async def test_setting_it_up_signs_out_what_was_opened_with_less_and_tells_the_owner(shop: Shop, olga: Session) -> None:
    other = await session_of(shop)
    await set_up(shop, olga)
    async with shop.desk.db.read() as conn:
        held = await accounts.list_sessions(conn, shop.id, olga.account_id, now_micros())
    assert [(one["id"], one["strong_at"]) for one in held] == [(olga.id, now_micros())] and other.id != olga.id
    (told,) = await mails(shop, "factor_changed")
    assert (told["to"], told["change"]) == ("olga@example.com", "on")


async def test_it_is_not_on_before_a_code_of_it_was_right(shop: Shop, olga: Session) -> None:
    await factor.begin_setup(shop.desk, olga)
    secret = await factor.secret_in_setup(shop.desk, olga)
    assert secret is not None
    with pytest.raises(NotAllowed):
        await factor.finish_setup(shop.desk, olga, App(secret).wrong())
    await session_of(shop)  # the link is still enough
    for nothing in (factor.switch_off, factor.make_codes):
        with pytest.raises(NotAllowed):
            await nothing(shop.desk, olga, App(secret).code())


async def test_a_setup_that_was_left_lying_about_is_nothing(
    shop: Shop, olga: Session, clock: time_machine.Traveller
) -> None:
    await factor.begin_setup(shop.desk, olga)
    clock.shift(timedelta(minutes=31))
    assert await factor.secret_in_setup(shop.desk, olga) is None
    with pytest.raises(Conflict):
        await factor.finish_setup(shop.desk, olga, "123456")


async def test_a_code_opens_once_and_an_older_one_never_again(shop: Shop, armed: tuple[App, list[str]]) -> None:
    app, _ = armed
    await sign_in(shop, await pending(shop), app.code())
    for code in (app.code(), app.code(-1)):
        with pytest.raises(NotAllowed):
            await sign_in(shop, await pending(shop), code)
    await sign_in(shop, await pending(shop), app.code(1))


@pytest.mark.parametrize(("steps", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
async def test_a_phones_clock_may_be_half_a_minute_wrong(
    shop: Shop, armed: tuple[App, list[str]], clock: time_machine.Traveller, steps: int, right: bool
) -> None:
    clock.shift(timedelta(minutes=5))
    token, code = await pending(shop), armed[0].code(steps)
    if right:
        await sign_in(shop, token, f"{code[:3]} {code[3:]}")
        return
    with pytest.raises(NotAllowed):
        await sign_in(shop, token, code)


async def test_of_one_code_in_two_hands_one_is_let_in(shop: Shop, armed: tuple[App, list[str]]) -> None:
    code, tokens = armed[0].code(), [await pending(shop), await pending(shop)]
    came = await asyncio.gather(*(sign_in(shop, token, code) for token in tokens), return_exceptions=True)
    assert sorted(type(one).__name__ for one in came) in (["NotAllowed", "Session"], ["NotFound", "Session"])


async def test_of_one_recovery_code_in_two_hands_one_is_let_in(shop: Shop, armed: tuple[App, list[str]]) -> None:
    code, tokens = armed[1][0], [await pending(shop), await pending(shop)]
    came = await asyncio.gather(*(sign_in(shop, token, code) for token in tokens), return_exceptions=True)
    assert [type(one) for one in came].count(Session) == 1
    async with shop.desk.db.read() as conn:
        assert await factors.count_codes(conn, shop.id, (await account_id(shop))) == RECOVERY_CODES - 1


async def test_who_guesses_with_ever_new_sign_ins_is_stopped_all_the_same(
    shop: Shop, armed: tuple[App, list[str]], clock: time_machine.Traveller
) -> None:
    app, codes = armed
    for _ in range(MOST_WRONG):
        with pytest.raises(NotAllowed):
            await sign_in(shop, await pending(shop), app.wrong())
    for right in (app.code(), codes[0]):  # now even the right one waits
        with pytest.raises(NotAllowed):
            await sign_in(shop, await pending(shop), right)
    assert [one["to"] for one in await mails(shop, "code_locked")] == ["olga@example.com"]
    clock.shift(timedelta(minutes=15))
    await sign_in(shop, await pending(shop), app.code())


async def test_of_twenty_guesses_at_once_five_are_looked_at(shop: Shop, armed: tuple[App, list[str]]) -> None:
    token, wrong = await pending(shop), armed[0].wrong()
    guesses = (sign_in(shop, token, wrong) for _ in range(20))
    assert {type(one) for one in await asyncio.gather(*guesses, return_exceptions=True)} == {NotAllowed}
    async with shop.desk.db.read() as conn:
        found = await factors.find_factor(conn, shop.id, await account_id(shop))
    assert found is not None and found.failures == MOST_WRONG


async def test_a_recovery_code_works_once_however_it_is_typed_and_the_owner_is_told(
    shop: Shop, armed: tuple[App, list[str]]
) -> None:
    codes = armed[1]
    assert len(set(codes)) == RECOVERY_CODES
    await sign_in(shop, await pending(shop), f" {codes[0].lower().replace('-', ' ')} ")
    with pytest.raises(NotAllowed):
        await sign_in(shop, await pending(shop), codes[0])
    (told,) = await mails(shop, "recovery_used")
    assert (told["to"], told["left"]) == ("olga@example.com", RECOVERY_CODES - 1)


async def test_new_recovery_codes_end_the_old_ones(shop: Shop, olga: Session, armed: tuple[App, list[str]]) -> None:
    app, old = armed
    new = await factor.make_codes(shop.desk, olga, app.code())
    with pytest.raises(NotAllowed):
        await sign_in(shop, await pending(shop), old[0])
    await sign_in(shop, await pending(shop), new[0])


async def test_it_is_switched_off_with_a_code_alone(shop: Shop, olga: Session, armed: tuple[App, list[str]]) -> None:
    app, codes = armed
    with pytest.raises(NotAllowed):
        await factor.switch_off(shop.desk, olga, app.wrong())
    with pytest.raises(Conflict):  # nor can a new app take its place without one
        await factor.begin_setup(shop.desk, olga)
    await factor.switch_off(shop.desk, olga, codes[1])
    await session_of(shop)
    async with shop.desk.db.read() as conn:
        assert await factors.count_codes(conn, shop.id, olga.account_id) == 0
    assert [one["change"] for one in await mails(shop, "factor_changed")] == ["on", "off"]


async def test_a_link_waits_half_an_hour_for_its_code(
    shop: Shop, armed: tuple[App, list[str]], clock: time_machine.Traveller
) -> None:
    token = await pending(shop)
    clock.shift(timedelta(minutes=30))
    with pytest.raises(NotFound):
        await sign_in(shop, token, armed[0].code())


async def test_signing_out_everywhere_ends_what_waits_for_a_code(
    shop: Shop, olga: Session, armed: tuple[App, list[str]]
) -> None:
    token = await pending(shop)
    await signin.sign_out_everywhere(shop.desk, olga)
    with pytest.raises(NotFound):
        await sign_in(shop, token, armed[0].code())


async def test_who_has_left_has_neither_codes_nor_a_way_in(shop: Shop, armed: tuple[App, list[str]]) -> None:
    await people.invite(shop.desk, shop.id, "anders")
    await rights.set_role(shop.desk, shop.id, "anders", "owner")
    token = await pending(shop)
    await people.end_employment(shop.desk, shop.id, "olga")
    with pytest.raises(NotFound):
        await sign_in(shop, token, armed[0].code())
    async with shop.desk.db.read() as conn:
        assert [(await conn.execute(sa.select(table))).all() for table in (second_factor, recovery_code)] == [[], []]


async def test_neither_the_secret_nor_a_recovery_code_can_be_read_in_the_database(
    shop: Shop, olga: Session, armed: tuple[App, list[str]]
) -> None:
    async with shop.desk.db.read() as conn:
        sealed = (await conn.execute(sa.select(second_factor.c.sealed))).scalar_one()
        hashes = (await conn.execute(sa.select(recovery_code.c.code_hash))).scalars().all()
    assert armed[0]._totp.secret not in sealed
    assert not {code.replace("-", "") for code in armed[1]} & set(hashes)


async def test_a_secret_that_is_moved_to_another_account_or_server_is_none(
    shop: Shop, armed: tuple[App, list[str]]
) -> None:
    app, _ = armed
    elsewhere = Desk(shop.desk.db, ("another-secret-that-is-long-enough-0123456789",))
    with pytest.raises(NotAllowed):
        await factor.finish_signin(elsewhere, await pending(shop), app.code(), device="", days=1)
    both = Desk(shop.desk.db, ("another-secret-that-is-long-enough-0123456789", *shop.desk.secrets))
    await factor.finish_signin(both, await pending(shop), app.code(), device="", days=1)
    # Sealed anew with the first one, so that the retired one can go.
    await factor.finish_signin(elsewhere, await pending(shop), app.code(1), device="", days=1)


async def test_an_owner_who_is_locked_out_gets_back_in_by_the_command_line(
    shop: Shop, olga: Session, armed: tuple[App, list[str]]
) -> None:
    token = await factor.reset(shop.desk, shop.id, "olga")
    _, session = await signin.use_link(shop.desk, token, device="", days=1)
    assert session.role == "owner"
    async with shop.desk.db.read() as conn:
        held = await accounts.list_sessions(conn, shop.id, olga.account_id, now_micros())
    assert [one["id"] for one in held] == [session.id]
    with pytest.raises(NotFound):
        await factor.reset(shop.desk, shop.id, "anders")


async def test_the_shop_can_ask_it_of_all_owners_once_who_asks_has_it(shop: Shop, olga: Session) -> None:
    with pytest.raises(Conflict):
        await factor.require(shop.desk, olga, True)
    await set_up(shop, olga)
    strong = await find(shop, olga)
    await people.invite(shop.desk, shop.id, "anders")
    await rights.set_role(shop.desk, shop.id, "anders", "owner")
    anders, lisa = await session_of(shop, "anders"), await session_of(shop, "lisa")
    await factor.require(shop.desk, strong, True)
    async with shop.desk.db.read() as conn:
        held = [
            await accounts.list_sessions(conn, shop.id, one.account_id, now_micros()) for one in (olga, anders, lisa)
        ]
    assert [len(one) for one in held] == [1, 0, 1]


async def find(shop: Shop, session: Session) -> Session:
    """As it is now."""
    async with shop.desk.db.read() as conn:
        held = await accounts.list_sessions(conn, shop.id, session.account_id, now_micros())
    return next(Session(**one) for one in held if one["id"] == session.id)


async def account_id(shop: Shop) -> str:
    async with shop.desk.db.read() as conn:
        found = await accounts.find_account(conn, shop.id, await shop.person_id("olga"))
    assert found is not None
    return found.id


async def test_a_link_of_staffs_is_enough_whatever_owners_need(shop: Shop, armed: tuple[App, list[str]]) -> None:
    await signin.use_link(shop.desk, await link_of(shop, "lisa"), device="", days=1)
