"""Run by Alembic, always inside our own process and on the connection that `storage.schema` hands over."""

from __future__ import annotations

from alembic import context

from storefront_trace.storage.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    # SQLite cannot alter most things in place: Alembic then copies the table.
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
