"""Where and when an order can be fetched, in the shop's own words, as soon as it is there to be fetched."""

from __future__ import annotations

from typing import Any

from storefront_trace.domain.timeline import Shown, Timeline
from storefront_trace.domain.tracked import TrackOrder
from storefront_trace.web.customer.words import Words
from storefront_trace.web.wording import day_html, paired, since_text

READY = "ready_for_pickup"


def where_to_collect(order: TrackOrder, line: Timeline, words: Words) -> str:
    """ "" while it cannot be fetched, and for what a carrier keeps: its counter is not the shop's."""
    return words.shop.pickup or "" if _ready(order, line) else ""


def ready_row(order: TrackOrder, line: Timeline, words: Words) -> list[dict[str, Any]]:
    """ "Now: ready to collect, at the shop, since Friday 20 November", and what to say there."""
    ready = _ready(order, line)
    if ready is None:
        return []
    iso = words.day_of(ready.event.at, line)
    since = day_html(iso, paired(since_text(iso, words.language)))
    return [
        {
            "term": words.say("Now"),
            "day": words.named(ready.step.names),
            "iso": "",
            "text": words.with_day("At %(shop)s, since %(day)s", since, shop=words.shop.name),
            "more": words.say("Say %(number)s at the counter", number=order.number),
        }
    ]


def _ready(order: TrackOrder, line: Timeline) -> Shown | None:
    """The latest word that it is ready, when it is the shop that keeps it."""
    if order.method != "pickup" or order.state != READY:
        return None
    ready = [one for one in line.steps if one.step.key == READY and not one.corrected]
    kept_by_carrier = any(one.parcel is not None and one.parcel.carrier for one in ready)
    return None if kept_by_carrier or not ready else ready[-1]
