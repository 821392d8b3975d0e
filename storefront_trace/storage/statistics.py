"""What SQLite's planner knows of the tables. Without it every table has ten rows of a shop, and the shortest way to one
order of a million is to go through all of them."""

from __future__ import annotations

from storefront_trace.storage.database import Connection

LOOKED_AT = 1000  # rows of each index: a fifth of a second for a million orders


async def update_statistics(conn: Connection) -> None:
    """Inside `db.write()`, whose turn it takes for that long. PostgreSQL does it by itself.

    Only numbers are kept: SQLite takes no samples of what stands in an index when it looks at some rows only.
    """
    if conn.dialect.name != "sqlite":
        return
    await conn.exec_driver_sql(f"PRAGMA analysis_limit={LOOKED_AT}")
    await conn.exec_driver_sql("ANALYZE")
    # Connections that are open read the numbers anew when the schema has changed, and only then.
    await conn.exec_driver_sql("CREATE TABLE looked_at (once)")
    await conn.exec_driver_sql("DROP TABLE looked_at")
