"""What a mail is made of, and what its composer has at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from storefront_trace.config import Settings
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import NotFound
from storefront_trace.domain.lifetimes import link_ends_at
from storefront_trace.domain.shop import Person, Shop
from storefront_trace.storage import links, orders, people
from storefront_trace.storage.database import Database
from storefront_trace.storage.links import TrackingLink
from storefront_trace.storage.orders import OrderRow
from storefront_trace.storage.outbox import Notice


class CannotSay(Exception):
    """There is nothing to send, now or later. The message is for the operator and names nobody."""


class NotYet(Exception):
    """It has to be tried again: what it hangs on is not settled."""


class Desk(Protocol):
    """What is needed of the one in actions/, which may not be imported from here."""

    @property
    def db(self) -> Database: ...
    @property
    def secrets(self) -> Sequence[str]: ...
    @property
    def secret(self) -> bytes: ...
    def link_token(self, shop_id: str, order_id: str, link: TrackingLink) -> str | None: ...


@dataclass(frozen=True)
class Somebody:
    """A person, team or carrier as customers may see them at this moment. `picture` is an absolute URL of our own,
    answered when it is asked for: who withdraws a picture disappears from mails that went out long ago."""

    name: str
    role: str = ""
    picture: str | None = None
    kind: str = "team"  # person | team | carrier
    in_sentence: str = ""

    @property
    def called(self) -> str:
        """Inside a sentence: a team has no capital there."""
        return self.in_sentence if self.kind == "team" else self.name


@dataclass(frozen=True)
class Choice:
    """Somebody who helped, with a button to thank, and a quiet link to what could have been better."""

    somebody: Somebody
    thank: str
    thank_link: str
    better: str
    better_link: str


@dataclass(frozen=True)
class Item:
    """One of several things: a text, or somebody's words and whose they are; with one way on, or none."""

    text: str = ""
    quote: str = ""
    by: str = ""
    label: str = ""
    link: str = ""
    portrait: Mapping[str, str | None] | None = None
    """Of whose they are, for our pages alone: nobody's mail program is signed in."""


@dataclass(frozen=True)
class Part:
    """Several of them below a heading, or below none."""

    heading: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Letter:
    """What one mail says, as plain text: the frame (templates/email/letter.html and .txt) does the rest.

    The heading stands beside `somebody` and names them; `lines` stand before the button, `quote` are somebody's own
    words and `quote_by` says whose, `plan` are (term, day, text), `parts` are lists of things, `choices` are people to
    thank one by one, `also` is a second button (label, address), `after` the small print below, `why` the last line:
    why this came. `preview` is what a mailbox shows beside the subject (else the first line). `picture` (address,
    words) is 600 by 160 and leads where the button does; `stamped` draws the shop where nobody's face is. `about` is
    schema.org's JSON-LD.
    """

    subject: str
    heading: str
    lines: tuple[str, ...] = ()
    preview: str = ""
    picture: tuple[str, str] | None = None
    stamped: bool = False
    button: str = ""
    link: str = ""
    somebody: Somebody | None = None
    quote: str = ""
    quote_by: str = ""
    plan: tuple[tuple[str, str, str], ...] = ()
    parts: tuple[Part, ...] = ()
    choices: tuple[Choice, ...] = ()
    also: tuple[str, str] | None = None
    after: tuple[str, ...] = ()
    why: str = ""
    stop: str = ""
    stop_link: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class StepSaid:
    """One step as the page says it now. A step that customers do not see, or that was taken back, has none."""

    event_id: str
    step: str
    name: str
    effect: str
    heading: str
    """Who did what, in a few words."""
    somebody: Somebody
    sentence: str
    note: str
    note_by: str
    moment: str = ""
    """When, where `sentence` says nothing more than that beside the heading."""
    thank: str = ""
    """The button's words, while this step may be thanked for and has not been."""
    carrier: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None
    whole: bool = True
    """Else some things of the order were called off, and the order goes on."""
    reason: str = ""
    """Why it was taken back, in the words of who did."""


@dataclass(frozen=True)
class Asked:
    """Somebody whom the customer may be asked about, by one of their steps."""

    somebody: Somebody
    event_id: str
    thank: str


@dataclass(frozen=True)
class OrderSaid:
    first_name: str | None
    number: str
    steps: Mapping[str, StepSaid]
    """By the ids of the events that told of them, those too that a later telling has taken the place of."""
    undone: Mapping[str, StepSaid]
    """Those that were taken back and that the page still shows, as such."""
    names: Mapping[str, str]
    """What the shop calls each kind of step."""
    plan: tuple[tuple[str, str, str], ...]
    promise: tuple[str, str] | None
    things: tuple[str, ...]
    stock: Mapping[str, str] = field(default_factory=dict)
    """What is out of stock, in a sentence for each line's key."""
    collect: str = ""
    """Where and when to fetch it, once it is ready; in the shop's own words, with its lines."""
    due: str = ""
    keeper: str = ""
    """Who looks after it, in a sentence, while it is here."""
    asked: tuple[Asked, ...] = ()
    """Everybody who helped, while the customer may be asked what she would say: at home, and nothing said yet."""


@dataclass(frozen=True)
class NeedSaid:
    """One thing that needs the owner, and what she can do about it, at this path."""

    text: str
    act: str
    path: str


@dataclass(frozen=True)
class ThanksSaid:
    """A person's thanks of one week: words first, then what was only chosen; `wordless` are those with neither."""

    name: str
    role: str
    items: tuple[Item, ...]
    wordless: int = 0
    more: bool = False


@dataclass(frozen=True)
class WeekSaid:
    """The shop's week, as the owner's page of it says."""

    intro: str
    parts: tuple[Part, ...]


class Voice(Protocol):
    """What our pages say, in the pages' own words. The application brings it: pages stand above notices."""

    async def order(self, shop_id: str, order_id: str, language: str, link: str) -> OrderSaid | None:
        """`link` is the tracking page's address: pictures stand below it."""

    async def somebody(self, shop_id: str, language: str, person_id: str | None, team: str | None) -> Somebody:
        """Without a picture: its address is the caller's to know."""

    async def needs(self, shop_id: str, language: str) -> Sequence[NeedSaid]:
        """The most pressing first."""

    async def thanks(self, shop_id: str, person_id: str, friday: date, language: str) -> ThanksSaid | None:
        """What this person was thanked for in the week that ended then; None when nobody did."""

    async def week(self, shop_id: str, friday: date, language: str) -> WeekSaid | None:
        """None when nobody was thanked and nothing was learned."""


@dataclass(frozen=True)
class Office:
    """Where a letter is written: for one shop, in one language."""

    desk: Desk
    settings: Settings
    shop: Shop
    language: str
    say: Callable[..., str]
    voice: Voice | None = None

    @property
    def the_voice(self) -> Voice:
        if self.voice is None:
            raise RuntimeError("This notice needs the page's words, and none were brought.")
        return self.voice


async def person_told_of(office: Office, notice: Notice) -> Person:
    """The person that the detail's `whose` names. CannotSay when there is nobody of that id, or they have left."""
    try:
        async with office.desk.db.read() as conn:
            whose = await people.get_person_by_id(conn, office.shop.id, str(notice.detail.get("whose", "")))
    except NotFound:
        raise CannotSay("There is no such person any more.") from None
    if whose.left_at is not None:
        raise CannotSay("The person has left.")
    return whose


async def order_link(office: Office, order_id: str) -> tuple[OrderRow, str]:
    """The order and the address of its page. CannotSay when no living link leads there."""
    shop = office.shop
    async with office.desk.db.read() as conn:
        row = await orders.find_order_by_id(conn, shop.id, order_id)
        lines = await orders.list_lines(conn, shop.id, order_id)
        found = (await links.current_links(conn, shop.id, [order_id])).get(order_id)
    if row is None or found is None:
        raise CannotSay("The order has no link any more.")
    end = link_ends_at(row, lines, shop)
    if end is not None and now_micros() >= end:
        raise CannotSay("The order's link has run out.")
    token = office.desk.link_token(shop.id, order_id, found)
    if token is None:
        raise CannotSay("The secret that the link was made with is gone.")
    return row, f"{office.settings.public_url}/t/{token}"
