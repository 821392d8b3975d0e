"""The kinds of columns that all tables are made of."""

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


def table(name: str, *items: Any) -> sa.Table:
    """Clustered by its primary key on SQLite: an order's events, lines and parcels lie side by side on disk."""
    return sa.Table(name, metadata, *items, sqlite_with_rowid=False)


def id_of(name: str, *, null: bool = True) -> sa.Column[str]:
    return sa.Column(name, ID, nullable=null)


def shop_key() -> sa.Column[str]:
    return sa.Column("shop_id", ID, sa.ForeignKey("shop.id"), primary_key=True)


def instant(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, INSTANT, nullable=null)


def flag(name: str, *, default: bool = False) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.true() if default else sa.false())


def count(name: str, default: int = 0) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, server_default=str(default))
