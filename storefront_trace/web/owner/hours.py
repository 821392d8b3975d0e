"""A part of /owner/shop: when the shop is open, and what its estimates are made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import get_day_names
from babel.units import format_unit
from starlette.datastructures import FormData

from storefront_trace.domain.calendar import CLOSES, MONDAY_TO_FRIDAY, OPENS, checked_calendar
from storefront_trace.domain.moments import day_of
from storefront_trace.domain.orders import SHIPPED
from storefront_trace.domain.pace import LEAST
from storefront_trace.domain.shop import Cast
from storefront_trace.web.languages import catalogue
from storefront_trace.web.owner.forms import text_of
from storefront_trace.web.wording import day_text, listed, paired, wait_text

# Of the territories that Babel names, those that are no countries.
_NO_COUNTRIES = frozenset(("EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"))
SHOWN_HOLIDAYS = 4
_CODE = re.compile(r"[A-Z]{2}")


def stored_hours(cast: Cast) -> dict[str, Any]:
    kept = cast.shop.calendar or {}
    return {
        "days": {str(day) for day in kept.get("days", MONDAY_TO_FRIDAY)},
        "opens": kept.get("opens", OPENS),
        "closes": kept.get("closes", CLOSES),
        "closed": "\n".join(kept.get("closed", ())),
        "country": cast.shop.country or "",
    }


def typed_hours(form: FormData) -> dict[str, Any]:
    texts = {name: text_of(form, name) for name in ("opens", "closes", "closed", "country")}
    return {"days": {str(day) for day in form.getlist("days")}, **texts}


def checked_hours(cast: Cast, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Only what is another than before: how long orders take is counted anew after each change."""
    calendar = checked_calendar(typed["days"], typed["opens"][:5], typed["closes"][:5], typed["closed"][:4000])
    country = typed["country"] or None
    changes: dict[str, Any] = {} if country == cast.shop.country else {"country": country}
    before = stored_hours(cast)
    if calendar != checked_calendar(before["days"], before["opens"], before["closes"], before["closed"]):
        changes["calendar"] = calendar
    return changes


def hours_context(cast: Cast, typed: Mapping[str, Any], language: str, now: int) -> dict[str, Any]:
    names = get_day_names("wide", locale=language)
    return {
        **typed,
        "weekdays": [
            {"value": str(day), "name": names[day - 1], "on": str(day) in typed["days"]} for day in range(1, 8)
        ],
        "countries": [{"code": code, "name": name} for code, name in _countries(language)],
        "holiday": _next_holidays(cast, language, now),
        "history": _history(cast, language),
        "waits": _waits(cast, language),
    }


def _history(cast: Cast, language: str) -> str:
    say = catalogue(language).say
    orders = int((cast.shop.pace or {}).get("orders", 0))
    if orders >= LEAST:
        return say("Our estimates are made from your %(orders)s newest finished orders.", orders=orders)
    return say(
        "Customers without a promised day see an estimate once %(least)s orders have come home. So far: %(orders)s.",
        least=LEAST,
        orders=orders,
    )


def _waits(cast: Cast, language: str) -> list[dict[str, str]]:
    """Of each step in its place on the way: what is usual, and what nine in ten keep."""
    known: Mapping[str, list[int]] = (cast.shop.pace or {}).get("steps", {})
    texts, found = catalogue(language), []
    for step in sorted(cast.steps.values(), key=lambda one: (one.position, one.key)):
        if step.key in known:
            _, median, most = known[step.key]
            said = wait_text if step.position > SHIPPED else _working_text
            usual, slow = said(median, language), said(most, language)
            text = texts.say("usually %(usual)s, nine in ten within %(slow)s", usual=usual, slow=slow)
            found.append({"step": step.names.get(language) or next(iter(step.names.values())), "text": text})
    return found


def _working_text(minutes: int, language: str) -> str:
    """In hours, however many: a day of working time is no day and night."""
    if minutes < 24 * 60:
        return wait_text(minutes, language)
    return format_unit(minutes // 60, "duration-hour", "short", locale=language)


def _next_holidays(cast: Cast, language: str, now: int) -> str | None:
    today = day_of(now, cast.shop.zone)
    following = sorted(day.isoformat() for day in cast.calendar.public if day.isoformat() >= today)[:SHOWN_HOLIDAYS]
    if not following:
        return None
    days = listed([paired(day_text(day, language)) for day in following], language)
    return catalogue(language).say("The next ones: %(days)s.", days=days)


@lru_cache(maxsize=8)
def _countries(language: str) -> list[tuple[str, str]]:
    named = Locale.parse(language).territories.items()
    found = [(str(code), str(name)) for code, name in named if _CODE.fullmatch(code) and code not in _NO_COUNTRIES]
    return sorted(found, key=lambda one: one[1])
