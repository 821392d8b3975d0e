"""Questions that are passed on, followers, a shop's calendar and pace, other ways home than a parcel"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
branch_labels = None
depends_on = None

# What domain/pieces.py says of an order that came back as a whole: what had left, or all of it when nothing is known
# to have; gift cards and such only where there is nothing else.
BACK = """
UPDATE line SET returned = CASE
  WHEN EXISTS (SELECT 1 FROM line sent WHERE sent.shop_id = line.shop_id AND sent.order_id = line.order_id
    AND sent.shippable AND sent.shipped > 0) THEN shipped
  ELSE quantity - cancelled END
WHERE EXISTS (SELECT 1 FROM orders WHERE orders.shop_id = line.shop_id AND orders.id = line.order_id
    AND orders.state = 'returned')
  AND (shippable OR NOT EXISTS (SELECT 1 FROM line thing WHERE thing.shop_id = line.shop_id
    AND thing.order_id = line.order_id AND thing.shippable))
"""

# A step that still wears what it got at first: (key, then, now).
ICONS = (("picked", "search", "basket"), ("shipped", "out", "sent"), ("cancelled", "chat", "cross"))


def upgrade() -> None:
    op.add_column("shop", sa.Column("question_minutes", sa.Integer(), server_default="240", nullable=False))
    op.add_column("shop", sa.Column("country", sa.String(length=2), nullable=True))
    for name in ("calendar", "pace", "origins", "chips"):
        op.add_column("shop", sa.Column(name, JSON, nullable=True))
    op.add_column("shop", sa.Column("ask_hours", sa.Integer(), nullable=True))
    op.add_column("shop", sa.Column("pickup", sa.String(length=300), nullable=True))
    op.add_column("step", sa.Column("methods", JSON, nullable=True))
    op.add_column("orders", sa.Column("method", sa.String(length=8), server_default="parcel", nullable=False))
    op.add_column("orders", sa.Column("touched", sa.Integer(), server_default="0", nullable=False))
    op.add_column("line", sa.Column("returned", sa.Integer(), server_default="0", nullable=False))
    op.execute(BACK)
    for key, then, now in ICONS:
        op.execute(f"UPDATE step SET icon = '{now}' WHERE key = '{key}' AND icon = '{then}'")  # noqa: S608 - our own
    for name in ("expected_from", "expected_to"):
        op.add_column("parcel", sa.Column(name, sa.String(length=10), nullable=True))
    op.add_column("question", sa.Column("locale", sa.String(length=10), server_default="en", nullable=False))
    for name in ("due_at", "to_team_at", "to_owner_at"):
        op.add_column("question", sa.Column(name, sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_question_open",
        "question",
        ["shop_id", "created_at", "id"],
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_index(
        "ix_question_answered",
        "question",
        ["shop_id", "answered_at", "id"],
        sqlite_where=sa.text("answered_at IS NOT NULL"),
        postgresql_where=sa.text("answered_at IS NOT NULL"),
    )
    op.create_index(
        "ix_question_due",
        "question",
        ["due_at"],
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_notice_asked",
        "notice",
        ["shop_id", "created_at"],
        sqlite_where=sa.text("kind = 'follow_confirm'"),
        postgresql_where=sa.text("kind = 'follow_confirm'"),
    )
    _create_follower()
    op.create_table(
        "silenced",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("digest", sa.String(length=43), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_silenced_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "digest", name=op.f("pk_silenced")),
        sqlite_with_rowid=False,
    )


def _create_follower() -> None:
    op.create_table(
        "follower",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("subscription", JSON, nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("wants", sa.String(length=12), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("stopped_at", sa.BigInteger(), nullable=True),
        sa.Column("stopped_why", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_follower_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_follower")),
        sa.UniqueConstraint(
            "shop_id",
            "order_id",
            "channel",
            "fingerprint",
            name=op.f("uq_follower_shop_id_order_id_channel_fingerprint"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_follower_shop_id_fingerprint"), "follower", ["shop_id", "fingerprint"])


def downgrade() -> None:
    for _, then, now in ICONS:
        op.execute(f"UPDATE step SET icon = '{then}' WHERE icon = '{now}'")  # noqa: S608 - our own
    op.execute("UPDATE step SET icon = 'mail' WHERE icon = 'bell'")
    op.drop_table("silenced")
    op.drop_table("follower")
    op.drop_index("ix_notice_asked", "notice")
    op.drop_index("ix_question_due", "question")
    op.drop_index("ix_question_answered", "question")
    op.drop_index("ix_question_open", "question")
    for table, names in (
        ("question", ("to_owner_at", "to_team_at", "due_at", "locale")),
        ("parcel", ("expected_to", "expected_from")),
        ("line", ("returned",)),
        ("orders", ("touched", "method")),
        ("step", ("methods",)),
        ("shop", ("pickup", "ask_hours", "chips", "origins", "pace", "calendar", "country", "question_minutes")),
    ):
        for name in names:
            op.drop_column(table, name)
