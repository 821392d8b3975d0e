"""Claims waiting notices, sends them, and writes down how it went. At least once, never lost: who dies between sending
and writing down sends it again, under the same Message-ID."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from email.message import EmailMessage
from functools import partial

import aiosmtplib
import httpx2
import structlog

from storefront_trace import background
from storefront_trace.config import MailServer, Settings
from storefront_trace.domain.clock import HOUR, MINUTE, now_micros
from storefront_trace.domain.errors import Invalid
from storefront_trace.integrations.webpush import PushRefused, PushService
from storefront_trace.notify.letters import CannotSay, Desk, Voice
from storefront_trace.notify.mails import compose, open_office
from storefront_trace.notify.push import push
from storefront_trace.notify.stopped import is_of_the_mailbox, stop_address
from storefront_trace.notify.undone import record_amended
from storefront_trace.storage import outbox
from storefront_trace.storage.outbox import Notice

POLL = 2.0
TIMEOUT = 30
BATCH = 5
LEASE = MINUTE  # how long the mails of a sender that died wait for another one
RENEW = 15.0  # seconds; a sender that is alive, however slow, never loses what it has claimed
RETRIES = (MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR)

log = structlog.get_logger()


Way = Callable[[Notice], Awaitable[None]]


async def send_due(
    desk: Desk, settings: Settings, voice: Voice | None = None, pushes: PushService | None = None
) -> int:
    """Tries everything that is due, once, and returns how many. Without a mail server mails wait, without `pushes`
    pushes do. `voice` says what the customer's page says: notices about steps need it."""
    ways: dict[str, Way] = {}
    if settings.smtp is not None:
        ways["mail"] = partial(_mail, desk, settings, settings.smtp, voice)
    if pushes is not None:
        ways["push"] = partial(_push, desk, settings, pushes, voice)
    done = 0
    while ways and (batch := await _claim(desk, list(ways))):
        async with _held(desk, batch):
            for notice in batch:
                await _send(desk, notice, ways[notice.channel])
                done += 1
    return done


async def run(
    desk: Desk,
    settings: Settings,
    stop: asyncio.Event,
    voice: Voice | None = None,
    pushes: PushService | None = None,
) -> None:
    once = partial(send_due, desk, settings, voice, pushes)
    await background.again(once, stop, POLL, trouble="notices wait")


async def _claim(desk: Desk, channels: Sequence[str]) -> list[Notice]:
    """Looks first: an idle shop then never takes the write lock."""
    now = now_micros()
    async with desk.db.read() as conn:
        if not await outbox.is_any_due(conn, now, channels):
            return []
    async with desk.db.write() as conn:
        return await outbox.claim_notices(conn, now, now + LEASE, channels, limit=BATCH)


@asynccontextmanager
async def _held(desk: Desk, batch: Sequence[Notice]) -> AsyncIterator[None]:
    done = asyncio.Event()
    keeper = asyncio.create_task(_keep(desk, batch, done))
    try:
        yield
    finally:
        done.set()
        await keeper


async def _keep(desk: Desk, batch: Sequence[Notice], done: asyncio.Event) -> None:
    while True:
        try:
            await asyncio.wait_for(done.wait(), RENEW)
            return
        except TimeoutError:
            pass
        try:
            async with desk.db.write() as conn:
                await outbox.update_claims(conn, batch, now_micros() + LEASE)
        except Exception as error:  # the next turn comes before the claim ends
            log.warning("claim not renewed", kind=type(error).__name__)


async def _send(desk: Desk, claimed: Notice, way: Way) -> None:
    """As it is now: since it was claimed its step may have been logged anew, or another notice may have said it. Who
    was held up (a machine that slept) leaves it to whoever has it by now."""
    async with desk.db.read() as conn:
        now_of = await outbox.find_claimed(conn, claimed, now_micros())
    if now_of is None:
        return
    notice = replace(claimed, detail=now_of.detail)
    try:
        await way(notice)
    except CannotSay as reason:
        await _give_up(desk, notice, str(reason))
    except Exception as error:  # also what a template of the shop's own raises: the next notice has its turn
        log.warning("notice not sent", notice=notice.id, kind=notice.kind, error=type(error).__name__)
        if _is_final(error):
            await _fail(desk, notice, _reason(error))
            await _bounced(desk, notice, error)
        else:
            await _later(desk, notice, _reason(error))
    else:
        await record_sent(desk, notice)


async def _mail(desk: Desk, settings: Settings, server: MailServer, voice: Voice | None, notice: Notice) -> None:
    await _deliver(server, await compose(desk, settings, notice, voice))


async def _push(desk: Desk, settings: Settings, pushes: PushService, voice: Voice | None, notice: Notice) -> None:
    await push(await open_office(desk, settings, notice, voice), pushes, notice)


async def record_sent(desk: Desk, notice: Notice) -> None:
    """With the detail that it was written from: what it tells of may have been logged anew in the meantime."""
    async with desk.db.write() as conn:
        now = now_micros()
        await outbox.update_notice(conn, notice, sent_at=now, claimed_until=None, error=None, detail=notice.detail)
        await record_amended(conn, notice, now)


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
        await outbox.update_claimed(conn, notice, due_at=due, claimed_until=None, error=why)


async def _give_up(desk: Desk, notice: Notice, why: str) -> None:
    """Unless it is about something else by now."""
    async with desk.db.write() as conn:
        now_of = await outbox.find_open(conn, notice, lock=True)
        if now_of is not None and now_of.detail != notice.detail:
            await outbox.update_claimed(conn, notice, claimed_until=None)
            return
    await _fail(desk, replace(notice, detail={**notice.detail, outbox.MOOT: True}), why)


async def _fail(desk: Desk, notice: Notice, why: str) -> None:
    log.warning("notice failed", notice=notice.id, kind=notice.kind)
    over = {"failed_at": now_micros(), "claimed_until": None, "error": why, "detail": notice.detail}
    async with desk.db.write() as conn:
        await outbox.update_claimed(conn, notice, **over)


async def _bounced(desk: Desk, notice: Notice, error: Exception) -> None:
    """Nobody has that mailbox: who followed with it, whichever order, follows no more."""
    if any(is_of_the_mailbox(one.message) for one in _refused(error)):
        await stop_address(desk, notice.shop_id, notice.recipient)


def _refused(error: Exception) -> list[aiosmtplib.SMTPRecipientRefused]:
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return error.recipients
    return [error] if isinstance(error, aiosmtplib.SMTPRecipientRefused) else []


def _is_final(error: Exception) -> bool:
    """The server will never take this mail. A refused login or sender is our setting's fault: the mail can wait."""
    if isinstance(error, Invalid | httpx2.InvalidURL):  # an address that is none today is none tomorrow
        return True
    if isinstance(error, PushRefused):
        return error.gone or error.final
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return all(one.code >= 500 for one in error.recipients)
    if isinstance(error, aiosmtplib.SMTPAuthenticationError | aiosmtplib.SMTPSenderRefused):
        return False
    return isinstance(error, aiosmtplib.SMTPDataError | aiosmtplib.SMTPRecipientRefused) and error.code >= 500


def _reason(error: Exception) -> str:
    """For the operator. Not the server's own words: they repeat the address."""
    code = getattr(error, "code", None) or getattr(error, "status", None)
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused) and error.recipients:
        code = error.recipients[0].code
    return f"{type(error).__name__}{f' {code}' if code else ''}"
