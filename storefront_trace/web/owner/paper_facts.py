"""What stands in a shop's papers: each figure from the settings as they are at this moment, nothing typed twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from storefront_trace.domain import ladder
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.errors import N_
from storefront_trace.domain.moments import day_of
from storefront_trace.domain.papers import AUTHORITIES, FIELDS, Block, agreed_by
from storefront_trace.domain.shop import Cast, Shop
from storefront_trace.storage import accounts, connections
from storefront_trace.storage.connections import Connection as System
from storefront_trace.web.languages import Catalogue, catalogue
from storefront_trace.web.owner.base import alphabetical
from storefront_trace.web.owner.keeping import kept_of
from storefront_trace.web.wording import full_date_text, listed, span_text

BLANK = N_("[to be filled in by the shop]")
AUTHORITY = N_("the data protection authority of the shop's country")
KINDS = {"shopify": "Shopify", "woocommerce": "WooCommerce"}


@dataclass(frozen=True)
class Known:
    """What is read for the papers beside the cast."""

    owners: set[str]
    managers: set[str]
    systems: list[System]
    mail: bool
    most_session_days: int


async def read_known(request: Request) -> Known:
    cast: Cast = request.state.cast
    settings = request.app.state.settings
    async with request.app.state.desk.db.read() as conn:
        owners = await accounts.list_owners(conn, cast.shop.id, here=True)
        holding = await accounts.list_holding(conn, cast.shop.id)
        systems = await connections.list_connections(conn, cast.shop.id)
    here = [one for one in systems if one.ended_at is None]
    return Known(owners, holding - owners, here, settings.smtp is not None, settings.session_days)


def facts_of(cast: Cast, known: Known, language: str) -> dict[str, Any]:
    """The names that the templates in templates/papers use."""
    shop, say = cast.shop, catalogue(language)
    told = {name: _one_line((shop.papers or {}).get(name, "")) for name in FIELDS}
    blank = say.gettext(BLANK)
    agreed = agreed_by(shop.agreed)
    return {
        **{name: text or blank for name, text in told.items()},
        "dpo": told["dpo"],
        "authority": told["authority"] or AUTHORITIES.get(shop.country or "") or say.gettext(AUTHORITY),
        "blank": blank,
        "shop": _one_line(shop.name),
        "country": shop.country,
        "owners": _named(cast, known.owners, language) or blank,
        "managers": _named(cast, known.managers, language),
        "people": _people(cast, say),
        "systems": listed(sorted(f"{one.name} ({KINDS.get(one.kind, one.kind)})" for one in known.systems), language),
        "mail": known.mail,
        **_spans(shop, known, language),
        "friday": shop.friday,
        "per_person": shop.per_person,
        "agreed": agreed[0] if agreed else None,
        "agreed_day": full_date_text(agreed[1], language) if agreed else "",
        "factor": shop.needs_factor,
        "counts_from": ladder.COUNTS_FROM,
        "share_from": ladder.EARLY_FROM,
        "trend_from": ladder.FULL_FROM,
    }


def kept_blocks(shop: Shop, language: str) -> list[Block]:
    """What `@kept` stands for: the same rows as on /owner/privacy."""
    until = catalogue(language).gettext("How long")
    return [Block("row", f"{row['why']}. {until}: {row['until']}.", row["what"]) for row in kept_of(shop, language)]


def today_text(shop: Shop, language: str) -> str:
    return full_date_text(day_of(now_micros(), shop.zone), language)


def _spans(shop: Shop, known: Known, language: str) -> dict[str, Any]:
    def days(number: int) -> str:
        return span_text(number, "day", language)

    return {
        "fade": days(shop.fade_days),
        "link": days(shop.link_days),
        "share": days(shop.share_days),
        "share_days": shop.share_days,
        "words": span_text(shop.words_months, "month", language),
        "sessions": days(min(shop.session_days, known.most_session_days)),
        "ask": None if shop.ask_hours is None else span_text(shop.ask_hours, "hour", language),
    }


def _named(cast: Cast, whose: set[str], language: str) -> str:
    here = [one for one in cast.people.values() if one.id in whose and one.left_at is None]
    names = sorted((one.display_name for one in here), key=lambda name: alphabetical(name, language))
    return listed(names, language)


def _people(cast: Cast, say: Catalogue) -> str:
    number = sum(1 for one in cast.people.values() if one.left_at is None)
    return say.ngettext("%(num)s person who works here", "%(num)s people who work here", number) % {"num": number}


def _one_line(text: str) -> str:
    """A line break would begin a block of its own."""
    return " ".join(text.split())
