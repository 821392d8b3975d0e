"""What an order is: its facts, lines and parcels, the events that happened to it, and the state that they give."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, Protocol

# A "hand": it changed hands without a step. Who took it, gave it back or passed it on, and who has it since.
# "withdrawn": what would have come under its source key was taken back before it came, and never comes.
EventKind = Literal["step", "facts", "correction", "answer", "hand", "withdrawn"]
WITHDRAWN: Literal["withdrawn"] = "withdrawn"
# Who has changed an order's page without a step: the source of an "answer".
Marker = Literal["customer", "staff", "system"]
Effect = Literal["advance", "pause", "cancel", "return", "exchange", "aside"]
Method = Literal["parcel", "pickup", "local", "digital"]

RECEIVED = 10
SHIPPED = 40
DELIVERED = 70
# The ways to the customer: a carrier's parcel, fetched in the shop, brought by our own people, or nothing to carry.
METHODS: tuple[Method, ...] = ("parcel", "pickup", "local", "digital")
# With the customer, each in its own way.
HOME_STATES = ("delivered", "picked_up", "emailed")
FINAL_STATES = (*HOME_STATES, "cancelled", "returned")
START = "received"
# The source of an order that the owner made to look at: it stands in no figure, and goes whole.
SAMPLE = "sample"


@dataclass(frozen=True)
class Step:
    """A kind of work the shop defines. `team` is None for what a carrier does: nobody here has done it."""

    key: str
    position: int
    effect: str
    team: str | None
    visible: bool = True
    methods: tuple[str, ...] | None = None

    def is_on(self, method: str) -> bool:
        """Whether orders that go this way go through it. None: all do."""
        return self.methods is None or method in self.methods


@dataclass(frozen=True)
class Line:
    """`returned` counts what has come back for good. What was exchanged goes out once more, and counts anew."""

    key: str
    title: str
    quantity: int = 1
    variant: str | None = None
    sku: str | None = None
    image_url: str | None = None
    backordered: int = 0
    cancelled: int = 0
    expected: str | None = None
    shippable: bool = True
    shipped: int = 0
    returned: int = 0

    @property
    def open_quantity(self) -> int:
        left = self.quantity - self.cancelled
        return left if left > 0 else 0


@dataclass(frozen=True)
class Parcel:
    key: str
    carrier: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None
    state: str = START
    lines: tuple[tuple[str, int], ...] = ()
    # Days on which the carrier itself expects it to arrive.
    expected_from: str | None = None
    expected_to: str | None = None


@dataclass(frozen=True)
class Facts:
    """What the shop says of the order itself: it comes whole, and the latest word counts."""

    placed_at: int
    placed_zone: str
    placed_precision: str
    promise_from: str | None = None
    promise_to: str | None = None
    lines: tuple[Line, ...] = ()
    method: str = "parcel"


@dataclass(frozen=True)
class Event:
    """Something that happened to one order; never changed afterwards. Instants are microseconds since 1970, UTC."""

    id: str
    seq: int
    kind: EventKind
    at: int
    recorded_at: int
    zone: str = "UTC"
    precision: str = "minute"
    step: str | None = None
    position: int = 0
    effect: str = "advance"
    person_id: str | None = None
    team: str | None = None
    hand_person_id: str | None = None
    hand_team: str | None = None
    note: str | None = None
    photo: str | None = None
    photo_size: tuple[int, int] | None = None
    lines: tuple[tuple[str, int | None], ...] = ()
    parcel: Parcel | None = None
    facts: Facts | None = None
    corrects: str | None = None
    reason: str | None = None
    source: str = "staff"
    source_key: str | None = None
    device: str | None = None
    # Of a pause, ISO days: when what it is about comes, or the order goes on, and what is promised instead.
    until: str | None = None
    promise: tuple[str, str] | None = None
    # The events that told of the same step before, each with less about it: what was said of those is said of this.
    earlier: tuple[str, ...] = ()
    # Of the first one: the customer was forgotten, and with them what the things and parcels say. See forgotten.py.
    forgotten: bool = False

    @property
    def by_carrier(self) -> bool:
        return self.person_id is None and self.team is None


class Corrects(Protocol):
    """An event, as we append it or as a page reads it."""

    @property
    def kind(self) -> str: ...
    @property
    def corrects(self) -> str | None: ...


def came_in(event: Event) -> bool:
    """The order's own arrival, which nobody here has logged."""
    return event.seq == 1 and event.step == START and event.person_id is None


def taken_back(events: Iterable[Corrects]) -> frozenset[str]:
    """The ids of the steps among these events that count no more."""
    return frozenset(e.corrects for e in events if e.kind == "correction" and e.corrects)


@dataclass(frozen=True)
class OrderState:
    """Everything about an order that follows from its events (and from the shop's steps: what comes next)."""

    version: int
    state: str
    position: int
    facts: Facts
    holder_person_id: str | None = None
    holder_team: str | None = None
    holder_event_id: str | None = None
    holder_since: int | None = None
    next_step: str | None = None
    waiting_person_id: str | None = None
    waiting_team: str | None = None
    waiting_since: int | None = None
    waiting_until: str | None = None
    due: str | None = None
    delivered_at: int | None = None
    lines: tuple[Line, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    corrected: frozenset[str] = field(default_factory=frozenset)

    @property
    def ended(self) -> bool:
        return self.state in FINAL_STATES
