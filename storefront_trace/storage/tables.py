"""Every table, column and index. `shop_id` leads every primary and unique key, so that shops can be spread.

Instants are BIGINT microseconds since 1970 in UTC; the zone and precision they were given in stand beside them.
Days are ISO texts ("2026-11-26"): a day is not an instant. Ids are 32 hex characters made by the application.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ID = sa.String(32)
KEY = sa.String(64)
INSTANT = sa.BigInteger()
DAY = sa.String(10)
JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def _table(name: str, *items: Any) -> sa.Table:
    """Clustered by its primary key on SQLite: an order's events, lines and parcels lie side by side on disk."""
    return sa.Table(name, metadata, *items, sqlite_with_rowid=False)


def _id(name: str, *, null: bool = True) -> sa.Column[str]:
    return sa.Column(name, ID, nullable=null)


def _shop_key() -> sa.Column[str]:
    return sa.Column("shop_id", ID, sa.ForeignKey("shop.id"), primary_key=True)


def _instant(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, INSTANT, nullable=null)


def _flag(name: str, *, default: bool = False) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.true() if default else sa.false())


def _count(name: str, default: int = 0) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, server_default=str(default))


shop = _table(
    "shop",
    sa.Column("id", ID, primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("locale", sa.String(10), nullable=False),
    sa.Column("zone", sa.String(64), nullable=False),
    sa.Column("brand", sa.String(7), nullable=False),
    _id("logo"),
    _count("fade_days", 30),
    _count("link_days", 60),
    _count("share_days", 14),
    # After so many minutes without an answer a question is the team's, after as many again the owner's.
    _count("question_minutes", 240),
    # Whose public holidays count; None: none do.
    sa.Column("country", sa.String(2)),
    # {"days": [1, …, 7], "opens": "08:00", "closes": "17:00", "closed": ["2026-12-24", …], "public": …}; see
    # domain/calendar.py for what None stands for, and actions/pace.py for the public holidays in it.
    sa.Column("calendar", JSON),
    # How long the shop's own finished orders took, step by step: counted anew now and then, see actions/pace.py.
    sa.Column("pace", JSON),
    # The pages that may hold a tracking page in a frame: ["https://shop.example", …].
    sa.Column("origins", JSON),
    # The shop's own chips: [{"key", "kind", "names": {"sv": …}, "gone"}, …], see domain/chips.py.
    sa.Column("chips", JSON),
    # So many hours after delivery customers are asked by mail, once, what they would say; None: they are not.
    sa.Column("ask_hours", sa.Integer),
    # Moves when people, teams, steps or the shop's own face change: every rendered page of the shop is then stale.
    _count("generation", 1),
    _instant("created_at"),
)

team = _table(
    "team",
    _shop_key(),
    sa.Column("key", KEY, primary_key=True),
    sa.Column("names", JSON, nullable=False),
    _id("photo"),
    _count("position"),
)

person = _table(
    "person",
    _shop_key(),
    sa.Column("id", ID, primary_key=True),
    sa.Column("handle", sa.String(40), nullable=False),
    sa.Column("display_name", sa.String(40), nullable=False),
    sa.Column("roles", JSON, nullable=False),
    sa.Column("team", KEY),
    sa.Column("email", sa.String(254)),
    _id("photo"),
    # What the person chose, and when; a person who has chosen nothing is shown as the team.
    sa.Column("visibility", sa.String(8)),
    _instant("visibility_chosen_at", null=True),
    # What the API sent: it lowers what is shown, never raises it.
    sa.Column("visibility_ceiling", sa.String(8)),
    _instant("left_at", null=True),
    _instant("created_at"),
    sa.UniqueConstraint("shop_id", "handle"),
    sa.Index(
        "ix_person_photo",
        "photo",
        sqlite_where=sa.text("photo IS NOT NULL"),
        postgresql_where=sa.text("photo IS NOT NULL"),
    ),
)

account = _table(
    "account",
    _shop_key(),
    sa.Column("id", ID, primary_key=True),
    _id("person_id", null=False),
    sa.Column("role", sa.String(8), nullable=False),
    _instant("created_at"),
    _instant("ended_at", null=True),
    sa.UniqueConstraint("shop_id", "person_id"),
)

signin_link = _table(
    "signin_link",
    _shop_key(),
    sa.Column("token_hash", sa.String(64), primary_key=True),
    _id("account_id", null=False),
    _flag("reusable"),
    _instant("created_at"),
    _instant("expires_at"),
    _instant("used_at", null=True),
    sa.Index(None, "token_hash"),
)

session = _table(
    "session",
    _shop_key(),
    sa.Column("id", ID, primary_key=True),
    sa.Column("token_hash", sa.String(64), nullable=False),
    _id("account_id", null=False),
    sa.Column("device", sa.String(120), nullable=False, server_default=""),
    _instant("created_at"),
    _instant("seen_at"),
    _instant("expires_at"),
    _instant("ended_at", null=True),
    sa.Index(None, "token_hash"),
    sa.Index(None, "shop_id", "account_id"),
)

step = _table(
    "step",
    _shop_key(),
    sa.Column("key", KEY, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("effect", sa.String(8), nullable=False),
    sa.Column("icon", sa.String(20), nullable=False),
    sa.Column("team", KEY),
    sa.Column("names", JSON, nullable=False),
    sa.Column("next_names", JSON, nullable=False),
    sa.Column("sentences", JSON, nullable=False),
    sa.Column("chips", JSON, nullable=False),
    sa.Column("expected_minutes", sa.Integer),
    # The ways to the customer that it is part of (domain/orders.py METHODS); None: all of them.
    sa.Column("methods", JSON),
    _flag("asks_feedback", default=True),
    _flag("visible", default=True),
)

order = _table(
    "orders",
    _shop_key(),
    sa.Column("id", ID, primary_key=True),
    sa.Column("number", sa.String(64), nullable=False),
    sa.Column("source", sa.String(40), nullable=False),
    sa.Column("external_id", sa.String(64)),
    _instant("source_updated_at", null=True),
    # Personal data stands here alone, never in an event, so that erasure does not have to rewrite history.
    sa.Column("first_name", sa.String(80)),
    sa.Column("email", sa.String(254)),
    # The two of them folded, for comparing: neither database lowers letters such as Å in every setting. Folding makes
    # at most three characters of one.
    sa.Column("search_name", sa.String(240)),
    sa.Column("search_email", sa.String(762)),
    # Since then the customer is forgotten: no sender brings the name and the address back.
    _instant("erased_at", null=True),
    sa.Column("locale", sa.String(10)),
    # Derived by replaying the events: see domain/orders.py. Written only together with an event.
    _count("version"),
    sa.Column("state", KEY, nullable=False),
    _count("position"),
    _instant("placed_at"),
    sa.Column("placed_zone", sa.String(64), nullable=False),
    sa.Column("placed_precision", sa.String(8), nullable=False),
    sa.Column("promise_from", DAY),
    sa.Column("promise_to", DAY),
    # parcel | pickup | local | digital
    sa.Column("method", sa.String(8), nullable=False, server_default="parcel"),
    _id("holder_person_id"),
    sa.Column("holder_team", KEY),
    _id("holder_event_id"),
    _instant("holder_since", null=True),
    _id("waiting_person_id"),
    sa.Column("waiting_team", KEY),
    _instant("waiting_since", null=True),
    # Goods, not a person, are waited for until this day: the order is in nobody's queue before it.
    sa.Column("waiting_until", DAY),
    sa.Column("next_step", KEY),
    _instant("delivered_at", null=True),
    _instant("created_at"),
    _instant("updated_at"),
    sa.UniqueConstraint("shop_id", "number"),
    sa.Index("ix_orders_updated", "shop_id", "updated_at", "id"),
    sa.Index("ix_orders_state", "shop_id", "state", "updated_at", "id"),
    sa.Index(
        "ix_orders_waiting_person",
        "shop_id",
        "waiting_person_id",
        "waiting_since",
        sqlite_where=sa.text("waiting_person_id IS NOT NULL"),
        postgresql_where=sa.text("waiting_person_id IS NOT NULL"),
    ),
    sa.Index(
        "ix_orders_waiting_team",
        "shop_id",
        "waiting_team",
        "waiting_since",
        sqlite_where=sa.text("waiting_team IS NOT NULL"),
        postgresql_where=sa.text("waiting_team IS NOT NULL"),
    ),
    sa.Index(
        "ix_orders_external",
        "shop_id",
        "source",
        "external_id",
        sqlite_where=sa.text("external_id IS NOT NULL"),
        postgresql_where=sa.text("external_id IS NOT NULL"),
    ),
    sa.Index(
        "ix_orders_email",
        "shop_id",
        "search_email",
        sqlite_where=sa.text("search_email IS NOT NULL"),
        postgresql_where=sa.text("search_email IS NOT NULL"),
    ),
)

tracking_link = _table(
    "tracking_link",
    _shop_key(),
    sa.Column("order_id", ID, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("token_hash", sa.String(64), nullable=False),
    sa.Column("secret_id", sa.String(8), nullable=False),
    _instant("created_at"),
    _instant("revoked_at", null=True),
    # Not a unique key: it would have to begin with shop_id, and a visitor brings only the token.
    sa.Index(None, "token_hash"),
)

line = _table(
    "line",
    _shop_key(),
    sa.Column("order_id", ID, primary_key=True),
    sa.Column("key", KEY, primary_key=True),
    _count("position"),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("variant", sa.String(200)),
    sa.Column("sku", sa.String(64)),
    sa.Column("image_url", sa.String(500)),
    _count("quantity", 1),
    _count("shipped"),
    _count("backordered"),
    _count("cancelled"),
    _count("returned"),
    sa.Column("expected", DAY),
    _flag("shippable", default=True),
)

parcel = _table(
    "parcel",
    _shop_key(),
    sa.Column("order_id", ID, primary_key=True),
    sa.Column("key", sa.String(120), primary_key=True),
    _count("position"),
    sa.Column("carrier", sa.String(80)),
    sa.Column("tracking_number", sa.String(80)),
    sa.Column("tracking_url", sa.String(500)),
    sa.Column("state", KEY, nullable=False),
    sa.Column("lines", JSON, nullable=False),
    # What the carrier itself expects.
    sa.Column("expected_from", DAY),
    sa.Column("expected_to", DAY),
)

event = _table(
    "event",
    _shop_key(),
    sa.Column("order_id", ID, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    _id("id", null=False),
    # step | facts | correction | answer
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("step", KEY),
    # The step's place and effect as they were when it happened: redefining a step never rewrites history.
    sa.Column("position", sa.Integer),
    sa.Column("effect", sa.String(8)),
    _instant("at"),
    sa.Column("zone", sa.String(64), nullable=False),
    sa.Column("precision", sa.String(8), nullable=False),
    _instant("recorded_at"),
    _id("person_id"),
    sa.Column("team", KEY),
    _id("hand_person_id"),
    sa.Column("hand_team", KEY),
    sa.Column("note", sa.String(1000)),
    _id("photo"),
    # {"lines": [[key, quantity|null], …], "parcel": {…}, "corrects": event id, "reason": text,
    #  "photo_size": [width, height]}
    sa.Column("detail", JSON),
    # Apart from the detail, which the tracking page reads: the facts are large and the page has them as lines.
    sa.Column("facts", JSON),
    sa.Column("source", sa.String(40), nullable=False),
    sa.Column("source_key", sa.String(160)),
    sa.Index(
        "uq_event_source_key",
        "shop_id",
        "source",
        "source_key",
        unique=True,
        sqlite_where=sa.text("source_key IS NOT NULL"),
        postgresql_where=sa.text("source_key IS NOT NULL"),
    ),
    sa.Index(
        "ix_event_person",
        "shop_id",
        "person_id",
        "at",
        sqlite_where=sa.text("person_id IS NOT NULL"),
        postgresql_where=sa.text("person_id IS NOT NULL"),
    ),
)

correction = _table(
    "correction",
    _shop_key(),
    sa.Column("order_id", ID, primary_key=True),
    sa.Column("event_id", ID, primary_key=True),
    _id("correction_event_id", null=False),
    _id("person_id"),
    sa.Column("reason", sa.String(500)),
    _instant("created_at"),
)

feedback = _table(
    "feedback",
    _shop_key(),
    sa.Column("id", ID, primary_key=True),
    _id("order_id", null=False),
    _id("event_id", null=False),
    sa.Column("order_number", sa.String(64), nullable=False),
    sa.Column("step", KEY, nullable=False),
    # Who did the work when the answer was given: a later change of team does not move the thanks.
    _id("person_id"),
    sa.Column("team", KEY),
    sa.Column("choice", sa.String(8), nullable=False),
    sa.Column("chips", JSON, nullable=False),
    sa.Column("words", sa.String(2000), nullable=False, server_default=""),
    _flag("contact"),
    sa.Column("first_name", sa.String(80)),
    sa.Column("locale", sa.String(10), nullable=False),
    # Wording version, order of the options and channel: without them two shares cannot be compared.
    sa.Column("asked", sa.String(40), nullable=False),
    _instant("created_at"),
    _instant("edited_at", null=True),
    # When it became a concern, which thanks can do later: the owner's days count from here.
    _instant("concern_at", null=True),
    sa.Column("history", JSON, nullable=False),
    _instant("shared_at", null=True),
    _instant("done_at", null=True),
    _instant("outside_at", null=True),
    sa.UniqueConstraint("shop_id", "order_id", "event_id"),
    sa.Index("ix_feedback_person", "shop_id", "person_id", "created_at"),
    sa.Index("ix_feedback_created", "shop_id", "created_at", "id"),
)

reply = _table(
    "reply",
    _shop_key(),
    sa.Column("id", ID, primary_key=True),
    _id("order_id", null=False),
    _id("feedback_id", null=False),
    _id("person_id", null=False),
    sa.Column("words", sa.String(1000), nullable=False),
    _instant("created_at"),
    sa.Index(None, "shop_id", "feedback_id"),
    sa.Index(None, "shop_id", "order_id"),
)

question = _table(
    "question",
    _shop_key(),
    sa.Column("id", ID, primary_key=True),
    _id("order_id", null=False),
    _id("person_id"),
    sa.Column("team", KEY),
    sa.Column("words", sa.String(2000), nullable=False),
    sa.Column("locale", sa.String(10), nullable=False, server_default="en"),
    _instant("created_at"),
    # When it waits for somebody else if nobody has answered; None: it is the owner's already, or answered.
    _instant("due_at", null=True),
    _instant("to_team_at", null=True),
    _instant("to_owner_at", null=True),
    _instant("answered_at", null=True),
    sa.Column("answer", sa.String(2000)),
    _id("answered_by"),
    sa.Index(None, "shop_id", "order_id"),
    sa.Index(
        "ix_question_open",
        "shop_id",
        "created_at",
        "id",
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    ),
    sa.Index(
        "ix_question_answered",
        "shop_id",
        "answered_at",
        "id",
        sqlite_where=sa.text("answered_at IS NOT NULL"),
        postgresql_where=sa.text("answered_at IS NOT NULL"),
    ),
    sa.Index(
        "ix_question_due",
        "due_at",
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    ),
)

# Who wants to hear of an order's steps, by mail or push.
follower = _table(
    "follower",
    _shop_key(),
    sa.Column("id", ID, primary_key=True),
    _id("order_id", null=False),
    # mail | push
    sa.Column("channel", sa.String(8), nullable=False),
    # The mail address; None for push.
    sa.Column("address", sa.String(254)),
    # {"endpoint": …, "keys": {"p256dh": …, "auth": …}}; None for mail.
    sa.Column("subscription", JSON),
    # SHA-256 of the folded address or the endpoint: the same one follows an order once.
    sa.Column("fingerprint", sa.String(64), nullable=False),
    # all | milestones | problems
    sa.Column("wants", sa.String(12), nullable=False),
    sa.Column("locale", sa.String(10), nullable=False),
    _instant("created_at"),
    # None: another address than the order's own, whose owner has not confirmed it yet.
    _instant("confirmed_at", null=True),
    _instant("stopped_at", null=True),
    # asked | bounced | gone
    sa.Column("stopped_why", sa.String(12)),
    sa.UniqueConstraint("shop_id", "order_id", "channel", "fingerprint"),
    sa.Index(None, "shop_id", "fingerprint"),
)

notice = _table(
    "notice",
    _shop_key(),
    sa.Column("id", ID, primary_key=True),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("channel", sa.String(12), nullable=False),
    sa.Column("recipient", sa.String(254), nullable=False),
    sa.Column("locale", sa.String(10), nullable=False),
    sa.Column("detail", JSON, nullable=False),
    # One notice per fact, however often the fact is told.
    sa.Column("once", sa.String(160), nullable=False),
    _instant("created_at"),
    _instant("due_at"),
    _instant("claimed_until", null=True),
    _count("attempts"),
    _instant("sent_at", null=True),
    _instant("failed_at", null=True),
    sa.Column("error", sa.String(300)),
    sa.UniqueConstraint("shop_id", "once"),
    sa.Index(
        "ix_notice_due",
        "due_at",
        sqlite_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
    ),
)

connection = _table(
    "connection",
    _shop_key(),
    sa.Column("id", ID, primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    # Readable by design: a signature can only be checked with the secret itself. See SECURITY.md.
    sa.Column("secrets", JSON, nullable=False),
    _instant("created_at"),
    _instant("seen_at", null=True),
    _instant("ended_at", null=True),
    sa.Index(None, "id"),
)

delivery = _table(
    "delivery",
    _shop_key(),
    sa.Column("id", ID, primary_key=True),
    _id("connection_id", null=False),
    sa.Column("key", sa.String(160), nullable=False),
    sa.Column("topic", sa.String(80), nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    _instant("received_at"),
    _instant("processed_at", null=True),
    _count("attempts"),
    _instant("due_at"),
    # applied | nothing | refused
    sa.Column("outcome", sa.String(12)),
    sa.Column("error", sa.String(300)),
    sa.UniqueConstraint("shop_id", "connection_id", "key"),
    sa.Index(
        "ix_delivery_waiting",
        "due_at",
        sqlite_where=sa.text("processed_at IS NULL"),
        postgresql_where=sa.text("processed_at IS NULL"),
    ),
)

idempotency_key = _table(
    "idempotency_key",
    _shop_key(),
    sa.Column("token_id", ID, primary_key=True),
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("body", sa.Text),
    _instant("created_at"),
    sa.Index(None, "created_at"),
)

api_token = _table(
    "api_token",
    _shop_key(),
    sa.Column("id", ID, primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("token_hash", sa.String(64), nullable=False),
    sa.Column("scopes", JSON, nullable=False),
    _instant("created_at"),
    _instant("revoked_at", null=True),
    sa.Index(None, "token_hash"),
)

consent = _table(
    "consent",
    _shop_key(),
    sa.Column("id", ID, primary_key=True),
    _id("person_id", null=False),
    sa.Column("visibility", sa.String(8), nullable=False),
    # self: in their own login; elsewhere: agreed on paper and reported by the API with visibility_agreed_at
    sa.Column("given", sa.String(10), nullable=False),
    sa.Column("wording", sa.String(20), nullable=False),
    sa.Column("locale", sa.String(10), nullable=False),
    _instant("agreed_at"),
    _instant("created_at"),
    sa.Index(None, "shop_id", "person_id"),
)
