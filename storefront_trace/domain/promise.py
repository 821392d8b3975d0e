"""On which days an order comes home as far as anybody knows, and whether that is later than was said.

The shop's own word comes first, then the carrier's, then our estimate (domain/estimate.py). A day that has passed
without the order is no answer any more: then it is late, and the next of the three is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Literal, NamedTuple

from storefront_trace.domain.estimate import SLOW, estimate
from storefront_trace.domain.moments import day_of
from storefront_trace.domain.orders import DELIVERED, FINAL_STATES, SHIPPED, taken_back
from storefront_trace.domain.pace import Passed
from storefront_trace.domain.parcels import in_parts, reached, unshipped
from storefront_trace.domain.shop import Cast
from storefront_trace.domain.tracked import TrackEvent, TrackLine, TrackOrder, TrackParcel

Source = Literal["shop", "carrier", "estimate"]


class Expected(NamedTuple):
    """ISO days, first and last, and whose word it is; `carrier` is the carrier's name when it is its word."""

    day_from: str
    day_to: str
    source: Source
    carrier: str | None = None


class Late(NamedTuple):
    """Why the page speaks of lateness. `kind`: passed (the day is over), likely (it will not be kept), goods (what we
    wait for has not come), slow (no day was said, and it has taken longer than others did). `day` is the one that was
    said, by the carrier when it was its word, of `line` for goods; "" when slow."""

    kind: Literal["passed", "likely", "goods", "slow"]
    day: str
    carrier: str | None = None
    line: TrackLine | None = None


class Outlook(NamedTuple):
    """`order` is None when nobody can say; `parcels` has an entry for each parcel underway of which somebody can.
    `today` is the shop's, as an ISO day, also of an order of which nothing is expected any more."""

    order: Expected | None = None
    parcels: Mapping[str, Expected] = {}
    late: Late | None = None
    today: str = ""


NOTHING = Outlook()
# It is there, and comes home when the customer fetches it: that is never late.
_WAITS_FOR_HER = "ready_for_pickup"


def outlook(order: TrackOrder, cast: Cast, now: int) -> Outlook:
    """`now` in microseconds. Nothing once the order is home, closed, or waits to be fetched as a whole. Changes by
    itself at the shop's midnight and when it closes (`domain/calendar.closes_next`), else only with the order and the
    shop."""
    today = day_of(now, cast.shop.zone)
    if order.state in FINAL_STATES or order.delivered_at is not None:
        return Outlook(today=today)
    asked = _Asked(order, cast, now, today)
    if order.state == _WAITS_FOR_HER and not asked.underway and not asked.rest:
        return Outlook(today=today)
    return asked.outlook()._replace(today=today)


def stock_day(line: TrackLine, today: str) -> str | None:
    """The day on which what a line waits for comes in. One that has passed is no answer any more."""
    return line.expected if line.expected and line.expected >= today else None


def told(order: TrackOrder, found: Outlook) -> Expected | None:
    """The promise as a fact, whether it was kept or not: the shop's, else the best that is known now."""
    if order.promise_to:
        return Expected(order.promise_from or order.promise_to, order.promise_to, "shop")
    return found.order


class _Asked:
    def __init__(self, order: TrackOrder, cast: Cast, now: int, today: str) -> None:
        self.order, self.cast, self.now, self.today, self.slow = order, cast, now, today, False
        going = [one for one in order.parcels if reached(one, cast) < DELIVERED]
        self.underway = [one for one in going if one.state != _WAITS_FOR_HER]
        self.rest = unshipped(order)
        self.several = in_parts(order, cast)

    def outlook(self) -> Outlook:
        shop = told(self.order, NOTHING)
        parcels = dict(self._parcels(shop)) if self.several else {}
        if shop is None:
            known = self._whole(parcels)
            slow = Late("slow", "") if self.slow and known is None else None
            return Outlook(known, parcels, self._goods() or self._carriers_lateness() or slow)
        if shop.day_to < self.today:
            known = self._whole(parcels)
            late = Late("passed", shop.day_to) if self._owed() else None
            return Outlook(known, parcels, late or self._goods())
        if not self.underway and self.rest and all((stock_day(one, "") or "") > shop.day_to for one, _ in self.rest):
            return Outlook(None, parcels, self._goods() or Late("likely", shop.day_to))
        known = self._carriers(self.underway) if not self.rest else None
        known = known or self._ours()
        if known is not None and known.day_from > shop.day_to and self._owed():
            return Outlook(known, parcels, self._goods() or Late("likely", shop.day_to))
        return Outlook(shop, parcels, self._goods())

    def _whole(self, parcels: Mapping[str, Expected]) -> Expected | None:
        """When the last of it comes; None when there are things of which nobody knows yet."""
        if not self.several:
            return self._carriers(self.underway) or self._ours()
        if self.rest or len(parcels) < len(self.underway) or not parcels:
            return None
        return max(parcels.values(), key=lambda one: (one.day_to, one.day_from))

    def _parcels(self, shop: Expected | None) -> Iterable[tuple[str, Expected]]:
        """The shop's day stands for what has left: what still waits for goods was not meant by it."""
        for parcel in self.underway:
            if reached(parcel, self.cast) < SHIPPED:
                continue
            found = self._carriers([parcel]) or self._estimated(parcel)
            if shop is not None and self.today <= shop.day_to and (found is None or found.day_from <= shop.day_to):
                found = shop
            if found is not None:
                yield parcel.key, found

    def _carriers(self, parcels: list[TrackParcel]) -> Expected | None:
        """The carrier's word on the last of these parcels, if it has said something of each and that is still ahead."""
        days = [(one.expected_to, one.expected_from or one.expected_to, one.carrier) for one in parcels]
        if not days or any(to is None for to, _, _ in days):
            return None
        to, first, carrier = max(days, key=lambda one: one[0] or "")
        return Expected(first or "", to, "carrier", carrier) if to and to >= self.today else None

    def _ours(self) -> Expected | None:
        waits = any(line.backordered > 0 for line in self.order.lines)
        step = self.cast.steps.get(self.order.state)
        paused = step is not None and (step.effect == "pause" or step.key == _WAITS_FOR_HER)
        travels = not self.order.lines or any(line.shippable for line in self.order.lines)
        exchanged = any(event.effect == "exchange" for event in self.order.events)
        if waits or paused or exchanged or not travels or self.several or self.order.method != "parcel":
            return None
        carrier = self.order.parcels[0].carrier if self.order.parcels else None
        passed = [_as_passed(event) for event in self._advanced if (event.position or 0) <= self.order.position]
        return self._estimate(passed, carrier)

    def _estimated(self, parcel: TrackParcel) -> Expected | None:
        about = [event for event in self._advanced if event.parcel_key == parcel.key]
        return self._estimate([one for one in map(_as_passed, about) if one.position >= SHIPPED], parcel.carrier)

    def _estimate(self, passed: list[Passed], carrier: str | None) -> Expected | None:
        days = estimate(passed, carrier, self.cast.shop.pace, self.cast.calendar, self.now)
        self.slow = self.slow or days is SLOW
        return Expected(*days, "estimate") if days is not None and days is not SLOW else None

    @cached_property
    def _advanced(self) -> list[TrackEvent]:
        events = self.order.events
        fallen = taken_back(events)
        return [event for event in events if event.effect == "advance" and event.id not in fallen]

    def _owed(self) -> bool:
        """Whether something is missing that no later day was told for."""
        if self.underway or not self.rest:
            return True
        return any(left > (one.backordered if stock_day(one, self.today) else 0) for one, left in self.rest)

    def _goods(self) -> Late | None:
        waiting = [one for one in self.order.lines if one.backordered > 0 and one.expected]
        first = min(waiting, key=lambda one: one.expected or "", default=None)
        if first is None or first.expected is None or stock_day(first, self.today):
            return None
        return Late("goods", first.expected, line=first)

    def _carriers_lateness(self) -> Late | None:
        over = [one for one in self.underway if one.expected_to and one.expected_to < self.today]
        first = min(over, key=lambda one: one.expected_to or "", default=None)
        return Late("passed", first.expected_to or "", first.carrier) if first is not None else None


def _as_passed(event: TrackEvent) -> Passed:
    return Passed(event.step or "", event.position or 0, event.at, event.precision)
