from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from storefront_trace.actions.orders import revoke_links
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.config import Settings
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.ids import new_id
from storefront_trace.notify import sender
from storefront_trace.notify.mails import compose
from storefront_trace.storage import outbox
from storefront_trace.storage.outbox import Notice
from storefront_trace.storage.tables import notice
from tests.notify.postman import Postman
from tests.people import Shop


async def put(shop: Shop, **changes: Any) -> None:
    now, order = now_micros(), (await shop.row()).id
    values = {
        "id": new_id(),
        "kind": "tracking_link",
        "channel": "mail",
        "recipient": "karin@example.com",
        "locale": "sv",
        "detail": {"order_id": order, "order_number": "1001"},
        "once": new_id(),
        "created_at": now,
        "due_at": now,
    }
    async with shop.desk.db.write() as conn:
        await outbox.insert_notice(conn, shop.id, **{**values, **changes})


async def rows(shop: Shop) -> list[dict[str, Any]]:
    async with shop.desk.db.read() as conn:
        return [dict(row._mapping) for row in await conn.execute(sa.select(notice).order_by(notice.c.id))]


@pytest.fixture(autouse=True)
async def ordered(shop: Shop) -> None:
    await shop.order()


async def test_a_link_that_was_asked_for_is_mailed_in_the_customers_language(
    shop: Shop, mail_settings: Settings, postman: Postman
) -> None:
    await put(shop)
    assert await sender.send_due(shop.desk, mail_settings) == 1
    (mail,) = postman.mails
    link = f"https://orders.example.com/t/{await shop.token()}"
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None and link in part.get_content()
    assert (mail["To"], mail["Content-Language"]) == ("karin@example.com", "sv")
    assert "Roliga Ting" in mail["From"] and "1001" in mail["Subject"]
    (row,) = await rows(shop)
    assert row["sent_at"] and link.rsplit("/", 1)[1] not in str(row)


async def test_what_was_sent_is_not_sent_again(shop: Shop, mail_settings: Settings, postman: Postman) -> None:
    await put(shop)
    await asyncio.gather(*(sender.send_due(shop.desk, mail_settings) for _ in range(3)))
    await sender.send_due(shop.desk, mail_settings)
    assert len(postman.mails) == 1


async def test_who_dies_between_sending_and_writing_down_sends_it_again_under_the_same_id(
    shop: Shop, mail_settings: Settings, postman: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(shop)

    async def dies(*_: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(sender, "record_sent", dies)
        with pytest.raises(asyncio.CancelledError):
            await sender.send_due(shop.desk, mail_settings)
    assert await sender.send_due(shop.desk, mail_settings) == 0  # still claimed by the dead
    after = now_micros() + sender.LEASE + 1
    monkeypatch.setattr(sender, "now_micros", lambda: after)
    assert await sender.send_due(shop.desk, mail_settings) == 1
    first, second = postman.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert (await rows(shop))[0]["sent_at"]


async def test_a_server_that_is_busy_is_asked_again_later_and_given_up_in_the_end(
    shop: Shop, mail_settings: Settings, postman: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(shop)
    start, waits = now_micros(), []
    at = start
    monkeypatch.setattr(sender, "now_micros", lambda: at)
    for _ in range(len(sender.RETRIES) + 1):
        postman.answers.append("451 try later")
        assert await sender.send_due(shop.desk, mail_settings) == 1
        (row,) = await rows(shop)
        waits.append(row["due_at"] - at)
        at = max(at, row["due_at"])
    assert tuple(waits[:-1]) == sender.RETRIES
    assert (row["failed_at"], row["error"]) == (at, "SMTPDataError 451")
    assert postman.mails == []


async def test_an_address_that_does_not_exist_is_not_tried_twice(
    shop: Shop, mail_settings: Settings, postman: Postman
) -> None:
    postman.recipient_answer = "550 no such karin@example.com here"
    await put(shop)
    await sender.send_due(shop.desk, mail_settings)
    (row,) = await rows(shop)
    assert row["failed_at"] and row["error"] == "SMTPRecipientsRefused 550"


async def test_without_a_mail_server_notices_wait(shop: Shop, settings: Settings) -> None:
    await put(shop)
    assert await sender.send_due(shop.desk, settings) == 0
    (row,) = await rows(shop)
    assert (row["attempts"], row["sent_at"], row["failed_at"]) == (0, None, None)


async def test_one_bad_notice_does_not_hold_up_the_next(shop: Shop, mail_settings: Settings, postman: Postman) -> None:
    await put(shop, kind="from the future")
    await put(shop, recipient="karin@example.com\r\nBcc: everyone@example.com")
    await put(shop)
    assert await sender.send_due(shop.desk, mail_settings) == 3
    assert len(postman.mails) == 1
    assert [bool(row["failed_at"]) for row in await rows(shop)] == [True, True, False]


async def test_a_revoked_link_is_not_mailed(shop: Shop, mail_settings: Settings, postman: Postman) -> None:
    await put(shop)
    await revoke_links(shop.desk, shop.id, "1001")
    await sender.send_due(shop.desk, mail_settings)
    assert postman.mails == []
    assert (await rows(shop))[0]["error"] == "The order has no link any more."


@pytest.mark.parametrize(("step", "days"), [("cancelled", 60), ("returned", 60), ("shipped", 90)])
async def test_a_link_that_has_ended_is_not_mailed_although_nothing_came_home(
    shop: Shop, mail_settings: Settings, postman: Postman, step: str, days: int
) -> None:
    start = datetime(2026, 11, 30, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        await shop.order(lines=())
        await log_step(shop.desk, shop.id, "1001", StepToLog(step))
    for later in (timedelta(days=days, seconds=-1), timedelta(days=days)):
        with time_machine.travel(start + later, tick=False):
            await put(shop)
            await sender.send_due(shop.desk, mail_settings)
    assert len(postman.mails) == 1
    assert [row["error"] for row in await rows(shop)] == [None, "The order's link has run out."]


@pytest.mark.parametrize("number", ["1001\r\nBcc: everyone@example.com", "1001\nX: y"])
async def test_no_header_is_smuggled_in(shop: Shop, mail_settings: Settings, postman: Postman, number: str) -> None:
    await put(shop, kind="concern", detail={"order_number": number, "feedback_id": "x"})
    await sender.send_due(shop.desk, mail_settings)
    assert postman.mails == []


async def test_the_owner_is_led_to_the_concern_and_told_none_of_it(
    shop: Shop, mail_settings: Settings, make: Callable[..., Notice]
) -> None:
    mail = await compose(shop.desk, mail_settings, make(shop, kind="concern", locale="en"))
    text = mail.get_body(("plain",))
    assert text is not None and "https://orders.example.com/owner/concerns" in text.get_content()
    assert mail["Auto-Submitted"] == "auto-generated"


async def test_what_a_shop_calls_itself_is_text_and_not_markup(
    shop: Shop, mail_settings: Settings, make: Callable[..., Notice]
) -> None:
    told = make(shop, kind="concern", detail={"order_number": "<b>1</b>", "feedback_id": "x"})
    html = (await compose(shop.desk, mail_settings, told)).get_body(("html",))
    assert html is not None and "<b>1" not in html.get_content()


@pytest.fixture
def make() -> Callable[..., Notice]:
    def one(shop: Shop, **changes: Any) -> Notice:
        detail = {"order_number": "1001", "feedback_id": "x"}
        values = {
            "kind": "concern",
            "channel": "mail",
            "recipient": "olga@example.com",
            "locale": "sv",
            "detail": detail,
        }
        return Notice(**{"shop_id": shop.id, "id": new_id(), **values, "created_at": 0, "attempts": 0, **changes})

    return one


async def test_a_broken_template_holds_up_nobody_elses_mail(
    shop: Shop, mail_settings: Settings, postman: Postman, tmp_path: Path
) -> None:
    (tmp_path / "own" / "email").mkdir(parents=True)
    (tmp_path / "own" / "email" / "concern.txt").write_text("{{ no_such_name }}")
    own = replace(mail_settings, templates_dir=tmp_path / "own")
    await put(shop, kind="concern", recipient="olga@example.com")
    await put(shop)
    assert await sender.send_due(shop.desk, own) == 2
    assert [mail["To"] for mail in postman.mails] == ["karin@example.com"]
    broken, good = await rows(shop)
    assert (broken["error"], broken["failed_at"], broken["claimed_until"]) == ("UndefinedError", None, None)
    assert good["sent_at"] is not None
    for wait in sender.RETRIES:
        await set_due(shop, broken["id"])
        assert await sender.send_due(shop.desk, own) == 1, wait
    assert (await rows(shop))[0]["failed_at"] is not None


async def set_due(shop: Shop, notice_id: str) -> None:
    async with shop.desk.db.write() as conn:
        await conn.execute(sa.update(notice).where(notice.c.id == notice_id).values(due_at=now_micros()))
