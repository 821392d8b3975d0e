"""Where and when an order can be fetched, in the shop's own words, as soon as it is there to be fetched."""

from __future__ import annotations

from storefront_trace.domain.timeline import Timeline
from storefront_trace.domain.tracked import TrackOrder
from storefront_trace.web.customer.words import Words

READY = "ready_for_pickup"


def where_to_collect(order: TrackOrder, line: Timeline, words: Words) -> str:
    """ "" while it cannot be fetched, and for what a carrier keeps: its counter is not the shop's."""
    if order.method != "pickup" or order.state != READY:
        return ""
    ready = [one for one in line.steps if one.step.key == READY and not one.corrected]
    kept_by_carrier = any(one.parcel is not None and one.parcel.carrier for one in ready)
    return "" if kept_by_carrier or not ready else words.shop.pickup or ""
