"""What the owner's pages read and keep"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    shown = sa.text("photo IS NOT NULL")
    op.create_index("ix_event_photo", "event", ["photo"], sqlite_where=shown, postgresql_where=shown)


def downgrade() -> None:
    op.drop_index("ix_event_photo", "event")
