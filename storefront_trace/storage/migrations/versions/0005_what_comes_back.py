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


def upgrade() -> None:
    _papers()
    _mails()


def downgrade() -> None:
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
