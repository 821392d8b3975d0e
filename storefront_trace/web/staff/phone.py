"""What a phone says of what waited on it: when it happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from starlette.datastructures import FormData

from storefront_trace.domain.moments import Moment, from_micros, parse_moment
from storefront_trace.web.staff.log import text_of
from storefront_trace.web.staff.visit import Visit

# A smaller difference of the clocks is the network's doing.
LEAST_DIFFERENCE = timedelta(seconds=5)


def happened_at(visit: Visit, form: FormData) -> Moment | None:
    """On a phone whose clock goes wrong: what it showed, put right by as much as it is wrong now."""
    at, clock = text_of(form, "at"), text_of(form, "clock")
    if not at:
        return None
    told, now = parse_moment(at, default_zone=visit.cast.shop.zone), from_micros(visit.now)
    if clock:
        wrong = parse_moment(clock, default_zone=visit.cast.shop.zone).instant - now
        told = told if abs(wrong) < LEAST_DIFFERENCE else replace(told, instant=told.instant - wrong)
    return replace(told, instant=min(told.instant, now))
