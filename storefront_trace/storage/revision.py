"""Which schema the database has, found without Alembic: a start on a current schema need not load it."""

from __future__ import annotations

import re
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError, ProgrammingError

from storefront_trace.storage.database import Database

VERSIONS = Path(__file__).parent / "migrations" / "versions"


async def present(db: Database) -> str | None:
    """None for an empty database."""
    try:
        async with db.read() as conn:
            return (await conn.execute(sa.text("SELECT version_num FROM alembic_version"))).scalar()
    except (OperationalError, ProgrammingError) as error:
        if "alembic_version" in str(error.orig):
            return None
        raise


def newest() -> str:
    """Migrations are numbered: the file with the highest number is the newest."""
    names = (re.match(r"(\d{4})_", path.name) for path in VERSIONS.glob("*.py"))
    return max(name[1] for name in names if name)


async def is_current(db: Database) -> bool:
    return await present(db) == newest()
