"""How long an order lasts for its customer: when its names fade, when its link ends, until when an answer changes.

The page, the mails and the daily letting go all ask here, so that none of them promises what another has ended.
Instants are microseconds since 1970, UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from storefront_trace.domain.clock import DAY
from storefront_trace.domain.feedback import SHARE_DAYS
from storefront_trace.domain.orders import FINAL_STATES, SHIPPED
from storefront_trace.domain.shop import Shop

# How many months a shop may keep customers' words, and its logs: at least and at most.
KEPT_MONTHS = {"words_months": (3, 60), "log_months": (6, 84)}
# Likewise in days: names, links, concerns that are not shared yet, phones that stay signed in.
KEPT_DAYS = {"fade_days": (0, 365), "link_days": (1, 730), "share_days": (0, SHARE_DAYS), "session_days": (1, 365)}
EDIT_DAYS = 14
SILENT_DAYS = 30
_FIRST_DAY = date(1970, 1, 1).toordinal()


class Lasting(Protocol):
    """What is asked of an order, however it was read."""

    @property
    def state(self) -> str: ...
    @property
    def position(self) -> int: ...
    @property
    def promise_to(self) -> str | None: ...
    @property
    def delivered_at(self) -> int | None: ...
    @property
    def updated_at(self) -> int: ...


class Thing(Protocol):
    """What is asked of an order's line."""

    @property
    def quantity(self) -> int: ...
    @property
    def cancelled(self) -> int: ...
    @property
    def shipped(self) -> int: ...
    @property
    def shippable(self) -> object: ...


def names_fade_at(order: Lasting, lines: Sequence[Thing], shop: Shop) -> int | None:
    """From then on every name on the order is its team's; None while the order is underway."""
    over = over_at(order, lines)
    return None if over is None else over + shop.fade_days * DAY


def link_ends_at(order: Lasting, lines: Sequence[Thing], shop: Shop) -> int | None:
    """From then on the link is dead and the customer's name and address go; None while the order is underway."""
    over = over_at(order, lines)
    return None if over is None else over + shop.link_days * DAY


def over_at(order: Lasting, lines: Sequence[Thing]) -> int | None:
    """When it came home, whatever happened to it later; else when it was called off; else when it is taken as
    delivered, because everything has left and nobody has said anything for a month."""
    if order.delivered_at is not None:
        return order.delivered_at
    if order.state in FINAL_STATES:
        return order.updated_at
    if order.position < SHIPPED and not _nothing_left(lines):
        return None
    promised = _end_of(order.promise_to) if order.promise_to else 0
    return max(promised, order.updated_at) + SILENT_DAYS * DAY


def edit_ends_at(created_at: int) -> int:
    """From then on an answer stands as it is."""
    return created_at + EDIT_DAYS * DAY


def asked_until(delivered_at: int) -> int:
    """From then on nobody is asked any more what they would say; they can still say it."""
    return delivered_at + EDIT_DAYS * DAY


def _nothing_left(lines: Sequence[Thing]) -> bool:
    """An order without lines tells nothing of what there is to send."""
    return bool(lines) and all(not one.shippable or one.shipped >= one.quantity - one.cancelled for one in lines)


def _end_of(day: str) -> int:
    """In UTC: after a month of silence some hours make no difference, and no zone's calendar can overflow here."""
    return (date.fromisoformat(day).toordinal() + 1 - _FIRST_DAY) * DAY
