"""What an order and its steps look like in JSON, coming and going."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from storefront_trace.api import fields
from storefront_trace.api.fields import Shown, Strict

ORDER_EXAMPLE = {
    "placed_at": "2026-11-19T14:32:00+01:00",
    "customer": {"first_name": "Karin", "email": "karin@example.com", "locale": "sv"},
    "promise": {"from": "2026-11-25", "to": "2026-11-26"},
    "method": "parcel",
    "lines": [
        {
            "key": "1",
            "title": "Skrattande mugg",
            "quantity": 2,
            "sku": "MUG-1",
            "image_url": None,
            "backordered": 0,
            "expected": None,
        }
    ],
}
STEP_EXAMPLE = {
    "step": "packed",
    "by": "anders",
    "at": "2026-11-20T09:14:00+01:00",
    "note": "Dubbelt bubbelplast",
    "hand_to": "lisa",
    "lines": ["1"],
    "parcel": {
        "carrier": "PostNord",
        "tracking_number": "00370712345678901234",
        "expected": {"from": "2026-11-23", "to": "2026-11-24"},
    },
}


class Customer(Strict):
    first_name: fields.Line80 | None = None
    email: fields.Email | None = None
    locale: fields.Locale | None = None


class DaysBody(Strict):
    from_: fields.Day = Field(alias="from")
    to: fields.Day


class LineBody(Strict):
    """`cancelled` counts what was taken out of the order before it left."""

    key: fields.Key64
    title: fields.Line200
    quantity: fields.Pieces = 1
    variant: fields.Line200 | None = None
    sku: fields.Key64 | None = None
    image_url: fields.Picture | None = None
    backordered: fields.NoneOrPieces = 0
    cancelled: fields.NoneOrPieces = 0
    expected: fields.Day | None = None
    shippable: bool = True


class OrderBody(Strict):
    """The whole order: what is left out is taken away, but for `placed_at`, which stands as first told. `method` is how
    it comes to the customer: in a carrier's parcel, fetched in the shop (pickup), brought by the shop's own people
    (local), or with nothing to carry (digital). Left out it is a parcel, unless no line is shippable."""

    number: fields.Number | None = None
    placed_at: fields.When | None = None
    customer: Customer | None = None
    promise: DaysBody | None = None
    method: fields.Method | None = None
    lines: list[LineBody] = Field(min_length=1, max_length=fields.MOST_LINES)


class SomeOfLine(Strict):
    key: fields.Key64
    quantity: fields.Pieces | None = None


class ParcelBody(Strict):
    """Told apart by the tracking number, or by the carrier while there is none: at least one of them. A number that
    comes later belongs to the parcel of that carrier that had none. `expected` are
    the days on which the carrier says it arrives."""

    carrier: fields.Line80 | None = None
    tracking_number: fields.Line80 | None = None
    tracking_url: fields.Link | None = None
    expected: DaysBody | None = None


class EventBody(Strict):
    """Without `by` the step belongs to its team: nobody is named who was not seen doing it. Without `at` it happened
    now. `hand_to` is a handle or a team. Without `lines` it is about the whole order. `returned` and `cancelled` with
    `lines` count those pieces and end the order with the last of them. `exchanged` sends the same pieces once more;
    what is swapped for something else is `returned`, and the other thing a new line of the order. A step that pauses
    ("delayed" and the like) may say more: `until` is the day on which its `lines` come, or the order goes on, and
    `promise` the days that are promised to the customer instead."""

    step: fields.StepKey
    by: fields.Handle | None = None
    at: fields.When | None = None
    note: fields.Words | None = None
    hand_to: fields.Handle | None = None
    lines: list[fields.Key64 | SomeOfLine] = Field(default=[], max_length=fields.MOST_LINES)
    parcel: ParcelBody | None = None
    until: fields.Day | None = None
    promise: DaysBody | None = None


class CorrectionBody(Strict):
    by: fields.Handle | None = None
    reason: fields.Line200 | None = None


class OrderQuery(Strict):
    state: fields.StepKey | None = None
    updated_since: fields.When | None = None
    cursor: fields.Cursor | None = None
    limit: fields.Limit = "50"


class Days(Shown):
    from_: str = Field(serialization_alias="from")
    to: str


class CustomerShown(Shown):
    first_name: str | None
    email: str | None
    locale: str | None


class Holder(Shown):
    """Who has the order now: a person's handle, the team, or both."""

    person: str | None
    team: str | None


class LineShown(Shown):
    key: str
    title: str
    variant: str | None
    sku: str | None
    image_url: str | None
    quantity: int
    shipped: int
    backordered: int
    cancelled: int
    returned: int
    expected: str | None
    shippable: bool


class LinePart(Shown):
    """`quantity` is null for all of the line."""

    key: str
    quantity: int | None


class ParcelShown(Shown):
    carrier: str | None
    tracking_number: str | None
    tracking_url: str | None
    state: str
    expected: Days | None
    lines: list[LinePart]


class EventShown(Shown):
    """`at` is a date alone when the precision is "day". A corrected step stays, marked, and counts no more. `until` and
    `promise` are what a pause said; what holds of it now stands at the order and its lines."""

    id: str
    step: str
    at: str
    precision: Literal["day", "minute", "second"]
    by: str | None
    team: str | None
    note: str | None
    hand_to: str | None
    lines: list[LinePart]
    until: str | None
    promise: Days | None
    corrected: bool
    photo_url: str | None


class OrderHead(Shown):
    number: str
    state: str
    version: int


class OrderShown(OrderHead):
    """`tracking_url` is null when the link was revoked or its secret is gone."""

    tracking_url: str | None
    placed_at: str
    promise: Days | None
    method: fields.Method
    customer: CustomerShown
    holder: Holder | None
    lines: list[LineShown]
    parcels: list[ParcelShown]
    events: list[EventShown]


class LoggedShown(EventShown):
    order: OrderHead


class CorrectionShown(Shown):
    """`id` is the correction's own, `event` the step that was taken back."""

    id: str
    event: str
    at: str
    by: str | None
    reason: str | None
    order: OrderHead


class OrderPage(Shown):
    items: list[OrderShown]
    next_cursor: str | None
