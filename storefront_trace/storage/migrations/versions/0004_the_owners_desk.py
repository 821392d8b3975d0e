"""What the owner's pages read and keep"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

# The open orders, as they were told by their state before.
FINAL = "state NOT IN ('delivered', 'picked_up', 'emailed', 'cancelled', 'returned')"
# Index, table, columns, of which rows: what may need the owner.
NEEDED = (
    ("ix_line_expected", "line", ["shop_id", "expected", "order_id"], "backordered > 0"),
    ("ix_orders_delivered", "orders", ["shop_id", "delivered_at", "id", "promise_to"], "delivered_at IS NOT NULL"),
    ("ix_notice_failed", "notice", ["shop_id", "failed_at"], "failed_at IS NOT NULL"),
)


def upgrade() -> None:
    shown = sa.text("photo IS NOT NULL")
    op.create_index("ix_event_photo", "event", ["photo"], sqlite_where=shown, postgresql_where=shown)
    op.add_column("shop", sa.Column("needs_factor", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("session", sa.Column("strong_at", sa.BigInteger(), nullable=True))
    _mark_ended()
    _create_safety()
    _add_talks()
    op.add_column("shop", sa.Column("words_months", sa.Integer(), server_default="12", nullable=False))
    op.create_index("ix_orders_placed", "orders", ["shop_id", "placed_at"])
    _create(
        "week",
        ["shop_id", "day"],
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("numbers", JSON, nullable=False),
        sa.Column("whole", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("counted_at", sa.BigInteger(), nullable=False),
    )
    _create(
        "purged",
        ["shop_id", "id"],
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("counts", JSON, nullable=False),
    )
    _widen_figures()
    for name, table, columns, rows in NEEDED:
        op.create_index(name, table, columns, sqlite_where=sa.text(rows), postgresql_where=sa.text(rows))


def downgrade() -> None:
    for name, _, _, _ in NEEDED:
        op.drop_index(name)
    _open_orders(FINAL)
    op.drop_column("orders", "ended")
    _narrow_figures()
    for table in ("pending_signin", "recovery_code", "second_factor", "audit", "talk", "purged", "week"):
        op.drop_table(table)
    op.drop_column("feedback", "talked_at")
    op.drop_column("feedback", "looking_at")
    op.drop_column("session", "strong_at")
    op.drop_index("ix_orders_placed")
    op.drop_column("shop", "words_months")
    op.drop_column("shop", "needs_factor")
    op.drop_index("ix_event_photo", "event")


def _mark_ended() -> None:
    op.add_column("orders", sa.Column("ended", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(f"UPDATE orders SET ended = true WHERE NOT ({FINAL})")  # noqa: S608 - our own
    _open_orders("NOT ended")


def _open_orders(rows: str) -> None:
    op.drop_index("ix_orders_open", "orders")
    columns = ["shop_id", "promise_to", "placed_at", "id"]
    op.create_index("ix_orders_open", "orders", columns, sqlite_where=sa.text(rows), postgresql_where=sa.text(rows))


def _create_safety() -> None:
    _create(
        "audit",
        ["shop_id", "id"],
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("token", sa.String(length=80), nullable=True),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=16), nullable=True),
        sa.Column("subject_key", sa.String(length=64), nullable=True),
        sa.Column("detail", JSON, nullable=False),
    )
    op.create_index(op.f("ix_audit_shop_id_person_id_id"), "audit", ["shop_id", "person_id", "id"])
    _create(
        "second_factor",
        ["shop_id", "account_id"],
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.String(length=200), nullable=False),
        sa.Column("counter", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
    )
    _create(
        "recovery_code",
        ["shop_id", "code_hash"],
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
    )
    op.create_index(op.f("ix_recovery_code_shop_id_account_id"), "recovery_code", ["shop_id", "account_id"])
    _create(
        "pending_signin",
        ["shop_id", "token_hash"],
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
    )
    op.create_index(op.f("ix_pending_signin_token_hash"), "pending_signin", ["token_hash"])
    op.create_index(op.f("ix_pending_signin_shop_id_account_id"), "pending_signin", ["shop_id", "account_id"])


def _widen_figures() -> None:
    """What the owner's pages count is told by indexes alone, however many steps and answers there are."""
    named, unnamed = sa.text("person_id IS NOT NULL"), sa.text("person_id IS NULL")
    concerns, team = sa.text("choice = 'concern'"), sa.text("person_id IS NULL AND team IS NOT NULL AND seq > 1")
    counted = ["created_at", "step", "choice", "outside_at"]
    about = ["done_at", "talked_at", "looking_at", "outside_at", "person_id", "team", "step", "choice"]
    op.drop_index("ix_event_person", "event")
    _index("ix_event_person", "event", ["person_id", "at", "kind", "step"], named)
    _index("ix_event_team", "event", ["team", "at", "kind", "step", "person_id"], team)
    op.drop_index("ix_feedback_person", "feedback")
    op.drop_index("ix_feedback_created", "feedback")
    _index("ix_feedback_person", "feedback", ["person_id", *counted])
    _index("ix_feedback_created", "feedback", ["created_at", "id", "person_id", "team", *counted[1:]])
    _index("ix_feedback_team", "feedback", ["team", *counted, "person_id"], unnamed)
    _index("ix_feedback_concern", "feedback", ["created_at", "id", *about], concerns)


def _narrow_figures() -> None:
    for name in ("concern", "team", "person", "created"):
        op.drop_index(f"ix_feedback_{name}", "feedback")
    op.drop_index("ix_event_team", "event")
    op.drop_index("ix_event_person", "event")
    _index("ix_feedback_person", "feedback", ["person_id", "created_at"])
    _index("ix_feedback_created", "feedback", ["created_at", "id"])
    _index("ix_event_person", "event", ["person_id", "at"], sa.text("person_id IS NOT NULL"))


def _index(name: str, table: str, columns: list[str], where: sa.TextClause | None = None) -> None:
    op.create_index(name, table, ["shop_id", *columns], sqlite_where=where, postgresql_where=where)


def _create(name: str, key: list[str], *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f(f"fk_{name}_shop_id")),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")),
        sqlite_with_rowid=False,
    )


def _add_talks() -> None:
    op.add_column("feedback", sa.Column("looking_at", sa.BigInteger(), nullable=True))
    op.add_column("feedback", sa.Column("talked_at", sa.BigInteger(), nullable=True))
    _create(
        "talk",
        ["shop_id", "feedback_id"],
        sa.Column("feedback_id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("by_person", sa.String(length=32), nullable=False),
        sa.Column("notes", JSON, nullable=False),
        sa.Column("takeaways", sa.String(length=1000), nullable=True),
        sa.Column("takeaways_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("edited_at", sa.BigInteger(), nullable=True),
    )
    op.create_index(op.f("ix_talk_shop_id_order_id"), "talk", ["shop_id", "order_id"])
    op.create_index(op.f("ix_talk_shop_id_person_id"), "talk", ["shop_id", "person_id"])
