"""Shared tablets and their PINs, passkeys, people's own words, which device logged a step"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
branch_labels = None
depends_on = None

# Table, column, its type, what stands in the rows there are (None: nothing).
ADDED: tuple[tuple[str, str, Any, Any], ...] = (
    ("shop", "session_days", sa.Integer(), "30"),
    ("shop", "kiosk_minutes", sa.Integer(), "2"),
    ("shop", "any_order", sa.Boolean(), sa.true()),
    ("person", "own_roles", JSON, None),
    ("person", "greeting", JSON, None),
    ("person", "languages", JSON, None),
    ("person", "phrases", JSON, None),
    ("account", "pin_hash", sa.String(length=200), None),
    ("account", "pin_failures", sa.Integer(), "0"),
    ("account", "pin_locked_until", sa.BigInteger(), None),
    ("session", "kiosk_id", sa.String(length=32), None),
    ("session", "idle_minutes", sa.Integer(), None),
    ("orders", "due", sa.String(length=10), None),
    ("event", "device", sa.String(length=120), None),
    ("feedback", "side", sa.String(length=1000), None),
    ("feedback", "side_at", sa.BigInteger(), None),
    ("parcel", "search_number", sa.String(length=80), None),
)


# Near enough to what `domain.scanned.parcel_code` makes of the numbers that carriers give; the order's next event makes
# it exact.
PARCELS = (
    "UPDATE parcel SET search_number = upper(replace(replace(replace(tracking_number, ' ', ''), '-', ''), '.', '')) "
    "WHERE tracking_number IS NOT NULL"
)

# What domain/replay.py says: the promised day, else the fifth after the order was placed (UTC). Of what waits alone.
WAITS = "(waiting_team IS NOT NULL OR waiting_person_id IS NOT NULL)"
FAIR = {
    "sqlite": "date(placed_at / 1000000, 'unixepoch', '+5 days')",
    "postgresql": "to_char(to_timestamp(placed_at / 1000000) AT TIME ZONE 'UTC' + interval '5 days', 'YYYY-MM-DD')",
}
# Index, its columns, of which rows: how the queue was read before, and how it is now.
BY_WAIT = (
    ("ix_orders_waiting_person", ["shop_id", "waiting_person_id", "waiting_since"], "waiting_person_id IS NOT NULL"),
    ("ix_orders_waiting_team", ["shop_id", "waiting_team", "waiting_since"], "waiting_team IS NOT NULL"),
)
DUE = ["due", "waiting_since", "id", "waiting_until"]
BY_DUE = (
    ("ix_orders_due_person", ["shop_id", "waiting_person_id", *DUE], "waiting_person_id IS NOT NULL"),
    ("ix_orders_due_team", ["shop_id", "waiting_team", *DUE], "waiting_team IS NOT NULL AND waiting_person_id IS NULL"),
)

SINCE = "waiting_since IS NOT NULL"
OPEN = "state NOT IN ('delivered', 'picked_up', 'emailed', 'cancelled', 'returned')"


def upgrade() -> None:
    for table, name, kind, default in ADDED:
        op.add_column(table, sa.Column(name, kind, server_default=default, nullable=default is None))
    op.execute(PARCELS)
    op.create_index(
        "ix_parcel_search",
        "parcel",
        ["shop_id", "search_number"],
        sqlite_where=sa.text("search_number IS NOT NULL"),
        postgresql_where=sa.text("search_number IS NOT NULL"),
    )
    fair = FAIR[op.get_bind().dialect.name]
    op.execute(f"UPDATE orders SET due = coalesce(promise_to, {fair}) WHERE {WAITS}")  # noqa: S608 - our own
    _swap_indexes(BY_WAIT, BY_DUE)
    open_rows = sa.text(OPEN)
    columns = ["shop_id", "promise_to", "placed_at", "id"]
    op.create_index("ix_orders_open", "orders", columns, sqlite_where=open_rows, postgresql_where=open_rows)
    waits, columns = sa.text(SINCE), ["shop_id", "waiting_since", "id", "waiting_until"]
    op.create_index("ix_orders_since", "orders", columns, sqlite_where=waits, postgresql_where=waits)
    op.create_table(
        "kiosk",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_kiosk_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_kiosk")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_kiosk_token_hash"), "kiosk", ["token_hash"])
    op.create_table(
        "passkey",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.String(length=2000), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_passkey_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_passkey")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_passkey_fingerprint"), "passkey", ["fingerprint"])
    op.create_index(op.f("ix_passkey_shop_id_account_id"), "passkey", ["shop_id", "account_id"])


def downgrade() -> None:
    op.drop_table("passkey")
    op.drop_table("kiosk")
    op.drop_index("ix_parcel_search", "parcel")
    op.drop_index("ix_orders_since", "orders")
    op.drop_index("ix_orders_open", "orders")
    _swap_indexes(BY_DUE, BY_WAIT)
    for table, name, _, _ in reversed(ADDED):
        op.drop_column(table, name)


def _swap_indexes(old: tuple[tuple[str, list[str], str], ...], new: tuple[tuple[str, list[str], str], ...]) -> None:
    for name, _, _ in old:
        op.drop_index(name, table_name="orders")
    for name, columns, rows in new:
        op.create_index(name, "orders", columns, sqlite_where=sa.text(rows), postgresql_where=sa.text(rows))
