"""Every table, column and index. `shop_id` leads every primary and unique key, so that shops can be spread.

Instants are BIGINT microseconds since 1970 in UTC; the zone and precision they were given in stand beside them.
Days are ISO texts ("2026-11-26"): a day is not an instant. Ids are 32 hex characters made by the application.
"""

from __future__ import annotations

from storefront_trace.storage.tables.columns import metadata
from storefront_trace.storage.tables.orders import DONE_BY_TEAM, correction, event, line, order, parcel, tracking_link
from storefront_trace.storage.tables.people import account, consent, kiosk, passkey, person, session, signin_link
from storefront_trace.storage.tables.safety import (
    audit,
    journal_mark,
    pending_signin,
    reading,
    recovery_code,
    second_factor,
)
from storefront_trace.storage.tables.said import (
    CONCERN,
    feedback,
    follower,
    question,
    reply,
    silenced,
    talk,
    wall_consent,
)
from storefront_trace.storage.tables.shops import shop, step, team, visit, wall_screen, week
from storefront_trace.storage.tables.traffic import api_token, connection, delivery, idempotency_key, notice, purged

__all__ = [
    "CONCERN",
    "DONE_BY_TEAM",
    "account",
    "api_token",
    "audit",
    "connection",
    "consent",
    "correction",
    "delivery",
    "event",
    "feedback",
    "follower",
    "idempotency_key",
    "journal_mark",
    "kiosk",
    "line",
    "metadata",
    "notice",
    "order",
    "parcel",
    "passkey",
    "pending_signin",
    "person",
    "purged",
    "question",
    "reading",
    "recovery_code",
    "reply",
    "second_factor",
    "session",
    "shop",
    "signin_link",
    "silenced",
    "step",
    "talk",
    "team",
    "tracking_link",
    "visit",
    "wall_consent",
    "wall_screen",
    "week",
]
