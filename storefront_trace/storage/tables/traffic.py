"""What comes in from other systems and what goes out: waiting, tried and told."""

from __future__ import annotations

import sqlalchemy as sa

from storefront_trace.storage.tables.columns import ID, JSON, count, id_of, instant, shop_key, table

notice = table(
    "notice",
    shop_key(),
    sa.Column("id", ID, primary_key=True),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("channel", sa.String(12), nullable=False),
    sa.Column("recipient", sa.String(254), nullable=False),
    sa.Column("locale", sa.String(10), nullable=False),
    sa.Column("detail", JSON, nullable=False),
    # One notice per fact, however often the fact is told.
    sa.Column("once", sa.String(160), nullable=False),
    instant("created_at"),
    instant("due_at"),
    instant("claimed_until", null=True),
    count("attempts"),
    instant("sent_at", null=True),
    instant("failed_at", null=True),
    sa.Column("error", sa.String(300)),
    sa.UniqueConstraint("shop_id", "once"),
    sa.Index(
        "ix_notice_asked",
        "shop_id",
        "created_at",
        sqlite_where=sa.text("kind = 'follow_confirm'"),
        postgresql_where=sa.text("kind = 'follow_confirm'"),
    ),
    sa.Index(
        "ix_notice_failed",
        "shop_id",
        "failed_at",
        sqlite_where=sa.text("failed_at IS NOT NULL"),
        postgresql_where=sa.text("failed_at IS NOT NULL"),
    ),
    sa.Index(
        "ix_notice_due",
        "due_at",
        sqlite_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
    ),
)

# What retention has let go, a row for each round that found something.
purged = table(
    "purged",
    shop_key(),
    sa.Column("id", ID, primary_key=True),
    instant("at"),
    # {what: how many}, see actions/purging.py Purged
    sa.Column("counts", JSON, nullable=False),
)

connection = table(
    "connection",
    shop_key(),
    sa.Column("id", ID, primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    # Readable by design: a signature can only be checked with the secret itself. See SECURITY.md.
    sa.Column("secrets", JSON, nullable=False),
    instant("created_at"),
    instant("seen_at", null=True),
    instant("ended_at", null=True),
    sa.Index(None, "id"),
)

delivery = table(
    "delivery",
    shop_key(),
    sa.Column("id", ID, primary_key=True),
    id_of("connection_id", null=False),
    sa.Column("key", sa.String(160), nullable=False),
    sa.Column("topic", sa.String(80), nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    instant("received_at"),
    instant("processed_at", null=True),
    count("attempts"),
    instant("due_at"),
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

idempotency_key = table(
    "idempotency_key",
    shop_key(),
    sa.Column("token_id", ID, primary_key=True),
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("body", sa.Text),
    instant("created_at"),
    sa.Index(None, "created_at"),
)

api_token = table(
    "api_token",
    shop_key(),
    sa.Column("id", ID, primary_key=True),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("token_hash", sa.String(64), nullable=False),
    sa.Column("scopes", JSON, nullable=False),
    instant("created_at"),
    instant("revoked_at", null=True),
    sa.Index(None, "token_hash"),
)
