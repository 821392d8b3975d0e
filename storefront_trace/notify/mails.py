"""From a notice to the mail that says it, in the reader's language. Secrets are made here, when it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache
from pathlib import Path
from typing import Protocol

import jinja2

from storefront_trace.config import Settings
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import N_
from storefront_trace.domain.lifetimes import link_ends_at
from storefront_trace.domain.moments import from_micros
from storefront_trace.domain.shop import Shop
from storefront_trace.languages import Catalogue, catalogue, spoken
from storefront_trace.storage import links, orders, shops
from storefront_trace.storage.database import Database
from storefront_trace.storage.links import TrackingLink
from storefront_trace.storage.outbox import Notice

PACKAGE = Path(__file__).parent.parent
TEMPLATES = PACKAGE / "templates" if (PACKAGE / "templates").is_dir() else PACKAGE.parent / "templates"
SUBJECTS = {
    "concern": N_("Something could be better: order %(number)s"),
    "tracking_link": N_("The page of your order %(number)s"),
}


class Desk(Protocol):
    """What is needed of the one in actions/, which may not be imported from here."""

    @property
    def db(self) -> Database: ...
    def link_token(self, shop_id: str, order_id: str, link: TrackingLink) -> str | None: ...


class CannotSay(Exception):
    """There is nothing to send, now or later. The message is for the operator and names nobody."""


@dataclass(frozen=True)
class _Words:
    subject: str
    plain: str
    html: str


async def compose(desk: Desk, settings: Settings, notice: Notice) -> EmailMessage:
    """Raises CannotSay. The Message-ID is the notice's own: a mail that went out twice can be seen to be one."""
    if notice.kind not in SUBJECTS:
        raise CannotSay("This version does not know such a notice.")
    async with desk.db.read() as conn:
        shop = await shops.get_shop(conn, notice.shop_id)
    link = await _link(desk, settings, shop, notice)
    language = spoken(notice.locale) or spoken(shop.locale) or "en"
    words = _words(settings.templates_dir, language, shop, notice, link)
    return _message(settings, shop, notice, language, words)


async def _link(desk: Desk, settings: Settings, shop: Shop, notice: Notice) -> str:
    if notice.kind == "concern":
        return f"{settings.public_url}/owner/concerns"
    order_id = str(notice.detail.get("order_id", ""))
    async with desk.db.read() as conn:
        row = await orders.find_order_by_id(conn, shop.id, order_id)
        lines = await orders.list_lines(conn, shop.id, order_id)
        found = (await links.current_links(conn, shop.id, [order_id])).get(order_id)
    if row is None or found is None:
        raise CannotSay("The order has no link any more.")
    end = link_ends_at(row, lines, shop)
    if end is not None and now_micros() >= end:
        raise CannotSay("The order's link has run out.")
    token = desk.link_token(shop.id, order_id, found)
    if token is None:
        raise CannotSay("The secret that the link was made with is gone.")
    return f"{settings.public_url}/t/{token}"


def _words(own: Path | None, language: str, shop: Shop, notice: Notice, link: str) -> _Words:
    texts = catalogue(language)
    number = str(notice.detail.get("order_number", ""))
    subject = texts.say(SUBJECTS[notice.kind], number=number)
    context = {"subject": subject, "order_number": number, "link": link, "shop_name": shop.name, "language": language}
    environment = _environment(own, texts)
    plain, html = (environment.get_template(f"email/{notice.kind}.{kind}").render(context) for kind in ("txt", "html"))
    return _Words(subject, plain, html)


@cache
def _environment(own: Path | None, texts: Catalogue) -> jinja2.Environment:
    folders = [folder for folder in (own, TEMPLATES) if folder is not None]
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(texts.gettext, texts.ngettext, newstyle=True)  # type: ignore[attr-defined]
    return environment


def _message(settings: Settings, shop: Shop, notice: Notice, language: str, words: _Words) -> EmailMessage:
    """A line break in a header is a ValueError of the policy: nobody smuggles headers in."""
    name, sender = parseaddr(settings.mail_from)
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = Address(name or shop.name, addr_spec=sender)
        message["To"] = Address(addr_spec=notice.recipient)
        message["Subject"] = words.subject
    except (ValueError, IndexError) as error:
        raise CannotSay("The address or the subject cannot stand in a mail.") from error
    message["Date"] = format_datetime(from_micros(now_micros()))
    message["Message-ID"] = f"<{notice.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(words.plain)
    message.add_alternative(words.html, subtype="html")
    message["Content-Language"] = language  # last: what stood before moves into the first part
    return message
