"""From a notice to the mail that says it, in the reader's language. Secrets are made here, when it is sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr

from storefront_trace.config import Settings
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.moments import from_micros
from storefront_trace.languages import catalogue, spoken
from storefront_trace.notify import (
    answer,
    ask_feedback,
    change,
    concern,
    factor,
    follow_confirm,
    friday,
    morning,
    passkey_copied,
    pin_guessed,
    pin_locked,
    question,
    rights,
    step,
    tracking_link,
    undone,
    way_in,
)
from storefront_trace.notify.frame import framed
from storefront_trace.notify.letters import CannotSay, Desk, Letter, Office, Voice
from storefront_trace.storage import shops, silenced
from storefront_trace.storage.outbox import Notice

# Who writes which kind of notice: a new kind is a file with a `write`, and a line here.
COMPOSERS: dict[str, Callable[[Office, Notice], Awaitable[Letter]]] = {
    "answer": answer.write,
    "ask_feedback": ask_feedback.write,
    "change": change.write,
    "code_locked": factor.write_locked,
    "concern": concern.write,
    "factor_changed": factor.write_changed,
    "invited": way_in.write_invitation,
    "concern_soon": concern.write_soon,
    "follow_confirm": follow_confirm.write,
    "friday": friday.write,
    "friday_owner": friday.write_to_owner,
    "morning": morning.write,
    "passkey_copied": passkey_copied.write,
    "pin_guessed": pin_guessed.write,
    "pin_locked": pin_locked.write,
    "question": question.write,
    "question_owner": question.write_to_owner,
    "question_team": question.write_to_team,
    "recovery_used": factor.write_recovery,
    "rights_changed": rights.write,
    "step": step.write,
    "step_undone": undone.write,
    "tracking_link": tracking_link.write,
    "way_in": way_in.write_to_owner,
}


# What answers somebody, or is part of somebody's work. All other kinds, new ones too, keep away from who wants none:
# domain/silence.py says why.
ASKED_FOR = (
    "answer",
    "code_locked",
    "concern",
    "factor_changed",
    "invited",
    "concern_soon",
    "friday",
    "friday_owner",
    "morning",
    "passkey_copied",
    "pin_guessed",
    "pin_locked",
    "question",
    "question_owner",
    "question_team",
    "recovery_used",
    "rights_changed",
    "tracking_link",
    "way_in",
)


class AddressAsItIs(UnstructuredHeader, BaseHeader):
    """One line, however long. Python's own folds what is longer than 78 into encoded words, and no mail program finds
    an address in those: its button would be gone. Told by the header, since aiosmtplib has a policy of its own."""

    def fold(self, *, policy: Policy) -> str:
        return super().fold(policy=policy.clone(max_line_length=998))


HEADERS = HeaderRegistry()
HEADERS.map_to_type("list-unsubscribe", AddressAsItIs)
POLICY = SMTP.clone(header_factory=HEADERS)


async def compose(desk: Desk, settings: Settings, notice: Notice, voice: Voice | None = None) -> EmailMessage:
    """Raises CannotSay. The Message-ID is the notice's own: a mail that went out twice can be seen to be one."""
    write = COMPOSERS.get(notice.kind)
    if write is None:
        raise CannotSay("This version does not know such a notice.")
    await _check_silence(desk, notice)
    office = await open_office(desk, settings, notice, voice)
    return _message(office, notice, await write(office, notice))


async def _check_silence(desk: Desk, notice: Notice) -> None:
    """Looked at last, so that what was queued before somebody said "never" does not go out after it."""
    if notice.kind in ASKED_FOR:
        return
    async with desk.db.read() as conn:
        if await silenced.silenced_since(conn, desk.secrets, notice.shop_id, notice.recipient) is not None:
            raise CannotSay("Whoever reads the mail of that address wants none.")


async def open_office(desk: Desk, settings: Settings, notice: Notice, voice: Voice | None) -> Office:
    async with desk.db.read() as conn:
        shop = await shops.get_shop(conn, notice.shop_id)
    language = spoken(notice.locale) or spoken(shop.locale) or "en"
    return Office(desk, settings, shop, language, catalogue(language).say, voice)


def message_id(settings: Settings, notice_id: str) -> str:
    return f"<{notice_id}@{parseaddr(settings.mail_from)[1].rpartition('@')[2]}>"


def _message(office: Office, notice: Notice, letter: Letter) -> EmailMessage:
    """A line break in a header is a ValueError of the policy: nobody smuggles headers in."""
    name, sender = parseaddr(office.settings.mail_from)
    message = EmailMessage(policy=POLICY)
    try:
        message["From"] = Address(name or office.shop.name, addr_spec=sender)
        message["To"] = Address(addr_spec=notice.recipient)
        message["Subject"] = letter.subject
    except (ValueError, IndexError) as error:
        raise CannotSay("The address or the subject cannot stand in a mail.") from error
    message["Date"] = format_datetime(from_micros(now_micros()))
    message["Message-ID"] = message_id(office.settings, notice.id)
    message["Auto-Submitted"] = "auto-generated"
    for header, value in letter.headers.items():
        message[header] = value
    plain, html = framed(office, notice.kind, letter)
    message.set_content(plain)
    message.add_alternative(html, subtype="html")
    message["Content-Language"] = office.language  # last: what stood before moves into the first part
    return message
