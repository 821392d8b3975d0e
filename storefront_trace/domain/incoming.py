"""What a shop system, a carrier or a file tells us, whoever the sender is.

A delivery becomes a tuple of facts, in the order in which they are to be applied. Deliveries come twice, late and in
any order, so every fact can be applied again and says how to recognise that:

- An `IncomingOrder` comes first and is the whole order. When its `updated_at` is before that of an order body already
  applied, it is old news, and so are all the facts behind it: a body holds everything its sender knew by then.
- A step is one fact per `source_key`, unique within the sender: the key applied before changes nothing (but see
  `already_told`). With the same key and another parcel, person or note the sender has corrected itself, a tracking
  number that came later say: take the old step back and log the new one.
- An `IncomingStepTakenBack` takes back every step whose key starts with `takes_back`. A `final` one has to be
  remembered even when there is no such step yet: one that arrives afterwards was overtaken on the way.

Nobody is named here that the sender did not name. `by` comes from files of our own alone; webhooks leave it None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from storefront_trace.domain.moments import Precision


@dataclass(frozen=True, slots=True)
class IncomingLine:
    """`cancelled` counts what was taken out of the order before it left, never what was sent and paid back."""

    key: str
    title: str
    quantity: int
    variant: str | None = None
    sku: str | None = None
    image_url: str | None = None
    backordered: int = 0
    expected: date | None = None
    shippable: bool = True
    cancelled: int = 0


@dataclass(frozen=True, slots=True)
class IncomingParcel:
    """None means unsaid, not empty: a scan knows its parcel's key and leaves what was said before as it was."""

    key: str
    carrier: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None
    lines: tuple[tuple[str, int], ...] = ()
    expected_from: date | None = None
    expected_to: date | None = None


@dataclass(frozen=True, slots=True)
class IncomingOrder:
    """`number` is what the buyer sees, without "#"; `external_id` is None in files that have no other name for it.

    `placed_at` and `updated_at` are UTC; `zone` and `precision` belong to `placed_at`. `cancelled_at` repeats what the
    "cancelled" step behind it says. `method` is one of METHODS in domain/orders.py; None: the sender does not say.
    """

    number: str
    external_id: str | None
    placed_at: datetime | None
    zone: str | None
    precision: Precision
    customer_first_name: str | None = None
    customer_email: str | None = None
    locale: str | None = None
    lines: tuple[IncomingLine, ...] = ()
    promise_from: date | None = None
    promise_to: date | None = None
    cancelled_at: datetime | None = None
    test: bool = False
    updated_at: datetime | None = None
    method: str | None = None


@dataclass(frozen=True, slots=True)
class IncomingStep:
    """No `lines` means the whole order, or the whole parcel when there is one; quantity None means all of the line.

    `carrier_scan` says that a carrier did it: nobody in the shop has, so it belongs to no team.
    `updated_at` is the sender's clock for the thing it told of (the fulfilment), not for the step.
    """

    external_order_id: str | None
    number: str | None
    step: str
    at: datetime
    zone: str
    precision: Precision
    source_key: str
    lines: tuple[tuple[str, int | None], ...] = ()
    parcel: IncomingParcel | None = None
    carrier_scan: bool = False
    note: str | None = None
    by: str | None = None
    hand_to: str | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IncomingStepTakenBack:
    """`at` is None when the sender does not say when; `takes_back` is the beginning of source keys."""

    external_order_id: str | None
    number: str | None
    source_key: str
    takes_back: str
    at: datetime | None
    final: bool


@dataclass(frozen=True, slots=True)
class IncomingLinesCancelled:
    """What a refund took out of the order, if it had not left already: never cancel more than `quantity - shipped`.

    The next order body counts the same pieces, so take the larger of the two counts; adding them would count twice.
    """

    external_order_id: str | None
    number: str | None
    source_key: str
    at: datetime | None
    lines: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class IncomingRemoval:
    """The sender deleted the order, or put it in its bin: log a "cancelled" step with `source_key`; an
    `IncomingStepTakenBack` of that key follows if it is taken out again. `at` is None when the sender does not say."""

    external_id: str
    source_key: str
    at: datetime | None = None


Incoming = IncomingOrder | IncomingStep | IncomingStepTakenBack | IncomingLinesCancelled | IncomingRemoval


def already_told(source_key: str, recorded: Iterable[str]) -> bool:
    """Whether the fact is known, itself or more exactly: a carrier's scan has its parcel's status for a beginning."""
    return any(key == source_key or key.startswith(f"{source_key}:") for key in recorded)


_STAMPED = re.compile(r"(.*)@(-?\d{1,17})\.(\d{1,4})", re.DOTALL)


def base_key(source_key: str) -> str:
    """The sender's key of the fact, without our stamp of when it was told."""
    return stamped(source_key)[0]


def stamped(source_key: str) -> tuple[str, int]:
    found = _STAMPED.fullmatch(source_key)
    return (found[1], int(found[2])) if found else (source_key, 0)
