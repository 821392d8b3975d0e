"""Mails that come back: RFC 3464."""

from __future__ import annotations

import pytest

from storefront_trace.actions import follow
from storefront_trace.actions.steps import StepToLog, log_step
from storefront_trace.domain.clock import DAY, now_micros
from storefront_trace.notify.bounces import bounced_address, bounced_notice, take_bounce
from storefront_trace.storage import followers, outbox
from tests.people import Shop

# As Postfix writes it (RFC 3464, appendix E, shows the same parts).
REPORT = """From: MAILER-DAEMON@mx.example.com
To: orders@localhost
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com
Arrival-Date: Sun, 22 Nov 2026 09:00:00 +0100

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such user

--B
Content-Type: {kind}

From: Roliga Ting <orders@localhost>
To: karin@example.com
Subject: Packad
Message-ID: <{id}@localhost>

--B--
"""


def report(notice_id: str, **changes: str) -> bytes:
    values = {"action": "failed", "status": "5.1.1", "kind": "text/rfc822-headers", "to": "karin@example.com"}
    return REPORT.format(**{**values, "id": notice_id, **changes}).encode()


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822", "text/rfc822-headers; charset=utf-8"])
def test_the_notice_is_known_by_the_message_id_that_came_back(kind: str) -> None:
    assert bounced_notice(report("a" * 32, kind=kind)) == "a" * 32


@pytest.mark.parametrize(
    "raw",
    [
        report("a" * 32, action="delayed", status="4.2.2"),
        report("a" * 32, action="delivered", status="2.0.0"),
        report("a" * 32, status="5.7.1"),
        report("a" * 32, status="5.1.8"),
        report("not-ours"),
        b"",
        b"\xff\xfe garbage",
        b"Subject: Message-ID: <" + b"a" * 32 + b"@localhost>\r\n\r\nA person writes.",
        b"Content-Type: multipart/report; boundary=B\r\n\r\n--B\r\nContent-Type: message/delivery-status\r\n\r\n",
    ],
)
def test_what_is_no_final_failure_of_ours_is_none(raw: bytes) -> None:
    assert bounced_notice(raw) is None


# As a server writes it that brings nothing of the mail back.
SHORT = """{path}From: postmaster@mx.example.com
To: orders@localhost
Subject: failure notice
MIME-Version: 1.0
Content-Type: {type}; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

Not delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

{blocks}
--B--
"""
BLOCK = "{more}Final-Recipient: {kind}; {to}\nAction: {action}\nStatus: {status}\n"


def short(count: int = 1, path: str = "Return-Path: <>\n", type: str = "multipart/report", **changes: str) -> bytes:
    values = {"kind": "rfc822", "to": "karin@example.com", "action": "failed", "status": "5.1.1", "more": ""} | changes
    blocks = "\n".join([BLOCK.format(**values)] * count)
    return SHORT.format(blocks=blocks, path=path, type=type).encode()


@pytest.mark.parametrize(
    "raw",
    [
        short(),
        short(status="5.1.1 (user unknown)"),
        short(status="5.2.0"),
        short(to="<karin@example.com>", kind="RFC822"),
        short(to="moved@elsewhere.example", more="Original-Recipient: rfc822;karin@example.com\n"),
        short(status="5.2.1", action="Failed"),
    ],
)
def test_a_report_that_brings_nothing_back_names_its_one_recipient(raw: bytes) -> None:
    assert (bounced_notice(raw), bounced_address(raw)) == (None, "karin@example.com")


@pytest.mark.parametrize(
    "raw",
    [
        short(status="4.2.2"),
        short(status="5.7.1"),  # how we are set up
        short(status="5"),
        short(status="5.0.0"),  # says nothing of what
        short(status="5.1.8"),  # our own address
        short(status="5.2.2"),  # full: it may be read again tomorrow
        short(status="5.2.2 (5.1.1)"),
        short(status="5.2.3"),  # too long for it
        short(status="5.4.1"),
        short(status="5.4.7"),
        short(path=""),  # nobody says that it has no sender
        short(action="delayed"),
        short(action="relayed"),
        short(kind="x-local", to="karin"),
        short(to=""),
        short(count=2),  # our mails have one
        short(path="Return-Path: <mallory@example.net>\n"),
        short(type="multipart/mixed"),
        report("b" * 32),  # brings back another's mail
        b"",
        b"Final-Recipient: rfc822; karin@example.com\r\n\r\nA person writes.",
    ],
)
def test_an_address_is_believed_in_a_final_report_about_a_gone_mailbox_alone(raw: bytes) -> None:
    assert bounced_address(raw) is None


async def followed(shop: Shop) -> tuple[str, str]:
    order_id = await shop.order()
    one = await follow.follow_by_mail(shop.desk, shop.id, order_id, email="", wants="all", locale="sv")
    await log_step(shop.desk, shop.id, "1001", StepToLog("packed", "anders"))
    async with shop.desk.db.write() as conn:
        (notice,) = await outbox.claim_notices(conn, 2**62, 2**62 + 1)
    return one.id, notice.id


async def test_a_mail_that_came_back_ends_it_and_twice_is_once(shop: Shop) -> None:
    follower_id, notice_id = await followed(shop)
    assert await take_bounce(shop.desk, report(notice_id)) is True
    assert await take_bounce(shop.desk, report(notice_id)) is False
    async with shop.desk.db.read() as conn:
        found = await followers.find_follower(conn, shop.id, follower_id)
    assert found is not None and found.stopped_why == "bounced"


async def test_an_address_alone_ends_nothing(shop: Shop) -> None:
    follower_id, _ = await followed(shop)
    assert await take_bounce(shop.desk, report("b" * 32, to="karin@example.com")) is False
    async with shop.desk.db.read() as conn:
        found = await followers.find_follower(conn, shop.id, follower_id)
    assert found is not None and found.follows


@pytest.mark.parametrize(("days", "stops"), [(1, True), (5, True), (7, False)])
async def test_an_address_in_a_short_report_ends_it_when_we_mailed_it_lately(
    shop: Shop, days: int, stops: bool
) -> None:
    follower_id, notice_id = await followed(shop)
    assert await take_bounce(shop.desk, short()) is False  # nothing has gone out yet
    await record(shop, notice_id, sent_at=now_micros() - days * DAY)
    assert await take_bounce(shop.desk, short(to="kalle@example.com")) is False
    assert await take_bounce(shop.desk, short(to="Karin@Example.com")) is stops
    assert await take_bounce(shop.desk, short()) is False
    async with shop.desk.db.read() as conn:
        found = await followers.find_follower(conn, shop.id, follower_id)
    assert found is not None and found.follows is not stops


async def record(shop: Shop, notice_id: str, *, sent_at: int) -> None:
    async with shop.desk.db.write() as conn:
        one = await outbox.find_notice(conn, notice_id)
        assert one is not None
        await outbox.update_notice(conn, one, sent_at=sent_at, claimed_until=None)


async def test_a_mail_of_thousands_of_parts_within_parts_is_none_of_ours(shop: Shop) -> None:
    parts = [f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(3000)]
    assert await take_bounce(shop.desk, ("".join(parts) + "Content-Type: text/plain\n\nx").encode()) is False


async def test_it_ends_for_every_order_followed_with_that_address_and_for_no_other(shop: Shop) -> None:
    _, notice_id = await followed(shop)
    mails = {"1002": "Karin@example.com", "1003": "annika@example.org", "1004": "karin+shop@example.com"}
    for number, address in mails.items():
        order_id = await shop.order(number, customer_email=address)
        await follow.follow_by_mail(shop.desk, shop.id, order_id, email="", wants="all", locale="sv")
    assert await take_bounce(shop.desk, report(notice_id)) is True
    follow_still = []
    async with shop.desk.db.read() as conn:
        for number in ("1001", *mails):
            (one,) = await followers.list_followers(conn, shop.id, (await shop.row(number)).id)
            follow_still += [number] if one.follows else []
    assert follow_still == ["1003", "1004"]
