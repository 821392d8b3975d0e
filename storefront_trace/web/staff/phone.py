"""What a phone says of what waited on it: when it happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from starlette.datastructures import FormData

from storefront_trace.domain.errors import Invalid
from storefront_trace.domain.moments import FIRST_YEAR, Moment, from_micros, parse_moment
from storefront_trace.web.forms import text_of
from storefront_trace.web.staff.visit import Visit

# A smaller difference of the clocks is the network's doing.
LEAST_DIFFERENCE = timedelta(seconds=5)
# A phone that was without power for long begins at 1970, or wherever it was made. Each is a day in every zone.
ANY_YEAR = (2, 9998)


def happened_at(visit: Visit, form: FormData) -> Moment | None:
    """On a phone whose clock goes wrong: what it showed, put right by as much as it is wrong now. None is now: where it
    showed nothing, or has been put right since, and nobody knows any more when that was."""
    at, zone, now = text_of(form, "at"), visit.cast.shop.zone, from_micros(visit.now)
    if not at:
        return None
    told = parse_moment(at, default_zone=zone, years=ANY_YEAR)
    try:
        instant = min(told.instant - _wrong_by(text_of(form, "clock"), zone, now), now)
    except OverflowError:
        return None
    return replace(told, instant=instant) if instant.year >= FIRST_YEAR else None


def _wrong_by(clock: str, zone: str, now: datetime) -> timedelta:
    """Nothing where the phone does not say, or nothing that can be read."""
    try:
        wrong = parse_moment(clock, default_zone=zone, years=ANY_YEAR).instant - now
    except Invalid:
        return timedelta()
    return wrong if abs(wrong) >= LEAST_DIFFERENCE else timedelta()
