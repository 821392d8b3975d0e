"""An order as the hot read gives it: rows without rules, made by the million, so tuples."""

from __future__ import annotations

from typing import Any, NamedTuple


class TrackEvent(NamedTuple):
    seq: int
    id: str
    kind: str
    step: str | None
    position: int | None
    effect: str | None
    at: int
    zone: str
    precision: str
    person_id: str | None
    team: str | None
    hand_person_id: str | None
    hand_team: str | None
    note: str | None
    photo: str | None
    source: str
    recorded_at: int
    detail: dict[str, Any] | None

    @property
    def lines(self) -> list[tuple[str, int | None]]:
        return (self.detail or {}).get("lines") or []

    @property
    def parcel_key(self) -> str | None:
        parcel = (self.detail or {}).get("parcel")
        return parcel["key"] if parcel else None

    @property
    def photo_size(self) -> tuple[int, int] | None:
        return (self.detail or {}).get("photo_size")

    @property
    def corrects(self) -> str | None:
        return (self.detail or {}).get("corrects")

    @property
    def reason(self) -> str | None:
        return (self.detail or {}).get("reason")

    @property
    def earlier(self) -> list[str]:
        """See domain/orders.Event."""
        return (self.detail or {}).get("earlier") or []


class TrackLine(NamedTuple):
    key: str
    title: str
    variant: str | None
    image_url: str | None
    quantity: int
    shipped: int
    backordered: int
    cancelled: int
    expected: str | None
    shippable: Any
    sku: str | None
    position: int
    returned: int


class TrackParcel(NamedTuple):
    key: str
    carrier: str | None
    tracking_number: str | None
    tracking_url: str | None
    state: str
    lines: list[list[Any]]
    position: int
    expected_from: str | None
    expected_to: str | None


class TrackFeedback(NamedTuple):
    id: str
    event_id: str
    choice: str
    chips: list[str]
    words: str
    contact: Any
    created_at: int
    concern_at: int | None
    shared_at: int | None
    done_at: int | None
    outside_at: int | None
    wall: str | None


class TrackReply(NamedTuple):
    feedback_id: str
    person_id: str
    words: str
    created_at: int


class TrackQuestion(NamedTuple):
    id: str
    person_id: str | None
    team: str | None
    words: str
    created_at: int
    to_team_at: int | None
    to_owner_at: int | None
    answered_at: int | None
    answer: str | None
    answered_by: str | None


class TrackFollower(NamedTuple):
    id: str
    channel: str
    address: str | None
    wants: str
    confirmed_at: int | None
    stopped_at: int | None


class TrackOrder(NamedTuple):
    """One order as its customer's page needs it; the people, teams and steps come from the shop's cast."""

    shop_id: str
    generation: int
    revoked_at: int | None
    id: str
    number: str
    version: int
    state: str
    position: int
    placed_at: int
    placed_zone: str
    placed_precision: str
    promise_from: str | None
    promise_to: str | None
    first_name: str | None
    locale: str | None
    # Never shown in full: whoever has the link is not always whose address it is.
    email: str | None
    holder_person_id: str | None
    holder_team: str | None
    holder_event_id: str | None
    holder_since: int | None
    next_step: str | None
    delivered_at: int | None
    updated_at: int
    method: str
    events: list[TrackEvent]
    lines: list[TrackLine]
    parcels: list[TrackParcel]
    feedback: list[TrackFeedback]
    replies: list[TrackReply]
    questions: list[TrackQuestion]
    followers: list[TrackFollower]


# How many of the fields are one value each; what follows are lists.
PLAIN = TrackOrder._fields.index("events")
