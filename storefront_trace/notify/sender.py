"""Claims waiting notices, sends them, and writes down how it went. At least once, never lost: who dies between sending
and writing down sends it again, under the same Message-ID."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from email.message import EmailMessage

import aiosmtplib
import structlog

from storefront_trace.config import MailServer, Settings
from storefront_trace.domain.clock import HOUR, MINUTE, now_micros
from storefront_trace.notify.letters import CannotSay, Desk, Voice
from storefront_trace.notify.mails import compose
from storefront_trace.notify.stopped import stop_follower
from storefront_trace.storage import outbox
from storefront_trace.storage.outbox import Notice

POLL = 2.0
TIMEOUT = 30
BATCH = 5
LEASE = 10 * MINUTE  # longer than a batch whose every mail times out
RETRIES = (MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR)

log = structlog.get_logger()


async def send_due(desk: Desk, settings: Settings, voice: Voice | None = None) -> int:
    """Tries everything that is due, once, and returns how many; without a mail server everything waits.

    `voice` says what the customer's page says: notices about steps need it."""
    done = 0
    while settings.smtp is not None and (batch := await _claim(desk, ["mail"])):
        for notice in batch:
            await _send(desk, settings, settings.smtp, notice, voice)
            done += 1
    return done


async def run(desk: Desk, settings: Settings, stop: asyncio.Event, voice: Voice | None = None) -> None:
    while not stop.is_set():
        try:
            await send_due(desk, settings, voice)
        except Exception as error:
            log.error("notices wait", kind=type(error).__name__)
        try:
            await asyncio.wait_for(stop.wait(), POLL)
        except TimeoutError:
            continue


async def _claim(desk: Desk, channels: Sequence[str]) -> list[Notice]:
    """Looks first: an idle shop then never takes the write lock."""
    now = now_micros()
    async with desk.db.read() as conn:
        if not await outbox.is_any_due(conn, now, channels):
            return []
    async with desk.db.write() as conn:
        return await outbox.claim_notices(conn, now, now + LEASE, channels, limit=BATCH)


async def _send(desk: Desk, settings: Settings, server: MailServer, notice: Notice, voice: Voice | None) -> None:
    try:
        await _deliver(server, await compose(desk, settings, notice, voice))
    except CannotSay as reason:
        await _fail(desk, notice, str(reason))
    except Exception as error:  # also what a template of the shop's own raises: the next notice has its turn
        log.warning("notice not sent", notice=notice.id, kind=notice.kind, error=type(error).__name__)
        if _is_final(error):
            await _fail(desk, notice, _reason(error))
            await _bounced(desk, notice, error)
        else:
            await _later(desk, notice, _reason(error))
    else:
        await record_sent(desk, notice)


async def record_sent(desk: Desk, notice: Notice) -> None:
    async with desk.db.write() as conn:
        await outbox.update_notice(conn, notice, sent_at=now_micros(), claimed_until=None, error=None)


async def _deliver(server: MailServer, message: EmailMessage) -> None:
    await aiosmtplib.send(
        message,
        hostname=server.host,
        port=server.port,
        use_tls=server.tls,
        start_tls=False if server.tls else None,
        username=server.user,
        password=server.password,
        timeout=TIMEOUT,
    )


async def _later(desk: Desk, notice: Notice, why: str) -> None:
    """`attempts` counts those before this one."""
    if notice.attempts >= len(RETRIES):
        await _fail(desk, notice, why)
        return
    async with desk.db.write() as conn:
        due = now_micros() + RETRIES[notice.attempts]
        await outbox.update_notice(conn, notice, due_at=due, claimed_until=None, error=why)


async def _fail(desk: Desk, notice: Notice, why: str) -> None:
    log.warning("notice failed", notice=notice.id, kind=notice.kind)
    async with desk.db.write() as conn:
        await outbox.update_notice(conn, notice, failed_at=now_micros(), claimed_until=None, error=why)


async def _bounced(desk: Desk, notice: Notice, error: Exception) -> None:
    """Nobody has that mailbox: who followed with it follows no more."""
    follower = notice.detail.get("follower_id")
    if follower and isinstance(error, aiosmtplib.SMTPRecipientsRefused | aiosmtplib.SMTPRecipientRefused):
        await stop_follower(desk, notice.shop_id, follower, "bounced")


def _is_final(error: Exception) -> bool:
    """The server will never take this mail. A refused login or sender is our setting's fault: the mail can wait."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return all(one.code >= 500 for one in error.recipients)
    if isinstance(error, aiosmtplib.SMTPAuthenticationError | aiosmtplib.SMTPSenderRefused):
        return False
    return isinstance(error, aiosmtplib.SMTPDataError | aiosmtplib.SMTPRecipientRefused) and error.code >= 500


def _reason(error: Exception) -> str:
    """For the operator. Not the server's own words: they repeat the address."""
    code = getattr(error, "code", None)
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused) and error.recipients:
        code = error.recipients[0].code
    return f"{type(error).__name__}{f' {code}' if code else ''}"
