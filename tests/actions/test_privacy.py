from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
import time_machine

from storefront_trace.actions import (
    connections,
    corrections,
    deliveries,
    feedback,
    follow,
    lookup,
    people,
    privacy,
    purging,
    questions,
    steps,
)
from storefront_trace.actions.feedback import Answer
from storefront_trace.actions.incoming import apply_incoming
from storefront_trace.actions.orders import put_order, rebuild_order
from storefront_trace.actions.steps import StepToLog
from storefront_trace.domain.errors import NotFound
from storefront_trace.domain.incoming import IncomingLine, IncomingOrder
from storefront_trace.storage import feedback as said_rows
from storefront_trace.storage import links, shops
from storefront_trace.storage import orders as order_rows
from storefront_trace.storage.tables import correction, follower, notice, person, question
from tests.integrations.samples import raw
from tests.people import KARINS_ORDER, Shop

EARLIER = datetime(2026, 8, 1, tzinfo=UTC)


async def delivered(shop: Shop) -> None:
    await shop.order(lines=(IncomingLine("1", "Mugg", 2),), placed_at=EARLIER)
    for step, by in (("packed", "anders"), ("delivered", None)):
        told = StepToLog(step, by=by, note="Dubbelt bubbelplast" if by else None)
        await steps.log_step(shop.desk, shop.id, "1001", told)


async def thank(shop: Shop) -> str:
    row = await shop.row()
    event = next(e for e in await shop.events() if e.step == "packed")
    answer = Answer("thanks", words="Tack Anders, hälsar Karin", contact=True)
    return (await feedback.save_feedback(shop.desk, shop.id, row.id, event.id, answer)).id


async def test_an_erased_customer_leaves_the_order_its_steps_and_the_count_of_thanks(shop: Shop) -> None:
    await delivered(shop)
    said = await thank(shop)
    done = await privacy.erase_customer(shop.desk, shop.id, email="KARIN@example.com")
    assert (done.orders, done.answers) == (1, 1)
    row = await shop.row()
    assert (row.first_name, row.email, row.state) == (None, None, "delivered")
    async with shop.desk.db.read() as conn:
        answer = await said_rows.get_feedback(conn, shop.id, said)
        assert await links.current_links(conn, shop.id, [row.id]) == {}
    assert (answer.choice, answer.words, answer.first_name, answer.contact) == ("thanks", "", None, False)


async def test_the_shop_system_cannot_bring_an_erased_customer_back(shop: Shop) -> None:
    told = IncomingOrder(**{**KARINS_ORDER, "external_id": "7", "updated_at": KARINS_ORDER["placed_at"]})  # type: ignore[arg-type]
    await apply_incoming(shop.desk, shop.id, [told], source="shopify")
    await privacy.erase_customer(shop.desk, shop.id, number="1001")
    await apply_incoming(shop.desk, shop.id, [told], source="shopify")
    assert (await shop.row()).first_name is None


async def test_no_sender_brings_an_erased_customer_back_but_the_goods_are_kept_up_with(shop: Shop) -> None:
    await shop.order()
    await privacy.erase_customer(shop.desk, shop.id, number="1001")
    told = IncomingOrder(**{**KARINS_ORDER, "lines": (IncomingLine("1", "Mugg", 5),)})  # type: ignore[arg-type]
    for source in ("api", "import"):
        await put_order(shop.desk, shop.id, told, source=source)
        row = await shop.row()
        assert (row.first_name, row.email) == (None, None)
    async with shop.desk.db.read() as conn:
        assert [line.quantity for line in await order_rows.list_lines(conn, shop.id, row.id)] == [5]


async def test_what_staff_wrote_and_photographed_for_an_erased_customer_goes_too(shop: Shop) -> None:
    await photographed(shop, "1001", "a" * 32)
    await photographed(shop, "1002", "b" * 32)
    await shop.order("1003")
    await steps.log_step(shop.desk, shop.id, "1003", StepToLog("packed", by="lisa", photo="b" * 32))
    said = await thank(shop)
    anders = await shop.person_id("anders")
    await feedback.reply(shop.desk, shop.id, said, by_person=anders, as_owner=False, words="Tack Karin!")
    wrong = (await shop.events())[1]
    why = {"reason": "Karin rang", "source": "api:1"}
    await corrections.correct_event(shop.desk, shop.id, "1001", wrong.id, by="anders", **why)
    one = await privacy.erase_customer(shop.desk, shop.id, number="1001")
    other = await privacy.erase_customer(shop.desk, shop.id, number="1002")
    assert (one.photos, other.photos) == (("a" * 32,), ())
    events = await shop.events()
    assert all((event.note, event.photo, event.reason) == (None, None, None) for event in events)
    async with shop.desk.db.read() as conn:
        (reply,) = (await said_rows.list_replies(conn, shop.id, [said]))[said]
        reasons = (await conn.execute(sa.select(correction.c.reason))).scalars().all()
    assert (reply.words, list(reasons)) == ("…", [None])
    before = await shop.row()
    await rebuild_order(shop.desk, shop.id, "1001")
    assert await shop.row() == before


async def test_the_photos_of_an_erased_person_go_unless_somebody_else_shows_them(shop: Shop) -> None:
    await photographed(shop, "1001", "a" * 32)
    await photographed(shop, "1002", "b" * 32)
    await shop.order("1003")
    await steps.log_step(shop.desk, shop.id, "1003", StepToLog("packed", by="lisa", photo="b" * 32))
    for handle in ("anders", "lisa"):
        await people.set_portrait(shop.desk, shop.id, await shop.person_id(handle), "c" * 32)
    assert (await privacy.erase_person(shop.desk, shop.id, "anders")).photos == ("a" * 32,)
    assert sorted((await privacy.erase_person(shop.desk, shop.id, "lisa")).photos) == ["b" * 32, "c" * 32]


async def photographed(shop: Shop, number: str, photo: str) -> None:
    await shop.order(number)
    told = StepToLog("packed", by="anders", note="Till Karin", photo=photo, photo_size=(600, 400))
    await steps.log_step(shop.desk, shop.id, number, told)


async def test_an_erased_person_is_nobody_and_their_steps_are_the_teams(shop: Shop) -> None:
    await delivered(shop)
    anders = await shop.person_id("anders")
    await privacy.erase_person(shop.desk, shop.id, "anders")
    told = await privacy.export_customer(shop.desk, shop.id, "karin@example.com")
    assert all(event["note"] is None for event in told["events"])
    async with shop.desk.db.read() as conn:
        person = (await shops.get_cast(conn, shop.id)).people[anders]
    assert (person.display_name, person.email, person.visibility) == ("…", None, "team")
    assert person.left_at is not None and "anders" not in person.handle


async def test_an_export_tells_a_person_what_was_said_but_not_who_said_it(shop: Shop) -> None:
    await delivered(shop)
    await thank(shop)
    told = await privacy.export_person(shop.desk, shop.id, "anders")
    assert [one["choice"] for one in told["feedback"]] == ["thanks"]
    assert all("first_name" not in one for one in told["feedback"])
    assert "token_hash" not in str(told)


async def test_sixty_days_after_delivery_the_name_goes_and_a_dry_run_only_counts(shop: Shop) -> None:
    with time_machine.travel("2026-09-01T00:00:00Z", tick=True):
        await delivered(shop)
    await shop.order("1002")
    connection = await connections.connect(shop.desk, shop.id, "shopify", "hush")
    with time_machine.travel("2026-10-01T00:00:00Z", tick=True):
        await deliveries.receive(shop.desk, connection, {"X-Shopify-Topic": "nothing/new"}, raw("shopify/order"))
        await deliveries.process_due(shop.desk)
    with time_machine.travel("2026-11-10T00:00:00Z", tick=True):
        looked = await purging.purge(shop.desk, shop.id, dry_run=True)
        assert (looked.orders, looked.deliveries) == (1, 1)
        assert (await shop.row()).first_name == "Karin"
        assert await purging.purge(shop.desk, shop.id) == looked
        again = await purging.purge(shop.desk, shop.id)
    assert (again.orders, again.deliveries) == (0, 0)
    assert ((await shop.row()).first_name, (await shop.row("1002")).first_name) == (None, "Karin")
    (kept,) = await shop.deliveries(connection.id)
    assert (kept["body"], kept["outcome"]) == (b"", "nothing")


async def test_another_shops_customers_are_left_alone(shop: Shop) -> None:
    theirs = IncomingOrder(**KARINS_ORDER)  # type: ignore[arg-type]
    await apply_incoming(shop.desk, shop.other_id, [theirs], source="import")
    await shop.order()
    await privacy.erase_customer(shop.desk, shop.id, email="karin@example.com")
    told = await privacy.export_customer(shop.desk, shop.other_id, "karin@example.com")
    assert told["orders"][0]["first_name"] == "Karin"


async def follow_three(shop: Shop) -> None:
    """Karin follows her order, and Annika that one and another."""
    for number, email in (("1001", ""), ("1001", "annika@example.org"), ("1002", "annika@example.org")):
        order_id = (await shop.row(number)).id
        one = await follow.follow_by_mail(shop.desk, shop.id, order_id, email=email, wants="all", locale="sv")
        await follow.confirm(shop.desk, shop.id, one.id)


async def addresses(shop: Shop) -> list[str]:
    """Wherever one stands."""
    async with shop.desk.db.read() as conn:
        found = [*(await conn.execute(sa.select(follower.c.address))).scalars()]
        return sorted({*found, *(await conn.execute(sa.select(notice.c.recipient))).scalars()})


async def test_who_follows_an_erased_order_is_erased_with_it(shop: Shop) -> None:
    await shop.order()
    await shop.order("1002", customer_email="bo@example.com")
    await follow_three(shop)
    await privacy.erase_customer(shop.desk, shop.id, number="1002")
    assert "karin@example.com" in await addresses(shop)
    await privacy.erase_customer(shop.desk, shop.id, number="1001")
    assert await addresses(shop) == []


async def test_who_only_follows_can_be_erased_and_exported_too(shop: Shop) -> None:
    await shop.order()
    await shop.order("1002", customer_email="bo@example.com")
    await follow_three(shop)
    told = await privacy.export_customer(shop.desk, shop.id, "Annika@example.org")
    assert [one["address"] for one in told["followers"]] == ["annika@example.org"] * 2
    hers = await privacy.export_customer(shop.desk, shop.id, "karin@example.com")
    assert sorted(one["address"] for one in hers["followers"]) == ["a•••@e•••.org", "karin@example.com"]
    await privacy.erase_customer(shop.desk, shop.id, email="annika@example.org")
    assert await addresses(shop) == ["karin@example.com"]


async def test_followers_go_when_the_link_ends(shop: Shop) -> None:
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False):
        await delivered(shop)
        order_id = (await shop.row()).id
        await follow.follow_by_mail(shop.desk, shop.id, order_id, email="", wants="all", locale="sv")
        await follow.follow_by_mail(shop.desk, shop.id, order_id, email="a@example.org", wants="all", locale="sv")
    with time_machine.travel("2026-11-28T12:00:00Z", tick=False):
        await purging.purge(shop.desk, shop.id)
        assert "karin@example.com" in await addresses(shop)
    with time_machine.travel("2027-01-20T12:00:00Z", tick=False):
        await purging.purge(shop.desk, shop.id)
        assert await addresses(shop) == []


async def delivered_without_a_customer(shop: Shop) -> str:
    lines = (IncomingLine("1", "Mugg", 2),)
    await shop.order(customer_first_name=None, customer_email=None, lines=lines, placed_at=EARLIER)
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("delivered"))
    return (await shop.row()).id


async def test_who_follows_or_asks_goes_in_time_where_the_order_has_neither_name_nor_address(shop: Shop) -> None:
    with time_machine.travel("2026-08-20T12:00:00Z", tick=False):
        order_id = await delivered_without_a_customer(shop)
        told = {"email": "annika@example.org", "wants": "all", "locale": "sv"}
        one = await follow.follow_by_mail(shop.desk, shop.id, order_id, **told)
        await follow.confirm(shop.desk, shop.id, one.id)
        await questions.ask(shop.desk, shop.id, order_id, "Är det Annikas?", locale="sv")
    await purging.purge(shop.desk, shop.id)
    assert await addresses(shop) == []
    async with shop.desk.db.read() as conn:
        assert (await conn.execute(sa.select(sa.func.count()).select_from(question))).scalar_one() == 0


async def test_an_order_that_is_forgotten_takes_along_what_went_to_an_address_it_had_before(shop: Shop) -> None:
    await shop.order(customer_email="karin@old.example")
    await lookup.ask_for_link(shop.desk, "1001", "karin@old.example", language="sv")
    await shop.order(customer_email="karin@new.example")
    assert await addresses(shop) == ["karin@old.example"]
    await privacy.erase_customer(shop.desk, shop.id, number="1001")
    assert await addresses(shop) == []


async def test_an_address_that_only_mails_were_sent_to_is_forgotten_too(shop: Shop) -> None:
    await shop.order(customer_email="karin@old.example")
    await lookup.ask_for_link(shop.desk, "1001", "karin@old.example", language="sv")
    await shop.order(customer_email="karin@new.example")
    done = await privacy.erase_customer(shop.desk, shop.id, email="Karin@old.example")
    assert (done.orders, done.notices) == (0, 1)
    with pytest.raises(NotFound):
        await privacy.export_customer(shop.desk, shop.id, "karin@old.example")
    assert (await shop.row()).first_name == "Karin"


async def test_somebody_who_worked_here_is_forgotten_at_the_address_they_had_before_too(shop: Shop) -> None:
    await shop.order()
    await steps.log_step(shop.desk, shop.id, "1001", StepToLog("packed", by="anders"))
    anders = await shop.person_id("anders")
    async with shop.desk.db.write() as conn:
        await conn.execute(sa.update(person).values(email="anders@old.example").where(person.c.id == anders))
        await shops.update_generation(conn, shop.id)
    order_id = (await shop.row()).id
    await questions.ask(shop.desk, shop.id, order_id, "Hej Anders?", locale="sv")
    assert await addresses(shop) == ["anders@old.example"]
    async with shop.desk.db.write() as conn:
        await conn.execute(sa.update(person).values(email="anders@new.example").where(person.c.id == anders))
        await shops.update_generation(conn, shop.id)
    await privacy.erase_person(shop.desk, shop.id, "anders")
    assert await addresses(shop) == []


async def test_the_purge_takes_what_was_never_sent_along_with_its_order_and_in_the_end_without(shop: Shop) -> None:
    with time_machine.travel("2026-08-20T12:00:00Z", tick=False):
        await delivered(shop)
        await lookup.ask_for_link(shop.desk, "1001", "karin@example.com", language="sv")
    with time_machine.travel("2026-11-10T12:00:00Z", tick=False):
        await purging.purge(shop.desk, shop.id)
        assert await addresses(shop) == []
        await shop.order("1002", customer_email="bo@example.com")
        await lookup.ask_for_link(shop.desk, "1002", "bo@example.com", language="sv")
        await purging.purge(shop.desk, shop.id)
        assert await addresses(shop) == ["bo@example.com"]
    with time_machine.travel("2027-02-10T12:00:00Z", tick=False):
        await purging.purge(shop.desk, shop.id)
        assert await addresses(shop) == []
