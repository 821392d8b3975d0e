"""What comes back to the people, and what the shop settles about them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
# Step, the drawing that every shop began with, the one that it shares with no other step.
DRAWINGS = (
    ("out_for_delivery", "truck", "pin"),
    ("ready_for_pickup", "box", "bag"),
    ("returned", "hand", "return"),
    ("exchanged", "hand", "swap"),
    ("refunded", "check", "coins"),
    ("ordered", "clock", "list"),
)


def upgrade() -> None:
    _papers()
    _mails()
    _logs()
    _visits()
    _steps()
    _rights()
    _wall()
    _start()


def downgrade() -> None:
    _drop_start()
    _drop_wall()
    _drop_rights()
    _drop_steps()
    op.drop_table("visit")
    _drop_logs()
    _drop_mails()
    _drop_papers()


def _papers() -> None:
    op.add_column("shop", sa.Column("per_person", sa.Boolean(), server_default=sa.true(), nullable=False))
    for name in ("agreed", "papers", "golive"):
        op.add_column("shop", sa.Column(name, JSON, nullable=True))


def _drop_papers() -> None:
    for name in ("golive", "papers", "agreed", "per_person"):
        op.drop_column("shop", name)


def _mails() -> None:
    op.add_column("shop", sa.Column("friday", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("account", sa.Column("friday", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("account", sa.Column("morning_hour", sa.Integer(), nullable=True))
    op.add_column("account", sa.Column("locale", sa.String(length=10), nullable=True))


def _drop_mails() -> None:
    for name in ("locale", "morning_hour", "friday"):
        op.drop_column("account", name)
    op.drop_column("shop", "friday")


def _logs() -> None:
    op.add_column("shop", sa.Column("log_months", sa.Integer(), server_default="24", nullable=False))
    op.create_table(
        "reading",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("reader_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_reading_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_reading")),
        sa.UniqueConstraint(
            "shop_id",
            "person_id",
            "day",
            "reader_id",
            "what",
            name=op.f("uq_reading_shop_id_person_id_day_reader_id_what"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "journal_mark",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("line", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_journal_mark_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", name=op.f("pk_journal_mark")),
        sqlite_with_rowid=False,
    )


def _drop_logs() -> None:
    op.drop_table("journal_mark")
    op.drop_table("reading")
    op.drop_column("shop", "log_months")


def _visits() -> None:
    op.create_table(
        "visit",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("visits", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name="fk_visit_shop_id"),
        sa.PrimaryKeyConstraint("shop_id", "day", name="pk_visit"),
        sqlite_with_rowid=False,
    )


def _steps() -> None:
    """Several steps shared one drawing. A shop that chose another than the one it began with keeps its own."""
    op.add_column("step", sa.Column("logged_by", sa.String(length=64), nullable=True))
    op.add_column("step", sa.Column("gone_at", sa.BigInteger(), nullable=True))
    for key, old, new in DRAWINGS:
        _draw(key, old, new)


def _drop_steps() -> None:
    for key, old, new in DRAWINGS:
        _draw(key, new, old)
    op.drop_column("step", "gone_at")
    op.drop_column("step", "logged_by")


def _draw(key: str, old: str, new: str) -> None:
    rows = sa.table("step", sa.column("key"), sa.column("icon"))
    op.execute(sa.update(rows).where(rows.c.key == key, rows.c.icon == old).values(icon=new))


def _rights() -> None:
    """Which team a manager looks after; and to what people have agreed, besides how they are shown, in which words."""
    op.add_column("account", sa.Column("manages", sa.String(length=64), nullable=True))
    op.add_column("consent", sa.Column("about", sa.String(length=12), server_default="visibility", nullable=False))
    op.add_column("consent", sa.Column("said", sa.Text(), nullable=True))
    op.add_column("consent", sa.Column("withdrawn_at", sa.BigInteger(), nullable=True))
    # Whoever chose anew, chose otherwise.
    theirs = "later.shop_id = consent.shop_id AND later.person_id = consent.person_id"
    after = f"{theirs} AND later.created_at > consent.created_at"
    first = f"SELECT MIN(later.created_at) FROM consent AS later WHERE {after}"  # noqa: S608 - our own
    op.execute(f"UPDATE consent SET withdrawn_at = ({first})")  # noqa: S608 - our own


def _drop_rights() -> None:
    """What had no words before goes: what else people agreed to would read as a choice of how they are shown."""
    op.execute("DELETE FROM consent WHERE about <> 'visibility'")
    op.execute("UPDATE account SET role = 'staff' WHERE role IN ('manager', 'reader')")
    op.drop_column("consent", "withdrawn_at")
    op.drop_column("consent", "said")
    op.drop_column("consent", "about")
    op.drop_column("account", "manages")


def _wall() -> None:
    for column in (
        sa.Column("wall", sa.String(length=8), nullable=True),
        sa.Column("wall_person", sa.String(length=3), nullable=True),
        sa.Column("wall_put_at", sa.BigInteger(), nullable=True),
    ):
        op.add_column("feedback", column)
    shown = sa.text("wall IS NOT NULL")
    columns = ["shop_id", "created_at", "id"]
    op.create_index("ix_feedback_wall", "feedback", columns, sqlite_where=shown, postgresql_where=shown)
    op.create_table(
        "wall_consent",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("feedback_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=True),
        sa.Column("says", sa.String(length=8), nullable=False),
        sa.Column("wording", sa.String(length=20), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_wall_consent_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_wall_consent")),
        sqlite_with_rowid=False,
    )
    for name in ("feedback_id", "order_id", "person_id"):
        op.create_index(op.f(f"ix_wall_consent_shop_id_{name}"), "wall_consent", ["shop_id", name])
    op.create_table(
        "wall_screen",
        sa.Column("shop_id", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_wall_screen_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_wall_screen")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_wall_screen_token_hash"), "wall_screen", ["token_hash"])


def _drop_wall() -> None:
    op.drop_table("wall_screen")
    op.drop_table("wall_consent")
    op.drop_index("ix_feedback_wall", "feedback")
    for name in ("wall_put_at", "wall_person", "wall"):
        op.drop_column("feedback", name)


def _start() -> None:
    op.add_column("shop", sa.Column("starting", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("shop", sa.Column("shape", sa.String(length=12), nullable=True))


def _drop_start() -> None:
    op.drop_column("shop", "shape")
    op.drop_column("shop", "starting")
