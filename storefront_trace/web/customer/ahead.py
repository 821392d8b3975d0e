"""What has not happened yet, in words."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from storefront_trace.domain.ahead import Ahead
from storefront_trace.web.customer.words import Words
from storefront_trace.web.wording import day_html, day_text, first_day_text, paired


def dated(ahead: tuple[Ahead, ...]) -> list[Ahead]:
    """What has a day, soonest first; without any, the next step alone."""
    dated = sorted((one for one in ahead if one.day_to), key=lambda one: one.day_to or "")
    return dated or list(ahead[:1])


def plan_row(place: int, ahead: Ahead, words: Words) -> dict[str, Any]:
    return {
        "term": words.say("Next") if place == 0 else words.say("Then"),
        "day": paired(days_text(ahead, words)) or _ahead_title(ahead, words),
        "iso": ahead.day_to or "",
        "text": _whose(ahead, _ahead_title(ahead, words), words) if ahead.day_to else "",
        "more": "",
    }


def days_text(ahead: Ahead, words: Words) -> str:
    if not ahead.day_to:
        return ""
    last = day_text(ahead.day_to, words.language)
    if ahead.day_from and ahead.day_from != ahead.day_to:
        return words.say(
            "%(first)s to %(last)s", first=first_day_text(ahead.day_from, ahead.day_to, words.language), last=last
        )
    return last


def home_html(ahead: Ahead, words: Words) -> Markup:
    """ "At your home Thursday 26 November", or "…, we think"."""
    day = day_html(ahead.day_to, days_text(ahead, words))
    if ahead.source == "estimate":
        return words.with_day("At your home %(day)s, we think", day)
    if ahead.source == "carrier":
        return words.with_day("At your home %(day)s, says %(carrier)s", day, carrier=_carrier(ahead, words))
    return words.with_day("At your home %(day)s", day)


def _whose(ahead: Ahead, title: str, words: Words) -> str:
    """A day that the shop has not promised is never shown as a promise."""
    if ahead.source == "estimate":
        return words.say("%(title)s, we think", title=title)
    if ahead.source == "carrier":
        return words.say("%(title)s, says %(carrier)s", title=title, carrier=_carrier(ahead, words))
    return title


def _carrier(ahead: Ahead, words: Words) -> str:
    return ahead.carrier or words.say("the carrier")


def _ahead_title(ahead: Ahead, words: Words) -> str:
    if ahead.line is not None:
        return words.say("%(title)s arrives at our warehouse", title=ahead.line.title)
    if ahead.kind == "rest":
        return words.say("Parcel %(number)s is packed and sent", number=ahead.parcel_number)
    if ahead.kind == "send":
        return words.say("Parcel %(number)s is sent", number=ahead.parcel_number)
    if ahead.kind == "parcel":
        return words.say("Parcel %(number)s is at your home", number=ahead.parcel_number)
    return words.named(ahead.step.next_names) if ahead.step else ""


def upcoming(ahead: Ahead, words: Words) -> dict[str, Any]:
    expected: Markup | str = ""
    if ahead.day_to:
        day = day_html(ahead.day_to, days_text(ahead, words))
        if ahead.source == "estimate":
            expected = words.with_day("We think %(day)s. That is how long it usually takes.", day)
        elif ahead.source == "carrier":
            expected = words.with_day("Expected %(day)s, says %(carrier)s", day, carrier=_carrier(ahead, words))
        else:
            expected = words.with_day("Expected %(day)s", day)
    icon = {"parcel": "house", "send": "sent"}.get(ahead.kind, ahead.step.icon if ahead.step else "box")
    return {"icon": icon, "title": _ahead_title(ahead, words), "expected": expected}
