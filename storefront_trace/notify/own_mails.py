"""What all mails by the clock share: whose they are, whether they are still wanted, and how they end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from storefront_trace.domain.errors import N_
from storefront_trace.domain.mailing import OwnMail, own_mail_token
from storefront_trace.languages import catalogue
from storefront_trace.notify.followed import stop_headers
from storefront_trace.notify.letters import CannotSay, Letter, Office
from storefront_trace.storage import mailed
from storefront_trace.storage.mailed import Mailed
from storefront_trace.storage.outbox import Notice

STOP: Mapping[OwnMail, str] = {
    "morning": N_("Stop the mails of the morning"),
    "friday": N_("Stop the mails on Fridays"),
}


async def reader_of(office: Office, notice: Notice) -> Mailed:
    """CannotSay when they have left, or their address is another one now."""
    async with office.desk.db.read() as conn:
        found = await mailed.find_mailed(conn, office.shop.id, str(notice.detail.get("account_id", "")))
    if found is None or found.email != notice.recipient:
        raise CannotSay("Nobody reads these mails there any more.")
    return found


def day_of(notice: Notice) -> date:
    return date.fromisoformat(str(notice.detail.get("day", "")))


def own_link(office: Office, mail: OwnMail, reader: Mailed) -> str:
    token = own_mail_token(office.desk.secret, mail, office.shop.id, reader.account_id)
    return f"{office.settings.public_url}/mails/{mail}/{token}"


def ended_by(office: Office, mail: OwnMail, reader: Mailed, letter: Letter) -> Letter:
    """With the link, and the mail program's own button, that ends mails of this kind."""
    link = own_link(office, mail, reader)
    return replace(letter, stop=office.say(STOP[mail]), stop_link=link, headers=stop_headers(link))


def counted(office: Office, n: int, one: str, many: str) -> str:
    """With the number in figures; both are messages."""
    return catalogue(office.language).say(one if n == 1 else many, n=n) if n != 1 else office.say(one)
