"""The first schema"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shop",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("brand", sa.String(length=7), nullable=False),
        sa.Column("logo", sa.String(length=32), nullable=True),
        sa.Column("fade_days", sa.Integer(), server_default="30", nullable=False),
        sa.Column("link_days", sa.Integer(), server_default="60", nullable=False),
        sa.Column("share_days", sa.Integer(), server_default="14", nullable=False),
        sa.Column("generation", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "account",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_account_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_account")),
        sa.UniqueConstraint("shop_id", "person_id", name=op.f("uq_account_shop_id_person_id")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "api_token",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "scopes",
            JSON,
            nullable=False,
        ),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_api_token_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_api_token")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_token_hash"), ["token_hash"], unique=False)

    op.create_table(
        "connection",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "secrets",
            JSON,
            nullable=False,
        ),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_connection_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_connection")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("connection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_connection_id"), ["id"], unique=False)

    op.create_table(
        "consent",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("visibility", sa.String(length=8), nullable=False),
        sa.Column("given", sa.String(length=10), nullable=False),
        sa.Column("wording", sa.String(length=20), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("agreed_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_consent_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_consent")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_shop_id_person_id"), ["shop_id", "person_id"], unique=False)

    op.create_table(
        "correction",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.String(length=32), nullable=False),
        sa.Column("correction_event_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_correction_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "order_id", "event_id", name=op.f("pk_correction")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "delivery",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("connection_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("processed_at", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_delivery_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("shop_id", "connection_id", "key", name=op.f("uq_delivery_shop_id_connection_id_key")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_delivery_waiting",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("processed_at IS NULL"),
            postgresql_where=sa.text("processed_at IS NULL"),
        )

    op.create_table(
        "event",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("effect", sa.String(length=8), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("precision", sa.String(length=8), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("team", sa.String(length=64), nullable=True),
        sa.Column("hand_person_id", sa.String(length=32), nullable=True),
        sa.Column("hand_team", sa.String(length=64), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=True),
        sa.Column("photo", sa.String(length=32), nullable=True),
        sa.Column(
            "detail",
            JSON,
            nullable=True,
        ),
        sa.Column(
            "facts",
            JSON,
            nullable=True,
        ),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("source_key", sa.String(length=160), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_event_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "order_id", "seq", name=op.f("pk_event")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(
            "ix_event_person",
            ["shop_id", "person_id", "at"],
            unique=False,
            sqlite_where=sa.text("person_id IS NOT NULL"),
            postgresql_where=sa.text("person_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_event_source_key",
            ["shop_id", "source", "source_key"],
            unique=True,
            sqlite_where=sa.text("source_key IS NOT NULL"),
            postgresql_where=sa.text("source_key IS NOT NULL"),
        )

    op.create_table(
        "feedback",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.String(length=32), nullable=False),
        sa.Column("order_number", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("team", sa.String(length=64), nullable=True),
        sa.Column("choice", sa.String(length=8), nullable=False),
        sa.Column(
            "chips",
            JSON,
            nullable=False,
        ),
        sa.Column("words", sa.String(length=2000), server_default="", nullable=False),
        sa.Column("contact", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("first_name", sa.String(length=80), nullable=True),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("asked", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("edited_at", sa.BigInteger(), nullable=True),
        sa.Column("concern_at", sa.BigInteger(), nullable=True),
        sa.Column(
            "history",
            JSON,
            nullable=False,
        ),
        sa.Column("shared_at", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("outside_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_feedback_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("shop_id", "order_id", "event_id", name=op.f("uq_feedback_shop_id_order_id_event_id")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.create_index("ix_feedback_created", ["shop_id", "created_at", "id"], unique=False)
        batch_op.create_index("ix_feedback_person", ["shop_id", "person_id", "created_at"], unique=False)

    op.create_table(
        "idempotency_key",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("token_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_idempotency_key_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "token_id", "key", name=op.f("pk_idempotency_key")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("idempotency_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotency_key_created_at"), ["created_at"], unique=False)

    op.create_table(
        "line",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("variant", sa.String(length=200), nullable=True),
        sa.Column("sku", sa.String(length=64), nullable=True),
        sa.Column("image_url", sa.String(length=500), nullable=True),
        sa.Column("quantity", sa.Integer(), server_default="1", nullable=False),
        sa.Column("shipped", sa.Integer(), server_default="0", nullable=False),
        sa.Column("backordered", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cancelled", sa.Integer(), server_default="0", nullable=False),
        sa.Column("expected", sa.String(length=10), nullable=True),
        sa.Column("shippable", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_line_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "order_id", "key", name=op.f("pk_line")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "notice",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column(
            "detail",
            JSON,
            nullable=False,
        ),
        sa.Column("once", sa.String(length=160), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("claimed_until", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("failed_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_notice_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_notice")),
        sa.UniqueConstraint("shop_id", "once", name=op.f("uq_notice_shop_id_once")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notice_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
        )

    op.create_table(
        "orders",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("external_id", sa.String(length=64), nullable=True),
        sa.Column("source_updated_at", sa.BigInteger(), nullable=True),
        sa.Column("first_name", sa.String(length=80), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("search_name", sa.String(length=240), nullable=True),
        sa.Column("search_email", sa.String(length=762), nullable=True),
        sa.Column("erased_at", sa.BigInteger(), nullable=True),
        sa.Column("locale", sa.String(length=10), nullable=True),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("placed_at", sa.BigInteger(), nullable=False),
        sa.Column("placed_zone", sa.String(length=64), nullable=False),
        sa.Column("placed_precision", sa.String(length=8), nullable=False),
        sa.Column("promise_from", sa.String(length=10), nullable=True),
        sa.Column("promise_to", sa.String(length=10), nullable=True),
        sa.Column("holder_person_id", sa.String(length=32), nullable=True),
        sa.Column("holder_team", sa.String(length=64), nullable=True),
        sa.Column("holder_event_id", sa.String(length=32), nullable=True),
        sa.Column("holder_since", sa.BigInteger(), nullable=True),
        sa.Column("waiting_person_id", sa.String(length=32), nullable=True),
        sa.Column("waiting_team", sa.String(length=64), nullable=True),
        sa.Column("waiting_since", sa.BigInteger(), nullable=True),
        sa.Column("waiting_until", sa.String(length=10), nullable=True),
        sa.Column("next_step", sa.String(length=64), nullable=True),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_orders_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_orders")),
        sa.UniqueConstraint("shop_id", "number", name=op.f("uq_orders_shop_id_number")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index(
            "ix_orders_email",
            ["shop_id", "search_email"],
            unique=False,
            sqlite_where=sa.text("search_email IS NOT NULL"),
            postgresql_where=sa.text("search_email IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_orders_external",
            ["shop_id", "source", "external_id"],
            unique=False,
            sqlite_where=sa.text("external_id IS NOT NULL"),
            postgresql_where=sa.text("external_id IS NOT NULL"),
        )
        batch_op.create_index("ix_orders_state", ["shop_id", "state", "updated_at", "id"], unique=False)
        batch_op.create_index("ix_orders_updated", ["shop_id", "updated_at", "id"], unique=False)
        batch_op.create_index(
            "ix_orders_waiting_person",
            ["shop_id", "waiting_person_id", "waiting_since"],
            unique=False,
            sqlite_where=sa.text("waiting_person_id IS NOT NULL"),
            postgresql_where=sa.text("waiting_person_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_orders_waiting_team",
            ["shop_id", "waiting_team", "waiting_since"],
            unique=False,
            sqlite_where=sa.text("waiting_team IS NOT NULL"),
            postgresql_where=sa.text("waiting_team IS NOT NULL"),
        )

    op.create_table(
        "parcel",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("carrier", sa.String(length=80), nullable=True),
        sa.Column("tracking_number", sa.String(length=80), nullable=True),
        sa.Column("tracking_url", sa.String(length=500), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column(
            "lines",
            JSON,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_parcel_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "order_id", "key", name=op.f("pk_parcel")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "person",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("display_name", sa.String(length=40), nullable=False),
        sa.Column(
            "roles",
            JSON,
            nullable=False,
        ),
        sa.Column("team", sa.String(length=64), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("photo", sa.String(length=32), nullable=True),
        sa.Column("visibility", sa.String(length=8), nullable=True),
        sa.Column("visibility_chosen_at", sa.BigInteger(), nullable=True),
        sa.Column("visibility_ceiling", sa.String(length=8), nullable=True),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_person_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_person")),
        sa.UniqueConstraint("shop_id", "handle", name=op.f("uq_person_shop_id_handle")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(
            "ix_person_photo",
            ["photo"],
            unique=False,
            sqlite_where=sa.text("photo IS NOT NULL"),
            postgresql_where=sa.text("photo IS NOT NULL"),
        )

    op.create_table(
        "question",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("team", sa.String(length=64), nullable=True),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.String(length=2000), nullable=True),
        sa.Column("answered_by", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_question_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_question")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_shop_id_order_id"), ["shop_id", "order_id"], unique=False)

    op.create_table(
        "reply",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("feedback_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_reply_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_reply")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reply_shop_id_feedback_id"), ["shop_id", "feedback_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_reply_shop_id_order_id"), ["shop_id", "order_id"], unique=False)

    op.create_table(
        "session",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("device", sa.String(length=120), server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_session_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_session")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_shop_id_account_id"), ["shop_id", "account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_token_hash"), ["token_hash"], unique=False)

    op.create_table(
        "signin_link",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("reusable", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_signin_link_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "token_hash", name=op.f("pk_signin_link")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("signin_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signin_link_token_hash"), ["token_hash"], unique=False)

    op.create_table(
        "step",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("effect", sa.String(length=8), nullable=False),
        sa.Column("icon", sa.String(length=20), nullable=False),
        sa.Column("team", sa.String(length=64), nullable=True),
        sa.Column(
            "names",
            JSON,
            nullable=False,
        ),
        sa.Column(
            "next_names",
            JSON,
            nullable=False,
        ),
        sa.Column(
            "sentences",
            JSON,
            nullable=False,
        ),
        sa.Column(
            "chips",
            JSON,
            nullable=False,
        ),
        sa.Column("expected_minutes", sa.Integer(), nullable=True),
        sa.Column("asks_feedback", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("visible", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_step_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "key", name=op.f("pk_step")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "team",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column(
            "names",
            JSON,
            nullable=False,
        ),
        sa.Column("photo", sa.String(length=32), nullable=True),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_team_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "key", name=op.f("pk_team")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tracking_link",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("secret_id", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_tracking_link_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "order_id", "number", name=op.f("pk_tracking_link")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("tracking_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tracking_link_token_hash"), ["token_hash"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("tracking_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tracking_link_token_hash"))

    op.drop_table("tracking_link")
    op.drop_table("team")
    op.drop_table("step")
    with op.batch_alter_table("signin_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signin_link_token_hash"))

    op.drop_table("signin_link")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_token_hash"))
        batch_op.drop_index(batch_op.f("ix_session_shop_id_account_id"))

    op.drop_table("session")
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reply_shop_id_order_id"))
        batch_op.drop_index(batch_op.f("ix_reply_shop_id_feedback_id"))

    op.drop_table("reply")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_shop_id_order_id"))

    op.drop_table("question")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_person_photo", sqlite_where=sa.text("photo IS NOT NULL"), postgresql_where=sa.text("photo IS NOT NULL")
        )

    op.drop_table("person")
    op.drop_table("parcel")
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_orders_waiting_team",
            sqlite_where=sa.text("waiting_team IS NOT NULL"),
            postgresql_where=sa.text("waiting_team IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_orders_waiting_person",
            sqlite_where=sa.text("waiting_person_id IS NOT NULL"),
            postgresql_where=sa.text("waiting_person_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_orders_updated")
        batch_op.drop_index("ix_orders_state")
        batch_op.drop_index(
            "ix_orders_external",
            sqlite_where=sa.text("external_id IS NOT NULL"),
            postgresql_where=sa.text("external_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_orders_email",
            sqlite_where=sa.text("search_email IS NOT NULL"),
            postgresql_where=sa.text("search_email IS NOT NULL"),
        )

    op.drop_table("orders")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_notice_due",
            sqlite_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
        )

    op.drop_table("notice")
    op.drop_table("line")
    with op.batch_alter_table("idempotency_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotency_key_created_at"))

    op.drop_table("idempotency_key")
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.drop_index("ix_feedback_person")
        batch_op.drop_index("ix_feedback_created")

    op.drop_table("feedback")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_event_source_key",
            sqlite_where=sa.text("source_key IS NOT NULL"),
            postgresql_where=sa.text("source_key IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_event_person",
            sqlite_where=sa.text("person_id IS NOT NULL"),
            postgresql_where=sa.text("person_id IS NOT NULL"),
        )

    op.drop_table("event")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_delivery_waiting",
            sqlite_where=sa.text("processed_at IS NULL"),
            postgresql_where=sa.text("processed_at IS NULL"),
        )

    op.drop_table("delivery")
    op.drop_table("correction")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_shop_id_person_id"))

    op.drop_table("consent")
    with op.batch_alter_table("connection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_connection_id"))

    op.drop_table("connection")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_token_token_hash"))

    op.drop_table("api_token")
    op.drop_table("account")
    op.drop_table("shop")
