"""Orders with their lines and parcels, and everything that happened to them."""

from __future__ import annotations

import sqlalchemy as sa

from storefront_trace.storage.tables.columns import DAY, ID, JSON, KEY, count, flag, id_of, instant, shop_key, table

# Nothing is over yet, as an index and the queries that read by it must both spell it.
OPEN = "NOT orders.ended"
_OPEN_ROWS = "NOT ended"
# What a team did and nobody by name; an order's first event is its coming in, which nobody did.
DONE_BY_TEAM = "event.person_id IS NULL AND event.team IS NOT NULL AND event.seq > 1"
_TEAMS_OWN = DONE_BY_TEAM.replace("event.", "")

order = table(
    "orders",
    shop_key(),
    sa.Column("id", ID, primary_key=True),
    sa.Column("number", sa.String(64), nullable=False),
    sa.Column("source", sa.String(40), nullable=False),
    sa.Column("external_id", sa.String(64)),
    instant("source_updated_at", null=True),
    # Personal data stands here alone, never in an event, so that erasure does not have to rewrite history.
    sa.Column("first_name", sa.String(80)),
    sa.Column("email", sa.String(254)),
    # The two of them folded, for comparing: neither database lowers letters such as Å in every setting. Folding makes
    # at most three characters of one.
    sa.Column("search_name", sa.String(240)),
    sa.Column("search_email", sa.String(762)),
    # Since then the customer is forgotten: no sender brings the name and the address back.
    instant("erased_at", null=True),
    sa.Column("locale", sa.String(10)),
    # Derived by replaying the events: see domain/orders.py. Written only together with an event.
    count("version"),
    # How often its page has changed without an event: followers come and go. No trail is spent on them, and replaying
    # leaves it as it is.
    count("touched"),
    sa.Column("state", KEY, nullable=False),
    # Whether that is one of domain/orders.FINAL_STATES. Of its own, since an index of the open orders that named the
    # state was written anew at every step.
    flag("ended"),
    count("position"),
    instant("placed_at"),
    sa.Column("placed_zone", sa.String(64), nullable=False),
    sa.Column("placed_precision", sa.String(8), nullable=False),
    sa.Column("promise_from", DAY),
    sa.Column("promise_to", DAY),
    # parcel | pickup | local | digital
    sa.Column("method", sa.String(8), nullable=False, server_default="parcel"),
    id_of("holder_person_id"),
    sa.Column("holder_team", KEY),
    id_of("holder_event_id"),
    instant("holder_since", null=True),
    id_of("waiting_person_id"),
    sa.Column("waiting_team", KEY),
    instant("waiting_since", null=True),
    # Goods, not a person, are waited for until this day: the order is in nobody's queue before it.
    sa.Column("waiting_until", DAY),
    # Where it stands among those that wait: the promised day, or a fair one when none was promised.
    sa.Column("due", DAY),
    sa.Column("next_step", KEY),
    instant("delivered_at", null=True),
    instant("created_at"),
    instant("updated_at"),
    sa.UniqueConstraint("shop_id", "number"),
    sa.Index("ix_orders_updated", "shop_id", "updated_at", "id"),
    sa.Index("ix_orders_state", "shop_id", "state", "updated_at", "id"),
    sa.Index(
        "ix_orders_open",
        "shop_id",
        "promise_to",
        "placed_at",
        "id",
        sqlite_where=sa.text(_OPEN_ROWS),
        postgresql_where=sa.text(_OPEN_ROWS),
    ),
    sa.Index(
        "ix_orders_due_person",
        "shop_id",
        "waiting_person_id",
        "due",
        "waiting_since",
        "id",
        "waiting_until",
        sqlite_where=sa.text("waiting_person_id IS NOT NULL"),
        postgresql_where=sa.text("waiting_person_id IS NOT NULL"),
    ),
    sa.Index(
        "ix_orders_due_team",
        "shop_id",
        "waiting_team",
        "due",
        "waiting_since",
        "id",
        "waiting_until",
        sqlite_where=sa.text("waiting_team IS NOT NULL AND waiting_person_id IS NULL"),
        postgresql_where=sa.text("waiting_team IS NOT NULL AND waiting_person_id IS NULL"),
    ),
    # What stands still: the owner's page asks for the longest waits of everybody.
    sa.Index(
        "ix_orders_since",
        "shop_id",
        "waiting_since",
        "id",
        "waiting_until",
        sqlite_where=sa.text("waiting_since IS NOT NULL"),
        postgresql_where=sa.text("waiting_since IS NOT NULL"),
    ),
    # What was placed and what came home in a week.
    sa.Index("ix_orders_placed", "shop_id", "placed_at"),
    sa.Index(
        "ix_orders_delivered",
        "shop_id",
        "delivered_at",
        "id",
        "promise_to",
        sqlite_where=sa.text("delivered_at IS NOT NULL"),
        postgresql_where=sa.text("delivered_at IS NOT NULL"),
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

tracking_link = table(
    "tracking_link",
    shop_key(),
    sa.Column("order_id", ID, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("token_hash", sa.String(64), nullable=False),
    sa.Column("secret_id", sa.String(8), nullable=False),
    instant("created_at"),
    instant("revoked_at", null=True),
    # Not a unique key: it would have to begin with shop_id, and a visitor brings only the token.
    sa.Index(None, "token_hash"),
)

line = table(
    "line",
    shop_key(),
    sa.Column("order_id", ID, primary_key=True),
    sa.Column("key", KEY, primary_key=True),
    count("position"),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("variant", sa.String(200)),
    sa.Column("sku", sa.String(64)),
    sa.Column("image_url", sa.String(500)),
    count("quantity", 1),
    count("shipped"),
    count("backordered"),
    count("cancelled"),
    count("returned"),
    sa.Column("expected", DAY),
    flag("shippable", default=True),
    # What was to come: the owner asks for what has not by its day.
    sa.Index(
        "ix_line_expected",
        "shop_id",
        "expected",
        "order_id",
        sqlite_where=sa.text("backordered > 0"),
        postgresql_where=sa.text("backordered > 0"),
    ),
)

parcel = table(
    "parcel",
    shop_key(),
    sa.Column("order_id", ID, primary_key=True),
    sa.Column("key", sa.String(120), primary_key=True),
    count("position"),
    sa.Column("carrier", sa.String(80)),
    sa.Column("tracking_number", sa.String(80)),
    # The number as a scanner reads it from the label: see domain/scanned.py. Compared, never shown.
    sa.Column("search_number", sa.String(80)),
    sa.Column("tracking_url", sa.String(500)),
    sa.Column("state", KEY, nullable=False),
    sa.Column("lines", JSON, nullable=False),
    # What the carrier itself expects.
    sa.Column("expected_from", DAY),
    sa.Column("expected_to", DAY),
    sa.Index(
        "ix_parcel_search",
        "shop_id",
        "search_number",
        sqlite_where=sa.text("search_number IS NOT NULL"),
        postgresql_where=sa.text("search_number IS NOT NULL"),
    ),
)

event = table(
    "event",
    shop_key(),
    sa.Column("order_id", ID, primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    id_of("id", null=False),
    # step | facts | correction | answer | hand | withdrawn
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("step", KEY),
    # The step's place and effect as they were when it happened: redefining a step never rewrites history.
    sa.Column("position", sa.Integer),
    sa.Column("effect", sa.String(8)),
    instant("at"),
    sa.Column("zone", sa.String(64), nullable=False),
    sa.Column("precision", sa.String(8), nullable=False),
    instant("recorded_at"),
    id_of("person_id"),
    sa.Column("team", KEY),
    id_of("hand_person_id"),
    sa.Column("hand_team", KEY),
    sa.Column("note", sa.String(1000)),
    id_of("photo"),
    # {"lines": [[key, quantity|null], …], "parcel": {…}, "corrects": event id, "reason": text,
    #  "photo_size": [width, height], "until": day, "promise": [day, day], "forgotten": true}
    sa.Column("detail", JSON),
    # Apart from the detail, which the tracking page reads: the facts are large and the page has them as lines.
    sa.Column("facts", JSON),
    sa.Column("source", sa.String(40), nullable=False),
    sa.Column("source_key", sa.String(160)),
    # The phone or tablet it was logged with, as its own session is called: for the staff, never for customers.
    sa.Column("device", sa.String(120)),
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
        # What is counted of it: the owner's pages count a year of steps.
        "kind",
        "step",
        sqlite_where=sa.text("person_id IS NOT NULL"),
        postgresql_where=sa.text("person_id IS NOT NULL"),
    ),
    sa.Index(
        "ix_event_team",
        "shop_id",
        "team",
        "at",
        "kind",
        "step",
        "person_id",  # SQLite looks it up to see that it is NULL, even where the index says so
        sqlite_where=sa.text(_TEAMS_OWN),
        postgresql_where=sa.text(_TEAMS_OWN),
    ),
    sa.Index(
        "ix_event_photo",
        "photo",
        sqlite_where=sa.text("photo IS NOT NULL"),
        postgresql_where=sa.text("photo IS NOT NULL"),
    ),
)

correction = table(
    "correction",
    shop_key(),
    sa.Column("order_id", ID, primary_key=True),
    sa.Column("event_id", ID, primary_key=True),
    id_of("correction_event_id", null=False),
    id_of("person_id"),
    sa.Column("reason", sa.String(500)),
    instant("created_at"),
)
