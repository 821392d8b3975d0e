"""The question that goes out by mail, once, some hours after delivery, in shops that have switched it on."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import httpx2
import pytest
import sqlalchemy as sa
import time_machine
from starlette.applications import Starlette

from storefront_trace.actions import follow, lookup, people, privacy, shops
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.config import Settings
from storefront_trace.domain.moments import Moment
from storefront_trace.notify import sender
from storefront_trace.notify.bounces import take_bounce
from storefront_trace.notify.stopped import stop_address
from storefront_trace.storage import feedback as rows
from storefront_trace.storage import outbox, silenced
from storefront_trace.storage.tables import notice
from tests.notify.postman import Postman, post_office, text_of
from tests.notify.test_bounces import report
from tests.people import Shop

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
Later = Callable[..., Awaitable[list[EmailMessage]]]


@pytest.fixture
def settings(settings: Settings, postman: Postman) -> Iterator[Settings]:
    with post_office(postman) as server:
        yield replace(settings, smtp=server)


@pytest.fixture
def later(app: Starlette, shop: Shop, settings: Settings, postman: Postman) -> Later:
    """The mails that have come so many hours after delivery."""

    async def go(hours: float = 24) -> list[EmailMessage]:
        with time_machine.travel(NOON + timedelta(hours=hours), tick=False):
            await sender.send_due(shop.desk, settings, app.state.voice)
        return postman.mails

    return go


async def at_home(shop: Shop, *, hours: int | None = 24, **changes: object) -> str:
    """Taken by Jocke, packed by Anders, sent by Sam (who is shown as the team), at home at noon. The page's path."""
    with time_machine.travel(NOON, tick=False):
        await shops.set_face(shop.desk, shop.id, ask_hours=hours)
        await shop.order(lines=(), promise_from=None, promise_to=None, **changes)
        for step, by in (("received", "jocke"), ("packed", "anders"), ("shipped", "sam")):
            await log_step(shop.desk, shop.id, "1001", StepToLog(step, by))
        await deliver(shop)
    return f"/t/{await shop.token()}"


async def deliver(shop: Shop, at: datetime = NOON) -> None:
    home = Moment(at, "+00:00", "minute")
    await log_step(shop.desk, shop.id, "1001", StepToLog("delivered", at=home, carrier_scan=True))


def links(mail: EmailMessage) -> list[str]:
    return re.findall(r"http://127\.0\.0\.1:8000(\S+feedback\?\S+)", text_of(mail))


async def test_it_comes_once_a_day_after_delivery_with_everybody_who_helped(shop: Shop, later: Later) -> None:
    await at_home(shop)
    assert await later(23.9) == []
    (mail,) = await later(24)
    assert mail["To"] == "karin@example.com"
    assert mail["Subject"] == "Vill du säga något till dem som hjälpte till med beställning 1001?"
    for kind in ("plain", "html"):
        text = text_of(mail, kind)
        for words in ("Tacka Jocke", "Tacka Anders", "Tacka lagerteamet", "Något kunde varit bättre", "Hej Karin!"):
            assert words in text
        assert "Sam" not in text.replace("Sama", "")
    assert text_of(mail, "html").count("/face.jpg") == 3
    with time_machine.travel(NOON + timedelta(hours=30), tick=False):
        await deliver(shop, NOON + timedelta(hours=30))
    assert len(await later(100)) == 1


async def test_two_taps_from_the_mail_thank_a_person_and_opening_alone_changes_nothing(
    shop: Shop, later: Later, client: httpx2.AsyncClient
) -> None:
    await at_home(shop)
    (mail,) = await later()
    with time_machine.travel(NOON + timedelta(hours=25), tick=False):
        for link in links(mail):
            assert (await client.get(link)).status_code == 200
            assert (await client.head(link)).status_code == 200
        async with shop.desk.db.read() as conn:
            assert await rows.list_feedback(conn, shop.id) == []
        link = next(one for one in links(mail) if "choice=thanks" in one)
        form = (await client.get(link, headers={"Accept-Language": "sv"})).text
        assert form.index("Tacka Jocke") < form.index('name="words"')
        assert 'value="thanks" id="choice-thanks" required checked' in form
        sent = dict(re.findall(r'type="hidden" name="(\w+)" value="(\w*)"', form)) | {"choice": "thanks", "words": ""}
        assert (await client.post(link.split("?")[0], data=sent)).status_code == 303
    assert sent["from"] == "mail"


@pytest.mark.parametrize("why", ["off", "no address", "history"])
async def test_no_question_is_written_down(shop: Shop, why: str) -> None:
    if why == "history":
        with time_machine.travel(NOON, tick=False):
            await shops.set_face(shop.desk, shop.id, ask_hours=24)
            await shop.order(placed_at=NOON - timedelta(days=9))
            await deliver(shop, NOON - timedelta(days=8))
    else:
        changes: dict[str, object] = {"customer_email": ""} if why == "no address" else {}
        await at_home(shop, hours=None if why == "off" else 24, **changes)
    async with shop.desk.db.read() as conn:
        assert await outbox.count_waiting(conn) == 0


@pytest.mark.parametrize("why", ["reacted", "returned", "switched off", "erased"])
async def test_what_has_happened_in_between_is_looked_at_when_it_is_time(
    shop: Shop, later: Later, client: httpx2.AsyncClient, why: str
) -> None:
    url = await at_home(shop)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        if why == "reacted":
            step = next(event.id for event in await shop.events() if event.step == "packed")
            await client.post(f"{url}/steps/{step}/feedback", data={"choice": "thanks"})
        elif why == "returned":
            await log_step(shop.desk, shop.id, "1001", StepToLog("returned", "anders"))
        elif why == "switched off":
            await shops.set_face(shop.desk, shop.id, ask_hours=None)
        else:
            await privacy.erase_customer(shop.desk, shop.id, number="1001")
    assert await later() == []


async def test_who_has_chosen_the_team_meanwhile_is_the_team_in_the_mail(shop: Shop, later: Later) -> None:
    await at_home(shop)
    await people.choose_visibility(shop.desk, shop.id, await shop.person_id("anders"), "team", locale="sv")
    (mail,) = await later()
    assert "Anders" not in text_of(mail) and "Anders" not in text_of(mail, "html")


async def test_the_owner_switches_it_on_and_off(
    shop: Shop, signed_in: Callable[[str], Awaitable[httpx2.AsyncClient]]
) -> None:
    owner = await signed_in("olga")
    for typed, kept in (("24", 24), ("", None), ("336", 336)):
        assert (await owner.post("/owner/shop", data={"ask_hours": typed})).status_code == 303
        async with shop.desk.db.read() as conn:
            assert (await shop.desk.casts.get(conn, shop.id)).shop.ask_hours == kept
    for wrong in ("0", "337", "soon", "²"):
        answer = await owner.post("/owner/shop", data={"ask_hours": wrong})
        assert answer.status_code == 422
        assert 'href="#ask_hours"' in answer.text


async def test_one_click_in_the_mail_program_ends_it_for_every_order(
    shop: Shop, later: Later, client: httpx2.AsyncClient
) -> None:
    await at_home(shop)
    (mail,) = await later()
    link = str(mail["List-Unsubscribe"]).strip("<>")
    assert f"Skriv aldrig till den här adressen igen: {link}" in text_of(mail)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (await client.post(link, data={"List-Unsubscribe": "One-Click"})).status_code == 200
    async with shop.desk.db.read() as conn:
        assert await silenced.silenced_since(conn, shop.desk.secrets, shop.id, "karin@example.com") is not None


@pytest.mark.parametrize("again", [False, True])
async def test_an_address_whose_mails_came_back_is_not_asked_until_somebody_follows_with_it_again(
    shop: Shop, later: Later, again: bool
) -> None:
    order_id = await shop.order("1002")
    await follow.follow_by_mail(shop.desk, shop.id, order_id, email="", wants="all", locale="sv")
    assert await stop_address(shop.desk, shop.id, "karin@example.com")
    await at_home(shop)
    if again:
        await follow.follow_by_mail(shop.desk, shop.id, order_id, email="", wants="all", locale="sv")
    assert len(await later()) == again


@pytest.mark.parametrize("how", ["refused", "came back"])
async def test_an_address_that_never_followed_is_not_asked_after_a_mail_to_it_came_back(
    shop: Shop, later: Later, postman: Postman, how: str
) -> None:
    await at_home(shop)
    with time_machine.travel(NOON, tick=False):
        notice_id = await link_mail(shop)
        postman.recipient_answer = "550 5.1.1 no such user" if how == "refused" else ""
        sent = len(await later(0))
        if how == "came back":
            assert await take_bounce(shop.desk, report(notice_id)) is True
            assert await take_bounce(shop.desk, report(notice_id)) is False
    postman.recipient_answer = ""
    assert len(await later()) == sent
    assert (await privacy.export_customer(shop.desk, shop.id, "karin@example.com"))["bounced"]


async def test_the_customers_new_address_is_asked_though_mails_to_the_old_one_came_back(
    shop: Shop, later: Later
) -> None:
    assert await stop_address(shop.desk, shop.id, "karin@example.com")
    await at_home(shop, customer_email="karin@example.org")
    (mail,) = await later()
    assert mail["To"] == "karin@example.org"


async def test_who_confirms_an_address_whose_mails_came_back_is_asked_again_also_after_stopping(
    shop: Shop, later: Later
) -> None:
    order_id = await shop.order("1002")
    assert await stop_address(shop.desk, shop.id, "karin@example.com")
    await at_home(shop)
    one = await follow.follow_by_mail(shop.desk, shop.id, order_id, email="karin@example.com", wants="all", locale="sv")
    await follow.confirm(shop.desk, shop.id, one.id)
    await follow.stop(shop.desk, shop.id, one.id)
    assert [mail for mail in await later() if "hjälpte" in mail["Subject"]]


async def test_an_address_that_is_erased_leaves_no_mark_of_its_bounces(shop: Shop) -> None:
    await shop.order()
    await stop_address(shop.desk, shop.id, "karin@example.com")
    await privacy.erase_customer(shop.desk, shop.id, email="karin@example.com")
    async with shop.desk.db.read() as conn:
        assert await silenced.bounced_since(conn, shop.desk.secrets, shop.id, "karin@example.com") is None


async def link_mail(shop: Shop) -> str:
    """She has asked for the link at /track. The notice."""
    await lookup.ask_for_link(shop.desk, "1001", "karin@example.com", language="sv")
    async with shop.desk.db.read() as conn:
        return str((await conn.execute(sa.select(notice.c.id).where(notice.c.kind == "tracking_link"))).scalar_one())
