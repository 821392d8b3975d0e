"""A step's sentence as the customer of a real order reads it: the page's own code, with the step as somebody types it.

For the owner's pages, which import nothing from here: they find it on `app.state`. Nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypedDict

from storefront_trace.actions.desk import Desk
from storefront_trace.domain.clock import now_micros
from storefront_trace.domain.shop import Cast, ShopStep
from storefront_trace.domain.steps import completed_step
from storefront_trace.domain.timeline import Shown, timeline
from storefront_trace.domain.tracked import TrackEvent, TrackOrder
from storefront_trace.storage import links, orders
from storefront_trace.storage.trackread import TrackReader
from storefront_trace.web.customer.preview import MADE_UP, made_up
from storefront_trace.web.customer.words import Words
from storefront_trace.web.page import Pages


class Reading(TypedDict):
    """`happened`: it has, to this order; else it is how it would read if nobody was named. `next_name` is the same
    while it is still to come."""

    kind: str
    name: str
    portrait: Mapping[str, str | None] | None
    text: str
    next_name: str
    happened: bool


class StepReadings:
    def __init__(self, desk: Desk, reader: TrackReader, pages: Pages) -> None:
        self._desk = desk
        self._reader = reader
        self._pages = pages

    async def read(self, cast: Cast, number: str, step: ShopStep, languages: Iterable[str]) -> dict[str, Reading]:
        """By language. {} when there is no such order, or nobody can open it any more."""
        order = await self._order(cast.shop.id, number)
        if order is None:
            return {}
        seen = completed_step(replace(step, visible=True, gone_at=None))
        told = replace(cast, steps={**cast.steps, seen.key: seen})
        shown, happened = _shown(order, told, seen)
        return {one: self._reading(told, one, shown, happened) for one in languages}

    def _reading(self, cast: Cast, language: str, shown: Shown, happened: bool) -> Reading:
        words = Words(cast, language, self._pages)
        face = words.face(shown.actor)
        return Reading(
            kind=face.kind,
            name=face.name,
            portrait=face.portrait,
            text=words.sentence(shown),
            next_name=words.named(shown.step.next_names),
            happened=happened,
        )

    async def _order(self, shop_id: str, number: str) -> TrackOrder | None:
        async with self._desk.db.read() as conn:
            row = await orders.find_order(conn, shop_id, number)
            link = (await links.current_links(conn, shop_id, [row.id])).get(row.id) if row else None
        return await self._reader.order(link.token_hash) if link else None


def _shown(order: TrackOrder, cast: Cast, step: ShopStep) -> tuple[Shown, bool]:
    """The last time it happened to the order, else as if it happened now."""
    found = _find(order, cast, step)
    if found is not None:
        return found, True
    made = _find(order._replace(events=[*order.events, _made_up(order, cast, step)]), cast, step)
    assert made is not None
    return made, False


def _find(order: TrackOrder, cast: Cast, step: ShopStep) -> Shown | None:
    steps = timeline(order, cast, now_micros()).steps
    every = (one for shown in steps for one in shown.scans or (shown,))
    mine = [one for one in every if one.step.key == step.key and not one.corrected]
    return max(mine, key=lambda one: (one.event.id == MADE_UP, one.event.at, one.event.seq), default=None)


def _made_up(order: TrackOrder, cast: Cast, step: ShopStep) -> TrackEvent:
    """By the team: nobody is named who did nothing."""
    last = max((event.seq for event in order.events), default=0)
    return made_up(step, cast.shop.zone, seq=last + 1, person_id=None, team=step.team, at=now_micros())
