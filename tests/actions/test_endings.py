"""What ended stays ended when an older database comes back: the journal beside it knows."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from storefront_trace.actions import (
    endings,
    feedback,
    follow,
    orders,
    people,
    privacy,
    purging,
    questions,
    rights,
    silence,
)
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.silence import digest_of
from storefront_trace.storage import links, shops, silenced
from storefront_trace.storage.journal import Journal
from storefront_trace.storage.tables import feedback as feedback_table
from storefront_trace.storage.tables import follower, person, session, signin_link
from tests.earlier import copy_of, put_back
from tests.people import Shop
from tests.web.owner.answers import put_answer

WORDS = "Tack Anders, hälsar Karin på Björkvägen"


async def furnished(shop: Shop) -> None:
    """Karin has ordered twice, said something, asked, and Annika follows."""
    for number in ("1001", "1002"):
        await shop.order(number)
        event = (await log_step(shop.desk, shop.id, number, StepToLog("packed", by="anders", note="Till Karin"))).event
        order_id = (await shop.row(number)).id
        await feedback.save_feedback(shop.desk, shop.id, order_id, event.id, Answer("thanks", words=WORDS))
        await questions.ask(shop.desk, shop.id, order_id, "När kommer den till Björkvägen?", locale="sv")
    one = await follow.follow_by_mail(
        shop.desk, shop.id, order_id, email="annika@example.org", wants="all", locale="sv"
    )
    await follow.confirm(shop.desk, shop.id, one.id)


async def everything(shop: Shop) -> str:
    return json.dumps(await copy_of(shop.desk.db), default=str, ensure_ascii=False)


async def journal(shop: Shop) -> str:
    assert shop.desk.journal is not None
    return shop.desk.journal.path.read_text()


async def test_an_erased_customer_does_not_come_back_with_a_backup(shop: Shop) -> None:
    await furnished(shop)
    backup = await copy_of(shop.desk.db)
    await privacy.erase_customer(shop.desk, shop.id, email="KARIN@example.com")
    await put_back(shop.desk.db, backup)
    assert "Björkvägen" in await everything(shop)
    assert (await endings.carry_out(shop.desk)).lines == 1
    left = await everything(shop)
    assert not [word for word in ("Karin", "karin@", "Björkvägen") if word in left]
    assert (await endings.carry_out(shop.desk)).lines == 0


async def test_the_journal_says_nothing_of_who_was_forgotten(shop: Shop) -> None:
    await furnished(shop)
    await privacy.erase_customer(shop.desk, shop.id, email="annika@example.org")
    await privacy.erase_customer(shop.desk, shop.id, email="karin@example.com")
    await privacy.erase_person(shop.desk, shop.id, "anders")
    written = (await journal(shop)).lower()
    assert not [word for word in ("karin", "annika", "anders", "example") if word in written]


async def test_who_was_erased_by_one_order_keeps_her_others(shop: Shop) -> None:
    await furnished(shop)
    backup = await copy_of(shop.desk.db)
    await privacy.erase_customer(shop.desk, shop.id, number="1001")
    await put_back(shop.desk.db, backup)
    await endings.carry_out(shop.desk)
    assert [(await shop.row(number)).email for number in ("1001", "1002")] == [None, "karin@example.com"]


async def test_an_order_that_had_another_address_in_the_backup_is_found_by_its_hash(shop: Shop) -> None:
    await shop.order("1001")
    backup = await copy_of(shop.desk.db)
    await shop.order("1001", customer_email="karin@new.example")
    await shop.order("1002")
    await privacy.erase_customer(shop.desk, shop.id, email="karin@example.com")
    await put_back(shop.desk.db, backup)
    await endings.carry_out(shop.desk)
    assert (await shop.row("1001")).email is None


async def test_who_orders_anew_after_being_forgotten_stays(shop: Shop) -> None:
    """Also where the whole journal is gone through, because the database that came back is older than its mark."""
    await shop.order("1001")
    before = await copy_of(shop.desk.db)
    await privacy.erase_customer(shop.desk, shop.id, email="karin@example.com")
    await shop.order("1002")
    backup = await copy_of(shop.desk.db)
    await put_back(shop.desk.db, {**backup, "journal_mark": before["journal_mark"]})
    assert (await endings.carry_out(shop.desk)).lines == 1
    assert (await shop.row("1002")).email == "karin@example.com"


async def test_somebody_who_left_and_was_forgotten_stays_away(shop: Shop) -> None:
    await furnished(shop)
    await people.set_portrait(shop.desk, shop.id, await shop.person_id("anders"), "a" * 32)
    backup = await copy_of(shop.desk.db)
    await people.end_employment(shop.desk, shop.id, "lisa")
    await privacy.erase_person(shop.desk, shop.id, "anders")
    await put_back(shop.desk.db, backup)
    done = await endings.carry_out(shop.desk)
    assert "a" * 32 in done.photos
    async with shop.desk.db.read() as conn:
        rows = (await conn.execute(sa.select(person.c.display_name, person.c.left_at))).all()
    gone = {row.display_name for row in rows if row.left_at is not None}
    assert "Lisa" in gone and "…" in gone and "Anders" not in {row.display_name for row in rows}


async def test_the_only_owner_of_an_old_backup_is_forgotten_too(shop: Shop) -> None:
    await shop.session("olga")
    backup = await copy_of(shop.desk.db)
    await people.invite(shop.desk, shop.id, "anders", role="staff")
    await rights.set_role(shop.desk, shop.id, "anders", "owner")
    olga = await shop.person_id("olga")
    await privacy.erase_person(shop.desk, shop.id, "olga")
    await put_back(shop.desk.db, backup)
    await endings.carry_out(shop.desk)
    async with shop.desk.db.read() as conn:
        assert (await shops.get_cast(conn, shop.id)).people[olga].display_name == "…"


async def test_words_let_go_stay_gone_though_the_shop_kept_them_longer_then(shop: Shop) -> None:
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False):
        await put_answer(shop, "anders", words=WORDS)
    backup = await copy_of(shop.desk.db)
    async with shop.desk.db.write() as conn:
        await shops.update_shop(conn, shop.id, words_months=3)
    with time_machine.travel("2026-09-01T12:00:00Z", tick=False):
        assert (await purging.purge(shop.desk, shop.id)).words == 1
        await put_back(shop.desk.db, backup)
        assert (await endings.carry_out(shop.desk)).lines == 1
    async with shop.desk.db.read() as conn:
        assert (await conn.execute(sa.select(feedback_table.c.words))).scalar_one() == ""


async def test_orders_past_their_time_stay_nobodys(shop: Shop) -> None:
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False):
        await shop.order(lines=(), placed_at=datetime(2026, 2, 28, tzinfo=UTC))
        backup = await copy_of(shop.desk.db)
        await log_step(shop.desk, shop.id, "1001", StepToLog("delivered"))
    assert (await purging.purge(shop.desk, shop.id)).orders == 1
    await put_back(shop.desk.db, backup)
    await endings.carry_out(shop.desk)
    assert (await shop.row()).email is None


async def test_a_revoked_link_stays_dead_and_the_new_one_works(shop: Shop, client: Any) -> None:
    await shop.order("1001")
    await shop.order("1002")
    old, gone = await shop.token("1001"), await shop.token("1002")
    backup = await copy_of(shop.desk.db)
    new = await orders.rotate_link(shop.desk, shop.id, "1001")
    await orders.revoke_links(shop.desk, shop.id, "1002")
    await put_back(shop.desk.db, backup)
    await endings.carry_out(shop.desk)
    assert [(await client.get(f"/t/{one}")).status_code for one in (old, gone, new)] == [404, 404, 200]
    assert await shop.token("1001") == new


async def test_who_never_wants_to_be_written_to_is_not(shop: Shop) -> None:
    await furnished(shop)
    backup = await copy_of(shop.desk.db)
    digest = digest_of(shop.desk.secret, shop.id, "annika@example.org")
    await silence.silence(shop.desk, shop.id, digest)
    await put_back(shop.desk.db, backup)
    await endings.carry_out(shop.desk)
    async with shop.desk.db.read() as conn:
        assert await silenced.is_any_silenced(conn, shop.id, [digest])
        stopped = (await conn.execute(sa.select(follower.c.stopped_at))).scalars().all()
    assert all(at is not None for at in stopped)


async def test_who_lets_customers_see_less_is_not_shown_again(shop: Shop) -> None:
    anders = await shop.person_id("anders")
    backup = await copy_of(shop.desk.db)
    await people.choose_visibility(shop.desk, shop.id, anders, "team", locale="sv")
    await put_back(shop.desk.db, backup)
    await endings.carry_out(shop.desk)
    async with shop.desk.db.read() as conn:
        assert (await shops.get_cast(conn, shop.id)).people[anders].visibility == "team"


async def test_after_a_restore_everybody_shows_anew_who_they_are(shop: Shop, signed_in: Any) -> None:
    anders = await signed_in("anders")
    backup = await copy_of(shop.desk.db)
    await put_back(shop.desk.db, backup)
    await endings.mark_restored(shop.desk)
    await endings.carry_out(shop.desk)
    assert (await anders.get("/staff", follow_redirects=False)).status_code != 200
    async with shop.desk.db.read() as conn:
        assert (await conn.execute(sa.select(signin_link))).first() is None
        assert set((await conn.execute(sa.select(session.c.ended_at.is_(None)))).scalars()) == {False}


async def test_a_database_that_came_back_without_a_word_is_known_by_more_than_one_line(
    shop: Shop, signed_in: Any
) -> None:
    await shop.order("1001")
    await shop.order("1002")
    backup = await copy_of(shop.desk.db)
    for number in ("1001", "1002"):
        await privacy.erase_customer(shop.desk, shop.id, number=number)
    anders = await signed_in("anders")
    await put_back(shop.desk.db, backup)
    await endings.carry_out(shop.desk)
    assert (await anders.get("/staff", follow_redirects=False)).status_code != 200


async def test_each_shop_has_its_own_lines(shop: Shop) -> None:
    await shop.order()
    await people.end_employment(shop.desk, shop.id, "lisa")
    backup = await copy_of(shop.desk.db)
    await privacy.erase_customer(shop.desk, shop.id, number="1001")
    await put_back(shop.desk.db, backup)
    nora = (await shop.session("nora"))[:4]
    assert (await endings.carry_out(shop.desk)).lines == 1 and nora
    async with shop.desk.db.read() as conn:
        others = (await shops.get_cast(conn, shop.other_id)).people.values()
    assert all(one.left_at is None for one in others)


async def test_a_line_that_was_cut_off_harms_no_other(shop: Shop) -> None:
    await shop.order("1001")
    await shop.order("1002")
    backup = await copy_of(shop.desk.db)
    await privacy.erase_customer(shop.desk, shop.id, number="1001")
    assert isinstance(shop.desk.journal, Journal)
    with shop.desk.journal.path.open("ab") as file:
        file.write(b'\n{"id":"cut')
    await privacy.erase_customer(shop.desk, shop.id, number="1002")
    await put_back(shop.desk.db, backup)
    await endings.carry_out(shop.desk)
    assert [(await shop.row(number)).email for number in ("1001", "1002")] == [None, None]


async def test_nothing_is_erased_that_could_not_be_written_down(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    await shop.order()

    def full(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(Journal, "append", full)
    with pytest.raises(OSError, match="full"):
        await privacy.erase_customer(shop.desk, shop.id, number="1001")
    assert (await shop.row()).email == "karin@example.com"


async def test_the_journals_links_are_the_ones_customers_have(shop: Shop) -> None:
    """A link that was made anew is made again, not another one: it is out in a mail."""
    await shop.order()
    backup = await copy_of(shop.desk.db)
    await orders.rotate_link(shop.desk, shop.id, "1001")
    new = await orders.rotate_link(shop.desk, shop.id, "1001")
    await put_back(shop.desk.db, backup)
    await endings.carry_out(shop.desk)
    async with shop.desk.db.read() as conn:
        row = await shop.row()
        made = await links.list_links(conn, shop.id, row.id)
    assert [one.revoked_at is None for one in made] == [False, False, True]
    assert await shop.token() == new
